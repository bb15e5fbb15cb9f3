//! Reports as output, one module a format.

pub mod human;
pub mod json;

use crate::Report;

/// A file that was to be checked, and what came of it.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The path as it was given; `-` for the standard input.
    pub path: String,
    /// The report, or why the file could not be read.
    pub outcome: Result<Report, String>,
}

/// Counts over all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Files that were to be checked.
    pub files: usize,
    /// Those that could not be read.
    pub unreadable: usize,
    /// Elements that begin in them.
    pub elements: usize,
    /// Those that were held against the schema of identity profiles.
    pub profiles: usize,
    /// Those of other types, of which only the envelope is checked.
    pub others: usize,
    /// Findings that make a file invalid.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
}

impl Summary {
    /// Adds what came of one more file.
    pub fn add(&mut self, checked: &Checked) {
        self.files += 1;
        match &checked.outcome {
            Err(_) => self.unreadable += 1,
            Ok(report) => {
                let summary = &report.summary;
                self.elements += summary.elements;
                self.profiles += summary.profiles;
                self.others += summary.others;
                self.errors += summary.counts.errors;
                self.warnings += summary.counts.warnings;
            }
        }
    }
}
