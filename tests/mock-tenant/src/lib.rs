//! A tenant on loopback: list, get, export and import of identity profiles in the editions `v3` and
//! `v2024`, and `/oauth/token`, as a real HTTP server with a state.
//!
//! ```
//! use mock_tenant::{Fault, MockTenant, Operation, Options};
//!
//! # let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let tenant = MockTenant::start(Options::new().profiles(1_000)).await?;
//! // Where a client is pointed at, and what it gets a token with:
//! let (base, client) = (tenant.origin(), tenant.user());
//! assert!(base.starts_with("http://127.0.0.1:"));
//! assert!(client.id().starts_with("pat-"));
//! // The second listing from now on is cut off in mid-body.
//! tenant.inject(Fault::CutOff { after: 100 }.on(Operation::List).after(1));
//! // … calls …
//! assert_eq!(tenant.count(Operation::List), 0);
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What it does as a real tenant does:
//!
//! - tokens by client credentials, for an application and for a user (a personal access token); they
//!   expire by a [clock](TenantClock) that tests can move; scopes are checked, and an import takes
//!   only a user's token;
//! - `limit`, `offset`, `count`, `filters` and `sorters`; what an operation does not document is
//!   refused, as the documents in `spec/` say;
//! - an import is checked by `export-validator`, its references are resolved in the tenant, and
//!   profiles are created or updated;
//! - errors have their documented bodies, and each answer an id in `SLPT-Request-ID`.
//!
//! What it does on request, by [`MockTenant::inject`], by the header [`FAULT_HEADER`] of a request or
//! by `POST /__faults`: [`Fault`].

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod admin;
mod answer;
mod clock;
mod connection;
mod credentials;
mod documented;
mod fault;
mod import;
mod list;
mod operation;
mod options;
mod random;
mod request;
mod service;
mod state;
mod store;
mod tenant;
mod world;

pub use clock::TenantClock;
pub use credentials::{ApiClient, Holder};
pub use fault::{Fault, Injection, RetryAfter, UnknownFault};
pub use operation::Operation;
pub use options::Options;
pub use request::{Exchange, RecordedRequest};
pub use service::FAULT_HEADER;
pub use tenant::MockTenant;
