//! Connections that break, and answers that are none of the API's.

use identity_profiles::rt::{CallOptions as _, Error, ItemsError};
use mock_tenant::{Fault, Operation, Options};

use crate::support::{client, start, statuses};

#[tokio::test]
async fn a_page_that_breaks_off_is_asked_for_again() {
    for fault in [
        Fault::CutOff { after: 0 },
        Fault::CutOff { after: 40_000 },
        Fault::Disconnect,
        Fault::LoseAnswer,
        Fault::status(502),
        Fault::Html { status: 503 },
        Fault::Empty { status: 504 },
    ] {
        let tenant = start(Options::new().profiles(600)).await;
        tenant.inject(fault.clone().on(Operation::List).after(1).times(2));
        let profiles = client(&tenant).list_identity_profiles().stream().collect();
        let profiles = profiles
            .await
            .unwrap_or_else(|error| panic!("{fault}: {error}"));
        let ids: Vec<String> = profiles.into_iter().filter_map(|one| one.id).collect();
        assert_eq!(ids, tenant.profile_ids(), "{fault}");
        assert_eq!(tenant.count(Operation::List), 5, "{fault}");
    }
}

#[tokio::test]
async fn objects_of_a_body_that_breaks_off_are_told_from_all_objects() {
    let tenant = start(Options::new().profiles(200)).await;
    tenant.inject(Fault::CutOff { after: 50_000 }.on(Operation::Export));
    let answer = client(&tenant)
        .export_identity_profiles()
        .send_items()
        .await;
    let mut objects = answer.unwrap_or_else(|error| panic!("{error}")).body;
    let mut seen = Vec::new();
    let end = loop {
        match objects.next().await {
            Ok(Some(object)) => seen.extend(object.object.and_then(|profile| profile.id)),
            Ok(None) => panic!("the end of the body was not missed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(end, ItemsError::Transport(_)), "{end}");
    assert!(!seen.is_empty());
    assert_eq!(seen, tenant.profile_ids()[..seen.len()]);
    assert_eq!(tenant.count(Operation::Export), 1);
}

#[tokio::test]
async fn errors_say_what_the_server_said() {
    let tenant = start(Options::new()).await;
    let client = client(&tenant);
    for (fault, expected) in [
        (Fault::OddEncoding { status: 400 }, "semantically invalid"),
        (Fault::status(500), "An internal fault occurred."),
        (Fault::Html { status: 502 }, "502"),
        (Fault::Empty { status: 500 }, "500"),
        (
            Fault::CutOffError {
                status: 500,
                after: 30,
            },
            "500",
        ),
    ] {
        tenant.inject(fault.clone());
        let error = client.list_identity_profiles().no_retry().send().await;
        let Err(Error::Api(error)) = error else {
            panic!("{fault}: {error:?}")
        };
        let text = error.to_string();
        assert!(text.contains(expected), "{fault}: {text}");
        let tracking_id = error.headers().get("slpt-request-id");
        let tracking_id = tracking_id.and_then(|id| id.to_str().ok());
        let tracking_id = tracking_id.unwrap_or_else(|| panic!("{fault}: no id"));
        assert!(text.contains(tracking_id), "{fault}: {text}");
    }
    assert_eq!(
        statuses(&tenant, Operation::List),
        [400, 500, 502, 500, 500]
    );
}
