//! What a schema can be asked for.

use std::fmt;

/// The JSON that a schema describes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A named schema of `components`.
    Component(String),
    /// A body of an operation.
    Body(Body),
}

/// A body of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Body {
    /// The `operationId`, or method and path: `POST /pets/{id}`; of a webhook method and name.
    pub operation: String,
    /// What is sent, or what comes back.
    pub message: Message,
    /// The media type; if there is none, the JSON one.
    pub media_type: Option<String>,
}

/// A message that has a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// What is sent.
    Request,
    /// What comes back with this status, `404`, or for these, `4XX` and `default`; if there is
    /// none, with the only success.
    Response(Option<String>),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(name) => write!(f, "the schema {name}"),
            Self::Body(body) => body.fmt(f),
        }
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = &self.operation;
        match &self.message {
            Message::Request => write!(f, "the request of {operation}")?,
            Message::Response(None) => write!(f, "the response of {operation}")?,
            Message::Response(Some(status)) => write!(f, "the response {status} of {operation}")?,
        }
        match &self.media_type {
            Some(media_type) => write!(f, " ({media_type})"),
            None => Ok(()),
        }
    }
}
