//! What goes wrong before there is an answer.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::platform::{self, Obstacle};
use super::{BodyFinding, Operation, RawResponse, error_text};

/// A failure that is no answer of the server; the part of [`Error`](super::Error) that does not
/// depend on the operation's types.
#[derive(Debug)]
pub(super) enum Failure {
    Request(Box<RequestError>),
    Credentials(Box<CredentialsError>),
    Transport(Box<TransportError>),
}

/// How many findings of a body a message shows.
const SHOWN_FINDINGS: usize = 3;

/// A request that cannot be sent as it was built, or that the server's answers show to be in vain.
#[derive(Clone, Debug)]
pub struct RequestError {
    operation: &'static Operation,
    message: String,
    /// Whether that took an answer.
    is_answered: bool,
    findings: Vec<BodyFinding>,
}

impl RequestError {
    pub(super) fn new(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self {
            operation,
            message: message.into(),
            is_answered: false,
            findings: Vec::new(),
        }
    }

    /// What the answer shows.
    pub(super) fn answered(operation: &'static Operation, message: impl Into<String>) -> Self {
        Self {
            is_answered: true,
            ..Self::new(operation, message)
        }
    }

    /// A body that is not to be sent, for these reasons.
    pub(super) fn of_body(operation: &'static Operation, findings: Vec<BodyFinding>) -> Self {
        let mut message = match findings.len() {
            1 => "the body is wrong".to_owned(),
            count => format!("the body is wrong in {count} places"),
        };
        for (index, finding) in findings.iter().take(SHOWN_FINDINGS).enumerate() {
            let before = if index == 0 { ": " } else { "; " };
            message.push_str(before);
            message.push_str(&finding.to_string());
        }
        if findings.len() > SHOWN_FINDINGS {
            message.push_str("; …");
        }
        Self {
            findings,
            ..Self::new(operation, message)
        }
    }

    /// All that a [`CheckBody`](super::CheckBody) found in the body.
    pub fn findings(&self) -> &[BodyFinding] {
        &self.findings
    }

    /// What is wrong with the request.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The operation that was to be called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.is_answered { "" } else { "not sent: " };
        write!(f, "{}: {what}{}", self.operation, self.message)
    }
}

impl StdError for RequestError {}

/// Credentials that an operation needs and the client does not have or cannot get.
#[derive(Clone, Debug)]
pub struct CredentialsError {
    message: String,
    tracking_id: Option<String>,
    /// Shared, since one failure may be told to many calls.
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl CredentialsError {
    /// In the authenticator's words; they must not hold a secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            tracking_id: None,
            source: None,
        }
    }

    /// The same, with what the server that was asked for them calls the exchange.
    #[must_use]
    pub fn with_tracking_id(mut self, id: Option<String>) -> Self {
        self.tracking_id = id;
        self
    }

    /// What the server that was asked for them calls the exchange, if it has answered.
    pub fn tracking_id(&self) -> Option<&str> {
        self.tracking_id.as_deref()
    }

    /// The same, with the error that led to it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// What is missing or wrong.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "credentials: {}", self.message)
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// What kept a request from being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: name resolution, refused, not in time, TLS. The server has not seen the
    /// request.
    Connect,
    /// No connection, because the server's certificate is not trusted. It will not be the next time.
    Certificate,
    /// No connection, because the proxy asks for a user and password, or does not take the given ones
    /// (a 407). It will not take them the next time, and may lock the account.
    Proxy,
    /// The server redirects on and on: to the request itself, or in a circle.
    Redirects,
    /// The time that the client gives a request is over.
    Timeout,
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// The body, or an event of it, is longer than the client accepts.
    TooLarge,
}

/// A request that got no complete answer.
///
/// The message names the server where that is what cannot be reached. Neither it nor the source holds
/// the rest of the URL, whose query may hold a secret.
#[derive(Debug)]
pub struct TransportError {
    operation: &'static Operation,
    kind: TransportErrorKind,
    message: String,
    /// The status of the answer that began.
    status: Option<u16>,
    /// What names the exchange in that answer, and the name.
    id: Option<(String, String)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    fn new(
        operation: &'static Operation,
        kind: TransportErrorKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            operation,
            kind,
            message: message.into(),
            status: None,
            id: None,
            source: None,
        }
    }

    pub(super) fn from_reqwest(operation: &'static Operation, error: reqwest::Error) -> Self {
        // A connection that takes too long is both; the server has not seen the request.
        let (kind, message) = if platform::is_connect(&error) {
            let cause = if error.is_timeout() {
                "no connection in time".to_owned()
            } else {
                root_cause(&error)
            };
            let to = to_server(&error);
            let message = format!("cannot connect{to}: {cause}");
            match platform::obstacle(&error) {
                None => (TransportErrorKind::Connect, message),
                Some(Obstacle::Certificate { advice: None }) => {
                    (TransportErrorKind::Certificate, message)
                }
                Some(Obstacle::Certificate {
                    advice: Some(advice),
                }) => (
                    TransportErrorKind::Certificate,
                    format!("{message}; {advice}"),
                ),
                Some(Obstacle::Proxy) => (
                    TransportErrorKind::Proxy,
                    format!(
                        "cannot connect{to}: the proxy refuses (407 Proxy Authentication \
                         Required); check the user and password in the proxy's URL, which is that \
                         of `proxy`, else of HTTPS_PROXY or ALL_PROXY"
                    ),
                ),
            }
        } else if error.is_timeout() {
            (TransportErrorKind::Timeout, "no answer in time".to_owned())
        } else if error.is_redirect() {
            (
                TransportErrorKind::Redirects,
                "the server redirects too many times, perhaps in a circle; check the base URL and \
                 what the server does with the path"
                    .to_owned(),
            )
        } else {
            (
                TransportErrorKind::Broken,
                format!("the exchange failed: {}", root_cause(&error)),
            )
        };
        Self {
            source: Some(Box::new(error.without_url())),
            ..Self::new(operation, kind, message)
        }
    }

    pub(super) fn too_large(operation: &'static Operation, limit: u64) -> Self {
        Self::new(
            operation,
            TransportErrorKind::TooLarge,
            format!(
                "the body is longer than the {limit} bytes that the client accepts; \
                 `max_response_bytes` sets another limit, `send_items` and `send_stream`, where the \
                 operation has them, read a body as it comes"
            ),
        )
    }

    /// An event of a body is longer than this.
    pub(super) fn long_event(operation: &'static Operation, limit: usize) -> Self {
        Self::new(
            operation,
            TransportErrorKind::TooLarge,
            format!("an event is longer than {limit} bytes; `max_event_bytes` sets another limit"),
        )
    }

    pub(super) fn attempt_timeout(operation: &'static Operation, limit: Duration) -> Self {
        Self::new(
            operation,
            TransportErrorKind::Timeout,
            format!("no complete answer within {limit:?}"),
        )
    }

    /// The time of a call is over, after this many attempts.
    pub(super) fn call_timeout(
        operation: &'static Operation,
        limit: Duration,
        attempts: u32,
    ) -> Self {
        let attempts = match attempts {
            0 => "was not sent in that time".to_owned(),
            1 => "was sent once".to_owned(),
            more => format!("was sent {more} times"),
        };
        Self::new(
            operation,
            TransportErrorKind::Timeout,
            format!("no complete answer within {limit:?}, the request {attempts}"),
        )
    }

    /// The same failure in the middle of an answer, of which this came.
    pub(super) fn after(mut self, answer: &RawResponse) -> Self {
        let (status, received) = (answer.status(), answer.bytes().len());
        self.status = Some(status);
        self.id = error_text::named_id(answer);
        if self.kind != TransportErrorKind::TooLarge {
            self.message = format!(
                "the answer with status {status} was cut off after {received} bytes: {}",
                self.message
            );
        }
        self
    }

    /// What happened, without the operation.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The thread that calls without `async` need cannot be started, or is the one that would wait.
    #[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
    pub(super) fn no_background(operation: &'static Operation, error: std::io::Error) -> Self {
        let message = format!("the call cannot be waited for: {error}");
        Self {
            source: Some(Box::new(error)),
            ..Self::new(operation, TransportErrorKind::Connect, message)
        }
    }

    /// The status, if an answer began.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What the server calls the exchange, if an answer began that says so.
    pub fn tracking_id(&self) -> Option<&str> {
        self.id.as_ref().map(|(_, id)| id.as_str())
    }

    /// What kept the request from being answered.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

/// The innermost reason.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn StdError = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if cause.is::<reqwest::Error>() {
        "unknown cause".to_owned()
    } else {
        cause.to_string()
    }
}

/// ` to host:port`; nothing if the URL is not known.
fn to_server(error: &reqwest::Error) -> String {
    let server = error
        .url()
        .and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    server.map_or_else(String::new, |(host, port)| format!(" to {host}:{port}"))
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)?;
        match &self.id {
            Some((name, id)) => write!(f, " ({name} {id})"),
            None => Ok(()),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
