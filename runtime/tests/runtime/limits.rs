//! Limits that the client keeps: requests in a period, time for a call and an attempt.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use oas_runtime as rt;
use rt::CallOptions as _;
use rt::Clock as _;

use crate::clock::{ManualClock, TestClock};
use crate::sample::{Client, DOCUMENT, GET_PET};
use crate::server::{Server, answer, json};

/// Notes when requests are sent.
#[derive(Clone)]
struct Times(TestClock, Arc<Mutex<Vec<i64>>>);

impl rt::Observe for Times {
    fn before_request(&self, _: &mut rt::OutgoingRequest<'_>) {
        let now = self.0.now().as_second();
        self.1.lock().expect("no panic").push(now);
    }
}

/// The seconds at which calls one after the other are sent.
async fn times(
    calls: u32,
    configure: impl FnOnce(rt::ClientBuilder) -> rt::ClientBuilder,
    document: &'static rt::Document,
) -> Vec<i64> {
    let server = Server::start([json("200 OK", "1")]).await;
    let times = Times(TestClock::start(), Arc::default());
    let began = times.0.now().as_second();
    let builder = rt::ClientBuilder::new(document)
        .base_url(&server.url)
        .clock(times.0.clone())
        .observe(times.clone());
    let client: rt::Client = configure(builder).build().expect("a good configuration");
    for number in 0..calls {
        // Clones share the limit.
        let mut request = client.clone().request(&GET_PET);
        request.path("id", &number, rt::Style::Simple { explode: false });
        request.send_raw().await.expect("a 200");
        times.0.advance(Duration::from_secs(1));
    }
    let times = times.1.lock().expect("no panic").clone();
    times.iter().map(|time| time - began).collect()
}

static LIMITED: rt::Document = rt::Document {
    rate_limit: Some(rt::RateLimit::per_seconds(3, 10)),
    ..DOCUMENT_COPY
};

const DOCUMENT_COPY: rt::Document = rt::Document {
    servers: &[],
    operation_variables: &[],
    security_schemes: &[],
    user_agent: "",
    rate_limit: None,
};

#[tokio::test]
async fn requests_keep_the_rate() {
    let document = times(8, |builder| builder, &LIMITED).await;
    assert_eq!(document, [0, 1, 2, 10, 11, 12, 20, 21]);
    let off = times(8, rt::ClientBuilder::no_rate_limit, &LIMITED).await;
    assert_eq!(off, [0, 1, 2, 3, 4, 5, 6, 7]);
    let one = rt::RateLimit::per_seconds(0, 5);
    let given = times(3, |builder| builder.rate_limit(one), &DOCUMENT).await;
    assert_eq!(given, [0, 5, 10]);
}

/// The seconds at which two calls are sent, of which the first is refused with this `Retry-After`.
async fn refused(
    retry_after: &str,
    configure: impl FnOnce(rt::ClientBuilder) -> rt::ClientBuilder,
) -> Vec<i64> {
    let headers = format!("{retry_after}\r\n");
    let refusal = answer("429 Too Many Requests", &headers, "");
    let server = Server::start([refusal, json("200 OK", "1")]).await;
    let times = Times(TestClock::start(), Arc::default());
    let began = times.0.now().as_second();
    let builder = rt::ClientBuilder::new(&DOCUMENT)
        .base_url(&server.url)
        .clock(times.0.clone())
        .retry(rt::NoRetry)
        .observe(times.clone());
    let client: rt::Client = configure(builder).build().expect("a good configuration");
    for status in [429, 200] {
        let answer = client.clone().request(&PLAIN_STATIC).send_raw().await;
        assert_eq!(answer.expect("an answer").status(), status);
        times.0.advance(Duration::from_secs(1));
    }
    let times = times.1.lock().expect("no panic").clone();
    times.iter().map(|time| time - began).collect()
}

static PLAIN_STATIC: rt::Operation = crate::sample::PLAIN;

#[tokio::test]
async fn a_refusal_for_haste_holds_for_all_clones() {
    let limited = |builder: rt::ClientBuilder| builder.rate_limit(rt::RateLimit::per_seconds(9, 9));
    for (retry_after, expected) in [
        ("Retry-After: 30", [0, 30]),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", [0, 7]),
        ("Retry-After: Sunday, 06-Nov-94 08:49:37 GMT", [0, 7]),
        ("Retry-After: Sun Nov  6 08:49:37 1994", [0, 7]),
        ("Retry-After: 86400", [0, 60]),
        ("Retry-After: 99999999999999999999999", [0, 60]),
        ("Retry-After: Monday, 06-Nov-44 08:49:37 GMT", [0, 60]),
        ("Retry-After: Monday, 06-Nov-45 08:49:37 GMT", [0, 1]),
        ("Retry-After: +30", [0, 1]),
        ("Retry-After: 0", [0, 1]),
        ("Retry-After: soon", [0, 1]),
        ("X-Other: 30", [0, 1]),
    ] {
        assert_eq!(
            refused(retry_after, limited).await,
            expected,
            "{retry_after}"
        );
        let alone = refused(retry_after, rt::ClientBuilder::no_rate_limit).await;
        assert_eq!(alone, [0, 1], "{retry_after}");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_stops_nothing() {
    let server = Server::start([json("200 OK", "1")]).await;
    let clock = TestClock::start();
    let client = Client::builder()
        .base_url(&server.url)
        .clock(clock.clone())
        .rate_limit(rt::RateLimit::per_seconds(1, 10))
        .build()
        .expect("a good URL");
    let _ = client.get_pet("1").send().await;
    clock.set_back(Duration::from_hours(1));
    let began = clock.now();
    let _ = client.get_pet("1").send().await;
    assert_eq!(clock.now().duration_since(began).as_secs(), 10);
}

/// A clock whose waits do not end.
#[derive(Clone)]
struct Stopped;

impl rt::Clock for Stopped {
    fn now(&self) -> rt::Timestamp {
        rt::Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, duration: Duration) -> rt::BoxFuture<'static, ()> {
        Box::pin(async move {
            assert!(duration <= Duration::from_secs(30), "waits {duration:?}");
            std::future::pending::<()>().await;
        })
    }
}

#[tokio::test]
async fn calls_that_are_given_up_leave_their_time_to_others() {
    let server = Server::start([json("200 OK", "1")]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .clock(Stopped)
        .rate_limit(rt::RateLimit::per_seconds(2, 10))
        .build()
        .expect("a good URL");
    for _ in 0..2 {
        let _ = client.get_pet("1").send().await;
    }
    // The six wait for 10, 10, 20, 20, 30 and 30 seconds; each round gives them up.
    for _ in 0..3 {
        let mut waiting: Vec<_> = (0..6).map(|_| client.get_pet("1").send()).collect();
        for call in &mut waiting {
            let mut context = Context::from_waker(Waker::noop());
            assert!(Pin::new(call).poll(&mut context).is_pending());
        }
    }
    assert_eq!(server.requests().len(), 2);
}

/// Notes when requests are sent, in seconds.
#[derive(Clone, Default)]
struct Sent(ManualClock, Arc<Mutex<Vec<i64>>>);

impl rt::Observe for Sent {
    fn before_request(&self, _: &mut rt::OutgoingRequest<'_>) {
        self.1
            .lock()
            .expect("no panic")
            .push(self.0.now().as_second());
    }
}

impl Sent {
    fn times(&self) -> Vec<i64> {
        self.1.lock().expect("no panic").clone()
    }
}

#[tokio::test]
async fn calls_move_up_when_others_before_them_are_given_up() {
    let server = Server::start([json("200 OK", "1")]).await;
    let sent = Sent::default();
    let client = rt::ClientBuilder::<rt::Client>::new(&DOCUMENT)
        .base_url(&server.url)
        .clock(sent.0.clone())
        .observe(sent.clone())
        .rate_limit(rt::RateLimit::per_seconds(10, 2))
        .build()
        .expect("a good URL");
    let calls = |count| -> Vec<_> {
        let call = |_| tokio::spawn(client.request(&PLAIN_STATIC).send_raw());
        (0..count).map(call).collect()
    };
    for call in calls(10) {
        call.await.expect("no panic").expect("an answer");
    }
    let given_up = calls(40);
    let last = calls(10);
    sent.0.until_waiting(50).await;
    for call in given_up {
        call.abort();
        assert!(call.await.is_err());
    }
    sent.0.advance(Duration::from_secs(2));
    for call in last {
        call.await.expect("no panic").expect("an answer");
    }
    assert_eq!(sent.times(), [[0; 10], [2; 10]].concat());
}

#[tokio::test]
async fn calls_that_wait_for_a_token_too_keep_the_rate() {
    let server = Server::start([json("200 OK", "1")]).await;
    let sent = Sent::default();
    let gate = Arc::new(tokio::sync::Semaphore::new(1));
    let handle = Arc::clone(&gate);
    let source = move || {
        let gate = Arc::clone(&handle);
        async move {
            gate.acquire().await.expect("never closed").forget();
            Ok(rt::AccessToken::new("token").expires_in(Duration::from_secs(5)))
        }
    };
    let client = rt::ClientBuilder::<rt::Client>::new(&WITH_SCHEME)
        .base_url(&server.url)
        .clock(sent.0.clone())
        .observe(sent.clone())
        .token_source(source)
        .rate_limit(rt::RateLimit::per_seconds(2, 4))
        .build()
        .expect("a good URL");
    let calls: Vec<_> = (0..8)
        .map(|_| tokio::spawn(client.request(&WITH_TOKEN).send_raw()))
        .collect();
    // Two are sent at once, two after four seconds, and then there is no token.
    for (seconds, waiting) in [(0, 6), (4, 4), (4, 2), (4, 0)] {
        sent.0.advance(Duration::from_secs(seconds));
        sent.0.until_waiting(waiting).await;
    }
    // Another one is needed four seconds later.
    gate.add_permits(2);
    sent.0.until_waiting(2).await;
    sent.0.advance(Duration::from_secs(4));
    for call in calls {
        call.await.expect("no panic").expect("an answer");
    }
    assert_eq!(sent.times(), [0, 0, 4, 4, 12, 12, 16, 16]);
}

static WITH_SCHEME: rt::Document = rt::Document {
    security_schemes: &[rt::SecurityScheme {
        name: "token",
        kind: rt::SecuritySchemeKind::HttpBearer,
    }],
    ..DOCUMENT_COPY
};

#[tokio::test]
async fn redirects_count_too() {
    let server = Server::answering(|request| async move {
        if request.starts_with("GET /plain ") {
            answer("302 Found", "Location: /there\r\n", "")
        } else {
            json("200 OK", "1")
        }
    })
    .await;
    let times = Times(TestClock::start(), Arc::default());
    let began = times.0.now().as_second();
    let client = rt::ClientBuilder::<rt::Client>::new(&DOCUMENT)
        .base_url(&server.url)
        .clock(times.0.clone())
        .observe(times.clone())
        .rate_limit(rt::RateLimit::per_seconds(4, 10))
        .build()
        .expect("a good URL");
    for _ in 0..4 {
        let answer = client.request(&PLAIN_STATIC).send_raw().await;
        assert_eq!(answer.expect("an answer").status(), 200);
        times.0.advance(Duration::from_secs(1));
    }
    let times = times.1.lock().expect("no panic").clone();
    let times: Vec<_> = times.iter().map(|time| time - began).collect();
    assert_eq!(times, [0, 1, 10, 11]);
}

/// A server that reads requests and does not answer.
async fn silent() -> Server {
    Server::answering(|_| std::future::pending()).await
}

#[tokio::test]
async fn an_attempt_has_its_time() {
    let server = silent().await;
    // Each wait of this clock is over at once.
    let client = Client::builder()
        .base_url(&server.url)
        .clock(TestClock::start())
        .attempt_timeout(Duration::from_secs(3));
    let client = client.build().expect("a good URL");
    let error = client.get_pet("1").send().await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: no complete answer within 3s"
    );
    let longer = client.get_pet("1").attempt_timeout(Duration::from_secs(4));
    let error = longer.no_retry().send().await.expect_err("no answer");
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: no complete answer within 4s"
    );
}

static WITH_TOKEN: rt::Operation = rt::Operation {
    security: &[&[rt::SecurityUse {
        scheme: "token",
        scopes: &[],
    }]],
    ..crate::sample::PLAIN
};

#[tokio::test]
async fn a_call_has_its_time() {
    let server = silent().await;
    let client = Client::builder()
        .base_url(&server.url)
        .clock(TestClock::start())
        .timeout(Duration::from_secs(3));
    let client = client.build().expect("a good URL");
    let error = client.get_pet("1").send().await.expect_err("no answer");
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: no complete answer within 3s, the request was sent once"
    );
    // A token counts too.
    let source = || std::future::pending();
    let client = Client::builder()
        .base_url(&server.url)
        .clock(TestClock::start())
        .token_source(source)
        .timeout(Duration::from_secs(3));
    let client = client.build().expect("a good URL");
    let request = client.inner.request(&WITH_TOKEN);
    let error = request.send_raw().await.expect_err("no token");
    assert_eq!(
        error.to_string(),
        "GET /plain: no complete answer within 3s, the request was not sent in that time"
    );
}
