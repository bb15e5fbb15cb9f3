//! Imports: what must not be done twice is not sent twice.

use identity_profiles::rt::{CallOptions as _, Error, TransportErrorKind};
use identity_profiles::v2024::{
    Client, IdentityProfileExportedObject, ImportIdentityProfilesError,
};
use identity_profiles::validate::{BodyCheck, Edition};
use mock_tenant::{Fault, MockTenant, Operation, Options};
use serde_json::json;

use crate::support::{builder, client, start, statuses};

/// A profile that the tenant does not have, with a source that it has.
fn body(name: &str) -> Vec<IdentityProfileExportedObject> {
    let object = json!({
        "version": 1,
        "self": {"type": "IDENTITY_PROFILE", "name": name},
        "object": {
            "name": name,
            "authoritativeSource": {"type": "SOURCE", "id": "1", "name": "Payroll EMEA"},
            "ünknown \u{1f600}": {"kept": [1.50, null]},
        },
    });
    serde_json::from_value(json!([object])).unwrap_or_else(|error| panic!("{error}"))
}

fn has(tenant: &MockTenant, name: &str) -> usize {
    let profiles = tenant.profiles();
    profiles.iter().filter(|one| one["name"] == name).count()
}

#[tokio::test]
async fn an_import_is_sent_again_only_if_nothing_was_done() {
    for (fault, requests, imported) in [
        // The tenant has not acted: it says so.
        (Fault::too_many_requests(2), 2, true),
        // It may have acted.
        (Fault::LoseAnswer, 1, true),
        (Fault::CutOff { after: 10 }, 1, true),
        (Fault::Disconnect, 1, false),
        (Fault::status(503), 1, false),
        (Fault::Html { status: 502 }, 1, false),
        (Fault::Empty { status: 504 }, 1, false),
        (Fault::status(500), 1, false),
    ] {
        let tenant = start(Options::new().profiles(3)).await;
        tenant.inject(fault.clone().on(Operation::Import));
        let answer = client(&tenant)
            .import_identity_profiles(body("New"))
            .send()
            .await;
        assert_eq!(answer.is_ok(), requests == 2, "{fault}: {answer:?}");
        assert_eq!(tenant.count(Operation::Import), requests, "{fault}");
        assert_eq!(has(&tenant, "New"), usize::from(imported), "{fault}");
    }
}

#[tokio::test]
async fn an_expired_token_does_not_double_an_import() {
    let tenant = start(Options::new().profiles(3)).await;
    let client = client(&tenant);
    tenant.inject(Fault::ExpiredToken.on(Operation::Import));
    let answer = client.import_identity_profiles(body("New")).send().await;
    let result = answer.unwrap_or_else(|error| panic!("{error}")).body;
    let result = result
        .into_result()
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(result.imported_objects.len(), 1);
    assert_eq!(statuses(&tenant, Operation::Import), [401, 200]);
    assert_eq!(has(&tenant, "New"), 1);
    let kept = tenant.profiles().pop().unwrap_or_default();
    assert_eq!(
        kept["ünknown \u{1f600}"].to_string(),
        r#"{"kept":[1.5,null]}"#
    );
}

#[tokio::test]
async fn a_connection_that_is_refused_is_tried_again() {
    let tenant = start(Options::new()).await;
    let clock = tenant.clock().clone();
    let listener = std::net::TcpListener::bind("127.0.0.1:0");
    let address = listener.and_then(|listener| listener.local_addr());
    let address = address.unwrap_or_else(|error| panic!("{error}"));
    // Nobody listens there any more.
    let client = Client::builder()
        .origin(format!("http://{address}"))
        .bearer_token("any")
        .clock(clock.clone())
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let before = clock.now();
    let error = client.import_identity_profiles(body("New")).send().await;
    let Err(Error::Transport(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(clock.now() > before, "it was tried once only");
}

#[tokio::test]
async fn a_success_with_errors_inside_is_hard_to_miss() {
    let tenant = start(Options::new().profiles(3)).await;
    let mut objects = body("Good");
    let mut bad = body("Bad");
    for object in &mut bad {
        if let Some(profile) = &mut object.object {
            let source = &mut profile.authoritative_source;
            source.name = Some("Nowhere".to_owned());
        }
    }
    objects.append(&mut bad);
    let client = client(&tenant);
    let answer = client.import_identity_profiles(objects).send().await;
    let result = answer.unwrap_or_else(|error| panic!("{error}")).body;
    let Err(failure) = result.into_result() else {
        panic!("the error was missed")
    };
    let shown = failure.to_string();
    assert!(shown.contains("UNKNOWN_REFERENCE_RESOLVER"), "{shown}");
    assert!(shown.contains("Nowhere"), "{shown}");
    assert_eq!(failure.value().imported_objects.len(), 1);
    assert_eq!((has(&tenant, "Good"), has(&tenant, "Bad")), (1, 0));
}

#[tokio::test]
async fn a_body_that_the_validator_refuses_is_not_sent() {
    let tenant = start(Options::new().profiles(3)).await;
    let check = BodyCheck::new(Edition::V2024);
    let checked = builder(&tenant, tenant.user())
        .check_body(check.clone())
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut bad = [body("One"), body("Two")].concat();
    for object in &mut bad {
        if let Some(profile) = &mut object.object {
            profile.extra.insert("priority", "high");
        }
    }
    let import = checked.import_identity_profiles(bad);
    let Err(Error::Request(error)) = import.clone().send().await else {
        panic!("it was sent")
    };
    let pointers: Vec<&str> = error
        .findings()
        .iter()
        .map(|one| one.pointer.as_str())
        .collect();
    assert!(pointers.contains(&"/0/object/priority"), "{pointers:?}");
    assert!(pointers.contains(&"/1/object/priority"), "{pointers:?}");
    let shown = error.to_string();
    assert!(
        shown.contains("POST /identity-profiles/import: not sent: the body is wrong"),
        "{shown}"
    );
    assert!(shown.contains("[schema/type]"), "{shown}");
    assert_eq!(tenant.exchanges(), [], "not even for a token");

    // The call's own word is the last.
    let answer = import.no_body_check().send().await;
    let result = answer.unwrap_or_else(|error| panic!("{error}")).body;
    assert!(result.into_result().is_err());
    assert_eq!(tenant.count(Operation::Import), 1);

    let unchecked = client(&tenant);
    // It has a property that is not documented, which is a warning.
    let warned = body("New");
    let strict = unchecked
        .import_identity_profiles(warned.clone())
        .check_body(check.clone().deny_warnings());
    let Err(Error::Request(error)) = strict.send().await else {
        panic!("it was sent")
    };
    let codes: Vec<&str> = error
        .findings()
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert!(codes.contains(&"import/unknown-field"), "{codes:?}");
    let lenient = unchecked.import_identity_profiles(warned).check_body(check);
    let answer = lenient.send().await;
    answer.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(tenant.count(Operation::Import), 2);
    // What has no body, or is another operation's, is let through.
    let page = checked.list_identity_profiles().send().await;
    page.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn an_application_must_not_import() {
    let tenant = start(Options::new().profiles(3)).await;
    let client = builder(&tenant, tenant.application()).build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let error = client.import_identity_profiles(body("New")).send().await;
    let Err(error) = error else {
        panic!("it was let in")
    };
    match error.documented() {
        Some(ImportIdentityProfilesError::Forbidden(why)) => {
            let id = why.tracking_id.as_deref().unwrap_or("no tracking id");
            let shown = error.to_string();
            assert!(shown.contains(id), "{shown}");
            assert!(shown.contains("a user's token"), "{shown}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(tenant.count(Operation::Import), 1);
}
