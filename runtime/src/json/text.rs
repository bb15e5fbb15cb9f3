//! Strings of open enums.

use serde_json::Value;

use super::JsonError;

/// The text of a JSON string; what an open enum matches on.
pub fn read_string(value: Value) -> Result<String, JsonError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(JsonError::expected("a string", &other)),
    }
}

/// A JSON string; what an open enum writes.
pub fn write_str(text: &str) -> Value {
    Value::String(text.to_owned())
}
