//! The client: what is asked, how it is sent, what comes back.
//!
//! | concern | where |
//! |---|---|
//! | what generated code states: operations, servers, security | [`Document`], [`Operation`] |
//! | configuration | [`ClientBuilder`] |
//! | one request: parameters, body | [`Request`], [`Style`], [`Multipart`] |
//! | whether a body is right | [`CheckBody`] |
//! | credentials | [`Authenticate`], [`TokenSource`] |
//! | whether and when to try again | [`Backoff`], [`RetryPolicy`], [`Clock`] |
//! | how many requests in what time | [`RateLimit`] |
//! | what one call does otherwise | [`CallOptions`] |
//! | hooks, spans | [`Observe`] |
//! | page after page, record after record | [`Paging`], [`Pages`], [`ItemStream`], [`BodyItems`] |
//! | what came back | [`Response`], [`Error`] |
//!
//! Only decoding is generic over an operation's types; all that awaits is compiled once.

mod auth;
mod backoff;
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
mod blocking;
mod body;
mod builder;
mod check;
mod client;
mod error;
mod error_text;
mod exchange;
mod failure;
pub mod header;
mod items;
mod limit;
mod multipart;
mod oauth;
mod observe;
mod operation;
mod options;
mod paging;
mod partial;
mod platform;
mod request;
mod response;
mod retry;
mod send;
mod server;
mod splitter;
mod sse;
mod stream;
mod style;

pub use auth::{Authenticate, Credentials, Security, StaticCredentials};
pub use backoff::Backoff;
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub use blocking::{Pieces, Waiting};
pub use body::Encoding;
pub use builder::{BuildError, ClientBuilder};
pub use check::{BodyFinding, CheckBody, OutgoingBody};
pub use client::Client;
pub use error::{ApiError, DecodeError, Error, ErrorBody, ErrorHeaders};
pub use failure::{CredentialsError, RequestError, TransportError, TransportErrorKind};
pub use header::{
    list as header_list, parse as header_value, text as header_text, typed as header_typed,
};
pub use items::{BodyItems, ItemsError};
pub use limit::RateLimit;
pub use multipart::{File, Multipart};
pub use oauth::{AccessToken, ClientAuth, TokenSource};
pub use observe::{Exchange, Observe, OutgoingRequest};
pub use operation::{
    ApiKeyLocation, Document, Method, Operation, SecurityScheme, SecuritySchemeKind, SecurityUse,
    Server, ServerVariable,
};
pub use options::CallOptions;
pub use paging::{ItemStream, Pages, Paging};
pub use partial::PartialFailure;
pub use platform::{BoxFuture, MaybeSend, MaybeSync, http_client_builder};
pub use request::Request;
pub use response::{BodyError, RawResponse, Response};
pub use retry::{Attempt, Clock, NoRetry, Outcome, RetryPolicy, SystemClock};
pub use send::{Sending, Streaming};
#[cfg(feature = "configuration")]
pub(crate) use server::{HAS_USER, has_user};
pub use sse::{Event, EventStream};
pub use stream::ByteStream;
pub use style::Style;

/// The HTTP client underneath, for [`http_client_builder`] and what it is configured with.
pub use reqwest;

pub use bytes::Bytes;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use secrecy::SecretString;
