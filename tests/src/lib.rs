//! What the checks that cross crates share.
//!
//! - [`scripted_server`]: an HTTP server on loopback that answers as scripted and records what it is
//!   asked.
//! - [`spec`]: the documents in `spec/` with their references followed, and the examples in them.
//! - [`json_difference`]: where two JSON values differ.

pub mod json_difference;
pub mod scripted_server;
pub mod spec;

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_path_buf()
}

#[cfg(doctest)]
pub mod not_documented;

/// The README's Rust, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
