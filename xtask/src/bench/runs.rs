//! Programs measured in turns, so that what else the machine does meets all of them alike.

use std::iter;
use std::panic::resume_unwind;
use std::path::Path;
use std::process::Command;
use std::thread;

use serde::Serialize;

use crate::measure::{End, Measured, Meter, Usage};

/// A command to measure.
pub(super) struct Case<'a> {
    pub(super) command: Command,
    /// A file that it reads from a pipe.
    pub(super) input: Option<&'a Path>,
    /// The exit status that says that it did its work.
    pub(super) expected: i32,
    /// How many of it run at once; of these the longest time and the largest memory count.
    pub(super) at_once: usize,
}

impl Case<'_> {
    /// Runs it, all that run at once.
    fn measure(&self, meter: &Meter) -> anyhow::Result<(Usage, Option<String>)> {
        let measure = |number: usize| {
            let mut meter = meter.clone();
            meter.note.add_extension(number.to_string());
            let measured = meter.measure_fed(&self.command, self.input)?;
            std::fs::remove_file(&meter.note)?;
            Ok((measured.usage, failure(&measured, self.expected)))
        };
        let all: Vec<anyhow::Result<(Usage, Option<String>)>> = thread::scope(|scope| {
            let others: Vec<_> = (1..self.at_once)
                .map(|number| scope.spawn(move || measure(number)))
                .collect();
            let first = measure(0);
            let others = others.into_iter().map(|other| match other.join() {
                Ok(measured) => measured,
                Err(panic) => resume_unwind(panic),
            });
            iter::once(first).chain(others).collect()
        });
        let mut together = (Usage::default(), None);
        for measured in all {
            let (usage, problem) = measured?;
            together.0 = together.0.and(usage);
            together.1 = together.1.or(problem);
        }
        Ok(together)
    }
}

/// What measuring a command came to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Taken {
    /// The median of each number by itself.
    pub(super) median: Usage,
    pub(super) runs: Vec<Usage>,
    /// Why the figures mean nothing, if so.
    pub(super) problem: Option<String>,
}

/// Runs each command so many times, in turns; one that fails is not run again.
pub(super) fn in_turns(
    meter: &Meter,
    cases: &[Case<'_>],
    times: usize,
) -> anyhow::Result<Vec<Taken>> {
    let mut runs = vec![Vec::new(); cases.len()];
    let mut problems = vec![None; cases.len()];
    for _ in 0..times.max(1) {
        for ((case, runs), problem) in cases.iter().zip(&mut runs).zip(&mut problems) {
            if problem.is_some() {
                continue;
            }
            let (usage, failed) = case.measure(meter)?;
            runs.push(usage);
            *problem = failed;
        }
    }
    let taken = |(runs, problem): (Vec<Usage>, Option<String>)| Taken {
        median: Usage::median(&runs),
        runs,
        problem,
    };
    Ok(runs.into_iter().zip(problems).map(taken).collect())
}

/// The least processor time.
pub(super) fn quickest(taken: &[Taken]) -> f64 {
    let seconds = taken.iter().map(|taken| taken.median.processor_seconds);
    seconds.fold(f64::INFINITY, f64::min)
}

/// What is wrong with a run that should have ended with this status.
pub(super) fn failure(measured: &Measured, expected: i32) -> Option<String> {
    let end = match measured.end {
        End::Exited(code) if code == expected => return None,
        End::Exited(code) => format!("exit status {code} instead of {expected}"),
        End::Killed => "it was killed".to_owned(),
        End::TimedOut => "it took too long".to_owned(),
    };
    let said = [&measured.errors, &measured.output]
        .into_iter()
        .find_map(|text| text.lines().find(|line| !line.trim().is_empty()));
    Some(match said {
        Some(line) => format!("{end}: {}", line.trim()),
        None => end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_counts_if_it_ended_as_it_should() {
        let check = |end: End, errors: &str, expected: Option<&str>| {
            let measured = Measured {
                end,
                usage: Usage::default(),
                output: "said\n".to_owned(),
                errors: errors.to_owned(),
            };
            assert_eq!(failure(&measured, 1).as_deref(), expected);
        };
        check(End::Exited(1), "", None);
        check(
            End::Exited(2),
            "\n no such file\nreally\n",
            Some("exit status 2 instead of 1: no such file"),
        );
        check(End::Killed, "", Some("it was killed: said"));
        check(End::TimedOut, "", Some("it took too long: said"));
    }
}
