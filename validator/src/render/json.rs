//! One JSON document for a program to read.
//!
//! ```json
//! {
//!   "files": [{
//!     "path": "hr.json", "shape": "array", "elements": 1, "profiles": 1, "others": 0,
//!     "findings": [{
//!       "code": "missing-property", "severity": "error", "message": "…", "pointer": "/0/object",
//!       "element": 0, "line": 3, "column": 15, "offset": 40, "expected": "…", "help": "…",
//!       "related": [{"message": "…", "line": 1, "column": 1, "offset": 0}]
//!     }]
//!   }],
//!   "summary": {
//!     "files": 1, "unreadable": 0, "elements": 1, "profiles": 1, "others": 0, "errors": 1,
//!     "warnings": 0
//!   }
//! }
//! ```
//!
//! Where there are more than [`MAX_FINDINGS_PER_CODE`](crate::MAX_FINDINGS_PER_CODE) findings of a
//! code in a file, one more stands for the others and tells their number as `count`.
//!
//! A file that could not be read has an `error` and no `shape`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Checked, Summary};
use crate::Finding;

#[derive(Serialize)]
struct Document<'a> {
    files: Vec<File<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(flatten)]
    summary: Option<&'a crate::Summary>,
    findings: &'a [Finding],
}

/// Writes the document with a line end after it.
pub fn write(output: &mut dyn Write, files: &[Checked], summary: Summary) -> io::Result<()> {
    let files = files.iter().map(file).collect();
    serde_json::to_writer_pretty(&mut *output, &Document { files, summary })?;
    writeln!(output)
}

fn file(checked: &Checked) -> File<'_> {
    match &checked.outcome {
        Ok(report) => File {
            path: &checked.path,
            error: None,
            summary: Some(&report.summary),
            findings: &report.findings,
        },
        Err(error) => File {
            path: &checked.path,
            error: Some(error),
            summary: None,
            findings: &[],
        },
    }
}
