//! Work that goes on by itself, where there is something to run it.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Work that goes on without being polled, and ends when nobody holds it any more.
pub(super) struct Task<R>(JoinHandle<R>);

/// Lets Tokio run the work; where it is not current, the work is given back.
pub(super) fn spawn<W>(work: W) -> Result<Task<W::Output>, W>
where
    W: Future<Output: Send + 'static> + Send + 'static,
{
    match Handle::try_current() {
        Ok(runtime) => Ok(Task(runtime.spawn(work))),
        Err(_) => Err(work),
    }
}

/// `None`: the work was given up, because the runtime that it went on in ended, or because it
/// panicked.
impl<R> Future for Task<R> {
    type Output = Option<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<R>> {
        Pin::new(&mut self.0).poll(context).map(Result::ok)
    }
}

impl<R> Drop for Task<R> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
