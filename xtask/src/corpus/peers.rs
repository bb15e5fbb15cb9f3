//! Other generators, if they are installed, over the same document on the same machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Serialize;

use super::check::{Check, Checker};
use super::documents::Document;
use super::generate::{Outcome, last_lines, lines_of_rust, package, repeat, rust_files};
use crate::measure::{Meter, Usage};
use crate::table::approximate;

/// The share of operations from which on a peer did the document.
const DONE_SHARE: f64 = 0.95;

/// A generator of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    OpenapiToRust,
    Ploidy,
    Progenitor,
}

impl Tool {
    const ALL: [Self; 3] = [Self::OpenapiToRust, Self::Ploidy, Self::Progenitor];

    /// The package that `cargo install` installs, and the report's name for it.
    fn package(self) -> &'static str {
        match self {
            Self::OpenapiToRust => "openapi-to-rust",
            Self::Ploidy => "ploidy",
            Self::Progenitor => "cargo-progenitor",
        }
    }

    /// The command that generates into `directory`.
    fn command(self, program: &Path, document: &Document, directory: &Path) -> Command {
        let mut command = Command::new(program);
        let name = package(&document.name);
        match self {
            Self::OpenapiToRust => command
                .args([
                    "generate",
                    "--quiet",
                    "--module-name",
                    "api",
                    "--output-dir",
                ])
                .arg(directory.join("src/api"))
                .arg(&document.entry),
            Self::Ploidy => command
                .args(["generate", "rust", "--name", &name, "--output"])
                .arg(directory)
                .arg(&document.entry),
            Self::Progenitor => command
                .args([
                    "progenitor",
                    "--version",
                    "0.1.0",
                    "--name",
                    &name,
                    "--output",
                ])
                .arg(directory)
                .arg("--input")
                .arg(&document.entry),
        };
        command
    }

    /// Makes a package of its own of what the tool wrote.
    fn complete(self, document: &Document, directory: &Path) -> anyhow::Result<()> {
        let manifest = directory.join("Cargo.toml");
        let mut text = match self {
            // It writes modules and a list of dependencies.
            Self::OpenapiToRust => {
                fs::write(directory.join("src/lib.rs"), "pub mod api;\n")?;
                let dependencies = directory.join("src/api/REQUIRED_DEPS.toml");
                let dependencies = fs::read_to_string(&dependencies)
                    .with_context(|| format!("cannot read {}", dependencies.display()))?;
                let name = package(&document.name);
                format!(
                    "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}"
                )
            }
            Self::Ploidy | Self::Progenitor => fs::read_to_string(&manifest)
                .with_context(|| format!("cannot read {}", manifest.display()))?,
        };
        text.push_str("\n[workspace]\n");
        fs::write(&manifest, text).with_context(|| format!("cannot write {}", manifest.display()))
    }
}

/// An installed peer.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    tool: Tool,
    program: PathBuf,
}

/// What a peer made of a document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PeerRun {
    pub(super) peer: &'static str,
    pub(super) outcome: Outcome,
    /// What it said, if it failed.
    pub(super) message: String,
    pub(super) usage: Usage,
    pub(super) lines: u64,
    /// Operations in the output.
    pub(super) operations: u64,
    pub(super) check: Option<Check>,
}

impl Peer {
    /// The peers that are installed: in `directory` if one is given, else where programs are.
    pub(super) fn installed(directory: Option<&Path>) -> Vec<Self> {
        let search = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = match directory {
            Some(directory) => vec![directory.to_owned(), directory.join("bin")],
            None => std::env::split_paths(&search).collect(),
        };
        let find = |tool: Tool| {
            let name = format!("{}{}", tool.package(), std::env::consts::EXE_SUFFIX);
            let mut places = folders.iter().map(|folder| folder.join(&name));
            let program = places.find(|place| place.is_file())?;
            Some(Self { tool, program })
        };
        Tool::ALL.into_iter().filter_map(find).collect()
    }

    /// The peer's name.
    pub(super) fn name(&self) -> &'static str {
        self.tool.package()
    }

    /// Generates and, with a checker, checks.
    pub(super) fn run(
        &self,
        document: &Document,
        directory: &Path,
        runs: usize,
        meter: &Meter,
        checker: Option<&Checker<'_>>,
    ) -> anyhow::Result<PeerRun> {
        let command = self.tool.command(&self.program, document, directory);
        let (last, usage) = repeat(&command, directory, runs, meter)?;
        let mut run = PeerRun {
            peer: self.name(),
            outcome: Outcome::of(&last),
            message: String::new(),
            usage,
            lines: lines_of_rust(&directory.join("src")),
            operations: operations_in(&directory.join("src")),
            check: None,
        };
        if run.outcome != Outcome::Generated {
            run.message = last_lines(&last.errors);
            return Ok(run);
        }
        if let Err(error) = self.tool.complete(document, directory) {
            run.outcome = Outcome::Failed;
            run.message = format!("{error:#}");
            return Ok(run);
        }
        if let Some(checker) = checker {
            run.check = Some(checker.check(&document.name, directory)?);
        }
        Ok(run)
    }
}

impl PeerRun {
    /// Whether the peer did what the document asks for: some leave out what they do not
    /// understand, be it everything, and are quick about it.
    pub(super) fn does(&self, stated: u64) -> bool {
        self.outcome == Outcome::Generated
            && approximate(self.operations) >= DONE_SHARE * approximate(stated)
    }
}

/// Operations in generated code: each of the peers writes one public asynchronous function for
/// each, and few others.
fn operations_in(directory: &Path) -> u64 {
    rust_files(directory)
        .iter()
        .map(|bytes| {
            let text = String::from_utf8_lossy(bytes);
            u64::try_from(text.matches("pub async fn ").count()).unwrap_or(u64::MAX)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_leaves_much_out_does_not_do_the_document() {
        let check = |outcome: Outcome, operations: u64, stated: u64, expected: bool| {
            let run = PeerRun {
                peer: "peer",
                outcome,
                message: String::new(),
                usage: Usage::default(),
                lines: 0,
                operations,
                check: None,
            };
            assert_eq!(run.does(stated), expected, "{operations} of {stated}");
        };
        check(Outcome::Generated, 0, 15, false);
        check(Outcome::Generated, 94, 100, false);
        check(Outcome::Generated, 95, 100, true);
        check(Outcome::Generated, 364, 358, true);
        check(Outcome::Generated, 0, 0, true);
        check(Outcome::Failed, 15, 15, false);
    }

    #[test]
    fn each_peer_is_asked_in_its_own_words() {
        let document = Document {
            name: "pets".to_owned(),
            entry: "pets.json".into(),
            operations: None,
            bytes: 0,
        };
        let words = Tool::ALL.map(|tool| {
            let command = tool.command(Path::new("tool"), &document, Path::new("out"));
            let words: Vec<_> = command
                .get_args()
                .map(|word| word.to_string_lossy())
                .collect();
            words.join(" ")
        });
        assert_eq!(
            words,
            [
                "generate --quiet --module-name api --output-dir out/src/api pets.json",
                "generate rust --name api-pets --output out pets.json",
                "progenitor --version 0.1.0 --name api-pets --output out --input pets.json",
            ]
        );
    }
}
