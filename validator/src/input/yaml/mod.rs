//! YAML text to JSON text, and places in the JSON back to places in the YAML.
//!
//! The JSON text is what gets checked, so what is to be found in it is kept: keys that stand twice,
//! all digits of numbers, the order of members. Anchors and merge keys are written out. Each
//! document of a file is a line; what JSON has no form for is a [`Problem`] and leaves a `null` or its
//! text behind.

mod advice;
mod check;
mod places;
mod tree;
mod write;

use std::{collections::BTreeMap, fmt};

use source_text::{JsonPointer, SourceText, Span};

use crate::{Code, MAX_FOUND};

pub(super) use check::check;
pub use places::Places;

/// Collections that may be open at once: far more than the check takes, which then says so.
const MAX_DEPTH: usize = 10_000;

/// A YAML text as JSON.
#[derive(Debug)]
pub struct Converted {
    /// The JSON text: one line for each document that is not empty.
    pub json: String,
    /// Where its parts are in the YAML text.
    pub places: Places,
    /// What has no form in JSON, in the order of the JSON text: of each code at most
    /// [`MAX_FINDINGS_PER_CODE`](crate::MAX_FINDINGS_PER_CODE).
    pub problems: Vec<Problem>,
    /// How many problems there are of each code, those that are not listed with them.
    pub counts: BTreeMap<Code, usize>,
}

impl Converted {
    /// Whether JSON has no form for what begins at an offset in the YAML text.
    fn has_no_form(&self, yaml: usize) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|problem| problem.code == Code::NotFinite && problem.span.start == yaml)
    }
}

/// A part of a YAML text that JSON has no form for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub code: Code,
    /// What is wrong, with no full stop at its end.
    pub message: String,
    /// The value, from its document's root.
    pub pointer: JsonPointer,
    /// Where it is in the YAML text.
    pub span: Span,
    /// What to do about it, if that does not follow from the code.
    pub help: Option<&'static str>,
}

impl Problem {
    /// What to do about it.
    fn help(&self) -> Option<&'static str> {
        self.help.or_else(|| Self::help_of(self.code))
    }

    /// What to do about problems of a code.
    fn help_of(code: Code) -> Option<&'static str> {
        Some(match code {
            Code::NotFinite => "write a number with a value, or a text in quotes",
            Code::YamlKey => "write a text for a key",
            Code::YamlMerge => "give << a mapping, or a list of mappings",
            Code::YamlTag => "leave the tag out, and write a value as it is to be in JSON",
            Code::InvalidUtf8 => {
                "the file may be in Latin-1 or Windows-1252, or damaged; save it again as UTF-8"
            }
            Code::TooDeep => {
                "such depth is usually a fault of the program that wrote the file; JSON is read as \
                 deep as --max-depth says"
            }
            Code::YamlAlias => "write out what the alias stands for",
            _ => return None,
        })
    }
}

/// Why a text cannot be read as YAML at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong.
    pub kind: YamlErrorKind,
    /// Where it is in the text.
    pub span: Span,
}

/// What is wrong with a YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum YamlErrorKind {
    /// The text is not YAML.
    Syntax {
        /// In words, with no full stop.
        message: String,
        /// What to do about it.
        help: &'static str,
    },
    /// Collections are nested deeper than is read.
    TooDeep,
    /// An alias stands in its own anchor.
    Cycle,
    /// Aliases stand for more than may be written out.
    Aliases {
        /// How many bytes they may add.
        limit: u64,
    },
    /// The JSON text is larger than places can be kept for.
    TooLarge,
}

impl fmt::Display for YamlErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { message, .. } => f.write_str(message),
            Self::TooDeep => write!(
                f,
                "nested deeper than {MAX_DEPTH} levels, at which the reader of YAML stops"
            ),
            Self::Cycle => f.write_str("an alias stands for something that it is a part of"),
            Self::Aliases { limit } => write!(
                f,
                "written out, the aliases of this text take more than {}",
                super::error::Bytes(*limit)
            ),
            Self::TooLarge => f.write_str("the text is larger than 4 GiB when it is JSON"),
        }
    }
}

impl YamlError {
    /// What kind of finding it makes.
    pub fn code(&self) -> Code {
        match self.kind {
            YamlErrorKind::Syntax { .. } => Code::YamlSyntax,
            YamlErrorKind::TooDeep => Code::TooDeep,
            YamlErrorKind::Cycle | YamlErrorKind::Aliases { .. } | YamlErrorKind::TooLarge => {
                Code::YamlAlias
            }
        }
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for YamlError {}

/// The beginning of what stands in a part of a text.
fn excerpt(yaml: &SourceText, span: Span) -> Option<String> {
    let part = yaml.text().get(span.range()).unwrap_or_default();
    (!yaml.text().is_empty()).then(|| part.chars().take(MAX_FOUND).collect())
}

/// Converts a YAML text; `max_aliases` is what its aliases may add, in bytes of JSON.
///
/// # Errors
///
/// Where the text is not YAML, and where its aliases are cyclic or stand for too much.
pub fn yaml_to_json(text: &str, max_aliases: u64) -> Result<Converted, YamlError> {
    let tree = tree::read(text, max_aliases)?;
    write::write(&tree, max_aliases)
}
