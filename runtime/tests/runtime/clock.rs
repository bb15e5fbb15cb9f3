//! Time that passes only when something waits for it, or when the test says so.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use oas_runtime as rt;

/// Stands still; waiting for it moves it forward and takes no time.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<Mutex<rt::Timestamp>>);

impl TestClock {
    pub(crate) fn start() -> Self {
        let now = "1994-11-06T08:49:30Z".parse().expect("a time");
        Self(Arc::new(Mutex::new(now)))
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().expect("no test thread panicked") += by;
    }

    pub(crate) fn set_back(&self, by: Duration) {
        *self.0.lock().expect("no test thread panicked") -= by;
    }
}

impl rt::Clock for TestClock {
    fn now(&self) -> rt::Timestamp {
        *self.0.lock().expect("no test thread panicked")
    }

    fn sleep(&self, duration: Duration) -> rt::BoxFuture<'static, ()> {
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Stands still until the test moves it forward, and lets those wait that wait for it.
#[derive(Clone, Default)]
pub(crate) struct ManualClock(Arc<Mutex<Moment>>);

#[derive(Default)]
struct Moment {
    since_start: Duration,
    /// The waits that are under way, each with its end.
    waits: BTreeMap<u64, (Duration, Option<Waker>)>,
    last: u64,
}

impl ManualClock {
    pub(crate) fn advance(&self, by: Duration) {
        let mut moment = self.moment();
        moment.since_start += by;
        let wakers = moment.waits.values_mut();
        let wakers: Vec<Waker> = wakers.filter_map(|(_, waker)| waker.take()).collect();
        drop(moment);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Lets other tasks go on until this many wait for the clock: those whose wait is over have then
    /// gone on too.
    pub(crate) async fn until_waiting(&self, count: usize) {
        while self.moment().waits.len() != count {
            tokio::task::yield_now().await;
        }
    }

    fn moment(&self) -> MutexGuard<'_, Moment> {
        self.0.lock().expect("no test thread panicked")
    }
}

impl rt::Clock for ManualClock {
    fn now(&self) -> rt::Timestamp {
        rt::Timestamp::UNIX_EPOCH + self.moment().since_start
    }

    fn sleep(&self, duration: Duration) -> rt::BoxFuture<'static, ()> {
        let mut moment = self.moment();
        moment.last += 1;
        let number = moment.last;
        let end = moment.since_start + duration;
        moment.waits.insert(number, (end, None));
        Box::pin(Wait {
            clock: self.clone(),
            number,
            end,
        })
    }
}

struct Wait {
    clock: ManualClock,
    number: u64,
    end: Duration,
}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut moment = self.clock.moment();
        if moment.since_start >= self.end {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        moment.waits.insert(self.number, (self.end, Some(waker)));
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.clock.moment().waits.remove(&self.number);
    }
}
