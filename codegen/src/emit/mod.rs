//! Stage four, IR → files: one emitter per output.
//!
//! It knows tokens and layout, and never looks at the document.

mod client;
mod examples;
mod format;
mod forms;
mod headers;
mod json_schemas;
mod layout;
mod manifest;
mod markdown;
mod models;
mod operations;
mod runtime;
mod rust;

use crate::ir::Crate;

pub use manifest::{Manifest, Runtime};

/// A file of the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// The path below the crate's directory, with `/` between its parts.
    pub path: String,
    /// What it holds.
    pub contents: String,
}

/// The files of a crate, by path.
pub fn emit(whole: &Crate, manifest: &Manifest) -> Vec<OutputFile> {
    let mut files = vec![manifest::file(whole, manifest)];
    files.extend(layout::source_files(whole));
    files.extend(json_schemas::files(whole));
    if matches!(manifest.runtime, Runtime::Embedded) {
        files.extend(runtime::files(&whole.name));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
