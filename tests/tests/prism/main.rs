//! The clients against Prism, which answers from the documents in `spec/` and refuses requests that
//! are not as they say. `tests/prism/run` starts it.

mod editions;

use std::collections::BTreeSet;
use std::fmt::Debug;

use cross_crate_tests::spec;
use oas_runtime::{ApiError, Error, ErrorBody, HeaderMap, Request, Response};
use serde_json::Value;

/// The id of a profile. Prism takes no UUID without hyphens.
const ID: &str = "ef38f943-47e9-4562-b5bb-8424a56397d8";

/// A name that a careless escape of filters would break.
const NAME: &str = "R&D \"50%\" #1 ünï\\code; a+b?c=d";

/// What a call came to, as Prism sees it.
struct Outcome {
    status: u16,
    headers: HeaderMap,
    /// Whether the answer is as documented for its status.
    is_documented: bool,
    text: String,
}

fn success<T, H>(response: Response<T, H>, headers: fn(H) -> HeaderMap) -> Outcome {
    Outcome {
        status: response.status,
        headers: headers(response.headers),
        is_documented: true,
        text: String::new(),
    }
}

fn failure<E: Debug>(error: &Error<E>) -> Outcome {
    let Error::Api(api) = error else {
        panic!("no answer: {error}")
    };
    Outcome {
        status: api.status(),
        headers: api.headers().clone(),
        is_documented: matches!(api.body(), ErrorBody::Decoded(_)),
        text: format!("{error}\n{}", ApiError::text(api)),
    }
}

/// Asks for the answer with this status.
fn prefer(request: &mut impl AsMut<Request>, status: u16) {
    request
        .as_mut()
        .extra_header("Prefer", &format!("code={status}"));
}

/// Each documented answer of an edition: operation and status.
fn documented(document: &Value) -> BTreeSet<(String, u16)> {
    let bodies = spec::bodies(document).into_iter();
    bodies
        .filter_map(|body| Some((body.operation, body.status?)))
        .collect()
}

fn check(name: &str, status: u16, outcome: &Outcome) {
    let violations = outcome.headers.get("sl-violations");
    assert_eq!(violations, None, "{name} {status}: {}", outcome.text);
    assert_eq!(outcome.status, status, "{name}: {}", outcome.text);
    assert!(
        outcome.is_documented,
        "{name} {status} is not read as documented: {}",
        outcome.text
    );
}
