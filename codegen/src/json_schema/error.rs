//! Why there is no schema for what was asked.

use std::fmt::{self, Write as _};

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;

/// How many names a message lists.
const LISTED: usize = 12;

/// Why there is no schema for what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectError {
    /// The document, or the part of it that was asked for, cannot be read; not empty.
    Document(Vec<Diagnostic>),
    /// The document has no such thing.
    Unknown {
        /// What it would be: `schema`, `operation`, `response`, `media type`.
        kind: &'static str,
        /// Its name.
        wanted: String,
        /// What does not have it: the document, an operation, a message.
        holder: String,
        /// The names of those that there are.
        known: Vec<String>,
        /// Errors of the document for which it may be missing.
        diagnostics: Vec<Diagnostic>,
    },
    /// There are several, and it is not said which is meant.
    Ambiguous {
        /// What there are several of: `operations`, `successes`, `media types`.
        kind: &'static str,
        /// What has them.
        holder: String,
        /// Their names.
        known: Vec<String>,
    },
    /// There is nothing of the kind.
    Absent {
        /// What it would be: `body`, `JSON body`, `success`.
        kind: &'static str,
        /// What does not have it.
        holder: String,
        /// What it has instead.
        known: Vec<String>,
        /// Errors of the document for which it may be missing.
        diagnostics: Vec<Diagnostic>,
    },
}

impl SubjectError {
    /// What there is to say about the document.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Document(diagnostics)
            | Self::Unknown { diagnostics, .. }
            | Self::Absent { diagnostics, .. } => diagnostics,
            Self::Ambiguous { .. } => &[],
        }
    }

    /// The known name that may have been meant.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            // One status is as near to another as any.
            Self::Unknown { kind, .. } if *kind == "response" => None,
            Self::Unknown { wanted, known, .. } => {
                nearest(wanted, known.iter().map(String::as_str))
            }
            _ => None,
        }
    }

    /// The error with these errors of the document as what may be behind it.
    pub(super) fn because_of(mut self, causes: Vec<Diagnostic>) -> Self {
        match &mut self {
            Self::Document(diagnostics)
            | Self::Unknown { diagnostics, .. }
            | Self::Absent { diagnostics, .. } => diagnostics.extend(causes),
            Self::Ambiguous { .. } => {}
        }
        self
    }
}

impl fmt::Display for SubjectError {
    /// One sentence; the diagnostics are left to the caller.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document(diagnostics) => match diagnostics.as_slice() {
                [one] => write!(f, "the document cannot be used: {one}"),
                all => write!(f, "the document cannot be used for {} reasons", all.len()),
            },
            Self::Unknown {
                kind,
                wanted,
                holder,
                known,
                ..
            } => {
                write!(f, "{holder} has no {kind} {wanted:?}")?;
                match self.suggestion() {
                    Some(suggestion) => write!(f, "; did you mean {suggestion:?}?"),
                    None if known.is_empty() => write!(f, ", and no other"),
                    None => write!(f, "; it has {}", list(known)),
                }
            }
            Self::Ambiguous {
                kind,
                holder,
                known,
            } => write!(
                f,
                "{holder} has several {kind}: choose one of {}",
                list(known)
            ),
            Self::Absent {
                kind,
                holder,
                known,
                ..
            } => {
                write!(f, "{holder} has no {kind}")?;
                match known.as_slice() {
                    [] => Ok(()),
                    known => write!(f, "; it has {}", list(known)),
                }
            }
        }
    }
}

impl std::error::Error for SubjectError {}

/// The first of the names, and how many there are more.
fn list(names: &[String]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().take(LISTED).enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{comma}{name:?}");
    }
    if names.len() > LISTED {
        let _ = write!(text, " and {} more", names.len() - LISTED);
    }
    text
}
