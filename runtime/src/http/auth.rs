//! Credentials: what an operation needs, who has it, and how it goes into the request.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::{
    ApiKeyLocation, BoxFuture, CredentialsError, MaybeSend, MaybeSync, Operation, SecurityScheme,
    SecuritySchemeKind, SecurityUse,
};

/// Has the credentials that operations need.
///
/// The client asks before each attempt, and tells when a server has refused them with a 401.
pub trait Authenticate: MaybeSend + MaybeSync {
    /// The credentials for a call.
    fn credentials(
        &self,
        security: Security,
    ) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// A call was answered with 401 although it had these credentials.
    ///
    /// `true`: there are new ones, and the call is worth sending again; the client does so once.
    /// Several calls may be refused at the same time: compare `refused` with what is current before
    /// getting new ones.
    fn renew<'a>(
        &'a self,
        security: Security,
        refused: &'a Credentials,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        let _ = (security, refused);
        Box::pin(std::future::ready(Ok(false)))
    }
}

/// What an operation needs.
#[derive(Clone, Copy, Debug)]
pub struct Security {
    /// The operation; its [`security`](Operation::security) lists the alternatives.
    pub operation: &'static Operation,
    /// The schemes that the alternatives name.
    pub schemes: &'static [SecurityScheme],
}

impl Security {
    /// The scheme with this name.
    pub fn scheme(&self, name: &str) -> Option<&'static SecurityScheme> {
        self.schemes.iter().find(|scheme| scheme.name == name)
    }

    /// Whether the operation may be called without credentials.
    pub fn is_optional(&self) -> bool {
        let alternatives = self.operation.security;
        alternatives.is_empty() || alternatives.iter().any(|uses| uses.is_empty())
    }
}

/// Credentials as they go into a request. Printing them shows their names only.
#[derive(Clone, Default)]
pub struct Credentials {
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<(String, SecretString)>,
    cookies: Vec<(String, SecretString)>,
    /// The access token among the headers.
    token: Option<SecretString>,
}

impl Credentials {
    /// No credentials.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a header.
    pub fn header(&mut self, name: &str, value: &SecretString) -> Result<(), CredentialsError> {
        let invalid = |what| {
            CredentialsError::new(format!(
                "the {what} of the header `{name}` holds a character that HTTP does not allow there"
            ))
        };
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("name"))?;
        let mut value = HeaderValue::from_bytes(value.expose_secret().as_bytes())
            .map_err(|_| invalid("value"))?;
        value.set_sensitive(true);
        self.headers.push((header, value));
        Ok(())
    }

    /// Adds `Authorization: Bearer …` (RFC 6750).
    pub fn bearer(&mut self, token: &SecretString) -> Result<(), CredentialsError> {
        let value = format!("Bearer {}", token.expose_secret());
        self.header(AUTHORIZATION.as_str(), &value.into())
    }

    /// The access token that [`StaticCredentials::select_with`] has put in.
    pub(super) fn token(&self) -> Option<&SecretString> {
        self.token.as_ref()
    }

    /// Adds `Authorization: Basic …` (RFC 7617).
    pub fn basic(&mut self, user: &str, password: &SecretString) -> Result<(), CredentialsError> {
        let pair = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
        self.header(AUTHORIZATION.as_str(), &format!("Basic {pair}").into())
    }

    /// Adds a query parameter.
    pub fn query(&mut self, name: &str, value: &SecretString) {
        self.query.push((name.to_owned(), value.clone()));
    }

    /// Adds a cookie.
    ///
    /// # Errors
    ///
    /// If the name or the value holds what a cookie cannot (RFC 6265, section 4.1.1), such as a
    /// semicolon, which would make two of it. A value may stand in double quotes.
    pub fn cookie(&mut self, name: &str, value: &SecretString) -> Result<(), CredentialsError> {
        // A cookie's name is a token, as a header's is.
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(CredentialsError::new(format!(
                "{name:?} is no name of a cookie"
            )));
        }
        let text = value.expose_secret();
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let is_allowed = |byte: u8| byte.is_ascii_graphic() && !br#"",;\"#.contains(&byte);
        if !inner.unwrap_or(text).bytes().all(is_allowed) {
            return Err(CredentialsError::new(format!(
                "the value of the cookie `{name}` holds a character that a cookie cannot: a space, \
                 a double quote, a comma, a semicolon, a backslash, or one that is not ASCII"
            )));
        }
        self.cookies.push((name.to_owned(), value.clone()));
        Ok(())
    }

    /// The headers.
    pub fn headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter().map(|(name, value)| (name, value))
    }

    /// The query parameters.
    pub fn query_parameters(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.query
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The cookies.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.cookies
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field(
                "headers",
                &self.headers().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .field(
                "query",
                &self
                    .query_parameters()
                    .map(|(name, _)| name)
                    .collect::<Vec<_>>(),
            )
            .field(
                "cookies",
                &self.cookies().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .finish()
    }
}

/// Credentials that do not change: a bearer token, a user and password, API keys.
///
/// The first alternative of an operation that these satisfy is used. An operation that states no
/// security gets none, unless the API states no security scheme at all: then the document is silent,
/// and the token or the password is sent with every call.
#[derive(Clone, Default)]
pub struct StaticCredentials {
    bearer: Option<SecretString>,
    basic: Option<(String, SecretString)>,
    api_keys: BTreeMap<String, SecretString>,
}

impl StaticCredentials {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A token for the bearer, OAuth 2.0 and `openIdConnect` schemes, and for an API key that goes
    /// into the `Authorization` header.
    #[must_use]
    pub fn bearer_token(mut self, token: impl Into<SecretString>) -> Self {
        self.bearer = Some(token.into());
        self
    }

    /// A user and password for the basic scheme.
    #[must_use]
    pub fn basic(mut self, user: impl Into<String>, password: impl Into<SecretString>) -> Self {
        self.basic = Some((user.into(), password.into()));
        self
    }

    /// The key for the API key scheme of this name.
    #[must_use]
    pub fn api_key(mut self, scheme: impl Into<String>, key: impl Into<SecretString>) -> Self {
        self.api_keys.insert(scheme.into(), key.into());
        self
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.bearer.is_none() && self.basic.is_none() && self.api_keys.is_empty()
    }

    pub(super) fn forget_bearer_token(&mut self) {
        self.bearer = None;
    }

    pub(super) fn api_key_schemes(&self) -> impl Iterator<Item = &str> {
        self.api_keys.keys().map(String::as_str)
    }

    /// The credentials for a call.
    pub fn select(&self, security: Security) -> Result<Credentials, CredentialsError> {
        self.select_with(self.bearer.as_ref(), security)
    }

    /// The credentials for a call, with this token.
    pub(super) fn select_with(
        &self,
        bearer: Option<&SecretString>,
        security: Security,
    ) -> Result<Credentials, CredentialsError> {
        if security.schemes.is_empty() && security.operation.security.is_empty() {
            return self.select_undeclared(bearer);
        }
        for alternative in security.operation.security {
            if let Some(credentials) = self.satisfy(bearer, alternative, security)? {
                return Ok(credentials);
            }
        }
        if security.is_optional() || (self.is_empty() && bearer.is_none()) {
            return Ok(Credentials::none());
        }
        Err(CredentialsError::new(format!(
            "none of the given ones fits {}, which needs {}",
            security.operation,
            describe(security.operation.security)
        )))
    }

    fn select_undeclared(
        &self,
        bearer: Option<&SecretString>,
    ) -> Result<Credentials, CredentialsError> {
        let mut credentials = Credentials::none();
        if let Some(token) = bearer {
            put_token(&mut credentials, token)?;
        } else if let Some((user, password)) = &self.basic {
            credentials.basic(user, password)?;
        }
        Ok(credentials)
    }

    /// The credentials for schemes that must all be satisfied; `None` if one of them is not.
    fn satisfy(
        &self,
        bearer: Option<&SecretString>,
        uses: &[SecurityUse],
        security: Security,
    ) -> Result<Option<Credentials>, CredentialsError> {
        let mut credentials = Credentials::none();
        if uses.is_empty() {
            return Ok(None);
        }
        for one in uses {
            let Some(scheme) = security.scheme(one.scheme) else {
                return Ok(None);
            };
            if !self.apply(bearer, scheme, &mut credentials)? {
                return Ok(None);
            }
        }
        Ok(Some(credentials))
    }

    fn apply(
        &self,
        bearer: Option<&SecretString>,
        scheme: &SecurityScheme,
        credentials: &mut Credentials,
    ) -> Result<bool, CredentialsError> {
        use SecuritySchemeKind::{ApiKey, HttpBasic, HttpBearer, OAuth2, OpenIdConnect, Other};
        match scheme.kind {
            HttpBearer | OAuth2 { .. } | OpenIdConnect => {
                let Some(token) = bearer else {
                    return Ok(false);
                };
                put_token(credentials, token)?;
            }
            HttpBasic => {
                let Some((user, password)) = &self.basic else {
                    return Ok(false);
                };
                credentials.basic(user, password)?;
            }
            ApiKey { location, name } => {
                let Some(key) = self.api_keys.get(scheme.name) else {
                    let Some(token) = bearer.filter(|_| {
                        location == ApiKeyLocation::Header
                            && name.eq_ignore_ascii_case(AUTHORIZATION.as_str())
                    }) else {
                        return Ok(false);
                    };
                    put_token(credentials, token)?;
                    return Ok(true);
                };
                match location {
                    ApiKeyLocation::Header => credentials.header(name, key)?,
                    ApiKeyLocation::Query => credentials.query(name, key),
                    ApiKeyLocation::Cookie => credentials.cookie(name, key)?,
                }
            }
            Other => return Ok(false),
        }
        Ok(true)
    }
}

impl Authenticate for StaticCredentials {
    fn credentials(
        &self,
        security: Security,
    ) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.select(security)))
    }
}

impl fmt::Debug for StaticCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaticCredentials")
            .field("bearer", &self.bearer.is_some())
            .field("basic", &self.basic.is_some())
            .field("api_keys", &self.api_keys.keys())
            .finish()
    }
}

fn put_token(credentials: &mut Credentials, token: &SecretString) -> Result<(), CredentialsError> {
    credentials.bearer(token)?;
    credentials.token = Some(token.clone());
    Ok(())
}

/// `oauth2 (scopes a, b), or basic with key`.
fn describe(alternatives: &[&[SecurityUse]]) -> String {
    let one = |one: &SecurityUse| match one.scopes {
        [] => format!("`{}`", one.scheme),
        scopes => format!("`{}` (scopes: {})", one.scheme, scopes.join(", ")),
    };
    let all = |uses: &&[SecurityUse]| uses.iter().map(one).collect::<Vec<_>>().join(" with ");
    alternatives
        .iter()
        .map(all)
        .collect::<Vec<_>>()
        .join(", or ")
}
