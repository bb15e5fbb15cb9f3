//! Tokens that end while they are needed.

use std::time::Duration;

use identity_profiles::v2024::Client;
use mock_tenant::{Fault, MockTenant, Operation, Options};

use crate::support::{client, start, statuses};

/// The ids of all profiles, asked for page by page, and what happens after each page.
async fn list(client: &Client, mut after_page: impl FnMut(u64)) -> Vec<String> {
    let mut ids = Vec::new();
    let mut pages = client.list_identity_profiles().pages();
    while let Some(page) = pages.next().await.unwrap_or_else(|error| panic!("{error}")) {
        ids.extend(page.body.into_iter().filter_map(|profile| profile.id));
        after_page(pages.offset());
    }
    ids
}

async fn large_tenant() -> MockTenant {
    // A multiple of the page's length, on whose end this tenant answers 400.
    start(Options::new().profiles(5_000).strict_offset()).await
}

#[tokio::test]
async fn a_listing_takes_longer_than_a_token_lives() {
    let tenant = large_tenant().await;
    let client = client(&tenant);
    let ids = list(&client, |_| {
        tenant.clock().advance(Duration::from_secs(200));
    })
    .await;
    assert_eq!(ids, tenant.profile_ids());
    // Each token lives for 749 seconds: for three pages, and none is used up to its very end.
    assert!(tenant.count(Operation::Token) >= 4_000 / 749);
    let mut statuses = statuses(&tenant, Operation::List);
    statuses.retain(|status| *status != 200 && *status != 400);
    assert_eq!(statuses, [0; 0], "a token was used after its end");
}

#[tokio::test]
async fn a_token_is_revoked_in_the_middle_of_a_listing() {
    let tenant = large_tenant().await;
    let client = client(&tenant);
    let ids = list(&client, |offset| {
        if offset == 2_500 {
            tenant.expire_tokens();
        }
    })
    .await;
    assert_eq!(ids, tenant.profile_ids());
    assert_eq!(tenant.count(Operation::Token), 2);
    let refused = statuses(&tenant, Operation::List);
    let refused = refused.iter().filter(|status| **status == 401).count();
    assert_eq!(refused, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_calls_share_one_token_and_its_renewal() {
    let tenant = start(Options::new().profiles(100)).await;
    // The token takes a while, so that all calls wait for it.
    let slow = Fault::Slow {
        delay: Duration::from_millis(50),
    };
    tenant.inject(slow.clone().on(Operation::Token));
    let client = client(&tenant);
    get_all(&tenant, &client).await;
    assert_eq!(tenant.count(Operation::Token), 1);
    assert_eq!(statuses(&tenant, Operation::Get), [200; 100]);

    tenant.take_exchanges();
    tenant.expire_tokens();
    tenant.inject(slow.on(Operation::Token));
    get_all(&tenant, &client).await;
    assert_eq!(tenant.count(Operation::Token), 1);
    let answered = statuses(&tenant, Operation::Get);
    let successes = answered.iter().filter(|status| **status == 200).count();
    assert_eq!(successes, 100);
    assert!(answered.iter().all(|status| matches!(status, 200 | 401)));
}

/// Asks for every profile at the same time, each with a clone of the client.
async fn get_all(tenant: &MockTenant, client: &Client) {
    let calls: Vec<_> = tenant
        .profile_ids()
        .into_iter()
        .map(|id| {
            let client = client.clone();
            tokio::spawn(async move {
                let got = client.get_identity_profile(id.as_str()).send().await;
                let got = got.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(got.body.id.as_deref(), Some(id.as_str()));
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_token_is_renewed_ahead_for_calls_that_block() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let runtime = runtime.unwrap_or_else(|error| panic!("{error}"));
    let tenant = runtime.block_on(start(Options::new()));
    let client = client(&tenant);
    let call = || {
        let answer = client.list_identity_profiles().limit(1).send().wait();
        answer.unwrap_or_else(|error| panic!("{error}"));
    };
    call();
    tenant.clock().advance(Duration::from_secs(700));
    call();
    while tenant.count(Operation::Token) < 2 {
        std::thread::yield_now();
    }
    call();
    assert_eq!(statuses(&tenant, Operation::List), [200; 3]);
    assert_eq!(tenant.count(Operation::Token), 2);
}

#[tokio::test]
async fn a_token_that_cannot_be_had_is_an_error_without_the_secret() {
    let tenant = start(Options::new()).await;
    let client = Client::builder()
        .origin(tenant.origin())
        .client_credentials(tenant.user().id(), "s3cr3t-that-is-wrong")
        .clock(tenant.clock().clone())
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let error = client.list_identity_profiles().send().await;
    let Err(error) = error else {
        panic!("it was let in")
    };
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("Bad client credentials"), "{shown}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert_eq!(tenant.count(Operation::List), 0);
}
