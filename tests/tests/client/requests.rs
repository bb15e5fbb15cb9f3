//! What goes over the wire, byte for byte.

use cross_crate_tests::scripted_server::{Answer, RecordedRequest, ScriptedServer};
use cross_crate_tests::spec;
use identity_profiles::{v3, v3_legacy, v2024};
use oas_runtime::Json;
use serde_json::{Value, json};

use crate::calls::{Edition, ID, Operation, TOKEN, call};

const USER_AGENT: &str = concat!("identity-profiles/", env!("CARGO_PKG_VERSION"));

async fn tenant() -> ScriptedServer {
    ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The one request that a call made; the answer to it does not matter.
#[track_caller]
fn sent(tenant: &ScriptedServer) -> RecordedRequest {
    let mut requests = tenant.take_requests();
    assert_eq!(requests.len(), 1, "{requests:#?}");
    requests.remove(0)
}

macro_rules! client {
    ($module:ident, $base_url:expr) => {
        $module::Client::builder()
            .base_url($base_url)
            .bearer_token(TOKEN)
            .build()
            .unwrap_or_else(|error| panic!("{error}"))
    };
}

#[tokio::test]
async fn plain_calls_send_what_is_needed_and_nothing_else() {
    let tenant = tenant().await;
    for edition in Edition::ALL {
        for operation in Operation::ALL {
            if !operation.is_in(edition) {
                continue;
            }
            let _ = call(edition, operation, &tenant.url("/v3")).await;
            let body = match operation {
                Operation::Import => {
                    "content-length: 2\ncontent-type: application/json\nuser-agent: AGENT\n\n[]"
                }
                _ => "user-agent: AGENT",
            };
            let expected = format!(
                "{} /v3{}\naccept: application/json\naccept-encoding: identity\n\
                 authorization: Bearer {TOKEN}\n{}",
                operation.method(),
                operation.path(),
                body.replace("AGENT", USER_AGENT),
            );
            assert_eq!(sent(&tenant).to_string(), expected, "{edition:?}");
        }
    }
}

/// Every parameter of list and export, with characters that a URL has to escape.
macro_rules! check_query {
    ($module:ident, $operation:ident, $filter:ident, $sorter:ident, $path:literal) => {{
        use identity_profiles::$module::{$filter as Filter, $sorter as Sorter};
        let tenant = tenant().await;
        let client = client!($module, tenant.url(""));
        let _ = client
            .$operation()
            .limit(250)
            .offset(500)
            .count(true)
            .filters(
                Filter::name()
                    .eq("#1 & 100%")
                    .or(!Filter::id().ne("Zoë + 'co'=?/\\\"")),
            )
            .sorters([Sorter::name().descending(), Sorter::priority()])
            .send()
            .await;
        assert_eq!(
            sent(&tenant).target,
            concat!(
                $path,
                "?limit=250&offset=500&count=true",
                "&filters=name%20eq%20%22%231%20%26%20100%25%22%20or%20not%20id%20ne%20",
                "%22Zo%C3%AB%20%2B%20%27co%27%3D%3F%2F%5C%5C%5C%22%22",
                "&sorters=-name%2Cpriority"
            )
        );
    }};
}

#[tokio::test]
async fn query_parameters_are_escaped() {
    check_query!(
        v3,
        list_identity_profiles,
        ListIdentityProfilesFilter,
        ListIdentityProfilesSorter,
        "/identity-profiles"
    );
    check_query!(
        v2024,
        list_identity_profiles,
        ListIdentityProfilesFilter,
        ListIdentityProfilesSorter,
        "/identity-profiles"
    );
    check_query!(
        v3,
        export_identity_profiles,
        ExportIdentityProfilesFilter,
        ExportIdentityProfilesSorter,
        "/identity-profiles/export"
    );
    check_query!(
        v2024,
        export_identity_profiles,
        ExportIdentityProfilesFilter,
        ExportIdentityProfilesSorter,
        "/identity-profiles/export"
    );
    check_query!(
        v3_legacy,
        export_identity_profiles,
        ExportIdentityProfilesFilter,
        ExportIdentityProfilesSorter,
        "/identity-profiles/export"
    );
}

#[tokio::test]
async fn parameters_go_out_in_the_order_in_which_they_were_last_set() {
    let tenant = tenant().await;
    let client = client!(v2024, tenant.url(""));
    let request = client.list_identity_profiles();
    let by = v2024::ListIdentityProfilesSorter::raw;
    let request = request.sorters([by("id")]).limit(1).sorters([by("name")]);
    let _ = request.send().await;
    assert_eq!(
        sent(&tenant).target,
        "/identity-profiles?limit=1&sorters=name"
    );
}

#[tokio::test]
async fn defaults_and_zeros_are_sent_if_they_are_set() {
    let tenant = tenant().await;
    let client = client!(v2024, tenant.url(""));
    let request = client.export_identity_profiles();
    let request = request.limit(0).offset(0).count(false);
    let request = request.filters(v2024::ExportIdentityProfilesFilter::raw(""));
    let _ = request.send().await;
    assert_eq!(
        sent(&tenant).target,
        "/identity-profiles/export?limit=0&offset=0&count=false&filters="
    );
}

#[tokio::test]
async fn ids_are_one_path_segment_whatever_they_hold() {
    let tenant = tenant().await;
    for (id, target) in [
        (ID, "/identity-profiles/2c91808568c529c60168cca6f90c1313"),
        (
            "2b838de9-db9b-abcf-e646-d4f274ad4238",
            "/identity-profiles/2b838de9-db9b-abcf-e646-d4f274ad4238",
        ),
        (
            "a/b c?d#e%f&é",
            "/identity-profiles/a%2Fb%20c%3Fd%23e%25f%26%C3%A9",
        ),
        ("../export", "/identity-profiles/..%2Fexport"),
        ("%2E%2E", "/identity-profiles/%252E%252E"),
    ] {
        let _ = client!(v3, tenant.url(""))
            .get_identity_profile(id)
            .send()
            .await;
        assert_eq!(sent(&tenant).target, target);
        let client = client!(v3_legacy, tenant.url(""));
        let _ = client.get_identity_profile(id).send().await;
        assert_eq!(sent(&tenant).target, target);
    }
}

#[tokio::test]
async fn ids_that_would_call_another_path_are_not_sent() {
    let tenant = tenant().await;
    for (id, message) in [
        (
            "",
            "the path parameter `identity-profile-id` is empty, which would call another path",
        ),
        (
            ".",
            "a path parameter makes the path segment `.`, which would call another path",
        ),
        (
            "..",
            "a path parameter makes the path segment `..`, which would call another path",
        ),
    ] {
        let result = client!(v2024, tenant.url(""))
            .get_identity_profile(id)
            .send();
        let error = result.await.err().map(|error| error.to_string());
        assert_eq!(
            error,
            Some(format!(
                "GET /identity-profiles/{{identity-profile-id}}: not sent: {message}"
            ))
        );
    }
    assert_eq!(tenant.requests(), []);
}

/// The documented import body, as it is on the wire.
async fn imported<C>(call: impl AsyncFnOnce(C, Value), client: impl FnOnce(String) -> C) -> Value {
    let tenant = tenant().await;
    let document = spec::load("v3").unwrap_or_else(|error| panic!("{error}"));
    let bodies = spec::bodies(&document);
    let body = bodies
        .iter()
        .find(|body| body.operation == "importIdentityProfiles" && body.status.is_none())
        .and_then(|body| body.examples.first())
        .map(|(_, example)| example.clone())
        .unwrap_or_default();
    call(client(tenant.url("/v3")), body.clone()).await;
    let request = sent(&tenant);
    assert_eq!(request.method, "POST");
    assert_eq!(request.target, "/v3/identity-profiles/import");
    assert_eq!(request.header("content-type"), Some("application/json"));
    let sent: Value = serde_json::from_slice(&request.body)
        .unwrap_or_else(|error| panic!("{error}: {}", request.text()));
    assert_eq!(sent, body);
    sent
}

#[tokio::test]
async fn an_import_sends_its_body_as_it_was_read() {
    macro_rules! check {
        ($module:ident) => {
            imported(
                async |client: $module::Client, body| {
                    let body = Json::from_json(body).unwrap_or_else(|error| panic!("{error}"));
                    let _ = client.import_identity_profiles(body).send().await;
                },
                |base_url| client!($module, base_url),
            )
            .await
        };
    }
    let sent = [check!(v3), check!(v2024)];
    for body in sent {
        assert_eq!(body[0]["object"]["name"], "aName");
    }
}

#[tokio::test]
async fn unknown_members_and_nulls_go_out_again() {
    let tenant = tenant().await;
    let body = json!([{
        "jwsSignature": null,
        "object": {"name": null, "authoritativeSource": {"x": [1.0, "é"]}, "owner": null, "priority": null},
    }]);
    let objects = Json::from_json(body.clone()).unwrap_or_else(|error| panic!("{error}"));
    let client = client!(v2024, tenant.url(""));
    let _ = client.import_identity_profiles(objects).send().await;
    let request = sent(&tenant);
    assert_eq!(
        serde_json::from_slice::<Value>(&request.body).ok(),
        Some(body)
    );
    assert_eq!(
        request.header("content-length"),
        Some(request.body.len().to_string().as_str())
    );
}

#[tokio::test]
async fn headers_and_query_pairs_that_no_parameter_describes_can_be_added() {
    let tenant = tenant().await;
    let client = v2024::Client::builder()
        .base_url(tenant.url("/v2024/"))
        .bearer_token(TOKEN)
        .user_agent("backup/2")
        .header("X-SailPoint-Experimental", "true")
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut request = client.list_identity_profiles().limit(1);
    request.as_mut().extra_header("Accept-Language", "de");
    request.as_mut().extra_query("x y", "&");
    let _ = request.send().await;
    assert_eq!(
        sent(&tenant).to_string(),
        format!(
            "GET /v2024/identity-profiles?limit=1&x%20y=%26\naccept: application/json\n\
             accept-encoding: identity\naccept-language: de\nauthorization: Bearer {TOKEN}\nuser-agent: backup/2\n\
             x-sailpoint-experimental: true"
        )
    );
}

#[tokio::test]
async fn a_request_can_be_kept_and_sent_again() {
    let tenant = tenant().await;
    tenant
        .route("GET", "/identity-profiles")
        .always(Answer::json(200, &json!([])));
    let request = client!(v2024, tenant.url("")).list_identity_profiles();
    for offset in [0, 250] {
        let page = request.clone().limit(250).offset(offset).send().await;
        assert_eq!(page.map(|page| page.body).ok(), Some(Vec::new()));
    }
    let targets: Vec<_> = tenant
        .take_requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    assert_eq!(
        targets,
        [
            "/identity-profiles?limit=250&offset=0",
            "/identity-profiles?limit=250&offset=250"
        ]
    );
}
