//! More requests than the tenant takes.

use std::time::Duration;

use identity_profiles::v2024::Client;
use mock_tenant::{Fault, MockTenant, Operation, Options, RetryAfter};

use crate::support::{builder, client, start, statuses};

async fn limited() -> MockTenant {
    let limit = Duration::from_secs(10);
    start(Options::new().profiles(300).rate_limit(100, limit)).await
}

/// Asks for every profile at the same time.
async fn get_all(tenant: &MockTenant, client: &Client) {
    let calls: Vec<_> = tenant
        .profile_ids()
        .into_iter()
        .map(|id| {
            let client = client.clone();
            tokio::spawn(async move { client.get_identity_profile(id).send().await })
        })
        .collect();
    for call in calls {
        let got = call.await.unwrap_or_else(|error| panic!("{error}"));
        got.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[tokio::test]
async fn what_is_refused_for_haste_is_asked_for_again() {
    let tenant = limited().await;
    get_all(&tenant, &client(&tenant)).await;
    let answered = statuses(&tenant, Operation::Get);
    let with = |wanted: u16| answered.iter().filter(|status| **status == wanted).count();
    assert_eq!(with(200), 300, "each profile came once");
    assert!(with(429) > 0, "the limit was not met");
    assert_eq!(with(200) + with(429), answered.len());
}

#[tokio::test]
async fn the_documented_limit_is_kept_by_the_client() {
    let tenant = limited().await;
    let client = builder(&tenant, tenant.user()).build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let start = tenant.clock().now();
    // One after the other, since the tenant's time passes while requests are under way.
    for id in tenant.profile_ids() {
        let clone = client.clone();
        let got = clone.get_identity_profile(id).send().await;
        got.unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(statuses(&tenant, Operation::Get), [200; 300]);
    let waited = tenant.clock().now().duration_since(start).as_secs();
    assert!((19..=30).contains(&waited), "{waited}");
}

#[tokio::test]
async fn a_listing_goes_through_a_storm() {
    let tenant = start(Options::new().profiles(1_100)).await;
    for after in 0..4 {
        let (seconds, date) = (RetryAfter::Seconds(3), RetryAfter::Date(7));
        for wait in [seconds, date, seconds] {
            let fault = Fault::Status {
                status: 429,
                retry_after: Some(wait),
            };
            tenant.inject(fault.on(Operation::List).after(4 * after));
        }
    }
    let start = tenant.clock().now();
    let profiles = client(&tenant).list_identity_profiles().stream().collect();
    let profiles = profiles.await.unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<String> = profiles.into_iter().filter_map(|one| one.id).collect();
    assert_eq!(ids, tenant.profile_ids());
    let answered = statuses(&tenant, Operation::List);
    let refused = answered.iter().filter(|status| **status == 429).count();
    assert_eq!((answered.len(), refused), (17, 12));
    // What the tenant asked for was waited for, by seconds and by date.
    let waited = tenant.clock().now().duration_since(start).as_secs();
    assert!(waited >= 4 * 13, "{waited}");
}
