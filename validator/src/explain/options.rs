//! Values that are none of those that are allowed.

use serde_json::Value;
use source_text::JsonPointer;

use super::{Broken, schemas};
use crate::{Code, finding::Problem, nearest::nearest, wording};

pub(super) fn not_one_of(broken: &Broken<'_>, options: &[Value]) -> Problem {
    Problem {
        schema: Some(broken.keyword()),
        ..not_an_option(broken.pointer(), broken.instance(), options, None)
    }
}

pub(super) fn not_the_constant(broken: &Broken<'_>, expected: &Value) -> Problem {
    let found = broken.instance();
    let wanted = schemas::one_of(&[expected]);
    let problem = match (found, expected) {
        (Value::String(found), Value::String(expected)) => {
            let message = format!("unknown value {}", wording::quoted(found));
            match nearest(found, [expected.as_str()]) {
                Some(near) => broken
                    .problem(Code::Const, message)
                    .did_you_mean(near, "write"),
                None => broken.problem(Code::Const, message),
            }
        }
        _ => {
            let found = wording::found(found);
            broken.problem(Code::Const, format!("expected {wanted}, found {found}"))
        }
    };
    let help = problem.help.clone();
    problem
        .help(
            help.unwrap_or_else(|| format!("write {}", wording::shortened(&expected.to_string()))),
        )
        .expected(wanted)
}

/// The problem with a value that is none of `options`; `meant` is what was meant by it, if that is
/// known better than by which of them is nearest.
pub(crate) fn not_an_option(
    pointer: JsonPointer,
    instance: &Value,
    options: &[Value],
    meant: Option<&str>,
) -> Problem {
    let options: Vec<&Value> = options.iter().collect();
    let expected = schemas::one_of(&options);
    let Some(text) = instance.as_str() else {
        let found = wording::found(instance);
        let message = format!("{found} is none of the allowed values");
        return Problem::new(Code::Enum, pointer, message)
            .expected(expected)
            .help("write one of the documented values");
    };
    let names: Vec<&str> = options
        .iter()
        .filter_map(|option| option.as_str())
        .collect();
    let (what, help) = about(&pointer, &names);
    let problem = Problem::new(
        Code::Enum,
        pointer,
        format!("{what} {}", wording::quoted(text)),
    );
    match meant.or_else(|| nearest(text, names.iter().copied())) {
        Some(near) => problem.did_you_mean(near, "write"),
        None => problem.help(help),
    }
    .expected(expected)
}

/// What a value is, as far as the place and the options tell, and what to do if nothing is near.
fn about(pointer: &JsonPointer, names: &[&str]) -> (&'static str, &'static str) {
    let tokens: Vec<_> = pointer.tokens().collect();
    let is_type_of = |parent: &str| matches!(tokens.as_slice(), [.., owner, key] if owner == parent && key == "type");
    if names == ["IDENTITY"] && is_type_of("owner") {
        (
            "the owner is not an identity: its type is",
            "only an identity can own a profile: put an identity's type, id and name here",
        )
    } else if names == ["SOURCE"] && is_type_of("authoritativeSource") {
        (
            "the authoritative source is not a source: its type is",
            "a profile's identities come from a source: put its type, id and name here",
        )
    } else if names.contains(&"IDENTITY_PROFILE") {
        ("unknown DTO type", AS_SPELLED)
    } else {
        ("unknown value", AS_SPELLED)
    }
}

const AS_SPELLED: &str = "write one of the documented values, exactly as they are spelled";
