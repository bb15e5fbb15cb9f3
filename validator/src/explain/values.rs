//! Values of the wrong type, in the wrong form, or of a form that is ruled out.

use jsonschema::{JsonType, error::TypeKind};
use serde_json::{Map, Value};

use super::{Broken, formats, schemas};
use crate::{
    Code, Direction,
    finding::{At, Problem},
    wording,
};

/// The names of the types that a keyword allows.
pub(super) fn names_of(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(one) => vec![one.as_str()],
        TypeKind::Multiple(many) => many.iter().map(JsonType::as_str).collect(),
    }
}

pub(super) fn wrong_type(broken: &Broken<'_>, types: Vec<&'static str>) -> Problem {
    let instance = broken.instance();
    let mut likely = types.clone();
    if !schemas::takes_string(broken.root, broken.schema(), &instance.to_string()) {
        likely.retain(|name| *name != "string");
    }
    let help = type_help(instance, &likely);
    let suggestion = in_other_type(instance, &likely);
    let expected = wording::types(types);
    let message = format!("expected {expected}, found {}", wording::found(instance));
    let problem = broken.problem(Code::Type, message).expected(expected);
    Problem {
        suggestion,
        help,
        ..problem
    }
}

/// The value as JSON text of a type that is allowed, if it says the same in that.
fn in_other_type(instance: &Value, types: &[&str]) -> Option<String> {
    let wants = |name: &str| types.contains(&name);
    match instance {
        Value::String(text) if wants("boolean") && spelled_boolean(text).is_some() => {
            spelled_boolean(text).map(|value| value.to_string())
        }
        // Longer texts are no numbers that anyone wrote by hand.
        Value::String(text) if text.len() <= 64 => {
            let read: Value = serde_json::from_str(text).ok()?;
            let is_wanted = match &read {
                Value::Number(number) => wants("number") || wants("integer") && !number.is_f64(),
                Value::Null => wants("null"),
                _ => false,
            };
            is_wanted.then(|| text.trim().to_owned())
        }
        Value::Number(_) | Value::Bool(_) if wants("string") => Some(format!("\"{instance}\"")),
        _ => None,
    }
}

/// The truth value that a text says in other words, or in other case, than JSON.
fn spelled_boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// What to do about a value that would be right in another form.
fn type_help(instance: &Value, types: &[&str]) -> Option<String> {
    let wants = |name: &str| types.contains(&name);
    match instance {
        Value::String(text) => in_other_type(instance, types).map(|value| {
            let quotes = if value == text.trim() {
                " without the quotes"
            } else {
                ""
            };
            format!("write {}{quotes}", wording::shortened(&value))
        }),
        Value::Number(_) | Value::Bool(_) if wants("string") => {
            Some(format!("put it into double quotes: \"{instance}\""))
        }
        Value::Null => Some("put a value in its place, or remove it if it may be absent".into()),
        Value::Object(members) if wants("array") && members.is_empty() => {
            Some("write [] for an empty array".into())
        }
        Value::Object(_) if wants("array") => Some("put the object into an array: [ … ]".into()),
        Value::Array(items) if wants("object") && items.len() == 1 => {
            Some("write the array's only item without the brackets".into())
        }
        _ => None,
    }
}

pub(super) fn unmatched(broken: &Broken<'_>, pattern: &str) -> Problem {
    let found = wording::found(broken.instance());
    let pattern = wording::quoted(pattern);
    broken
        .problem(
            Code::Pattern,
            format!("{found} does not match the pattern {pattern}"),
        )
        .expected(format!("a string that matches {pattern}"))
}

pub(super) fn malformed(broken: &Broken<'_>, format: &str) -> Problem {
    let found = wording::found(broken.instance());
    let text = broken.instance().as_str().unwrap_or_default();
    let expected = formats::noun(format).map_or_else(
        || format!("a string in the form {}", wording::quoted(format)),
        ToOwned::to_owned,
    );
    let message = format!("{found} is not in the form {}", wording::quoted(format));
    let suggestion = formats::suggestion(format, text);
    Problem {
        help: formats::help(format, text)
            .map(ToOwned::to_owned)
            .or_else(|| {
                suggestion
                    .as_deref()
                    .map(|text| format!("write {}", wording::quoted(text)))
            }),
        suggestion: suggestion.map(|text| wording::json(&text)),
        ..broken.problem(Code::Format, message).expected(expected)
    }
}

/// A value that fits the schema under `not`.
pub(super) fn excluded(broken: &Broken<'_>, schema: &Value) -> Problem {
    if let Some(direction) = Direction::refused_by(broken.schema()) {
        return misdirected(broken, direction);
    }
    let found = wording::found(broken.instance());
    if *schema == Value::Bool(true) || schema.as_object().is_some_and(Map::is_empty) {
        return nothing_allowed(broken, Code::Not);
    }
    let required = schema.get("required").and_then(Value::as_array);
    let names: Vec<String> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(wording::quoted)
        .collect();
    let is_only_required = schema.as_object().is_some_and(|keywords| {
        keywords
            .keys()
            .all(|keyword| keyword == "required" || keyword == "type")
    });
    if is_only_required && broken.instance().is_object() {
        match names.as_slice() {
            [] => {}
            [one] => {
                return broken
                    .problem(Code::Not, format!("property {one} must not be here"))
                    .expected(format!("an object without {one}"))
                    .help(format!("remove {one}"));
            }
            [many @ .., last] => {
                let all = format!("{} and {last}", many.join(", "));
                return broken
                    .problem(
                        Code::Not,
                        format!("properties {all} must not stand together"),
                    )
                    .expected(format!("an object without one of {all}"))
                    .help("remove one of them");
            }
        }
    }
    let excluded = schemas::describe_within(broken.root, schema, 2);
    let (message, expected) = match excluded {
        Some(excluded) => (
            format!("{found} is not allowed here: it must not be {excluded}"),
            format!("anything but {excluded}"),
        ),
        None => (
            format!("{found} has a form that is ruled out here"),
            "a value that does not fit the schema under \"not\"".to_owned(),
        ),
    };
    broken.problem(Code::Not, message).expected(expected)
}

/// A value where the schema is `false`.
/// A property that goes in the other direction only.
fn misdirected(broken: &Broken<'_>, direction: Direction) -> Problem {
    let name = broken.pointer();
    let name = wording::quoted(&name.last().unwrap_or_default());
    let (code, what, message) = match direction {
        Direction::Request => (Code::ReadOnly, "read-only", "request"),
        Direction::Response => (Code::WriteOnly, "write-only", "response"),
    };
    broken
        .problem(
            code,
            format!("property {name} is {what}: a {message} must not have it"),
        )
        .at(At::Key)
        .expected(format!("an object without {name}"))
        .help("remove it")
}

pub(super) fn forbidden(broken: &Broken<'_>) -> Problem {
    let keyword = broken.keyword();
    let tokens: Vec<_> = keyword.tokens().collect();
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    let pointer = broken.pointer();
    let last = pointer.last().unwrap_or_default();
    match tokens.as_slice() {
        [.., "properties" | "patternProperties", _] => broken
            .problem(
                Code::Forbidden,
                format!("property {} is not allowed here", wording::quoted(&last)),
            )
            .at(At::Key)
            .expected("an object without it")
            .help("remove it"),
        [.., "dependentSchemas" | "dependencies", name] => {
            let asking = wording::quoted(name);
            broken
                .problem_at(
                    Code::Forbidden,
                    pointer.child(name),
                    format!("property {asking} is not allowed here"),
                )
                .at(At::Key)
                .expected("an object without it")
                .help("remove it")
        }
        [.., "propertyNames"] => broken
            .problem(Code::Forbidden, "no property is allowed here")
            .expected("an empty object")
            .help("remove the properties"),
        [.., "items" | "unevaluatedItems"] | [.., "prefixItems", _] => broken
            .problem(Code::Forbidden, "no item is allowed here")
            .expected("an array without it")
            .help("remove it"),
        _ => nothing_allowed(broken, Code::Forbidden),
    }
}

fn nothing_allowed(broken: &Broken<'_>, code: Code) -> Problem {
    let found = wording::found(broken.instance());
    broken
        .problem(code, format!("no value is allowed here, found {found}"))
        .expected("no value")
        .help("remove it")
}
