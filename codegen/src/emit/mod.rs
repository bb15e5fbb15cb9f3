//! Stage four, IR → files: one emitter per output.
//!
//! It knows tokens and layout, and never looks at the document. What stands in which file is
//! planned first; files are then written piece by piece, on several threads, and handed out as
//! they get ready, so that a large crate is never in memory whole.

mod client;
mod configuration;
mod examples;
mod filters;
mod format;
mod forms;
mod headers;
mod json_schemas;
mod layout;
mod manifest;
mod markdown;
mod models;
mod operations;
mod paging;
mod partial;
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

/// Where files go, several at a time and each piece by piece.
pub trait Sink: Sync {
    /// A file that is not whole yet.
    type File: Send;
    /// Why a file cannot be taken.
    type Error: Send;

    /// Begins the file with this path below the crate's directory.
    fn begin(&self, path: &str) -> Result<Self::File, Self::Error>;

    /// Takes the next piece of a file.
    fn write(&self, file: &mut Self::File, text: &str) -> Result<(), Self::Error>;

    /// Takes a file that is whole.
    fn end(&self, file: Self::File) -> Result<(), Self::Error>;
}

/// Files in memory.
#[derive(Default)]
struct Collected(Mutex<Vec<OutputFile>>);

impl Sink for Collected {
    type File = OutputFile;
    type Error = Infallible;

    fn begin(&self, path: &str) -> Result<OutputFile, Infallible> {
        Ok(OutputFile {
            path: path.to_owned(),
            contents: String::new(),
        })
    }

    fn write(&self, file: &mut OutputFile, text: &str) -> Result<(), Infallible> {
        file.contents.push_str(text);
        Ok(())
    }

    fn end(&self, file: OutputFile) -> Result<(), Infallible> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(file);
        Ok(())
    }
}

/// The paths of a crate's files, in order.
pub fn paths(whole: &Crate, manifest: &Manifest) -> Vec<String> {
    let layout = Layout::new(whole);
    let files = planned(whole, &layout, manifest);
    files.into_iter().map(|file| file.path).collect()
}

/// The files of a crate, by path.
pub fn files(whole: &Crate, manifest: &Manifest) -> Vec<OutputFile> {
    let collected = Collected::default();
    let Ok(()) = emit(whole, manifest, &collected);
    let mut files = collected
        .0
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Hands the files of a crate to `sink` as they are made: in no order, and from several threads.
///
/// # Errors
///
/// The first error of `sink`, after which nothing else is begun.
pub fn emit<S: Sink>(whole: &Crate, manifest: &Manifest, sink: &S) -> Result<(), S::Error> {
    let layout = Layout::new(whole);
    plan::carry_out(&planned(whole, &layout, manifest), sink)
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
