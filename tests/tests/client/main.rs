//! The generated clients against a server on loopback: what they send, and what they make of what
//! comes back.

mod answers;
mod calls;
mod documented;
mod failures;
mod requests;
mod usage;
