//! Numbers, lengths and counts that are too small or too large.

use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::{Broken, schemas};
use crate::{Code, finding::Problem, wording};

pub(super) fn out_of_bounds(broken: &Broken<'_>) -> Problem {
    let (code, expected) = match broken.error.kind() {
        Kind::Minimum { limit } => (Code::Minimum, range_or(broken, format!("at least {limit}"))),
        Kind::Maximum { limit } => (Code::Maximum, range_or(broken, format!("at most {limit}"))),
        Kind::ExclusiveMinimum { limit } => (
            Code::Minimum,
            range_or(broken, format!("more than {limit}")),
        ),
        Kind::ExclusiveMaximum { limit } => (
            Code::Maximum,
            range_or(broken, format!("less than {limit}")),
        ),
        _ => {
            let divisor = broken.schema().get("multipleOf").unwrap_or(&Value::Null);
            (Code::MultipleOf, format!("a multiple of {divisor}"))
        }
    };
    let found = wording::found(broken.instance());
    broken
        .problem(code, format!("expected {expected}, found {found}"))
        .expected(expected)
}

/// The range whose one end a number is beyond, where the schema states both; or one `bound`.
fn range_or(broken: &Broken<'_>, bound: String) -> String {
    let schema = broken.schema();
    let has = |inclusive: &str, exclusive: &str| {
        schema
            .get(inclusive)
            .or_else(|| schema.get(exclusive))
            .is_some()
    };
    let is_range = has("minimum", "exclusiveMinimum") && has("maximum", "exclusiveMaximum");
    let Some(range) = schemas::bounds(|keyword| schema.get(keyword)).filter(|_| is_range) else {
        return bound;
    };
    let types = schemas::types_in(broken.root, schema);
    let kind = if types.contains(&"integer") {
        "integer"
    } else {
        "number"
    };
    let kind = wording::type_name(kind);
    format!("{kind} {range}")
}

pub(super) fn wrong_size(broken: &Broken<'_>) -> Problem {
    let instance = broken.instance();
    let (code, limit, bound, noun) = match broken.error.kind() {
        Kind::MinLength { limit } => (Code::MinLength, *limit, "at least", "character"),
        Kind::MaxLength { limit } => (Code::MaxLength, *limit, "at most", "character"),
        Kind::MinItems { limit } => (Code::MinItems, *limit, "at least", "item"),
        Kind::MaxItems { limit } => (Code::MaxItems, *limit, "at most", "item"),
        Kind::MinProperties { limit } => (Code::MinProperties, *limit, "at least", "property"),
        Kind::MaxProperties { limit } => (Code::MaxProperties, *limit, "at most", "property"),
        _ => (Code::Other, 0, "at least", "item"),
    };
    let found = match instance {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    };
    let expected = format!("{bound} {}", wording::count(limit, noun));
    let message = format!("expected {expected}, found {found}");
    let message = match instance {
        Value::String(text) if !text.is_empty() => {
            format!("{message}: {}", wording::quoted(text))
        }
        _ => message,
    };
    let problem = broken.problem(code, message).expected(expected);
    if matches!(instance, Value::String(text) if text.is_empty()) {
        return problem.help("put a value in its place, or remove it if it may be absent");
    }
    problem
}
