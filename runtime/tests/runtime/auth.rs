//! Credentials: which alternative is taken, and how it goes into the request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use oas_runtime as rt;
use rt::Authenticate as _;
use secrecy::ExposeSecret as _;

use crate::sample::{Client, DOCUMENT, PLAIN};
use crate::server::{Server, json};
use crate::table;

/// `token+header,login`: alternatives divided by commas, schemes that go together by `+`; `()` is
/// the alternative without any. Leaked, because operations are constants.
fn operation(alternatives: &str) -> &'static rt::Operation {
    let scheme = |scheme: &str| rt::SecurityUse {
        scheme: leak(scheme),
        scopes: &[],
    };
    let alternatives: Vec<&'static [rt::SecurityUse]> = match alternatives {
        "-" => Vec::new(),
        text => text
            .split(',')
            .map(|one| match one {
                "()" => &[],
                uses => &*Vec::leak(uses.split('+').map(scheme).collect()),
            })
            .collect(),
    };
    Box::leak(Box::new(rt::Operation {
        security: Vec::leak(alternatives),
        ..PLAIN
    }))
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

/// `bearer,basic,key header`
fn credentials(given: &str) -> rt::StaticCredentials {
    given
        .split(',')
        .filter(|one| *one != "-")
        .fold(rt::StaticCredentials::new(), |all, one| {
            match one.split_once(' ') {
                None if one == "bearer" => all.bearer_token("TOKEN"),
                None if one == "basic" => all.basic("user", "pass"),
                Some(("key", scheme)) => all.api_key(scheme, "KEY"),
                _ => panic!("{one} is no kind of credential"),
            }
        })
}

fn show(selected: Result<rt::Credentials, rt::CredentialsError>) -> String {
    let selected = match selected {
        Ok(selected) => selected,
        Err(error) => return error.to_string(),
    };
    let headers = selected.headers().map(|(name, value)| {
        assert!(value.is_sensitive());
        format!(
            "{name}: {}",
            value.to_str().expect("the test's values are ASCII")
        )
    });
    let query = selected
        .query_parameters()
        .map(|(name, value)| format!("?{name}={}", value.expose_secret()));
    let cookies = selected
        .cookies()
        .map(|(name, value)| format!("cookie {name}={}", value.expose_secret()));
    let all: Vec<_> = headers.chain(query).chain(cookies).collect();
    if all.is_empty() {
        "(none)".to_owned()
    } else {
        all.join(", ")
    }
}

#[test]
fn alternatives() {
    table::check("security.txt", |cells| {
        let operation = operation(cells[0]);
        let security = rt::Security {
            operation,
            schemes: DOCUMENT.security_schemes,
        };
        show(credentials(cells[1]).select(security))
    });
}

#[test]
fn a_document_without_schemes_is_silent_on_security() {
    let security = rt::Security {
        operation: operation("-"),
        schemes: &[],
    };
    assert_eq!(
        show(credentials("bearer").select(security)),
        "authorization: Bearer TOKEN"
    );
    assert_eq!(show(credentials("-").select(security)), "(none)");
}

#[test]
fn scopes_are_named() {
    static OPERATION: rt::Operation = rt::Operation {
        security: &[
            &[rt::SecurityUse {
                scheme: "oauth2",
                scopes: &["read", "write"],
            }],
            &[
                rt::SecurityUse {
                    scheme: "login",
                    scopes: &[],
                },
                rt::SecurityUse {
                    scheme: "mtls",
                    scopes: &[],
                },
            ],
        ],
        ..PLAIN
    };
    let security = rt::Security {
        operation: &OPERATION,
        schemes: DOCUMENT.security_schemes,
    };
    let error = credentials("key header")
        .select(security)
        .expect_err("no token");
    assert_eq!(
        error.message(),
        "none of the given ones fits GET /plain, which needs `oauth2` (scopes: read, write), or \
         `login` with `mtls`"
    );
}

#[tokio::test]
async fn all_places_arrive() {
    let server = Server::start([]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .header("Cookie", "theme=dark")
        .bearer_token("TOKEN")
        .api_key("query", "k&y")
        .api_key("cookie", "KEY");
    let client = client.build().expect("a good URL");
    let mut request = client.inner.request(operation("token+query+cookie"));
    request.query("q", &1, rt::Style::Form { explode: true });
    request.cookie(
        "color",
        &"blue".to_owned(),
        rt::Style::Form { explode: true },
    );
    request.send_raw().await.expect("a 200");
    let seen = server.last();
    assert!(
        seen.starts_with("GET /plain?q=1&api%20key=k%26y HTTP/1.1\r\n"),
        "{seen}"
    );
    assert!(
        seen.contains("cookie: theme=dark; color=blue; session=KEY\r\n"),
        "{seen}"
    );
    assert!(seen.contains("authorization: Bearer TOKEN\r\n"), "{seen}");
}

#[tokio::test]
async fn a_secret_that_http_cannot_carry_is_not_sent_and_not_shown() {
    let server = Server::start([]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .bearer_token("hush\r\nHost: evil");
    let client = client.build().expect("a good URL");
    let error = client
        .inner
        .request(operation("token"))
        .send_raw()
        .await
        .expect_err("no header");
    assert!(matches!(error, rt::Error::Credentials(_)) && !format!("{error:?}").contains("hush"));
    assert!(server.requests().is_empty());
}

#[test]
fn secrets_are_not_printed() {
    let given = credentials("bearer,basic,key header,key query,key cookie");
    let security = rt::Security {
        operation: operation("token+login+header+query+cookie"),
        schemes: DOCUMENT.security_schemes,
    };
    let selected = given.select(security).expect("all are given");
    let builder = Client::builder_without_certificates()
        .base_url("https://host/?key=KEY")
        .bearer_token("TOKEN")
        .api_key("header", "KEY")
        .header("X-Secret", "KEY");
    let printed = format!("{builder:?} {given:?} {selected:?}");
    let client = builder.build().expect("a good URL");
    let mut request = client.inner.request(operation("token"));
    request.header(
        "X-Key",
        &"KEY".to_owned(),
        rt::Style::Simple { explode: false },
    );
    request.extra_query("key", "KEY");
    let printed = format!("{printed} {client:?} {request:?}");
    for secret in ["TOKEN", "KEY"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

/// Numbers its tokens; a new one after each refusal, as long as there are some.
struct Renewing {
    current: AtomicU32,
    last: u32,
}

impl rt::Authenticate for Renewing {
    fn credentials(
        &self,
        _security: rt::Security,
    ) -> rt::BoxFuture<'_, Result<rt::Credentials, rt::CredentialsError>> {
        Box::pin(async {
            let mut credentials = rt::Credentials::none();
            let number = self.current.load(Ordering::SeqCst);
            credentials.bearer(&format!("token-{number}").into())?;
            Ok(credentials)
        })
    }

    fn renew<'a>(
        &'a self,
        _security: rt::Security,
        refused: &'a rt::Credentials,
    ) -> rt::BoxFuture<'a, Result<bool, rt::CredentialsError>> {
        Box::pin(async move {
            let number = self.current.load(Ordering::SeqCst);
            let (_, value) = refused.headers().next().expect("what was sent had a token");
            assert_eq!(
                value.to_str().expect("ASCII"),
                format!("Bearer token-{number}")
            );
            if number == self.last {
                return Ok(false);
            }
            self.current.store(number + 1, Ordering::SeqCst);
            Ok(true)
        })
    }
}

async fn call_with_tokens(last: u32, answers: Vec<Vec<u8>>) -> (u16, Vec<String>) {
    let server = Server::start(answers).await;
    let renewing = Renewing {
        current: AtomicU32::new(1),
        last,
    };
    let client = Client::builder()
        .base_url(&server.url)
        .credentials(renewing);
    let client = client.build().expect("a good URL");
    let response = client
        .inner
        .request(operation("token"))
        .send_raw()
        .await
        .expect("an answer");
    let tokens = server.requests().into_iter().map(|request| {
        let line = request
            .lines()
            .find(|line| line.starts_with("authorization"));
        line.expect("every request has a token").to_owned()
    });
    (response.status(), tokens.collect())
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let refused = || json("401 Unauthorized", "{}");
    let first = "authorization: Bearer token-1".to_owned();
    let second = "authorization: Bearer token-2".to_owned();
    let (status, tokens) = call_with_tokens(9, vec![refused(), json("200 OK", "1")]).await;
    assert_eq!((status, tokens), (200, vec![first.clone(), second.clone()]));
    let (status, tokens) = call_with_tokens(9, vec![refused()]).await;
    assert_eq!((status, tokens), (401, vec![first.clone(), second]));
    let (status, tokens) = call_with_tokens(1, vec![refused()]).await;
    assert_eq!((status, tokens), (401, vec![first]));
}

#[tokio::test]
async fn static_credentials_cannot_be_renewed() {
    let given = Arc::new(credentials("bearer"));
    let security = rt::Security {
        operation: operation("token"),
        schemes: &[],
    };
    assert!(
        !given
            .renew(security, &rt::Credentials::none())
            .await
            .expect("no reason to fail")
    );
}

#[test]
fn a_cookie_is_one() {
    let with = |name, value: &str| {
        let mut credentials = rt::Credentials::none();
        let outcome = credentials.cookie(name, &value.into());
        outcome.map_err(|error| error.to_string())
    };
    for value in [
        "",
        "KEY",
        "a=b&c",
        "\"KEY\"",
        "!#$%&'()*+-./:<=>?@[]^_`{|}~",
    ] {
        assert_eq!(with("session", value), Ok(()), "{value}");
    }
    for value in [
        "C;\"x", "C;x=1", "a b", "a,b", "a\\b", "\"", "\"a", "a\n", "é",
    ] {
        let error = with("session", value).expect_err("no cookie");
        assert_eq!(
            error,
            "credentials: the value of the cookie `session` holds a character that a cookie \
             cannot: a space, a double quote, a comma, a semicolon, a backslash, or one that is not \
             ASCII"
        );
    }
    assert!(with("a=b", "c").is_err());
}

#[tokio::test]
async fn a_key_that_is_no_cookie_is_not_sent() {
    let server = Server::start([json("200 OK", "1")]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .api_key("cookie", "C;x=1");
    let client = client.build().expect("a good URL");
    let request = client.inner.request(operation("cookie"));
    let error = request.send_raw().await.expect_err("no cookie").to_string();
    assert!(error.starts_with("credentials: the value of the cookie"));
    assert!(!error.contains("C;x"), "{error}");
    assert!(server.requests().is_empty());
}
