//! Whether and when a request is sent again.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

use super::{BoxFuture, MaybeSend, MaybeSync, Operation, TransportError, header, platform};

/// Decides whether a request is sent again.
///
/// It is a pure decision: the client waits, through its [`Clock`]. A 401 that led to renewed
/// credentials is sent again without asking the policy.
pub trait RetryPolicy: MaybeSend + MaybeSync {
    /// How long to wait before the next attempt; `None`: this outcome is final.
    fn next_delay(&self, attempt: &Attempt<'_>) -> Option<Duration>;
}

/// An attempt that did not succeed.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Which one: 1 for the first.
    pub number: u32,
    /// What was called.
    pub operation: &'static Operation,
    /// Whether sending the request again has no other effect than sending it once: by its method
    /// ([`Operation::is_idempotent`]), or because the caller says so.
    pub is_repeatable: bool,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// How long the call has taken so far: attempts, and waiting between them.
    pub elapsed: Duration,
    /// The client's time, to read dates against.
    pub now: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// With a status; a policy is asked from 400 on.
    Status {
        /// The status.
        status: u16,
        /// The headers.
        headers: &'a HeaderMap,
    },
    /// Without a complete answer.
    Transport(&'a TransportError),
}

impl Attempt<'_> {
    /// How long the server asks to wait, by its `Retry-After` header.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.outcome {
            Outcome::Status { headers, .. } => header::retry_after(headers, self.now),
            Outcome::Transport(_) => None,
        }
    }
}

/// Sends every request once.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRetry;

impl RetryPolicy for NoRetry {
    fn next_delay(&self, _attempt: &Attempt<'_>) -> Option<Duration> {
        None
    }
}

/// Time, as the client sees it; another one lets tests pass without waiting.
pub trait Clock: MaybeSend + MaybeSync {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// How long it is from one time to a later one; nothing if the clock was set back.
pub(super) fn elapsed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// The machine's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        platform::sleep(duration)
    }
}
