//! The texts of strings.

use super::{JsonError, ValueRef};

/// The text of a JSON string; what an open enum matches on.
///
/// # Errors
///
/// If the value is no string.
pub fn read_str(value: ValueRef<'_>) -> Result<&str, JsonError> {
    value
        .as_str()
        .ok_or_else(|| JsonError::expected("a string", value))
}

/// A copy of the text of a JSON string.
///
/// # Errors
///
/// If the value is no string.
pub fn read_string(value: ValueRef<'_>) -> Result<String, JsonError> {
    read_str(value).map(str::to_owned)
}
