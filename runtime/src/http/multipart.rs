//! `multipart/form-data` bodies (RFC 7578).

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use crate::json::{Json, Writer};

use super::body::{Body, json_text};
use super::style::plain_text;

/// The parts of a `multipart/form-data` body, in order. It is held in memory, so that it can be
/// sent again.
#[derive(Clone, Debug, Default)]
pub struct Multipart {
    parts: Vec<Part>,
}

#[derive(Clone)]
struct Part {
    name: String,
    file_name: Option<String>,
    media_type: String,
    content: Bytes,
}

/// A file to upload.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// The name that the server is told; empty: none.
    pub name: String,
    /// The media type; empty: `application/octet-stream`.
    pub media_type: String,
    /// The content.
    pub content: Bytes,
}

impl File {
    /// A file with this name and content, of media type `application/octet-stream`.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            media_type: String::new(),
            content: content.into(),
        }
    }

    /// The same with another media type.
    #[must_use]
    pub fn with_media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = media_type.into();
        self
    }
}

impl From<Bytes> for File {
    fn from(content: Bytes) -> Self {
        Self::new("", content)
    }
}

impl From<Vec<u8>> for File {
    fn from(content: Vec<u8>) -> Self {
        Self::new("", content)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.content.len())
            .finish()
    }
}

impl Multipart {
    /// No parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value: a scalar as text, an object as JSON, each item of an array as a part of its
    /// own. Null adds nothing.
    pub fn value(&mut self, name: &str, value: &impl Json) {
        self.json_value(name, &value.to_json());
    }

    /// Adds text of a media type; empty: `text/plain` in UTF-8, which needs no header.
    pub fn text(&mut self, name: &str, text: impl Into<String>, media_type: &str) {
        self.push(name, None, media_type, Bytes::from(text.into()));
    }

    /// Adds JSON of a media type.
    pub fn json(&mut self, name: &str, value: &impl Json, media_type: &str) {
        self.push(
            name,
            None,
            media_type,
            Bytes::from(Writer::of(value).root().to_string()),
        );
    }

    /// Adds a file.
    pub fn file(&mut self, name: &str, file: File) {
        let media_type = match file.media_type.as_str() {
            "" => "application/octet-stream",
            given => given,
        };
        let file_name = if file.name.is_empty() {
            name.to_owned()
        } else {
            file.name
        };
        self.push(name, Some(file_name), media_type, file.content);
    }

    fn json_value(&mut self, name: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.json_value(name, item)),
            Value::Object(_) => {
                self.push(
                    name,
                    None,
                    "application/json",
                    Bytes::from(json_text(value)),
                );
            }
            scalar => {
                if let Some(text) = plain_text(scalar) {
                    self.push(name, None, "", Bytes::from(text));
                }
            }
        }
    }

    fn push(&mut self, name: &str, file_name: Option<String>, media_type: &str, content: Bytes) {
        self.parts.push(Part {
            name: name.to_owned(),
            file_name,
            media_type: media_type.to_owned(),
            content,
        });
    }

    /// The body, with a boundary that stands in none of the parts.
    pub(super) fn into_body(self) -> Body {
        let boundary = self.boundary();
        let mut bytes = Vec::new();
        for part in &self.parts {
            bytes.extend_from_slice(part.head(&boundary).as_bytes());
            bytes.extend_from_slice(&part.content);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Body {
            media_type: format!("multipart/form-data; boundary={boundary}"),
            bytes: bytes.into(),
        }
    }

    /// The first of a fixed row of boundaries that no part holds, so that one form has one body.
    fn boundary(&self) -> String {
        let mut number: u64 = 0;
        loop {
            let boundary = format!("----part-boundary-{number}");
            if !self
                .parts
                .iter()
                .any(|part| contains(&part.content, boundary.as_bytes()))
            {
                return boundary;
            }
            number += 1;
        }
    }
}

impl Part {
    /// The boundary before the part, its header fields and the empty line after them.
    fn head(&self, boundary: &str) -> String {
        let name = escape_quoted(&self.name);
        let mut lines = vec![format!("--{boundary}")];
        lines.push(match &self.file_name {
            None => format!("Content-Disposition: form-data; name=\"{name}\""),
            Some(file) => format!(
                "Content-Disposition: form-data; name=\"{name}\"; filename=\"{}\"",
                escape_quoted(file)
            ),
        });
        if !self.media_type.is_empty() {
            let media_type: String = self
                .media_type
                .chars()
                .filter(|character| !character.is_control())
                .collect();
            lines.push(format!("Content-Type: {media_type}"));
        }
        lines.extend([String::new(), String::new()]);
        lines.join("\r\n")
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// A name inside quotes, escaped as browsers do (HTML, multipart/form-data encoding algorithm).
fn escape_quoted(text: &str) -> String {
    text.replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace('"', "%22")
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .field("bytes", &self.content.len())
            .finish()
    }
}
