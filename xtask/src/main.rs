//! `cargo xtask`: the workspace's maintenance tasks.

use std::io::{IsTerminal, stderr, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use export_validator::cli::{self, Streams};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    let mut streams = Streams {
        input: &mut stdin(),
        output: &mut stdout(),
        // No lock is held: a progress bar is drawn there by another thread.
        errors: &mut stderr(),
        output_is_terminal: stdout().is_terminal(),
        errors_is_terminal: stderr().is_terminal(),
        columns: cli::terminal_columns(),
    };
    xtask::run(std::env::args_os(), root, &mut streams).into()
}
