//! `cargo xtask bench`: release builds measured as whole processes, beside what others need.

mod baseline;
mod client;
mod compare;
mod elements;
mod figures;
mod inputs;
mod peers;
mod probe;
mod report;
mod runs;
mod sight;
mod validate;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use export_validator::cli::Streams;

use crate::build;

/// What is measured, and what that needs.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Task {
    /// Measure `validate-export` on exports that are made up for it.
    ///
    /// Processor time is compared with that of reading the same file into serde's `IgnoredAny` in
    /// the same run. Every figure is the median of several whole processes, which take turns.
    /// Exits with 1 if a target is not met.
    Validate(Box<validate::Options>),
    /// Measure the generated client on loopback, beside what one writes without it.
    ///
    /// Processor time of pages and of single profiles is compared with that of `reqwest` and
    /// `serde_json` in the same run, and the memory of a streamed export with that of a client that
    /// does nothing. Every figure is the median of several processes, which take turns; the server
    /// is another one. Exits with 1 if a target is not met.
    Client(client::Options),
    /// Write the files that `validate` measures with, and nothing else.
    Inputs(validate::Size),
    /// Read a JSON file and ignore what it says: the measure of all others.
    #[command(hide = true)]
    ReadIgnored {
        #[arg(long)]
        method: baseline::Method,
        /// `-` is the standard input.
        file: PathBuf,
    },
    /// Hold each element of an array against a schema with the `jsonschema` crate.
    #[command(hide = true)]
    ElementByElement {
        /// The schema of the array.
        schema: PathBuf,
        file: PathBuf,
    },
}

/// Runs the task in the workspace at `root`; the exit status. `arguments` ask this program for it.
pub(crate) fn run(
    root: &Path,
    arguments: &[OsString],
    task: &Task,
    streams: &mut Streams<'_>,
) -> anyhow::Result<u8> {
    match task {
        Task::Validate(options) => build::run_optimised(root, arguments, || {
            validate::run(root, options, streams.output, streams.errors)
        }),
        Task::Client(options) => build::run_optimised(root, arguments, || {
            client::run(root, options, streams.output, streams.errors)
        }),
        Task::Inputs(size) => build::run_optimised(root, arguments, || {
            validate::make_inputs(root, size, streams.output).map(|()| true)
        }),
        Task::ReadIgnored { method, file } => {
            baseline::run(*method, file, streams.input).map(|()| 0)
        }
        Task::ElementByElement { schema, file } => {
            elements::run(schema, file, streams.output).map(|is_valid| u8::from(!is_valid))
        }
    }
}
