//! The limit that a client keeps by itself, before a server has to refuse.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::Clock;

/// So many requests in any period of this length.
///
/// ```
/// use oas_runtime::RateLimit;
/// use std::time::Duration;
///
/// const LIMIT: RateLimit = RateLimit::per_seconds(100, 10);
/// assert_eq!(LIMIT, RateLimit::new(100, Duration::from_secs(10)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    period: Duration,
}

impl RateLimit {
    /// This many requests, at least one, in a period.
    pub const fn new(requests: u32, period: Duration) -> Self {
        let requests = if requests == 0 { 1 } else { requests };
        Self { requests, period }
    }

    /// This many requests in as many seconds.
    pub const fn per_seconds(requests: u32, seconds: u64) -> Self {
        Self::new(requests, Duration::from_secs(seconds))
    }

    /// The requests in a period.
    pub const fn requests(&self) -> u32 {
        self.requests
    }

    /// The length of a period.
    pub const fn period(&self) -> Duration {
        self.period
    }
}

/// Gives each request its time; all clones of a client share one.
pub(super) struct Limiter {
    limit: RateLimit,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The times of the requests of the last period, as many as it may have, in order. Those that
    /// wait are among them.
    times: VecDeque<Timestamp>,
    last_seen: Option<Timestamp>,
}

impl Limiter {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    /// How long the next request has to wait. Its time is taken, whether it is sent or not.
    pub(super) fn reserve(&self, clock: &dyn Clock) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock.now();
        state.follow(now);
        let limit = self.limit;
        while let Some(oldest) = state.times.front()
            && later(*oldest, limit.period).is_none_or(|end| end <= now)
        {
            state.times.pop_front();
        }
        let mut at = now;
        if state.times.len() >= limit.requests as usize
            && let Some(oldest) = state.times.pop_front()
        {
            at = at.max(later(oldest, limit.period).unwrap_or(now));
        }
        state.times.push_back(at);
        Duration::try_from(at.duration_since(now)).unwrap_or_default()
    }
}

/// None if that is beyond all times.
fn later(time: Timestamp, by: Duration) -> Option<Timestamp> {
    time.checked_add(by).ok()
}

impl State {
    /// A clock that is set back takes the times along, or requests would wait for them.
    fn follow(&mut self, now: Timestamp) {
        if let Some(back) = self.last_seen.map(|last| last.duration_since(now))
            && back.is_positive()
        {
            for time in &mut self.times {
                *time = time.checked_sub(back).unwrap_or(now);
            }
        }
        self.last_seen = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::sync::Mutex;
    use std::time::Duration;

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::super::{BoxFuture, Clock};
    use super::{Limiter, RateLimit};

    struct Stopped(Mutex<Timestamp>);

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            *self.0.lock().expect("no panic")
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(ready(()))
        }
    }

    proptest! {
        /// No period has more requests than it may, and none waits longer than that takes.
        #[test]
        fn requests_keep_the_limit_and_wait_no_longer(
            requests in 1..6_u32,
            pauses in prop::collection::vec(0..1500_u64, 1..60),
        ) {
            let period = Duration::from_secs(1);
            let limiter = Limiter::new(RateLimit::new(requests, period));
            let clock = Stopped(Mutex::new(Timestamp::UNIX_EPOCH));
            let mut sent: Vec<Timestamp> = Vec::new();
            for pause in pauses {
                *clock.0.lock().expect("no panic") += Duration::from_millis(pause);
                let now = clock.now();
                let at = now + limiter.reserve(&clock);
                let before = sent.len().checked_sub(requests as usize);
                let earliest = before.map_or(now, |index| now.max(sent[index] + period));
                prop_assert_eq!(at, earliest);
                sent.push(at);
            }
        }
    }
}
