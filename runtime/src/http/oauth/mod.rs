//! Access tokens: where they come from, how long they are used, when there are new ones.
//!
//! A client with [`client_credentials`](super::ClientBuilder::client_credentials) or a
//! [`token_source`](super::ClientBuilder::token_source) gets its bearer token when it first needs
//! one, and shares it among all its clones. It gets a new one a little before the token expires, and
//! once for each call that is answered with 401. However many calls wait for a new token, it is
//! asked for once. A call that is given up does not disturb the others; what it has asked for comes
//! nevertheless. After a minute without an answer the next call asks again.
//!
//! A call waits for a token only if there is none that is good. The one that is asked for early comes
//! by itself, where Tokio runs it; if it does not come, the old one is used to its end, with a new try
//! every ten seconds.

mod answer;
mod cache;
mod client_credentials;
mod token_url;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Authenticate, BoxFuture, Credentials, CredentialsError, MaybeSend, MaybeSync, Security,
    StaticCredentials,
};

use cache::TokenCache;
pub use client_credentials::ClientAuth;
pub(super) use client_credentials::{Context, Grant};

/// Gets access tokens; closures that return a future do too.
///
/// It is asked when a token is needed and the last one is about to expire or was refused; the client
/// keeps what it gets. The error is shown to every call that waits for the token; before the last one
/// has expired none does, and the source is asked again after ten seconds.
///
/// A source that never answers holds up the calls that wait for it, for as long as they may take: it
/// should limit itself in time. One that makes calls needs a client of its own. With the client that
/// it belongs to, whose calls wait for the token, it would wait for itself: such a call is an error,
/// unless the source leaves it to another task.
///
/// ```no_run
/// use oas_runtime as rt;
/// use std::time::Duration;
///
/// # static DOCUMENT: rt::Document = rt::Document {
/// #     servers: &[],
/// #     operation_variables: &[],
/// #     security_schemes: &[],
/// #     user_agent: "pets/1.0",
/// #     rate_limit: None,
/// # };
/// # async fn from_the_vault() -> Result<String, std::io::Error> { Ok(String::new()) }
/// let client: Result<rt::Client, _> = rt::ClientBuilder::new(&DOCUMENT)
///     .base_url("https://api.example.com")
///     .token_source(|| async {
///         let token = from_the_vault().await.map_err(|error| {
///             rt::CredentialsError::new("the vault gave no token").with_source(error)
///         })?;
///         Ok(rt::AccessToken::new(token).expires_in(Duration::from_mins(10)))
///     })
///     .build();
/// # let _ = client;
/// ```
pub trait TokenSource: MaybeSend + MaybeSync {
    /// A new token.
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, CredentialsError>>;
}

impl<F, T> TokenSource for F
where
    F: Fn() -> T + MaybeSend + MaybeSync,
    T: Future<Output = Result<AccessToken, CredentialsError>> + MaybeSend + 'static,
{
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, CredentialsError>> {
        Box::pin(self())
    }
}

/// An access token. Printing it does not show it.
#[derive(Clone)]
pub struct AccessToken {
    text: SecretString,
    lifetime: Lifetime,
}

#[derive(Clone, Copy, Debug)]
enum Lifetime {
    Unknown,
    For(Duration),
    Until(Timestamp),
}

impl AccessToken {
    /// A token that is used until a server refuses it.
    pub fn new(text: impl Into<SecretString>) -> Self {
        Self {
            text: text.into(),
            lifetime: Lifetime::Unknown,
        }
    }

    /// The same, for this long from when it was asked for.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Lifetime::For(lifetime);
        self
    }

    /// The same, until this time.
    #[must_use]
    pub fn expires_at(mut self, time: Timestamp) -> Self {
        self.lifetime = Lifetime::Until(time);
        self
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Where a client's tokens come from, as it was configured.
#[derive(Clone, Default)]
pub(super) struct Tokens {
    source: Option<Arc<dyn TokenSource>>,
    grant: Grant,
}

impl Tokens {
    pub(super) fn set_source(&mut self, source: impl TokenSource + 'static) {
        self.source = Some(Arc::new(source));
        self.grant.forget_client();
    }

    pub(super) fn set_client(&mut self, id: String, secret: SecretString) {
        self.source = None;
        self.grant.set_client(id, secret);
    }

    /// Tokens are given in another way.
    pub(super) fn forget(&mut self) {
        self.source = None;
        self.grant.forget_client();
    }

    pub(super) fn grant(&mut self) -> &mut Grant {
        &mut self.grant
    }

    /// What authenticates with these tokens, and with `fixed` where no token is asked for; none if
    /// there are no tokens. The error says what the configuration lacks.
    pub(super) fn authenticate(
        self,
        fixed: &StaticCredentials,
        context: &Context<'_>,
    ) -> Result<Option<Arc<dyn Authenticate>>, String> {
        let source = match self.source {
            Some(source) => source,
            None => match self.grant.source(context)? {
                Some(source) => Arc::new(source),
                None => return Ok(None),
            },
        };
        Ok(Some(Arc::new(TokenAuthenticate {
            fixed: fixed.clone(),
            tokens: TokenCache::new(source, Arc::clone(context.clock)),
        })))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("source", &self.source.is_some())
            .field("grant", &self.grant)
            .finish()
    }
}

/// A bearer token from a cache, and other credentials as they were given.
struct TokenAuthenticate {
    fixed: StaticCredentials,
    tokens: TokenCache,
}

impl Authenticate for TokenAuthenticate {
    fn credentials(
        &self,
        security: Security,
    ) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            // No token is asked for that the operation does not need.
            let placeholder = SecretString::from("");
            let chosen = self.fixed.select_with(Some(&placeholder), security)?;
            if chosen.token().is_none() {
                return Ok(chosen);
            }
            let token = self.tokens.get().await?;
            self.fixed.select_with(Some(&token), security)
        })
    }

    fn renew<'a>(
        &'a self,
        _security: Security,
        refused: &'a Credentials,
    ) -> BoxFuture<'a, Result<bool, CredentialsError>> {
        Box::pin(async move {
            let Some(refused) = refused.token() else {
                return Ok(false);
            };
            let current = self.tokens.renew(refused).await?;
            Ok(current.expose_secret() != refused.expose_secret())
        })
    }
}
