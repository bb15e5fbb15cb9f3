//! The same file through other validators.

use std::path::Path;
use std::process::Command;

use anyhow::Context;

use super::baseline::Method;
use super::figures::{From, Threads};
use super::peers::{Load, Peer, Tool};
use super::probe::Probe;
use super::report::PeerRow;
use super::runs::{Case, in_turns, quickest};
use super::validate::{Bench, Part};

/// A validator and how it is asked about a file.
struct Entry<'a> {
    name: &'static str,
    version: String,
    load: Load,
    command: Box<dyn Fn(&Path) -> Command + 'a>,
}

impl Bench<'_> {
    /// Measures this validator and the others, which are installed if they are missing.
    pub(super) fn compare(&mut self, root: &Path) -> anyhow::Result<()> {
        let schema = root
            .join("generated/schemas/v2024/ExportIdentityProfilesResponseOk.schema.json")
            .canonicalize()
            .context("the schema of exports is missing")?;
        let probe = Probe::make(&self.work.join("probe.json"))?;
        let peers = self.install(root)?;
        let mut rows = Vec::new();
        for load in [Load::Full, Load::Tenth] {
            let (name, file, bytes) = match load {
                Load::Full => ("peers", "compact.json", self.options.size.bytes()),
                Load::Tenth => (
                    "peers, a tenth",
                    "tenth.json",
                    self.options.size.bytes() / 10,
                ),
            };
            let input = Part::Compact.recipe(bytes).make(&self.work.join(file))?;
            let entries = self.entries(&peers, &schema);
            let entries = entries.into_iter().filter(|entry| entry.load == load);
            let entries: Vec<Entry<'_>> = entries.collect();
            let mut cases: Vec<Case<'_>> = Method::ALL
                .map(|method| self.baseline(method, &input.path, From::File))
                .into();
            cases.extend(entries.iter().map(|entry| Case {
                command: (entry.command)(&input.path),
                input: None,
                expected: 0,
                at_once: 1,
            }));
            let taken = in_turns(&self.meter, &cases, self.options.runs)?;
            let (reading, taken) = taken.split_at(Method::ALL.len());
            let quickest = quickest(reading);
            for (entry, taken) in entries.iter().zip(taken) {
                rows.push(PeerRow {
                    name: entry.name,
                    version: entry.version.clone(),
                    bytes: input.written.bytes,
                    ratio: Some(taken.median.processor_seconds / quickest),
                    answer: Some(probe.ask((entry.command)(&probe.path))?),
                    problem: taken.problem.clone(),
                    taken: Some(taken.clone()),
                });
            }
            drop(entries);
            self.add_baselines(name, &input, From::File, reading)?;
        }
        self.report.peers.splice(..0, rows);
        Ok(())
    }

    /// The other validators; what cannot be installed is noted.
    fn install(&mut self, root: &Path) -> anyhow::Result<Vec<Peer>> {
        let directory = self.work.join("peers");
        let lock = root.join("Cargo.lock");
        let mut peers = Vec::new();
        for tool in Tool::ALL {
            writeln!(self.errors, "peer: {}", tool.name())?;
            match Peer::install(tool, &directory, &lock, &self.meter.program) {
                Ok(peer) => peers.push(peer),
                Err(error) => {
                    let row = PeerRow::missing(tool.name(), format!("{error:#}"));
                    self.report.peers.push(row);
                }
            }
        }
        Ok(peers)
    }

    fn entries<'a>(&'a self, peers: &'a [Peer], schema: &'a Path) -> Vec<Entry<'a>> {
        let ours = Entry {
            name: "`validate-export`",
            version: self.report.version.clone(),
            load: Load::Full,
            command: Box::new(|file| self.ours(file, From::File, Threads::Default).command),
        };
        let peers = peers.iter().map(|peer| Entry {
            name: peer.tool.name(),
            version: peer.version.clone(),
            load: peer.tool.load(),
            command: Box::new(|file| peer.command(schema, file)),
        });
        std::iter::once(ours).chain(peers).collect()
    }
}
