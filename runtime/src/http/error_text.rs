//! The line of an error body that tells a person most, and the name of the exchange.
//!
//! There is no one format, but a few are common: RFC 9457 problem details, RFC 6749's error
//! response, JSON:API, and the habits of large APIs. The lists below are tried in order; they know
//! members, not APIs.

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::{RawResponse, header};

/// Longest text shown, in characters.
const SHOWN_CHARACTERS: usize = 300;

/// Places of a text, by JSON Pointer, the most telling first.
const TEXTS: &[&str] = &[
    "/error_description",
    "/error/message",
    "/message",
    "/detail",
    "/causes/0/text",
    "/messages/0/text",
    "/errors/0/detail",
    "/errors/0/message",
    "/errors/0/title",
    "/errors/0",
    "/error",
    "/title",
    "/description",
    "/reason",
    "/detailCode",
    "/code",
];

/// Places of the kind of error, to stand before the text.
const CODES: &[&str] = &["/error", "/error/code", "/title", "/errors/0/title"];

/// Members that name an exchange, for asking the server's owner about it: at the top, or in `error`.
const ID_MEMBERS: &[&str] = &[
    "trackingId",
    "requestId",
    "request_id",
    "correlationId",
    "correlation_id",
    "traceId",
    "trace_id",
];

/// How names of headers that name an exchange end, without what is neither letter nor digit:
/// `X-Request-Id`, `X-Amzn-RequestId`, `SLPT-Request-ID`. The surest first.
const ID_HEADERS: &[&str] = &[
    "trackingid",
    "requestid",
    "correlationid",
    "traceid",
    "cfray",
];

/// What the body of an answer that is not a success says, with the id of the exchange.
pub(super) fn summary(response: &RawResponse) -> Option<String> {
    let said = match (said(response), response.whole()) {
        (Some(said), Err(cut_off)) => Some(format!("{said}; {cut_off}")),
        (None, Err(cut_off)) => Some(cut_off.to_string()),
        (said, Ok(())) => said,
    };
    match (said, named_id(response)) {
        (Some(said), Some((name, id))) => Some(format!("{said} ({name} {id})")),
        (None, Some((name, id))) => Some(format!("{name} {id}")),
        (said, None) => said,
    }
}

/// What the server calls an exchange.
pub(super) fn tracking_id(response: &RawResponse) -> Option<String> {
    named_id(response).map(|(_, id)| id)
}

/// The header that names an exchange, and the name that it gives.
pub(super) fn header_id(headers: &HeaderMap) -> Option<(&str, &str)> {
    ID_HEADERS.iter().find_map(|end| {
        headers.keys().find_map(|name| {
            let letters: String = name
                .as_str()
                .chars()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            let id = header::text(headers, name.as_str())?.trim();
            let is_good = letters.ends_with(end) && !id.is_empty() && id.len() <= SHOWN_CHARACTERS;
            is_good.then_some((name.as_str(), id))
        })
    })
}

/// What names an exchange and how: in the body, or else in a header.
pub(super) fn named_id(response: &RawResponse) -> Option<(String, String)> {
    let text = response.lossy_text();
    let in_body = match serde_json::from_str::<Value>(&text) {
        Ok(value) => ["", "/error"].iter().find_map(|place| {
            ID_MEMBERS.iter().find_map(|name| {
                let id = text_at(&value, &format!("{place}/{name}"))?;
                Some(((*name).to_owned(), id))
            })
        }),
        Err(_) => ID_MEMBERS
            .iter()
            .find_map(|name| Some(((*name).to_owned(), member_of_broken_json(&text, name)?))),
    };
    in_body.or_else(|| {
        let (name, id) = header_id(response.headers())?;
        Some((name.to_owned(), id.to_owned()))
    })
}

/// The text of a member in what may be JSON that was cut off.
fn member_of_broken_json(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("\"{name}\""))?;
    let quoted = after.trim_start().strip_prefix(':')?.trim_start();
    let mut values = serde_json::Deserializer::from_str(quoted).into_iter::<String>();
    let value = values.next()?.ok()?;
    Some(shorten(&value)).filter(|value| !value.is_empty())
}

fn said(response: &RawResponse) -> Option<String> {
    if let Some(encoding) = unreadable_encoding(response) {
        let length = response.bytes().len();
        return Some(format!("{length} bytes of Content-Encoding {encoding}"));
    }
    let text = response.lossy_text();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => match from_json(&value) {
            Some(said) => Some(said),
            // The id is told apart.
            None if named_id(response).is_some() => None,
            None => Some(shorten(text)),
        },
        Err(_) if response.media_type() == Some("text/html") => {
            Some(html_title(text).unwrap_or_else(|| "an HTML page".to_owned()))
        }
        Err(_) => Some(shorten(text)),
    }
}

/// The encoding of a body that is no text because of it.
fn unreadable_encoding(response: &RawResponse) -> Option<&str> {
    let is_text = std::str::from_utf8(response.bytes()).is_ok();
    response.encoding().filter(|_| !is_text)
}

/// Whether there is nothing in the body but what names the exchange.
fn is_id_alone(value: &Value) -> bool {
    let mut members = value.as_object().into_iter().flatten().peekable();
    members.peek().is_some()
        && members.all(|(name, value)| ID_MEMBERS.contains(&name.as_str()) || is_id_alone(value))
}

/// What a body that is not as documented says, if it is an error by its looks: it names the exchange.
pub(super) fn said_by_success(response: &RawResponse) -> Option<String> {
    let value: Value = serde_json::from_str(&response.lossy_text()).ok()?;
    let is_error = ["", "/error"].iter().any(|place| {
        let names = |name: &&&str| text_at(&value, &format!("{place}/{name}")).is_some();
        ID_MEMBERS.iter().find(names).is_some()
    });
    from_json(&value).filter(|_| is_error)
}

fn from_json(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return Some(shorten(text));
    }
    let structured = |pointer: &&str| {
        let found = value.pointer(pointer)?;
        let is_filled = match found {
            Value::Object(members) => !members.is_empty() && !is_id_alone(found),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        is_filled.then(|| shorten(&found.to_string()))
    };
    let mut texts = TEXTS.iter();
    let line = texts.find_map(|pointer| text_at(value, pointer));
    let line = line.or_else(|| TEXTS.iter().find_map(structured))?;
    let code = CODES
        .iter()
        .find_map(|pointer| text_at(value, pointer))
        .filter(|code| *code != line);
    Some(match code {
        Some(code) => format!("{code}: {line}"),
        None => line,
    })
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    match value.pointer(pointer)? {
        Value::String(text) if !text.trim().is_empty() => Some(shorten(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn html_title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find("</title>")?;
    Some(shorten(text.get(start..end)?)).filter(|title| !title.is_empty())
}

/// How credentials begin that a server may repeat.
const SCHEMES: [&str; 2] = ["bearer", "basic"];
/// Credentials are no shorter than this, other words may be.
const SHORTEST_SECRET: usize = 8;

/// One line of bounded length, without the credentials that it may repeat.
fn shorten(text: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let before = words
            .last()
            .map(|word| word.trim_matches(|c: char| !c.is_alphabetic()));
        let is_secret = before.is_some_and(|before| {
            let is_scheme = SCHEMES.iter().any(|name| before.eq_ignore_ascii_case(name));
            let is_long =
                word.len() >= SHORTEST_SECRET && word.contains(|c: char| !c.is_lowercase());
            is_scheme && is_long
        });
        words.push(if is_secret { "…" } else { word });
    }
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
