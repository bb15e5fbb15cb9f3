//! `cargo xtask corpus`: the generator over many real documents, measured.

mod check;
mod documents;
mod examples;
mod generate;
mod peers;
mod report;
mod targets;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use check::Checker;
use documents::{Document, documents};
use examples::Workshop;
use generate::{Outcome, generate};
use peers::Peer;
use report::Row;
use targets::Verdict;

use crate::build::{build_optimised, target_directory};
use crate::measure::Meter;

/// What to run over which documents.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// The folder of documents [default: ../shared/corpus]
    directory: Option<PathBuf>,
    /// Only these documents.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// How often each document is generated; the medians are shown.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Seconds that one program may take.
    #[arg(long, default_value_t = 600)]
    limit: u64,
    /// Do not run cargo check.
    #[arg(long)]
    no_check: bool,
    /// Do not send examples through the types.
    #[arg(long)]
    no_examples: bool,
    /// Also run the other generators that are installed.
    #[arg(long)]
    peers: bool,
    /// Where the other generators are installed [default: where programs are found]
    #[arg(long, value_name = "DIR", requires = "peers")]
    peers_in: Option<PathBuf>,
    /// Write everything that was found to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where crates are generated and built [default: target/corpus]
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// A generator to use instead of building this checkout's.
    #[arg(long, value_name = "PROGRAM")]
    generator: Option<PathBuf>,
}

/// Runs the task in the workspace at `root`; whether every target that was measured is met.
pub(crate) fn run(
    root: &Path,
    options: &Options,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> anyhow::Result<bool> {
    let corpus = match &options.directory {
        Some(directory) => directory.clone(),
        None => root.join("../shared/corpus"),
    };
    if !corpus.is_dir() {
        bail!(
            "there is no corpus at {}: name a folder of OpenAPI documents",
            corpus.display()
        );
    }
    let corpus = corpus.canonicalize()?;
    let documents = documents(&corpus, &options.only)?;
    let work = match &options.work {
        Some(work) => work.clone(),
        None => target_directory(root).join("corpus"),
    };
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let run = Run {
        options,
        work: work.canonicalize()?,
        generator: match &options.generator {
            Some(program) => program
                .canonicalize()
                .with_context(|| format!("there is no generator {}", program.display()))?,
            None => build_optimised(root, "oas-codegen", "oas-codegen")?,
        },
        lock: root.join("Cargo.lock"),
        meter: Meter {
            program: std::env::current_exe()?,
            note: work.canonicalize()?.join("measured.json"),
            limit: Duration::from_secs(options.limit),
        },
        peers: if options.peers {
            Peer::installed(options.peers_in.as_deref())
        } else {
            Vec::new()
        },
    };
    if options.peers && run.peers.is_empty() {
        bail!("no peer is found: cargo install openapi-to-rust ploidy cargo-progenitor");
    }
    let mut rows = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let name = &document.name;
        writeln!(errors, "[{}/{}] {name}", index + 1, documents.len())?;
        let row = run.document(document).with_context(|| name.clone())?;
        write!(errors, "{}", report::failures(std::slice::from_ref(&row)))?;
        rows.push(row);
        // What a long run has found so far is there if it is stopped.
        if let Some(file) = &options.json {
            write_data(file, &rows)?;
        }
    }
    report(&rows, options, output)
}

struct Run<'a> {
    options: &'a Options,
    work: PathBuf,
    generator: PathBuf,
    lock: PathBuf,
    meter: Meter,
    peers: Vec<Peer>,
}

impl Run<'_> {
    fn document(&self, document: &Document) -> anyhow::Result<Row> {
        let name = &document.name;
        let runs = self.options.runs;
        let directory = self.work.join("crates").join(name);
        let generation = generate(document, &directory, &self.generator, runs, &self.meter)?;
        let is_generated = generation.outcome == Outcome::Generated;
        let is_checked = is_generated && !self.options.no_check;
        let check = is_checked.then(|| self.checker("crates", true).check(name, &directory));
        let check = check.transpose()?;
        let has_examples = is_generated && !self.options.no_examples;
        let examples = has_examples.then(|| {
            let workshop = Workshop {
                programs: &self.work.join("round-trip"),
                target: &self.work.join("target/round-trip"),
                lock: &self.lock,
            };
            examples::round_trip(document, &directory, &workshop)
        });
        let mut peers = Vec::new();
        for peer in &self.peers {
            let directory = self.work.join(peer.name()).join(name);
            let checker = self.checker(peer.name(), false);
            let checker = (!self.options.no_check).then_some(&checker);
            peers.push(peer.run(document, &directory, runs, &self.meter, checker)?);
        }
        Ok(Row {
            document: name.clone(),
            bytes: document.bytes,
            generation,
            check,
            examples,
            peers,
        })
    }

    fn checker(&self, whose: &str, is_ours: bool) -> Checker<'_> {
        Checker {
            meter: &self.meter,
            target: self.work.join("target").join(whose),
            // As deep as the crates, so that relative paths lead to the same place.
            warm: self.work.join(format!("empty-{whose}")),
            lock: is_ours.then(|| self.lock.clone()),
            deny_warnings: is_ours,
        }
    }
}

fn write_data(file: &Path, rows: &[Row]) -> anyhow::Result<()> {
    std::fs::write(file, serde_json::to_vec_pretty(rows)?)
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Prints the tables; whether every target that was measured is met.
fn report(rows: &[Row], options: &Options, output: &mut dyn Write) -> anyhow::Result<bool> {
    writeln!(output, "{}", report::table(rows))?;
    if options.peers {
        writeln!(output, "{}", report::peer_table(rows))?;
    }
    let failures = report::failures(rows);
    if !failures.is_empty() {
        writeln!(output, "{failures}")?;
    }
    let targets = targets::targets(rows);
    write!(output, "{}", targets::render(&targets))?;
    let is_missed = |target: &targets::Target| matches!(target.verdict, Verdict::Missed(_));
    Ok(!targets.iter().any(is_missed))
}
