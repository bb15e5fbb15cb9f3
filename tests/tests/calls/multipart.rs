//! Multipart bodies, part by part.

use cross_crate_tests::scripted_server::RecordedRequest;
use test_clients::bodies::{
    Client, Note, NoteForm, SendMultipartBody, SendOptionalMultipartBody, SendSeveralBody,
};
use test_clients::rt::{File, Multipart};

use crate::support::{call, client, sent, server};

/// The body taken apart by RFC 2046: of each part the header fields and the content.
fn parts(request: &RecordedRequest) -> Vec<String> {
    let media_type = request.header("content-type").unwrap_or_default();
    let boundary = media_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap_or_else(|| panic!("{media_type}"));
    let body = request.text();
    let delimiter = format!("--{boundary}\r\n");
    let end = format!("--{boundary}--\r\n");
    let body = body
        .strip_suffix(&end)
        .unwrap_or_else(|| panic!("the last delimiter is missing: {body:?}"));
    let mut pieces = body.split(&delimiter);
    assert_eq!(pieces.next(), Some(""), "{body:?}");
    let part = |piece: &str| {
        let piece = piece
            .strip_suffix("\r\n")
            .unwrap_or_else(|| panic!("{piece:?}"));
        let (head, content) = piece
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{piece:?}"));
        format!("{}\n{content}", head.replace("\r\n", "\n"))
    };
    pieces.map(part).collect()
}

#[tokio::test]
async fn all_kinds_of_parts() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let texts = |texts: [&str; 2]| Some(texts.map(str::to_owned).to_vec());
    let png = |name: &str| File::new(name, name.to_uppercase()).with_media_type("image/png");
    let body = SendMultipartBody {
        count: Some(2),
        pictures: Some(vec![png("a.png"), png("b \"c\".png")]),
        tags: texts(["x", "y"]),
        note: Some(Note::new("é")),
        notes: Some(vec![Note::new("1"), Note::new("2")]),
        page: Some("<p>".to_owned()),
        patch: Some(Note::new("p")),
        labels: texts(["l", "m"]),
        ..SendMultipartBody::new("A \r\n title", File::new("data.bin", &b"\0\xFF\r\n--"[..]))
    };
    let request = sent(&server, call(client.send_multipart(body).send())).await;
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/multipart");
    let holds_the_file = |body: &[u8]| body.windows(6).any(|bytes| bytes == b"\0\xFF\r\n--");
    assert!(holds_the_file(&request.body));
    let expected = [
        "Content-Disposition: form-data; name=\"title\"\nA \r\n title",
        "Content-Disposition: form-data; name=\"count\"\n2",
        "Content-Disposition: form-data; name=\"file\"; filename=\"data.bin\"\n\
         Content-Type: application/octet-stream\n\0\u{FFFD}\r\n--",
        "Content-Disposition: form-data; name=\"pictures\"; filename=\"a.png\"\n\
         Content-Type: image/png\nA.PNG",
        "Content-Disposition: form-data; name=\"pictures\"; filename=\"b %22c%22.png\"\n\
         Content-Type: image/png\nB \"C\".PNG",
        "Content-Disposition: form-data; name=\"tags\"\nx",
        "Content-Disposition: form-data; name=\"tags\"\ny",
        "Content-Disposition: form-data; name=\"note\"\n\
         Content-Type: application/json\n{\"text\":\"é\"}",
        "Content-Disposition: form-data; name=\"notes\"\n\
         Content-Type: application/json\n{\"text\":\"1\"}",
        "Content-Disposition: form-data; name=\"notes\"\n\
         Content-Type: application/json\n{\"text\":\"2\"}",
        "Content-Disposition: form-data; name=\"page\"\nContent-Type: text/html\n<p>",
        "Content-Disposition: form-data; name=\"patch\"\n\
         Content-Type: application/merge-patch+json\n{\"text\":\"p\"}",
        "Content-Disposition: form-data; name=\"labels\"\nContent-Type: application/json\n[\"l\",\"m\"]",
    ];
    assert_eq!(parts(&request), expected);
}

#[tokio::test]
async fn what_is_not_given_is_not_sent() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let body = SendMultipartBody::new("t", b"x".to_vec());
    let request = sent(&server, call(client.send_multipart(body).send())).await;
    let expected = [
        "Content-Disposition: form-data; name=\"title\"\nt",
        "Content-Disposition: form-data; name=\"file\"; filename=\"file\"\n\
         Content-Type: application/octet-stream\nx",
    ];
    assert_eq!(parts(&request), expected);

    let request = sent(&server, call(client.send_optional_multipart().send())).await;
    assert_eq!(
        (request.header("content-type"), &*request.body),
        (None, &b""[..])
    );
    let empty = client
        .send_optional_multipart()
        .body(SendOptionalMultipartBody::default());
    let request = sent(&server, call(empty.send())).await;
    assert_eq!(parts(&request), Vec::<String>::new());
}

#[tokio::test]
async fn the_boundary_stands_in_no_part() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let first = client.send_multipart(SendMultipartBody::new("t", b"x".to_vec()));
    let first = sent(&server, call(first.send())).await;
    let boundary = first
        .header("content-type")
        .and_then(|text| text.split_once("boundary="))
        .map(|(_, boundary)| boundary.to_owned())
        .unwrap_or_default();
    assert!(!boundary.is_empty());
    let hostile = format!("\r\n--{boundary}\r\n\r\n--{boundary}--\r\n");
    let second = client.send_multipart(SendMultipartBody::new(&hostile, b"x".to_vec()));
    let second = sent(&server, call(second.send())).await;
    let expected = format!("Content-Disposition: form-data; name=\"title\"\n{hostile}");
    assert_eq!(parts(&second).first(), Some(&expected));
}

#[tokio::test]
async fn parts_without_a_schema_and_one_media_type_of_several() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let mut free = Multipart::new();
    free.text("a", "1", "");
    free.json("b", &vec![1, 2], "application/json");
    free.file("c", File::new("c.txt", "3").with_media_type("text/plain"));
    let request = sent(&server, call(client.send_free_multipart(free).send())).await;
    let expected = [
        "Content-Disposition: form-data; name=\"a\"\n1",
        "Content-Disposition: form-data; name=\"b\"\nContent-Type: application/json\n[1,2]",
        "Content-Disposition: form-data; name=\"c\"; filename=\"c.txt\"\n\
         Content-Type: text/plain\n3",
    ];
    assert_eq!(parts(&request), expected);

    let form = NoteForm {
        stars: Some(5),
        ..NoteForm::new("n")
    };
    let body = SendSeveralBody::Multipart(form);
    let request = sent(&server, call(client.send_several(body).send())).await;
    let expected = [
        "Content-Disposition: form-data; name=\"text\"\nn",
        "Content-Disposition: form-data; name=\"stars\"\n5",
    ];
    assert_eq!(parts(&request), expected);
}
