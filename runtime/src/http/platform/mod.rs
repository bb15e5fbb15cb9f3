//! What differs between a machine with threads and sockets, and a browser.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(not(target_arch = "wasm32"))]
mod tls;
#[cfg(not(target_arch = "wasm32"))]
mod transport;

#[cfg(target_arch = "wasm32")]
pub(super) use browser::{
    Body, Task, Transport, followed_redirects, is_connect, obstacle, sleep, spawn,
};
#[cfg(target_arch = "wasm32")]
pub use browser::{BoxFuture, MaybeSend, MaybeSync, http_client_builder};
#[cfg(not(target_arch = "wasm32"))]
pub(super) use native::{Body, Task, is_connect, obstacle, sleep, spawn};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{BoxFuture, MaybeSend, MaybeSync};
#[cfg(not(target_arch = "wasm32"))]
pub(super) use tls::followed_redirects;
#[cfg(not(target_arch = "wasm32"))]
pub use tls::http_client_builder;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use transport::Transport;

/// What keeps a connection from being made, and will the next time too.
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "a browser does not say")
)]
pub(super) enum Obstacle {
    /// The server's certificate.
    Certificate {
        /// What to do about it.
        advice: Option<&'static str>,
    },
    /// The proxy, which asks for other credentials.
    Proxy,
}

/// How many redirects were followed on this thread. An error behind one does not tell of it, and
/// whoever polls a request finds out by comparing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Followed {
    /// All of them.
    pub(super) all: u64,
    /// Those that may be the answer to a request that was acted on: all but 307 and 308, which say
    /// that it is to be sent to another place.
    pub(super) answers: u64,
}
