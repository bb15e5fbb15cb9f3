//! Every kind of request body but multipart.

use serde_json::json;
use test_clients::bodies::{
    Client, Note, SendEncodedFormBody, SendFormBody, SendSeveralBody, SendSeveralExampleNoteBody,
};
use test_clients::rt::{Bytes, Nullable, OptionalNullable};

use crate::support::{Call, call, client, sent, server, show};

fn note() -> Note {
    Note {
        stars: Some(3),
        pinned: OptionalNullable::Null,
        ..Note::new("é \"&\"")
    }
}

/// The note as JSON.
const NOTE: &str = r#"{"text":"é \"&\"","stars":3,"pinned":null}"#;

/// Checks of each call the request that it makes: line, headers of its own, body.
async fn check<const N: usize>(table: impl FnOnce(Client) -> [(Call, String); N]) {
    let server = server().await;
    let client = client(Client::builder(), &server);
    for (call, expected) in table(client) {
        let request = sent(&server, call).await;
        assert_eq!(show(&request), expected);
        let length = request.header("content-length").unwrap_or("0");
        assert_eq!(length, request.body.len().to_string(), "{expected}");
    }
}

#[tokio::test]
async fn json() {
    let mut open = note();
    open.extra.insert("unlisted", json!([1.0, {"a": null}]));
    let list = vec![Nullable::Value(1), Nullable::Null, (-3).into()];
    check(|client| {
        [
            (
                call(client.send_json(note()).send()),
                format!("POST /json\ncontent-type: application/json\n\n{NOTE}"),
            ),
            (
                call(client.send_json(open).send()),
                format!(
                    "POST /json\ncontent-type: application/json\n\n\
                     {},\"unlisted\":[1.0,{{\"a\":null}}]}}",
                    NOTE.trim_end_matches('}')
                ),
            ),
            (
                call(client.merge_patch(note()).send()),
                format!("PATCH /json\ncontent-type: application/merge-patch+json; charset=utf-8\n\n{NOTE}"),
            ),
            (
                call(client.send_optional_json().send()),
                "PUT /json".to_owned(),
            ),
            (
                call(
                    client
                        .send_optional_json()
                        .dry_run(true)
                        .body(note())
                        .send(),
                ),
                format!("PUT /json?dryRun=true\ncontent-type: application/json\n\n{NOTE}"),
            ),
            (
                call(client.send_json_list(list).send()),
                "POST /json/list\ncontent-type: application/json\n\n[1,null,-3]".to_owned(),
            ),
            (
                call(client.send_json_anything(json!(null)).send()),
                "POST /json/anything\ncontent-type: application/json\n\nnull".to_owned(),
            ),
        ]
    })
    .await;
}

#[tokio::test]
async fn forms() {
    const FORM: &str = "content-type: application/x-www-form-urlencoded";
    let texts = |texts: [&str; 2]| Some(texts.map(str::to_owned).to_vec());
    let plain = SendFormBody {
        count: Some(-1),
        list: texts(["a b", "c&d"]),
        object: Some(Note::new("x")),
        nothing: OptionalNullable::Null,
        ..SendFormBody::new("é=+")
    };
    let delimited = SendEncodedFormBody {
        joined: texts(["a b", "c,d"]),
        spaced: texts(["a", "b"]),
        piped: texts(["a", "b"]),
        ..SendEncodedFormBody::default()
    };
    let objects = SendEncodedFormBody {
        exploded: Some(note()),
        flat: Some(note()),
        deep: Some(note()),
        ..SendEncodedFormBody::default()
    };
    let reserved = SendEncodedFormBody {
        reserved: Some("a/b:c &d".to_owned()),
        ..SendEncodedFormBody::default()
    };
    let as_json = SendEncodedFormBody {
        json: texts(["a b", "c"]),
        ..SendEncodedFormBody::default()
    };
    check(|client| {
        [
            (
                call(client.send_form(SendFormBody::new("")).send()),
                format!("POST /form\n{FORM}\n\nname="),
            ),
            (
                call(client.send_form(plain).send()),
                format!(
                    "POST /form\n{FORM}\n\nname=%C3%A9%3D%2B&count=-1&list=a+b&list=c%26d\
                     &object=%7B%22text%22%3A%22x%22%7D"
                ),
            ),
            (
                call(client.send_encoded_form(delimited).send()),
                format!("POST /form/encoded\n{FORM}\n\njoined=a+b,c%2Cd&spaced=a+b&piped=a%7Cb"),
            ),
            (
                call(client.send_encoded_form(objects).send()),
                format!(
                    "POST /form/encoded\n{FORM}\n\ntext=%C3%A9+%22%26%22&stars=3\
                     &flat=text,%C3%A9+%22%26%22,stars,3\
                     &deep%5Btext%5D=%C3%A9+%22%26%22&deep%5Bstars%5D=3"
                ),
            ),
            (
                call(client.send_encoded_form(reserved).send()),
                format!("POST /form/encoded\n{FORM}\n\nreserved=a/b:c+%26d"),
            ),
            (
                call(client.send_encoded_form(as_json).send()),
                format!("POST /form/encoded\n{FORM}\n\njson=%5B%22a+b%22%2C%22c%22%5D"),
            ),
        ]
    })
    .await;
}

#[tokio::test]
async fn text_bytes_and_nothing() {
    check(|client| {
        [
            (
                call(client.send_text("é\r\n").send()),
                "POST /text\ncontent-type: text/plain\n\né\r\n".to_owned(),
            ),
            (
                call(client.send_text("").send()),
                "POST /text\ncontent-type: text/plain".to_owned(),
            ),
            (
                call(client.send_bytes("\0\u{1}").send()),
                "POST /bytes\ncontent-type: application/octet-stream\n\n\0\u{1}".to_owned(),
            ),
            (
                call(client.send_image("PNG").body_media_type("image/png").send()),
                "POST /image\ncontent-type: image/png\n\nPNG".to_owned(),
            ),
            (
                call(client.send_image("?").send()),
                "POST /image\ncontent-type: application/octet-stream\n\n?".to_owned(),
            ),
            (call(client.send_archive().send()), "PUT /bytes".to_owned()),
            (
                call(client.send_archive().body("PK").send()),
                "PUT /bytes\ncontent-type: application/zip\n\nPK".to_owned(),
            ),
            (call(client.send_nothing().send()), "POST /none".to_owned()),
        ]
    })
    .await;
}

#[tokio::test]
async fn bytes_that_are_no_text() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let bytes: Vec<u8> = (0..=255).collect();
    let request = sent(&server, call(client.send_bytes(bytes.clone()).send())).await;
    assert_eq!(request.body.as_ref(), bytes);
}

#[tokio::test]
async fn several_media_types() {
    check(|client| {
        let several = |body| call(client.send_several(body).send());
        let vendor = SendSeveralExampleNoteBody {
            note: Some("x".to_owned()),
            ..SendSeveralExampleNoteBody::default()
        };
        [
            (
                several(SendSeveralBody::Json(note())),
                format!("POST /several\ncontent-type: application/json\n\n{NOTE}"),
            ),
            (
                several(SendSeveralBody::VndExampleNoteJson(vendor)),
                "POST /several\ncontent-type: application/vnd.example.note+json\n\n{\"note\":\"x\"}".to_owned(),
            ),
            (
                several(SendSeveralBody::Form(note())),
                "POST /several\ncontent-type: application/x-www-form-urlencoded\n\ntext=%C3%A9+%22%26%22&stars=3".to_owned(),
            ),
            (
                several(SendSeveralBody::Text("a;b".to_owned())),
                "POST /several\ncontent-type: text/csv\n\na;b".to_owned(),
            ),
            (
                several(SendSeveralBody::Bytes(Bytes::from_static(b"%PDF"))),
                "POST /several\ncontent-type: application/pdf\n\n%PDF".to_owned(),
            ),
            (
                call(client.send_optional_several().send()),
                "PUT /several".to_owned(),
            ),
            (
                call(client.send_optional_several().body_json(note()).send()),
                format!("PUT /several\ncontent-type: application/json\n\n{NOTE}"),
            ),
            (
                call(client.send_optional_several().body_json(note()).body_text("x").send()),
                "PUT /several\ncontent-type: text/plain\n\nx".to_owned(),
            ),
        ]
    })
    .await;
}
