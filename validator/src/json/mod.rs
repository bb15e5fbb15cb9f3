//! JSON at the level of bytes: what the fast path is made of.

pub(crate) mod names;
pub(crate) mod scan;
pub(crate) mod tape;

/// Bytes of zero that must follow a text that is scanned.
///
/// Zero stands nowhere in JSON, so that every loop over bytes ends there, and loads of several
/// bytes at once stay inside of the buffer.
pub(crate) const PADDING: usize = 64;
