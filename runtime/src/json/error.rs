//! Why a JSON value is not of the expected type, and where in the document.

use std::fmt;

use super::{JsonType, ValueRef};

/// A value that does not fit its type: a JSON Pointer (RFC 6901) and what was expected there.
///
/// The pointer grows from the inside out: whoever reads a member adds its name on the way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    pointer: String,
    message: String,
}

/// Longest piece of a found string that an error shows, in characters.
const SHOWN_CHARACTERS: usize = 40;

impl JsonError {
    /// An error at this very value, in the caller's words.
    pub fn custom(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            pointer: String::new(),
            message: message.into(),
        }))
    }

    /// `expected` (with its article: `"a string"`) was wanted, `found` is there.
    pub fn expected(expected: &str, found: ValueRef<'_>) -> Self {
        Self::custom(format!("expected {expected}, found {}", describe(found)))
    }

    /// The object lacks a required property; the error stands at the object.
    pub fn missing(name: &str) -> Self {
        Self::custom(format!("the required property `{name}` is missing"))
    }

    /// The object has a property that its schema does not allow; the error stands at the property.
    pub fn unknown(name: &str) -> Self {
        Self::custom("this property is not allowed here").at_key(name)
    }

    /// The same error, seen from the object that holds the value as `key`.
    #[must_use]
    pub fn at_key(mut self, key: &str) -> Self {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        self.0.pointer.insert_str(0, &escaped);
        self.0.pointer.insert(0, '/');
        self
    }

    /// The same error, seen from the array that holds the value at `index`.
    #[must_use]
    pub fn at_index(mut self, index: usize) -> Self {
        self.0.pointer.insert_str(0, &format!("/{index}"));
        self
    }

    /// Where: a JSON Pointer from the document's root, empty for the root itself.
    pub fn pointer(&self) -> &str {
        &self.0.pointer
    }

    /// What is wrong there: `expected …, found …`.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.0.pointer.is_empty() {
            "the top level"
        } else {
            &self.0.pointer
        };
        write!(f, "at {place}: {}", self.0.message)
    }
}

impl std::error::Error for JsonError {}

fn describe(value: ValueRef<'_>) -> String {
    match value.json_type() {
        JsonType::Null => "null".to_owned(),
        JsonType::Boolean => format!("the boolean {value}"),
        JsonType::Integer | JsonType::Number => format!("the number {value}"),
        JsonType::String => {
            let text = value.as_str().unwrap_or_default();
            let shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
            let more = if shown.len() < text.len() { "…" } else { "" };
            format!("the string {shown:?}{more}")
        }
        JsonType::Array if value.items().len() == 0 => "an empty array".to_owned(),
        JsonType::Array => "an array".to_owned(),
        JsonType::Object if value.members().len() == 0 => "an empty object".to_owned(),
        JsonType::Object => "an object".to_owned(),
    }
}
