//! Bodies that are read as they come.

use std::convert::Infallible;
use std::fmt::Write as _;

use oas_runtime as rt;

use crate::sample::{Client, POST};
use crate::server::{Server, answer};

async fn open(server: &Server) -> Result<rt::Response<rt::ByteStream>, rt::Error<Infallible>> {
    let client = Client::builder()
        .base_url(&server.url)
        .max_response_bytes(400);
    let client = client.build().expect("a good URL");
    client
        .inner
        .request(&POST)
        .stream(rt::RawResponse::undocumented)
        .await
}

/// A body in chunks of this many bytes.
fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n".to_vec();
    for chunk in body.chunks(size) {
        answer.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

/// Each file of `tests/events/` is a body; how it is cut into pieces makes no difference.
#[test]
fn events() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("the machine has sockets");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../events");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../events", "*.txt", |path| {
            let body = std::fs::read(path).expect("the file is readable");
            let whole = runtime.block_on(read_events(&body, body.len()));
            for size in [1, 2, 3, 7] {
                assert_eq!(
                    runtime.block_on(read_events(&body, size)),
                    whole,
                    "pieces of {size}"
                );
            }
            insta::assert_snapshot!(whole);
        });
    });
}

async fn read_events(body: &[u8], size: usize) -> String {
    let server = Server::start([chunked(body, size)]).await;
    let response = open(&server).await.expect("a 200");
    assert_eq!(rt::header_text(&response.headers, "x-a"), Some("b"));
    let mut events = response.into_body().into_events();
    let mut out = String::new();
    while let Some(event) = events.next().await.expect("the body is whole") {
        let _ = writeln!(out, "{event:?}");
    }
    let _ = writeln!(out, "reconnection time: {:?}", events.reconnection_time());
    out
}

#[tokio::test]
async fn bytes_come_in_order_up_to_the_limit() {
    let body = vec![b'x'; 400];
    let server = Server::start([chunked(&body, 64), chunked(&[b'x'; 401], 64)]).await;
    let stream = open(&server).await.expect("a 200").into_body();
    assert_eq!(stream.collect().await.expect("the body is whole"), body);
    let mut stream = open(&server).await.expect("a 200").into_body();
    let mut read = 0;
    let error = loop {
        match stream.next().await {
            Ok(piece) => read += piece.expect("the body is longer").len(),
            Err(error) => break error,
        }
    };
    assert!(read <= 400, "{read}");
    assert_eq!(error.kind(), rt::TransportErrorKind::TooLarge);
    assert!(
        matches!(stream.next().await, Ok(None)),
        "nothing comes after that"
    );
}

#[tokio::test]
async fn an_event_that_does_not_end_is_an_error() {
    let body = [b"data: one\n\ndata: ".to_vec(), vec![b'x'; 300]].concat();
    let server = Server::start([chunked(&body, 16)]).await;
    let events = open(&server)
        .await
        .expect("a 200")
        .into_body()
        .into_events();
    let mut events = events.max_event_bytes(200);
    let first = events.next().await.expect("the first event is whole");
    assert_eq!(first.map(|event| event.data).as_deref(), Some("one"));
    let error = events.next().await.expect_err("the second is too long");
    assert_eq!(error.kind(), rt::TransportErrorKind::TooLarge);
    assert_eq!(
        error.to_string(),
        "POST /post: an event is longer than 200 bytes; `max_event_bytes` sets another limit"
    );
    assert!(
        matches!(events.next().await, Ok(None)),
        "nothing comes after that"
    );
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_an_error() {
    let mut cut = chunked(b"data: one\n\n", 20);
    cut.truncate(cut.len() - 5);
    let server = Server::start([cut]).await;
    let mut events = open(&server)
        .await
        .expect("a 200")
        .into_body()
        .into_events();
    let first = events
        .next()
        .await
        .expect("the first event is whole")
        .expect("an event");
    assert_eq!(first.data, "one");
    let error = events.next().await.expect_err("the end is missing");
    assert_eq!(error.kind(), rt::TransportErrorKind::Broken);
}

#[tokio::test]
async fn an_error_is_not_streamed() {
    let server = Server::start([answer("400 Bad Request", "", "no such event")]).await;
    let error = open(&server).await.expect_err("a 400");
    assert_eq!(
        error.to_string(),
        "POST /post: 400 Bad Request: no such event"
    );
}

#[test]
fn an_event_may_hold_json() {
    let event = |data: &str| rt::Event {
        data: data.into(),
        ..rt::Event::default()
    };
    assert_eq!(event("[1]").json::<Vec<i32>>(), Ok(vec![1]));
    let error = event("[DONE]").json::<Vec<i32>>().expect_err("no JSON");
    assert_eq!(
        error.to_string(),
        "the body is not JSON, line 1 column 2: expected value"
    );
    let error = event("[null]").json::<Vec<i32>>().expect_err("no number");
    assert_eq!(error.pointer(), Some("/0"));
}
