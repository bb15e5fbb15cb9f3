//! What a program can see of its client: hooks, spans and events.
//!
//! Spans and events are those of the `tracing` crate. They hold the operation, the path template,
//! statuses, times and the server's id of the exchange, and no header, query, body or credential.
//!
//! | span | level | fields |
//! |---|---|---|
//! | `call` | info | `operation`, `http.request.method`, `url.template`, `attempts`, `http.response.status_code`, `tracking_id`, `error` |
//! | `attempt` | debug | `attempt`, `http.response.status_code`, `tracking_id`, `error` |
//!
//! | event | level |
//! |---|---|
//! | a request is sent again | warn |
//! | a token cannot be renewed | warn |
//! | a token was refused or is new, a request waits for the rate limit | debug |

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use tracing::Span;
use tracing::field::{Empty, display};

use super::failure::Failure;
use super::{
    MaybeSend, MaybeSync, Operation, Outcome, RawResponse, TransportErrorKind, error_text,
};

/// Sees every request before it is sent, and what came of it.
///
/// It is called for each attempt of each call, and never for requests for tokens. A call that is
/// dropped, or whose time is over, while it waits for an answer has no second half.
///
/// ```no_run
/// use oas_runtime as rt;
///
/// /// Prints a line for each answer, and tells the server of the trace.
/// struct Log;
///
/// impl rt::Observe for Log {
///     fn before_request(&self, request: &mut rt::OutgoingRequest<'_>) {
///         let id = rt::HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
///         request.headers_mut().insert("traceparent", id);
///     }
///
///     fn after_response(&self, exchange: &rt::Exchange<'_>) {
///         eprintln!("{}, attempt {}: {:?}", exchange.operation, exchange.attempt, exchange.elapsed);
///     }
/// }
///
/// # fn example(builder: rt::ClientBuilder) -> Result<(), rt::BuildError> {
/// let client = builder.observe(Log).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
pub trait Observe: MaybeSend + MaybeSync {
    /// A request is about to be sent.
    fn before_request(&self, request: &mut OutgoingRequest<'_>) {
        let _ = request;
    }

    /// A request was answered, or will not be.
    fn after_response(&self, exchange: &Exchange<'_>) {
        let _ = exchange;
    }
}

/// A request that is about to be sent. Printing it shows the operation only.
pub struct OutgoingRequest<'a> {
    operation: &'static Operation,
    attempt: u32,
    request: &'a mut reqwest::Request,
}

impl<'a> OutgoingRequest<'a> {
    pub(super) fn new(
        operation: &'static Operation,
        attempt: u32,
        request: &'a mut reqwest::Request,
    ) -> Self {
        Self {
            operation,
            attempt,
            request,
        }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// How often the call has been sent with this time: 1 for the first.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The URL. Its query may hold a key.
    pub fn url(&self) -> &str {
        self.request.url().as_str()
    }

    /// The headers, among them the credentials, which print as `Sensitive`.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The headers, to add to.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.request.headers_mut()
    }

    /// The body; empty if there is none.
    pub fn body(&self) -> &[u8] {
        let body = self.request.body().and_then(reqwest::Body::as_bytes);
        body.unwrap_or_default()
    }
}

impl fmt::Debug for OutgoingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("operation", &format_args!("{}", self.operation))
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// A request and what came of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// How often the call has been sent with this time: 1 for the first.
    pub attempt: u32,
    /// How it ended; here with statuses below 400 too.
    pub outcome: Outcome<'a>,
    /// From sending the request to the end of its answer, or to its head if the body is read as it
    /// comes.
    pub elapsed: Duration,
}

impl<'a> Exchange<'a> {
    /// What the server calls this exchange, if a header says so, such as `X-Request-Id`.
    pub fn tracking_id(&self) -> Option<&'a str> {
        match self.outcome {
            Outcome::Status { headers, .. } => error_text::header_id(headers).map(|(_, id)| id),
            Outcome::Transport(_) => None,
        }
    }

    pub(super) fn new(
        operation: &'static Operation,
        attempt: u32,
        outcome: Outcome<'a>,
        elapsed: Duration,
    ) -> Self {
        Self {
            operation,
            attempt,
            outcome,
            elapsed,
        }
    }
}

pub(super) fn call_span(operation: &Operation) -> Span {
    tracing::info_span!(
        "call",
        operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        attempts = Empty,
        http.response.status_code = Empty,
        tracking_id = Empty,
        error = Empty,
    )
}

pub(super) fn attempt_span(number: u32) -> Span {
    tracing::debug_span!(
        "attempt",
        attempt = number,
        http.response.status_code = Empty,
        tracking_id = Empty,
        error = Empty,
    )
}

/// Notes an answer in a span.
pub(super) fn record_answer(span: &Span, status: u16, headers: &HeaderMap) {
    if span.is_disabled() {
        return;
    }
    span.record("http.response.status_code", status);
    if let Some((_, id)) = error_text::header_id(headers) {
        span.record("tracking_id", id);
    }
}

/// Notes an answer with its body, which may have an id where the headers have none.
pub(super) fn record_response(span: &Span, response: &RawResponse) {
    if span.is_disabled() {
        return;
    }
    let status = response.status();
    if status < 400 {
        return record_answer(span, status, response.headers());
    }
    span.record("http.response.status_code", status);
    if let Some(id) = error_text::tracking_id(response) {
        span.record("tracking_id", id.as_str());
    }
}

/// Notes a failure in a span: its kind, since its text may hold more.
pub(super) fn record_failure(span: &Span, failure: &Failure) {
    span.record("error", display(kind(failure)));
}

fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::Request(_) => "request",
        Failure::Credentials(_) => "credentials",
        Failure::Transport(error) => transport_kind(error.kind()),
    }
}

fn transport_kind(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::Connect => "connect",
        TransportErrorKind::Certificate => "certificate",
        TransportErrorKind::Proxy => "proxy",
        TransportErrorKind::Redirects => "redirects",
        TransportErrorKind::Timeout => "timeout",
        TransportErrorKind::Broken => "broken",
        TransportErrorKind::TooLarge => "too large",
    }
}

/// Says that a request is sent again, and why.
pub(super) fn note_retry(outcome: Outcome<'_>, delay: Duration) {
    match outcome {
        Outcome::Status { status, .. } => {
            tracing::warn!(status, ?delay, "sent again after a wait");
        }
        Outcome::Transport(error) => {
            let error = transport_kind(error.kind());
            tracing::warn!(error, ?delay, "sent again after a wait");
        }
    }
}
