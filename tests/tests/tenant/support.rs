//! A tenant whose time stands still until it is moved, and clients of it.

use identity_profiles::rt::ClientBuilder;
use identity_profiles::v2024::Client;
use mock_tenant::{ApiClient, MockTenant, Operation, Options, TenantClock};
use serde_json::Value;

/// Starts a tenant whose time stands still.
pub(crate) async fn start(options: Options) -> MockTenant {
    let now = "2026-03-01T09:00:00Z"
        .parse()
        .unwrap_or_else(|error| panic!("{error}"));
    MockTenant::start(options.clock(TenantClock::stopped_at(now)))
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// A client that gets its tokens as this one of the tenant's, and lives by the tenant's time: what
/// it waits passes at once.
pub(crate) fn builder(tenant: &MockTenant, client: &ApiClient) -> ClientBuilder<Client> {
    Client::builder()
        .origin(tenant.origin())
        .client_credentials(client.id(), client.secret())
        .clock(tenant.clock().clone())
}

/// A user's client, without a limit of requests of its own.
pub(crate) fn client(tenant: &MockTenant) -> Client {
    let client = builder(tenant, tenant.user()).no_rate_limit().build();
    client.unwrap_or_else(|error| panic!("{error}"))
}

/// The statuses that an operation's requests were answered with; 0 for none.
pub(crate) fn statuses(tenant: &MockTenant, operation: Operation) -> Vec<u16> {
    let exchanges = tenant.exchanges().into_iter();
    exchanges
        .filter(|exchange| exchange.operation == Some(operation))
        .map(|exchange| exchange.status.unwrap_or_default())
        .collect()
}

pub(crate) fn text<'a>(profile: &'a Value, pointer: &str) -> &'a str {
    profile
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
