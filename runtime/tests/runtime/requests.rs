//! Whole requests, as they arrive at a server.

use oas_runtime as rt;

use crate::sample::{Client, POST, PUT_PET, Pet};
use crate::server::Server;

const FORM: rt::Style = rt::Style::Form { explode: true };
const SIMPLE: rt::Style = rt::Style::Simple { explode: false };

/// What arrives, after the client's and the request's set-up.
async fn sent(
    operation: &'static rt::Operation,
    configure: fn(rt::ClientBuilder<Client>) -> rt::ClientBuilder<Client>,
    set: fn(&mut rt::Request),
) -> String {
    let server = Server::start([]).await;
    let client = configure(Client::builder().base_url(format!("{}/v1/", server.url)));
    let client = client.build().expect("a good configuration");
    let mut request = client.inner.request(operation);
    set(&mut request);
    match request.send_raw().await {
        Ok(_) => server.last().replace('\r', ""),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn parameters_of_all_kinds() {
    let request = sent(
        &PUT_PET,
        |builder| {
            builder
                .user_agent("test/1")
                .header("X-Tenant", "a")
                .header("X-Tenant", "b")
        },
        |request| {
            request.path("id", &rt::UuidText::from("1"), SIMPLE);
            request.query("limit", &250, FORM);
            request.query("filters", &"name eq \"a&b\"".to_owned(), FORM);
            request.query("limit", &10, FORM);
            request.query("gone", &1, FORM);
            request.query("gone", &rt::Nullable::<i32>::Null, FORM);
            request.header("X-Trace", &true, SIMPLE);
            request.cookie("theme", &"dark".to_owned(), FORM);
            request.extra_query("debug", "a b");
            request.extra_query("debug", "c");
            request.json(
                &Pet {
                    id: "1".into(),
                    ..Pet::default()
                },
                "application/merge-patch+json",
            );
        },
    );
    insta::assert_snapshot!(request.await);
}

#[tokio::test]
async fn the_user_has_the_last_word_on_headers() {
    let request = sent(
        &POST,
        |builder| {
            builder
                .bearer_token("not sent")
                .header("Accept", "text/csv")
        },
        |request| {
            request.accept("text/html");
            request.text("<a/>", "application/xml");
            request.extra_header("Content-Type", "text/xml");
            request.extra_header("User-Agent", "mine");
            request.extra_header("X-Once", "1");
            request.extra_header("x-once", "2");
        },
    );
    insta::assert_snapshot!(request.await);
}

#[tokio::test]
async fn multipart() {
    let request = sent(
        &POST,
        |builder| builder,
        |request| {
            let mut parts = rt::Multipart::new();
            parts.value("name", &"Bo \u{e9}".to_owned());
            parts.value("tags", &vec!["a".to_owned(), "b".to_owned()]);
            parts.value("owner", &serde_json::json!({"id": 1}));
            parts.value("nothing", &rt::Value::Null);
            parts.text("note", "hi", "text/markdown");
            parts.json("meta", &vec![1, 2], "application/vnd.meta+json");
            let content: &[u8] = b"--a\r\n----part-boundary-0\r\n";
            parts.file(
                "photo",
                rt::File::new("a \"b\"\r\n.png", content).with_media_type("image/png"),
            );
            parts.file("raw", rt::File::from(vec![b'x']));
            request.multipart(parts);
        },
    );
    insta::assert_snapshot!(request.await);
}

#[tokio::test]
async fn bytes() {
    let request = sent(
        &POST,
        |builder| builder,
        |request| request.bytes(rt::Bytes::from_static(b"raw"), "application/octet-stream"),
    );
    insta::assert_snapshot!(request.await);
}

#[tokio::test]
async fn what_http_cannot_carry_is_not_sent() {
    static ODD: rt::Operation = rt::Operation {
        method: rt::Method::Other("A B"),
        ..POST
    };
    let header = sent(
        &POST,
        |builder| builder,
        |request| {
            request.header("X Y", &1, SIMPLE);
            request.header("X-Y", &"a\nb".to_owned(), SIMPLE);
        },
    );
    assert_eq!(
        header.await,
        "POST /post: not sent: \"X Y\" is no header name"
    );
    let media_type = sent(
        &POST,
        |builder| builder,
        |request| request.text("a", "text/\nplain"),
    );
    assert_eq!(
        media_type.await,
        "POST /post: not sent: \"text/\\nplain\" is no media type"
    );
    let method = sent(&ODD, |builder| builder, |_| {});
    assert_eq!(
        method.await,
        "A B /post: not sent: the method is no HTTP method"
    );
}

#[tokio::test]
async fn other_methods() {
    static QUERY: rt::Operation = rt::Operation {
        method: rt::Method::Other("QUERY"),
        ..POST
    };
    let request = sent(&QUERY, |builder| builder, |_| {}).await;
    assert!(
        request.starts_with("QUERY /v1/post HTTP/1.1\n"),
        "{request}"
    );
}
