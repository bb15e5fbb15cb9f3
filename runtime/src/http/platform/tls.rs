//! The HTTP client's TLS.

use std::cell::Cell;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use url::Url;

use super::Followed;

/// Longest time to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence of a server, before and within an answer.
const READ_TIMEOUT: Duration = Duration::from_mins(2);
/// Most redirects that are followed.
const MAX_REDIRECTS: usize = 10;

thread_local! {
    static FOLLOWED: Cell<Followed> = const { Cell::new(Followed { all: 0, answers: 0 }) };
}

pub(in super::super) fn followed_redirects() -> Followed {
    FOLLOWED.get()
}

/// What a [`Client`](crate::Client) starts from, to be changed and given to
/// [`ClientBuilder::http_client`](crate::ClientBuilder::http_client).
///
/// TLS is rustls with ring, unless the process has chosen another provider, and the platform's
/// certificates. Bodies are asked for without compression. Connecting and silence are limited in time. Redirects are followed within the
/// server only, so that keys in headers reach no other one.
pub fn http_client_builder() -> reqwest::ClientBuilder {
    ensure_crypto_provider();
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .referer(false)
        // What has no other form need not be taken out of one.
        .default_headers(HeaderMap::from_iter([(
            ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        )]))
        .redirect(Policy::custom(follow_within_origin))
}

/// Follows a redirect that stays with the server; another redirect is the answer.
fn follow_within_origin(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let stays = attempt
        .previous()
        .first()
        .is_some_and(|first| same_origin(first, attempt.url()));
    if attempt.previous().len() > MAX_REDIRECTS {
        attempt.error("too many redirects")
    } else if stays {
        let Followed { all, answers } = FOLLOWED.get();
        let is_answer = !matches!(attempt.status().as_u16(), 307 | 308);
        FOLLOWED.set(Followed {
            all: all.wrapping_add(1),
            answers: answers.wrapping_add(u64::from(is_answer)),
        });
        attempt.follow()
    } else {
        attempt.stop()
    }
}

fn same_origin(from: &Url, to: &Url) -> bool {
    let upgrade = from.scheme() == "http"
        && to.scheme() == "https"
        && from.port().is_none()
        && to.port().is_none()
        && from.host() == to.host();
    upgrade || from.origin() == to.origin()
}

/// Makes ring the process's TLS provider, unless the program has chosen one.
///
/// `reqwest` is built without a provider, so that no C library is forced on a program, and panics
/// without one.
fn ensure_crypto_provider() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread has just installed one, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
