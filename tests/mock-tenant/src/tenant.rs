//! The tenant as a program holds it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::connection::{Connections, Cut};
use crate::state::Shared;
use crate::store::Profile;
use crate::{ApiClient, Exchange, Injection, Operation, Options, TenantClock, service};

/// A tenant that listens on loopback; it stops when dropped.
///
/// A request is carried out as soon as it is there, one at a time; only a fault makes one wait.
pub struct MockTenant {
    address: SocketAddr,
    shared: Arc<Shared>,
    user: ApiClient,
    application: ApiClient,
    server: JoinHandle<io::Result<()>>,
}

impl MockTenant {
    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// If the port is taken.
    pub async fn start(options: Options) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(&options).map_err(io::Error::other)?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let app = Router::new()
            .fallback(service::handle)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared))
            .into_make_service_with_connect_info::<Cut>();
        let server = tokio::spawn(async move { axum::serve(Connections(listener), app).await });
        let [user, application, ..] = options.clients.as_slice() else {
            return Err(io::Error::other("a tenant has two clients at least"));
        };
        Ok(Self {
            address,
            shared,
            user: user.clone(),
            application: application.clone(),
            server,
        })
    }

    /// Where it is: `http://127.0.0.1:4711`. This is what `SAIL_BASE_URL` holds.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of a path: `http://127.0.0.1:4711/v3`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The client of a user: a personal access token, which may do everything.
    pub fn user(&self) -> &ApiClient {
        &self.user
    }

    /// The client of an application, which may do everything but import.
    pub fn application(&self) -> &ApiClient {
        &self.application
    }

    /// A token of a client, without a request for it.
    pub fn token(&self, client: &ApiClient) -> String {
        let now = self.shared.clock.now();
        self.shared.lock().credentials.issue_to(client, now)
    }

    /// Lets all tokens expire that there are.
    pub fn expire_tokens(&self) {
        let now = self.shared.clock.now();
        self.shared.lock().credentials.expire_all(now);
    }

    /// The tenant's time.
    pub fn clock(&self) -> &TenantClock {
        &self.shared.clock
    }

    /// What its profiles are made up from.
    pub fn seed(&self) -> u64 {
        self.shared.seed
    }

    /// Lets something go wrong. Faults that concern the same request happen one after the other, in
    /// the order in which they were asked for.
    pub fn inject(&self, fault: impl Into<Injection>) {
        self.shared.lock().faults.add(fault.into());
    }

    /// The requests so far, in order of arrival, those below `/__` aside.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.lock().exchanges.clone()
    }

    /// The requests since the last call.
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.shared.lock().exchanges)
    }

    /// How many requests for this operation there were.
    pub fn count(&self, operation: Operation) -> usize {
        let state = self.shared.lock();
        let exchanges = state.exchanges.iter();
        exchanges
            .filter(|exchange| exchange.operation == Some(operation))
            .count()
    }

    /// The profiles, in the order in which they were created.
    pub fn profiles(&self) -> Vec<Value> {
        let state = self.shared.lock();
        state.store.all().iter().map(Profile::value).collect()
    }

    /// The ids of the profiles, in the order in which they were created.
    pub fn profile_ids(&self) -> Vec<String> {
        let state = self.shared.lock();
        let profiles = state.store.all().iter();
        profiles
            .map(|profile| profile.field("id").to_owned())
            .collect()
    }

    /// Waits until the server ends, which it does only if it cannot go on.
    pub async fn serve(mut self) -> io::Result<()> {
        (&mut self.server).await.map_err(io::Error::other)?
    }
}

impl Drop for MockTenant {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl std::fmt::Debug for MockTenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockTenant")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
