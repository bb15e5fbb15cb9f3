//! What a program sees of its client.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use oas_runtime as rt;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::clock::TestClock;
use crate::sample::{Client, POST};
use crate::server::{Server, answer, json};

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<String>>);

impl Notes {
    fn add(&self, note: &str) {
        let mut notes = self.0.lock().expect("no panic");
        let _ = writeln!(notes, "{note}");
    }

    fn all(&self) -> String {
        self.0.lock().expect("no panic").clone()
    }
}

impl rt::Observe for Notes {
    fn before_request(&self, request: &mut rt::OutgoingRequest<'_>) {
        let number = rt::HeaderValue::from(request.attempt());
        request.headers_mut().insert("x-attempt", number);
        self.add(&format!("{request:?}"));
        self.add(&format!("{:?}", request.headers().get("authorization")));
        self.add(&String::from_utf8_lossy(request.body()));
    }

    fn after_response(&self, exchange: &rt::Exchange<'_>) {
        let outcome = match exchange.outcome {
            rt::Outcome::Status { status, .. } => status.to_string(),
            rt::Outcome::Transport(error) => format!("{:?}", error.kind()),
            _ => "other".to_owned(),
        };
        self.add(&format!(
            "{}, attempt {}: {outcome}, {:?}",
            exchange.operation,
            exchange.attempt,
            exchange.tracking_id()
        ));
    }
}

/// Writes spans and events down.
struct Traces(Notes, AtomicU64);

impl Visit for Traces {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.add(&format!("  {field} = {value:?}"));
    }
}

impl Traces {
    fn fields(&self) -> Self {
        Self(self.0.clone(), AtomicU64::new(0))
    }
}

impl Subscriber for Traces {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("oas_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.1.fetch_add(1, Ordering::SeqCst) + 1;
        let metadata = span.metadata();
        self.0.add(&format!(
            "span {id} {} {}",
            metadata.level(),
            metadata.name()
        ));
        span.record(&mut self.fields());
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        self.0.add(&format!("span {}", span.into_u64()));
        values.record(&mut self.fields());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.0.add(&format!("event {}", event.metadata().level()));
        event.record(&mut self.fields());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

async fn call(client: &Client) {
    let mut request = client.inner.request(&POST);
    request.json(&"h1dd3n".to_owned(), "application/json");
    request.extra_query("key", "h1dd3n");
    let _ = request.send_raw().await;
}

fn builder(server: &Server) -> rt::ClientBuilder<Client> {
    Client::builder()
        .base_url(&server.url)
        .header("Authorization", "h1dd3n")
        .clock(TestClock::start())
        .retry(rt::Backoff::default().without_jitter())
}

fn busy() -> Vec<u8> {
    let headers = "Retry-After: 1\r\nX-Request-Id: r-1\r\n";
    answer("429 Too Many Requests", headers, "{\"trackingId\":\"t-1\"}")
}

#[tokio::test]
async fn hooks_see_each_attempt() {
    let server = Server::start([busy(), Vec::new()]).await;
    let notes = Notes::default();
    let client = builder(&server).observe(notes.clone());
    call(&client.build().expect("a good URL")).await;
    insta::assert_snapshot!(notes.all(), @r#"
    OutgoingRequest { operation: POST /post, attempt: 1, .. }
    Some(Sensitive)
    "h1dd3n"
    POST /post, attempt 1: 429, Some("r-1")
    OutgoingRequest { operation: POST /post, attempt: 2, .. }
    Some(Sensitive)
    "h1dd3n"
    POST /post, attempt 2: Broken, None
    "#);
    let requests = server.requests();
    assert!(requests[0].contains("x-attempt: 1\r\n"), "{}", requests[0]);
    assert!(requests[1].contains("x-attempt: 2\r\n"), "{}", requests[1]);
}

#[tokio::test]
async fn spans_tell_of_calls_and_attempts_and_no_secrets() {
    let first = json("200 OK", "1");
    let server = Server::start([first, busy(), json("201 Created", "1"), Vec::new()]).await;
    let client = builder(&server).build().expect("a good URL");
    // Places that make spans are known to all threads only after they were met once.
    call(&client).await;
    let notes = Notes::default();
    let traces = Traces(notes.clone(), AtomicU64::new(0));
    let guard = tracing::subscriber::set_default(traces);
    call(&client).await;
    call(&client).await;
    drop(guard);
    let seen = notes.all();
    assert!(!seen.contains("h1dd3n"), "{seen}");
    insta::assert_snapshot!(seen);
}

#[tokio::test]
async fn the_user_agent_names_the_application() {
    let server = Server::start([json("200 OK", "1")]).await;
    let client = builder(&server).application("my-app/1.2");
    call(&client.build().expect("a good URL")).await;
    assert!(
        server
            .last()
            .contains("user-agent: my-app/1.2 pets/1.0\r\n")
    );
    let client = builder(&server).application("my-app").user_agent("mine");
    call(&client.build().expect("a good URL")).await;
    assert!(server.last().contains("user-agent: mine\r\n"));
}
