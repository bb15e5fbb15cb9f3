//! Reading response headers.

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
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

/// How long a server asks to wait (RFC 9110, section 10.2.3): seconds, or an HTTP date in any of its
/// three forms, from `now`.
///
/// A date in the past is no wait at all; more seconds than a `u64` holds are that many. None without
/// the header, or if it is neither form.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let then = http_date(text, now)?;
    Some(Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO))
}

/// An HTTP date (RFC 9110, section 5.6.7); the day of the week is not looked at.
fn http_date(text: &str, now: Timestamp) -> Option<Timestamp> {
    let preferred = DateTimeParser::new().relaxed_weekday(true);
    if let Ok(time) = preferred.parse_timestamp(text) {
        return Some(time);
    }
    let time = match text.split_once(", ") {
        // RFC 850: `Sunday, 06-Nov-94 08:49:37 GMT`
        Some((_, date)) => {
            let time = DateTime::strptime("%d-%b-%y %H:%M:%S GMT", date).ok()?;
            let year = near_year(time.year(), now.to_zoned(TimeZone::UTC).year());
            time.with().year(year).build().ok()?
        }
        // asctime: `Sun Nov  6 08:49:37 1994`
        None => {
            let (_, date) = text.split_once(' ')?;
            let date: Vec<&str> = date.split_whitespace().collect();
            DateTime::strptime("%b %d %H:%M:%S %Y", date.join(" ")).ok()?
        }
    };
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The year with these last two digits that is at most 50 years from now.
fn near_year(year: i16, now: i16) -> i16 {
    let year = now - now.rem_euclid(100) + year.rem_euclid(100);
    match year - now {
        51.. => year - 100,
        ..=-50 => year + 100,
        _ => year,
    }
}
