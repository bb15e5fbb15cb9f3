//! What the checks have in common: a server, calls of any type, requests as text.

use std::fmt::Debug;

use cross_crate_tests::scripted_server::{Answer, RecordedRequest, ScriptedServer};
use test_clients::rt;

/// A call that is under way: nothing, or how it failed.
pub(crate) type Call = rt::BoxFuture<'static, Option<String>>;

/// A call without its types, so that calls of many operations stand in one table.
pub(crate) fn call<T: 'static, E: Debug + 'static, H: 'static>(
    sending: rt::Sending<T, E, H>,
) -> Call {
    Box::pin(async move { sending.await.err().map(|error| format!("{error:?}")) })
}

/// A server that answers 204 to whatever no script answers.
pub(crate) async fn server() -> ScriptedServer {
    let server = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    server.otherwise(Answer::status(204));
    server
}

/// The client of a document, with this server as its base.
#[track_caller]
pub(crate) fn client<C: From<rt::Client>>(
    builder: rt::ClientBuilder<C>,
    server: &ScriptedServer,
) -> C {
    built(builder.base_url(server.url("")).retry(rt::NoRetry))
}

#[track_caller]
pub(crate) fn built<C: From<rt::Client>>(builder: rt::ClientBuilder<C>) -> C {
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

/// The one request that a successful call makes.
pub(crate) async fn sent(server: &ScriptedServer, call: Call) -> RecordedRequest {
    let failure = call.await;
    assert_eq!(failure, None);
    let mut requests = server.take_requests();
    assert_eq!(requests.len(), 1, "{requests:#?}");
    requests.remove(0)
}

/// Checks of each call where its request goes: method, path and query as in the request line.
pub(crate) async fn check_targets<const N: usize>(
    server: &ScriptedServer,
    table: [(Call, &str); N],
) {
    for (call, expected) in table {
        let request = sent(server, call).await;
        assert_eq!(format!("{} {}", request.method, request.target), expected);
    }
}

/// The request as text, without the headers that all requests have.
pub(crate) fn show(request: &RecordedRequest) -> String {
    let mut request = request.clone();
    let everywhere = [
        "accept",
        "accept-encoding",
        "content-length",
        "host",
        "user-agent",
    ];
    request
        .headers
        .retain(|(name, _)| !everywhere.contains(&name.as_str()));
    request.to_string()
}
