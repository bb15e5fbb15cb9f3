//! One JSON document for a program to read, described by [`SCHEMA`].
//!
//! ```json
//! {
//!   "version": 1,
//!   "checkedAgainst": "edition v2024",
//!   "files": [
//!     {
//!       "path": "hr.json",
//!       "findings": [{"code": "schema/required", "severity": "error", "message": "…", …}],
//!       "shape": "array", "elements": 1, "profiles": 1, "others": 0,
//!       "counts": {"errors": 1, "warnings": 0, "infos": 0}, "ignored": 0
//!     },
//!     {"path": "it.json", "findings": [], "error": "No such file or directory"}
//!   ],
//!   "summary": {"files": 2, "unreadable": 1, …}
//! }
//! ```

use std::io::{self, Write};

use serde::Serialize;

use super::{Renderer, Run, Totals, indent};
use crate::{Finding, Fingerprint, Summary};

/// The JSON Schema (2020-12) of the document.
pub const SCHEMA: &str = include_str!("../../schemas/report.schema.json");

/// The version of this form; one that older readers cannot read has another number.
const VERSION: u32 = 1;

/// Writes findings as members of one document, each when it comes.
pub struct Json<W> {
    output: W,
    /// Whether the list that is being written has an item already: that of the files, that of a
    /// file's findings.
    has_files: bool,
    has_findings: bool,
}

impl<W: Write> Json<W> {
    /// A renderer that writes to `output`.
    pub const fn new(output: W) -> Self {
        Self {
            output,
            has_files: false,
            has_findings: false,
        }
    }
}

#[derive(Serialize)]
struct WithFingerprint<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    fingerprint: Fingerprint,
}

impl<W: Write> Renderer for Json<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        let checked_against = serde_json::to_string(run.checked_against)?;
        write!(
            self.output,
            "{{\n  \"version\": {VERSION},\n  \"checkedAgainst\": {checked_against},\n  \"files\": ["
        )
    }

    fn begin_file(&mut self, name: &str) -> io::Result<()> {
        let comma = if self.has_files { "," } else { "" };
        (self.has_files, self.has_findings) = (true, false);
        let path = serde_json::to_string(name)?;
        write!(
            self.output,
            "{comma}\n    {{\n      \"path\": {path},\n      \"findings\": ["
        )
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        let comma = if self.has_findings { "," } else { "" };
        self.has_findings = true;
        write!(self.output, "{comma}\n        ")?;
        let fingerprint = Fingerprint::of(name, finding);
        let finding = WithFingerprint {
            finding,
            fingerprint,
        };
        indent::value(&mut self.output, &finding, 8)
    }

    fn end_file(&mut self, _: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        let closed = if self.has_findings { "\n      ]" } else { "]" };
        write!(self.output, "{closed}")?;
        match outcome {
            Ok(summary) => {
                write!(self.output, ",")?;
                indent::members(&mut self.output, summary, 6)?;
            }
            Err(reason) => {
                let reason = serde_json::to_string(reason)?;
                write!(self.output, ",\n      \"error\": {reason}")?;
            }
        }
        write!(self.output, "\n    }}")
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let closed = if self.has_files { "\n  ]" } else { "]" };
        write!(self.output, "{closed},\n  \"summary\": ")?;
        indent::value(&mut self.output, totals, 2)?;
        writeln!(self.output, "\n}}")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
