//! What a parse of one file gives.

use super::Limits;
use super::builder::{Builder, DuplicateKey};
use super::document::Arena;

/// A file's arena with what was noticed while it was read.
pub(super) struct Parsed {
    pub(super) arena: Arena,
    pub(super) duplicates: Vec<DuplicateKey>,
    /// What else there is to say, with its place in bytes.
    pub(super) notes: Vec<(usize, Noted)>,
}

/// What a reader does with a file that is not quite as it should be.
#[derive(Clone, Copy)]
pub(super) enum Noted {
    NotJson,
    SeveralDocuments,
    ComplexKey,
    AliasCycle,
    LoneSurrogate,
}

impl Noted {
    /// The stable code, what is wrong, and the effect.
    pub(super) fn said(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NotJson => (
                "not-json",
                "the file begins like JSON and is none from here on",
                "it is read as YAML",
            ),
            Self::SeveralDocuments => (
                "several-documents",
                "a second YAML document begins here",
                "only the first is read",
            ),
            Self::ComplexKey => (
                "complex-key",
                "a key must be a scalar, found an array or an object",
                "its place in the file stands for it",
            ),
            Self::AliasCycle => (
                "alias-cycle",
                "an alias stands inside its own anchor",
                "null is read in its place",
            ),
            Self::LoneSurrogate => (
                "lone-surrogate",
                "an escape stands for half a character: a surrogate without the other one",
                "it is read as U+FFFD",
            ),
        }
    }
}

impl Parsed {
    pub(super) fn of(builder: Builder<'_>) -> Result<Self, ParseError> {
        let (arena, duplicates) = builder.finish().ok_or(ParseError::Empty)?;
        Ok(Self {
            arena,
            duplicates,
            notes: Vec::new(),
        })
    }
}

/// Why a file could not be read; offsets are bytes.
pub(super) enum ParseError {
    Empty,
    Syntax { offset: usize, message: String },
    TooDeep { offset: usize },
    TooManyNodes { offset: usize },
    AliasExpansion { offset: usize },
}

impl ParseError {
    /// The stable code of the diagnostic.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty-document",
            Self::Syntax { .. } => "syntax",
            Self::TooDeep { .. } => "too-deep",
            Self::TooManyNodes { .. } => "too-large",
            Self::AliasExpansion { .. } => "alias-expansion",
        }
    }

    /// Where reading stopped, in bytes.
    pub(super) fn offset(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Syntax { offset, .. }
            | Self::TooDeep { offset }
            | Self::TooManyNodes { offset }
            | Self::AliasExpansion { offset } => *offset,
        }
    }

    /// What is wrong.
    pub(super) fn message(&self, limits: &Limits) -> String {
        match self {
            Self::Empty => "the file holds no document".to_owned(),
            Self::Syntax { message, .. } => message.clone(),
            Self::TooDeep { .. } => {
                format!(
                    "arrays and objects are nested more than {} deep",
                    limits.depth
                )
            }
            Self::TooManyNodes { .. } => "the file holds more than 2^32 values".to_owned(),
            Self::AliasExpansion { .. } => format!(
                "the aliases up to here stand for more than {} values",
                limits.expanded_nodes
            ),
        }
    }
}
