//! The `validate-export` program, with its streams given from outside.
//!
//! ```text
//! arguments  what the command line may say
//! run        files → findings → renderer, and what the run came to
//! ```

mod arguments;
mod run;

use std::{
    ffi::OsString,
    io::{ErrorKind, Read, Write},
    process::ExitCode,
};

use clap::error::ErrorKind as UsageErrorKind;

use arguments::Arguments;

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
        }
    }
}

/// Runs the program; `arguments` begin with the program's name.
///
/// A reader that closes its end of the output early ends the writing and is no error.
pub fn run(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    streams: &mut Streams<'_>,
) -> Outcome {
    let arguments = match Arguments::parse_and_check(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, streams.output, streams.errors),
    };
    let mut session = run::Session::new(&arguments, streams.output_is_terminal);
    match session.run(streams) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        Err(error) => {
            // Where this cannot be written either, the exit status still tells.
            let _ = writeln!(streams.errors, "error: cannot write the report: {error}");
            return Outcome::CouldNotRun;
        }
    }
    session.outcome()
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
