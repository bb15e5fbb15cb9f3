//! The `validate-export` program, with its streams given from outside.

use std::{
    ffi::OsString,
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{
    CommandFactory, Parser, ValueEnum, builder::PossibleValue, error::ErrorKind as UsageErrorKind,
};

use crate::{
    Edition, Validator,
    render::{Checked, Summary, human, json},
};

/// What a run of the program came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every file is valid; there may be warnings. Exit status 0.
    Valid,
    /// Errors were found. Exit status 1.
    Invalid,
    /// The command line is wrong, or a file could not be read. Exit status 2.
    CouldNotRun,
}

impl Outcome {
    /// The exit status.
    pub const fn code(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::CouldNotRun => 2,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        outcome.code().into()
    }
}

/// Check identity profile exports before they are imported
///
/// Reads what GET /identity-profiles/export returns, sp-config backups, single exported objects and
/// newline-delimited JSON. Exits with 0 if every file is valid, 1 if errors were found, and 2 if a
/// file could not be read.
#[derive(Debug, Parser)]
#[command(name = "validate-export", version)]
struct Arguments {
    /// Files to check; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Edition of the API whose schemas count
    #[arg(long, value_enum, default_value_t)]
    edition: Edition,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Arguments {
    fn parse_and_check(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let arguments = Self::try_parse_from(arguments)?;
        let of_input = arguments.files.iter().filter(|path| is_input(path));
        if of_input.count() > 1 {
            return Err(Self::command().error(
                UsageErrorKind::ArgumentConflict,
                "the standard input can be read only once: give \"-\" at most once",
            ));
        }
        Ok(arguments)
    }
}

/// Whether a file's name means the standard input.
fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// Text with code frames
    #[default]
    Human,
    /// One JSON document
    Json,
}

impl ValueEnum for Edition {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Runs the program; `arguments` begin with the program's name.
///
/// A reader that closes its end of `output` early ends the writing and is no error.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    input: &mut dyn Read,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Outcome {
    let arguments = match Arguments::parse_and_check(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, output, errors),
    };
    let mut summary = Summary::default();
    let written = check_files(&arguments, input, output, errors, &mut summary);
    match written.and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            // Where this cannot be written either, the exit status still tells.
            let _ = writeln!(errors, "error: cannot write the report: {error}");
            return Outcome::CouldNotRun;
        }
    }
    match summary {
        Summary {
            unreadable: 1.., ..
        } => Outcome::CouldNotRun,
        Summary { errors: 1.., .. } => Outcome::Invalid,
        _ => Outcome::Valid,
    }
}

/// Shows the help or version that was asked for, or what is wrong with the command line.
fn usage(error: &clap::Error, output: &mut dyn Write, errors: &mut dyn Write) -> Outcome {
    let asked_for = matches!(
        error.kind(),
        UsageErrorKind::DisplayHelp | UsageErrorKind::DisplayVersion
    );
    let text = error.render();
    // Where the text cannot be written, the exit status still tells.
    if asked_for {
        let _ = write!(output, "{text}");
        Outcome::Valid
    } else {
        let _ = write!(errors, "{text}");
        Outcome::CouldNotRun
    }
}

fn check_files(
    arguments: &Arguments,
    input: &mut dyn Read,
    output: &mut dyn Write,
    errors: &mut dyn Write,
    summary: &mut Summary,
) -> io::Result<()> {
    let validator = Validator::new(arguments.edition);
    let mut all = Vec::new();
    let mut written = Ok(());
    for path in &arguments.files {
        let outcome = read(path, input)
            .map(|bytes| validator.validate(&bytes))
            .map_err(|error| error.to_string());
        let checked = Checked {
            path: path.to_string_lossy().into_owned(),
            outcome,
        };
        summary.add(&checked);
        match arguments.format {
            // The files after one whose report nobody reads still count for the exit status.
            Format::Human => {
                written = written.and_then(|()| write_for_people(output, errors, &checked));
            }
            Format::Json => all.push(checked),
        }
    }
    written?;
    match arguments.format {
        Format::Human => human::write_summary(output, *summary),
        Format::Json => json::write(output, &all, *summary),
    }
}

/// Writes what came of a file: findings to `output`, why it could not be read to `errors`.
fn write_for_people(
    output: &mut dyn Write,
    errors: &mut dyn Write,
    checked: &Checked,
) -> io::Result<()> {
    if checked.outcome.is_ok() {
        return human::write_file(output, checked);
    }
    // Where both end on one screen, they should stand in the order of the files.
    let flushed = output.flush();
    // Where this cannot be written, the summary and the exit status still tell.
    let _ = human::write_file(errors, checked);
    flushed
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program reads files; the core does not"
)]
fn read(path: &Path, input: &mut dyn Read) -> io::Result<Vec<u8>> {
    if is_input(path) {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(path)
}
