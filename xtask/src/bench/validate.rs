//! `cargo xtask bench validate`: what `validate-export` costs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::baseline::Method;
use super::figures::{Figure, From, Threads, What};
use super::inputs::{self, Input, Layout, Recipe};
use super::report::{Baseline, Report};
use super::runs::{Case, Taken, in_turns, quickest};
use super::sight;
use crate::build::{build_optimised, target_directory};
use crate::measure::{Meter, Usage};
use crate::table::approximate;

/// The most processor time, as a multiple of that of reading the same file.
const PROCESSOR: [(Part, f64); 3] = [
    (Part::Compact, 1.0),
    (Part::Pretty, 0.8),
    (Part::Broken, 1.5),
];
/// The largest share of one thread's wall time that all cores may take.
const PARALLEL: f64 = 0.6;
/// How much longer processes that share nothing may take at once than one alone on a quiet machine.
const QUIET: f64 = 1.05;
/// The most memory, in MiB.
const MEMORY: f64 = 32.0;
/// The most time from start to exit for a small file, in milliseconds.
const START: f64 = 10.0;
/// How often the small file is checked.
const STARTS: usize = 50;
/// How often the largest file is checked: its figure, a peak, hardly differs.
const LARGEST_RUNS: usize = 3;
/// One of so many elements of the broken file has a mistake.
const BROKEN_OF: u64 = 100;

const MEGABYTE: u64 = 1_000_000;

/// What to measure.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Only these parts.
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    only: Vec<Part>,
    /// How often each is run; the medians are shown.
    #[arg(long, default_value_t = 5)]
    pub(super) runs: usize,
    #[command(flatten)]
    pub(super) size: Size,
    /// Also run other validators, installed below the working folder if they are missing.
    #[arg(long)]
    peers: bool,
    /// Seconds that one program may take.
    #[arg(long, default_value_t = 600)]
    limit: u64,
    /// Write everything that was measured to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A validate-export to use instead of building this checkout's.
    #[arg(long, value_name = "PROGRAM")]
    program: Option<PathBuf>,
}

/// Where the files are and how large they are.
#[derive(Clone, Debug, Args)]
pub(crate) struct Size {
    /// The size of the files that processor time is measured with; the largest is ten times it.
    #[arg(long, value_name = "MB", default_value_t = 100)]
    megabytes: u64,
    /// Where files are written and peers are installed [default: target/bench]
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Part {
    /// Processor time and memory on a valid file without white space.
    Compact,
    /// The same with line breaks and indentation.
    Pretty,
    /// The same without white space, one of a hundred elements being wrong.
    Broken,
    /// Memory on small and very large files, and on a large object.
    Memory,
    /// The time for a file of 4 KB.
    Start,
}

impl Part {
    fn title(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Pretty => "pretty",
            Self::Broken => "1 % broken",
            Self::Memory => "memory",
            Self::Start => "4 KB",
        }
    }

    /// What is written for a part about processor time.
    pub(super) fn recipe(self, bytes: u64) -> Recipe {
        Recipe {
            bytes,
            layout: match self {
                Self::Pretty => Layout::Pretty,
                _ => Layout::Compact,
            },
            broken_of: (self == Self::Broken).then_some(BROKEN_OF),
        }
    }
}

impl Size {
    pub(super) fn bytes(&self) -> u64 {
        self.megabytes.max(1).saturating_mul(MEGABYTE)
    }

    /// The working folder, made if it is missing.
    fn work(&self, root: &Path) -> anyhow::Result<PathBuf> {
        let work = match &self.work {
            Some(work) => work.clone(),
            None => target_directory(root).join("bench"),
        };
        std::fs::create_dir_all(&work)
            .with_context(|| format!("cannot make {}", work.display()))?;
        Ok(work.canonicalize()?)
    }

    fn make(&self, part: Part, work: &Path) -> anyhow::Result<Input> {
        let name = match part {
            Part::Compact => "compact.json",
            Part::Pretty => "pretty.json",
            Part::Broken => "broken.json",
            Part::Memory => "small.json",
            Part::Start => return inputs::make_single(&work.join("single.json"), 4096),
        };
        let bytes = match part {
            Part::Memory => MEGABYTE,
            _ => self.bytes(),
        };
        part.recipe(bytes).make(&work.join(name))
    }
}

/// Writes all files but the largest.
pub(super) fn make_inputs(root: &Path, size: &Size, output: &mut dyn Write) -> anyhow::Result<()> {
    let work = size.work(root)?;
    for part in Part::value_variants() {
        let input = size.make(*part, &work)?;
        let written = input.written;
        writeln!(
            output,
            "{}: {} bytes, {} profiles, {} of them broken",
            input.path.display(),
            written.bytes,
            written.elements,
            written.broken
        )?;
    }
    Ok(())
}

/// Runs the task in the workspace at `root`; whether every target that was measured is met.
pub(super) fn run(
    root: &Path,
    options: &Options,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> anyhow::Result<bool> {
    let work = options.size.work(root)?;
    let program = match &options.program {
        Some(program) => program
            .canonicalize()
            .with_context(|| format!("there is no program {}", program.display()))?,
        None => build_optimised(root, "export-validator", "validate-export")?,
    };
    let help = told(&program, "--help")?;
    let version = told(&program, "--version")?;
    let mut bench = Bench {
        options,
        has_threads: help.contains("--threads"),
        program,
        meter: Meter {
            program: std::env::current_exe()?,
            note: work.join("measured.json"),
            limit: Duration::from_secs(options.limit),
        },
        report: Report::new(version.trim(), options.runs),
        work,
        errors,
    };
    bench.parts()?;
    if options.peers {
        bench.compare(root)?;
    }
    if !bench.has_threads {
        let note = "validate-export has no --threads: one thread is not measured.";
        bench.report.notes.push(note.to_owned());
    }
    let report = bench.report;
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    write!(output, "{}", report.render())?;
    Ok(report.is_met())
}

/// What a program says about itself.
fn told(program: &Path, argument: &str) -> anyhow::Result<String> {
    let output = Command::new(program)
        .arg(argument)
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What measuring needs, and what it has come to.
pub(super) struct Bench<'a> {
    pub(super) options: &'a Options,
    program: PathBuf,
    /// Whether the program can be told how many threads to use.
    has_threads: bool,
    pub(super) work: PathBuf,
    pub(super) meter: Meter,
    pub(super) report: Report,
    pub(super) errors: &'a mut dyn Write,
}

impl Bench<'_> {
    fn parts(&mut self) -> anyhow::Result<()> {
        let only = &self.options.only;
        let is_wanted = |part: &Part| only.is_empty() || only.contains(part);
        let parts = Part::value_variants().iter().copied();
        for part in parts.filter(is_wanted).collect::<Vec<_>>() {
            writeln!(self.errors, "{}", part.title())?;
            match part {
                Part::Compact | Part::Pretty | Part::Broken => self.processor(part)?,
                Part::Memory => self.memory()?,
                Part::Start => self.start()?,
            }
        }
        Ok(())
    }

    /// Processor time, wall time and memory on a large file.
    fn processor(&mut self, part: Part) -> anyhow::Result<()> {
        let input = self.options.size.make(part, &self.work)?;
        let expected = i32::from(input.written.broken > 0);
        let runs = self.options.runs;
        let threads: &[Threads] = if self.has_threads {
            &[Threads::One, Threads::Default]
        } else {
            &[Threads::Default]
        };
        let mut cases = Vec::new();
        for from in From::ALL {
            cases.extend(Method::ALL.map(|method| self.baseline(method, &input.path, from)));
            cases.extend(threads.iter().map(|threads| Case {
                expected,
                ..self.ours(&input.path, from, *threads)
            }));
        }
        if self.has_threads {
            cases.push(Case {
                expected,
                at_once: self.report.cores,
                ..self.ours(&input.path, From::File, Threads::One)
            });
        }
        let mut taken = in_turns(&self.meter, &cases, runs)?;
        let crowd = self.has_threads.then(|| taken.pop()).flatten();
        let name = part.title();
        for (from, taken) in From::ALL.into_iter().zip(taken.chunks(2 + threads.len())) {
            let (baselines, ours) = taken.split_at(2);
            let reading = self.add_baselines(name, &input, from, baselines)?;
            let mut add = |what, threads, value, limit, taken: &Taken| {
                let value = taken.problem.is_none().then_some(value);
                self.report.figures.push(Figure {
                    what,
                    input: name.to_owned(),
                    from,
                    threads,
                    value,
                    limit,
                    taken: taken.clone(),
                });
            };
            let limits = PROCESSOR.iter().find(|(of, _)| *of == part);
            for (threads, taken) in threads.iter().zip(ours) {
                let ratio = taken.median.processor_seconds / reading;
                let limit = limits.map(|(_, limit)| *limit);
                add(What::Processor, *threads, ratio, limit, taken);
                let peak = mebibytes(taken.median);
                add(What::Memory, *threads, peak, Some(MEMORY), taken);
            }
            if let [one, all] = ours {
                let share = all.median.seconds / one.median.seconds;
                // Who fills the pipe takes a core away.
                let limit = (from == From::File).then_some(PARALLEL);
                add(What::Parallel, Threads::Default, share, limit, all);
                if let Some(crowd) = crowd.as_ref().filter(|_| from == From::File) {
                    let multiple = crowd.median.seconds / one.median.seconds;
                    add(What::Crowded, Threads::One, multiple, None, crowd);
                    if crowd.problem.is_none() && multiple > QUIET {
                        self.report.notes.push(format!(
                            "{name}: the machine was not quiet, or its cores are not whole ones: \
                             processes that share nothing took {multiple:.2} times as long at once \
                             as one alone. Wall times with all cores say little."
                        ));
                    }
                }
            }
        }
        self.add_input(name, &input)
    }

    /// Notes a file, and whether its mistakes are found and no others.
    fn add_input(&mut self, name: &str, input: &Input) -> anyhow::Result<()> {
        self.report.add_input(name, input);
        if let Some(mistake) = sight::mistake(&self.program, input)? {
            self.report.mistakes.push(format!("{name}: {mistake}"));
        }
        Ok(())
    }

    /// Notes what reading a file cost; the processor time of the quickest way.
    pub(super) fn add_baselines(
        &mut self,
        name: &str,
        input: &Input,
        from: From,
        taken: &[Taken],
    ) -> anyhow::Result<f64> {
        if let Some(problem) = taken.iter().find_map(|taken| taken.problem.as_ref()) {
            bail!("{} cannot be read: {problem}", input.path.display());
        }
        let quickest = quickest(taken);
        for (method, taken) in Method::ALL.into_iter().zip(taken) {
            self.report.baselines.push(Baseline {
                input: name.to_owned(),
                from,
                method,
                bytes: input.written.bytes,
                is_measure: taken.median.processor_seconds <= quickest,
                taken: taken.clone(),
            });
        }
        Ok(quickest)
    }

    /// Memory on a small and on a very large file, and on a file that is one large object.
    fn memory(&mut self) -> anyhow::Result<()> {
        let small = self.options.size.make(Part::Memory, &self.work)?;
        let name = megabytes(small.written.bytes);
        self.peaks(&name, &small, self.options.runs)?;
        self.add_input(&name, &small)?;
        let object =
            inputs::make_object(&self.work.join("object.json"), self.options.size.bytes())?;
        let name = format!("one object of {}", megabytes(object.written.bytes));
        self.peaks(&name, &object, self.options.runs)?;
        self.add_input(&name, &object)?;
        let recipe = Part::Compact.recipe(self.options.size.bytes().saturating_mul(10));
        // As much again stays free for others.
        let needed = recipe.bytes.saturating_mul(2);
        if let Some(free) = free_space(&self.work).filter(|free| *free < needed) {
            let note = format!(
                "{}: not measured, only {} are free in {}",
                megabytes(recipe.bytes),
                megabytes(free),
                self.work.display()
            );
            self.report.notes.push(note);
            return Ok(());
        }
        let path = self.work.join("largest.json");
        let largest = recipe.make(&path);
        let measured = largest.and_then(|largest| {
            let name = megabytes(largest.written.bytes);
            self.peaks(&name, &largest, self.options.runs.min(LARGEST_RUNS))?;
            self.add_input(&name, &largest)?;
            Ok(())
        });
        let removed = std::fs::remove_file(&path);
        measured?;
        removed.with_context(|| format!("cannot remove {}", path.display()))
    }

    fn peaks(&mut self, name: &str, input: &Input, runs: usize) -> anyhow::Result<()> {
        let cases = From::ALL.map(|from| self.ours(&input.path, from, Threads::Default));
        let taken = in_turns(&self.meter, &cases, runs)?;
        for (from, taken) in From::ALL.into_iter().zip(taken) {
            let peak = mebibytes(taken.median);
            self.report.figures.push(Figure {
                what: What::Memory,
                input: name.to_owned(),
                from,
                threads: Threads::Default,
                value: taken.problem.is_none().then_some(peak),
                limit: Some(MEMORY),
                taken,
            });
        }
        Ok(())
    }

    /// The time for a small file.
    fn start(&mut self) -> anyhow::Result<()> {
        let input = self.options.size.make(Part::Start, &self.work)?;
        let case = self.ours(&input.path, From::File, Threads::Default);
        for taken in in_turns(&self.meter, &[case], STARTS)? {
            let milliseconds = taken.median.seconds * 1000.0;
            self.report.figures.push(Figure {
                what: What::Start,
                input: Part::Start.title().to_owned(),
                from: From::File,
                threads: Threads::Default,
                value: taken.problem.is_none().then_some(milliseconds),
                limit: Some(START),
                taken,
            });
        }
        self.add_input(Part::Start.title(), &input)
    }

    /// Reading a file.
    pub(super) fn baseline<'a>(&self, method: Method, path: &'a Path, from: From) -> Case<'a> {
        let mut command = Command::new(&self.meter.program);
        let value = method.to_possible_value();
        command.args(["bench", "read-ignored", "--method"]);
        command.args(value.iter().map(clap::builder::PossibleValue::get_name));
        Case {
            input: add_file(&mut command, path, from),
            command,
            expected: 0,
            at_once: 1,
        }
    }

    /// Checking a valid file.
    pub(super) fn ours<'a>(&self, path: &'a Path, from: From, threads: Threads) -> Case<'a> {
        let mut command = Command::new(&self.program);
        if threads == Threads::One {
            command.args(["--threads", "1"]);
        }
        Case {
            input: add_file(&mut command, path, from),
            command,
            expected: 0,
            at_once: 1,
        }
    }
}

/// Adds the file to a command that takes `-` for the standard input; what it reads from a pipe.
fn add_file<'a>(command: &mut Command, path: &'a Path, from: From) -> Option<&'a Path> {
    match from {
        From::File => {
            command.arg(path);
            None
        }
        From::Pipe => {
            command.arg("-");
            Some(path)
        }
    }
}

/// A size as a word.
fn megabytes(bytes: u64) -> String {
    match (bytes + MEGABYTE / 2) / MEGABYTE {
        megabytes @ 0..1000 => format!("{megabytes} MB"),
        megabytes => format!("{} GB", megabytes / 1000),
    }
}

fn mebibytes(usage: Usage) -> f64 {
    approximate(usage.peak_bytes) / f64::from(1 << 20)
}

/// A number that is of another type on other systems.
#[cfg(unix)]
fn wide(number: impl Into<u64>) -> u64 {
    number.into()
}

/// Bytes that are free where a folder is, if the system tells.
#[cfg(unix)]
fn free_space(directory: &Path) -> Option<u64> {
    let space = nix::sys::statvfs::statvfs(directory).ok()?;
    Some(wide(space.blocks_available()).saturating_mul(wide(space.fragment_size())))
}

#[cfg(not(unix))]
fn free_space(_directory: &Path) -> Option<u64> {
    None
}
