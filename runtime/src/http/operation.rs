//! What generated code states about an API, as constants.

use std::fmt;

use super::{Paging, RateLimit};

/// One edition of an API: what all its operations share.
#[derive(Clone, Copy, Debug)]
pub struct Document {
    /// Where the API is served, the preferred one first.
    pub servers: &'static [Server],
    /// The names of variables that only the servers of single operations have.
    pub operation_variables: &'static [&'static str],
    /// The security schemes that operations name.
    pub security_schemes: &'static [SecurityScheme],
    /// The `User-Agent` to send, unless the user of the client gives one.
    pub user_agent: &'static str,
    /// How many requests the API takes, if the document says so.
    pub rate_limit: Option<RateLimit>,
}

/// A server of an API (the Server Object of OpenAPI).
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The URL, with variables in braces: `https://{tenant}.example.com/v1`.
    pub url: &'static str,
    /// What the document says about it.
    pub description: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable in a server's URL.
#[derive(Clone, Copy, Debug)]
pub struct ServerVariable {
    /// Its name, as it stands between the braces.
    pub name: &'static str,
    /// The value, unless the user of the client gives one.
    pub default: &'static str,
    /// The allowed values; empty: any.
    pub values: &'static [&'static str],
}

/// A way to prove who asks (the Security Scheme Object of OpenAPI).
#[derive(Clone, Copy, Debug)]
pub struct SecurityScheme {
    /// The name by which operations call it.
    pub name: &'static str,
    /// What it is.
    pub kind: SecuritySchemeKind,
}

/// The kinds of security scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecuritySchemeKind {
    /// `Authorization: Bearer …` (RFC 6750).
    HttpBearer,
    /// `Authorization: Basic …` (RFC 7617).
    HttpBasic,
    /// A key in a header, the query or a cookie.
    ApiKey {
        /// Where the key goes.
        location: ApiKeyLocation,
        /// The name of the header, parameter or cookie.
        name: &'static str,
    },
    /// OAuth 2.0: an access token, sent as a bearer token.
    OAuth2 {
        /// Where the client credentials flow gets its tokens, if the document has that flow.
        token_url: Option<&'static str>,
    },
    /// `openIdConnect`: a token, sent as a bearer token.
    OpenIdConnect,
    /// A scheme that the client cannot apply by itself: mutual TLS, other HTTP schemes.
    Other,
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
}

/// The use of a security scheme by an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityUse {
    /// The scheme's name.
    pub scheme: &'static str,
    /// The scopes that are needed.
    pub scopes: &'static [&'static str],
}

/// An operation: a method on a path, and what is known about calling it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The document's id for it.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path template, parameters in braces: `/pets/{id}`.
    pub path: &'static str,
    /// Alternatives, each of schemes that must all be satisfied. None: no credentials are sent. An
    /// empty alternative: the operation may be called without any.
    pub security: &'static [&'static [SecurityUse]],
    /// The `Accept` header; empty: none is sent.
    pub accept: &'static str,
    /// Servers for this operation only; empty: the document's.
    pub servers: &'static [Server],
    /// How the operation's result is divided into pages, if it is.
    pub paging: Option<&'static Paging>,
}

impl Operation {
    /// Whether sending a request twice has the effect of sending it once (RFC 9110, section 9.2.2).
    pub const fn is_idempotent(&self) -> bool {
        self.method.is_idempotent()
    }
}

impl fmt::Display for Operation {
    /// Method and path template: `GET /pets/{id}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.path)
    }
}

/// An HTTP method (RFC 9110, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH` (RFC 5789)
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// `TRACE`
    Trace,
    /// Another method, by its name as sent: `QUERY`.
    Other(&'static str),
}

impl Method {
    /// The name as sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
            Self::Other(name) => name,
        }
    }

    /// Whether sending a request twice has the effect of sending it once. Unknown methods: no.
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Post | Self::Patch | Self::Other(_))
    }
}
