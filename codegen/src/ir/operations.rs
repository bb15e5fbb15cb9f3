//! Operations of the generated crate.

use crate::text::Text;

use super::queries::{Paging, QueryFields};
use super::types::{Docs, TypeRef};

pub use crate::resolve::{Location, Status, Style};

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The document's name for it, or one made from method and path.
    pub id: String,
    /// The client's method.
    pub method_name: String,
    /// The request builder.
    pub builder: String,
    /// The enumeration of success bodies, if there are several.
    pub success_name: String,
    /// The enumeration of error bodies.
    pub error_name: String,
    /// The typed headers of a success.
    pub headers_name: String,
    /// The typed headers of an error.
    pub error_headers_name: String,
    /// The HTTP method in upper case.
    pub http_method: String,
    /// The path template.
    pub path: String,
    /// Its documentation.
    pub docs: Docs,
    /// Parameters in document order.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// Success responses.
    pub successes: Vec<ResponseCase>,
    /// Error responses.
    pub errors: Vec<ResponseCase>,
    /// Headers of the success responses.
    pub headers: Vec<HeaderField>,
    /// Headers of the error responses.
    pub error_headers: Vec<HeaderField>,
    /// Alternatives of schemes that must all be satisfied; no alternative: no security.
    pub security: Vec<Vec<SecurityUse>>,
    /// Servers that replace the document's.
    pub servers: Vec<super::Server>,
    /// How the result is divided into pages.
    pub paging: Option<Paging>,
}

impl Operation {
    /// Whether all documented successes have the same body, so that no enumeration is needed.
    pub fn has_one_success(&self) -> bool {
        let body = |case: &ResponseCase| case.payload.as_ref().map(|p| (p.kind, p.ty.clone()));
        self.successes
            .windows(2)
            .all(|pair| body(&pair[0]) == body(&pair[1]))
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The setter's or argument's identifier.
    pub name: String,
    /// The name on the wire.
    pub wire: Text,
    /// Where it goes.
    pub location: Location,
    /// How it becomes text.
    pub style: Style,
    /// Whether arrays and objects become several pairs.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
    /// The media type, for `content` parameters.
    pub media_type: Option<String>,
    /// Whether a request must have it.
    pub required: bool,
    /// The value's type.
    pub ty: TypeRef,
    /// What the text is made of, if it is a filter or a list of sorters.
    pub fields: Option<QueryFields>,
    /// Its documentation.
    pub docs: Docs,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Whether a request must have it.
    pub required: bool,
    /// Its description.
    pub docs: Docs,
    /// The media types to choose from, the preferred one first.
    pub choices: Vec<Body>,
    /// The identifier of the argument or setter.
    pub name: String,
    /// The enumeration of the choices, if a required body has several.
    pub enum_name: String,
    /// The identifier of the setter for the body's media type, where the document leaves it open or
    /// has several names for one form of the body, and the ranges or names that it states.
    pub media_type: Option<(String, Vec<String>)>,
}

/// A body of one media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// The media type that requests name.
    pub media_type: String,
    /// All media types and ranges that have this body, without parameters.
    pub media_types: Vec<String>,
    /// How the value becomes bytes.
    pub kind: BodyKind,
    /// The value's type.
    pub ty: TypeRef,
    /// The identifier of its variant, where there are several.
    pub name: String,
    /// The identifier of its setter, where a request may go without a body.
    pub setter: String,
    /// How the properties of a urlencoded form become text, where the document says so.
    pub encodings: Vec<FormEncoding>,
}

/// How a property of a form becomes text (the Encoding Object).
#[derive(Clone, Debug)]
pub struct FormEncoding {
    /// The property.
    pub name: String,
    /// The style and whether it explodes.
    pub style: Option<(Style, bool)>,
    /// The media type of its text; empty: not stated, or a style is.
    pub media_type: String,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
}

/// How a body becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BodyKind {
    /// JSON text
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// Plain text
    Text,
    /// Bytes as they are
    Bytes,
    /// `text/event-stream`
    Events,
}

/// One documented way in which a response can look.
#[derive(Clone, Debug)]
pub struct ResponseCase {
    /// The status or statuses.
    pub status: Status,
    /// The media type, if the response has a body.
    pub payload: Option<Payload>,
    /// The variant's identifier.
    pub name: String,
    /// Its description.
    pub docs: Text,
}

/// A response body.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The media types that have this body.
    pub media_types: Vec<String>,
    /// How bytes become a value.
    pub kind: BodyKind,
    /// The value's type.
    pub ty: TypeRef,
}

/// A typed response header.
#[derive(Clone, Debug)]
pub struct HeaderField {
    /// The method's identifier.
    pub name: String,
    /// The header's name.
    pub wire: Text,
    /// The value's type.
    pub ty: TypeRef,
    /// Its description.
    pub docs: Text,
}

/// A use of a security scheme.
#[derive(Clone, Debug)]
pub struct SecurityUse {
    /// The scheme's name.
    pub scheme: String,
    /// Scopes that are needed.
    pub scopes: Vec<String>,
}

/// Whether a media type, with or without parameters, is JSON or builds on it (RFC 6839, section
/// 3.1).
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence.ends_with("/json") || essence.ends_with("+json")
}
