//! The `oas-codegen` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    oas_codegen::cli::run(
        std::env::args_os(),
        &mut std::io::stdout(),
        &mut std::io::stderr(),
    )
}
