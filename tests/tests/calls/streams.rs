//! Bodies that are read as they come.

use cross_crate_tests::scripted_server::Answer;
use serde_json::json;
use test_clients::responses::{
    BytesError, Client, EventsError, Item, Problem, SeveralMediaTypesError,
};

use crate::support::{client, server};

#[tokio::test]
async fn bytes() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    // Larger than what a connection holds at a time, so that it comes in pieces.
    let file: Vec<u8> = (0..=250).cycle().take(3_000_000).collect();
    server.route("GET", "/bytes").answer(
        Answer::bytes(200, "application/octet-stream", file.clone())
            .header("Content-Disposition", "attachment; filename=a.bin"),
    );
    let response = client.bytes().send_stream().await;
    let mut response = response.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(response.status, 200);
    assert_eq!(
        response.headers.content_disposition().as_deref(),
        Some("attachment; filename=a.bin")
    );
    let (mut whole, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = response
        .body
        .next()
        .await
        .unwrap_or_else(|error| panic!("{error}"))
    {
        whole.extend_from_slice(&piece);
        pieces += 1;
    }
    assert!(whole == file, "{} bytes of {}", whole.len(), file.len());
    assert!(pieces > 1);
}

#[tokio::test]
async fn errors_are_read_whole() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let problem = json!({"message": "x"});
    server
        .route("GET", "/bytes")
        .answer(Answer::json(404, &problem));
    server
        .route("GET", "/events")
        .answer(Answer::json(403, &problem));
    server
        .route("GET", "/media")
        .answer(Answer::json(406, &problem));
    let error = client.bytes().send_stream().await.unwrap_err();
    let expected = BytesError::NotFound(Problem::new("x"));
    assert_eq!(error.documented(), Some(&expected));
    let error = client.events().send_stream().await.unwrap_err();
    let expected = EventsError::Forbidden(Problem::new("x"));
    assert_eq!(error.documented(), Some(&expected));
    let error = client
        .several_media_types()
        .send_stream()
        .await
        .unwrap_err();
    let expected = SeveralMediaTypesError::NotAcceptableJson(Problem::new("x"));
    assert_eq!(error.documented(), Some(&expected));
}

#[tokio::test]
async fn events() {
    const TEXT: &str = ": welcome\n\n\
        id: 1\nevent: changed\ndata: {\"id\": \"a\",\ndata: \"size\": 1}\n\n\
        data: {\"id\": \"b\"}\nretry: 1500\n\n\
        event: end\ndata\n\n\
        data: cut off";
    let server = server().await;
    let client = client(Client::builder(), &server);
    server
        .route("GET", "/events")
        .always(Answer::text(200, "text/event-stream", TEXT));
    let response = client.events().send_stream().await;
    let response = response.unwrap_or_else(|error| panic!("{error}"));
    let mut events = response.body.into_events();
    let mut seen = Vec::new();
    while let Some(event) = events
        .next()
        .await
        .unwrap_or_else(|error| panic!("{error}"))
    {
        seen.push(event);
    }
    let shown: Vec<_> = seen
        .iter()
        .map(|event| (event.id.as_str(), event.event.as_str(), event.data.as_str()))
        .collect();
    let expected = [
        ("1", "changed", "{\"id\": \"a\",\n\"size\": 1}"),
        ("1", "", "{\"id\": \"b\"}"),
        ("1", "end", ""),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        events.reconnection_time().map(|time| time.as_millis()),
        Some(1500)
    );
    let items: Vec<Option<Item>> = seen.iter().map(|event| event.json().ok()).collect();
    let first = Item {
        size: Some(1),
        ..Item::new("a")
    };
    assert_eq!(items, [Some(first), Some(Item::new("b")), None]);

    let response = client.events().send().await;
    assert_eq!(
        response.ok().map(|response| response.body).as_deref(),
        Some(TEXT)
    );
}
