//! Request bodies that are not bytes already.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::Value;

use super::style::{Escape, Style, escape, expand, plain_text};

/// How one property of a form goes on the wire (the Encoding Object of OpenAPI).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The property.
    pub name: &'static str,
    /// How an array or object is laid out; none: by the media type, or else by its type.
    pub style: Option<Style>,
    /// The media type of its text; empty: not stated. Only JSON makes a difference.
    pub media_type: &'static str,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}

/// A body and its media type.
#[derive(Clone)]
pub(super) struct Body {
    pub(super) media_type: String,
    pub(super) bytes: Bytes,
}

/// JSON text. A value always has one.
pub(super) fn json_text(value: &Value) -> String {
    value.to_string()
}

/// JSON text of ASCII only, as headers want it.
pub(super) fn ascii_json_text(value: &Value) -> String {
    let mut text = String::new();
    for character in json_text(value).chars() {
        if character.is_ascii() {
            text.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a `String` cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// The text of a value in a media type: JSON text for JSON, the value's own text for others.
pub(super) fn content_text(value: &Value, media_type: &str) -> String {
    if is_json(media_type) {
        json_text(value)
    } else {
        plain_text(value).unwrap_or_default()
    }
}

/// Whether a media type is JSON or builds on it (RFC 6839, `+json`).
pub(super) fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("text/json")
        || essence
            .get(essence.len().saturating_sub(5)..)
            .is_some_and(|suffix| suffix.eq_ignore_ascii_case("+json"))
}

/// An `application/x-www-form-urlencoded` body from an object.
///
/// Without an encoding of their own, scalars are sent as they are, each item of an array as a pair,
/// and objects as JSON text. Nulls are left out, but for those that are JSON text by their media
/// type. The error says what is wrong with the value.
pub(super) fn form(value: &Value, encodings: &[Encoding]) -> Result<String, String> {
    let members = match value {
        Value::Object(members) => members,
        Value::Null => return Ok(String::new()),
        _ => return Err("a form body is made from an object only".to_owned()),
    };
    let mut pairs = Vec::new();
    for (name, member) in members {
        let encoding = encodings.iter().find(|encoding| encoding.name == name);
        let reserved = encoding.is_some_and(|encoding| encoding.allow_reserved);
        let mode = if reserved {
            Escape::AllowReserved
        } else {
            Escape::Strict
        };
        match encoding.and_then(|encoding| encoding.style) {
            Some(style) => pairs.extend(expand(name, member, style, mode, "&")),
            None if member.is_object() || encoding.is_some_and(|one| is_json(one.media_type)) => {
                let text = escape(&json_text(member), mode);
                pairs.push(format!("{}={text}", escape(name, Escape::Strict)));
            }
            None => {
                pairs.extend(expand(
                    name,
                    member,
                    Style::Form { explode: true },
                    mode,
                    "&",
                ));
            }
        }
    }
    // The URL standard's form encoding writes a space as `+`; a literal `+` is escaped above.
    Ok(pairs.join("&").replace("%20", "+"))
}
