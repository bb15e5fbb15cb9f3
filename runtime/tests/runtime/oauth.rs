//! Tokens: asked for once, renewed in time, and what goes wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use oas_runtime as rt;
use tokio::sync::Semaphore;

use crate::clock::TestClock;
use crate::sample::PLAIN;
use crate::server::{Server, answer, json};

static DOCUMENT: rt::Document = rt::Document {
    servers: &[rt::Server {
        url: "https://{tenant}.example.com/v1",
        description: "",
        variables: &[rt::ServerVariable {
            name: "tenant",
            default: "demo",
            values: &[],
        }],
    }],
    operation_variables: &[],
    security_schemes: &[
        rt::SecurityScheme {
            name: "key",
            kind: rt::SecuritySchemeKind::ApiKey {
                location: rt::ApiKeyLocation::Header,
                name: "X-Key",
            },
        },
        rt::SecurityScheme {
            name: "oauth2",
            kind: rt::SecuritySchemeKind::OAuth2 {
                token_url: Some("https://tenant.example.com/oauth/token"),
            },
        },
    ],
    user_agent: "pets/1.0",
    rate_limit: None,
};

pub(crate) static WITH_TOKEN: rt::Operation = rt::Operation {
    security: &[&[rt::SecurityUse {
        scheme: "oauth2",
        scopes: &[],
    }]],
    ..PLAIN
};

static WITH_KEY: rt::Operation = rt::Operation {
    security: &[&[rt::SecurityUse {
        scheme: "key",
        scopes: &[],
    }]],
    ..PLAIN
};

/// A tenant: its token endpoint numbers its tokens, its API takes those that it has not revoked.
pub(crate) struct Tenant {
    server: Server,
    /// Tokens up to this one are refused.
    revoked: Arc<AtomicU32>,
    /// Held by a test that wants requests for tokens to wait.
    pub(crate) gate: Arc<Semaphore>,
}

impl Tenant {
    /// Its token endpoint gives these answers in turn, `TOKEN` in them being the number of the
    /// request, and the last one from then on.
    pub(crate) async fn start(answers: &'static [&'static str]) -> Self {
        let gate = Arc::new(Semaphore::new(1));
        let revoked = Arc::new(AtomicU32::new(0));
        let asked = AtomicU32::new(0);
        let (handle, refused) = (Arc::clone(&gate), Arc::clone(&revoked));
        let server = Server::answering(move |request| {
            let number = if request.starts_with("POST /oauth/token") {
                asked.fetch_add(1, Ordering::SeqCst) + 1
            } else {
                0
            };
            let (gate, refused) = (Arc::clone(&handle), Arc::clone(&refused));
            async move {
                if number > 0 {
                    let _permit = gate.acquire().await.expect("the gate is never closed");
                    let at = answers.len().min(number as usize) - 1;
                    return raw(&answers[at].replace("TOKEN", &format!("token-{number}")));
                }
                let token = request
                    .lines()
                    .find_map(|line| line.strip_prefix("authorization: Bearer token-"));
                let token: u32 = token.map_or(u32::MAX, |text| text.parse().expect("a number"));
                if token <= refused.load(Ordering::SeqCst) {
                    json("401 Unauthorized", "{\"error\":\"expired\"}")
                } else {
                    json("200 OK", &token.to_string())
                }
            }
        })
        .await;
        Self {
            server,
            revoked,
            gate,
        }
    }

    pub(crate) fn builder(&self) -> rt::ClientBuilder {
        rt::ClientBuilder::new(&DOCUMENT)
            .base_url(format!("{}/v1", self.server.url))
            .client_credentials("id", "s3cr3t&=")
    }

    pub(crate) fn client(&self) -> rt::Client {
        self.builder().build().expect("a good configuration")
    }

    pub(crate) fn revoke(&self, up_to: u32) {
        self.revoked.store(up_to, Ordering::SeqCst);
    }

    /// How many tokens were asked for, and how many other requests there were.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let requests = self.server.requests();
        let tokens = requests
            .iter()
            .filter(|request| request.starts_with("POST /oauth/token"));
        let tokens = tokens.count();
        (tokens, requests.len() - tokens)
    }

    pub(crate) async fn until_asked(&self, times: usize) {
        while self.counts().0 < times {
            tokio::task::yield_now().await;
        }
    }
}

pub(crate) const GOOD: &str =
    "200 OK\n\n{\"access_token\":\"TOKEN\",\"token_type\":\"bearer\",\"expires_in\":749}";
pub(crate) const REFUSED: &str = "401 Unauthorized\n\n{\"error\":\"invalid_client\"}";

/// Status line, an empty line, a body.
fn raw(text: &str) -> Vec<u8> {
    let (status, body) = text.split_once("\n\n").expect("an empty line");
    json(status, body)
}

/// The number of the token that a call went through with.
pub(crate) async fn call(client: &rt::Client) -> Result<String, String> {
    let response = client.request(&WITH_TOKEN).send_raw().await;
    let response = response.map_err(|error| error.to_string())?;
    Ok(format!(
        "{} {}",
        response.status(),
        response.text().expect("the test's answers are text")
    ))
}

#[tokio::test]
async fn a_token_is_asked_for_as_the_standard_says() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.builder().header("X-Other", "1").build();
    assert_eq!(call(&client.expect("good")).await, Ok("200 1".to_owned()));
    insta::assert_snapshot!(tenant.server.requests()[0].replace('\r', ""), @r"
    POST /oauth/token HTTP/1.1
    accept: application/json
    content-type: application/x-www-form-urlencoded
    user-agent: pets/1.0
    accept-encoding: identity
    host: HOST
    content-length: 69

    grant_type=client_credentials&client_id=id&client_secret=s3cr3t%26%3D
    ");
    let client = tenant
        .builder()
        .client_auth(rt::ClientAuth::Basic)
        .scope("read")
        .scope("write")
        .token_parameter("audience", "https://api")
        .token_url(format!("{}/oauth/token?x=1", tenant.server.url))
        .build();
    assert_eq!(call(&client.expect("good")).await, Ok("200 2".to_owned()));
    insta::assert_snapshot!(tenant.server.requests()[2].replace('\r', ""), @r"
    POST /oauth/token?x=1 HTTP/1.1
    accept: application/json
    content-type: application/x-www-form-urlencoded
    user-agent: pets/1.0
    authorization: Basic aWQ6czNjcjN0JTI2JTNE
    accept-encoding: identity
    host: HOST
    content-length: 75

    grant_type=client_credentials&scope=read%20write&audience=https%3A%2F%2Fapi
    ");
}

#[tokio::test]
async fn a_token_is_asked_for_behind_the_same_gateway() {
    let server = Server::answering(|request| async move {
        if request.starts_with("POST") {
            raw(GOOD)
        } else {
            json("200 OK", "1")
        }
    })
    .await;
    let url = |path| format!("{}{path}", server.url);
    let builder = || rt::ClientBuilder::new(&DOCUMENT).client_credentials("id", "s3cr3t&=");
    let builders: [rt::ClientBuilder; 2] = [
        builder().origin(url("/gateway/sail")),
        builder().base_url(url("/gateway/sail/v1")),
    ];
    for builder in builders {
        let client = builder.build().expect("a good configuration");
        assert_eq!(call(&client).await, Ok("200 1".to_owned()));
        let requests = server.requests();
        let lines: Vec<_> = requests.iter().rev().take(2).rev().collect();
        assert!(lines[0].starts_with("POST /gateway/sail/oauth/token HTTP"));
        assert!(lines[1].starts_with("GET /gateway/sail/v1/plain HTTP"));
    }
}

#[tokio::test]
async fn a_hundred_calls_ask_once() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.client();
    let hundred = || async {
        let calls: Vec<_> = (0..100)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { call(&client).await })
            })
            .collect();
        let mut results = Vec::new();
        for call in calls {
            results.push(call.await.expect("no panic"));
        }
        results.sort();
        results.dedup();
        results
    };
    assert_eq!(hundred().await, [Ok("200 1".to_owned())]);
    assert_eq!(tenant.counts(), (1, 100));
    tenant.revoke(1);
    assert_eq!(hundred().await, [Ok("200 2".to_owned())]);
    let (tokens, calls) = tenant.counts();
    assert_eq!(tokens, 2);
    assert!((201..=300).contains(&calls), "{calls}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let tenant = Tenant::start(&[GOOD]).await;
    let clock = TestClock::start();
    let client = tenant.builder().clock(clock.clone()).build();
    let client = client.expect("a good configuration");
    let mut used = Vec::new();
    for _ in 0..4 {
        used.push(call(&client).await.expect("a token"));
        clock.advance(Duration::from_secs(345));
    }
    assert_eq!(used, ["200 1", "200 1", "200 1", "200 2"]);
    assert_eq!(tenant.counts().0, 2, "the second was asked for ahead");
}

#[tokio::test]
async fn a_long_listing_outlives_its_tokens() {
    // 20 pages of 250 records, a minute each.
    let pages = async |client: &rt::Client, clock: &TestClock, tenant: &Tenant, revoke_at| {
        let mut seen = Vec::new();
        for page in 0..20 {
            if page == revoke_at {
                tenant.revoke(1);
            }
            seen.push(call(client).await.expect("a token"));
            clock.advance(Duration::from_mins(1));
        }
        seen
    };
    let clock = TestClock::start();
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.builder().clock(clock.clone()).build();
    let seen = pages(&client.expect("good"), &clock, &tenant, 99).await;
    let expected: Vec<_> = (0..20)
        .map(|page| format!("200 {}", if page <= 12 { 1 } else { 2 }))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(tenant.counts(), (2, 20), "no call is refused");
    // A token that ends before its time costs one refused call.
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.builder().clock(clock.clone()).build();
    let seen = pages(&client.expect("good"), &clock, &tenant, 5).await;
    assert!(seen.iter().all(|page| page.starts_with("200 ")), "{seen:?}");
    assert_eq!(tenant.counts(), (3, 21));
}

#[tokio::test]
async fn a_token_that_expires_while_its_call_waits_is_not_sent() {
    let tenant = Tenant::start(&[GOOD]).await;
    let builder = tenant.builder().clock(TestClock::start());
    let client = builder
        .rate_limit(rt::RateLimit::per_seconds(1, 800))
        .build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    assert_eq!(call(&client).await, Ok("200 2".to_owned()));
    assert_eq!(tenant.counts(), (2, 2));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.client();
    tenant.revoke(7);
    let refusal = "401 {\"error\":\"expired\"}".to_owned();
    assert_eq!(call(&client).await, Ok(refusal));
    assert_eq!(tenant.counts(), (2, 2));
    // The same token again is no reason to send again.
    let tenant = Tenant::start(&["200 OK\n\n{\"access_token\":\"token-1\"}"]).await;
    tenant.revoke(1);
    assert!(
        call(&tenant.client())
            .await
            .expect("an answer")
            .starts_with("401")
    );
    assert_eq!(tenant.counts(), (2, 1));
}

#[tokio::test]
async fn a_call_that_is_dropped_disturbs_no_other() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.client();
    let start = || {
        let client = client.clone();
        tokio::spawn(async move { call(&client).await })
    };
    let closed = tenant.gate.acquire().await.expect("never closed");
    let first = start();
    tenant.until_asked(1).await;
    let second = start();
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.is_err());
    drop(closed);
    assert_eq!(second.await.expect("no panic"), Ok("200 1".to_owned()));
    assert_eq!(tenant.counts(), (1, 1));

    // All of them dropped: the next call gets what was asked for.
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.client();
    let closed = tenant.gate.acquire().await.expect("never closed");
    let handle = client.clone();
    let only = tokio::spawn(async move { call(&handle).await });
    tenant.until_asked(1).await;
    only.abort();
    assert!(only.await.is_err());
    drop(closed);
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    assert_eq!(tenant.counts(), (1, 1));
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_wait_and_tried_anew() {
    let tenant = Tenant::start(&[REFUSED, GOOD]).await;
    let client = tenant.client();
    let closed = tenant.gate.acquire().await.expect("never closed");
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    tenant.until_asked(1).await;
    drop(closed);
    for call in calls {
        let error = call.await.expect("no panic").expect_err("no token");
        assert!(
            error.ends_with("(401: invalid_client); check the client id and the client secret"),
            "{error}"
        );
    }
    assert_eq!(tenant.counts(), (1, 0));
    assert_eq!(call(&client).await, Ok("200 2".to_owned()));
}

#[tokio::test]
async fn a_token_is_asked_for_again_where_the_endpoint_is_busy() {
    const BUSY: &str = "503 Service Unavailable\n\n";
    let tenant = Tenant::start(&[BUSY, "429 Too Many Requests\n\n", GOOD]).await;
    let client = tenant.builder().clock(TestClock::start()).build();
    assert_eq!(call(&client.expect("good")).await, Ok("200 3".to_owned()));
    let tenant = Tenant::start(&[BUSY, GOOD]).await;
    let client = tenant.builder().retry(rt::NoRetry).build();
    let error = call(&client.expect("good")).await.expect_err("no token");
    assert!(error.contains("refused (503)"), "{error}");
}

#[tokio::test]
async fn no_token_is_asked_for_that_is_not_needed() {
    let tenant = Tenant::start(&[GOOD]).await;
    let client = tenant.builder().api_key("key", "k").build();
    let client = client.expect("a good configuration");
    client.request(&WITH_KEY).send_raw().await.expect("a 200");
    client
        .request(&PLAIN_STATIC)
        .send_raw()
        .await
        .expect("a 200");
    assert_eq!(tenant.counts(), (0, 2));
    assert!(tenant.server.requests()[0].contains("x-key: k\r\n"));
}

static PLAIN_STATIC: rt::Operation = PLAIN;

#[tokio::test]
async fn tokens_from_elsewhere() {
    let tenant = Tenant::start(&[]).await;
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let source = move || {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            match number {
                2 => Err(rt::CredentialsError::new("the vault is closed")),
                _ => Ok(rt::AccessToken::new(format!("token-{number}"))),
            }
        }
    };
    let client = tenant.builder().token_source(source).build();
    let client = client.expect("a good configuration");
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
    tenant.revoke(1);
    assert_eq!(
        call(&client).await,
        Err("credentials: the vault is closed".to_owned())
    );
    assert_eq!(call(&client).await, Ok("200 3".to_owned()));
    assert_eq!(tenant.counts().0, 0);
}

#[tokio::test]
async fn the_last_way_to_get_a_token_counts() {
    let tenant = Tenant::start(&[GOOD]).await;
    let source = || async { Ok(rt::AccessToken::new("token-8")) };
    let built = |builder: rt::ClientBuilder| builder.build().expect("a good configuration");
    let client = built(tenant.builder().bearer_token("token-9"));
    assert_eq!(call(&client).await, Ok("200 9".to_owned()));
    let client = built(
        tenant
            .builder()
            .bearer_token("token-9")
            .token_source(source),
    );
    assert_eq!(call(&client).await, Ok("200 8".to_owned()));
    let client = tenant
        .builder()
        .token_source(source)
        .bearer_token("token-9");
    let client = built(client.client_credentials("id", "s3cr3t&="));
    assert_eq!(call(&client).await, Ok("200 1".to_owned()));
}

#[tokio::test]
async fn a_grant_that_cannot_work_is_no_client() {
    let builder = || crate::sample::Client::builder_without_certificates();
    let why = |builder: rt::ClientBuilder<_>| builder.build().expect_err("no client").to_string();
    let texts = [
        why(builder().client_credentials("id", "secret")),
        why(builder()
            .client_credentials("", "secret")
            .token_url("http://a/b")),
        why(builder()
            .client_credentials("id", "")
            .token_url("http://a/b")),
        why(builder()
            .client_credentials("id", "secret")
            .token_url("a/b")),
        why(builder()
            .client_credentials("id", "secret")
            .token_url("ftp://a/b")),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let tenant = Tenant::start(&[
        "400 Bad Request\n\n{\"error\":\"invalid_request\",\"error_description\":\"s3cr3t&= in s3cr3t%26%3D\"}",
    ])
    .await;
    let builder = tenant.builder().token_parameter("assertion", "h1dd3n");
    let shown = format!("{builder:?}");
    let client = builder.build().expect("a good configuration");
    let error = client
        .request(&WITH_TOKEN)
        .send_raw()
        .await
        .expect_err("no token");
    let token = rt::AccessToken::new("h1dd3n");
    let shown = format!("{shown} {client:?} {error} {error:?} {token:?}");
    for secret in ["s3cr3t", "h1dd3n"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Each file of `tests/tokens/` is an answer of a token endpoint.
#[test]
fn answers_of_the_token_endpoint() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("the machine has sockets");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../tokens");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../tokens", "*.http", |path| {
            let text = std::fs::read_to_string(path).expect("the file is text");
            insta::assert_snapshot!(runtime.block_on(outcome(&text)));
        });
    });
}

async fn outcome(text: &str) -> String {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
    let headers = headers.replace('\n', "\r\n") + if headers.is_empty() { "" } else { "\r\n" };
    let server =
        Server::start([answer(status.trim(), &headers, body.trim_end_matches('\n'))]).await;
    let client = rt::ClientBuilder::<rt::Client>::new(&DOCUMENT)
        .base_url(&server.url)
        .clock(TestClock::start())
        .client_credentials("id", "secret")
        .build()
        .expect("a good configuration");
    let result = client.request(&WITH_TOKEN).send_raw().await;
    let tokens = server
        .requests()
        .iter()
        .filter_map(|request| {
            request
                .lines()
                .find(|line| line.starts_with("authorization"))
        })
        .map(str::to_owned)
        .collect::<Vec<_>>();
    match result {
        Ok(_) => format!("a token: {}", tokens.join(", ")),
        Err(error) => error.to_string().replace(&server.url, "SERVER"),
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("the listener has an address");
    drop(listener);
    let client = rt::ClientBuilder::<rt::Client>::new(&DOCUMENT)
        .base_url(format!("http://{address}"))
        .clock(TestClock::start())
        .client_credentials("id", "secret")
        .build()
        .expect("a good configuration");
    let error = client
        .request(&WITH_TOKEN)
        .send_raw()
        .await
        .expect_err("nobody listens");
    assert!(matches!(&error, rt::Error::Credentials(_)), "{error:?}");
    let text = error.to_string();
    let text = text
        .split(": Connection refused")
        .next()
        .unwrap_or_default();
    assert_eq!(
        text,
        format!(
            "credentials: no token from http://{address}/oauth/token: cannot connect to {address}"
        )
    );
    assert!(error.to_string().contains("check the host"), "{error}");
}
