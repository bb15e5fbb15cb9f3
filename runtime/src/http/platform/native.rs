//! Threads, sockets, and Tokio, which drives both.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use rustls::CertificateError;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::Obstacle;

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

/// What kept a connection from being made, if it will do so the next time.
pub(in super::super) fn obstacle(error: &reqwest::Error) -> Option<Obstacle> {
    /// What the error of a tunnel that a proxy answers with 407 says: its type is not public.
    const PROXY_REFUSES: &str = "tunnel error: proxy authorization required";

    let mut cause: Option<&dyn StdError> = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(reason)) = error.downcast_ref() {
            return Some(Obstacle::Certificate {
                advice: certificate_advice(reason),
            });
        }
        // An `io::Error` leaves the error that it is made of out of its sources.
        let made_of = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        cause = match made_of {
            Some(error) => Some(error),
            None => error.source(),
        };
        if cause.is_none() && error.to_string() == PROXY_REFUSES {
            return Some(Obstacle::Proxy);
        }
    }
    None
}

fn certificate_advice(reason: &CertificateError) -> Option<&'static str> {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, Other, UnknownIssuer,
    };
    match reason {
        UnknownIssuer | Other(_) => {
            Some("an authority of one's own is trusted if it is given with `root_certificate_pem`")
        }
        NotValidForName | NotValidForNameContext { .. } => Some(
            "the certificate is that of another host: check the host in the base URL, and that no \
             proxy answers in its place",
        ),
        Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. } => {
            Some("check this machine's time; if it is right, the server needs another certificate")
        }
        _ => None,
    }
}
