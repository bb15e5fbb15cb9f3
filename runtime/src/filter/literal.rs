//! Values in a filter.

use std::fmt::{self, Write as _};

use crate::json::Number;
use crate::wire::{Base64, Date, DateText, DateTimeText, Timestamp, Uuid, UuidText};

/// A value in a filter.
///
/// Texts become strings, numbers and booleans what they are, and times (RFC 3339) are written
/// without quotes, as the syntax has it. Equal are values of one kind with the same text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Literal {
    kind: LiteralKind,
    text: String,
}

/// What a [`Literal`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LiteralKind {
    /// A text, in quotes.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A time of RFC 3339.
    Time,
}

impl Literal {
    /// What it is.
    pub fn kind(&self) -> LiteralKind {
        self.kind
    }

    /// The text, of a string without quotes and escapes.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn string(text: String) -> Self {
        Self {
            kind: LiteralKind::String,
            text,
        }
    }

    /// The value that a word without quotes is.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        let kind = match word {
            "true" | "false" => LiteralKind::Boolean,
            _ if timestamp(word).is_some() => LiteralKind::Time,
            _ if number(word).is_some() => LiteralKind::Number,
            _ => return None,
        };
        Some(Self {
            kind,
            text: word.to_owned(),
        })
    }

    /// The number that it is.
    pub(super) fn number(&self) -> Option<Number> {
        match self.kind {
            LiteralKind::Number => number(&self.text),
            _ => None,
        }
    }
}

fn number(word: &str) -> Option<Number> {
    let starts = word.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let number = starts.then(|| serde_json::from_str::<serde_json::Number>(word));
    number?.ok().map(Number::from)
}

/// The point in time of a text of RFC 3339, offset included.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    // Most texts are none; those that may be have a `T` behind the date.
    let is_likely = bytes.len() >= "2000-01-01T00:00Z".len()
        && bytes[0].is_ascii_digit()
        && matches!(bytes[10], b'T' | b't')
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"TtZz:.+-".contains(byte));
    is_likely.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Literal {
    /// As it stands in a filter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != LiteralKind::String {
            return f.write_str(&self.text);
        }
        f.write_char('"')?;
        for character in self.text.chars() {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        f.write_char('"')
    }
}

impl From<Number> for Literal {
    /// A number that is not finite has no form in a filter, so it becomes a text.
    fn from(value: Number) -> Self {
        let text = value.to_string();
        Self::of_word(&text).unwrap_or_else(|| Self::string(text))
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self {
            kind: LiteralKind::Boolean,
            text: value.to_string(),
        }
    }
}

impl From<Timestamp> for Literal {
    fn from(value: Timestamp) -> Self {
        Self::from(DateTimeText::from(value))
    }
}

impl From<DateTimeText> for Literal {
    /// A text that is no time of RFC 3339 becomes a string.
    fn from(value: DateTimeText) -> Self {
        match timestamp(value.as_str()) {
            Some(_) => Self {
                kind: LiteralKind::Time,
                text: value.into_string(),
            },
            None => Self::string(value.into_string()),
        }
    }
}

impl From<Date> for Literal {
    fn from(value: Date) -> Self {
        Self::from(DateText::from(value))
    }
}

impl From<Uuid> for Literal {
    fn from(value: Uuid) -> Self {
        Self::from(UuidText::from(value))
    }
}

impl From<char> for Literal {
    fn from(value: char) -> Self {
        Self::string(value.to_string())
    }
}

impl From<&Literal> for Literal {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

macro_rules! from_texts {
    ($($text:ty)*) => {$(
        impl From<$text> for Literal {
            fn from(text: $text) -> Self {
                Self::string(text.into())
            }
        }
    )*};
}

macro_rules! from_references {
    ($($text:ty)*) => {$(
        impl From<&$text> for Literal {
            fn from(text: &$text) -> Self {
                Self::from(text.clone())
            }
        }
    )*};
}

macro_rules! from_numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for Literal {
            fn from(number: $number) -> Self {
                Self::from(Number::from(number))
            }
        }
    )*};
}

from_texts!(&str String std::borrow::Cow<'_, str> UuidText DateText Base64);
from_references!(String Number UuidText DateText DateTimeText);
from_numbers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64);
