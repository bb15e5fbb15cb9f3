//! Requests that a server has seen.

use std::fmt;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};

use crate::Operation;

/// A request as it came over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// Path and query as they stand in the request line, still percent-encoded.
    pub target: String,
    /// Names in lower case and values, sorted by name.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

/// A request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What it asked for; nothing for a path that there is not.
    pub operation: Option<Operation>,
    /// The request.
    pub request: RecordedRequest,
    /// The status of its answer; nothing if none was sent, or is sent yet.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// From the parts of a request.
    pub fn new(method: &Method, uri: &Uri, headers: &HeaderMap, body: Bytes) -> Self {
        let text = |value: &axum::http::HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        let mut headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect();
        headers.sort();
        Self {
            method: method.as_str().to_owned(),
            target: uri.to_string(),
            headers,
            body,
        }
    }

    /// The path, still percent-encoded.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }

    /// The query, still percent-encoded, without the question mark.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The value of a query parameter, percent-decoded; the first, if it is there several times.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query()?
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(given, _)| percent_decode(given) == name)
            .map(|(_, value)| percent_decode(value))
    }

    /// The value of a header, by its name in lower case; the first, if it is there several times.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl fmt::Display for RecordedRequest {
    /// Request line, headers but for `host`, whose port differs from run to run, and the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "host") {
            write!(f, "\n{name}: {value}")?;
        }
        if !self.body.is_empty() {
            write!(f, "\n\n{}", self.text())?;
        }
        Ok(())
    }
}

/// Percent-decodes (RFC 3986); what is no triplet stays, and so does a plus sign.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let triplet = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match triplet {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::percent_decode;

    #[test]
    fn percent_decoding_leaves_what_is_no_triplet() {
        assert_eq!(percent_decode("a%20%22%C3%A9%22"), "a \"é\"");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%4"), "%zz%4");
    }
}
