//! What a run found, as data and as tables.

use std::fmt::Write;

use serde::Serialize;

use super::check::Check;
use super::examples::Examples;
use super::generate::{Generation, Outcome};
use super::peers::PeerRun;
use crate::measure::Usage;
use crate::table::{Align, Table, approximate, mebibytes, seconds};

/// Everything about one document.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) document: String,
    pub(super) bytes: u64,
    pub(super) generation: Generation,
    pub(super) check: Option<Check>,
    pub(super) examples: Option<Examples>,
    pub(super) peers: Vec<PeerRun>,
}

/// Our cost as a share of the cheapest peer's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Ratios {
    /// Generation: seconds.
    pub(super) generation: Option<f64>,
    /// `cargo check`: seconds.
    pub(super) check_seconds: Option<f64>,
    /// `cargo check`: memory.
    pub(super) check_memory: Option<f64>,
}

impl Row {
    /// Our cost as a share of that of the peers that can do the same document.
    pub(super) fn ratios(&self) -> Ratios {
        let stated = self.generation.stated;
        let able = || self.peers.iter().filter(|run| run.does(stated));
        let fastest = least(able().map(|run| run.usage.seconds));
        let checks = || {
            let checks = able().filter_map(|run| run.check.as_ref());
            checks.filter(|check| check.passed).map(|check| check.usage)
        };
        let own = self.check.as_ref().filter(|check| check.passed);
        let share = |number: fn(&Usage) -> f64| {
            let least = least(checks().map(|usage| number(&usage)))?;
            ratio(number(&own?.usage), least)
        };
        Ratios {
            generation: fastest
                .filter(|_| self.generation.outcome == Outcome::Generated)
                .and_then(|fastest| ratio(self.generation.usage.seconds, fastest)),
            check_seconds: share(|usage| usage.seconds),
            check_memory: share(|usage| approximate(usage.peak_bytes)),
        }
    }
}

fn least(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    numbers.min_by(f64::total_cmp)
}

fn ratio(own: f64, other: f64) -> Option<f64> {
    (other > 0.0).then(|| own / other)
}

/// The table of the generator's results, with totals.
pub(super) fn table(rows: &[Row]) -> String {
    let right = Align::Right;
    let mut table = Table::new([
        ("document", Align::Left),
        ("KiB", right),
        ("generated", Align::Left),
        ("ops", right),
        ("emitted", right),
        ("err", right),
        ("warn", right),
        ("note", right),
        ("s", right),
        ("MiB", right),
        ("lines", right),
        ("check", Align::Left),
        ("s", right),
        ("MiB", right),
        ("examples", right),
        ("accepted", right),
        ("unchanged", right),
    ]);
    for row in rows {
        table.row(cells(row));
    }
    table.row(totals(rows));
    table.render()
}

fn cells(row: &Row) -> Vec<String> {
    let generation = &row.generation;
    let mut cells = vec![
        row.document.clone(),
        (row.bytes / 1024).to_string(),
        generation.outcome.as_str().to_owned(),
        generation.stated.to_string(),
        generation.emitted.to_string(),
        generation.count("error").to_string(),
        generation.count("warning").to_string(),
        generation.count("note").to_string(),
        seconds(generation.usage.seconds),
        mebibytes(generation.usage.peak_bytes),
        generation.lines.to_string(),
    ];
    cells.extend(check_cells(row.check.as_ref()));
    cells.extend(match &row.examples {
        None => vec![],
        Some(examples) if examples.problem.is_some() => vec!["FAILED".to_owned()],
        Some(examples) => [examples.stated, examples.accepted, examples.unchanged]
            .map(|count| count.to_string())
            .to_vec(),
    });
    cells
}

fn check_cells(check: Option<&Check>) -> Vec<String> {
    match check {
        None => vec![String::new(), String::new(), String::new()],
        Some(check) => vec![
            if check.passed { "yes" } else { "FAILED" }.to_owned(),
            seconds(check.usage.seconds),
            mebibytes(check.usage.peak_bytes),
        ],
    }
}

fn totals(rows: &[Row]) -> Vec<String> {
    let count = |holds: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| holds(row)).count();
    let sum = |number: &dyn Fn(&Row) -> u64| rows.iter().map(number).sum::<u64>();
    let add = |number: &dyn Fn(&Row) -> f64| rows.iter().map(number).sum::<f64>();
    let severity = |name: &'static str| {
        let counts = rows.iter().map(|row| row.generation.count(name));
        counts.sum::<usize>().to_string()
    };
    let check_of = |row: &Row| row.check.as_ref().map(|check| check.usage);
    let mut cells = vec![
        "total".to_owned(),
        (sum(&|row| row.bytes) / 1024).to_string(),
        format!(
            "{}/{}",
            count(&|row| row.generation.outcome == Outcome::Generated),
            rows.len()
        ),
        sum(&|row| row.generation.stated).to_string(),
        sum(&|row| row.generation.emitted).to_string(),
        severity("error"),
        severity("warning"),
        severity("note"),
        seconds(add(&|row| row.generation.usage.seconds)),
        String::new(),
        sum(&|row| row.generation.lines).to_string(),
    ];
    if rows.iter().any(|row| row.check.is_some()) {
        cells.extend([
            format!(
                "{}/{}",
                count(&|row| row.check.as_ref().is_some_and(|check| check.passed)),
                count(&|row| row.check.is_some())
            ),
            seconds(add(&|row| check_of(row).map_or(0.0, |usage| usage.seconds))),
            String::new(),
        ]);
    } else {
        cells.extend(check_cells(None));
    }
    if rows.iter().any(|row| row.examples.is_some()) {
        let numbers: [fn(&Examples) -> usize; 3] = [
            |examples| examples.stated,
            |examples| examples.accepted,
            |examples| examples.unchanged,
        ];
        cells.extend(numbers.map(|number| {
            let examples = rows.iter().filter_map(|row| row.examples.as_ref());
            examples.map(number).sum::<usize>().to_string()
        }));
    }
    cells
}

/// The table of peers, with our cost as a share of the cheapest peer's.
pub(super) fn peer_table(rows: &[Row]) -> String {
    let right = Align::Right;
    let mut table = Table::new([
        ("document", Align::Left),
        ("generator", Align::Left),
        ("generated", Align::Left),
        ("ops", right),
        ("s", right),
        ("MiB", right),
        ("lines", right),
        ("check", Align::Left),
        ("s", right),
        ("MiB", right),
    ]);
    for row in rows.iter().filter(|row| !row.peers.is_empty()) {
        let generation = &row.generation;
        let mut own = vec![
            row.document.clone(),
            "oas-codegen".to_owned(),
            generation.outcome.as_str().to_owned(),
            generation.emitted.to_string(),
            seconds(generation.usage.seconds),
            mebibytes(generation.usage.peak_bytes),
            generation.lines.to_string(),
        ];
        own.extend(check_cells(row.check.as_ref()));
        table.row(own);
        for run in &row.peers {
            let mut cells = vec![
                String::new(),
                run.peer.to_owned(),
                run.outcome.as_str().to_owned(),
                run.operations.to_string(),
                seconds(run.usage.seconds),
                mebibytes(run.usage.peak_bytes),
                run.lines.to_string(),
            ];
            cells.extend(check_cells(run.check.as_ref()));
            table.row(cells);
        }
        let ratios = row.ratios();
        let share = |ratio: Option<f64>| ratio.map_or("-".to_owned(), |r| format!("×{r:.2}"));
        table.row([
            String::new(),
            "ours / best peer".to_owned(),
            String::new(),
            String::new(),
            share(ratios.generation),
            String::new(),
            String::new(),
            String::new(),
            share(ratios.check_seconds),
            share(ratios.check_memory),
        ]);
    }
    table.render()
}

/// Everything that went wrong, a paragraph each.
pub(super) fn failures(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut say = |document: &str, kind: &str, what: &str| {
        let what = what.replace('\n', "\n    ");
        let _ = writeln!(text, "{document}: {kind}: {what}");
    };
    for row in rows {
        if row.generation.outcome != Outcome::Generated {
            let kind = row.generation.outcome.as_str();
            say(&row.document, kind, &row.generation.message);
        }
        if let Some(check) = row.check.as_ref().filter(|check| !check.passed) {
            say(&row.document, "cargo check", &check.message);
        }
        let Some(examples) = &row.examples else {
            continue;
        };
        if let Some(problem) = &examples.problem {
            say(&row.document, "examples", problem);
        }
        for failure in &examples.failures {
            let what = format!(
                "{} ({}) at {}: {}",
                failure.schema, failure.rust, failure.place, failure.what
            );
            say(&row.document, "round trip", &what);
        }
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::corpus::examples::Failure;
    use crate::corpus::generate::Diagnostic;

    fn usage(seconds: f64, mebibytes: u64) -> Usage {
        Usage {
            seconds,
            processor_seconds: seconds,
            peak_bytes: mebibytes << 20,
        }
    }

    fn checked(passed: bool, seconds: f64, mebibytes: u64) -> Check {
        Check {
            passed,
            message: if passed {
                ""
            } else {
                "src/lib.rs:1:1: error: odd\nmore"
            }
            .to_owned(),
            usage: usage(seconds, mebibytes),
        }
    }

    fn peer(peer: &'static str, outcome: Outcome, seconds: f64, check: Option<Check>) -> PeerRun {
        PeerRun {
            peer,
            outcome,
            message: String::new(),
            usage: usage(seconds, 80),
            lines: 5000,
            operations: 300,
            check,
        }
    }

    /// A document with which all is well.
    fn pets() -> Row {
        Row {
            document: "pets".to_owned(),
            bytes: 2 << 20,
            generation: Generation {
                outcome: Outcome::Generated,
                message: String::new(),
                stated: 300,
                emitted: 299,
                expected: Some(300),
                diagnostics: vec![Diagnostic {
                    severity: "error".to_owned(),
                    code: "malformed".to_owned(),
                    message: "no operation".to_owned(),
                    effect: "the operation is missing".to_owned(),
                    file: "pets.json".to_owned(),
                    line: 1,
                    column: 1,
                    pointer: "/paths/~1pets/get".to_owned(),
                }],
                files: 20,
                lines: 1000,
                usage: usage(0.05, 18),
            },
            check: Some(checked(true, 2.0, 200)),
            examples: Some(Examples {
                stated: 5,
                accepted: 4,
                unchanged: 4,
                ..Examples::default()
            }),
            peers: vec![
                peer(
                    "slow",
                    Outcome::Generated,
                    4.0,
                    Some(checked(true, 8.0, 400)),
                ),
                peer(
                    "lean",
                    Outcome::Generated,
                    1.0,
                    Some(checked(true, 5.0, 900)),
                ),
                peer(
                    "broken",
                    Outcome::Generated,
                    0.2,
                    Some(checked(false, 0.1, 10)),
                ),
                peer("dead", Outcome::Panicked, 0.01, None),
            ],
        }
    }

    /// A document with which nothing is well.
    fn odd() -> Row {
        let mut row = pets();
        row.document = "odd".to_owned();
        row.generation.emitted = 290;
        row.generation.expected = Some(301);
        row.generation.usage = usage(0.2, 21);
        row.check = Some(checked(false, 3.0, 300));
        row.examples = Some(Examples {
            stated: 2,
            accepted: 2,
            unchanged: 1,
            failures: vec![Failure {
                schema: "Pet".to_owned(),
                rust: "api::Pet".to_owned(),
                place: "odd.json:3 /components/schemas/Pet/example".to_owned(),
                what: "/a: 1 became 2 in {\"a\":1}".to_owned(),
            }],
            ..Examples::default()
        });
        row
    }

    /// A document that stops the generator.
    fn fatal() -> Row {
        let mut row = pets();
        row.document = "fatal".to_owned();
        row.generation.outcome = Outcome::Panicked;
        row.generation.message = "thread 'main' panicked at src/lib.rs:1:1\nodd".to_owned();
        row.generation.diagnostics.clear();
        row.generation.emitted = 0;
        row.check = None;
        row.examples = None;
        row.peers.clear();
        row
    }

    /// Rows of every kind.
    pub(in crate::corpus) fn rows() -> Vec<Row> {
        vec![pets(), odd(), fatal()]
    }

    /// Rows with which all is well.
    pub(in crate::corpus) fn good_rows() -> Vec<Row> {
        vec![pets()]
    }

    #[test]
    fn peers_count_where_they_can_do_the_document() {
        let ratios: Vec<Ratios> = rows().iter().map(Row::ratios).collect();
        let expected = [
            Ratios {
                generation: Some(0.25),
                check_seconds: Some(0.4),
                check_memory: Some(0.5),
            },
            Ratios {
                generation: Some(1.0),
                ..Ratios::default()
            },
            Ratios::default(),
        ];
        assert_eq!(ratios, expected);
    }

    #[test]
    fn the_report_shows_what_is_and_what_is_not_well() {
        let rows = rows();
        let text = [table(&rows), peer_table(&rows), failures(&rows)].join("\n");
        insta::assert_snapshot!(text);
    }
}
