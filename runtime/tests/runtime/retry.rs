//! Retry: the policy decides, the client waits by its clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use oas_runtime as rt;

use rt::CallOptions as _;

use crate::clock::TestClock;
use crate::sample::{Client, GET_PET, POST, PUT_PET};
use crate::server::{Server, answer, json};

/// Notes what it is asked, and waits for no time at all.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: String) {
        self.0.lock().expect("no test thread panicked").push(note);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no test thread panicked").clone()
    }
}

impl rt::Clock for Notes {
    fn now(&self) -> rt::Timestamp {
        "1994-11-06T08:49:30Z".parse().expect("a time")
    }

    fn sleep(&self, duration: Duration) -> rt::BoxFuture<'static, ()> {
        self.add(format!("sleep {duration:?}"));
        Box::pin(std::future::ready(()))
    }
}

/// Up to three attempts for what is idempotent, waiting as the server asks or a second.
impl rt::RetryPolicy for Notes {
    fn next_delay(&self, attempt: &rt::Attempt<'_>) -> Option<Duration> {
        let outcome = match attempt.outcome {
            rt::Outcome::Status { status, .. } => status.to_string(),
            rt::Outcome::Transport(error) => format!("{:?}", error.kind()),
            _ => "other".to_owned(),
        };
        self.add(format!(
            "attempt {} of {}: {outcome}",
            attempt.number, attempt.operation
        ));
        let wanted = attempt.operation.is_idempotent() && attempt.number < 3;
        wanted.then(|| attempt.retry_after().unwrap_or(Duration::from_secs(1)))
    }
}

async fn run(
    operation: &'static rt::Operation,
    answers: impl IntoIterator<Item = Vec<u8>>,
) -> (Option<u16>, Vec<String>, Vec<String>) {
    let notes = Notes::default();
    let server = Server::start(answers).await;
    let client = Client::builder().base_url(&server.url);
    let client = client
        .retry(notes.clone())
        .clock(notes.clone())
        .build()
        .expect("a good URL");
    let mut request = client.inner.request(operation);
    request.path("id", &"1".to_owned(), rt::Style::Simple { explode: false });
    request.text("body", "text/plain");
    let status = request
        .send_raw()
        .await
        .ok()
        .map(|response| response.status());
    (status, notes.all(), server.requests())
}

#[tokio::test]
async fn an_idempotent_request_is_repeated_as_it_was() {
    let date = "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    let (status, notes, requests) = run(
        &PUT_PET,
        [
            answer("503 Service Unavailable", date, ""),
            b"not HTTP at all\r\n\r\n".to_vec(),
            json("200 OK", "1"),
        ],
    )
    .await;
    assert_eq!(status, Some(200));
    assert_eq!(
        notes,
        [
            "attempt 1 of PUT /pets/{id}: 503",
            "sleep 7s",
            "attempt 2 of PUT /pets/{id}: Broken",
            "sleep 1s",
        ]
    );
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| *request == requests[0]));
    assert!(requests[0].ends_with("\r\n\r\nbody"));
}

#[tokio::test]
async fn the_policy_has_the_last_word() {
    let failing = || [json("500 Internal Server Error", "{}")];
    let (status, notes, requests) = run(&PUT_PET, failing()).await;
    assert_eq!((status, requests.len()), (Some(500), 3));
    assert_eq!(
        notes.last().map(String::as_str),
        Some("attempt 3 of PUT /pets/{id}: 500")
    );
    let (status, notes, requests) = run(&POST, failing()).await;
    assert_eq!((status, requests.len()), (Some(500), 1));
    assert_eq!(notes, ["attempt 1 of POST /post: 500"]);
}

#[tokio::test]
async fn a_request_is_sent_again_unless_that_is_not_wanted() {
    let server = Server::start([json("503 Service Unavailable", "{}")]).await;
    let builder = || {
        Client::builder()
            .base_url(&server.url)
            .clock(TestClock::start())
    };
    let client = builder().build().expect("a good URL");
    assert!(client.get_pet("1").send().await.is_err());
    assert_eq!(server.requests().len(), 5);
    assert!(client.get_pet("1").no_retry().send().await.is_err());
    assert_eq!(server.requests().len(), 6);
    let client = builder().retry(rt::NoRetry).build().expect("a good URL");
    assert!(client.get_pet("1").send().await.is_err());
    assert_eq!(server.requests().len(), 7);
    let twice = rt::Backoff::default().attempts(2);
    assert!(client.get_pet("1").retry(twice).send().await.is_err());
    assert_eq!(server.requests().len(), 9);
}

/// The statuses of one call, sent by its method and answered with `Retry-After`, after attempts and
/// time.
#[test]
fn waits_of_backoff() {
    crate::table::check("backoff.txt", |cells| {
        let &[method, status, retry_after, number, elapsed] = cells else {
            panic!("a case has five inputs: {cells:?}");
        };
        let mut headers = rt::HeaderMap::new();
        if retry_after != "-" {
            headers.insert("retry-after", retry_after.parse().expect("a header value"));
        }
        let operation = if method == "GET" { &GET_PET } else { &POST };
        let attempt = rt::Attempt {
            number: number.parse().expect("a number"),
            operation,
            is_repeatable: operation.is_idempotent(),
            outcome: rt::Outcome::Status {
                status: status.parse().expect("a status"),
                headers: &headers,
            },
            elapsed: Duration::from_secs(elapsed.parse().expect("seconds")),
            now: rt::Timestamp::UNIX_EPOCH,
        };
        let exact = rt::Backoff::default().without_jitter();
        let exact = rt::RetryPolicy::next_delay(&exact, &attempt);
        for _ in 0..20 {
            let random = rt::RetryPolicy::next_delay(&rt::Backoff::default(), &attempt);
            let (Some(exact), Some(random)) = (exact, random) else {
                continue;
            };
            let bounds = if attempt.retry_after().is_some() {
                exact..=exact + Duration::from_millis(500)
            } else {
                exact / 2..=exact
            };
            assert!(bounds.contains(&random), "{random:?} {bounds:?}");
        }
        exact.map_or("final".to_owned(), |delay| format!("{delay:?}"))
    });
}

#[test]
fn the_longest_wait_is_one() {
    let headers = rt::HeaderMap::new();
    let attempt = rt::Attempt {
        number: 1,
        operation: &GET_PET,
        is_repeatable: true,
        outcome: rt::Outcome::Status {
            status: 503,
            headers: &headers,
        },
        elapsed: Duration::ZERO,
        now: rt::Timestamp::UNIX_EPOCH,
    };
    let longest = rt::Backoff::default()
        .first(Duration::MAX)
        .longest(Duration::MAX)
        .total(Duration::MAX)
        .without_jitter();
    let delay = rt::RetryPolicy::next_delay(&longest, &attempt);
    assert_eq!(delay, Some(Duration::MAX));
}
