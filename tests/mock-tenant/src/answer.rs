//! Answers, and the documented bodies of errors.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use crate::RetryAfter;
use crate::clock::after;

/// The header with the id that an answer can be found by.
pub(crate) const TRACKING_ID: HeaderName = HeaderName::from_static("slpt-request-id");

/// An answer before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
    /// Only so many bytes of the body are sent before the connection breaks.
    cut_after: Option<usize>,
}

impl Answer {
    fn new(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, media_type.to_owned())],
            body: body.into(),
            cut_after: None,
        }
    }

    /// JSON, as a text.
    pub(crate) fn json_text(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status, "application/json", text)
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::json_text(status, body.to_string())
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.into())
    }

    /// The page of a proxy.
    pub(crate) fn html(status: u16) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status} \
             {}</h1></center>\r\n</body>\r\n</html>\r\n",
            reason(status)
        );
        Self::new(status, "text/html", page)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            headers: Vec::new(),
            ..Self::new(status, "", "")
        }
    }

    /// The documented error for this status, with the general reason.
    pub(crate) fn error(status: u16, tracking_id: &str) -> Self {
        let text = match status {
            400 => "The request was syntactically correct but its content is semantically invalid.",
            403 => "The server understood the request but refuses to authorize it.",
            404 => "The server did not find a current representation for the target resource.",
            500 => "An internal fault occurred.",
            _ => reason(status),
        };
        Self::error_because(status, tracking_id, text, &[])
    }

    /// The documented error for this status.
    pub(crate) fn error_because(
        status: u16,
        tracking_id: &str,
        text: &str,
        causes: &[String],
    ) -> Self {
        let message =
            |text: &str| json!({"locale": "en-US", "localeOrigin": "DEFAULT", "text": text});
        let body = match status {
            401 => json!({"error": text}),
            429 => json!({"message": " Rate Limit Exceeded "}),
            _ => json!({
                "detailCode": detail_code(status),
                "trackingId": tracking_id,
                "messages": [message(text)],
                "causes": causes.iter().map(|cause| message(cause)).collect::<Vec<_>>(),
            }),
        };
        Self::json(status, &body)
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn retry_after(self, wait: RetryAfter, now: Timestamp) -> Self {
        let value = match wait {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(seconds) => {
                let then = after(now, std::time::Duration::from_secs(seconds));
                // A date that the format does not have is no date that a client could read.
                DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&then)
                    .unwrap_or_default()
            }
        };
        self.header(RETRY_AFTER, value)
    }

    pub(crate) fn odd_encoding(self) -> Self {
        self.header(CONTENT_ENCODING, "UTF-8")
    }

    pub(crate) fn cut_after(self, bytes: usize) -> Self {
        Self {
            cut_after: Some(bytes),
            ..self
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let body = match self.cut_after {
            Some(after) => cut_off(self.body.slice(..after.min(self.body.len()))),
            None => Body::from(self.body),
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// A body that breaks after these bytes.
fn cut_off(bytes: Bytes) -> Body {
    let pieces = stream::unfold(Some(bytes), |bytes| async move {
        if let Some(bytes) = bytes {
            return Some((Ok(bytes), None));
        }
        // What was sent before has to reach the connection first.
        tokio::task::yield_now().await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
    });
    Body::from_stream(pieces)
}

/// What HTTP calls a status.
fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error")
}

/// The vendor's code for a status.
fn detail_code(status: u16) -> String {
    match status {
        400 => "400.1 Bad Request Content".to_owned(),
        404 => "404 Not found".to_owned(),
        500 => "500.0 Internal Fault".to_owned(),
        _ => format!("{status} {}", reason(status)),
    }
}

/// The answer of a request, or the error as which it ends early.
pub(crate) type Answered = Result<Answer, Answer>;
