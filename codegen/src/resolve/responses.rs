//! Responses: statuses, headers and bodies.

use std::fmt;

use crate::load::Node;

use super::body::MediaType;
use super::expect::{self, Effect};
use super::http;
use super::operation::OperationReader;

/// A response's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// One status code
    Code(u16),
    /// `1XX` to `5XX`
    Range(u8),
    /// Every status that is not stated
    Default,
}

impl Status {
    /// `None` if the text is no status (OpenAPI 3.1, section 4.8.16.2; RFC 9110, section 15).
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("default") {
            return Some(Self::Default);
        }
        let [class @ b'1'..=b'5', rest @ ..] = text.as_bytes() else {
            return None;
        };
        if rest.eq_ignore_ascii_case(b"XX") {
            return Some(Self::Range(class - b'0'));
        }
        let is_code = rest.len() == 2 && rest.iter().all(u8::is_ascii_digit);
        text.parse().ok().filter(|_| is_code).map(Self::Code)
    }

    /// Whether a response of this status is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// Its status.
    pub status: Status,
    /// `description`
    pub description: Option<&'d str>,
    /// Declared headers.
    pub headers: Vec<Header<'d>>,
    /// Media types of the body; empty if there is none.
    pub content: Vec<MediaType<'d>>,
}

/// A declared response header.
#[derive(Clone, Debug)]
pub struct Header<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// The header's name.
    pub name: &'d str,
    /// `description`
    pub description: Option<&'d str>,
    /// The value's schema.
    pub schema: Option<Node<'d>>,
}

impl<'d> OperationReader<'_, 'd> {
    /// The responses of an operation.
    pub(super) fn responses(&mut self, operation: Node<'d>) -> Vec<Response<'d>> {
        let mut responses: Vec<Response<'d>> = Vec::new();
        let effect = Effect::Missing("the responses are missing");
        let stated = expect::members(operation, "responses", effect, self.diagnostics);
        for (key, node) in stated.filter(|(key, _)| !key.starts_with("x-")) {
            let Some(status) = Status::parse(key) else {
                let message =
                    format!("{key:?} is no status: expected 100 to 599, 1XX to 5XX or default");
                let effect = "the response is missing";
                self.diagnostics
                    .error(node, "invalid-status", message, effect);
                continue;
            };
            let Some(node) = self.references.follow(node, self.diagnostics) else {
                continue;
            };
            if responses.iter().any(|have| have.status == status) {
                let message = format!("the status {key:?} stands here a second time");
                let effect = "the first is used";
                self.diagnostics
                    .warning(node, "duplicate-response", message, effect);
                continue;
            }
            let effect = Effect::Imprecise("the response has neither headers nor a body");
            let described = expect::an(node, "a response", effect, self.diagnostics);
            let headers = described.map(|node| self.headers(node));
            let content = described.map(|node| self.content(node));
            if let Some(links) = node.get("links")
                && links.members().len() > 0
            {
                let message = "links between operations are not supported".to_owned();
                let effect = "nothing is generated for them";
                self.diagnostics
                    .note(links, "unsupported-links", message, effect);
            }
            responses.push(Response {
                node,
                status,
                description: expect::description(node, self.diagnostics),
                headers: headers.unwrap_or_default(),
                content: content.unwrap_or_default(),
            });
        }
        responses
    }

    fn headers(&mut self, response: Node<'d>) -> Vec<Header<'d>> {
        let effect = Effect::Missing("the headers are missing");
        let stated = expect::members(response, "headers", effect, self.diagnostics);
        stated
            .filter_map(|(name, node)| self.header(name, node))
            .collect()
    }

    fn header(&mut self, name: &'d str, stated: Node<'d>) -> Option<Header<'d>> {
        let effect = Effect::Missing("the header is missing");
        let node = self.references.follow(stated, self.diagnostics)?;
        let node = expect::an(node, "a header", effect, self.diagnostics)?;
        if !http::is_token(name) {
            let message = format!("{name:?} is no header's name");
            let code = "invalid-header-name";
            expect::report(stated, code, message, effect, self.diagnostics);
            return None;
        }
        if name.eq_ignore_ascii_case("content-type") {
            // OpenAPI 3.1, section 4.8.17.1: such a definition shall be ignored.
            let message = format!("a response cannot define the header {name:?}");
            let effect = "ignored: media types say it";
            self.diagnostics
                .note(stated, "reserved-header", message, effect);
            return None;
        }
        let schema = node.get("schema");
        if let Some(content) = node.get("content")
            && schema.is_none()
        {
            let message = "headers that hold documents are not supported".to_owned();
            let effect = "the header is text";
            self.diagnostics
                .warning(content, "unsupported-header-content", message, effect);
        }
        Some(Header {
            node,
            name,
            description: expect::description(node, self.diagnostics),
            schema,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Status;

    #[test]
    fn statuses_are_codes_ranges_and_default() {
        let cases = [
            ("200", Some(Status::Code(200))),
            ("599", Some(Status::Code(599))),
            ("4XX", Some(Status::Range(4))),
            ("4xx", Some(Status::Range(4))),
            ("default", Some(Status::Default)),
            ("600", None),
            ("099", None),
            ("20", None),
            ("2000", None),
            ("+200", None),
            ("-20", None),
            ("2X", None),
            ("6XX", None),
            ("", None),
            ("2é", None),
        ];
        for (text, status) in cases {
            assert_eq!(Status::parse(text), status, "{text:?}");
        }
    }
}
