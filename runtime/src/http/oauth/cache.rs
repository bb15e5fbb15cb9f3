//! One token for all calls, and one refresh for all that wait.

use std::cell::RefCell;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};

use super::super::platform::{self, Task};
use super::super::{BoxFuture, Clock, CredentialsError};
use super::{AccessToken, Lifetime, TokenSource};

/// How long before its end another token is asked for, unless that is more than a tenth of its life.
const MARGIN: Duration = Duration::from_mins(1);
/// How long after a refresh that failed early there is none.
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
    /// What keeps a refresh going that no call waits for.
    ahead: Option<Task<()>>,
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

    /// A token that is good now. Another one is asked for a little before its end, and no call waits
    /// for that.
    pub(super) async fn get(&self) -> Result<SecretString, CredentialsError> {
        let now = self.clock.now();
        let refresh = {
            let mut state = lock(&self.state);
            if let Some(cached) = &state.current
                && cached.expires_at.is_none_or(|at| now < at)
            {
                let token = cached.token.clone();
                if cached.stale_at.is_none_or(|at| now < at) || self.refresh_ahead(&mut state) {
                    return Ok(token);
                }
            }
            self.join(&mut state)?
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
            self.join(&mut state)?
        };
        refresh.await
    }

    /// Sees to it that there is a refresh under way without this call; `false` if nothing runs it.
    fn refresh_ahead(&self, state: &mut State) -> bool {
        if under_way(state).is_some() {
            return true;
        }
        let refresh = self.begin(state);
        match platform::spawn(refresh.map(drop)) {
            Ok(task) => {
                state.ahead = Some(task);
                true
            }
            Err(_) => false,
        }
    }

    /// The refresh that is under way, or a new one; from now on it goes on as long as calls wait.
    fn join(&self, state: &mut State) -> Result<Shared<Refresh>, CredentialsError> {
        if Asking::is_under_way(self.id()) {
            return Err(CredentialsError::new(
                "the token source calls with the client that waits for its token; let it use \
                 another client",
            ));
        }
        let refresh = under_way(state).unwrap_or_else(|| self.begin(state));
        state.ahead = None;
        Ok(refresh)
    }

    /// What tells this cache from others.
    fn id(&self) -> usize {
        Arc::as_ptr(&self.state).addr()
    }

    fn begin(&self, state: &mut State) -> Shared<Refresh> {
        let (source, clock) = (Arc::clone(&self.source), Arc::clone(&self.clock));
        // What goes on by itself must not keep alive what holds it.
        let (cache, id) = (Arc::downgrade(&self.state), self.id());
        let refresh: Refresh = Box::pin(async move {
            let asked_at = clock.now();
            let answer = Asking::poll_within(id, source.token()).await;
            let now = clock.now();
            match cache.upgrade() {
                Some(state) => lock(&state).refreshed(answer, asked_at, now),
                None => answer.map(|token| token.text),
            }
        });
        let refresh = refresh.shared();
        state.refresh = refresh.downgrade();
        refresh
    }
}

impl State {
    /// Takes note of what came of a refresh; its outcome is for those who wait.
    fn refreshed(
        &mut self,
        answer: Result<AccessToken, CredentialsError>,
        asked_at: Timestamp,
        now: Timestamp,
    ) -> Result<SecretString, CredentialsError> {
        self.refresh = None;
        match answer {
            Ok(token) => {
                let cached = Cached::new(token, asked_at);
                let expires_at = cached.expires_at.map(tracing::field::display);
                tracing::debug!(expires_at, "there is a new access token");
                let token = cached.token.clone();
                self.current = Some(cached);
                Ok(token)
            }
            Err(error) => {
                tracing::warn!("there is no new access token");
                match &mut self.current {
                    // It was early: what there is serves on.
                    Some(cached) if cached.expires_at.is_some_and(|at| now < at) => {
                        cached.stale_at = later(now, PAUSE);
                        Ok(cached.token.clone())
                    }
                    _ => Err(error),
                }
            }
        }
    }
}

fn under_way(state: &State) -> Option<Shared<Refresh>> {
    state.refresh.as_ref().and_then(WeakShared::upgrade)
}

thread_local! {
    /// The caches whose sources are being polled on this thread, the innermost last.
    static ASKED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Marks the thread while it polls a source of tokens: who waits for that source meanwhile would
/// wait for ever.
struct Asking;

impl Asking {
    async fn poll_within<T>(cache: usize, mut work: BoxFuture<'_, T>) -> T {
        poll_fn(|context| {
            ASKED.with_borrow_mut(|asked| asked.push(cache));
            let _mark = Self;
            work.as_mut().poll(context)
        })
        .await
    }

    fn is_under_way(cache: usize) -> bool {
        ASKED.with_borrow(|asked| asked.contains(&cache))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        ASKED.with_borrow_mut(Vec::pop);
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
