//! What the command line may say.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{
    CommandFactory, Parser, ValueEnum, builder::PossibleValue, error::ErrorKind as UsageErrorKind,
};

use crate::Edition;

/// Check identity profile exports before they are imported
///
/// Reads what GET /identity-profiles/export returns, sp-config backups, single exported objects and
/// newline-delimited JSON. Exits with 0 if every file is valid, 1 if errors were found, and 2 if a
/// file could not be read.
#[derive(Debug, Parser)]
#[command(name = "validate-export", version)]
pub(super) struct Arguments {
    /// Files to check; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Edition of the API whose schemas count
    #[arg(long, value_enum, default_value_t)]
    pub(super) edition: Edition,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

impl Arguments {
    pub(super) fn parse_and_check(
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
pub(super) fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
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
