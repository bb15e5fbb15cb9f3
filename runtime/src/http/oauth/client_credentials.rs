//! The client credentials grant (RFC 6749, section 4.4).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::super::server::{Base, query_pair as form_pair, shown};
use super::super::{
    Attempt, BoxFuture, ByteStream, Clock, Credentials, CredentialsError, Document, Method,
    Operation, Outcome, RawResponse, RetryPolicy, SecuritySchemeKind, TransportError, error_text,
    retry,
};
use super::{AccessToken, TokenSource, answer, token_url};

/// Longest time for one request for a token.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Longest answer that is read, in bytes.
const MAX_ANSWER_BYTES: u64 = 1 << 20;
/// Shortest value of a parameter that is kept out of messages, in bytes.
const LEAST_SECRET_BYTES: usize = 8;

/// A request for a token, to those that decide whether it is sent again.
static OPERATION: Operation = Operation {
    id: "accessToken",
    method: Method::Post,
    path: "(token endpoint)",
    security: &[],
    accept: "application/json",
    servers: &[],
    paging: None,
};

/// How a client shows its secret to the token endpoint (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// As `client_id` and `client_secret` in the form.
    #[default]
    Form,
    /// As user and password of the `Authorization` header.
    Basic,
}

/// What the builder knows about the grant.
#[derive(Clone, Default)]
pub(in super::super) struct Grant {
    client: Option<(String, SecretString)>,
    token_url: Option<String>,
    scopes: Vec<String>,
    auth: ClientAuth,
    parameters: Vec<(String, SecretString)>,
}

/// What a source of tokens takes from the client that it belongs to.
pub(in super::super) struct Context<'a> {
    pub(in super::super) document: &'static Document,
    pub(in super::super) base: &'a Base,
    pub(in super::super) server_variables: &'a BTreeMap<String, String>,
    pub(in super::super) http: &'a reqwest::Client,
    /// The user agent is sent along.
    pub(in super::super) headers: &'a HeaderMap,
    pub(in super::super) retry: &'a Arc<dyn RetryPolicy>,
    pub(in super::super) clock: &'a Arc<dyn Clock>,
}

impl Grant {
    pub(super) fn set_client(&mut self, id: String, secret: SecretString) {
        self.client = Some((id, secret));
    }

    pub(super) fn forget_client(&mut self) {
        self.client = None;
    }

    pub(in super::super) fn set_token_url(&mut self, url: String) {
        self.token_url = Some(url);
    }

    pub(in super::super) fn set_auth(&mut self, auth: ClientAuth) {
        self.auth = auth;
    }

    pub(in super::super) fn add_scope(&mut self, scope: String) {
        self.scopes.push(scope);
    }

    pub(in super::super) fn add_parameter(&mut self, name: String, value: SecretString) {
        self.parameters.push((name, value));
    }

    /// The source of tokens; none if there is no client id. The error says what is missing.
    pub(super) fn source(self, context: &Context<'_>) -> Result<Option<ClientCredentials>, String> {
        let Some((id, secret)) = self.client else {
            return Ok(None);
        };
        if id.is_empty() || secret.expose_secret().is_empty() {
            let what = if id.is_empty() { "id" } else { "secret" };
            return Err(format!("client_credentials: the client {what} is empty"));
        }
        let url = match &self.token_url {
            Some(url) => token_url::absolute(url).map_err(|why| format!("token_url: {why}"))?,
            None => {
                let stated = stated_url(context.document).ok_or(
                    "the document states no token URL for client credentials; give one with \
                     `token_url`",
                )?;
                token_url::of_document(
                    stated,
                    context.document.servers,
                    context.server_variables,
                    context.base,
                )?
            }
        };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if let Some(user_agent) = context.headers.get(USER_AGENT) {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        let mut form = vec![form_pair("grant_type", "client_credentials")];
        match self.auth {
            ClientAuth::Form => {
                form.push(form_pair("client_id", &id));
                form.push(form_pair("client_secret", secret.expose_secret()));
            }
            ClientAuth::Basic => {
                let mut credentials = Credentials::none();
                // Both are escaped as in a form before they are put together.
                let password = form_text(secret.expose_secret());
                credentials
                    .basic(&form_text(&id), &password.into())
                    .map_err(|error| error.to_string())?;
                for (_, value) in credentials.headers() {
                    headers.insert(AUTHORIZATION, value.clone());
                }
            }
        }
        if !self.scopes.is_empty() {
            form.push(form_pair("scope", &self.scopes.join(" ")));
        }
        for (name, value) in &self.parameters {
            form.push(form_pair(name, value.expose_secret()));
        }
        // A shorter value is no secret, and would be found in many a word.
        let is_long = |value: &SecretString| value.expose_secret().len() >= LEAST_SECRET_BYTES;
        let values = self.parameters.into_iter().map(|(_, value)| value);
        let mut secrets: Vec<SecretString> = values.filter(is_long).collect();
        secrets.push(secret);
        Ok(Some(ClientCredentials {
            url,
            headers,
            form: form.join("&").into(),
            secrets,
            http: context.http.clone(),
            retry: Arc::clone(context.retry),
            clock: Arc::clone(context.clock),
        }))
    }
}

/// A name or value as it stands in a form.
fn form_text(text: &str) -> String {
    form_pair("", text).split_off(1)
}

/// The token URL of the first scheme that has one.
fn stated_url(document: &Document) -> Option<&'static str> {
    document
        .security_schemes
        .iter()
        .find_map(|scheme| match scheme.kind {
            SecuritySchemeKind::OAuth2 { token_url } => token_url,
            _ => None,
        })
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("client", &self.client.as_ref().map(|(id, _)| id))
            .field("token_url", &self.token_url.as_deref().map(shown))
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// Asks a token endpoint for tokens.
pub(super) struct ClientCredentials {
    url: Url,
    headers: HeaderMap,
    /// The body, which holds the secret.
    form: SecretString,
    /// To keep them out of what the endpoint says.
    secrets: Vec<SecretString>,
    http: reqwest::Client,
    retry: Arc<dyn RetryPolicy>,
    clock: Arc<dyn Clock>,
}

impl TokenSource for ClientCredentials {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, CredentialsError>> {
        Box::pin(self.ask())
    }
}

impl ClientCredentials {
    /// Asks until there is an answer that the retry policy takes; asking twice does no harm.
    async fn ask(&self) -> Result<AccessToken, CredentialsError> {
        let began = self.clock.now();
        let mut number = 1;
        loop {
            let outcome = self.post().await;
            let what = match &outcome {
                Ok(response) if response.status() >= 400 => Outcome::Status {
                    status: response.status(),
                    headers: response.headers(),
                },
                Ok(response) => return self.read(response),
                Err(error) => Outcome::Transport(error),
            };
            let now = self.clock.now();
            let delay = self.retry.next_delay(&Attempt {
                number,
                operation: &OPERATION,
                is_repeatable: true,
                outcome: what,
                elapsed: retry::elapsed(began, now),
                now,
            });
            match (delay, outcome) {
                (Some(delay), _) => self.clock.sleep(delay).await,
                (None, Ok(response)) => return self.read(&response),
                (None, Err(error)) => return Err(self.unreachable(error)),
            }
            number += 1;
        }
    }

    async fn post(&self) -> Result<RawResponse, TransportError> {
        let mut request = reqwest::Request::new(reqwest::Method::POST, self.url.clone());
        *request.headers_mut() = self.headers.clone();
        *request.body_mut() = Some(self.form.expose_secret().to_owned().into());
        *request.timeout_mut() = Some(TIMEOUT);
        let response = self.http.execute(request).await;
        let mut response =
            response.map_err(|error| TransportError::from_reqwest(&OPERATION, error))?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = ByteStream::new(&OPERATION, response, Some(MAX_ANSWER_BYTES));
        Ok(RawResponse::new(status, headers, body.collect().await?))
    }

    fn read(&self, response: &RawResponse) -> Result<AccessToken, CredentialsError> {
        let hide = |said: String| {
            self.secrets.iter().fold(said, |said, secret| {
                let secret = secret.expose_secret();
                said.replace(secret, "…").replace(&form_text(secret), "…")
            })
        };
        answer::read(response, &self.endpoint(), hide).map_err(|message| {
            let id = error_text::tracking_id(response);
            CredentialsError::new(message).with_tracking_id(id)
        })
    }

    fn unreachable(&self, error: TransportError) -> CredentialsError {
        CredentialsError::new(format!(
            "no token from {}: {}; check the host, which is that of `base_url` unless `token_url` \
             is given, and the network",
            self.endpoint(),
            error.message()
        ))
        .with_source(error)
    }

    /// The token URL without user information and query, which may hold secrets.
    fn endpoint(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port().map(|port| format!(":{port}"));
        format!(
            "{}://{host}{}{}",
            self.url.scheme(),
            port.unwrap_or_default(),
            self.url.path()
        )
    }
}
