//! Time that passes only when something waits for it.

use std::sync::{Arc, Mutex};
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
