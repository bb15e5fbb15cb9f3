//! Calls without `async`.

use std::thread;

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use identity_profiles::v2024;
use oas_runtime as rt;
use serde_json::json;
use test_clients::responses;

/// A server on a thread of its own, so that the thread of the test can wait.
struct Server {
    server: ScriptedServer,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a thread can be started");
        let server = runtime
            .block_on(ScriptedServer::start())
            .unwrap_or_else(|error| panic!("{error}"));
        Self {
            server,
            _runtime: runtime,
        }
    }

    fn client<C: From<rt::Client>>(&self, builder: rt::ClientBuilder<C>) -> C {
        let client = builder
            .base_url(self.server.url(""))
            .bearer_token("t")
            .build();
        client.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Lists profiles, of which there is one.
    fn check_list(&self, client: &v2024::Client) {
        let route = self.server.route("GET", "/identity-profiles");
        route.always(Answer::json(
            200,
            &json!([{"name": "HR", "authoritativeSource": {}}]),
        ));
        let page = client.list_identity_profiles().send().wait();
        let page = page.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(page.body.len(), 1);
    }
}

#[test]
fn answers_and_errors() {
    let server = Server::start();
    let client = server.client(v2024::Client::builder());
    server.check_list(&client);
    let path = "/identity-profiles/1";
    let answer = Answer::json(404, &json!({"detailCode": "404 Not found"}));
    server.server.route("GET", path).answer(answer);
    let error = client.get_identity_profile("1").send().wait().err();
    assert_eq!(error.and_then(|error| error.status()), Some(404));
}

#[test]
fn records_and_items_come_one_by_one() {
    let server = Server::start();
    let client = server.client(v2024::Client::builder());
    server.check_list(&client);
    let list = || client.list_identity_profiles();
    let records: Result<Vec<_>, _> = list().stream().prefetch().wait().collect();
    assert_eq!(records.map(|records| records.len()).ok(), Some(1));
    let pages: Result<Vec<_>, _> = list().pages().wait().collect();
    assert_eq!(pages.map(|pages| pages.len()).ok(), Some(1));
    let items = list().send_items().wait();
    let items = items.unwrap_or_else(|error| panic!("{error}")).body.wait();
    assert_eq!(items.filter_map(Result::ok).count(), 1);
}

#[test]
fn many_threads_share_a_client() {
    let server = Server::start();
    let client = server.client(v2024::Client::builder());
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..5 {
                    server.check_list(&client);
                }
            });
        }
    });
    assert_eq!(server.server.requests().len(), 100);
}

#[tokio::test]
async fn within_a_runtime_of_one_thread() {
    let server = thread::spawn(Server::start);
    let server = server.join().expect("the server starts");
    server.check_list(&server.client(v2024::Client::builder()));
    // A runtime cannot be dropped where one is current.
    let dropped = thread::spawn(move || drop(server));
    dropped.join().expect("the server stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn within_a_runtime_of_several_threads() {
    let server = thread::spawn(Server::start);
    let server = server.join().expect("the server starts");
    let client = server.client(v2024::Client::builder());
    server.check_list(&client);
    let awaited = client.list_identity_profiles().send().await;
    assert_eq!(
        awaited.unwrap_or_else(|error| panic!("{error}")).status,
        200
    );
    server.check_list(&client);
    let dropped = thread::spawn(move || drop(server));
    dropped.join().expect("the server stops");
}

#[test]
fn bodies_that_come_piece_by_piece() {
    let server = Server::start();
    let client = server.client(responses::Client::builder());
    let file: Vec<u8> = (0..=250).cycle().take(3_000_000).collect();
    let media_type = "application/octet-stream";
    server
        .server
        .route("GET", "/bytes")
        .answer(Answer::bytes(200, media_type, file.clone()));
    let response = client.bytes().send_stream().wait();
    let response = response.unwrap_or_else(|error| panic!("{error}"));
    let mut whole = Vec::new();
    for piece in response.body.wait() {
        whole.extend_from_slice(&piece.unwrap_or_else(|error| panic!("{error}")));
    }
    assert!(whole == file, "{} bytes of {}", whole.len(), file.len());

    let text = "data: a\n\ndata: b\n\n";
    let answer = Answer::text(200, "text/event-stream", text);
    server.server.route("GET", "/events").answer(answer);
    let response = client.events().send_stream().wait();
    let response = response.unwrap_or_else(|error| panic!("{error}"));
    let events: Result<Vec<rt::Event>, _> = response.body.into_events().wait().collect();
    let events = events.unwrap_or_else(|error| panic!("{error}"));
    let data: Vec<&str> = events.iter().map(|event| event.data.as_str()).collect();
    assert_eq!(data, ["a", "b"]);
}

#[test]
fn no_connection_is_an_error() {
    let client = v2024::Client::builder()
        .base_url("http://127.0.0.1:1")
        .no_proxy()
        .retry(rt::NoRetry)
        .bearer_token("t")
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let error = client.list_identity_profiles().send().wait().err();
    assert!(error.is_some_and(|error| error.is_connect()));
}
