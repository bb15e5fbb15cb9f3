//! Stage four, IR → files: one emitter per output.
//!
//! It knows tokens and layout, and never looks at the document. What stands in which file is
//! planned first; files are then written piece by piece, on several threads, and handed out as
//! they get ready, so that a large crate is never in memory whole.

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
mod plan;
mod runtime;
mod rust;

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use crate::ir::Crate;

use layout::Layout;
pub use manifest::{Manifest, Runtime};
use plan::PlannedFile;

/// A file of the generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// The path below the crate's directory, with `/` between its parts.
    pub path: String,
    /// What it holds.
    pub contents: String,
}

/// Takes a file: its path and the pieces of its text.
pub type TakeFile<'a, E> = dyn Fn(&str, Vec<String>) -> Result<(), E> + Sync + 'a;

/// The paths of a crate's files, in order.
pub fn paths(whole: &Crate, manifest: &Manifest) -> Vec<String> {
    let layout = Layout::new(whole);
    let files = planned(whole, &layout, manifest);
    files.into_iter().map(|file| file.path).collect()
}

/// The files of a crate, by path.
pub fn files(whole: &Crate, manifest: &Manifest) -> Vec<OutputFile> {
    let files = Mutex::new(Vec::new());
    let Ok(()) = for_each_file(whole, manifest, &|path, pieces| {
        let file = OutputFile {
            path: path.to_owned(),
            contents: pieces.concat(),
        };
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(file);
        Ok::<(), Infallible>(())
    });
    let mut files = files.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Hands each file of a crate, its path and the pieces of its text, to `take` when it is ready: in
/// no order, and from several threads.
///
/// # Errors
///
/// The first error of `take`; files that are not begun yet are not written then.
pub fn for_each_file<E: Send>(
    whole: &Crate,
    manifest: &Manifest,
    take: &TakeFile<'_, E>,
) -> Result<(), E> {
    let layout = Layout::new(whole);
    plan::carry_out(&planned(whole, &layout, manifest), take)
}

fn planned<'a>(
    whole: &'a Crate,
    layout: &'a Layout<'a>,
    manifest: &'a Manifest,
) -> Vec<PlannedFile<'a>> {
    let mut files = vec![PlannedFile::text("Cargo.toml".to_owned(), move || {
        manifest::text(whole, manifest)
    })];
    files.extend(layout.source_files());
    files.extend(json_schemas::files(whole));
    if matches!(manifest.runtime, Runtime::Embedded) {
        files.extend(runtime::files(&whole.name));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
