//! The tenant's time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use oas_runtime::{BoxFuture, Clock};

/// Time that tests can move; clones are the same clock.
///
/// It is a client's [`Clock`] too: a client that is built with it sees the tenant's time, and passes
/// the time that it would wait for instead of waiting.
#[derive(Clone, Debug)]
pub struct TenantClock(Arc<Mutex<Time>>);

#[derive(Debug)]
enum Time {
    /// The machine's time, this far ahead.
    Running(SignedDuration),
    /// Moves only when it is moved.
    Stopped(Timestamp),
}

impl TenantClock {
    /// The machine's time.
    pub fn running() -> Self {
        Self(Arc::new(Mutex::new(Time::Running(SignedDuration::ZERO))))
    }

    /// A time that stands still until it is moved.
    pub fn stopped_at(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Time::Stopped(now))))
    }

    /// The tenant's time.
    pub fn now(&self) -> Timestamp {
        self.with(|time| time.now())
    }

    /// Lets time pass.
    pub fn advance(&self, duration: Duration) {
        self.with(|time| {
            let then = after(time.now(), duration);
            time.reach(then);
        });
    }

    /// Lets time pass until then; a time that has passed already changes nothing.
    pub fn advance_to(&self, then: Timestamp) {
        self.with(|time| time.reach(then));
    }

    fn with<T>(&self, work: impl FnOnce(&mut Time) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Time {
    fn now(&self) -> Timestamp {
        match *self {
            Self::Running(ahead) => Timestamp::now()
                .checked_add(ahead)
                .unwrap_or(Timestamp::MAX),
            Self::Stopped(now) => now,
        }
    }

    fn reach(&mut self, then: Timestamp) {
        let missing = then.duration_since(self.now());
        if missing.is_negative() {
            return;
        }
        match self {
            Self::Running(ahead) => *ahead = ahead.saturating_add(missing),
            Self::Stopped(now) => *now = then,
        }
    }
}

impl Clock for TenantClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // Fixed before waiting, so that calls that wait at the same time pass that time once.
        let until = after(Self::now(self), duration);
        let clock = self.clone();
        Box::pin(async move {
            tokio::task::yield_now().await;
            clock.advance_to(until);
        })
    }
}

/// The end of time, if that is earlier.
pub(crate) fn after(now: Timestamp, duration: Duration) -> Timestamp {
    SignedDuration::try_from(duration)
        .ok()
        .and_then(|duration| now.checked_add(duration).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_only_goes_forward() {
        let start = Timestamp::UNIX_EPOCH;
        let clock = TenantClock::stopped_at(start);
        let same = clock.clone();
        same.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), after(start, Duration::from_secs(5)));
        clock.advance_to(start);
        assert_eq!(clock.now(), after(start, Duration::from_secs(5)));

        let running = TenantClock::running();
        let before = running.now();
        running.advance(Duration::from_hours(1));
        assert!(running.now() >= after(before, Duration::from_hours(1)));
    }
}
