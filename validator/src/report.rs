//! The result of checking one file.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Code, Finding, Severity, Shape};

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What there is to say about the file as a whole.
    #[serde(flatten)]
    pub summary: Summary,
    /// What was found, in the order of the file; of each code at most
    /// [`MAX_FINDINGS_PER_CODE`](crate::MAX_FINDINGS_PER_CODE).
    pub findings: Vec<Finding>,
}

/// What there is to say about a file beside the findings themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What the file was taken for.
    pub shape: Shape,
    /// How many elements begin in the file.
    pub elements: usize,
    /// How many of those were held against the schema of identity profiles.
    pub profiles: usize,
    /// How many of those are of other types; of them only the envelope is checked.
    pub others: usize,
    /// How many findings there are of each severity, those that are not listed with them.
    pub counts: Counts,
    /// How many findings an ignore list names; they are neither listed nor counted.
    pub ignored: usize,
    /// Of which codes there are more findings than are listed, and how many more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unlisted: BTreeMap<Code, usize>,
}

/// Numbers of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Those that make a file invalid.
    pub errors: usize,
    /// Those that do not, and are probably not meant.
    pub warnings: usize,
    /// Those that are only good to know.
    pub infos: usize,
}

impl Counts {
    /// Counts `number` more findings.
    pub fn add(&mut self, severity: Severity, number: usize) {
        *match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
            Severity::Info => &mut self.infos,
        } += number;
    }
}

impl Counts {
    /// What is left without those that are among these.
    pub(crate) const fn without(self, others: Self) -> Self {
        Self {
            errors: self.errors.saturating_sub(others.errors),
            warnings: self.warnings.saturating_sub(others.warnings),
            infos: self.infos.saturating_sub(others.infos),
        }
    }

    /// How many findings are of this severity or worse.
    pub const fn at_least(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Info => self.errors + self.warnings + self.infos,
        }
    }
}

impl Summary {
    /// The summary of a file in which nothing was read yet.
    pub fn of(shape: Shape) -> Self {
        Self {
            shape,
            elements: 0,
            profiles: 0,
            others: 0,
            counts: Counts::default(),
            ignored: 0,
            unlisted: BTreeMap::new(),
        }
    }

    /// Whether nothing makes the file invalid.
    pub fn is_valid(&self) -> bool {
        self.counts.errors == 0
    }
}
