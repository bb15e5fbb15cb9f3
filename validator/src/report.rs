//! The result of checking one file.

use serde::Serialize;

use crate::{Finding, Severity, Shape};

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the file was taken for.
    pub shape: Shape,
    /// How many elements begin in the file.
    pub elements: usize,
    /// How many of those were held against the schema of identity profiles.
    pub profiles: usize,
    /// How many of those are of other types; of them only the envelope is checked.
    pub others: usize,
    /// Everything found, in the order of the file; of each code at most
    /// [`MAX_FINDINGS_PER_CODE`](crate::MAX_FINDINGS_PER_CODE) and one that stands for the others.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Number of findings that make the file invalid, those not listed with them.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// Number of findings that do not, those not listed with them.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    /// Whether nothing makes the file invalid.
    pub fn is_valid(&self) -> bool {
        self.errors() == 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .map(|finding| finding.count)
            .sum()
    }
}
