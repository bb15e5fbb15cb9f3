//! The `oas-codegen` program.

use std::io::{BufWriter, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    // A document may give rise to thousands of diagnostics.
    let mut errors = BufWriter::new(std::io::stderr().lock());
    let code = oas_codegen::cli::run(
        std::env::args_os(),
        &mut std::io::stdout().lock(),
        &mut errors,
    );
    // There is nobody to tell that the diagnostics cannot be written.
    let _ = errors.flush();
    code
}
