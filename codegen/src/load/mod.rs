//! Stage one, text → document: JSON or YAML, one file or several, within limits.
//!
//! Everything keeps its place in the text. This stage knows neither OpenAPI's objects nor Rust;
//! of the document's meaning it looks at `$ref` only, to find the files to load.

mod builder;
mod document;
mod encoding;
mod files;
mod json;
mod names;
mod parsed;
mod yaml;

pub use document::{Documents, File, Kind, Node, NodeId};
pub use files::{Load, Missing, ReadFile, load};
pub(crate) use names::percent_decode;
pub use names::resolve_path;

/// What a document may cost to read. Each limit has a diagnostic of its own.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one file.
    pub file_size: usize,
    /// Files of one document.
    pub files: usize,
    /// Nesting of arrays and objects.
    pub depth: usize,
    /// Nodes that all YAML aliases together stand for.
    pub expanded_nodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_size: 256 * 1024 * 1024,
            files: 10_000,
            depth: 512,
            expanded_nodes: 10_000_000,
        }
    }
}
