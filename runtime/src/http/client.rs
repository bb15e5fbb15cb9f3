//! The client that generated clients wrap.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::limit::Limiter;
use super::server::Base;
use super::{
    Authenticate, CheckBody, ClientBuilder, Clock, Document, Observe, Operation, Request,
    RetryPolicy, Security,
};

/// Sends the requests of one API. Cloning it is cheap and shares its connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(super) struct Inner {
    pub(super) document: &'static Document,
    pub(super) http: reqwest::Client,
    /// Where requests go, unless an operation has servers of its own.
    pub(super) base: Base,
    /// Whether the user gave the base: then it holds for every operation.
    pub(super) base_is_given: bool,
    /// Where all servers are, if the user said so: their paths are appended.
    pub(super) origin: Option<Base>,
    pub(super) server_variables: BTreeMap<String, String>,
    /// Sent with every request: the user's headers and the user agent.
    pub(super) headers: HeaderMap,
    pub(super) authenticate: Arc<dyn Authenticate>,
    pub(super) retry: Arc<dyn RetryPolicy>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limiter: Option<Limiter>,
    pub(super) observers: Vec<Arc<dyn Observe>>,
    pub(super) check: Option<Arc<dyn CheckBody>>,
    /// Longest time of a call.
    pub(super) timeout: Option<Duration>,
    /// Longest time of an attempt.
    pub(super) attempt_timeout: Option<Duration>,
    /// Longest body that is read, in bytes, if the user says so.
    pub(super) max_response_bytes: Option<u64>,
}

impl Client {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Starts the configuration of a client.
    pub fn builder(document: &'static Document) -> ClientBuilder {
        ClientBuilder::new(document)
    }

    /// Starts a request.
    pub fn request(&self, operation: &'static Operation) -> Request {
        Request::new(self.clone(), operation)
    }

    /// Where an operation's requests go.
    pub(super) fn base_of(&self, operation: &Operation) -> Result<Base, String> {
        match operation.servers.first() {
            Some(server) if !self.0.base_is_given => match &self.0.origin {
                Some(origin) => origin.with_path_of(server, &self.0.server_variables),
                None => Base::of_server(server, &self.0.server_variables, Some(&self.0.base)),
            },
            _ => Ok(self.0.base.clone()),
        }
    }

    pub(super) fn security_of(&self, operation: &'static Operation) -> Security {
        Security {
            operation,
            schemes: self.0.document.security_schemes,
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.0.base)
            .finish_non_exhaustive()
    }
}
