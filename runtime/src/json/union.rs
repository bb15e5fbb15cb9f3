//! Helpers for `oneOf` and `anyOf`.
//!
//! A generated union is an enum whose reader asks [`candidates`](super::candidates) which variants
//! the value can be, and takes the first that it can be read as.
//!
//! Reading is more tolerant than validating: bounds, patterns and formats are not checked, so
//! several variants of a `oneOf` may fit a value that is valid against one of them only. Taking the
//! best of them loses nothing (each variant keeps the members that it does not name) and is no
//! verdict on validity.

/// The JSON Schema type of a value. An integer is a number too: match [`JsonType::Integer`] and
/// [`JsonType::Number`] where the schema says `number`.
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
