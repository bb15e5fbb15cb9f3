//! What is wrong with a body, before it is sent.

use std::fmt;

use super::{MaybeSend, MaybeSync, Operation, Request, RequestError};

/// Looks at the body of a request before anything of the call is sent.
///
/// A client has one with [`ClientBuilder::check_body`](super::ClientBuilder::check_body), a call with
/// [`CallOptions::check_body`](super::CallOptions::check_body).
///
/// ```
/// use oas_runtime as rt;
///
/// /// Lets no body through that is longer than the server takes.
/// struct Short;
///
/// impl rt::CheckBody for Short {
///     fn check(&self, body: &rt::OutgoingBody<'_>) -> Vec<rt::BodyFinding> {
///         let too_long = body.bytes().len() > 1_000_000;
///         let finding = rt::BodyFinding::new("", "the body is longer than 1 MB");
///         too_long.then_some(finding).into_iter().collect()
///     }
/// }
/// ```
pub trait CheckBody: MaybeSend + MaybeSync {
    /// What is wrong with the body. With nothing the request is sent; otherwise the call ends with
    /// [`Error::Request`](super::Error::Request), which holds all of it.
    fn check(&self, body: &OutgoingBody<'_>) -> Vec<BodyFinding>;
}

/// A body that is to be sent. Printing it shows its length only.
#[derive(Clone, Copy)]
pub struct OutgoingBody<'a> {
    operation: &'static Operation,
    media_type: &'a str,
    bytes: &'a [u8],
}

impl<'a> OutgoingBody<'a> {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The media type that is sent with it.
    pub fn media_type(&self) -> &'a str {
        self.media_type
    }

    /// The body.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl fmt::Debug for OutgoingBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingBody")
            .field("operation", &format_args!("{}", self.operation))
            .field("media_type", &self.media_type)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// Something wrong with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyFinding {
    /// Where: a JSON Pointer (RFC 6901), empty for the body as a whole.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
    /// What kind of thing it is, as the one who checks calls it; may be empty.
    pub code: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl BodyFinding {
    /// What is wrong, and where.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            code: String::new(),
            help: None,
        }
    }

    /// With what kind of thing it is.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            ..self
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }
}

impl fmt::Display for BodyFinding {
    /// `at /0/name: a name is missing [schema/required]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.pointer.is_empty() {
            write!(f, "at {}: ", self.pointer)?;
        }
        f.write_str(&self.message)?;
        if !self.code.is_empty() {
            write!(f, " [{}]", self.code)?;
        }
        Ok(())
    }
}

impl Request {
    /// Whether the body may be sent.
    pub(super) fn check_body(&self) -> Result<(), RequestError> {
        let client = self.client.inner();
        let check = self.settings.check.or(client.check.as_ref());
        let (Some(check), Some((media_type, bytes))) = (check, self.body()) else {
            return Ok(());
        };
        let findings = check.check(&OutgoingBody {
            operation: self.operation,
            media_type,
            bytes,
        });
        if findings.is_empty() {
            return Ok(());
        }
        Err(RequestError::of_body(self.operation, findings))
    }
}
