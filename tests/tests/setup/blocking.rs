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

/// Three profiles on pages of two.
fn paged(server: &Server) -> v2024::ListIdentityProfiles {
    let route = server.server.route("GET", "/identity-profiles");
    route.respond(|request| {
        let offset = request.query_value("offset").unwrap_or_default();
        let names: &[&str] = match offset.as_str() {
            "" => &["a", "b"],
            _ => &["c"],
        };
        let profile = |name: &&str| json!({"name": name, "authoritativeSource": {}});
        let page: Vec<_> = names.iter().map(profile).collect();
        Answer::json(200, &page.into())
    });
    let client: v2024::Client = server.client(v2024::Client::builder());
    client.list_identity_profiles().limit(2)
}

fn name(profile: &v2024::IdentityProfile) -> &str {
    profile.name.value().map_or("", String::as_str)
}

#[test]
fn page_after_page() {
    let server = Server::start();
    let list = paged(&server);
    let pages: Result<Vec<_>, _> = list.clone().pages().wait().collect();
    let pages = pages.unwrap_or_else(|error| panic!("{error}"));
    let lengths: Vec<usize> = pages.iter().map(|page| page.body.len()).collect();
    assert_eq!(lengths, [2, 1]);
    for records in [list.clone().stream(), list.stream().prefetch()] {
        let records: Result<Vec<_>, _> = records.wait().collect();
        let records = records.unwrap_or_else(|error| panic!("{error}"));
        let names: Vec<&str> = records.iter().map(name).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}

#[test]
fn an_error_ends_the_records_which_can_go_on() {
    let server = Server::start();
    let list = paged(&server);
    let route = server.server.route("GET", "/identity-profiles");
    let profile = json!({"name": "a", "authoritativeSource": {}});
    route
        .answer(Answer::json(200, &json!([profile, profile])))
        .answer(Answer::status(403));
    let mut records = list.stream().wait();
    let first: Vec<bool> = records.by_ref().map(|record| record.is_ok()).collect();
    assert_eq!(first, [true, true, false]);
    let rest: Result<Vec<_>, _> = records.into_inner().wait().collect();
    let rest = rest.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rest.iter().map(name).collect::<Vec<_>>(), ["c"]);
}

#[test]
fn item_after_item() {
    let server = Server::start();
    let route = server.server.route("GET", "/identity-profiles");
    let body = r#"[{"name": "a", "authoritativeSource": {}}, 5, {"name": "c", "authoritativeSource": {}}, {"#;
    route.answer(Answer::text(200, "application/json", body));
    let client: v2024::Client = server.client(v2024::Client::builder());
    let items = client.list_identity_profiles().send_items().wait();
    let items = items.unwrap_or_else(|error| panic!("{error}")).body.wait();
    let seen: Vec<Result<_, _>> = items.collect();
    let seen: Vec<&str> = seen
        .iter()
        .map(|item| item.as_ref().map_or("error", name))
        .collect();
    // What is not as documented is passed over, what is no JSON ends it.
    assert_eq!(seen, ["a", "error", "c", "error"]);
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

/// Pages that are asked for ahead, and the tokens for them, are had on the thread that waiting calls
/// need.
#[test]
fn the_thread_that_others_wait_for_does_not_wait() {
    let server = Server::start();
    let vault = server.client(v2024::Client::builder());
    let profile = json!({"name": "HR", "authoritativeSource": {}});
    let route = server.server.route("GET", "/identity-profiles/1");
    route.always(Answer::json(200, &profile));
    let source = move || {
        let vault = vault.clone();
        async move {
            let secret = vault.get_identity_profile("1").send().wait();
            secret.map_err(|error| rt::CredentialsError::new(error.to_string()))?;
            Ok(rt::AccessToken::new("t").expires_in(std::time::Duration::ZERO))
        }
    };
    let client = v2024::Client::builder()
        .base_url(server.server.url(""))
        .token_source(source)
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let page = Answer::json(200, &json!([profile, profile]));
    server
        .server
        .route("GET", "/identity-profiles")
        .always(page);
    let mut pages = client
        .list_identity_profiles()
        .limit(2)
        .pages()
        .prefetch()
        .wait();
    assert!(pages.next().is_some_and(|page| page.is_ok()));
    let error = pages.next().and_then(Result::err);
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(text.contains("`await` the call instead"), "{text}");
}
