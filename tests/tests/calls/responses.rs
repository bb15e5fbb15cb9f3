//! What is made of each kind of answer.

use std::fmt::Debug;

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use serde_json::json;
use test_clients::responses::{
    BytesError, Client, EmptyError, Item, ListError, ListXScopesItem, ListXState, OnlyDefaultError,
    Problem, Receipt, RedirectError, Refusal, SeveralMediaTypesError, SeveralMediaTypesSuccess,
    SeveralSuccessesError, SeveralSuccessesSuccess, SuccessRangeError,
};
use test_clients::rt::{self, BodyError, Bytes, ErrorBody, Nullable, Response};

use crate::support::{client, server};

/// What came of a call: status and body of a success, status and body of an answer that is none,
/// the status and the reason for a success that cannot be read.
#[derive(Debug, PartialEq)]
enum Outcome<T, E> {
    Success(u16, T),
    Api(u16, ErrorBody<E>),
    Decode(u16, BodyError),
}

fn outcome<T, E: Debug, H>(result: Result<Response<T, H>, rt::Error<E>>) -> Outcome<T, E> {
    match result {
        Ok(response) => Outcome::Success(response.status, response.body),
        Err(rt::Error::Api(error)) => Outcome::Api(error.status(), error.into_body()),
        Err(rt::Error::Decode(error)) => {
            Outcome::Decode(error.response().status(), error.reason().clone())
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn documented<T, E>(status: u16, error: E) -> Outcome<T, E> {
    Outcome::Api(status, ErrorBody::Decoded(error))
}

fn undocumented<T, E>(status: u16) -> Outcome<T, E> {
    Outcome::Api(status, ErrorBody::Raw(BodyError::Undocumented { status }))
}

fn item(id: &str, size: Option<i64>) -> Item {
    Item {
        size,
        ..Item::new(id)
    }
}

/// Checks of each answer what a call makes of it.
async fn check<T, E, H, const N: usize>(
    method: &str,
    path: &str,
    call: impl Fn(&Client) -> rt::Sending<T, E, H>,
    table: [(Answer, Outcome<T, E>); N],
) where
    T: Debug + PartialEq,
    E: Debug + PartialEq,
{
    let server = server().await;
    let client = client(Client::builder(), &server);
    for (answer, expected) in table {
        let shown = format!("{answer:?}");
        server.route(method, path).answer(answer);
        assert_eq!(outcome(call(&client).await), expected, "{shown}");
    }
}

#[tokio::test]
async fn several_successes_and_errors() {
    use SeveralSuccessesError::{BadRequest, ClientError, Other, ServiceUnavailable};
    use SeveralSuccessesSuccess::{Accepted, Created, Ok};
    let problem = json!({"message": "no"});
    let refusal = json!({"title": "no", "status": 409});
    let missing = rt::JsonError::missing("title");
    check(
        "POST",
        "/statuses",
        |client| client.several_successes().send(),
        [
            (
                Answer::json(200, &json!({"id": "a", "size": 1})),
                Outcome::Success(200, Ok(item("a", Some(1)))),
            ),
            (
                Answer::json(201, &json!({"number": 7})),
                Outcome::Success(201, Created(Receipt::new(7))),
            ),
            (Answer::status(202), Outcome::Success(202, Accepted)),
            (
                Answer::text(202, "text/plain", "later"),
                Outcome::Success(202, Accepted),
            ),
            (
                Answer::status(204),
                Outcome::Decode(204, BodyError::Undocumented { status: 204 }),
            ),
            (
                Answer::json(400, &problem),
                documented(400, BadRequest(Problem::new("no"))),
            ),
            (
                Answer::text(409, "application/problem+json", refusal.to_string()),
                documented(
                    409,
                    ClientError(Refusal {
                        status: Some(409),
                        ..Refusal::new("no")
                    }),
                ),
            ),
            (
                Answer::json(499, &problem),
                Outcome::Api(499, ErrorBody::Raw(BodyError::Shape(missing))),
            ),
            (Answer::status(503), documented(503, ServiceUnavailable)),
            (
                Answer::text(500, "text/plain; charset=utf-8", "é"),
                documented(500, Other("é".to_owned())),
            ),
            (
                Answer::status(301).header("Location", "nowhere:"),
                documented(301, Other(String::new())),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn ranges_and_default() {
    let a = json!({"id": "a"});
    check(
        "GET",
        "/ranges",
        |client| client.success_range().send(),
        [
            (
                Answer::json(200, &a),
                Outcome::Success(200, item("a", None)),
            ),
            (
                Answer::json(299, &a),
                Outcome::Success(299, item("a", None)),
            ),
            (Answer::status(204), Outcome::Decode(204, BodyError::Empty)),
            (
                Answer::json(502, &json!({"message": "x"})),
                documented(502, SuccessRangeError::ServerError(Problem::new("x"))),
            ),
            (Answer::json(404, &a), undocumented(404)),
        ],
    )
    .await;
    check(
        "GET",
        "/default",
        |client| client.only_default().send(),
        [
            (
                Answer::json(206, &a),
                Outcome::Success(206, item("a", None)),
            ),
            (
                Answer::json(418, &a),
                documented(418, OnlyDefaultError::Other(item("a", None))),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn no_bodies() {
    check(
        "DELETE",
        "/empty",
        |client| client.empty().send(),
        [
            (Answer::status(204), Outcome::Success(204, ())),
            (Answer::status(404), documented(404, EmptyError::NotFound)),
            (
                Answer::text(404, "text/html", "<p>"),
                documented(404, EmptyError::NotFound),
            ),
            (Answer::status(410), undocumented(410)),
        ],
    )
    .await;
    check(
        "GET",
        "/redirect",
        |client| client.redirect().send(),
        [
            (Answer::status(204), Outcome::Success(204, ())),
            (
                Answer::status(304),
                documented(304, RedirectError::NotModified),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn several_media_types() {
    use SeveralMediaTypesError::{NotAcceptableJson, NotAcceptableText};
    use SeveralMediaTypesSuccess::{OkBytes, OkJson, OkText, OkVndExampleReceiptJson};
    let png = Bytes::from_static(b"\x89PNG");
    check(
        "GET",
        "/media",
        |client| client.several_media_types().send(),
        [
            (
                Answer::json(200, &json!({"id": "a"})),
                Outcome::Success(200, OkJson(item("a", None))),
            ),
            (
                Answer::text(200, "Application/JSON; charset=utf-8", r#"{"id":"a"}"#),
                Outcome::Success(200, OkJson(item("a", None))),
            ),
            (
                Answer::text(
                    200,
                    "application/vnd.example.receipt+json",
                    r#"{"number":1}"#,
                ),
                Outcome::Success(200, OkVndExampleReceiptJson(Receipt::new(1))),
            ),
            (
                Answer::text(200, "text/csv", "a;b"),
                Outcome::Success(200, OkText("a;b".to_owned())),
            ),
            (
                Answer::bytes(200, "text/csv; charset=iso-8859-1", b"\xE9".to_vec()),
                Outcome::Success(200, OkText("é".to_owned())),
            ),
            (
                Answer::bytes(200, "image/png", png.to_vec()),
                Outcome::Success(200, OkBytes(png)),
            ),
            (
                Answer::json(406, &json!({"message": "x"})),
                documented(406, NotAcceptableJson(Problem::new("x"))),
            ),
            (
                Answer::text(406, "text/plain", "x"),
                documented(406, NotAcceptableText("x".to_owned())),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn text_null_and_anything() {
    check(
        "GET",
        "/text",
        |client| client.text().send(),
        [
            (
                Answer::text(200, "text/plain", "\u{FEFF}é\r\n"),
                Outcome::Success(200, "é\r\n".to_owned()),
            ),
            (Answer::status(200), Outcome::Success(200, String::new())),
            (
                Answer::bytes(200, "text/plain", b"a\xFF".to_vec()),
                Outcome::Decode(200, BodyError::NotUtf8 { offset: 1 }),
            ),
        ],
    )
    .await;
    check(
        "GET",
        "/nullable",
        |client| client.nullable().send(),
        [
            (
                Answer::json(200, &json!(null)),
                Outcome::Success(200, Nullable::Null),
            ),
            (
                Answer::json(200, &json!({"id": "a"})),
                Outcome::Success(200, item("a", None).into()),
            ),
        ],
    )
    .await;
    let anything = json!([1.0, {"a": null}, "\u{1F600}"]);
    check(
        "GET",
        "/untyped",
        |client| client.untyped().send(),
        [
            (
                Answer::json(200, &anything),
                Outcome::Success(200, anything.clone()),
            ),
            (
                Answer::text(200, "application/json", "[1,"),
                Outcome::Decode(
                    200,
                    BodyError::Syntax {
                        line: 1,
                        column: 3,
                        message: "EOF while parsing a value".to_owned(),
                    },
                ),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn bytes_in_one_piece() {
    let all: Vec<u8> = (0..=255).collect();
    check(
        "GET",
        "/bytes",
        |client| client.bytes().send(),
        [
            (
                Answer::bytes(200, "application/octet-stream", all.clone()),
                Outcome::Success(200, all.into()),
            ),
            (
                Answer::json(404, &json!({"message": "x"})),
                documented(404, BytesError::NotFound(Problem::new("x"))),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn headers() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let list = async |server: &ScriptedServer, answer: Answer| {
        server.route("GET", "/list").answer(answer);
        client.list().send().await
    };
    let items = json!([{"id": "a"}, {"id": "b", "size": 2, "new": [null]}]);
    let answer = Answer::json(200, &items)
        .header("X-Total-Count", "250")
        .header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("X-Cursors", "a, b,,")
        .header("X-Cursors", "c")
        .header("X-Sizes", "1,-2")
        .header("X-Expires", "2026-01-31T08:00:00Z")
        .header("X-State", "stale")
        .header("X-Ratio", "0.5")
        .header("X-Fresh", "true");
    let response = list(&server, answer)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(response.headers.x_total_count(), Some(250));
    assert_eq!(
        response.headers.last_modified().as_deref(),
        Some("Sun, 06 Nov 1994 08:49:37 GMT")
    );
    let cursors = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(response.headers.x_cursors(), Some(cursors));
    assert_eq!(response.headers.x_sizes(), Some(vec![1, -2]));
    let expires = response.headers.x_expires();
    assert_eq!(expires, Some("2026-01-31T08:00:00Z".into()));
    assert_eq!(response.headers.x_state(), Some(ListXState::Stale));
    assert_eq!(response.headers.x_ratio(), Some(0.5.into()));
    assert_eq!(response.headers.x_fresh(), Some(true));
    let [first, second] = response.body.as_slice() else {
        panic!("{:?}", response.body);
    };
    assert_eq!(*first, item("a", None));
    assert_eq!(second.size, Some(2));
    assert_eq!(second.extra.get("new"), Some(&json!([null])));

    let answer = Answer::json(200, &json!([]))
        .header("X-Total-Count", "many")
        .header("X-Sizes", "1,many")
        .header("X-Cursors", "");
    let response = list(&server, answer)
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(response.headers.x_total_count(), None);
    assert_eq!(response.headers.x_sizes(), None);
    assert_eq!(response.headers.x_cursors(), Some(Vec::new()));
    assert_eq!(response.headers.x_state(), None);
    assert_eq!(
        rt::header_text(&response.headers.0, "X-Total-Count"),
        Some("many")
    );
    assert_eq!(response.headers.x_fresh(), None);
    assert_eq!(response.body, []);
}

#[tokio::test]
async fn headers_of_errors() {
    let server = server().await;
    let answer = Answer::bytes(429, "text/plain", Vec::new())
        .header("Retry-After", "7")
        .header("X-Scopes", "user, group");
    server.route("GET", "/list").answer(answer);
    let client = client(Client::builder(), &server);
    let Err(error) = client.list().send().await else {
        panic!("429 is no success");
    };
    assert_eq!(error.documented(), Some(&ListError::TooManyRequests));
    let Some(headers) = error.documented_headers() else {
        panic!("{error}");
    };
    assert_eq!(headers.retry_after(), Some(7));
    let scopes = vec![
        ListXScopesItem::User,
        ListXScopesItem::Unknown("group".to_owned()),
    ];
    assert_eq!(headers.x_scopes(), Some(scopes));
}

#[tokio::test]
async fn what_is_asked_for() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let _ = client.several_successes().send().await;
    let _ = client.several_media_types().send().await;
    let _ = client.empty().send().await;
    let _ = client.events().send().await;
    let requests = server.requests();
    let accept: Vec<_> = requests
        .iter()
        .map(|request| request.header("accept"))
        .collect();
    let expected = [
        "application/json, application/problem+json, text/plain",
        "application/json, application/vnd.example.receipt+json, text/csv, image/*, text/plain",
        "*/*",
        "text/event-stream, application/json",
    ];
    assert_eq!(accept, expected.map(Some));
}
