//! A transform of a type that is not known.
//!
//! The type says what a transform does. One that the server does not know either makes the import
//! fail or leaves the attribute without a value. Names are compared letter by letter: `Upper` is not
//! `upper`. New types may come without notice, so it is a warning.
//!
//! The known types: accountAttribute, base64Decode, base64Encode, concat, conditional, dateCompare,
//! dateFormat, dateMath, decomposeDiacriticalMarks, displayName, e164phone, firstValid,
//! identityAttribute, indexOf, iso3166, join, lastIndexOf, leftPad, lookup, lower, normalizeNames,
//! randomAlphaNumeric, randomNumeric, reference, replace, replaceAll, rfc5646, rightPad, rule, split,
//! static, substring, trim, upper, usernameGenerator, uuid.
//!
//! Wrong:
//!
//! ```json
//! {"type": "acountAttribute", "attributes": {"attributeName": "mail", "sourceName": "HR"}}
//! ```
//!
//! Right:
//!
//! ```json
//! {"type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "HR"}}
//! ```
//!
//! What to do: write one of the known types as it is spelled above. For a type that is new and right, `--allow
//! transform/unknown-type`.

use super::types;
use crate::{Code, finding::Problem, json::tape::Node, nearest::nearest, rules::Found, wording};

pub(super) fn report<'t>(kind: Node<'t>, text: &str, found: &mut Found<'t>) {
    found.value(kind, Code::UnknownTransformType, || unknown(text));
}

fn unknown(text: &str) -> Problem {
    let message = format!("unknown transform type {}", wording::quoted(text));
    let problem = Problem::of(Code::UnknownTransformType, message);
    let names: Vec<&str> = types::names().collect();
    let problem = match nearest(text, names.iter().copied()) {
        Some(near) => problem.did_you_mean(near, "write"),
        None => problem.help("write one of the known types, exactly as they are spelled"),
    };
    problem.expected(format!("one of {}", names.join(", ")))
}
