//! The ignore file: findings that are known and not to be reported again.
//!
//! ```text
//! # fingerprint    code               pointer       file: message
//! 0af31c8e5b6d7f90 schema/required    /0/object     # hr.json: property "name" is missing
//! ```
//!
//! Only the fingerprint counts, and each line stands for one finding; what follows is for people.

#![expect(
    clippy::disallowed_methods,
    reason = "the program reads files; the core does not"
)]

use std::{collections::HashMap, fmt::Write, io, path::Path};

use super::output::replace_file;
use crate::{Finding, Fingerprint, wording};

/// What an ignore file is called.
pub(super) const NAME: &str = ".validate-export-ignore";

/// What stands at the top of a file that the program wrote.
const HEADER: &str = "\
# Findings that validate-export does not report, one a line, known by the fingerprint.
# Remove a line to have its finding reported again; --write-ignore writes the file anew.
";

/// The findings of an ignore file, and those that are to become one.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    /// How many findings of a fingerprint are ignored.
    left: HashMap<Fingerprint, usize>,
    /// The lines of a file to be written.
    lines: Option<Vec<String>>,
}

impl Ignore {
    /// Ignores nothing.
    pub(super) fn nothing() -> Self {
        Self::default()
    }

    /// Ignores everything, to write it to a file.
    pub(super) fn to_be_written() -> Self {
        Self {
            left: HashMap::new(),
            lines: Some(Vec::new()),
        }
    }

    /// Reads an ignore file.
    ///
    /// # Errors
    ///
    /// Where it cannot be read, and at the first line that does not begin with a fingerprint; as a
    /// text for people.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("error: cannot read the ignore file {name}: {error}\n"))?;
        let mut left = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let first = line.split_whitespace().next().unwrap_or_default();
            let fingerprint: Fingerprint = first.parse().map_err(|error| {
                let first = wording::quoted(first);
                let line = index + 1;
                format!("{name}:{line}:1: error: {first} is no fingerprint: {error}\n")
            })?;
            *left.entry(fingerprint).or_default() += 1;
        }
        Ok(Self { left, lines: None })
    }

    /// Whether no finding would be ignored.
    pub(super) fn is_empty(&self) -> bool {
        self.left.is_empty() && self.lines.is_none()
    }

    /// Whether a finding is to be ignored; `describe` is the finding as its line may tell it.
    pub(super) fn takes(
        &mut self,
        file: &str,
        finding: &Finding,
        describe: impl FnOnce() -> Finding,
    ) -> bool {
        if self.is_empty() {
            return false;
        }
        let fingerprint = Fingerprint::of(file, finding);
        if let Some(lines) = &mut self.lines {
            lines.push(line(file, fingerprint, &describe()));
            return true;
        }
        match self.left.get_mut(&fingerprint) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Writes what was ignored, if a file was to be written.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = String::from(HEADER);
        for line in self.lines.iter().flatten() {
            text.push_str(line);
        }
        replace_file(path, |file| file.write_all(text.as_bytes()))
    }
}

fn line(file: &str, fingerprint: Fingerprint, finding: &Finding) -> String {
    let pointer = match finding.pointer.as_str() {
        "" => "(root)".to_owned(),
        // A pointer is one word in the line.
        pointer => wording::visible(pointer).replace(char::is_whitespace, "\u{b7}"),
    };
    let mut line = String::new();
    let code = finding.code;
    // Writing to a string cannot fail.
    let _ = write!(
        line,
        "{fingerprint} {code} {pointer} # {}",
        wording::visible(file)
    );
    if let Some(name) = finding
        .profile
        .as_ref()
        .and_then(|profile| profile.name.as_ref())
    {
        let _ = write!(line, ", {}", wording::quoted(name));
    }
    let _ = writeln!(line, ": {}", wording::visible(&finding.message));
    line
}
