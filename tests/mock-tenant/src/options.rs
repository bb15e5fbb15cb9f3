//! How a tenant is set up.

use std::time::Duration;

use crate::{ApiClient, Holder, TenantClock};

/// What a tenant has and how it behaves.
///
/// Without further ado: 100 profiles, a free port, tokens that live 749 seconds, no limit of
/// requests, the machine's time.
#[derive(Clone, Debug)]
#[must_use = "a tenant is started by `MockTenant::start`"]
pub struct Options {
    pub(crate) port: u16,
    pub(crate) seed: u64,
    pub(crate) profiles: usize,
    pub(crate) token_lifetime: Duration,
    pub(crate) strict_offset: bool,
    pub(crate) rate_limit: Option<(usize, Duration)>,
    pub(crate) clock: TenantClock,
    pub(crate) clients: Vec<ApiClient>,
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        let client = |kind: &str, holder| {
            ApiClient::new(
                format!("{kind}-mock-tenant"),
                format!("secret-of-{kind}-mock-tenant"),
                holder,
            )
        };
        Self {
            port: 0,
            seed: 0,
            profiles: 100,
            token_lifetime: Duration::from_secs(749),
            strict_offset: false,
            rate_limit: None,
            clock: TenantClock::running(),
            clients: vec![
                client("pat", Holder::User),
                client("app", Holder::Application),
            ],
        }
    }

    /// The port to listen on; 0: a free one.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// What the profiles, and what they refer to, are made up from. Tenants with the same seed have
    /// the same sources, identities, transforms and rules, whatever their profiles.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// How many profiles there are at the start.
    pub fn profiles(self, profiles: usize) -> Self {
        Self { profiles, ..self }
    }

    /// How long a token is valid.
    pub fn token_lifetime(self, token_lifetime: Duration) -> Self {
        Self {
            token_lifetime,
            ..self
        }
    }

    /// Refuses the page after a result that ended exactly with its page, as some tenants do: 400
    /// "Specified offset is invalid".
    pub fn strict_offset(self) -> Self {
        Self {
            strict_offset: true,
            ..self
        }
    }

    /// Refuses requests beyond so many in any such time, by the tenant's clock.
    pub fn rate_limit(self, requests: usize, time: Duration) -> Self {
        Self {
            rate_limit: Some((requests, time)),
            ..self
        }
    }

    /// The tenant's time.
    pub fn clock(self, clock: TenantClock) -> Self {
        Self { clock, ..self }
    }

    /// Another client that gets tokens.
    pub fn client(mut self, client: ApiClient) -> Self {
        self.clients.push(client);
        self
    }
}
