//! The workspace's maintenance tasks, as a library so that tests can run them on other folders.

pub mod codegen;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;

use clap::{Parser, Subcommand};

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
    /// Regenerate `generated/` from `spec/`.
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
}

/// Runs the task that the arguments name, in the workspace at `root`, and gives the exit status.
///
/// `arguments` begin with the program's name. Status 0: done; 1: the task found something to
/// report; 2: wrong usage, or the task could not be carried out.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    root: &Path,
    input: &mut dyn Read,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render();
            // Where the text cannot be written, the exit status still tells.
            let _ = if error.use_stderr() {
                write!(errors, "{text}")
            } else {
                write!(output, "{text}")
            };
            return u8::try_from(error.exit_code()).unwrap_or(COULD_NOT_RUN);
        }
    };
    match arguments.task {
        Task::Codegen { check } => match codegen::run(root, check, output, errors) {
            Ok(outcome) => outcome.code(),
            Err(error) => {
                let _ = writeln!(errors, "error: {error:#}");
                COULD_NOT_RUN
            }
        },
        Task::Validate { arguments } => {
            let program = OsString::from("cargo xtask validate");
            let arguments = std::iter::once(program).chain(arguments);
            export_validator::cli::run(arguments, input, output, errors).code()
        }
    }
}
