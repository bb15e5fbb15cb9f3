//! What came back.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use crate::json::{Json, JsonError, Tape};

use super::body::is_json;
use super::header;

/// A documented success: status, headers and the decoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response<T, H = HeaderMap> {
    /// The status.
    pub status: u16,
    /// The headers; generated types give typed access to the documented ones.
    pub headers: H,
    /// The body.
    pub body: T,
}

impl<T, H> Response<T, H> {
    /// The body alone.
    pub fn into_body(self) -> T {
        self.body
    }

    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U, H> {
        Response {
            status: self.status,
            headers: self.headers,
            body: change(self.body),
        }
    }
}

/// An answer before it is decoded: status, headers and the whole body.
#[derive(Clone, PartialEq, Eq)]
pub struct RawResponse {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    media_type: Option<String>,
    /// Why the body is not whole.
    cut_off: Option<Box<str>>,
}

impl RawResponse {
    /// An answer of these parts.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let media_type = header::text(&headers, CONTENT_TYPE.as_str())
            .map(|text| {
                text.split(';')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .to_ascii_lowercase()
            })
            .filter(|essence| !essence.is_empty());
        Self {
            status,
            headers,
            body: body.into(),
            media_type,
            cut_off: None,
        }
    }

    /// The same, of whose body there is more that did not come.
    pub(super) fn cut_off(mut self, reason: &str) -> Self {
        self.cut_off = Some(reason.into());
        self
    }

    /// Nothing if all of the body came, else what is known about the rest.
    pub fn whole(&self) -> Result<(), BodyError> {
        match &self.cut_off {
            None => Ok(()),
            Some(reason) => Err(BodyError::CutOff {
                received: self.body.len(),
                reason: reason.to_string(),
            }),
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type of the body in lower case, without parameters: `application/json`.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// Whether the body's media type is the given one or in the given range: `text/*`, `*/*`.
    pub fn is_media_type(&self, range: &str) -> bool {
        let essence = range
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let Some(media_type) = self.media_type() else {
            return essence == "*/*";
        };
        match essence.strip_suffix("/*") {
            Some("*") => true,
            Some(range) => media_type.split('/').next() == Some(range),
            None => media_type == essence,
        }
    }

    /// Whether the body's media type is JSON or built on it: `application/problem+json`.
    pub fn is_json(&self) -> bool {
        self.media_type().is_some_and(is_json)
    }

    /// The body, read as JSON whatever its media type says.
    pub fn json<T: Json>(&self) -> Result<T, BodyError> {
        T::read(self.tape()?.root()).map_err(BodyError::Shape)
    }

    /// What stands in a JSON body at a place, a JSON Pointer.
    pub fn json_at<T: Json>(&self, pointer: &str) -> Result<T, BodyError> {
        let body = self.tape()?;
        let Some(found) = body.root().pointer(pointer) else {
            let problem = JsonError::custom(format!("there is nothing at {pointer}"));
            return Err(BodyError::Shape(problem));
        };
        T::read(found).map_err(|error| {
            let steps = pointer.rsplit('/').filter(|step| !step.is_empty());
            let plain = |step: &str| step.replace("~1", "/").replace("~0", "~");
            BodyError::Shape(steps.fold(error, |error, step| error.at_key(&plain(step))))
        })
    }

    /// The body, read as text: UTF-8, or ISO 8859-1 if the server says so.
    pub fn text(&self) -> Result<String, BodyError> {
        if self.is_latin1() {
            return Ok(self.body.iter().copied().map(char::from).collect());
        }
        self.utf8().map(str::to_owned)
    }

    /// The body as it came.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// No body; one that came nevertheless is ignored.
    pub fn empty(&self) -> Result<(), BodyError> {
        Ok(())
    }

    /// The answer of a decoder that does not know this status.
    pub fn undocumented<T>(&self) -> Result<T, BodyError> {
        Err(BodyError::Undocumented {
            status: self.status,
        })
    }

    /// The body as text for people: wrong UTF-8 is replaced.
    pub(super) fn lossy_text(&self) -> String {
        self.text()
            .unwrap_or_else(|_| String::from_utf8_lossy(&self.body).into_owned())
    }

    pub(super) fn into_headers(self) -> HeaderMap {
        self.headers
    }

    fn tape(&self) -> Result<Tape<'_>, BodyError> {
        let text = self.utf8()?;
        if text.trim().is_empty() {
            return Err(BodyError::Empty);
        }
        Tape::from_text(text).map_err(|error| BodyError::syntax(&error))
    }

    /// The body without a byte order mark.
    fn utf8(&self) -> Result<&str, BodyError> {
        let body = self
            .body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body);
        std::str::from_utf8(body).map_err(|error| match self.encoding() {
            Some(encoding) => BodyError::Encoded {
                encoding: encoding.to_owned(),
            },
            None => BodyError::NotUtf8 {
                offset: error.valid_up_to(),
            },
        })
    }

    /// What the server says that the body is encoded by. Some name what is none, such as `UTF-8`.
    pub(super) fn encoding(&self) -> Option<&str> {
        let encoding = header::text(&self.headers, CONTENT_ENCODING.as_str())?.trim();
        (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
    }

    fn is_latin1(&self) -> bool {
        let content_type = header::text(&self.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        content_type.split(';').skip(1).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("charset")
                && matches!(
                    value.trim().trim_matches('"').to_ascii_lowercase().as_str(),
                    "iso-8859-1" | "latin1" | "iso8859-1"
                )
        })
    }
}

/// What `serde_json` says without the position, which is told apart.
pub(super) fn strip_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("media_type", &self.media_type)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why an answer cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyError {
    /// The document does not say what an answer with this status holds.
    Undocumented {
        /// The status.
        status: u16,
    },
    /// JSON was expected, and there is nothing.
    Empty,
    /// The body is encoded, although no encoding was asked for.
    Encoded {
        /// The `Content-Encoding`: `gzip`.
        encoding: String,
    },
    /// The text is not UTF-8.
    NotUtf8 {
        /// The offset of the first wrong byte.
        offset: usize,
    },
    /// The text is not JSON.
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The JSON is not of the documented shape.
    Shape(JsonError),
    /// The end of the body did not come.
    CutOff {
        /// How many bytes came.
        received: usize,
        /// What happened then.
        reason: String,
    },
}

impl BodyError {
    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        Self::Syntax {
            line: error.line(),
            column: error.column(),
            message: strip_position(error),
        }
    }

    /// Where in the JSON the shape is wrong, as a JSON Pointer.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Shape(error) => Some(error.pointer()),
            _ => None,
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undocumented { status } => write!(f, "status {status} is not documented"),
            Self::Empty => f.write_str("the body is empty, expected JSON"),
            Self::Encoded { encoding } => write!(
                f,
                "the body has the Content-Encoding {encoding}, which was not asked for; an \
                 `http_client` that decodes it can be given to the client"
            ),
            Self::NotUtf8 { offset } => write!(f, "the body is not UTF-8 at byte {offset}"),
            Self::Syntax {
                line,
                column,
                message,
            } => {
                write!(
                    f,
                    "the body is not JSON, line {line} column {column}: {message}"
                )
            }
            Self::Shape(error) => write!(f, "the body is not as documented: {error}"),
            Self::CutOff { received, reason } => {
                write!(f, "the body was cut off after {received} bytes: {reason}")
            }
        }
    }
}

impl std::error::Error for BodyError {}
