//! Files to findings to a report.

use std::{
    io::{self, ErrorKind, Read, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use super::{
    Outcome, Stop, Streams,
    against::{Against, against},
    arguments::{Arguments, Format, IgnoreOptions, Parsed},
    config::nearest_file,
    ignore::{self, Ignore},
    listing::{Listing, Rules},
    output::{self, is_output, is_same_file, replace_file, wants_colours},
};
use crate::{
    Finding, Options, Policy, Severity, Summary,
    input::{self, Input, InputError, InputErrorKind, Limits, Progress, Source, Visited},
    render::{
        Renderer, Run, Totals, count, github::GitHub, html::Html, human::Human, json::Json,
        junit::JUnit, sarif::Sarif, shown_name,
    },
};

/// Checks all files and writes the report.
pub(super) fn run(parsed: &Parsed, streams: &mut Streams<'_>) -> Result<Outcome, Stop> {
    let Parsed {
        arguments, policy, ..
    } = parsed;
    let options = &arguments.report;
    let Streams {
        input,
        output,
        errors,
        output_is_terminal,
        errors_is_terminal,
        columns,
    } = streams;
    let against = against(arguments, *errors)?;
    let mask = options.mask.then(|| against.validator.mask());
    let (mut ignore, ignore_file) = known(&arguments.ignore)?;
    let mut sources = input::expand(&arguments.files);
    if let Some(path) = &options.output {
        keep_apart(&mut sources, path)?;
    }
    let progress = if *errors_is_terminal && !options.quiet {
        Progress::on_terminal(sources.iter().flatten())
    } else {
        Progress::hidden()
    };
    let mut session = Session {
        arguments,
        against,
        options: engine_options(arguments, policy, &ignore),
        rules: Rules {
            policy,
            max_findings: options.max_findings,
            mask: mask.as_ref(),
        },
        ignore: &mut ignore,
        totals: Totals::default(),
        progress,
        writes_to_terminal: false,
        columns: None,
    };
    let written = match &options.output {
        Some(path) if !is_output(path) => {
            let colours = wants_colours(options.color, false);
            let written = replace_file(path, |file| {
                session.run(sources, *input, file, colours, *errors)
            });
            written.map_err(|error| {
                let name = path.display();
                format!("error: cannot write the report to {name}: {error}\n")
            })
        }
        _ if options.quiet => session
            .run(sources, *input, &mut io::sink(), false, *errors)
            .map_err(|error| error.to_string()),
        _ => {
            let colours = wants_colours(options.color, *output_is_terminal);
            session.writes_to_terminal = *output_is_terminal;
            session.columns = columns.filter(|_| *output_is_terminal);
            match session.run(sources, *input, *output, colours, *errors) {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                    Err(format!("error: cannot write the report: {error}\n"))
                }
                _ => Ok(()),
            }
        }
    };
    written?;
    let totals = session.totals;
    if let Some(path) = ignore_file {
        write_ignore_file(&path, &ignore, totals)?;
    }
    Ok(outcome(totals, arguments.severities.fail_on))
}

/// Leaves the file that the report is to be written to out of the files of folders.
///
/// # Errors
///
/// If an argument names it, as it would be lost.
fn keep_apart(sources: &mut Vec<Result<Source, InputError>>, output: &Path) -> Result<(), String> {
    let is_output = |source: &Source| !source.is_stdin() && is_same_file(source.path(), output);
    let named = sources
        .iter()
        .flatten()
        .find(|source| source.is_named() && is_output(source));
    if let Some(source) = named {
        let name = source.path().display();
        return Err(format!(
            "error: the report would take the place of {name}, which is to be checked: give --output \
             another file\n"
        ));
    }
    sources.retain(|source| !source.as_ref().is_ok_and(is_output));
    Ok(())
}

/// What the options are for the engine.
fn engine_options(arguments: &Arguments, policy: &Policy, ignore: &Ignore) -> Options {
    let max_findings = arguments.report.max_findings;
    Options {
        policy: policy.clone(),
        max_depth: arguments.checks.max_depth,
        // What is ignored leaves room for what is not.
        max_findings_per_code: (max_findings > 0 && ignore.is_empty()).then_some(max_findings),
        threads: arguments.checks.threads.map_or(0, NonZeroUsize::get),
        spread_threads: true,
        shape: arguments.checks.shape,
        ..Options::default()
    }
}

/// What a run came to.
fn outcome(totals: Totals, fail_on: Severity) -> Outcome {
    if totals.unreadable > 0 {
        Outcome::CouldNotRun
    } else if totals.counts.at_least(fail_on) > 0 {
        Outcome::Invalid
    } else {
        Outcome::Valid
    }
}

/// The findings that are not to be reported, and the file that they are to be written to.
fn known(options: &IgnoreOptions) -> Result<(Ignore, Option<PathBuf>), String> {
    let found = options.ignore_file.clone();
    let found = found.or_else(|| nearest_file(ignore::NAME));
    match (&options.write_ignore, found) {
        (Some(path), found) => {
            let path = path
                .clone()
                .or(found)
                .unwrap_or_else(|| ignore::NAME.into());
            Ok((Ignore::to_be_written(), Some(path)))
        }
        (None, Some(path)) if !options.no_ignore => Ok((Ignore::read(&path)?, None)),
        _ => Ok((Ignore::nothing(), None)),
    }
}

fn write_ignore_file(path: &Path, ignore: &Ignore, totals: Totals) -> Result<(), String> {
    let name = path.display();
    if totals.unreadable > 0 {
        return Err(format!(
            "error: {name} is not written: the findings of files that cannot be read are unknown\n"
        ));
    }
    ignore
        .write(path)
        .map_err(|error| format!("error: cannot write the ignore file {name}: {error}\n"))
}

/// A run over all files that the command line names.
struct Session<'a> {
    arguments: &'a Arguments,
    against: Against,
    options: Options,
    rules: Rules<'a>,
    ignore: &'a mut Ignore,
    totals: Totals,
    progress: Progress,
    /// Whether the report goes to where the progress is shown.
    writes_to_terminal: bool,
    /// How wide the terminal is that the report is shown on.
    columns: Option<usize>,
}

impl Session<'_> {
    /// Checks all files; fails where the report cannot be written, and goes on checking then.
    fn run(
        &mut self,
        sources: Vec<Result<Source, InputError>>,
        stdin: &mut (dyn Read + Send),
        output: &mut dyn Write,
        colours: bool,
        errors: &mut dyn Write,
    ) -> io::Result<()> {
        let time = output::time();
        let renderer: Box<dyn Renderer + '_> = match self.arguments.report.format {
            Format::Human => {
                let human = Human::new(output, colours);
                Box::new(match self.columns {
                    Some(columns) => human.for_columns(columns),
                    None => human,
                })
            }
            Format::Json => Box::new(Json::new(output)),
            Format::Sarif => Box::new(Sarif::new(output)),
            Format::Github => Box::new(GitHub::new(output)),
            Format::Junit => Box::new(JUnit::new(output)),
            Format::Html => Box::new(Html::new(output)),
        };
        let mut report = Writing {
            renderer,
            written: Ok(()),
            beside: self.writes_to_terminal.then(|| self.progress.clone()),
        };
        report.write(|renderer| {
            renderer.begin(&Run {
                checked_against: &self.against.name,
                policy: self.rules.policy,
                fail_on: self.arguments.severities.fail_on,
                time: Some(&time),
            })
        });
        let limits = Limits {
            unpacked: self.arguments.checks.max_unpacked,
            ..Limits::default()
        };
        let progress = self.progress.clone();
        input::visit(sources, &limits, &progress, stdin, |visited| {
            self.take(visited, &limits, &mut report, errors);
        });
        progress.finish();
        report.write(|renderer| renderer.finish(&self.totals));
        report.write(Renderer::flush);
        report.written
    }

    /// Checks an input, or says why it cannot be.
    fn take(
        &mut self,
        visited: Visited<'_>,
        limits: &Limits,
        report: &mut Writing<'_>,
        errors: &mut dyn Write,
    ) {
        match visited {
            Visited::Input(input) => {
                let name = input.name.clone();
                report.write(|renderer| renderer.begin_file(&name));
                let checked = self.check(input, limits, report);
                let outcome = checked.map_err(|error| error.to_string());
                let outcome = outcome.as_ref().map_err(String::as_str);
                self.end_file(&name, outcome, report);
                if let Err(reason) = outcome {
                    let text = format!("error: cannot read the file to its end: {reason}");
                    self.say(&name, &text, report, errors);
                }
            }
            Visited::Unreadable(InputError { name, kind }) => {
                let reason = kind.to_string();
                report.write(|renderer| renderer.begin_file(&name));
                self.end_file(&name, Err(&reason), report);
                let text = match kind {
                    InputErrorKind::Io(_) => format!("error: cannot read the file: {reason}"),
                    _ => format!("error: {reason}"),
                };
                self.say(&name, &text, report, errors);
            }
            Visited::LeftAlone { archive, files } => {
                let options = &self.arguments.report;
                if options.format == Format::Human && !options.quiet {
                    let files = count(files, "other file");
                    let text = format!("note: {files} of the archive left alone");
                    self.say(&archive, &text, report, errors);
                }
            }
        }
    }

    /// Checks an input and lists its findings.
    fn check(
        &mut self,
        input: Input<'_>,
        limits: &Limits,
        report: &mut Writing<'_>,
    ) -> io::Result<Summary> {
        let name = input.name.clone();
        let mut listing = Listing::new(&self.rules, &name);
        let against = &self.against;
        let on_finding = |finding: Finding| {
            if let Some(finding) = listing.take(finding, self.ignore) {
                let finding = (against.placed)(finding);
                report.write(|renderer| renderer.finding(&name, &finding));
            }
        };
        let summary = input::check(&against.validator, input, limits, &self.options, on_finding)?;
        Ok(listing.summary(summary))
    }

    /// Ends a file in the report.
    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>, report: &mut Writing<'_>) {
        self.totals.add(outcome);
        report.write(|renderer| renderer.end_file(name, outcome));
    }

    /// Says of a file what is not in the report.
    fn say(&self, name: &str, text: &str, report: &mut Writing<'_>, errors: &mut dyn Write) {
        // Where both end on one screen, they should stand in the order of the files.
        report.write(Renderer::flush);
        let name = shown_name(name);
        // Where this cannot be written, the report and the exit status still tell.
        let _ = self.progress.suspend(|| writeln!(errors, "{name}: {text}"));
    }
}

/// A renderer whose reader may go away: the files after that still count for the exit status.
struct Writing<'a> {
    renderer: Box<dyn Renderer + 'a>,
    written: io::Result<()>,
    /// The progress that is shown where the report goes.
    beside: Option<Progress>,
}

impl<'a> Writing<'a> {
    fn write(&mut self, write: impl FnOnce(&mut (dyn Renderer + 'a)) -> io::Result<()>) {
        if self.written.is_ok() {
            let write = || write(self.renderer.as_mut());
            self.written = match &self.beside {
                Some(progress) => progress.suspend(write),
                None => write(),
            };
        }
    }
}
