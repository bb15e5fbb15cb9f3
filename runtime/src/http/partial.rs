//! Answers that are successes with errors inside.

use std::fmt;

use serde_json::Value;

use crate::json::Json;

/// How many of the errors are shown.
const SHOWN: usize = 3;
/// Longest text shown of one, in characters.
const SHOWN_CHARACTERS: usize = 300;
/// Members that say which error it is, the most telling first.
const CODES: &[&str] = &["key", "code", "detailCode"];
/// Members that say what is wrong, the most telling first.
const TEXTS: &[&str] = &["text", "message", "detail", "description", "title"];

/// A success that holds errors: a part of what was asked for was done.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialFailure<T> {
    value: Box<T>,
    messages: Vec<String>,
}

impl<T> PartialFailure<T> {
    /// The value, if there are no errors in it.
    pub fn check<M: Json>(value: T, errors: impl FnOnce(&T) -> &[M]) -> Result<T, Self> {
        let messages: Vec<String> = errors(&value).iter().map(message).collect();
        if messages.is_empty() {
            return Ok(value);
        }
        Err(Self {
            value: Box::new(value),
            messages,
        })
    }

    /// What the server answered, with all that was done.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What the server answered, with all that was done.
    pub fn into_value(self) -> T {
        *self.value
    }

    /// A line for each error, in the server's order.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }
}

impl<T> fmt::Display for PartialFailure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.messages.len() {
            1 => f.write_str("the server answered with a success that holds an error")?,
            count => write!(
                f,
                "the server answered with a success that holds {count} errors"
            )?,
        }
        for (index, message) in self.messages.iter().take(SHOWN).enumerate() {
            write!(f, "{} {message}", if index == 0 { ":" } else { ";" })?;
        }
        match self.messages.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl<T: fmt::Debug> std::error::Error for PartialFailure<T> {}

/// One error in a line: what kind it is and what it says, or all of it where that is not known.
fn message(error: &impl Json) -> String {
    let error = error.to_json();
    let text_at = |names: &[&str]| {
        let mut texts = names.iter().filter_map(|name| error.get(name)?.as_str());
        texts
            .find(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let said = match (text_at(CODES), text_at(TEXTS)) {
        (Some(code), Some(text)) => format!("{code}: {text}"),
        (code, text) => text.or(code).unwrap_or_else(|| match &error {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }),
    };
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
