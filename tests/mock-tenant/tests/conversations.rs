//! Requests as they stand in `conversations/*.http`, and what the tenant answers to them.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Timestamp;
use mock_tenant::{ApiClient, Holder, MockTenant, Options, TenantClock};
use oas_runtime::http_client_builder;
use oas_runtime::reqwest::{Client, Method};

/// Characters of a body that a snapshot holds.
const LONGEST_BODY: usize = 1_000;

#[test]
fn conversations() {
    insta::glob!("conversations/*.http", |path| {
        let text = std::fs::read_to_string(path).expect("a file of requests");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        insta::assert_snapshot!(runtime.block_on(hold(&text)));
    });
}

/// Sends each request of a text, and writes down the answers.
async fn hold(text: &str) -> String {
    let start: Timestamp = "2026-03-01T09:00:00Z".parse().expect("a time");
    let reader = ApiClient::new("reader", "secret-of-reader", Holder::User)
        .scopes(["idn:identity-profile:read"]);
    let options = Options::new()
        .profiles(50)
        .seed(1)
        .strict_offset()
        .rate_limit(30, Duration::from_secs(10))
        .client(reader.clone())
        .clock(TenantClock::stopped_at(start));
    let tenant = MockTenant::start(options).await.expect("a free port");
    let fill = |text: &str| {
        let mut text = text
            .replace("{reader}", &tenant.token(&reader))
            .replace("{user}", &tenant.token(tenant.user()))
            .replace("{application}", &tenant.token(tenant.application()));
        for (index, id) in tenant.profile_ids().iter().enumerate() {
            text = text.replace(&format!("{{id {index}}}"), id);
        }
        text
    };
    let client = http_client_builder()
        .timeout(Duration::from_secs(20))
        .build()
        .expect("a client");
    let mut answers = String::new();
    for request in text.split("\n###") {
        // What follows on the line is a comment.
        let (comment, request) = request.split_once('\n').unwrap_or((request, ""));
        let _ = writeln!(answers, "###{}", comment.trim_start_matches('#'));
        let answer = send(&client, &tenant, &fill(request)).await;
        let _ = writeln!(answers, "{}\n", answer.trim_end());
    }
    answers
}

async fn send(client: &Client, tenant: &MockTenant, request: &str) -> String {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines();
    let (method, path) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .expect("a request line");
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = client.request(method, tenant.url(path));
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value);
    }
    let response = match request.body(body.trim_end().to_owned()).send().await {
        Ok(response) => response,
        Err(error) if error.is_request() => return "no answer".to_owned(),
        Err(error) => panic!("{error:?}"),
    };
    let mut answer = response.status().as_u16().to_string();
    for name in [
        "content-type",
        "content-encoding",
        "retry-after",
        "x-total-count",
        "slpt-request-id",
    ] {
        if let Some(value) = response.headers().get(name) {
            let _ = write!(answer, "\n{name}: {}", value.to_str().expect("a text"));
        }
    }
    let mut response = response;
    let mut body = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break "",
            Err(_) => break "\n(cut off)",
        }
    };
    let body = String::from_utf8(body).expect("a text");
    let mut short: String = body.chars().take(LONGEST_BODY).collect();
    if short.len() < body.len() {
        let _ = write!(short, "… {} bytes", body.len());
    }
    format!("{answer}\n\n{}{end}", short.trim_end())
}
