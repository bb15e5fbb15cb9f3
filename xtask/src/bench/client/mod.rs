//! `cargo xtask bench client`: what the generated client costs beyond what it is made of.

mod server;

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;

use self::server::Server;
use crate::build::{build_optimised, target_directory};
use crate::measure::Meter;
use crate::table::{Align, Table, approximate};

/// The most processor time for a page, as a multiple of that of `reqwest` and `serde_json` alone.
const PAGE: f64 = 1.05;
/// The most memory for an export of any size beyond that of a client that does nothing, in MiB.
const MEMORY: f64 = 32.0;
/// Profiles in a page.
const ITEMS: f64 = 250.0;

/// What to measure.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// How often each process is run, in turns; the medians are shown.
    #[arg(long, default_value_t = 7)]
    runs: usize,
    /// Pages that a process asks for.
    #[arg(long, default_value_t = 150)]
    pages: usize,
    /// Single profiles that a process asks for.
    #[arg(long, default_value_t = 5_000)]
    calls: usize,
    /// The size of the export that is streamed.
    #[arg(long, value_name = "MB", default_value_t = 200)]
    megabytes: usize,
    /// Seconds that one process may take.
    #[arg(long, default_value_t = 300)]
    limit: u64,
    /// Write the tables to this file, too.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// What a process prints.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Printed {
    processor_seconds: f64,
    items: u64,
}

/// What calls, and as what it is shown.
const CALLERS: [(&str, &str); 4] = [
    ("client", "the client"),
    ("value", "`reqwest` + `serde_json`, `Value`"),
    ("structs", "`reqwest` + `serde_json`, structs of one's own"),
    ("bytes", "`reqwest`, body not read"),
];

/// Measures and shows; whether every target is met.
pub(super) fn run(
    root: &Path,
    options: &Options,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> anyhow::Result<bool> {
    writeln!(errors, "building client-bench")?;
    let program = build_optimised(root, "client-bench", "client-bench")?;
    let work = target_directory(root).join("bench");
    std::fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let bench = Bench {
        server: Server::start(&program, options.megabytes)?,
        meter: Meter {
            program: std::env::current_exe()?,
            note: work.canonicalize()?.join("client.note"),
            limit: Duration::from_secs(options.limit),
        },
        program,
        runs: options.runs.max(1),
    };
    let mut text = String::new();
    writeln!(errors, "pages")?;
    let pages = bench.processor("list", options.pages)?;
    let page_ratio = pages[0] / pages[1];
    text += &shown("a page of 250 profiles", &pages, ITEMS).render_markdown();
    text.push('\n');
    writeln!(errors, "copies")?;
    let copies = bench.processor("copy", options.pages)?;
    text += &shown("250 profiles exported and imported", &copies, ITEMS).render_markdown();
    text.push('\n');
    writeln!(errors, "single profiles")?;
    let calls = bench.processor("get", options.calls)?;
    text += &shown("one profile", &calls, 1.0).render_markdown();
    text.push('\n');
    writeln!(errors, "an export of {} MB", options.megabytes)?;
    let idle = bench.memory("client", "nothing")?;
    let streaming = bench.memory("client", "stream")?;
    let bare = bench.memory("bytes", "stream")?;
    let mut memory = Table::new([("peak memory", Align::Left), ("MiB", Align::Right)]);
    memory.row(["a client that does nothing".to_owned(), mebibytes(idle)]);
    let stream = format!("the client, {} MB object by object", options.megabytes);
    memory.row([stream, mebibytes(streaming)]);
    memory.row(["`reqwest`, the same bytes".to_owned(), mebibytes(bare)]);
    text += &memory.render_markdown();

    let over = streaming - idle;
    let targets = [
        (
            format!("processor time of a page ÷ `reqwest` + `serde_json`: {page_ratio:.3}"),
            format!("≤ {PAGE}"),
            page_ratio <= PAGE,
        ),
        (
            format!(
                "memory of a streamed export over idle: {} MiB",
                mebibytes(over)
            ),
            format!("≤ {MEMORY} MiB"),
            over / f64::from(1 << 20) <= MEMORY,
        ),
    ];
    text.push('\n');
    for (figure, target, is_met) in &targets {
        let mark = if *is_met { "met" } else { "MISSED" };
        writeln!(text, "- {figure} ({target}: {mark})")?;
    }
    output.write_all(text.as_bytes())?;
    if let Some(file) = &options.markdown {
        std::fs::write(file, &text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(targets.iter().all(|(_, _, is_met)| *is_met))
}

struct Bench {
    server: Server,
    meter: Meter,
    program: PathBuf,
    runs: usize,
}

impl Bench {
    fn command(&self, with: &str, what: &str, times: usize) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["call", "--with", with, "--what", what])
            .args(["--url", &self.server.url, "--times", &times.to_string()]);
        command
    }

    /// Seconds of processor time of a call by each of [`CALLERS`]: medians of processes that take
    /// turns.
    fn processor(&self, what: &str, times: usize) -> anyhow::Result<[f64; CALLERS.len()]> {
        let mut taken: [Vec<f64>; CALLERS.len()] = Default::default();
        for _ in 0..self.runs {
            for ((with, _), taken) in CALLERS.iter().zip(&mut taken) {
                let command = self.command(with, what, times);
                let measured = self.meter.measure(&command)?;
                if !measured.is_success() {
                    bail!("{command:?} failed: {}", measured.errors.trim());
                }
                let printed: Printed = serde_json::from_str(measured.output.trim())
                    .with_context(|| format!("{command:?} wrote no figures"))?;
                if printed.items == 0 {
                    bail!("{command:?}: nothing came");
                }
                taken.push(printed.processor_seconds / approximate(times as u64));
            }
        }
        Ok(taken.map(|mut taken| median(&mut taken)))
    }

    /// Peak memory of a process, in bytes: the median.
    fn memory(&self, with: &str, what: &str) -> anyhow::Result<f64> {
        let mut peaks = Vec::new();
        for _ in 0..self.runs.min(3) {
            let command = self.command(with, what, 1);
            let measured = self.meter.measure(&command)?;
            if !measured.is_success() {
                bail!("{command:?} failed: {}", measured.errors.trim());
            }
            peaks.push(approximate(measured.usage.peak_bytes));
        }
        Ok(median(&mut peaks))
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn mebibytes(bytes: f64) -> String {
    format!("{:.1}", bytes / f64::from(1 << 20))
}

/// Processor time of each caller, and its ratio to that of the second.
fn shown(what: &str, seconds: &[f64; CALLERS.len()], items: f64) -> Table {
    let mut table = Table::new([
        (what, Align::Left),
        ("processor µs", Align::Right),
        ("µs a profile", Align::Right),
        ("÷ `Value`", Align::Right),
    ]);
    for ((_, name), taken) in CALLERS.iter().zip(seconds) {
        table.row([
            (*name).to_owned(),
            format!("{:.1}", taken * 1e6),
            format!("{:.2}", taken * 1e6 / items),
            format!("{:.3}", taken / seconds[1]),
        ]);
    }
    table
}
