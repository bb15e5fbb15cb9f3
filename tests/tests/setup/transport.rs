//! How servers are reached: proxies, certificates of one's own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use identity_profiles::v2024::Client;
use oas_runtime as rt;
use rt::TransportErrorKind;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

type Builder = rt::ClientBuilder<Client>;

async fn server() -> ScriptedServer {
    let server = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    server.otherwise(Answer::json(200, &json!([])));
    server
}

#[tokio::test]
async fn requests_go_through_the_proxy() {
    let proxy = server().await;
    let url = proxy.url("").replace("://", "://jo:s3cret@");
    let builder = Client::builder()
        .origin("http://api.example.com")
        .proxy(url);
    assert!(!format!("{builder:?}").contains("s3cret"), "{builder:?}");
    let client = builder
        .bearer_token("t")
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let answer = client.list_identity_profiles().send().await;
    answer.unwrap_or_else(|error| panic!("{error}"));
    let request = proxy.requests().remove(0);
    assert_eq!(
        request.target,
        "http://api.example.com/v2024/identity-profiles"
    );
    // `jo:s3cret`
    assert_eq!(
        request.header("proxy-authorization"),
        Some("Basic am86czNjcmV0")
    );
}

/// An `https` server with the certificate in `certificates/`; answers every request with `[]`.
async fn tls_server() -> String {
    let certificate = CertificateDer::from_pem_slice(&pem("server.pem"));
    let key = PrivateKeyDer::from_pem_slice(&pem("server.key"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has the usual protocols")
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("the certificate is PEM")],
            key.expect("the key is PEM"),
        )
        .expect("the key is the certificate's");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has a free port");
    let address = listener.local_addr().expect("the listener has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                          Content-Length: 2\r\nConnection: close\r\n\r\n[]";
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    format!("https://{address}")
}

fn pem(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setup/certificates");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_given() {
    let url = tls_server().await;
    let list = |builder: Builder| {
        let client = builder.origin(&url).bearer_token("t").no_proxy().build();
        client
            .unwrap_or_else(|error| panic!("{error}"))
            .list_identity_profiles()
            .send()
    };
    let trusting = Client::builder().root_certificate_pem(pem("authority.pem"));
    let answer = list(trusting.connect_timeout(Duration::from_mins(1))).await;
    assert_eq!(answer.unwrap_or_else(|error| panic!("{error}")).body, []);
    let other = Client::builder().http_client(
        rt::http_client_builder()
            .tls_certs_only([])
            .build()
            .expect("a good configuration"),
    );
    let client = other.origin(&url).bearer_token("t").build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    match client.list_identity_profiles().send().await {
        Err(rt::Error::Transport(error)) => {
            assert_eq!(error.kind(), TransportErrorKind::Certificate);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_advice_fits_what_is_wrong_with_the_certificate() {
    let url = tls_server().await;
    let address = url.trim_start_matches("https://").parse();
    let address: SocketAddr = address.expect("an address");
    let other_name = format!("https://api.example.com:{}", address.port());
    for (authority, url, expected) in [
        (
            None,
            &url,
            "an authority of one's own is trusted if it is given with `root_certificate_pem`",
        ),
        (
            Some(pem("authority.pem")),
            &other_name,
            "the certificate is that of another host: check the host in the base URL, and that no \
             proxy answers in its place",
        ),
    ] {
        let authority = authority.map(|pem| {
            let certificate = rt::reqwest::Certificate::from_pem(&pem);
            certificate.unwrap_or_else(|error| panic!("{error}"))
        });
        let http = rt::http_client_builder()
            .no_proxy()
            .resolve("api.example.com", address);
        let http = http.tls_certs_only(authority).build();
        let client = Client::builder()
            .http_client(http.unwrap_or_else(|error| panic!("{error}")))
            .origin(url)
            .bearer_token("t")
            .build();
        let client = client.unwrap_or_else(|error| panic!("{error}"));
        match client.list_identity_profiles().send().await {
            Err(rt::Error::Transport(error)) => {
                assert_eq!(error.kind(), TransportErrorKind::Certificate);
                let text = error.to_string();
                assert!(text.ends_with(expected), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr();
    let address = address.unwrap_or_else(|error| panic!("{error}"));
    let client = Client::builder()
        .origin(format!("http://{address}"))
        .bearer_token("token")
        .retry(rt::NoRetry)
        .read_timeout(Duration::from_millis(1))
        .build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    // Connections are made, and nobody answers.
    let answer = client.list_identity_profiles().send().await;
    let Err(rt::Error::Transport(error)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    drop(listener);
}

#[test]
fn mistakes_are_told() {
    let server = "http://127.0.0.1:1";
    let own = || rt::http_client_builder().tls_certs_only([]).build();
    let table: [(Builder, &str); 8] = [
        (
            Client::builder().proxy("jo:s3cret@host"),
            "proxy: this is no URL of a proxy; expected one like http://host:port",
        ),
        (
            Client::builder().proxy("ftp://jo:s3cret@host"),
            "proxy: this is no URL of a proxy; expected one like http://host:port",
        ),
        (
            Client::builder().root_certificate_pem("no certificate"),
            "root_certificate_pem: there is no certificate in file 1 of 1; expected PEM, with a \
             block that begins with -----BEGIN CERTIFICATE-----",
        ),
        (
            Client::builder()
                .root_certificate_pem(pem("authority.pem"))
                .root_certificate_pem(
                    "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                ),
            "root_certificate_pem: there is a certificate that cannot be read in file 2 of 2; \
             expected PEM, with a block that begins with -----BEGIN CERTIFICATE-----",
        ),
        (
            Client::builder()
                .http_client(own().expect("a good configuration"))
                .no_proxy(),
            "`no_proxy` has no effect on an `http_client` of your own; configure that one with what \
             `http_client_builder` gives",
        ),
        (
            Client::builder()
                .http_client(own().expect("a good configuration"))
                .connect_timeout(Duration::from_secs(1)),
            "`connect_timeout` has no effect on an `http_client` of your own; configure that one \
             with what `http_client_builder` gives",
        ),
        (
            Client::builder()
                .http_client(own().expect("a good configuration"))
                .read_timeout(Duration::from_secs(1)),
            "`read_timeout` has no effect on an `http_client` of your own; configure that one with \
             what `http_client_builder` gives",
        ),
        (
            Client::builder().base_url(server).origin("acme"),
            "origin: `acme` is no absolute URL (relative URL without a base); expected one like \
             https://host/path",
        ),
    ];
    for (builder, expected) in table {
        let builder = if expected.starts_with("origin") {
            builder
        } else {
            builder.origin(server)
        };
        match builder.build() {
            Err(error) => assert_eq!(
                error.to_string(),
                format!("cannot build the client: {expected}")
            ),
            Ok(client) => panic!("{client:?}: {expected}"),
        }
    }
}

/// Where a request goes, by the server of the document and the origin that is given.
#[tokio::test]
async fn the_path_of_the_server_follows_the_origin() {
    let server = server().await;
    for (path, expected) in [
        ("", "/v2024/identity-profiles"),
        ("/", "/v2024/identity-profiles"),
        ("/v2024", "/v2024/identity-profiles"),
        ("/a/v2024/", "/a/v2024/identity-profiles"),
        ("/av2024", "/av2024/v2024/identity-profiles"),
        ("/v2024/a", "/v2024/a/v2024/identity-profiles"),
        ("/a?key=b", "/a/v2024/identity-profiles?key=b"),
    ] {
        let builder = Client::builder()
            .base_url("http://127.0.0.1:1")
            .bearer_token("t");
        let client = builder.origin(server.url(path)).build();
        let client = client.unwrap_or_else(|error| panic!("{error}"));
        let answer = client.list_identity_profiles().send().await;
        answer.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(server.take_requests()[0].target, expected, "{path}");
    }
}
