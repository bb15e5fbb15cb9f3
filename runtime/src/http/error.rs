//! How a call fails.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::body::is_json;
use super::failure::Failure;
use super::{
    BodyError, CredentialsError, Operation, RawResponse, RequestError, TransportError,
    TransportErrorKind, error_text, header,
};

/// How a call fails. `E` is the operation's documented errors.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The server answered, and not with a success.
    Api(Box<ApiError<E>>),
    /// The server answered with a success that is not as documented.
    Decode(Box<DecodeError>),
    /// The request cannot be sent as it was built.
    Request(Box<RequestError>),
    /// The credentials for the request cannot be had.
    Credentials(Box<CredentialsError>),
    /// There was no complete answer.
    Transport(Box<TransportError>),
}

impl<E> Error<E> {
    /// The status, if the server answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Api(error) => Some(error.status()),
            Self::Decode(error) => Some(error.response.status()),
            Self::Transport(error) => error.status(),
            _ => None,
        }
    }

    /// The answer that is no success, if there is one.
    pub fn api(&self) -> Option<&ApiError<E>> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The documented error that the server answered with, if there is one.
    pub fn documented(&self) -> Option<&E> {
        self.api()?.documented()
    }

    /// The answer as it came, if there is one.
    pub fn response(&self) -> Option<&RawResponse> {
        match self {
            Self::Api(error) => Some(&error.response),
            Self::Decode(error) => Some(&error.response),
            _ => None,
        }
    }

    /// What the server calls this exchange, to ask its owner about it
    /// ([`ApiError::tracking_id`]); none if it did not answer, or names none.
    pub fn tracking_id(&self) -> Option<String> {
        match self {
            Self::Transport(error) => error.tracking_id().map(str::to_owned),
            Self::Credentials(error) => error.tracking_id().map(str::to_owned),
            _ => error_text::tracking_id(self.response()?),
        }
    }

    /// Whether the time for the request was over.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Transport(error) if error.kind() == TransportErrorKind::Timeout)
    }

    /// Whether there was no connection.
    pub fn is_connect(&self) -> bool {
        use TransportErrorKind::{Certificate, Connect, Proxy};
        matches!(self, Self::Transport(error) if matches!(error.kind(), Certificate | Connect | Proxy))
    }
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Request(error) => Self::Request(error),
            Failure::Credentials(error) => Self::Credentials(error),
            Failure::Transport(error) => Self::Transport(error),
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Request(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            // Their messages say all that is known.
            Self::Api(_) | Self::Decode(_) | Self::Request(_) => None,
            Self::Credentials(error) => error.source(),
            Self::Transport(error) => error.source(),
        }
    }
}

/// Documented errors whose answers have documented headers.
pub trait ErrorHeaders {
    /// Typed access to them.
    type Headers: From<HeaderMap>;
}

impl<E: ErrorHeaders> Error<E> {
    /// The documented headers of the answer that is no success, if there is one.
    pub fn documented_headers(&self) -> Option<E::Headers> {
        self.api().map(ApiError::documented_headers)
    }
}

impl<E: ErrorHeaders> ApiError<E> {
    /// Typed access to the documented headers, whatever the body is.
    pub fn documented_headers(&self) -> E::Headers {
        self.headers().clone().into()
    }
}

/// An answer that is not a success, with all that came.
#[derive(Debug)]
pub struct ApiError<E> {
    operation: &'static Operation,
    response: RawResponse,
    body: ErrorBody<E>,
}

/// The body of an answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorBody<E> {
    /// As documented for its status.
    Decoded(E),
    /// Not as documented, for this reason; [`ApiError::bytes`] has what came.
    Raw(BodyError),
}

impl<E> ApiError<E> {
    pub(super) fn new(
        operation: &'static Operation,
        response: RawResponse,
        body: ErrorBody<E>,
    ) -> Self {
        Self {
            operation,
            response,
            body,
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.response.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body, decoded if it is as documented.
    pub fn body(&self) -> &ErrorBody<E> {
        &self.body
    }

    /// The documented error that the body holds, if it does.
    pub fn documented(&self) -> Option<&E> {
        match &self.body {
            ErrorBody::Decoded(body) => Some(body),
            ErrorBody::Raw(_) => None,
        }
    }

    /// The body, decoded if it is as documented.
    pub fn into_body(self) -> ErrorBody<E> {
        self.body
    }

    /// The body as it came.
    pub fn bytes(&self) -> &Bytes {
        self.response.bytes()
    }

    /// The body as text; bytes that are no text are replaced.
    pub fn text(&self) -> String {
        self.response.lossy_text()
    }

    /// The line of the body that tells most, with the id of the exchange if there is one.
    pub fn summary(&self) -> Option<String> {
        error_text::summary(&self.response)
    }

    /// What the server calls this exchange, to ask its owner about it: a member of the body such as
    /// `trackingId`, or a header such as `X-Request-Id`.
    pub fn tracking_id(&self) -> Option<String> {
        error_text::tracking_id(&self.response)
    }

    /// How long the server asks to wait, by its `Retry-After` header, from now.
    pub fn retry_after(&self) -> Option<Duration> {
        header::retry_after(self.headers(), Timestamp::now())
    }
}

impl<E> fmt::Display for ApiError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_status(f, self.operation, self.status())?;
        match self.summary() {
            Some(summary) => write!(f, ": {summary}"),
            None => Ok(()),
        }
    }
}

impl<E: fmt::Debug> StdError for ApiError<E> {}

/// A success that is not as documented, with all that came.
#[derive(Clone, Debug)]
pub struct DecodeError {
    operation: &'static Operation,
    response: RawResponse,
    reason: BodyError,
}

impl DecodeError {
    pub(super) fn new(
        operation: &'static Operation,
        response: RawResponse,
        reason: BodyError,
    ) -> Self {
        Self {
            operation,
            response,
            reason,
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The answer as it came.
    pub fn response(&self) -> &RawResponse {
        &self.response
    }

    /// What is not as documented.
    pub fn reason(&self) -> &BodyError {
        &self.reason
    }

    /// Where in the JSON, as a JSON Pointer, if it is JSON.
    pub fn pointer(&self) -> Option<&str> {
        self.reason.pointer()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_status(f, self.operation, self.response.status())?;
        write!(f, ": {}", self.reason)?;
        match (&self.reason, self.response.media_type()) {
            (BodyError::Syntax { .. }, Some(media_type)) if !is_json(media_type) => {
                write!(f, "; its media type is {media_type}")?;
            }
            _ => {}
        }
        if let Some(said) = error_text::said_by_success(&self.response) {
            write!(f, "; it says: {said}")?;
        }
        match error_text::named_id(&self.response) {
            Some((name, id)) => write!(f, " ({name} {id})"),
            None => Ok(()),
        }
    }
}

impl StdError for DecodeError {}

/// `GET /pets/{id}: 404 Not Found`.
fn write_status(f: &mut fmt::Formatter<'_>, operation: &Operation, status: u16) -> fmt::Result {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason());
    write!(f, "{operation}: {status}")?;
    reason.map_or(Ok(()), |reason| write!(f, " {reason}"))
}
