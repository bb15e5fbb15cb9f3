//! The usual retry policy: longer and longer waits, with some chance in them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::Duration;

use super::{Attempt, Outcome, RetryPolicy, TransportErrorKind};

/// Sends again what is worth it, after waits that double each time: what every client does unless it
/// is told otherwise.
///
/// | outcome | sent again |
/// |---|---|
/// | 429; no connection | any request: the server has not acted on it |
/// | 502, 503, 504; the connection broke; no answer in time | a repeatable request |
/// | anything else: refused credentials, a certificate, a proxy's 407, redirects in a circle | no |
///
/// A request is repeatable if its method is idempotent (RFC 9110, section 9.2.2), or if the caller
/// says so ([`CallOptions::repeatable`](super::CallOptions::repeatable)).
///
/// `Retry-After` is followed, however long it is, as long as the whole call stays within
/// [`total`](Self::total); if it cannot, the answer is given out at once. Without `Retry-After` the
/// wait is between half of the current length and all of it, so that clients that failed together do
/// not come back together.
///
/// ```
/// use oas_runtime::Backoff;
/// use std::time::Duration;
///
/// let patient = Backoff::default()
///     .attempts(10)
///     .first(Duration::from_secs(1))
///     .longest(Duration::from_mins(1))
///     .total(Duration::from_mins(15));
/// # let _ = patient;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
    first: Duration,
    longest: Duration,
    total: Duration,
    is_random: bool,
}

impl Default for Backoff {
    /// Five attempts in at most two minutes, with waits of half a second, one, two and four.
    fn default() -> Self {
        Self {
            attempts: 5,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            total: Duration::from_mins(2),
            is_random: true,
        }
    }
}

impl Backoff {
    /// Most attempts of a call, the first among them.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The wait after the first attempt.
    #[must_use]
    pub fn first(mut self, delay: Duration) -> Self {
        self.first = delay;
        self
    }

    /// The longest wait that is not asked for by `Retry-After`.
    #[must_use]
    pub fn longest(mut self, delay: Duration) -> Self {
        self.longest = delay;
        self
    }

    /// The time from the start of a call after which no attempt begins.
    #[must_use]
    pub fn total(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// The same waits each time, for tests.
    #[must_use]
    pub fn without_jitter(mut self) -> Self {
        self.is_random = false;
        self
    }

    fn delay(&self, attempt: &Attempt<'_>) -> Duration {
        let chance = if self.is_random { random() } else { 1.0 };
        if let Some(asked) = attempt.retry_after() {
            // Earlier than the server asks would be in vain.
            let jitter = if self.is_random { chance } else { 0.0 };
            return asked.saturating_add(part(self.first, jitter));
        }
        let doublings = attempt.number.saturating_sub(1).min(31);
        let full = self.first.saturating_mul(1 << doublings).min(self.longest);
        part(full, 0.5 + chance / 2.0)
    }
}

impl RetryPolicy for Backoff {
    fn next_delay(&self, attempt: &Attempt<'_>) -> Option<Duration> {
        use TransportErrorKind::{
            Broken, Certificate, Connect, Proxy, Redirects, Timeout, TooLarge,
        };
        let is_worth_it = match attempt.outcome {
            Outcome::Status { status: 429, .. } => true,
            Outcome::Status {
                status: 502..=504, ..
            } => attempt.is_repeatable,
            Outcome::Status { .. } => false,
            Outcome::Transport(error) => match error.kind() {
                Connect => true,
                Broken | Timeout => attempt.is_repeatable,
                Certificate | Proxy | Redirects | TooLarge => false,
            },
        };
        if !is_worth_it || attempt.number >= self.attempts {
            return None;
        }
        let delay = self.delay(attempt);
        (attempt.elapsed.saturating_add(delay) <= self.total).then_some(delay)
    }
}

/// A part of a duration, from none to all of it.
fn part(whole: Duration, part: f64) -> Duration {
    // All of the longest durations is more than one can be, by rounding.
    Duration::try_from_secs_f64(whole.as_secs_f64() * part).unwrap_or(whole)
}

/// A number from 0 to 1. Each `RandomState` has keys of its own, which is chance enough to spread
/// waits.
fn random() -> f64 {
    let bits = RandomState::new().hash_one(0_u8);
    f64::from((bits >> 32) as u32) / f64::from(u32::MAX)
}
