//! A `dateCompare` transform compares with an operator that is not known.
//!
//! It knows `lt`, `lte`, `gt` and `gte`, in upper or lower case. With any other operator, or a value
//! that is no text, neither of its conditions is chosen.
//!
//! Wrong:
//!
//! ```json
//! {"type": "dateCompare", "attributes": {
//!   "operator": "<", "firstDate": "now", "secondDate": "2026-12-31T00:00:00Z",
//!   "positiveCondition": "active", "negativeCondition": "inactive"
//! }}
//! ```
//!
//! Right:
//!
//! ```json
//! {"type": "dateCompare", "attributes": {
//!   "operator": "lt", "firstDate": "now", "secondDate": "2026-12-31T00:00:00Z",
//!   "positiveCondition": "active", "negativeCondition": "inactive"
//! }}
//! ```
//!
//! What to do: write one of the four.

use super::Transform;
use crate::{
    Code,
    finding::Problem,
    json::{names, tape::Kind},
    nearest::nearest,
    rules::Found,
    wording,
};

pub(super) const OPERATORS: [&str; 4] = ["lt", "lte", "gt", "gte"];

const EXPECTED: &str = "one of lt, lte, gt, gte";

pub(super) fn check<'t>(transform: &Transform<'t>, found: &mut Found<'t>) {
    let Some(operator) = transform.get(names::OPERATOR) else {
        return;
    };
    let Some(text) = operator.text() else {
        // A value that is made by another transform is not known before it is, and a text without a
        // meaning is an error already.
        if matches!(operator.kind(), Kind::Object | Kind::String { .. }) {
            return;
        }
        found.value(operator, Code::UnknownOperator, || {
            let message = format!("{} is no operator", wording::found_node(operator));
            Problem::of(Code::UnknownOperator, message)
                .expected(EXPECTED)
                .help("write one of the operators")
        });
        return;
    };
    if OPERATORS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&text))
    {
        return;
    }
    found.value(operator, Code::UnknownOperator, || unknown(&text));
}

fn unknown(text: &str) -> Problem {
    let message = format!("unknown operator {}", wording::quoted(text));
    let problem = Problem::of(Code::UnknownOperator, message);
    let meant = match text.trim() {
        "<" => Some("lt"),
        "<=" => Some("lte"),
        ">" => Some("gt"),
        ">=" => Some("gte"),
        other => nearest(other, OPERATORS),
    };
    let problem = match meant {
        Some(near) => problem.did_you_mean(near, "write"),
        None => problem.help("write one of the operators"),
    };
    problem.expected(EXPECTED)
}
