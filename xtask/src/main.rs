//! `cargo xtask`: the workspace's maintenance tasks.

use std::io::{stderr, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    xtask::run(
        std::env::args_os(),
        root,
        &mut stdin().lock(),
        &mut stdout().lock(),
        &mut stderr().lock(),
    )
    .into()
}
