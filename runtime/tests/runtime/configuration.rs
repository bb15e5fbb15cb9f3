//! Where requests go, and what every request carries.

use oas_runtime as rt;

use crate::clock::TestClock;
use crate::sample::{Client, DOCUMENT, PLAIN};
use crate::server::{Server, answer, json};

fn build_error(builder: rt::ClientBuilder<Client>) -> String {
    builder.build().expect_err("a mistake").to_string()
}

#[test]
fn servers_of_the_document() {
    let base = |builder: rt::ClientBuilder<Client>| {
        let client = builder.build().expect("a good configuration");
        format!("{:?}", client.inner)
    };
    let builder = Client::builder_without_certificates;
    assert_eq!(
        base(builder()),
        "Client { base: https://demo.example.com/v1, .. }"
    );
    let other = builder()
        .server_variable("tenant", "acme")
        .server_variable("version", "v2");
    assert_eq!(
        base(other),
        "Client { base: https://acme.example.com/v2, .. }"
    );
    let given = builder()
        .server(7)
        .base_url(" http://localhost:80/api/?a=b#c ");
    assert_eq!(base(given), "Client { base: http://localhost/api, .. }");
}

#[test]
fn secrets_in_urls_are_not_shown() {
    let builder = Client::builder;
    for url in [
        "https://me:s3cr3t@host/v1",
        "https://s3cr3t@host/v1",
        "https://me:s3cr3t@host:99999/v1",
        "ftp://me:s3cr3t@host/v1?key=s3cr3t",
        "me:s3cr3t@host",
        "https://me:s3cr3t/?#@host:x",
        "https://host:x/?key=s3cr3t",
    ] {
        let of_token = builder().base_url("http://host").token_url(url);
        let shown = [
            format!("{of_token:?}"),
            build_error(builder().base_url(url)),
            build_error(builder().origin(url)),
            build_error(of_token.client_credentials("id", "secret")),
        ];
        for text in shown {
            assert!(!text.contains("s3cr3t"), "{text}");
        }
    }
}

#[test]
fn mistakes_are_told_apart() {
    static NO_SERVERS: rt::Document = rt::Document {
        servers: &[],
        security_schemes: &[],
        ..DOCUMENT
    };
    let builder = Client::builder;
    assert_eq!(
        build_error(builder().base_url("localhost:8080")),
        "cannot build the client: base_url: `localhost:8080` is not http or https"
    );
    assert_eq!(
        build_error(builder().base_url("/v1")),
        "cannot build the client: base_url: `/v1` is no absolute URL (relative URL without a \
         base); expected one like https://host/path"
    );
    assert_eq!(
        build_error(builder().origin("http://me:secret@localhost:8080")),
        "cannot build the client: origin: `http://localhost:8080/` has a user or password before \
         the host, which is never sent; take them out and give them as credentials, with `basic` \
         for instance"
    );
    assert_eq!(
        build_error(builder().server(2)),
        "cannot build the client: there is no server 2; the document has 2, counted from 0"
    );
    assert_eq!(
        build_error(builder().server(1)),
        "cannot build the client: the document's server URL `/relative` is not absolute; give one \
         with `base_url`"
    );
    assert_eq!(
        build_error(rt::ClientBuilder::new(&NO_SERVERS)),
        "cannot build the client: the document names no server; give one with `base_url`"
    );
    assert_eq!(
        build_error(builder().server_variable("version", "v3")),
        "cannot build the client: `v3` is no value of the server variable `version`; expected one \
         of v1, v2"
    );
    for value in [
        "",
        "evil.example/",
        "evil.example/#",
        "evil.example?",
        "x@evil.example",
        "{x}",
    ] {
        let error = build_error(builder().server_variable("tenant", value));
        assert!(
            error.contains("cannot stand in the server URL"),
            "{value:?}: {error}"
        );
    }
    assert_eq!(
        build_error(builder().server_variable("tennant", "a")),
        "cannot build the client: there is no server variable `tennant`; the document has tenant, \
         version, region"
    );
    assert_eq!(
        build_error(
            rt::ClientBuilder::new(&NO_SERVERS)
                .base_url("http://a")
                .api_key("key", "k")
        ),
        "cannot build the client: there is no security scheme `key`; the document has none"
    );
    assert_eq!(
        build_error(builder().header("X Y", "a")),
        "cannot build the client: \"X Y\" is no header name"
    );
    assert_eq!(
        build_error(builder().header("X-Y", "a\nb")),
        "cannot build the client: the value of the header `X-Y` holds a character that HTTP does \
         not allow"
    );
    assert_eq!(
        build_error(builder().user_agent("a\nb")),
        "cannot build the client: the user agent \"a\\nb\" is no header value"
    );
}

async fn target(builder: rt::ClientBuilder<Client>, operation: &'static rt::Operation) -> String {
    let server = Server::start([]).await;
    let client = builder.http_client(through_proxy(&server.url));
    let client = client.build().expect("a good configuration");
    client
        .inner
        .request(operation)
        .send_raw()
        .await
        .expect("a 200");
    let seen = server.last();
    seen.split(' ')
        .nth(1)
        .expect("a request line has a target")
        .to_owned()
}

/// Every request goes to this server, as to a proxy, so that the target is the whole URL.
fn through_proxy(url: &str) -> rt::reqwest::Client {
    let proxy = rt::reqwest::Proxy::all(url).expect("a good URL");
    rt::http_client_builder()
        .tls_certs_only([])
        .proxy(proxy)
        .build()
        .expect("a good configuration")
}

#[tokio::test]
async fn servers_of_an_operation() {
    static ABSOLUTE: rt::Operation = rt::Operation {
        servers: &[rt::Server {
            url: "http://upload.{region}.example.com/u/",
            description: "",
            variables: &[rt::ServerVariable {
                name: "region",
                default: "eu",
                values: &[],
            }],
        }],
        ..PLAIN
    };
    static RELATIVE: rt::Operation = rt::Operation {
        servers: &[rt::Server {
            url: "/beta",
            description: "",
            variables: &[],
        }],
        ..PLAIN
    };
    static DOCUMENT_HTTP: rt::Document = rt::Document {
        servers: &[rt::Server {
            url: "http://a.example.com/v1",
            description: "",
            variables: &[],
        }],
        ..DOCUMENT
    };
    let builder = || rt::ClientBuilder::<Client>::new(&DOCUMENT_HTTP);
    let given = || builder().base_url("http://b.example.com/x");
    assert_eq!(
        target(builder(), &PLAIN_STATIC).await,
        "http://a.example.com/v1/plain"
    );
    assert_eq!(
        target(builder(), &ABSOLUTE).await,
        "http://upload.eu.example.com/u/plain"
    );
    assert_eq!(
        target(builder().server_variable("region", "us"), &ABSOLUTE).await,
        "http://upload.us.example.com/u/plain"
    );
    assert_eq!(
        target(builder(), &RELATIVE).await,
        "http://a.example.com/beta/plain"
    );
    assert_eq!(
        target(given(), &ABSOLUTE).await,
        "http://b.example.com/x/plain"
    );
}

static PLAIN_STATIC: rt::Operation = PLAIN;

#[tokio::test]
async fn odd_paths() {
    static NO_SLASH: rt::Operation = rt::Operation {
        path: "plain",
        ..PLAIN
    };
    static EMPTY: rt::Operation = rt::Operation { path: "", ..PLAIN };
    static FRAGMENT: rt::Operation = rt::Operation {
        path: "/#action=list",
        ..PLAIN
    };
    static QUERY: rt::Operation = rt::Operation {
        path: "/plain?kind=a",
        ..PLAIN
    };
    static SPACE: rt::Operation = rt::Operation {
        path: "/a b/{",
        ..PLAIN
    };
    static UNSET: rt::Operation = rt::Operation {
        path: "/{a}:{b}",
        ..PLAIN
    };
    let builder = || Client::builder().base_url("http://a.example.com/v1/?key=k");
    let base = "http://a.example.com/v1";
    assert_eq!(
        target(builder(), &NO_SLASH).await,
        format!("{base}/plain?key=k")
    );
    assert_eq!(target(builder(), &EMPTY).await, format!("{base}?key=k"));
    assert_eq!(target(builder(), &FRAGMENT).await, format!("{base}/?key=k"));
    assert_eq!(
        target(builder(), &QUERY).await,
        format!("{base}/plain?key=k&kind=a")
    );
    assert_eq!(
        target(builder(), &SPACE).await,
        format!("{base}/a%20b/%7B?key=k")
    );
    let client = builder().build().expect("a good URL");
    let error = client
        .inner
        .request(&UNSET)
        .send_raw()
        .await
        .expect_err("two are unset");
    assert_eq!(
        error.to_string(),
        "GET /{a}:{b}: not sent: the path parameter `a` is not set"
    );
}

#[tokio::test]
async fn a_redirect_within_the_server_is_followed() {
    let moved = answer("307 Temporary Redirect", "Location: /elsewhere\r\n", "");
    let server = Server::start([moved, json("200 OK", "{\"id\":\"1\",\"name\":null}")]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a good URL");
    let response = client.get_pet("1").send().await.expect("a pet");
    assert_eq!(response.status, 200);
    let targets: Vec<String> = server
        .requests()
        .iter()
        .filter_map(|r| r.split(' ').nth(1).map(str::to_owned))
        .collect();
    assert_eq!(targets, ["/pets/1", "/elsewhere"]);
}

#[tokio::test]
async fn a_redirect_in_a_circle_is_followed_to_its_limit_and_not_sent_again() {
    let round = answer("302 Found", "Location: /pets/1\r\n", "");
    let server = Server::start([round]).await;
    let client = Client::builder().base_url(&server.url);
    let client = client.clock(TestClock::start()).build();
    let client = client.expect("a good URL");
    let error = client.get_pet("1").send().await.expect_err("no answer");
    assert_eq!(server.requests().len(), 11);
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: the server redirects too many times, perhaps in a circle; check the base \
         URL and what the server does with the path"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_is_asked_once() {
    let refusal = answer(
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Basic realm=\"office\"\r\n",
        "",
    );
    let proxy = Server::start([refusal]).await;
    for (scheme, expected) in [
        (
            "https",
            "GET /pets/{id}: cannot connect to api.example.com:443: the proxy refuses (407 Proxy \
             Authentication Required); check the user and password in the proxy's URL, which is \
             that of `proxy`, else of HTTPS_PROXY or ALL_PROXY",
        ),
        ("http", "GET /pets/{id}: 407 Proxy Authentication Required"),
    ] {
        let client = Client::builder()
            .base_url(format!("{scheme}://api.example.com"))
            .clock(TestClock::start())
            .http_client(through_proxy(&proxy.url))
            .build()
            .expect("a good URL");
        let asked = proxy.requests().len();
        let error = client.get_pet("1").send().await.expect_err("no answer");
        assert_eq!(error.to_string(), expected);
        assert_eq!(proxy.requests().len(), asked + 1, "{scheme}");
        assert_eq!(error.is_connect(), scheme == "https");
    }
}

#[tokio::test]
async fn a_redirect_to_another_server_is_the_answer() {
    let other = Server::start([]).await;
    let location = format!("Location: {}/\r\n", other.url);
    let server = Server::start([answer("307 Temporary Redirect", &location, "")]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a good URL");
    let error = client
        .get_pet("1")
        .send()
        .await
        .expect_err("no documented answer");
    assert_eq!(error.status(), Some(307));
    assert!(other.requests().is_empty(), "headers may hold keys");
}

#[tokio::test]
async fn time_is_limited() {
    // The server accepts and never answers, because nobody takes the connection.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let timeout = std::time::Duration::from_millis(1);
    let client = Client::builder()
        .base_url(url)
        .timeout(timeout)
        .build()
        .expect("a good URL");
    let error = client
        .get_pet("1")
        .send()
        .await
        .expect_err("nobody answers");
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(
        error.to_string(),
        "GET /pets/{id}: no complete answer within 1ms, the request was sent once"
    );
}

#[test]
fn clients_and_calls_cross_threads() {
    fn check<T: Send + Sync>() {}
    fn check_send<T: Send>(_: &T) {}
    check::<Client>();
    check::<rt::Request>();
    check::<rt::Error<crate::sample::GetPetError>>();
    check::<rt::ClientBuilder<Client>>();
    let client = Client::builder_without_certificates();
    let client = client.build().expect("a good configuration");
    check_send(&client.get_pet("1").send());
}
