//! Configuration of a client.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use secrecy::SecretString;

use super::client::Inner;
use super::limit::Limiter;
use super::oauth::{Context, Tokens};
use super::platform::Transport;
use super::server::Base;
use super::{
    Authenticate, Backoff, CheckBody, Client, ClientAuth, Clock, Document, Observe, RateLimit,
    RetryPolicy, StaticCredentials, SystemClock, TokenSource,
};

/// Configures and builds a client; `C` is the generated type around it.
///
/// Mistakes are reported by [`build`](Self::build), not where they are made.
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder<C = Client> {
    document: &'static Document,
    base_url: Option<String>,
    origin: Option<String>,
    server: usize,
    server_variables: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
    user_agent: Option<String>,
    application: Option<String>,
    credentials: StaticCredentials,
    tokens: Tokens,
    authenticate: Option<Arc<dyn Authenticate>>,
    retry: Arc<dyn RetryPolicy>,
    clock: Arc<dyn Clock>,
    rate_limit: Option<RateLimit>,
    observers: Vec<Arc<dyn Observe>>,
    check: Option<Arc<dyn CheckBody>>,
    timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    max_response_bytes: Option<u64>,
    http: Option<reqwest::Client>,
    pub(super) transport: Transport,
    client: PhantomData<fn() -> C>,
}

/// A client that cannot be built as it was configured.
#[derive(Debug)]
pub struct BuildError {
    message: String,
    source: Option<reqwest::Error>,
}

impl BuildError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    pub(super) fn from_reqwest(source: reqwest::Error) -> Self {
        let message = format!(
            "the HTTP client cannot be set up ({}); if this machine has no CA certificates, \
             install them, or give an `http_client`",
            super::failure::root_cause(&source)
        );
        Self {
            message,
            source: Some(source),
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot build the client: {}", self.message)
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Starts with the document's first server and rate limit, no credentials, and [`Backoff`].
    pub fn new(document: &'static Document) -> Self {
        Self {
            document,
            base_url: None,
            origin: None,
            server: 0,
            server_variables: BTreeMap::new(),
            headers: Vec::new(),
            user_agent: None,
            application: None,
            credentials: StaticCredentials::new(),
            tokens: Tokens::default(),
            authenticate: None,
            retry: Arc::new(Backoff::default()),
            clock: Arc::new(SystemClock),
            rate_limit: document.rate_limit,
            observers: Vec::new(),
            check: None,
            timeout: None,
            attempt_timeout: None,
            max_response_bytes: None,
            http: None,
            transport: Transport::default(),
            client: PhantomData,
        }
    }

    /// The URL to which operations' paths are appended, in place of any server of the document.
    ///
    /// Its path is kept, so it has to hold a version that the document's server URL holds. It has no
    /// user or password before the host: those are [`basic`](Self::basic) credentials.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self.origin = None;
        self
    }

    /// Where the API is served, without the path of the document's server, which is appended: with
    /// a server `https://example.com/v1` and the origin `http://127.0.0.1:8080`, requests go to
    /// `http://127.0.0.1:8080/v1`.
    ///
    /// A path of the origin is kept before the server's, and one that ends with the server's is
    /// not made to end with it twice.
    pub fn origin(mut self, url: impl Into<String>) -> Self {
        self.origin = Some(url.into());
        self.base_url = None;
        self
    }

    /// The document's server with this index, from 0.
    pub fn server(mut self, index: usize) -> Self {
        self.server = index;
        self
    }

    /// The value of a variable in the server's URL.
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.server_variables.insert(name.into(), value.into());
        self
    }

    /// A token for the bearer, OAuth 2.0 and `openIdConnect` schemes.
    ///
    /// Of this, [`client_credentials`](Self::client_credentials) and
    /// [`token_source`](Self::token_source), the last one counts.
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.tokens.forget();
        self.credentials = self.credentials.bearer_token(token);
        self
    }

    /// A client id and secret, to get tokens with as they are needed: the client credentials grant
    /// of OAuth 2.0 (RFC 6749, section 4.4).
    ///
    /// The document's OAuth 2.0 scheme says where ([`token_url`](Self::token_url) says it otherwise).
    /// If that is on the host of one of the document's servers, the token is asked for on the host of
    /// this client's base URL, behind what that has in front of the server's path: with a server
    /// `https://example.com/v1`, a token URL `https://example.com/oauth/token` and the base URL
    /// `http://gateway/api/v1`, at `http://gateway/api/oauth/token`.
    ///
    /// All clones share a token. It is renewed shortly before it expires, while calls go on with the
    /// old one, and when a call is answered with 401, which is then sent again once; however many
    /// calls wait for it, there is one request.
    ///
    /// ```no_run
    /// # use oas_runtime as rt;
    /// # fn example(builder: rt::ClientBuilder) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = builder
    ///     .base_url("https://acme.example.com/v1")
    ///     .client_credentials(std::env::var("CLIENT_ID")?, std::env::var("CLIENT_SECRET")?)
    ///     .build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_credentials(
        mut self,
        id: impl Into<String>,
        secret: impl Into<SecretString>,
    ) -> Self {
        self.credentials.forget_bearer_token();
        self.tokens.set_client(id.into(), secret.into());
        self
    }

    /// The absolute URL at which [`client_credentials`](Self::client_credentials) get tokens, in
    /// place of the document's.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.tokens.grant().set_token_url(url.into());
        self
    }

    /// A scope to ask for with [`client_credentials`](Self::client_credentials); without any, the
    /// server chooses.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.tokens.grant().add_scope(scope.into());
        self
    }

    /// Another form parameter of the request for a token, such as `audience`.
    pub fn token_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<SecretString>,
    ) -> Self {
        let (name, value) = (name.into(), value.into());
        self.tokens.grant().add_parameter(name, value);
        self
    }

    /// How the client secret is shown to the token endpoint; in the form, unless this says
    /// otherwise.
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.tokens.grant().set_auth(auth);
        self
    }

    /// Something that gets tokens: for other grants, a vault, another process. The client keeps and
    /// renews them as it does those of [`client_credentials`](Self::client_credentials).
    pub fn token_source(mut self, source: impl TokenSource + 'static) -> Self {
        self.credentials.forget_bearer_token();
        self.tokens.set_source(source);
        self
    }

    /// A user and password for the basic scheme.
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.credentials = self.credentials.basic(user, password);
        self
    }

    /// The key for the API key scheme of this name.
    pub fn api_key(mut self, scheme: impl Into<String>, key: impl Into<SecretString>) -> Self {
        self.credentials = self.credentials.api_key(scheme, key);
        self
    }

    /// Another source of credentials, in place of tokens, passwords and keys given here.
    pub fn credentials(mut self, authenticate: impl Authenticate + 'static) -> Self {
        self.authenticate = Some(Arc::new(authenticate));
        self
    }

    /// A header for every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The application that calls, such as `my-app/1.2`: it stands before the generated client's
    /// name in the `User-Agent`, which every request has, also with an
    /// [`http_client`](Self::http_client) of your own.
    pub fn application(mut self, product: impl Into<String>) -> Self {
        self.application = Some(product.into());
        self
    }

    /// The whole `User-Agent`, in place of the application's and the generated client's names.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Longest time for a call: waiting for a token or the rate limit, all attempts, and waiting
    /// between them. Where a body is read as it comes, it ends with the head of the answer.
    ///
    /// Without it only connecting (`connect_timeout`, 10 s), silence (`read_timeout`, 120 s) and what
    /// the [`retry`](Self::retry) policy does are limited.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Longest time for one attempt of a call, from sending the request to the end of its answer, or
    /// to its head where the body is read as it comes.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Longest body to read, in bytes, whole or as it comes. Without it a body that is read whole may
    /// have 1 GiB, so that one that does not end takes no more memory than that, and one that is read
    /// as it comes any length. [`CallOptions`](super::CallOptions) changes it for a call.
    ///
    /// A longer body is an error, before any of it is read if the server states its length. Of the
    /// body of an error (a status of 400 or more) at most 8 MiB are read; what came before the limit
    /// is kept.
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.max_response_bytes = Some(limit);
        self
    }

    /// When to send a request again, in place of [`Backoff`] with its defaults;
    /// [`NoRetry`](super::NoRetry): never.
    pub fn retry(mut self, policy: impl RetryPolicy + 'static) -> Self {
        self.retry = Arc::new(policy);
        self
    }

    /// The most requests to send in a period, in place of what the document says. Clones share it;
    /// calls beyond it wait.
    ///
    /// All of them wait too when one is answered with 429 and a `Retry-After`, for that long or a
    /// minute at most. Without a limit only the call that got the answer does.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sends requests as they come, whatever the document says about a rate limit, and whatever other
    /// calls are answered.
    pub fn no_rate_limit(mut self) -> Self {
        self.rate_limit = None;
        self
    }

    /// Something that sees each request before it is sent, and what came of it. There may be
    /// several.
    pub fn observe(mut self, observer: impl Observe + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// What looks at every body before it is sent; [`CallOptions`](super::CallOptions) changes it for
    /// a call.
    pub fn check_body(mut self, check: impl CheckBody + 'static) -> Self {
        self.check = Some(Arc::new(check));
        self
    }

    /// Time, for waiting, and for how long tokens live.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The HTTP client to send with: for proxies, certificates, timeouts and redirects of your own.
    ///
    /// Its own `User-Agent` gives way to this client's: set that with
    /// [`user_agent`](Self::user_agent) or [`application`](Self::application). Redirects that it
    /// follows by another policy than that of
    /// [`http_client_builder`](crate::http_client_builder) do not count for the rate limit.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Builds the client.
    pub fn build(self) -> Result<C, BuildError> {
        let origin = self.given_origin()?;
        let base = self.base(origin.as_ref())?;
        let headers = self.default_headers()?;
        self.check_names()?;
        let http = match self.http {
            Some(http) => {
                self.transport
                    .refuse_beside_own()
                    .map_err(BuildError::new)?;
                http
            }
            None => self.transport.http_client(base.is_https())?,
        };
        let context = Context {
            document: self.document,
            base: &base,
            server_variables: &self.server_variables,
            http: &http,
            headers: &headers,
            retry: &self.retry,
            clock: &self.clock,
        };
        let authenticate = match self.authenticate {
            Some(authenticate) => authenticate,
            None => self
                .tokens
                .authenticate(&self.credentials, &context)
                .map_err(BuildError::new)?
                .unwrap_or_else(|| Arc::new(self.credentials)),
        };
        let client = Client::new(Inner {
            document: self.document,
            http,
            base,
            base_is_given: self.base_url.is_some(),
            origin,
            server_variables: self.server_variables,
            headers,
            authenticate,
            retry: self.retry,
            clock: self.clock,
            limiter: self.rate_limit.map(Limiter::new),
            observers: self.observers,
            check: self.check,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            max_response_bytes: self.max_response_bytes,
        });
        Ok(C::from(client))
    }

    fn given_origin(&self) -> Result<Option<Base>, BuildError> {
        let origin = self.origin.as_ref().map(|url| Base::parse(url));
        origin
            .transpose()
            .map_err(|why| BuildError::new(format!("origin: {why}")))
    }

    fn base(&self, origin: Option<&Base>) -> Result<Base, BuildError> {
        if let Some(url) = &self.base_url {
            return Base::parse(url).map_err(|why| BuildError::new(format!("base_url: {why}")));
        }
        let servers = self.document.servers;
        match (servers.get(self.server), origin) {
            (Some(server), Some(origin)) => origin
                .with_path_of(server, &self.server_variables)
                .map_err(BuildError::new),
            (None, Some(origin)) if servers.is_empty() => Ok(origin.clone()),
            (Some(server), None) => {
                Base::of_server(server, &self.server_variables, None).map_err(BuildError::new)
            }
            (None, None) if servers.is_empty() => Err(BuildError::new(
                "the document names no server; give one with `base_url`",
            )),
            (None, _) => Err(BuildError::new(format!(
                "there is no server {}; the document has {}, counted from 0",
                self.server,
                servers.len()
            ))),
        }
    }

    fn default_headers(&self) -> Result<HeaderMap, BuildError> {
        let mut headers = HeaderMap::new();
        let application = self.application.as_deref().unwrap_or_default();
        let user_agent = match &self.user_agent {
            Some(given) => given.clone(),
            None => format!("{application} {}", self.document.user_agent),
        };
        let user_agent = user_agent.trim();
        if !user_agent.is_empty() {
            let value = HeaderValue::from_str(user_agent).map_err(|_| {
                BuildError::new(format!("the user agent {user_agent:?} is no header value"))
            })?;
            headers.insert(USER_AGENT, value);
        }
        for (name, value) in &self.headers {
            let header = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| BuildError::new(format!("{name:?} is no header name")))?;
            let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
                BuildError::new(format!(
                    "the value of the header `{name}` holds a character that HTTP does not allow"
                ))
            })?;
            value.set_sensitive(true);
            headers.append(header, value);
        }
        Ok(headers)
    }

    /// A key or variable under a name that the document does not have would be ignored in silence.
    fn check_names(&self) -> Result<(), BuildError> {
        let schemes: Vec<&str> = self
            .document
            .security_schemes
            .iter()
            .map(|s| s.name)
            .collect();
        if let Some(name) = self
            .credentials
            .api_key_schemes()
            .find(|name| !schemes.contains(name))
        {
            return Err(BuildError::new(unknown("security scheme", name, &schemes)));
        }
        if self.base_url.is_none() {
            let variables: Vec<&str> = self
                .document
                .servers
                .iter()
                .flat_map(|server| server.variables)
                .map(|variable| variable.name)
                .chain(self.document.operation_variables.iter().copied())
                .collect();
            let given = self.server_variables.keys().map(String::as_str);
            if let Some(name) = given.into_iter().find(|name| !variables.contains(name)) {
                return Err(BuildError::new(unknown(
                    "server variable",
                    name,
                    &variables,
                )));
            }
        }
        Ok(())
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!("there is no {what} `{name}`; the document has none");
    }
    format!(
        "there is no {what} `{name}`; the document has {}",
        known.join(", ")
    )
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("server", &self.server)
            .field("server_variables", &self.server_variables)
            .field("credentials", &self.credentials)
            .field("tokens", &self.tokens)
            .field("rate_limit", &self.rate_limit)
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .finish_non_exhaustive()
    }
}
