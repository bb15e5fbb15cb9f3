//! The workspace's maintenance tasks, as a library so that tests can run them on other folders.

mod bench;
mod build;
pub mod codegen;
mod corpus;
mod measure;
mod table;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use export_validator::cli::Streams;

/// The exit status of a task that could not be carried out.
const COULD_NOT_RUN: u8 = 2;

/// Maintenance tasks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Regenerate the crates that are generated: `generated/` and `tests/clients/`.
    Codegen {
        /// Write nothing; fail if something would change.
        #[arg(long)]
        check: bool,
    },
    /// Check export files: `validate-export` from this checkout.
    #[command(disable_help_flag = true)]
    Validate {
        /// What `validate-export` takes.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Generate from every document of a folder, and measure what comes of it.
    Corpus(Box<corpus::Options>),
    /// Measure optimised builds: time, memory, and how others compare.
    #[command(subcommand)]
    Bench(bench::Task),
    /// Run a tenant on loopback to develop against, until it is interrupted.
    #[command(disable_help_flag = true)]
    MockTenant {
        /// What `mock-tenant` takes.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run a command and note what it cost; `corpus` and `bench` call this.
    #[command(hide = true)]
    Measure {
        /// Where to leave the note.
        #[arg(long)]
        note: PathBuf,
        /// Seconds that the command may take.
        #[arg(long)]
        limit: u64,
        /// A file that the command reads from a pipe.
        #[arg(long)]
        input: Option<PathBuf>,
        /// The command.
        #[arg(last = true)]
        command: Vec<OsString>,
    },
}

/// Runs the task that the arguments name, in the workspace at `root`, and gives the exit status.
///
/// `arguments` begin with the program's name. Status 0: done; 1: the task found something to
/// report; 2: wrong usage, or the task could not be carried out.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    root: &Path,
    streams: &mut Streams<'_>,
) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let task = match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => arguments.task,
        Err(error) => {
            let text = error.render();
            // Where the text cannot be written, the exit status still tells.
            let _ = if error.use_stderr() {
                write!(streams.errors, "{text}")
            } else {
                write!(streams.output, "{text}")
            };
            return u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN);
        }
    };
    let result = match task {
        Task::Codegen { check } => {
            codegen::run(root, check, streams.output, streams.errors).map(codegen::Outcome::code)
        }
        Task::Validate { arguments } => {
            let program = OsString::from("cargo xtask validate");
            let arguments = std::iter::once(program).chain(arguments);
            Ok(export_validator::cli::run(arguments, streams).code())
        }
        Task::Corpus(options) => {
            let arguments = arguments.get(1..).unwrap_or_default();
            build::run_optimised(root, arguments, || {
                corpus::run(root, &options, streams.output, streams.errors)
            })
        }
        Task::Bench(task) => {
            let arguments = arguments.get(1..).unwrap_or_default();
            bench::run(root, arguments, &task, streams)
        }
        Task::MockTenant { arguments } => build::run_program(root, "mock-tenant", &arguments),
        Task::Measure {
            note,
            limit,
            input,
            command,
        } => measure::run(&command, &note, limit, input.as_deref()).map(|()| 0),
    };
    result.unwrap_or_else(|error| {
        let _ = writeln!(streams.errors, "error: {error:#}");
        COULD_NOT_RUN
    })
}
