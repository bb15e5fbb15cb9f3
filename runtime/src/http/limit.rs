//! The limit that a client keeps by itself, before a server has to refuse.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::Clock;

/// Longest time that a server's refusal holds up the calls that were not refused.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// So many requests in any period of this length.
///
/// A client that keeps one also takes a 429 with `Retry-After` for all of its clones: none of them
/// sends a request before the time that the server states, or for a minute if that is longer.
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
    /// Before this time the server takes no requests.
    paused_until: Option<Timestamp>,
}

/// The time of one request, which another may have if the request is given up before.
#[must_use = "a time that is dropped is given back"]
pub(super) struct Reservation<'a> {
    limiter: &'a Limiter,
    number: u64,
    at: Timestamp,
    delay: Duration,
    is_used: bool,
}

impl Reservation<'_> {
    /// How long the request has to wait.
    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// The request is to be sent now. The time is given back if the server has asked for a pause
    /// since it was given: then `false`.
    pub(super) fn keep(mut self) -> bool {
        let paused_until = self.limiter.state().paused_until;
        self.is_used = paused_until.is_none_or(|end| end <= self.at);
        self.is_used
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
        let at = free.max(state.paused_until).map_or(now, |at| at.max(now));
        state.last_number = state.last_number.wrapping_add(1);
        let number = state.last_number;
        // Where others gave up, it may come before those that wait.
        let index = state.times.partition_point(|(time, _)| *time <= at);
        state.times.insert(index, (at, number));
        Reservation {
            limiter: self,
            number,
            at,
            delay: Duration::try_from(at.duration_since(now)).unwrap_or_default(),
            is_used: false,
        }
    }

    /// The server takes no requests for this long.
    pub(super) fn pause(&self, clock: &dyn Clock, asked: Duration) {
        let mut state = self.state();
        let now = clock.now();
        state.follow(now);
        let end = later(now, asked.min(LONGEST_PAUSE));
        state.paused_until = state.paused_until.max(end);
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
            let times = self.times.iter_mut().map(|(time, _)| time);
            for time in times.chain(&mut self.paused_until) {
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

    #[test]
    fn a_pause_holds_up_those_that_wait() {
        let limiter = Limiter::new(RateLimit::per_seconds(2, 10));
        let clock = Stopped(Mutex::new(Timestamp::UNIX_EPOCH));
        let seconds = |seconds| *clock.0.lock().expect("no panic") += Duration::from_secs(seconds);
        let delay = || limiter.reserve(&clock).delay().as_secs();
        for _ in 0..2 {
            assert!(limiter.reserve(&clock).keep());
        }
        let waiting = limiter.reserve(&clock);
        assert_eq!(waiting.delay().as_secs(), 10);
        limiter.pause(&clock, Duration::from_secs(15));
        limiter.pause(&clock, Duration::from_secs(3));
        seconds(10);
        assert!(!waiting.keep(), "it would be refused");
        assert_eq!(delay(), 5);
        // Behind a pause the limit holds.
        let rest = [(); 3].map(|()| limiter.reserve(&clock));
        assert_eq!(rest.each_ref().map(|one| one.delay().as_secs()), [5, 5, 15]);
        drop(rest);
        seconds(5);
        assert!(limiter.reserve(&clock).keep());
        limiter.pause(&clock, Duration::MAX);
        assert_eq!(delay(), 60);
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
                    prop_assert!(Reservation::keep(reservation));
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
                    prop_assert!(Reservation::keep(reservation));
                }
            }
            for times in sent.windows(requests as usize + 1) {
                prop_assert!(times[times.len() - 1].duration_since(times[0]).as_millis() >= 1000);
            }
        }
    }
}
