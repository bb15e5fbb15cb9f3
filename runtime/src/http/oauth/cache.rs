//! One token for all calls, and one refresh for all that wait.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};
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
/// How long a refresh may take before calls that need a token begin another one.
const PATIENCE: Duration = Duration::from_mins(1);

/// The current token. The lock is never held across a wait.
pub(super) struct TokenCache {
    source: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    current: Option<Cached>,
    /// The last refresh, and when it was begun. Weak: where nothing runs one that nobody waits for, it
    /// is dropped, and begun anew by the next call.
    refresh: Option<(WeakShared<Refresh>, Timestamp)>,
    /// What keeps the refresh going without a call.
    runner: Option<Task<()>>,
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
                let is_fresh = cached.stale_at.is_none_or(|at| now < at);
                if is_fresh || self.refresh_ahead(&mut state, now) {
                    return Ok(token);
                }
            }
            self.join(&mut state, now)?
        };
        refresh.await
    }

    /// A token in place of one that a server has refused.
    pub(super) async fn renew(
        &self,
        refused: &SecretString,
    ) -> Result<SecretString, CredentialsError> {
        let now = self.clock.now();
        let refresh = {
            let mut state = lock(&self.state);
            match &state.current {
                Some(cached) if cached.token.expose_secret() != refused.expose_secret() => {
                    return Ok(cached.token.clone());
                }
                _ => state.current = None,
            }
            self.join(&mut state, now)?
        };
        refresh.await
    }

    /// Sees to it that there is a refresh under way without this call; `false` if nothing runs it.
    fn refresh_ahead(&self, state: &mut State, now: Timestamp) -> bool {
        if state.under_way(now).is_some() {
            return true;
        }
        let refresh = self.begin(state, now);
        state.run(&refresh)
    }

    /// The end of the refresh that is under way, or of a new one.
    fn join(&self, state: &mut State, now: Timestamp) -> Result<Waiting, CredentialsError> {
        if Asking::is_under_way(self.id()) {
            return Err(CredentialsError::new(
                "the token source calls with the client that waits for its token; let it use \
                 another client",
            ));
        }
        let refresh = state.under_way(now);
        Ok(Waiting {
            refresh: refresh.unwrap_or_else(|| self.begin(state, now)),
            state: Arc::downgrade(&self.state),
        })
    }

    /// What tells this cache from others.
    fn id(&self) -> usize {
        Arc::as_ptr(&self.state).addr()
    }

    fn begin(&self, state: &mut State, now: Timestamp) -> Shared<Refresh> {
        let (source, clock) = (Arc::clone(&self.source), Arc::clone(&self.clock));
        // What goes on by itself must not keep alive what holds it.
        let (cache, id, begun_at) = (Arc::downgrade(&self.state), self.id(), now);
        let refresh: Refresh = Box::pin(async move {
            let asked_at = clock.now();
            let answer = Asking::poll_within(id, source.token()).await;
            let now = clock.now();
            match cache.upgrade() {
                Some(state) => {
                    let mut state = lock(&state);
                    state.forget(begun_at);
                    state.refreshed(answer, asked_at, now)
                }
                None => answer.map(|token| token.text),
            }
        });
        let refresh = refresh.shared();
        state.refresh = refresh.downgrade().map(|refresh| (refresh, begun_at));
        state.runner = None;
        refresh
    }
}

impl State {
    /// The refresh that is under way, if it may still be hoped for.
    fn under_way(&self, now: Timestamp) -> Option<Shared<Refresh>> {
        let (refresh, begun_at) = self.refresh.as_ref()?;
        let age = Duration::try_from(now.duration_since(*begun_at)).ok()?;
        refresh.upgrade().filter(|_| age < PATIENCE)
    }

    /// Lets the refresh go on without a call; `false` if nothing runs it.
    fn run(&mut self, refresh: &Shared<Refresh>) -> bool {
        if self.runner.is_none() {
            self.runner = platform::spawn(refresh.clone().map(drop)).ok();
        }
        self.runner.is_some()
    }

    /// The refresh that was begun at this time has ended.
    fn forget(&mut self, begun_at: Timestamp) {
        if self.refresh.as_ref().is_some_and(|(_, at)| *at == begun_at) {
            self.refresh = None;
            self.runner = None;
        }
    }

    /// Takes note of what came of a refresh; its outcome is for those who wait.
    fn refreshed(
        &mut self,
        answer: Result<AccessToken, CredentialsError>,
        asked_at: Timestamp,
        now: Timestamp,
    ) -> Result<SecretString, CredentialsError> {
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

/// Waits for a refresh, which goes on without the call if that is given up: otherwise calls that have
/// less time than the token takes would begin again and again.
struct Waiting {
    refresh: Shared<Refresh>,
    state: Weak<Mutex<State>>,
}

impl Future for Waiting {
    type Output = <Refresh as Future>::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.refresh.poll_unpin(context)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(state) = self.state.upgrade() else {
            return;
        };
        let mut state = lock(&state);
        let last = state.refresh.as_ref();
        let last = last.and_then(|(refresh, _)| refresh.upgrade());
        if last.is_some_and(|last| last.ptr_eq(&self.refresh)) {
            state.run(&self.refresh);
        }
    }
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
