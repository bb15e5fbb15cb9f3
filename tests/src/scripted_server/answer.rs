//! An answer of the scripted server.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;

/// An answer, as it is to go over the wire.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Answer {
    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// A status and a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// A status and a body of any media type.
    pub fn text(status: u16, media_type: &str, body: impl Into<String>) -> Self {
        Self::bytes(status, media_type, body.into().into_bytes())
    }

    /// A status and a body of any media type, which need not be text.
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), media_type.to_owned())],
            body: body.into().into(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Reads an answer from a text of HTTP's form: status line, headers, an empty line, the body.
    ///
    /// Lines end with `\n`; one at the text's end belongs to the file and not to the body. The
    /// error says which line is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status_line = lines.next().unwrap_or_default();
        let status = status_line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.split(' ').next())
            .and_then(|status| status.parse().ok())
            .ok_or_else(|| format!("no status line: {status_line:?}"))?;
        let mut answer = Self::status(status);
        for line in lines {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| format!("no header: {line:?}"))?;
            answer = answer.header(name, value.trim());
        }
        answer.body = body.strip_suffix('\n').unwrap_or(body).to_owned().into();
        Ok(answer)
    }

    /// The answer as the server sends it; a script that HTTP cannot express becomes a 598.
    pub(super) fn into_response(self) -> Response {
        self.try_into_response().unwrap_or_else(|problem| {
            let mut response = Response::new(Body::from(problem));
            *response.status_mut() = StatusCode::from_u16(598).unwrap_or_default();
            response
        })
    }

    fn try_into_response(self) -> Result<Response, String> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status)
            .map_err(|_| format!("{} is no status", self.status))?;
        for (name, value) in self.headers {
            response.headers_mut().append(
                HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| format!("{name:?} is no header name"))?,
                HeaderValue::from_str(&value)
                    .map_err(|_| format!("{value:?} is no header value"))?,
            );
        }
        Ok(response)
    }
}
