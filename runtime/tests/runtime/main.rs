//! The runtime, called as generated code calls it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their data from files"
)]

mod answers;
mod auth;
mod clock;
mod configuration;
mod faults;
mod filter;
mod json;
mod limits;
mod oauth;
mod observe;
mod paging;
mod renewal;
mod requests;
mod retry;
mod round_trip;
mod sample;
mod server;
mod streaming;
mod styles;
mod table;
mod wire;
