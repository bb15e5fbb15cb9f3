//! The figures as text, in tables that are Markdown too.

use std::fmt::Write;

use serde::Serialize;

use super::baseline::Method;
use super::figures::{Figure, From};
use super::inputs::Input;
use super::probe::Answer;
use super::runs::Taken;
use crate::table::{Align, Table, approximate, mebibytes, seconds};

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    /// The program's own word for its version.
    pub(super) version: String,
    pub(super) cores: usize,
    /// How busy the machine was before: the system's average of the last minute.
    pub(super) load: Option<f64>,
    pub(super) runs: usize,
    pub(super) inputs: Vec<(String, Input)>,
    pub(super) baselines: Vec<Baseline>,
    pub(super) figures: Vec<Figure>,
    pub(super) peers: Vec<PeerRow>,
    /// What the program did not see in files, or should not have seen.
    pub(super) mistakes: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// What reading a file cost.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Baseline {
    pub(super) input: String,
    pub(super) from: From,
    pub(super) method: Method,
    pub(super) bytes: u64,
    /// Whether others are compared with it: it is the quicker one.
    pub(super) is_measure: bool,
    pub(super) taken: Taken,
}

/// A validator on the file that all are given.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PeerRow {
    pub(super) name: &'static str,
    pub(super) version: String,
    /// The size of the file.
    pub(super) bytes: u64,
    /// Processor time, as a multiple of that of reading the file.
    pub(super) ratio: Option<f64>,
    /// What it tells of mistakes.
    pub(super) answer: Option<Answer>,
    /// Why there are no figures, or why they mean nothing.
    pub(super) problem: Option<String>,
    pub(super) taken: Option<Taken>,
}

impl PeerRow {
    /// A validator that could not be installed.
    pub(super) fn missing(name: &'static str, problem: String) -> Self {
        Self {
            name,
            version: String::new(),
            bytes: 0,
            ratio: None,
            answer: None,
            problem: Some(problem),
            taken: None,
        }
    }
}

impl Report {
    pub(super) fn new(version: &str, runs: usize) -> Self {
        // The program's name stands before its version.
        let version = version.split_whitespace().last().unwrap_or_default();
        let load = std::fs::read_to_string("/proc/loadavg").ok();
        Self {
            version: version.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load: load.and_then(|load| load.split(' ').next()?.parse().ok()),
            runs,
            inputs: Vec::new(),
            baselines: Vec::new(),
            figures: Vec::new(),
            peers: Vec::new(),
            mistakes: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn add_input(&mut self, name: &str, input: &Input) {
        self.inputs.push((name.to_owned(), input.clone()));
    }

    /// Whether every target that was measured is met, and nothing was overlooked.
    pub(super) fn is_met(&self) -> bool {
        self.mistakes.is_empty()
            && !self
                .figures
                .iter()
                .any(|figure| figure.is_met() == Some(false))
    }

    pub(super) fn render(&self) -> String {
        let mut text = format!(
            "validate-export {} on {} cores, medians of {} runs",
            self.version, self.cores, self.runs
        );
        // Writing to a string cannot fail.
        let _ = match self.load {
            Some(load) => writeln!(text, "; load before: {load:.1}"),
            None => writeln!(text),
        };
        let tables = [
            ("Files", self.input_table()),
            ("Reading into `IgnoredAny`", self.baseline_table()),
            ("Figures", self.figure_table()),
            ("Validators on the same file", self.peer_table()),
        ];
        for (title, table) in tables {
            if !table.is_empty() {
                let _ = write!(text, "\n{title}\n\n{}", table.render_markdown());
            }
        }
        for mistake in &self.mistakes {
            let _ = writeln!(text, "\nWRONG: {mistake}");
        }
        for note in self.peer_notes().iter().chain(&self.notes) {
            let _ = writeln!(text, "\n{note}");
        }
        text
    }

    /// What the table of validators cannot say.
    fn peer_notes(&self) -> Vec<String> {
        let sizes = self.peers.iter().map(|peer| peer.bytes);
        let largest = sizes.max().unwrap_or_default();
        let is_smaller = |peer: &&PeerRow| peer.bytes > 0 && peer.bytes < largest / 2;
        let smaller = self.peers.iter().filter(is_smaller).map(|peer| {
            format!(
                "{} is given a smaller file, and compared with reading that.",
                peer.name
            )
        });
        let failed = self.peers.iter().filter_map(|peer| {
            let problem = peer.problem.as_ref()?;
            Some(format!("{}: {problem}", peer.name))
        });
        smaller.chain(failed).collect()
    }

    fn input_table(&self) -> Table {
        let mut table = Table::new([
            ("file", Align::Left),
            ("bytes", Align::Right),
            ("profiles", Align::Right),
            ("broken", Align::Right),
        ]);
        for (name, input) in &self.inputs {
            let written = input.written;
            table.row([
                name.clone(),
                written.bytes.to_string(),
                written.elements.to_string(),
                written.broken.to_string(),
            ]);
        }
        table
    }

    fn baseline_table(&self) -> Table {
        let mut table = Table::new([
            ("file", Align::Left),
            ("from", Align::Left),
            ("by", Align::Left),
            ("CPU s", Align::Right),
            ("MB/s", Align::Right),
            ("peak MiB", Align::Right),
            ("", Align::Left),
        ]);
        for baseline in &self.baselines {
            let usage = baseline.taken.median;
            let speed = approximate(baseline.bytes) / 1e6 / usage.processor_seconds;
            let mark = if baseline.is_measure { "1.00×" } else { "" };
            table.row([
                baseline.input.clone(),
                baseline.from.as_str().to_owned(),
                baseline.method.as_str().to_owned(),
                seconds(usage.processor_seconds),
                format!("{speed:.0}"),
                mebibytes(usage.peak_bytes),
                mark.to_owned(),
            ]);
        }
        table
    }

    fn figure_table(&self) -> Table {
        let mut table = Table::new([
            ("what", Align::Left),
            ("file", Align::Left),
            ("from", Align::Left),
            ("threads", Align::Left),
            ("is", Align::Right),
            ("at most", Align::Right),
            ("", Align::Left),
            ("CPU s", Align::Right),
            ("wall s", Align::Right),
            ("peak MiB", Align::Right),
        ]);
        let mut figures: Vec<&Figure> = self.figures.iter().collect();
        figures.sort_by_key(|figure| figure.what as u8);
        for figure in figures {
            let usage = figure.taken.median;
            let verdict = match (figure.is_met(), &figure.taken.problem) {
                (_, Some(problem)) => format!("FAILED: {problem}"),
                (Some(true), None) => "met".to_owned(),
                (Some(false), None) => "NOT met".to_owned(),
                (None, None) => String::new(),
            };
            let show =
                |value: Option<f64>| value.map_or(String::new(), |value| figure.what.show(value));
            table.row([
                figure.what.title().to_owned(),
                figure.input.clone(),
                figure.from.as_str().to_owned(),
                figure.threads.as_str().to_owned(),
                show(figure.value),
                show(figure.limit),
                verdict,
                seconds(usage.processor_seconds),
                seconds(usage.seconds),
                mebibytes(usage.peak_bytes),
            ]);
        }
        table
    }

    fn peer_table(&self) -> Table {
        let mut table = Table::new([
            ("validator", Align::Left),
            ("version", Align::Left),
            ("CPU, × reading the file", Align::Right),
            ("peak memory", Align::Right),
            ("every error", Align::Left),
            ("path", Align::Left),
            ("line and column", Align::Left),
            ("file", Align::Right),
        ]);
        for peer in &self.peers {
            let answer = |of: fn(&Answer) -> bool| match &peer.answer {
                Some(answer) if of(answer) => "yes",
                Some(_) => "no",
                None => "",
            };
            let (ratio, peak) = match (&peer.problem, peer.ratio, &peer.taken) {
                (Some(_), ..) => ("failed".to_owned(), String::new()),
                (None, Some(ratio), Some(taken)) => {
                    let peak = mebibytes(taken.median.peak_bytes);
                    (times(ratio), format!("{peak} MiB"))
                }
                _ => (String::new(), String::new()),
            };
            let size = match peer.bytes {
                0 => String::new(),
                bytes => format!("{} MB", bytes / 1_000_000),
            };
            table.row([
                peer.name,
                &peer.version,
                &ratio,
                &peak,
                answer(|answer| answer.every_error),
                answer(|answer| answer.path),
                answer(|answer| answer.line_and_column),
                &size,
            ]);
        }
        table
    }
}

/// A ratio with as many digits as it is worth.
fn times(ratio: f64) -> String {
    if ratio < 10.0 {
        format!("{ratio:.2}×")
    } else {
        format!("{ratio:.0}×")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figures::{Threads, What};
    use crate::bench::inputs::{Layout, Written};
    use crate::measure::Usage;

    fn taken(processor_seconds: f64, problem: Option<&str>) -> Taken {
        let usage = Usage {
            seconds: processor_seconds / 2.0,
            processor_seconds,
            peak_bytes: 20 << 20,
        };
        Taken {
            median: usage,
            runs: vec![usage],
            problem: problem.map(str::to_owned),
        }
    }

    fn figure(what: What, value: f64, limit: Option<f64>) -> Figure {
        Figure {
            what,
            input: "compact".to_owned(),
            from: From::File,
            threads: Threads::One,
            value: Some(value),
            limit,
            taken: taken(value / 4.0, None),
        }
    }

    fn report() -> Report {
        let mut report = Report::new("validate-export 0.1.0", 5);
        report.cores = 2;
        report.load = Some(0.31);
        let written = Written {
            bytes: 100_005_521,
            elements: 15_750,
            broken: 158,
        };
        let input = Input {
            path: "compact.json".into(),
            layout: Layout::Compact,
            written,
        };
        report.add_input("compact", &input);
        for (method, seconds) in Method::ALL.into_iter().zip([0.25, 0.75]) {
            report.baselines.push(Baseline {
                input: "compact".to_owned(),
                from: From::File,
                method,
                bytes: written.bytes,
                is_measure: method == Method::Slice,
                taken: taken(seconds, None),
            });
        }
        let peer = |name, version: &str, bytes, ratio| PeerRow {
            version: version.to_owned(),
            bytes,
            ratio: Some(ratio),
            answer: Some(Answer {
                every_error: true,
                path: name == "ours",
                line_and_column: name == "ours",
            }),
            problem: None,
            taken: Some(taken(ratio, None)),
            ..PeerRow::missing(name, String::new())
        };
        report.peers = vec![
            peer("ours", "0.1.0", written.bytes, 0.871),
            peer("theirs", "2.0", written.bytes / 10, 234.4),
            PeerRow::missing("another", "cannot install another 1.2.3: no".to_owned()),
        ];
        report
    }

    #[test]
    fn figures_stand_beside_their_targets() {
        let mut report = report();
        report.figures = vec![
            figure(What::Memory, 32.0, Some(32.0)),
            figure(What::Processor, 0.866, Some(1.0)),
            figure(What::Parallel, 0.7, None),
        ];
        assert!(report.is_met());
        let met = report.render();
        report.figures.push(figure(What::Start, 10.04, Some(10.0)));
        let mut failed = figure(What::Processor, 0.1, Some(1.0));
        failed.value = None;
        failed.taken = taken(0.1, Some("exit status 2 instead of 0: cannot read"));
        report.figures.push(failed);
        report.mistakes.push("compact: no profiles".to_owned());
        report.notes.push("Something was not measured.".to_owned());
        assert!(!report.is_met());
        insta::assert_snapshot!(format!("{met}\n----\n{}", report.render()));
    }

    #[test]
    fn a_file_that_failed_meets_no_target() {
        let mut report = report();
        assert!(report.is_met());
        report.mistakes.push(String::new());
        assert!(!report.is_met());
        report.mistakes.clear();
        let mut failed = figure(What::Processor, 0.1, Some(1.0));
        failed.value = None;
        report.figures.push(failed);
        assert!(!report.is_met());
    }
}
