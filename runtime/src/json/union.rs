//! Helpers for `oneOf` and `anyOf`.
//!
//! A generated union is an enum whose reader looks at the value first, by what tells its variants
//! apart: the JSON type ([`json_type`]), required members ([`has_keys`]), a member with a fixed
//! value ([`property_is`]). Where that is not enough, [`first_match`] tries the variants.
//!
//! Reading is more tolerant than validating: bounds, patterns and formats are not checked, so
//! several variants of a `oneOf` may fit a value that is valid against one of them only. The first
//! in the document's order is taken then. That choice loses nothing (each variant keeps the members
//! it does not name) and is no verdict on validity.

use serde_json::Value;

use super::{Json, JsonError};

/// The JSON Schema type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number without a fractional part: `1`, and `1.0` too.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// The JSON Schema type of a value. An integer is a number too: match [`JsonType::Integer`] and
/// [`JsonType::Number`] where the schema says `number`.
pub fn json_type(value: &Value) -> JsonType {
    match value {
        Value::Null => JsonType::Null,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(number) if super::number::integer_of(number).is_some() => JsonType::Integer,
        Value::Number(_) => JsonType::Number,
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    }
}

/// Whether the value is an object with all of these members.
pub fn has_keys(value: &Value, names: &[&str]) -> bool {
    value
        .as_object()
        .is_some_and(|members| names.iter().all(|name| members.contains_key(*name)))
}

/// Whether the value is an object whose member `name` is `expected`: a string, a boolean or
/// a number.
///
/// ```
/// # use oas_runtime as rt;
/// let value = serde_json::json!({"kind": "dog", "version": 2});
/// assert!(rt::property_is(&value, "kind", "dog"));
/// assert!(rt::property_is(&value, "version", 2));
/// assert!(!rt::property_is(&value, "kind", "cat"));
/// ```
pub fn property_is<E: Copy>(value: &Value, name: &str, expected: E) -> bool
where
    Value: PartialEq<E>,
{
    value.get(name).is_some_and(|found| *found == expected)
}

/// Reads a copy of the value as a `T`, leaving the value for another try.
pub fn try_variant<T: Json>(value: &Value) -> Result<T, JsonError> {
    T::from_json(value.clone())
}

/// A variant to try: its name, for the error, and how it is read.
pub type Variant<U> = (&'static str, fn(Value) -> Result<U, JsonError>);

/// The first variant, in the document's order, that the value can be read as.
///
/// If none fits, the error says for each variant what is in its way.
pub fn first_match<U>(value: Value, variants: &[Variant<U>]) -> Result<U, JsonError> {
    let mut failures = Vec::new();
    let mut value = Some(value);
    for (position, (name, read)) in variants.iter().enumerate() {
        let last = position + 1 == variants.len();
        let Some(copy) = (if last { value.take() } else { value.clone() }) else {
            break;
        };
        match read(copy) {
            Ok(read) => return Ok(read),
            Err(error) => failures.push((*name, error)),
        }
    }
    Err(no_match(&failures))
}

/// The error of a value that fits no variant, from each variant's error.
///
/// If all but one fail at the top level, the one that got further is what was meant: its error is
/// given alone.
pub fn no_match(failures: &[(&str, JsonError)]) -> JsonError {
    let mut deeper = failures
        .iter()
        .filter(|(_, error)| !error.pointer().is_empty());
    if let (Some((_, error)), None) = (deeper.next(), deeper.next()) {
        return error.clone();
    }
    let reasons: Vec<String> = failures
        .iter()
        .map(|(name, error)| match error.pointer() {
            "" => format!("not {name}: {}", error.message()),
            _ => format!("not {name}: {error}"),
        })
        .collect();
    if reasons.is_empty() {
        return JsonError::custom("no variant of this type can hold a value");
    }
    JsonError::custom(format!("no variant fits; {}", reasons.join("; ")))
}
