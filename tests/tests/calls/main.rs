//! The clients of `tests/documents/` against a server on loopback: what they send, byte for byte,
//! and what they make of each kind of answer.

mod bodies;
mod collections;
mod multipart;
mod paging;
mod parameters;
mod responses;
mod schemas;
mod security;
mod servers;
mod streams;
mod support;
