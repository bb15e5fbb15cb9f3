//! Each answer that `spec/` documents comes back typed, for each operation of each edition.

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use cross_crate_tests::spec;
use oas_runtime::HeaderValue;
use serde_json::Value;

use crate::calls::{Edition, Operation, call};

/// Documented answers: 26 in each of the current editions, 12 in the early one.
const ANSWERS: usize = 64;

/// The variant of an operation's error that stands for a status.
fn variant(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        other => panic!("no variant is known for {other}"),
    }
}

async fn check(edition: Edition, operation: Operation, status: u16, body: &Value) {
    let name = format!("{} {} {status}", edition.name(), operation.id());
    let tenant = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    tenant.route(operation.method(), &operation.path()).always(
        Answer::json(status, body)
            .header("Retry-After", "7")
            .header("X-Total-Count", "42")
            .header("X-Request-Id", "b21b1f7ce4da4d639f2c62a57171b427"),
    );
    let outcome = call(edition, operation, &tenant.url("")).await;
    if status == 200 {
        let success = outcome.unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(success.status, 200, "{name}");
        assert_eq!(&success.body, body, "{name}");
        let counts = matches!(operation, Operation::List | Operation::Export);
        assert_eq!(success.total_count, counts.then_some(42), "{name}");
        return;
    }
    let failure = match outcome {
        Err(failure) => failure,
        Ok(success) => panic!("{name}: {success}"),
    };
    assert_eq!(failure.kind, "Api", "{name}: {failure}");
    assert_eq!(failure.status, Some(status), "{name}");
    let documented = failure.documented.as_deref().unwrap_or_default();
    assert!(
        documented.starts_with(&format!("{}(", variant(status))),
        "{name}: {documented}"
    );
    assert_eq!(
        failure
            .headers
            .get("x-request-id")
            .map(HeaderValue::as_bytes),
        Some(&b"b21b1f7ce4da4d639f2c62a57171b427"[..]),
        "{name}"
    );
    assert_eq!(
        failure.retry_after,
        Some(std::time::Duration::from_secs(7)),
        "{name}"
    );
    assert_eq!(failure.body, body.to_string(), "{name}");
}

#[tokio::test]
async fn every_documented_answer_is_typed() {
    let mut count = 0;
    for edition in Edition::ALL {
        let document = spec::load(edition.name()).unwrap_or_else(|error| panic!("{error}"));
        for body in spec::bodies(&document) {
            let Some(status) = body.status else { continue };
            let operation = Operation::ALL
                .into_iter()
                .find(|operation| operation.id() == body.operation)
                .unwrap_or_else(|| panic!("{} is not known here", body.operation));
            assert!(operation.is_in(edition), "{operation:?} in {edition:?}");
            let example = body.examples.first().map(|(_, example)| example.clone());
            let example = example.unwrap_or_else(|| spec::example_of(&body.schema));
            check(edition, operation, status, &example).await;
            count += 1;
        }
    }
    assert_eq!(count, ANSWERS, "documented answers in spec/");
}
