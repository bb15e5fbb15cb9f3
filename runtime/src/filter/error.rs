//! Why a text is no filter, or no list of sorters.

use std::fmt;

/// A text that is no filter, or no list of sorters: where, what was expected there, and what may
/// have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    offset: usize,
    column: usize,
    expected: &'static str,
    found: String,
    help: String,
}

/// Characters of a text that an error repeats.
const LONGEST_FOUND: usize = 40;

impl FilterError {
    /// An error at this byte of a text; what is found there ends with `end`.
    pub(super) fn new(
        text: &str,
        offset: usize,
        end: usize,
        expected: &'static str,
        help: String,
    ) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let found = text.get(offset..end).unwrap_or_default();
        let mut short: String = found.chars().take(LONGEST_FOUND).collect();
        if short.len() < found.len() {
            short.push('…');
        }
        Self {
            offset,
            column: before.chars().count() + 1,
            expected,
            found: short,
            help,
        }
    }

    /// The byte of the text, from 0; the text's length, if it ends too early.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The character of the text, from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// What was expected there.
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// What is there; empty at the end of the text.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What may have been meant; empty if there is nothing to say.
    pub fn help(&self) -> &str {
        &self.help
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: expected {}, ", self.column, self.expected)?;
        match self.found.as_str() {
            "" => f.write_str("found the end")?,
            found => write!(f, "found `{found}`")?,
        }
        match self.help.as_str() {
            "" => Ok(()),
            help => write!(f, "; {help}"),
        }
    }
}

impl std::error::Error for FilterError {}
