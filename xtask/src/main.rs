//! `cargo xtask`: the workspace's maintenance tasks.

mod codegen;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Maintenance tasks of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
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
        arguments: Vec<std::ffi::OsString>,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Codegen { check } => match codegen::run(&root(), check) {
            Ok(code) => code,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(2)
            }
        },
        Task::Validate { arguments: _ } => ExitCode::from(2),
    }
}

/// The workspace's directory.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_path_buf()
}
