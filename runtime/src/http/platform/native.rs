//! Threads, sockets, and Tokio, which drives both.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What can be sent to another thread; in a browser, which has one, anything.
pub trait MaybeSend: Send {}

impl<T: Send + ?Sized> MaybeSend for T {}

/// What several threads can use at a time; in a browser, which has one, anything.
pub trait MaybeSync: Sync {}

impl<T: Sync + ?Sized> MaybeSync for T {}

/// Work that goes on without being polled, and ends when nobody holds it any more.
pub(in super::super) struct Task<R>(JoinHandle<R>);

/// Lets Tokio run the work; where it is not current, the work is given back.
pub(in super::super) fn spawn<W>(work: W) -> Result<Task<W::Output>, W>
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

pub(in super::super) fn sleep(duration: Duration) -> BoxFuture<'static, ()> {
    Box::pin(tokio::time::sleep(duration))
}

/// The body of an answer.
pub(in super::super) struct Body(reqwest::Response);

impl Body {
    pub(in super::super) fn new(response: reqwest::Response) -> Self {
        Self(response)
    }

    pub(in super::super) async fn next(&mut self) -> reqwest::Result<Option<Bytes>> {
        self.0.chunk().await
    }
}

/// Whether there was no connection, so that the server has not seen the request.
pub(in super::super) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// Whether a connection failed because of the server's certificate.
pub(in super::super) fn is_untrusted(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn StdError> = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
            return true;
        }
        // An `io::Error` leaves the error that it is made of out of its sources.
        let made_of = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        cause = match made_of {
            Some(error) => Some(error),
            None => error.source(),
        };
    }
    false
}
