//! Credentials: which go where.

use test_clients::rt::{ClientBuilder, Error};
use test_clients::security::Client;

use crate::support::{Call, call, client, sent, server, show};

/// A client with credentials of every kind.
fn everything(builder: ClientBuilder<Client>) -> ClientBuilder<Client> {
    builder
        .bearer_token("TOKEN")
        .basic("Aladdin", "open sesame")
        .api_key("headerKey", "HEADER")
        .api_key("queryKey", "a&b c")
        .api_key("cookieKey", "COOKIE")
}

/// Checks of each call the request that it makes with these credentials.
async fn check<const N: usize>(
    credentials: impl FnOnce(ClientBuilder<Client>) -> ClientBuilder<Client>,
    table: impl FnOnce(Client) -> [(Call, &'static str); N],
) {
    let server = server().await;
    let client = client(credentials(Client::builder()), &server);
    for (call, expected) in table(client) {
        assert_eq!(show(&sent(&server, call).await), expected);
    }
}

#[tokio::test]
async fn each_kind() {
    check(everything, |client| {
        [
            (
                call(client.inherited().send()),
                "GET /inherited\nauthorization: Bearer TOKEN",
            ),
            (
                call(client.basic().send()),
                "GET /basic\nauthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            ),
            (
                call(client.header_key().send()),
                "GET /header-key\nx-api-key: HEADER",
            ),
            (
                call(client.query_key().send()),
                "GET /query-key?api%20key=a%26b%20c",
            ),
            (
                call(client.query_key().page(2).send()),
                "GET /query-key?page=2&api%20key=a%26b%20c",
            ),
            (
                call(client.cookie_key().send()),
                "GET /cookie-key\ncookie: session=COOKIE",
            ),
            (
                call(client.cookie_key().theme("dark").send()),
                "GET /cookie-key\ncookie: theme=dark; session=COOKIE",
            ),
            (
                call(client.oauth().send()),
                "GET /oauth\nauthorization: Bearer TOKEN",
            ),
            (
                call(client.open_id().send()),
                "GET /open-id\nauthorization: Bearer TOKEN",
            ),
            (call(client.public().send()), "GET /public"),
        ]
    })
    .await;
}

#[tokio::test]
async fn alternatives_and_combinations() {
    const BASIC: &str = "GET /either\nauthorization: Basic dTpw";
    check(everything, |client| {
        [
            (
                call(client.either().send()),
                "GET /either\nx-api-key: HEADER",
            ),
            (
                call(client.both().send()),
                "GET /both?api%20key=a%26b%20c\ncookie: session=COOKIE\nx-api-key: HEADER",
            ),
            (
                call(client.optional().send()),
                "GET /optional\nauthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            ),
        ]
    })
    .await;
    check(
        |builder| builder.basic("u", "p"),
        |client| [(call(client.either().send()), BASIC)],
    )
    .await;
    check(
        |builder| builder.api_key("headerKey", "HEADER").bearer_token("TOKEN"),
        |client| {
            [
                (
                    call(client.both().send()),
                    "GET /both\nauthorization: Bearer TOKEN",
                ),
                (call(client.optional().send()), "GET /optional"),
            ]
        },
    )
    .await;
    check(
        |builder| builder,
        |client| {
            [
                (call(client.optional().send()), "GET /optional"),
                (call(client.inherited().send()), "GET /inherited"),
            ]
        },
    )
    .await;
}

#[tokio::test]
async fn credentials_that_do_not_fit() {
    let server = server().await;
    let client = client(Client::builder().basic("u", "p"), &server);
    for (result, expected) in [
        (
            client.inherited().send().await,
            "GET /inherited, which needs `bearer`",
        ),
        (
            client.oauth().send().await,
            "GET /oauth, which needs `oauth` (scopes: things:read)",
        ),
        (
            client.both().send().await,
            "GET /both, which needs `headerKey` with `queryKey` with `cookieKey`, or `bearer`",
        ),
    ] {
        let Err(error @ Error::Credentials(_)) = result else {
            panic!("{result:?}");
        };
        assert!(error.to_string().ends_with(expected), "{error}");
    }
    assert_eq!(server.requests(), []);
    let error = Client::builder()
        .api_key("headerkey", "x")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("`headerkey`"), "{error}");
}
