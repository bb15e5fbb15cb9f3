//! Files to findings to a renderer.

use std::{
    io::{self, Read, Write},
    path::Path,
};

use super::{
    Outcome, Streams,
    arguments::{Arguments, Format, is_input},
};
use crate::{
    Options, Policy, Severity, Validator,
    render::{Renderer, Run, Totals, human::Human, json::Json, shown_name},
};

/// A run over all files that the command line names.
pub(super) struct Session<'a> {
    arguments: &'a Arguments,
    colours: bool,
    policy: Policy,
    totals: Totals,
}

impl<'a> Session<'a> {
    pub(super) fn new(arguments: &'a Arguments, output_is_terminal: bool) -> Self {
        Self {
            arguments,
            colours: output_is_terminal,
            policy: Policy::default(),
            totals: Totals::default(),
        }
    }

    /// Checks all files; fails where the report cannot be written, and goes on checking then.
    pub(super) fn run(&mut self, streams: &mut Streams<'_>) -> io::Result<()> {
        let Streams {
            input,
            output,
            errors,
            ..
        } = streams;
        let validator = Validator::new(self.arguments.edition);
        let checked_against = format!("edition {}", self.arguments.edition);
        let renderer: Box<dyn Renderer + '_> = match self.arguments.format {
            Format::Human => Box::new(Human::new(&mut **output, self.colours)),
            Format::Json => Box::new(Json::new(&mut **output)),
        };
        let mut report = Writing {
            renderer,
            written: Ok(()),
        };
        report.write(|renderer| {
            renderer.begin(&Run {
                checked_against: &checked_against,
                policy: &self.policy,
                fail_on: Severity::Error,
            })
        });
        let options = Options {
            policy: self.policy.clone(),
            ..Options::default()
        };
        for path in &self.arguments.files {
            let name = path.to_string_lossy();
            report.write(|renderer| renderer.begin_file(&name));
            let outcome = open(path, *input).and_then(|reader| {
                validator.check(reader, &options, |finding| {
                    report.write(|renderer| renderer.finding(&name, &finding));
                })
            });
            let outcome = outcome.map_err(|error| error.to_string());
            let outcome = outcome.as_ref().map_err(String::as_str);
            self.totals.add(outcome);
            report.write(|renderer| renderer.end_file(&name, outcome));
            if let Err(reason) = outcome {
                // Where both end on one screen, they should stand in the order of the files.
                report.write(Renderer::flush);
                let name = shown_name(&name);
                // Where this cannot be written, the report and the exit status still tell.
                let _ = writeln!(errors, "{name}: error: cannot read the file: {reason}");
            }
        }
        report.write(|renderer| renderer.finish(&self.totals));
        report.write(Renderer::flush);
        report.written
    }

    /// What the run came to.
    pub(super) fn outcome(&self) -> Outcome {
        match self.totals {
            Totals {
                unreadable: 1.., ..
            } => Outcome::CouldNotRun,
            totals if totals.counts.errors > 0 => Outcome::Invalid,
            _ => Outcome::Valid,
        }
    }
}

/// A renderer whose reader may go away: the files after that still count for the exit status.
struct Writing<'a> {
    renderer: Box<dyn Renderer + 'a>,
    written: io::Result<()>,
}

impl<'a> Writing<'a> {
    fn write(&mut self, write: impl FnOnce(&mut (dyn Renderer + 'a)) -> io::Result<()>) {
        if self.written.is_ok() {
            self.written = write(self.renderer.as_mut());
        }
    }
}

#[expect(
    clippy::disallowed_types,
    reason = "the program reads files; the core does not"
)]
fn open<'a>(
    path: &Path,
    input: &'a mut (dyn Read + Send),
) -> io::Result<Box<dyn Read + Send + 'a>> {
    if is_input(path) {
        return Ok(Box::new(input));
    }
    Ok(Box::new(std::fs::File::open(path)?))
}
