//! Servers and their variables: of the document, of a path, of an operation.

use test_clients::security::Client;

use crate::support::{Call, built, call, check_targets, client, server};

#[tokio::test]
async fn variables_at_all_levels() {
    let server = server().await;
    let address = server.url("");
    let host = address.trim_start_matches("http://");
    let builder = || {
        Client::builder()
            .server_variable("scheme", "http")
            .server_variable("host", host)
    };
    let plain = built(builder());
    let given = built(builder().server_variable("tenant", "acme"));
    check_targets(
        &server,
        [
            (
                call(plain.document_server().send()),
                "GET /main/document-server",
            ),
            (
                call(given.document_server().send()),
                "GET /acme/document-server",
            ),
            (call(plain.path_server().send()), "GET /files/path-server"),
            (
                call(plain.operation_server().send()),
                "PUT /uploads/eu/path-server?tier=1",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_base_url_stands_for_all_servers() {
    let server = server().await;
    let bare = client(Client::builder(), &server);
    let below = built(Client::builder().base_url(server.url("/proxy/?via=1")));
    let calls = |client: &Client| -> [Call; 3] {
        [
            call(client.document_server().send()),
            call(client.path_server().send()),
            call(client.operation_server().send()),
        ]
    };
    let [document, path, operation] = calls(&bare);
    check_targets(
        &server,
        [
            (document, "GET /document-server"),
            (path, "GET /path-server"),
            (operation, "PUT /path-server"),
        ],
    )
    .await;
    let [document, path, operation] = calls(&below);
    check_targets(
        &server,
        [
            (document, "GET /proxy/document-server?via=1"),
            (path, "GET /proxy/path-server?via=1"),
            (operation, "PUT /proxy/path-server?via=1"),
        ],
    )
    .await;
}

#[test]
fn what_no_server_has_is_refused() {
    for (builder, expected) in [
        (
            Client::builder().server_variable("scheme", "ftp"),
            "`ftp` is no value of the server variable `scheme`; expected one of https, http",
        ),
        (
            Client::builder().server_variable("tenants", "x"),
            "there is no server variable `tenants`; the document has scheme, host, tenant",
        ),
        (
            Client::builder().server(2),
            "there is no server 2; the document has 2, counted from 0",
        ),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(Client::builder().server(1).build().is_ok());
}
