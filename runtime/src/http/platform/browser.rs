//! A browser, or what behaves as one: it has connections, TLS, time and one thread of its own.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::stream::{Stream, StreamExt as _};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::super::BuildError;
use super::{Followed, Obstacle};

/// A future that a trait object can return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What can be sent to another thread; in a browser, which has one, anything.
pub trait MaybeSend {}

impl<T: ?Sized> MaybeSend for T {}

/// What several threads can use at a time; in a browser, which has one, anything.
pub trait MaybeSync {}

impl<T: ?Sized> MaybeSync for T {}

/// Work that goes on without being polled, and ends when nobody holds it any more.
pub(in super::super) struct Task<R>(BoxFuture<'static, R>);

/// Lets the browser run the work.
pub(in super::super) fn spawn<W>(work: W) -> Result<Task<W::Output>, W>
where
    W: Future<Output: 'static> + 'static,
{
    let (work, handle) = work.remote_handle();
    spawn_local(work);
    Ok(Task(Box::pin(handle)))
}

/// Never `None`: what runs the work does not end before the program.
impl<R> Future for Task<R> {
    type Output = Option<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<R>> {
        self.0.poll_unpin(context).map(Some)
    }
}

pub(in super::super) fn sleep(duration: Duration) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        // Part of a millisecond is one.
        let mut left = duration.as_nanos().div_ceil(1_000_000);
        while left > 0 {
            let part = i32::try_from(left).unwrap_or(i32::MAX);
            Timer::start(part).wait().await;
            left -= u128::from(part.unsigned_abs());
        }
    })
}

/// A timer of the browser, which is stopped when it is dropped.
struct Timer {
    id: JsValue,
    end: Promise,
}

impl Timer {
    fn start(milliseconds: i32) -> Self {
        let mut id = JsValue::UNDEFINED;
        let end = Promise::new(&mut |resolve: Function, _| {
            let set = global("setTimeout");
            let started = set
                .map(|set| set.call2(&JsValue::UNDEFINED, &resolve, &JsValue::from(milliseconds)));
            match started {
                Some(Ok(timer)) => id = timer,
                // Where there is no time there is no waiting.
                _ => drop(resolve.call0(&JsValue::UNDEFINED)),
            }
        });
        Self { id, end }
    }

    async fn wait(self) {
        // A timer does not fail.
        let _ = JsFuture::from(self.end.clone()).await;
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(clear) = global("clearTimeout") {
            let _ = clear.call1(&JsValue::UNDEFINED, &self.id);
        }
    }
}

/// A function that every script can call.
fn global(name: &str) -> Option<Function> {
    let found = Reflect::get(&js_sys::global(), &JsValue::from(name)).ok()?;
    found.dyn_into().ok()
}

/// The body of an answer.
pub(in super::super) struct Body(Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>>>>);

impl Body {
    pub(in super::super) fn new(response: reqwest::Response) -> Self {
        Self(Box::pin(response.bytes_stream()))
    }

    pub(in super::super) async fn next(&mut self) -> reqwest::Result<Option<Bytes>> {
        self.0.next().await.transpose()
    }
}

/// Whether there was no connection: a browser does not say.
pub(in super::super) fn is_connect(_: &reqwest::Error) -> bool {
    false
}

/// What keeps a connection from being made: a browser does not say.
pub(in super::super) fn obstacle(_: &reqwest::Error) -> Option<Obstacle> {
    None
}

/// A browser follows redirects by itself; the answer's URL tells of it.
pub(in super::super) fn followed_redirects() -> Followed {
    Followed::default()
}

/// What a [`Client`](crate::Client) starts from, to be changed and given to
/// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
///
/// Connections, proxies, certificates and redirects are the browser's.
pub fn http_client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
}

/// What the user wants of the HTTP client: in a browser there is nothing to choose.
#[derive(Clone, Default)]
pub(in super::super) struct Transport;

impl Transport {
    #[expect(clippy::unused_self, reason = "as on other platforms")]
    pub(in super::super) fn refuse_beside_own(&self) -> Result<(), String> {
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "as on other platforms")]
    pub(in super::super) fn http_client(&self, _: bool) -> Result<reqwest::Client, BuildError> {
        http_client_builder()
            .build()
            .map_err(BuildError::from_reqwest)
    }
}
