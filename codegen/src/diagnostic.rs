//! What the generator has to say about a document: one diagnostic a defect, all of them collected.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use source_text::Position;

use crate::load::Node;
use crate::text::Text;

/// How much a diagnostic costs the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; the output is complete.
    Note,
    /// A part of the document is represented less precisely than it says.
    Warning,
    /// A part of the document is missing from the output.
    Error,
}

impl Severity {
    /// The word used in rendered diagnostics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A defect of the document or a part of it that the generator does not support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// How much it costs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What the output lacks or does differently because of it.
    pub effect: Text,
    /// The file it stands in.
    pub file: Text,
    /// Where in the file.
    pub position: Position,
    /// RFC 6901 pointer from the file's root.
    pub pointer: String,
}

/// Text of the document, which may hold line breaks and what terminals obey.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            c if c.is_control() => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        })
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            severity,
            message,
            effect,
            file,
            position,
            pointer,
        } = self;
        let (line, column) = (position.line, position.column);
        write!(
            f,
            "{file}:{line}:{column}: {}[{code}] {}",
            severity.as_str(),
            OneLine(message)
        )?;
        if !effect.is_empty() {
            write!(f, "; {effect}")?;
        }
        if !pointer.is_empty() {
            write!(f, " (at {})", OneLine(pointer))?;
        }
        Ok(())
    }
}

impl Diagnostic {
    /// A diagnostic at a node.
    pub fn at(
        node: Node<'_>,
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        effect: impl Into<Text>,
    ) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            effect: effect.into(),
            file: node.source().name().into(),
            position: node.position(),
            pointer: node.pointer(),
        }
    }
}

/// What tells diagnostics apart.
fn identity(diagnostic: &Diagnostic) -> (&str, usize, &str, &str) {
    let Diagnostic {
        code,
        message,
        file,
        position,
        ..
    } = diagnostic;
    (file, position.offset, code, message)
}

fn hash(diagnostic: &Diagnostic) -> u64 {
    let mut hasher = DefaultHasher::new();
    identity(diagnostic).hash(&mut hasher);
    hasher.finish()
}

/// Collects diagnostics; each defect is kept once, however often a stage meets it.
#[derive(Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// The first of those that have one hash.
    seen: HashMap<u64, u32>,
}

impl Diagnostics {
    /// Adds a diagnostic unless the same one is there already.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        let index = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let first = *self.seen.entry(hash(&diagnostic)).or_insert(index);
        let since = self.all.get(first as usize..).unwrap_or_default();
        // Where the hash is known, it is the first of `since` but for a rare chance.
        if since
            .iter()
            .any(|have| identity(have) == identity(&diagnostic))
        {
            return;
        }
        if let Some(last) = self.all.last() {
            // A document that has a defect has it a thousand times.
            for (own, others) in [
                (&mut diagnostic.file, &last.file),
                (&mut diagnostic.effect, &last.effect),
            ] {
                if own == others {
                    own.clone_from(others);
                }
            }
        }
        self.all.push(diagnostic);
    }

    /// Adds a note at a node.
    pub fn note(&mut self, node: Node<'_>, code: &'static str, message: String, effect: &str) {
        self.push(Diagnostic::at(node, Severity::Note, code, message, effect));
    }

    /// Adds a warning at a node.
    pub fn warning(&mut self, node: Node<'_>, code: &'static str, message: String, effect: &str) {
        self.push(Diagnostic::at(
            node,
            Severity::Warning,
            code,
            message,
            effect,
        ));
    }

    /// Adds an error at a node.
    pub fn error(&mut self, node: Node<'_>, code: &'static str, message: String, effect: &str) {
        self.push(Diagnostic::at(node, Severity::Error, code, message, effect));
    }

    /// All diagnostics, by file and position; no two are the same.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.all
            .sort_unstable_by(|a, b| identity(a).cmp(&identity(b)));
        self.all
    }
}
