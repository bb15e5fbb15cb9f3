//! Faults on the way: what is sent again, what must not be, and what is lost.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oas_runtime as rt;
use rt::CallOptions as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::clock::TestClock;
use crate::sample::{Client, GET_PET, POST};
use crate::server::{Server, answer, json};

fn client(url: &str, clock: impl rt::Clock + 'static) -> Client {
    let builder = Client::builder().base_url(url).clock(clock);
    builder.build().expect("a good URL")
}

/// A request of an operation of the sample.
struct Call(rt::Request);

impl AsMut<rt::Request> for Call {
    fn as_mut(&mut self) -> &mut rt::Request {
        &mut self.0
    }
}

fn post(client: &Client) -> Call {
    let mut request = client.inner.request(&POST);
    request.json(&vec![1, 2, 3], "application/json");
    Call(request)
}

fn get(client: &Client) -> Call {
    let mut request = client.inner.request(&GET_PET);
    request.path("id", &1, rt::Style::Simple { explode: false });
    Call(request)
}

/// Status and body, or what went wrong.
async fn outcome(call: Call) -> String {
    match call.0.send_raw().await {
        Ok(response) => format!("{} {}", response.status(), response.text().expect("text")),
        Err(rt::Error::Transport(error)) => format!("{:?}", error.kind()),
        Err(error) => error.to_string(),
    }
}

/// An answer whose body ends before it is whole.
fn cut(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 1000\r\n\r\n{body}").into_bytes()
}

/// Starts a server at an address when something waits for the first time.
#[derive(Clone)]
struct StartsServer {
    address: String,
    server: Arc<Mutex<Option<Server>>>,
}

impl rt::Clock for StartsServer {
    fn now(&self) -> rt::Timestamp {
        rt::Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> rt::BoxFuture<'static, ()> {
        let this = self.clone();
        Box::pin(async move {
            let answer = json("200 OK", "\"late\"");
            let server = Server::answering_at(&this.address, move |_| {
                let answer = answer.clone();
                async { answer }
            });
            *this.server.lock().expect("no panic") = Some(server.await);
        })
    }
}

#[tokio::test]
async fn what_no_server_has_seen_is_sent_again() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let clock = StartsServer {
        address: address.clone(),
        server: Arc::default(),
    };
    let client = client(&format!("http://{address}"), clock.clone());
    assert_eq!(outcome(post(&client)).await, "200 \"late\"");
    let server = clock.server.lock().expect("no panic").take();
    let requests = server.expect("something waited").requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].ends_with("\r\n\r\n[1,2,3]"), "{}", requests[0]);
}

#[tokio::test]
async fn a_post_that_was_cut_off_is_not_sent_again() {
    for half in [Vec::new(), cut("200 OK", "", "[1,")] {
        let server = Server::start([half.clone(), json("200 OK", "1")]).await;
        let client = client(&server.url, TestClock::start());
        assert_eq!(outcome(post(&client)).await, "Broken");
        assert_eq!(server.requests().len(), 1);
        // The caller may know better.
        let server = Server::start([half, json("200 OK", "1")]).await;
        let client = self::client(&server.url, TestClock::start());
        assert_eq!(outcome(post(&client).repeatable()).await, "200 1");
        let requests = server.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0], requests[1]);
    }
}

#[tokio::test]
async fn a_get_that_was_cut_off_is_sent_again_and_nothing_is_doubled() {
    let answers = [
        Vec::new(),
        cut("200 OK", "", "[1,2,"),
        cut("200 OK", "", ""),
        json("200 OK", "[1,2,3]"),
    ];
    let server = Server::start(answers).await;
    let client = client(&server.url, TestClock::start());
    assert_eq!(outcome(get(&client)).await, "200 [1,2,3]");
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn statuses_that_may_have_had_an_effect_are_final_for_a_post() {
    for (status, sent) in [
        ("429 Too Many Requests", 2),
        ("502 Bad Gateway", 1),
        ("503 Service Unavailable", 1),
        ("504 Gateway Timeout", 1),
    ] {
        let refusal = answer(status, "Retry-After: 1\r\n", "no");
        let server = Server::start([refusal, json("200 OK", "1")]).await;
        let client = client(&server.url, TestClock::start());
        outcome(post(&client)).await;
        assert_eq!(server.requests().len(), sent, "{status}");
    }
}

#[tokio::test]
async fn a_post_that_led_elsewhere_is_not_sent_again() {
    let led = answer("303 See Other", "Location: /result\r\n", "");
    let busy = answer("429 Too Many Requests", "Retry-After: 1\r\n", "later");
    let script = [led, busy, json("200 OK", "1")];
    let server = Server::start(script.clone()).await;
    let client = client(&server.url, TestClock::start());
    assert_eq!(outcome(post(&client)).await, "429 later");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[0].starts_with("POST /post "), "{}", requests[0]);
    assert!(requests[1].starts_with("GET /result "), "{}", requests[1]);
    // One that is only to be sent elsewhere is.
    let elsewhere = answer("307 Temporary Redirect", "Location: /elsewhere\r\n", "");
    let [_, busy, done] = script.clone();
    let server = Server::start([elsewhere, busy, done]).await;
    let client = self::client(&server.url, TestClock::start());
    assert_eq!(outcome(post(&client)).await, "200 1");
    // A request that does no harm twice is.
    let server = Server::start(script).await;
    let client = self::client(&server.url, TestClock::start());
    assert_eq!(outcome(get(&client)).await, "200 1");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_post_that_led_to_where_nobody_is_is_not_sent_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("loopback has a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let led = answer("303 See Other", "Location: /result\r\n", "");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        drop(listener);
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(&led).await;
    });
    let clock = StartsServer {
        address: address.clone(),
        server: Arc::default(),
    };
    let client = client(&format!("http://{address}"), clock.clone());
    assert_eq!(outcome(post(&client)).await, "Connect");
    assert!(clock.server.lock().expect("no panic").is_none());
}

#[tokio::test]
async fn a_storm_of_429_loses_and_doubles_nothing() {
    let seen = Arc::new(AtomicUsize::new(0));
    let done = Arc::new(Mutex::new(Vec::new()));
    let (count, bodies) = (Arc::clone(&seen), Arc::clone(&done));
    let server = Server::answering(move |request| {
        let refuse = count.fetch_add(1, Ordering::SeqCst) < 150;
        let body = request.rsplit("\r\n").next().unwrap_or_default().to_owned();
        if !refuse {
            bodies.lock().expect("no panic").push(body);
        }
        async move {
            if refuse {
                answer("429 Too Many Requests", "Retry-After: 2\r\n", "")
            } else {
                json("200 OK", "1")
            }
        }
    })
    .await;
    let clock = TestClock::start();
    let patient = rt::Backoff::default()
        .attempts(200)
        .total(Duration::from_hours(1));
    let builder = Client::builder().base_url(&server.url).clock(clock);
    let client = builder.retry(patient).build().expect("a good URL");
    let calls: Vec<_> = (0..100)
        .map(|number| {
            let mut call = post(&client);
            call.0.json(&number, "application/json");
            tokio::spawn(outcome(call))
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.expect("no panic"), "200 1");
    }
    assert_eq!(seen.load(Ordering::SeqCst), 250);
    let mut done = done.lock().expect("no panic").clone();
    done.sort_by_key(|body| body.parse::<u32>().expect("a number"));
    let expected: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    assert_eq!(done, expected);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_not_begun() {
    let refusal = answer("429 Too Many Requests", "Retry-After: 3600\r\n", "later");
    let server = Server::start([refusal]).await;
    let clock = TestClock::start();
    let client = client(&server.url, clock.clone());
    let began = rt::Clock::now(&clock);
    assert_eq!(outcome(get(&client)).await, "429 later");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(rt::Clock::now(&clock), began);
    // The time of the call bounds it too.
    let server =
        Server::start([answer("503 Service Unavailable", "Retry-After: 60\r\n", "")]).await;
    let client = self::client(&server.url, rt::SystemClock);
    let call = get(&client).timeout(Duration::from_secs(59));
    assert_eq!(outcome(call).await, "503 ");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_error_that_is_cut_off_keeps_its_status_and_what_came() {
    let json_type = "Content-Type: application/json\r\n";
    let half = cut(
        "404 Not Found",
        json_type,
        "{\"detailCode\":\"404\",\"trackingId\" : \"e7\\u0065\",\"mess",
    );
    let server = Server::start([
        half,
        cut("500 Internal Server Error", "X-Request-Id: r-1\r\n", ""),
    ])
    .await;
    let client = client(&server.url, TestClock::start());
    let error = client.get_pet("1").send().await.expect_err("a 404");
    let api = error.api().expect("the server answered");
    assert_eq!(api.status(), 404);
    assert!(api.bytes().starts_with(b"{\"detailCode\""));
    assert!(
        matches!(
            api.body(),
            rt::ErrorBody::Raw(rt::BodyError::CutOff { received: 51, .. })
        ),
        "{:?}",
        api.body()
    );
    assert_eq!(api.tracking_id().as_deref(), Some("e7e"));
    assert_eq!(error.tracking_id(), api.tracking_id());
    let text = error.to_string();
    assert!(
        text.starts_with("GET /pets/{id}: 404 Not Found: {\"detailCode\"")
            && text.contains("; the body was cut off after 51 bytes: ")
            && text.ends_with(" (trackingId e7e)"),
        "{text}"
    );
    let text = client
        .get_pet("1")
        .send()
        .await
        .expect_err("a 500")
        .to_string();
    assert!(
        text.contains("500 Internal Server Error: the body was cut off after 0 bytes"),
        "{text}"
    );
    assert!(text.ends_with(" (x-request-id r-1)"), "{text}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_compressed_error_is_named_as_such() {
    let mut gzip = answer("502 Bad Gateway", "Content-Encoding: gzip\r\n", "123");
    let length = gzip.len();
    gzip[length - 3..].copy_from_slice(b"\x1F\x8B\x08");
    let server = Server::start([gzip]).await;
    let client = client(&server.url, TestClock::start());
    let error = client
        .get_pet("1")
        .no_retry()
        .send()
        .await
        .expect_err("a 502");
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: 502 Bad Gateway: 3 bytes of Content-Encoding gzip"
    );
    assert_eq!(error.response().expect("an answer").bytes().len(), 3);
}

#[tokio::test]
async fn what_a_call_says_of_itself_goes_along() {
    let server = Server::start([json("404 Not Found", "{}")]).await;
    let client = client(&server.url, TestClock::start());
    let call = client
        .get_pet("1")
        .extra_header("X-Experimental", "true")
        .extra_query("debug", "a b");
    assert!(call.send().await.is_err());
    let seen = server.last();
    assert!(
        seen.starts_with("GET /pets/1?debug=a%20b HTTP/1.1\r\n"),
        "{seen}"
    );
    assert!(seen.contains("x-experimental: true\r\n"), "{seen}");
}
