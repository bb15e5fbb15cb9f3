//! The `validate-export` program, with its streams given from outside.
//!
//! ```text
//! arguments  what the command line may say
//! config     the same from validate-export.toml
//! about      what the program says of itself
//! against    the edition or the schema that files are checked against
//! document   the schema of an OpenAPI document
//! run        files → findings → renderer, and what the run came to
//! listing    which findings are listed, and how bad they are
//! ignore     those that are known
//! output     where the report goes
//! ```

mod about;
mod against;
mod arguments;
mod config;
#[cfg(feature = "spec")]
mod document;
mod ignore;
mod listing;
mod output;
mod run;

use std::{
    ffi::OsString,
    io::{self, ErrorKind, Read, Write},
    process::ExitCode,
};

use clap::{ColorChoice, error::ErrorKind as UsageErrorKind};

use arguments::Parsed;

/// What a run of the program came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was found that is as bad as `--fail-on` says. Exit status 0.
    Valid,
    /// Something was. Exit status 1.
    Invalid,
    /// The command line or the configuration is wrong, or a file could not be read. Exit status 2.
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

/// What the program reads from and writes to.
pub struct Streams<'a> {
    /// The standard input, read where a file is called `-`.
    pub input: &'a mut (dyn Read + Send),
    /// Where the report goes.
    pub output: &'a mut dyn Write,
    /// Where everything else goes.
    pub errors: &'a mut dyn Write,
    /// Whether a person looks at the output.
    pub output_is_terminal: bool,
    /// Whether a person looks at the errors.
    pub errors_is_terminal: bool,
    /// How wide the terminal is that shows the output, in columns; none if that is not known.
    pub columns: Option<usize>,
}

impl<'a> Streams<'a> {
    /// Streams that no person looks at.
    pub fn piped(
        input: &'a mut (dyn Read + Send),
        output: &'a mut dyn Write,
        errors: &'a mut dyn Write,
    ) -> Self {
        Self {
            input,
            output,
            errors,
            output_is_terminal: false,
            errors_is_terminal: false,
            columns: None,
        }
    }
}

/// How wide the terminal is that shows the standard output, in columns; none if there is none.
pub fn terminal_columns() -> Option<usize> {
    let (_, columns) = console::Term::stdout().size_checked()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// The standard input. On Linux, a pipe may hold a mebibyte from now on: whoever writes to it need not
/// wait while a part of it is checked.
pub fn standard_input() -> io::Stdin {
    let input = io::stdin();
    #[cfg(target_os = "linux")]
    {
        // What is no pipe, or may not be so long, stays as it is.
        let _ = rustix::pipe::fcntl_setpipe_size(&input, LONGEST_PIPE);
    }
    input
}

/// As many bytes as systems let a pipe hold for anybody.
#[cfg(target_os = "linux")]
const LONGEST_PIPE: usize = 1 << 20;

/// Runs the program; `arguments` begin with the program's name.
///
/// A reader that closes its end of the output early ends the writing and is no error.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    streams: &mut Streams<'_>,
) -> Outcome {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    match try_run(&arguments, streams) {
        Ok(outcome) => outcome,
        Err(Stop::Usage(error)) => usage(&error, streams),
        Err(Stop::Said(text)) => {
            // Where the text cannot be written, the exit status still tells.
            let _ = streams.errors.write_all(text.as_bytes());
            Outcome::CouldNotRun
        }
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Outcome::Valid,
        Err(Stop::Output(error)) => {
            let _ = writeln!(streams.errors, "error: cannot write the output: {error}");
            Outcome::CouldNotRun
        }
    }
}

/// Why the program does not get to its work, or not to the end of it.
enum Stop {
    /// The command line is wrong, or asks for help.
    Usage(clap::Error),
    /// What is to be said about it.
    Said(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<String> for Stop {
    fn from(text: String) -> Self {
        Self::Said(text)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn try_run(arguments: &[OsString], streams: &mut Streams<'_>) -> Result<Outcome, Stop> {
    let parsed = Parsed::parse(arguments)?;
    if let Some(command) = &parsed.arguments.command {
        about::other(command, streams.output)?;
        streams.output.flush()?;
        return Ok(Outcome::Valid);
    }
    let format = parsed.arguments.report.format;
    if about::answer(&parsed.arguments.about, format, streams.output)? {
        streams.output.flush()?;
        return Ok(Outcome::Valid);
    }
    let parsed = with_config(arguments, parsed)?;
    run::run(&parsed, streams)
}

/// Adds what the configuration file says, before the arguments: the last of two counts, and what does
/// not go with the arguments is left out.
fn with_config(arguments: &[OsString], parsed: Parsed) -> Result<Parsed, Stop> {
    let options = &parsed.arguments.config;
    let path = match &options.config {
        Some(path) => path.clone(),
        None if options.no_config => return Ok(parsed),
        None => match config::nearest_file(config::NAME) {
            Some(path) => path,
            None => return Ok(parsed),
        },
    };
    let mut configured = config::read(&path)?;
    parsed.outrank(&mut configured);
    let configured: Vec<OsString> = configured
        .into_iter()
        .map(|(_, argument)| argument)
        .collect();
    let mut policy = Parsed::parse(&config::alone(&configured))?.policy;
    let (program, arguments) = arguments.split_at(arguments.len().min(1));
    let mut both = Parsed::parse(&[program, &configured, arguments].concat())?;
    policy.overlay(&parsed.policy, both.policy.is_strict());
    both.policy = policy;
    Ok(both)
}

/// Shows the help or version that was asked for, or what is wrong with the command line.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> Outcome {
    let asked_for = matches!(
        error.kind(),
        UsageErrorKind::DisplayHelp | UsageErrorKind::DisplayVersion
    );
    let is_terminal = if asked_for {
        streams.output_is_terminal
    } else {
        streams.errors_is_terminal
    };
    let text = error.render();
    let text = if output::wants_colours(ColorChoice::Auto, is_terminal) {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    // Where the text cannot be written, the exit status still tells.
    if asked_for {
        let _ = streams.output.write_all(text.as_bytes());
        Outcome::Valid
    } else {
        let _ = streams.errors.write_all(text.as_bytes());
        Outcome::CouldNotRun
    }
}
