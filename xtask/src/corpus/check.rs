//! `cargo check` of a generated crate, its dependencies built before.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Serialize;

use super::generate::last_lines;
use crate::build::cargo;
use crate::measure::{Meter, Usage};

/// What `cargo check` made of a crate.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    pub(super) passed: bool,
    /// What the compiler said, if it failed.
    pub(super) message: String,
    pub(super) usage: Usage,
}

/// Where and how crates are checked.
#[derive(Clone, Debug)]
pub(super) struct Checker<'a> {
    pub(super) meter: &'a Meter,
    /// The target directory that all crates share.
    pub(super) target: PathBuf,
    /// Where crates with the same dependencies and nothing else are made.
    pub(super) warm: PathBuf,
    /// The versions of dependencies to use, so that all crates use the same.
    pub(super) lock: Option<PathBuf>,
    /// Whether a warning is a failure.
    pub(super) deny_warnings: bool,
}

impl Checker<'_> {
    /// Checks the crate in `directory` with all features.
    pub(super) fn check(&self, name: &str, directory: &Path) -> anyhow::Result<Check> {
        if let Some(lock) = &self.lock {
            fs::copy(lock, directory.join("Cargo.lock"))
                .with_context(|| format!("cannot copy {}", lock.display()))?;
        }
        let dependencies = self
            .meter
            .measure(&self.command(&self.empty(name, directory)?))?;
        if !dependencies.is_success() {
            return Ok(Check {
                passed: false,
                message: format!(
                    "its dependencies cannot be built: {}",
                    last_lines(&dependencies.errors)
                ),
                usage: dependencies.usage,
            });
        }
        touch(&directory.join("src/lib.rs"))?;
        let measured = self.meter.measure(&self.command(directory))?;
        Ok(Check {
            passed: measured.is_success(),
            message: if measured.is_success() {
                String::new()
            } else {
                errors_of(&measured.errors)
            },
            usage: measured.usage,
        })
    }

    fn command(&self, directory: &Path) -> Command {
        let mut command = cargo();
        command
            .args(["check", "--quiet", "--lib", "--all-features"])
            .args(["--message-format", "short"])
            .current_dir(directory)
            .env("CARGO_TARGET_DIR", &self.target)
            // What an earlier run left would be used again, and the time be that of nothing.
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS");
        if self.deny_warnings {
            command.env("RUSTFLAGS", "-Dwarnings");
        }
        command
    }

    /// A crate with this one's manifest and no code.
    fn empty(&self, name: &str, directory: &Path) -> anyhow::Result<PathBuf> {
        let empty = self.warm.join(name);
        let _ = fs::remove_dir_all(&empty);
        fs::create_dir_all(empty.join("src"))?;
        fs::copy(directory.join("Cargo.toml"), empty.join("Cargo.toml"))
            .with_context(|| format!("{} has no Cargo.toml", directory.display()))?;
        let lock = directory.join("Cargo.lock");
        if lock.exists() {
            fs::copy(lock, empty.join("Cargo.lock"))?;
        }
        fs::write(empty.join("src/lib.rs"), "")?;
        Ok(empty)
    }
}

/// Makes a file newer than everything that was built from it.
fn touch(file: &Path) -> anyhow::Result<()> {
    let open = fs::File::options().append(true).open(file);
    open.and_then(|file| file.set_modified(std::time::SystemTime::now()))
        .with_context(|| format!("cannot touch {}", file.display()))
}

/// The first errors that the compiler reports.
fn errors_of(text: &str) -> String {
    let errors: Vec<&str> = text.lines().filter(|line| line.contains("error")).collect();
    if errors.is_empty() {
        return last_lines(text);
    }
    let mut shown = errors[..errors.len().min(5)].join("\n");
    if errors.len() > 5 {
        shown = format!("{shown}\n… {} lines of errors", errors.len());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::errors_of;

    #[test]
    fn of_many_errors_the_first_are_told() {
        let text = "warning: w\na.rs:1:1: error: one\nb.rs:2:2: error: two\n";
        assert_eq!(
            errors_of(text),
            "a.rs:1:1: error: one\nb.rs:2:2: error: two"
        );
        let many = "error: e\n".repeat(7);
        assert_eq!(
            errors_of(&many),
            format!("{}… 7 lines of errors", "error: e\n".repeat(5))
        );
        assert_eq!(errors_of("killed\n"), "killed");
    }
}
