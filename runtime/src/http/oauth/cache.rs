//! One token for all calls, and one refresh for all that wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::{BoxFuture, Clock, CredentialsError};
use super::{AccessToken, Lifetime, TokenSource};

/// How long before its end a token is no longer used, unless that is more than a tenth of its life.
const MARGIN: Duration = Duration::from_mins(1);
/// How long after a failed refresh a token that is still good is used on.
const PAUSE: Duration = Duration::from_secs(10);

/// The current token. The lock is never held across a wait.
pub(super) struct TokenCache {
    source: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    current: Option<Cached>,
    /// Weak: a refresh that nobody waits for any more is dropped, and begun anew by the next call.
    refresh: Option<WeakShared<Refresh>>,
}

struct Cached {
    token: SecretString,
    /// From when on there should be another one.
    stale_at: Option<Timestamp>,
    /// From when on it is useless.
    expires_at: Option<Timestamp>,
}

type Refresh = BoxFuture<'static, Result<SecretString, CredentialsError>>;

impl TokenCache {
    pub(super) fn new(source: Arc<dyn TokenSource>, clock: Arc<dyn Clock>) -> Self {
        Self {
            source,
            clock,
            state: Arc::default(),
        }
    }

    /// A token that is not about to expire.
    pub(super) async fn get(&self) -> Result<SecretString, CredentialsError> {
        let now = self.clock.now();
        let refresh = {
            let mut state = lock(&self.state);
            if let Some(cached) = &state.current
                && cached.stale_at.is_none_or(|at| now < at)
            {
                return Ok(cached.token.clone());
            }
            self.join(&mut state)
        };
        refresh.await
    }

    /// A token in place of one that a server has refused.
    pub(super) async fn renew(
        &self,
        refused: &SecretString,
    ) -> Result<SecretString, CredentialsError> {
        let refresh = {
            let mut state = lock(&self.state);
            match &state.current {
                Some(cached) if cached.token.expose_secret() != refused.expose_secret() => {
                    return Ok(cached.token.clone());
                }
                _ => state.current = None,
            }
            self.join(&mut state)
        };
        refresh.await
    }

    /// The refresh that is under way, or a new one.
    fn join(&self, state: &mut State) -> Shared<Refresh> {
        if let Some(refresh) = state.refresh.as_ref().and_then(WeakShared::upgrade) {
            return refresh;
        }
        let (source, clock, state_handle) = (
            Arc::clone(&self.source),
            Arc::clone(&self.clock),
            Arc::clone(&self.state),
        );
        let refresh: Refresh = Box::pin(async move {
            let asked_at = clock.now();
            let answer = source.token().await;
            let now = clock.now();
            let mut state = lock(&state_handle);
            state.refresh = None;
            match answer {
                Ok(token) => {
                    let cached = Cached::new(token, asked_at);
                    let expires_at = cached.expires_at.map(tracing::field::display);
                    tracing::debug!(expires_at, "there is a new access token");
                    let token = cached.token.clone();
                    state.current = Some(cached);
                    Ok(token)
                }
                Err(error) => {
                    tracing::warn!("there is no new access token");
                    match &mut state.current {
                        // It was early: what there is serves for a while.
                        Some(cached) if cached.expires_at.is_some_and(|at| now < at) => {
                            cached.stale_at = later(now, PAUSE);
                            Ok(cached.token.clone())
                        }
                        _ => Err(error),
                    }
                }
            }
        });
        let refresh = refresh.shared();
        state.refresh = refresh.downgrade();
        refresh
    }
}

impl Cached {
    fn new(token: AccessToken, asked_at: Timestamp) -> Self {
        let expires_at = match token.lifetime {
            Lifetime::Unknown => None,
            Lifetime::For(lifetime) => later(asked_at, lifetime),
            Lifetime::Until(time) => Some(time),
        };
        let stale_at = expires_at.map(|at| {
            let life = Duration::try_from(at.duration_since(asked_at)).unwrap_or_default();
            at.checked_sub(MARGIN.min(life / 10)).unwrap_or(at)
        });
        Self {
            token: token.text,
            stale_at,
            expires_at,
        }
    }
}

/// None if that is beyond all times.
fn later(time: Timestamp, by: Duration) -> Option<Timestamp> {
    time.checked_add(by).ok()
}

/// What is behind the lock is whole at all times, whatever panicked beside it.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
