//! The limit that a client keeps by itself, before a server has to refuse.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jiff::Timestamp;

use super::Clock;

/// Longest time that a server's refusal holds up the calls that were not refused.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// So many requests in any period of this length.
///
/// Every request of a call counts when it is sent: each attempt, and each redirect that
/// [`http_client_builder`](crate::http_client_builder)'s policy follows, which nothing holds back, so
/// that the requests behind it wait the longer. Requests for tokens do not count. Calls that wait are
/// sent in the order in which they came, and move up when one before them is given up.
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
    /// When requests were sent in the last period, in order.
    sent: VecDeque<Timestamp>,
    /// Requests to come, in the order in which they came.
    waiting: VecDeque<Waiting>,
    last_number: u64,
    last_seen: Option<Timestamp>,
    /// Before this time the server takes no requests.
    paused_until: Option<Timestamp>,
}

/// A request to come.
struct Waiting {
    number: u64,
    /// When it may be sent, unless those before it come late.
    at: Timestamp,
    /// Wakes the call when it moves up.
    waker: Option<Waker>,
}

/// The place of one request in the queue. Those behind it move up when it is dropped unused.
pub(super) struct Place<'a> {
    limiter: &'a Limiter,
    clock: &'a dyn Clock,
    number: u64,
}

impl Place<'_> {
    /// Waits until it is the request's turn, and says whether that took any time.
    pub(super) async fn wait(&self) -> bool {
        let mut has_waited = false;
        while let Some((at, delay)) = self.time_left() {
            tracing::debug!(?delay, "waits for the rate limit");
            let mut timer = self.clock.sleep(delay);
            poll_fn(|context| {
                if self.has_moved(at, context) {
                    Poll::Ready(())
                } else {
                    timer.as_mut().poll(context)
                }
            })
            .await;
            has_waited = true;
        }
        has_waited
    }

    /// The request is to be sent now. `false`: others were sent meanwhile, or the server has asked for
    /// a pause, so it has to wait again.
    pub(super) fn take(&self) -> bool {
        let mut state = self.limiter.state();
        let now = self.clock.now();
        let limit = self.limiter.limit;
        state.go_on(limit, now);
        let Ok(index) = state.index_of(self.number) else {
            return true;
        };
        let is_full = state.sent.len() >= limit.requests as usize;
        if is_full || state.paused_until.is_some_and(|end| now < end) {
            let at = state.earliest(index, limit, now);
            if let Some(waiting) = state.waiting.get_mut(index) {
                waiting.at = at;
            }
            return false;
        }
        state.waiting.remove(index);
        state.sent.push_back(now);
        true
    }

    /// When the request may be sent, and how long that is from now; `None` if its turn has come.
    fn time_left(&self) -> Option<(Timestamp, Duration)> {
        let mut state = self.limiter.state();
        let now = self.clock.now();
        state.go_on(self.limiter.limit, now);
        let index = state.index_of(self.number).ok()?;
        let at = state.waiting.get(index)?.at;
        let left = Duration::try_from(at.duration_since(now)).ok()?;
        (!left.is_zero()).then_some((at, left))
    }

    /// Whether the request may be sent before this time; if not, the call is woken when it may.
    fn has_moved(&self, at: Timestamp, context: &Context<'_>) -> bool {
        let mut state = self.limiter.state();
        let Ok(index) = state.index_of(self.number) else {
            return false;
        };
        let Some(waiting) = state.waiting.get_mut(index) else {
            return false;
        };
        match &mut waiting.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        waiting.at < at
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // Waking may run another call, which takes the lock.
        let woken = self.limiter.state().give_up(self.number);
        woken.into_iter().for_each(Waker::wake);
    }
}

impl Limiter {
    pub(super) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    /// A place behind all that wait.
    pub(super) fn queue<'a>(&'a self, clock: &'a dyn Clock) -> Place<'a> {
        let mut state = self.state();
        let now = clock.now();
        state.go_on(self.limit, now);
        state.last_number = state.last_number.wrapping_add(1);
        let number = state.last_number;
        let waiting = Waiting {
            number,
            at: state.earliest(state.waiting.len(), self.limit, now),
            waker: None,
        };
        state.waiting.push_back(waiting);
        Place {
            limiter: self,
            clock,
            number,
        }
    }

    /// A request was sent that nothing could hold back.
    pub(super) fn count(&self, clock: &dyn Clock) {
        let mut state = self.state();
        let now = clock.now();
        state.go_on(self.limit, now);
        state.sent.push_back(now);
    }

    /// The server takes no requests for this long.
    pub(super) fn pause(&self, clock: &dyn Clock, asked: Duration) {
        let mut state = self.state();
        let now = clock.now();
        state.go_on(self.limit, now);
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
    /// Forgets what is a period ago.
    fn go_on(&mut self, limit: RateLimit, now: Timestamp) {
        self.follow(now);
        while let Some(oldest) = self.sent.front()
            && later(*oldest, limit.period).is_none_or(|end| end <= now)
        {
            self.sent.pop_front();
        }
    }

    /// When the request with this index among those that wait may be sent, if all before it are sent
    /// as soon as they may.
    fn earliest(&self, index: usize, limit: RateLimit, now: Timestamp) -> Timestamp {
        let (sent, requests) = (self.sent.len(), limit.requests as usize);
        let before = (sent + index).checked_sub(requests);
        let before = before.and_then(|before| match before.checked_sub(sent) {
            Some(index) => self.waiting.get(index).map(|waiting| &waiting.at),
            None => self.sent.get(before),
        });
        // Those before it may have let their time pass.
        let full = sent.checked_sub(requests);
        let full = full.and_then(|index| self.sent.get(index));
        let free = before.max(full).and_then(|time| later(*time, limit.period));
        free.max(self.paused_until).map_or(now, |at| at.max(now))
    }

    /// Where a request waits; an error if it does not.
    fn index_of(&self, number: u64) -> Result<usize, usize> {
        self.waiting
            .binary_search_by_key(&number, |waiting| waiting.number)
    }

    /// A request does not come: each behind it gets the time of the one before it. Those are to be
    /// woken.
    fn give_up(&mut self, number: u64) -> Vec<Waker> {
        let mut woken = Vec::new();
        let Ok(index) = self.index_of(number) else {
            return woken;
        };
        let Some(Waiting { at: mut free, .. }) = self.waiting.remove(index) else {
            return woken;
        };
        for waiting in self.waiting.range_mut(index..) {
            if free < waiting.at {
                std::mem::swap(&mut free, &mut waiting.at);
                woken.extend(waiting.waker.take());
            }
        }
        woken
    }

    /// A clock that is set back takes the times along, or requests would wait for them.
    fn follow(&mut self, now: Timestamp) {
        if let Some(back) = self.last_seen.map(|last| last.duration_since(now))
            && back.is_positive()
        {
            let waiting = self.waiting.iter_mut().map(|waiting| &mut waiting.at);
            let times = self.sent.iter_mut().chain(waiting);
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
    use super::{Limiter, Place, RateLimit};

    struct Stopped(Mutex<Timestamp>);

    impl Stopped {
        fn start() -> Self {
            Self(Mutex::new(Timestamp::UNIX_EPOCH))
        }

        fn advance(&self, by: Duration) {
            *self.0.lock().expect("no panic") += by;
        }
    }

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            *self.0.lock().expect("no panic")
        }

        fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
            Box::pin(ready(()))
        }
    }

    fn delay(place: &Place<'_>) -> Duration {
        place.time_left().map(|(_, left)| left).unwrap_or_default()
    }

    #[test]
    fn a_pause_holds_up_those_that_wait() {
        let limiter = Limiter::new(RateLimit::per_seconds(2, 10));
        let clock = Stopped::start();
        let seconds = |seconds| clock.advance(Duration::from_secs(seconds));
        let new_delay = || delay(&limiter.queue(&clock)).as_secs();
        for _ in 0..2 {
            assert!(limiter.queue(&clock).take());
        }
        let waiting = limiter.queue(&clock);
        assert_eq!(delay(&waiting).as_secs(), 10);
        limiter.pause(&clock, Duration::from_secs(15));
        limiter.pause(&clock, Duration::from_secs(3));
        seconds(10);
        assert!(!waiting.take(), "it would be refused");
        assert_eq!(delay(&waiting).as_secs(), 5);
        drop(waiting);
        assert_eq!(new_delay(), 5);
        // Behind a pause the limit holds.
        let rest = [(); 3].map(|()| limiter.queue(&clock));
        assert_eq!(rest.each_ref().map(|one| delay(one).as_secs()), [5, 5, 15]);
        drop(rest);
        seconds(5);
        assert!(limiter.queue(&clock).take());
        limiter.pause(&clock, Duration::MAX);
        assert_eq!(new_delay(), 60);
    }

    #[test]
    fn those_that_do_not_come_hold_up_nobody_for_ever() {
        let limiter = Limiter::new(RateLimit::per_seconds(1, 10));
        let clock = Stopped::start();
        let _idle = [limiter.queue(&clock), limiter.queue(&clock)];
        let last = limiter.queue(&clock);
        assert_eq!(delay(&last).as_secs(), 20);
        clock.advance(Duration::from_secs(20));
        limiter.count(&clock);
        assert!(!last.take());
        assert_eq!(delay(&last).as_secs(), 10);
        clock.advance(Duration::from_secs(10));
        assert!(last.take());
    }

    proptest! {
        /// However late they come and whoever gives up meanwhile: no period has more requests than it
        /// may, and none waits longer than those before it take.
        #[test]
        fn requests_keep_the_limit_and_wait_no_longer(
            requests in 1..6_u32,
            is_late: bool,
            steps in prop::collection::vec(
                (0..1500_u64, 0..4_usize, prop::collection::vec(0..8_usize, 0..3)),
                1..60,
            ),
        ) {
            let period = Duration::from_secs(1);
            let limiter = Limiter::new(RateLimit::new(requests, period));
            let clock = Stopped::start();
            let mut sent: Vec<Timestamp> = Vec::new();
            let mut waiting: Vec<Place<'_>> = Vec::new();
            for (pause, new, given_up) in steps {
                let end = clock.now() + Duration::from_millis(pause);
                let mut is_over = false;
                while !is_over {
                    let next = waiting.iter().map(|place| clock.now() + delay(place)).min();
                    let next = next.filter(|next| !is_late && *next < end).unwrap_or(end);
                    is_over = next == end;
                    clock.advance(next.duration_since(clock.now()).unsigned_abs());
                    waiting.retain(|place| {
                        let is_taken = delay(place).is_zero() && place.take();
                        sent.extend(is_taken.then(|| clock.now()));
                        !is_taken
                    });
                }
                let now = clock.now();
                for index in given_up {
                    if index < waiting.len() {
                        waiting.remove(index);
                    }
                }
                waiting.extend((0..new).map(|_| limiter.queue(&clock)));
                let mut times = sent.clone();
                for place in &waiting {
                    let before = times.len().checked_sub(requests as usize);
                    let earliest = before.map_or(now, |index| now.max(times[index] + period));
                    let at = now + delay(place);
                    prop_assert!(at == earliest || is_late && at < earliest);
                    times.push(earliest);
                }
            }
            for times in sent.windows(requests as usize + 1) {
                prop_assert!(times[times.len() - 1].duration_since(times[0]).as_millis() >= 1000);
            }
        }
    }
}
