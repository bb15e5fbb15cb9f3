//! Builds of this workspace's programs that measurements are made with.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The cargo that runs this task.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Where the workspace at `root` is built.
pub(crate) fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// Builds a program of a package of the workspace as its users do, optimised; where it is.
pub(crate) fn build_optimised(
    root: &Path,
    package: &str,
    program: &str,
) -> anyhow::Result<PathBuf> {
    let status = cargo()
        .args(["build", "--quiet", "--release"])
        .args(["--package", package, "--bin", program])
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("{program} does not build");
    }
    let program = format!("release/{program}{}", std::env::consts::EXE_SUFFIX);
    Ok(target_directory(root).canonicalize()?.join(program))
}

/// Builds and runs the program of a package of the workspace; its exit status.
///
/// For what depends on the runtime: a task that is part of this program could not be built, and code
/// could not be generated, while the runtime does not compile.
pub(crate) fn run_program(
    root: &Path,
    package: &str,
    arguments: &[OsString],
) -> anyhow::Result<u8> {
    let status = cargo()
        .args(["run", "--quiet", "--package", package])
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status()
        .context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.with_context(|| format!("{package} was stopped"))
}

/// Carries out a measuring task with an optimised build of this program, which `arguments` ask for
/// it: a debug build takes minutes for what an optimised one does in seconds. The exit status: 1 if
/// the task says that a target is missed.
pub(crate) fn run_optimised(
    root: &Path,
    arguments: &[OsString],
    task: impl FnOnce() -> anyhow::Result<bool>,
) -> anyhow::Result<u8> {
    if !cfg!(debug_assertions) {
        return task().map(|is_met| u8::from(!is_met));
    }
    let status = cargo()
        .args(["run", "--quiet", "--release", "--package", "xtask"])
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status()
        .context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.context("the optimised build of this task was stopped")
}
