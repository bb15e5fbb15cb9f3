//! The generator over one document.

use std::path::Path;
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::documents::Document;
use crate::measure::{End, Measured, Meter, Usage};

/// What the generator made of a document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Generation {
    pub(super) outcome: Outcome,
    /// What it said, if it failed.
    pub(super) message: String,
    /// Operations that the document states, as the generator counts.
    pub(super) stated: u64,
    /// Operations in the output.
    pub(super) emitted: u64,
    /// Operations that the corpus says the document states.
    pub(super) expected: Option<u64>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) files: u64,
    /// Lines of Rust.
    pub(super) lines: u64,
    pub(super) usage: Usage,
}

/// How a generator ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Generated,
    Failed,
    Panicked,
    TimedOut,
}

impl Outcome {
    pub(super) fn of(measured: &Measured) -> Self {
        let panicked = measured.errors.contains("panicked at") || measured.end == End::Killed;
        match measured.end {
            End::TimedOut => Self::TimedOut,
            _ if panicked => Self::Panicked,
            End::Exited(0) => Self::Generated,
            _ => Self::Failed,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Generated => "yes",
            Self::Failed => "FAILED",
            Self::Panicked => "PANICKED",
            Self::TimedOut => "TIMED OUT",
        }
    }
}

/// Something that the generator says about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Diagnostic {
    pub(super) severity: String,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) effect: String,
    pub(super) file: String,
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) pointer: String,
}

/// The generator's own account, `--format json`.
#[derive(Deserialize)]
struct Account {
    operations: Operations,
    files: u64,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Deserialize)]
struct Operations {
    stated: u64,
    emitted: u64,
}

impl Generation {
    /// How many diagnostics have this severity.
    pub(super) fn count(&self, severity: &str) -> usize {
        let matching = self.diagnostics.iter().filter(|d| d.severity == severity);
        matching.count()
    }

    /// How many diagnostics say that an operation is missing.
    pub(super) fn missing_explained(&self) -> u64 {
        let explained = self.diagnostics.iter().filter(|diagnostic| {
            diagnostic.effect.contains("operation") && diagnostic.severity != "note"
        });
        u64::try_from(explained.count()).unwrap_or(u64::MAX)
    }
}

/// Generates `directory` from the document as often as `runs` says, each time from nothing.
pub(super) fn generate(
    document: &Document,
    directory: &Path,
    generator: &Path,
    runs: usize,
    meter: &Meter,
) -> anyhow::Result<Generation> {
    let mut command = Command::new(generator);
    command
        .arg(&document.entry)
        .arg("--out")
        .arg(directory)
        .args(["--crate-name", &package(&document.name), "--format", "json"]);
    let (last, usage) = repeat(&command, directory, runs, meter)?;
    let mut generation = Generation {
        outcome: Outcome::of(&last),
        message: String::new(),
        stated: 0,
        emitted: 0,
        expected: document.operations,
        diagnostics: Vec::new(),
        files: 0,
        lines: lines_of_rust(&directory.join("src")),
        usage,
    };
    match serde_json::from_str::<Account>(&last.output) {
        Ok(account) => {
            generation.stated = account.operations.stated;
            generation.emitted = account.operations.emitted;
            generation.files = account.files;
            generation.diagnostics = account.diagnostics;
        }
        Err(error) if last.is_success() => {
            generation.outcome = Outcome::Failed;
            generation.message = format!("--format json printed something else: {error}");
        }
        Err(_) => {}
    }
    if generation.outcome != Outcome::Generated && generation.message.is_empty() {
        generation.message = last_lines(&last.errors);
    }
    Ok(generation)
}

/// Runs the command into an empty `directory` each time, stopping at a failure; the last run and
/// the median of all.
pub(super) fn repeat(
    command: &Command,
    directory: &Path,
    runs: usize,
    meter: &Meter,
) -> anyhow::Result<(Measured, Usage)> {
    let mut usages = Vec::new();
    loop {
        let _ = std::fs::remove_dir_all(directory);
        let measured = meter.measure(command)?;
        usages.push(measured.usage);
        if usages.len() >= runs.max(1) || !measured.is_success() {
            return Ok((measured, Usage::median(&usages)));
        }
    }
}

/// The document's name as a package's: it begins with a letter and is no word of Rust's.
pub(super) fn package(name: &str) -> String {
    format!("api-{}", name.replace('.', "-"))
}

/// Lines of all Rust files below a directory.
pub(super) fn lines_of_rust(directory: &Path) -> u64 {
    let files = rust_files(directory);
    let lines = files
        .iter()
        .map(|bytes| bytes.split_inclusive(|byte| *byte == b'\n').count());
    u64::try_from(lines.sum::<usize>()).unwrap_or(u64::MAX)
}

/// The contents of all Rust files below a directory.
pub(super) fn rust_files(directory: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.extend(std::fs::read(&path));
        }
    }
    files
}

/// The end of what a program complained about.
pub(super) fn last_lines(errors: &str) -> String {
    let lines: Vec<&str> = errors.lines().filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(5)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_by_status_signal_and_words() {
        let check = |end: End, errors: &str, expected: Outcome| {
            let measured = Measured {
                end,
                usage: Usage::default(),
                output: String::new(),
                errors: errors.to_owned(),
            };
            assert_eq!(Outcome::of(&measured), expected, "{end:?} {errors}");
        };
        check(End::Exited(0), "warning: odd", Outcome::Generated);
        check(End::Exited(1), "error: no", Outcome::Failed);
        check(
            End::Exited(101),
            "thread 'main' panicked at src",
            Outcome::Panicked,
        );
        check(
            End::Exited(1),
            "thread 'x' panicked at src",
            Outcome::Panicked,
        );
        check(End::Killed, "", Outcome::Panicked);
        check(End::TimedOut, "", Outcome::TimedOut);
    }

    #[test]
    fn a_package_has_a_name_that_cargo_takes() {
        assert_eq!(package("box"), "api-box");
        assert_eq!(package("2ch.v1"), "api-2ch-v1");
    }

    #[test]
    fn of_long_complaints_the_end_is_told() {
        assert_eq!(last_lines("1\n2\n\n3\n4\n5\n6\n"), "2\n3\n4\n5\n6");
        assert_eq!(last_lines(""), "");
    }
}
