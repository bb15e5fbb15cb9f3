//! Reading response headers.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::json::{Json, Tape};

/// The text of a header; the first, if it is there several times.
///
/// None if it is not there, or not UTF-8.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    std::str::from_utf8(headers.get(name)?.as_bytes()).ok()
}

/// The value of a header, read as a `T`.
///
/// None if it is not there, or its text is no `T`: use [`text`](fn@text) to see that text.
pub fn parse<T: FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    text(headers, name)?.trim().parse().ok()
}

/// The value of a header, read as a type of the JSON model: a text with a format, an enumeration, a
/// number.
///
/// None if it is not there, or its text is no `T`.
pub fn typed<T: Json>(headers: &HeaderMap, name: &str) -> Option<T> {
    read(text(headers, name)?.trim())
}

/// The items of a header that is a list (OpenAPI's style `simple`; RFC 9110, section 5.6.1): of all
/// its lines, in order, empty items left out.
///
/// None if it is not there, or one of its items is no `T`.
pub fn list<T: Json>(headers: &HeaderMap, name: &str) -> Option<Vec<T>> {
    let mut lines = headers.get_all(name).iter().peekable();
    lines.peek()?;
    let mut items = Vec::new();
    for line in lines {
        let text = std::str::from_utf8(line.as_bytes()).ok()?;
        for item in text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            items.push(read(item)?);
        }
    }
    Some(items)
}

/// A text as what it is: a text if the type takes one, else what it says as JSON.
fn read<T: Json>(text: &str) -> Option<T> {
    T::from_json(Value::from(text))
        .or_else(|error| match Tape::from_text(text) {
            Ok(tape) => T::read(tape.root()),
            Err(_) => Err(error),
        })
        .ok()
}

/// How long a server asks to wait (RFC 9110, section 10.2.3): seconds, or an HTTP date, from `now`.
///
/// A date in the past is no wait at all. None without the header, or if it is neither form.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .ok()?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO))
}
