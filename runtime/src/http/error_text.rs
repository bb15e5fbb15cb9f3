//! The line of an error body that tells a person most.
//!
//! There is no one format, but a few are common: RFC 9457 problem details, RFC 6749's error
//! response, JSON:API, and the habits of large APIs. The list below is tried in order; it knows
//! members, not APIs.

use serde_json::Value;

use super::RawResponse;

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

/// Members that name an exchange, for asking the server's owner about it.
const CORRELATION_IDS: &[&str] = &[
    "trackingId",
    "requestId",
    "request_id",
    "correlationId",
    "traceId",
    "trace_id",
];

/// What the body of an answer that is not a success says; none if it is empty.
pub(super) fn summary(response: &RawResponse) -> Option<String> {
    let text = response.lossy_text();
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(value) => Some(from_json(&value).unwrap_or_else(|| shorten(text))),
        Err(_) if response.media_type() == Some("text/html") => {
            Some(html_title(text).unwrap_or_else(|| "an HTML page".to_owned()))
        }
        Err(_) => Some(shorten(text)),
    }
}

fn from_json(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        return Some(shorten(text));
    }
    let line = TEXTS.iter().find_map(|pointer| text_at(value, pointer));
    let code = CODES
        .iter()
        .find_map(|pointer| text_at(value, pointer))
        .filter(|code| line.as_ref().is_some_and(|line| line != code));
    let id = CORRELATION_IDS
        .iter()
        .find_map(|name| Some(format!("{name} {}", text_at(value, &format!("/{name}"))?)));
    let said = match (code, line) {
        (Some(code), Some(line)) => Some(format!("{code}: {line}")),
        (_, line) => line,
    };
    match (said, id) {
        (Some(said), Some(id)) => Some(format!("{said} ({id})")),
        (said, id) => said.or(id),
    }
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

/// One line of bounded length.
fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
