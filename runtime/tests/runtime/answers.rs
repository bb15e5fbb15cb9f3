//! Answers of a server, and what a caller gets.

use std::fmt::Write as _;

use oas_runtime::CallOptions as _;

use crate::sample::Client;
use crate::server::{Server, answer};

/// Each file of `tests/answers/` is an answer: a status line, headers, an empty line, a body.
#[test]
fn answers() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("the machine has sockets");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../answers");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../answers", "*.http", |path| {
            let text = std::fs::read_to_string(path).expect("the file is text");
            insta::assert_snapshot!(runtime.block_on(outcome(&text)));
        });
    });
}

async fn outcome(text: &str) -> String {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
    let mut headers = headers.lines().collect::<Vec<_>>().join("\r\n");
    if !headers.is_empty() {
        headers.push_str("\r\n");
    }
    let status = status.trim().trim_start_matches("HTTP/1.1 ");
    let server = Server::start([answer(status, &headers, body.trim_end_matches('\n'))]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .retry(oas_runtime::NoRetry)
        .build()
        .expect("a good URL");
    let result = client.get_pet("1").send().await;
    assert_eq!(server.requests().len(), 1, "one call is one request");
    describe(result)
}

fn describe(
    result: Result<
        oas_runtime::Response<crate::sample::PetOrNothing, crate::sample::GetPetHeaders>,
        oas_runtime::Error<crate::sample::GetPetError>,
    >,
) -> String {
    let mut out = String::new();
    let _ = match result {
        Ok(response) => writeln!(
            out,
            "success {}\ntotal count: {:?}\n{:#?}",
            response.status,
            response.headers.x_total_count(),
            response.body
        ),
        Err(error) => {
            let variant = format!("{error:?}");
            let variant = variant.split('(').next().unwrap_or_default();
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let body = error.api().map(|api| format!("{:?}", api.body()));
            let text = error.response().map(|response| response.bytes().clone());
            writeln!(
                out,
                "{variant}: {error}\nstatus: {:?}\nsource: {source:?}\nbody: {}\nraw: {text:?}",
                error.status(),
                body.unwrap_or_default(),
            )
        }
    };
    out
}

#[tokio::test]
async fn an_error_body_that_is_no_text_is_kept() {
    let mut bytes = answer(
        "404 Not Found",
        "Content-Type: application/json\r\n",
        "{??}",
    );
    let length = bytes.len();
    bytes[length - 3..length - 1].copy_from_slice(b"\xFF\xFE");
    let server = Server::start([bytes]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .retry(oas_runtime::NoRetry)
        .build()
        .expect("a good URL");
    let error = client.get_pet("1").send().await.expect_err("a 404");
    let api = error.api().expect("the server answered");
    assert_eq!(api.bytes().as_ref(), b"{\xFF\xFE}");
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: 404 Not Found: {\u{FFFD}\u{FFFD}}"
    );
    assert_eq!(
        api.body(),
        &oas_runtime::ErrorBody::Raw(oas_runtime::BodyError::NotUtf8 { offset: 1 })
    );
    assert!(error.documented().is_none());
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms() {
    let headers = "Retry-After: 7\r\n";
    let server = Server::start([answer("429 Too Many Requests", headers, "{}")]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .retry(oas_runtime::NoRetry)
        .build()
        .expect("a good URL");
    let error = client.get_pet("1").send().await.expect_err("a 429");
    let api = error.api().expect("the server answered");
    assert_eq!(api.retry_after(), Some(std::time::Duration::from_secs(7)));
    crate::table::check("retry-after.txt", |cells| {
        let mut headers = oas_runtime::HeaderMap::new();
        headers.insert("retry-after", cells[0].parse().expect("a header value"));
        let now = "1994-11-06T08:49:30Z".parse().expect("a time");
        format!("{:?}", oas_runtime::header::retry_after(&headers, now))
    });
}

#[tokio::test]
async fn no_server_no_answer() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("the listener has an address");
    drop(listener);
    let client = Client::builder()
        .base_url(format!("http://{address}/?key=secret"))
        .retry(oas_runtime::NoRetry)
        .build();
    let error = client
        .expect("a good URL")
        .get_pet("1")
        .send()
        .await
        .expect_err("nobody listens");
    assert!(error.is_connect() && !error.is_timeout() && error.status().is_none());
    assert!(
        error
            .to_string()
            .starts_with(&format!("GET /pets/{{id}}: cannot connect to {address}: ")),
        "{error}"
    );
    assert!(
        !format!("{error} {error:?}").contains("secret"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_long_body_is_refused() {
    let server = Server::start([crate::server::json("200 OK", "[1,2,3,4,5]")]).await;
    let builder = Client::builder()
        .base_url(&server.url)
        .retry(oas_runtime::NoRetry)
        .max_response_bytes(10);
    let error = builder
        .build()
        .expect("a good URL")
        .get_pet("1")
        .send()
        .await;
    assert_eq!(
        error.expect_err("11 bytes").to_string(),
        "GET /pets/{id}: the body is longer than the 10 bytes that the client accepts; \
         `max_response_bytes` sets another limit, `send_items` and `send_stream`, where the \
         operation has them, read a body as it comes"
    );
}

#[tokio::test]
async fn a_body_that_is_read_whole_has_a_limit_by_default() {
    let endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741825\r\n\r\n[".to_vec();
    let server = Server::start([endless]).await;
    let client = Client::builder().base_url(&server.url);
    let client = client.build().expect("a good URL");
    let answer = client.get_pet("1").send().await;
    assert_eq!(
        answer.expect_err("1 GiB and a byte").to_string(),
        "GET /pets/{id}: the body is longer than the 1073741824 bytes that the client accepts; \
         `max_response_bytes` sets another limit, `send_items` and `send_stream`, where the \
         operation has them, read a body as it comes"
    );
    assert_eq!(server.requests().len(), 1, "it would not be shorter");
    // The call's own limit counts, up and down.
    let longer = client.get_pet("1").max_response_bytes(1 << 31);
    let error = longer.no_retry().send().await.expect_err("cut off");
    assert!(
        error.to_string().contains("was cut off after 1 bytes"),
        "{error}"
    );
    let shorter = client.get_pet("1").max_response_bytes(1);
    let error = shorter.send().await.expect_err("too long");
    assert!(
        error.to_string().contains("longer than the 1 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn of_an_endless_error_a_part_is_kept() {
    let body = "x".repeat(9 << 20);
    let server = Server::start([crate::server::json("400 Bad Request", &body)]).await;
    let client = Client::builder().base_url(&server.url).build();
    let answer = client.expect("a good URL").get_pet("1").send().await;
    let error = answer.expect_err("a 400");
    let kept = error.response().expect("an answer").bytes().len();
    assert_eq!(error.status(), Some(400));
    assert!((1..=8 << 20).contains(&kept), "{kept}");
    assert!(error.to_string().len() < 1_000, "{error}");
}
