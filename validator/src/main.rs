//! `validate-export`: checks identity profile exports before they are imported.

use std::{
    io::{BufWriter, stderr, stdin, stdout},
    process::ExitCode,
};

fn main() -> ExitCode {
    let mut output = BufWriter::new(stdout().lock());
    export_validator::cli::run(
        std::env::args_os(),
        &mut stdin().lock(),
        &mut output,
        &mut stderr().lock(),
    )
    .into()
}
