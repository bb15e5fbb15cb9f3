//! The limit that a client keeps by itself, before a server has to refuse.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    /// The times of the last period and of requests that wait, in order, each with its number.
    times: VecDeque<(Timestamp, u64)>,
    last_number: u64,
    last_seen: Option<Timestamp>,
}

/// The time of one request, which another may have if the request is given up before.
#[must_use = "a time that is dropped is given back"]
pub(super) struct Reservation<'a> {
    limiter: &'a Limiter,
    number: u64,
    delay: Duration,
    is_used: bool,
}

impl Reservation<'_> {
    /// How long the request has to wait.
    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// The request is sent.
    pub(super) fn keep(mut self) {
        self.is_used = true;
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if !self.is_used {
            let mut state = self.limiter.state();
            state.times.retain(|(_, number)| *number != self.number);
        }
    }
}

impl Limiter {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    /// A time for the next request.
    pub(super) fn reserve(&self, clock: &dyn Clock) -> Reservation<'_> {
        let mut state = self.state();
        let now = clock.now();
        state.follow(now);
        let RateLimit { requests, period } = self.limit;
        while let Some((oldest, _)) = state.times.front()
            && later(*oldest, period).is_none_or(|end| end <= now)
        {
            state.times.pop_front();
        }
        let before = state.times.len().checked_sub(requests as usize);
        let before = before.and_then(|index| state.times.get(index));
        let free = before.and_then(|(time, _)| later(*time, period));
        let at = free.map_or(now, |free| free.max(now));
        state.last_number = state.last_number.wrapping_add(1);
        let number = state.last_number;
        // Where others gave up, it may come before those that wait.
        let index = state.times.partition_point(|(time, _)| *time <= at);
        state.times.insert(index, (at, number));
        Reservation {
            limiter: self,
            number,
            delay: Duration::try_from(at.duration_since(now)).unwrap_or_default(),
            is_used: false,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
            for (time, _) in &mut self.times {
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
    use super::{Limiter, RateLimit, Reservation};

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
        /// No period has more requests than it may, and none waits longer than that takes, whoever
        /// gives up while they wait.
        #[test]
        fn requests_keep_the_limit_and_wait_no_longer(
            requests in 1..6_u32,
            steps in prop::collection::vec((0..1500_u64, prop::option::of(0..8_usize)), 1..60),
        ) {
            let period = Duration::from_secs(1);
            let limiter = Limiter::new(RateLimit::new(requests, period));
            let clock = Stopped(Mutex::new(Timestamp::UNIX_EPOCH));
            let mut sent: Vec<Timestamp> = Vec::new();
            let mut waiting = Vec::new();
            for (pause, given_up) in steps {
                *clock.0.lock().expect("no panic") += Duration::from_millis(pause);
                let now = clock.now();
                let (due, others): (Vec<_>, Vec<_>) =
                    waiting.into_iter().partition(|(at, _)| *at <= now);
                waiting = others;
                for (_, reservation) in due {
                    Reservation::keep(reservation);
                }
                if let Some(index) = given_up.filter(|index| *index < waiting.len()) {
                    let (at, _) = waiting.remove(index);
                    let index = sent.iter().position(|time| *time == at);
                    sent.remove(index.expect("it was to be sent"));
                }
                let reservation = limiter.reserve(&clock);
                let at = now + reservation.delay();
                let before = sent.len().checked_sub(requests as usize);
                let earliest = before.map_or(now, |index| now.max(sent[index] + period));
                prop_assert_eq!(at, earliest);
                sent.push(at);
                sent.sort_unstable();
                if at > now {
                    waiting.push((at, reservation));
                } else {
                    reservation.keep();
                }
            }
            for times in sent.windows(requests as usize + 1) {
                prop_assert!(times[times.len() - 1].duration_since(times[0]).as_millis() >= 1000);
            }
        }
    }
}
