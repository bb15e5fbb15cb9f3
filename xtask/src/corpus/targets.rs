//! What the generator is to reach over a corpus, and whether it does.

use std::fmt::Write;

use super::generate::Outcome;
use super::report::Row;
use crate::table::approximate;

/// The least share of operations to emit.
const EMITTED_SHARE: f64 = 0.995;
/// The largest share of the best peer's cost.
const PEER_SHARE: f64 = 0.5;
/// The most memory for each byte of a document.
const MEMORY_FACTOR: u64 = 10;
/// Documents smaller than this are outweighed by the program itself.
const WEIGHTY: u64 = 1 << 20;

/// A target with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) title: &'static str,
    pub(super) verdict: Verdict,
}

/// Whether a target is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Reached, by so many measurements.
    Met(usize),
    /// Missed, by these.
    Missed(Vec<String>),
    /// Nothing was measured that it is about.
    Unknown,
}

impl Verdict {
    fn of(measured: usize, missed: Vec<String>) -> Self {
        match (measured, missed.is_empty()) {
            (0, true) => Self::Unknown,
            (_, true) => Self::Met(measured),
            (_, false) => Self::Missed(missed),
        }
    }
}

impl Target {
    fn each(
        title: &'static str,
        rows: &[Row],
        measure: impl Fn(&Row) -> Option<Result<(), String>>,
    ) -> Self {
        let results = rows
            .iter()
            .filter_map(|row| Some((row, measure(row)?)))
            .collect::<Vec<_>>();
        let missed = results.iter().filter_map(|(row, result)| {
            let what = result.as_ref().err()?;
            Some(format!("{}: {what}", row.document))
        });
        let missed = missed.collect();
        Self {
            title,
            verdict: Verdict::of(results.len(), missed),
        }
    }
}

/// Every target, in the order of the requirement.
pub(super) fn targets(rows: &[Row]) -> Vec<Target> {
    let at_most = |number: f64, limit: f64| {
        if number <= limit {
            Ok(())
        } else {
            Err(format!("×{number:.2}"))
        }
    };
    vec![
        Target::each(
            "1. every document generates, without a panic",
            rows,
            |row| {
                Some(match row.generation.outcome {
                    Outcome::Generated => Ok(()),
                    outcome => Err(outcome.as_str().to_owned()),
                })
            },
        ),
        Target::each(
            "1. every crate passes cargo check without a warning",
            rows,
            |row| {
                let check = row.check.as_ref()?;
                Some(if check.passed {
                    Ok(())
                } else {
                    Err(check.message.lines().next().unwrap_or_default().to_owned())
                })
            },
        ),
        share_emitted(rows),
        Target::each(
            "2. each operation that is missing has a diagnostic",
            rows,
            |row| {
                let missing = row.generation.stated.saturating_sub(row.generation.emitted);
                let explained = row.generation.missing_explained();
                Some(if missing <= explained {
                    Ok(())
                } else {
                    Err(format!(
                        "{missing} are missing, {explained} diagnostics say so"
                    ))
                })
            },
        ),
        Target::each(
            "2. as many operations are seen as the corpus counts",
            rows,
            |row| {
                let expected = row.generation.expected?;
                let stated = row.generation.stated;
                Some(if stated == expected {
                    Ok(())
                } else {
                    Err(format!("{stated} instead of {expected}"))
                })
            },
        ),
        Target::each(
            "3. accepted examples go through their types unchanged",
            rows,
            |row| {
                let examples = row.examples.as_ref()?;
                Some(match (&examples.problem, examples.failures.len()) {
                    (Some(problem), _) => Err(problem.clone()),
                    (None, 0) => Ok(()),
                    (None, count) => Err(format!("{count} do not")),
                })
            },
        ),
        Target::each(
            "4. generation takes at most half of the fastest peer's time",
            rows,
            |row| Some(at_most(row.ratios().generation?, PEER_SHARE)),
        ),
        Target::each(
            "4. peak memory is at most 10 times the document (of documents from 1 MiB)",
            rows,
            |row| {
                let peak = row.generation.usage.peak_bytes;
                let is_large = row.bytes >= WEIGHTY && peak > 0;
                let result = if peak <= MEMORY_FACTOR * row.bytes {
                    Ok(())
                } else {
                    let factor = approximate(peak) / approximate(row.bytes);
                    Err(format!("×{factor:.1}"))
                };
                is_large.then_some(result)
            },
        ),
        Target::each(
            "5. cargo check takes at most half of the leanest peer's time",
            rows,
            |row| Some(at_most(row.ratios().check_seconds?, PEER_SHARE)),
        ),
        Target::each(
            "5. cargo check takes at most half of the leanest peer's memory",
            rows,
            |row| Some(at_most(row.ratios().check_memory?, PEER_SHARE)),
        ),
    ]
}

fn share_emitted(rows: &[Row]) -> Target {
    let stated: u64 = rows.iter().map(|row| row.generation.stated).sum();
    let emitted: u64 = rows.iter().map(|row| row.generation.emitted).sum();
    let is_met = approximate(emitted) >= EMITTED_SHARE * approximate(stated);
    let missed = if is_met {
        Vec::new()
    } else {
        vec![format!("{emitted} of {stated}")]
    };
    Target {
        title: "2. at least 99.5 % of operations are emitted",
        verdict: Verdict::of(rows.len(), missed),
    }
}

/// The verdicts as text, with what missed each target.
pub(super) fn render(targets: &[Target]) -> String {
    let mut text = String::new();
    for target in targets {
        let title = target.title;
        // Writing to a string cannot fail.
        let _ = match &target.verdict {
            Verdict::Met(count) => writeln!(text, "met           {title} ({count})"),
            Verdict::Unknown => writeln!(text, "not measured  {title}"),
            Verdict::Missed(missed) => {
                let count = missed.len();
                let head = format!("NOT MET       {title} ({count} missed)");
                writeln!(
                    text,
                    "{head}\n                {}",
                    missed.join("\n                ")
                )
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::report::tests::{good_rows, rows};

    #[test]
    fn targets_name_what_misses_them() {
        let mut lonely = good_rows();
        for row in &mut lonely {
            row.peers.clear();
        }
        let text = [rows(), good_rows(), lonely, Vec::new()].map(|rows| render(&targets(&rows)));
        insta::assert_snapshot!(text.join("\n"));
    }
}
