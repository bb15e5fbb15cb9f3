//! `validate-export`: checks identity profile exports before they are imported.

use std::{
    io::{BufWriter, IsTerminal, stderr, stdout},
    process::ExitCode,
};

use export_validator::cli::{self, Streams};

fn main() -> ExitCode {
    let mut streams = Streams {
        input: &mut cli::standard_input(),
        output: &mut BufWriter::new(stdout().lock()),
        // No lock is held: a progress bar is drawn there by another thread.
        errors: &mut stderr(),
        output_is_terminal: stdout().is_terminal(),
        errors_is_terminal: stderr().is_terminal(),
        columns: cli::terminal_columns(),
    };
    cli::run(std::env::args_os(), &mut streams).into()
}
