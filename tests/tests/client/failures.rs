//! Calls that get no answer, or none that can be read.

use std::net::{Ipv4Addr, TcpListener};

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use identity_profiles::v2024::{Client, ListIdentityProfilesFilter};
use oas_runtime::{BodyError, Error, ErrorBody, TransportErrorKind};

use crate::calls::TOKEN;

fn client(base_url: impl Into<String>) -> Client {
    Client::builder()
        .base_url(base_url)
        .bearer_token(TOKEN)
        .retry(oas_runtime::NoRetry)
        .build()
        .unwrap_or_else(|error| panic!("{error}"))
}

async fn tenant() -> ScriptedServer {
    ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The error and what led to it, one a line, as programs print them.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut at = error.source();
    while let Some(source) = at {
        text.push_str("\ncaused by: ");
        text.push_str(&source.to_string());
        at = source.source();
    }
    text
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    let address = address.unwrap_or_else(|error| panic!("{error}"));
    let result = client(format!("http://{address}"))
        .list_identity_profiles()
        .filters(ListIdentityProfilesFilter::name().eq("secret"))
        .send()
        .await;
    let Err(error) = result else {
        panic!("nothing listens on {address}")
    };
    assert!(error.is_connect());
    assert!(
        matches!(&error, Error::Transport(error) if error.kind() == TransportErrorKind::Connect)
    );
    assert_eq!((error.status(), error.response()), (None, None));
    let text = chain(&error).replace(&address.port().to_string(), "PORT");
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_server_that_hangs_up_says_so() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr();
    let address = address.unwrap_or_else(|error| panic!("{error}"));
    let server = std::thread::spawn(move || listener.accept().map(drop));
    let result = client(format!("http://{address}"))
        .list_identity_profiles()
        .send()
        .await;
    let _ = server.join();
    let Err(error) = result else {
        panic!("the server hangs up")
    };
    assert!(
        matches!(&error, Error::Transport(error) if error.kind() == TransportErrorKind::Broken),
        "{error:?}"
    );
    // Whether the system reports an end or a reset is a matter of timing, so the cause is not shown.
    let text = error.to_string();
    assert!(
        text.starts_with("GET /identity-profiles: the exchange failed: "),
        "{text}"
    );
}

#[tokio::test]
async fn without_credentials_the_server_decides() {
    let tenant = tenant().await;
    let client = Client::builder()
        .base_url(tenant.url(""))
        .retry(oas_runtime::NoRetry)
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let _ = client.list_identity_profiles().send().await;
    let requests = tenant.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), None);
}

#[tokio::test]
async fn credentials_that_do_not_fit_are_not_sent() {
    let tenant = tenant().await;
    let client = Client::builder()
        .base_url(tenant.url(""))
        .basic("user", "password")
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let result = client.list_identity_profiles().send().await;
    let Err(error @ Error::Credentials(_)) = result else {
        panic!("a user and password are no OAuth token: {result:?}")
    };
    assert_eq!(tenant.requests(), []);
    insta::assert_snapshot!(chain(&error));
}

#[tokio::test]
async fn a_body_of_wrong_shape_says_so_once() {
    let tenant = tenant().await;
    tenant
        .route("GET", "/identity-profiles")
        .always(Answer::text(200, "application/json", "[{}]"));
    let result = client(tenant.url("")).list_identity_profiles().send().await;
    let Err(error) = result else {
        panic!("a profile needs a name")
    };
    insta::assert_snapshot!(chain(&error));
}

#[tokio::test]
async fn errors_do_not_hold_the_token() {
    let tenant = tenant().await;
    let client = client(tenant.url(""));
    let result = client.list_identity_profiles().send().await;
    let texts = format!("{client:?} {result:?}");
    assert!(!texts.contains(TOKEN), "{texts}");
}

#[tokio::test]
async fn bytes_that_are_no_text_are_kept() {
    let tenant = tenant().await;
    let bytes = b"[{\"name\": \"\xE9\"}]";
    tenant
        .route("GET", "/identity-profiles")
        .answer(Answer::bytes(200, "application/json", bytes))
        .answer(Answer::bytes(500, "application/json", bytes));
    let client = client(tenant.url(""));
    let Err(Error::Decode(error)) = client.list_identity_profiles().send().await else {
        panic!("the body is not UTF-8")
    };
    assert_eq!(error.reason(), &BodyError::NotUtf8 { offset: 11 });
    assert_eq!(error.response().bytes(), &bytes[..]);

    let Err(Error::Api(error)) = client.list_identity_profiles().send().await else {
        panic!("500 is an error")
    };
    assert_eq!(
        error.body(),
        &ErrorBody::Raw(BodyError::NotUtf8 { offset: 11 })
    );
    assert_eq!(error.bytes(), &bytes[..]);
    assert_eq!(error.text(), "[{\"name\": \"\u{FFFD}\"}]");
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read_to_its_end() {
    let tenant = tenant().await;
    tenant
        .route("GET", "/identity-profiles")
        .answer(Answer::text(200, "application/json", " ".repeat(4096)));
    let client = Client::builder()
        .base_url(tenant.url(""))
        .bearer_token(TOKEN)
        .max_response_bytes(4095)
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let Err(error) = client.list_identity_profiles().send().await else {
        panic!("the body is too long")
    };
    insta::assert_snapshot!(chain(&error));
}

#[test]
fn wrong_configuration_is_reported_by_build() {
    let errors = [
        Client::builder().base_url("tenant.example.com").build(),
        Client::builder().base_url("ftp://example.com").build(),
        Client::builder().server(1).build(),
        Client::builder().server_variable("org", "acme").build(),
        Client::builder().api_key("apiKey", "secret").build(),
        Client::builder().user_agent("line\nbreak").build(),
        Client::builder().header("a b", "secret").build(),
        Client::builder().header("a", "secret\n").build(),
    ];
    let texts: Vec<String> = errors
        .into_iter()
        .map(|result| {
            result
                .err()
                .map_or("built".to_owned(), |error| chain(&error))
        })
        .collect();
    assert!(!texts.concat().contains("secret"));
    insta::assert_snapshot!(texts.join("\n"));
}
