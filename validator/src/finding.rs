//! What a check finds.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use source_text::{JsonPointer, Position, Span};

use crate::{Code, wording};

/// How bad a finding is; the worst come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not valid.
    Error,
    /// The file is valid, and something about it is probably not meant.
    Warning,
    /// Something to know about the file.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where it is.
    pub position: Position,
}

/// A place as the JSON output names it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    line: u32,
    column: u32,
    utf16_column: u32,
    offset: usize,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        let Position {
            line,
            column,
            utf16_column,
            offset,
        } = position;
        Self {
            line,
            column,
            utf16_column,
            offset,
        }
    }
}

impl Serialize for Related {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut related = serializer.serialize_struct("Related", 2)?;
        related.serialize_field("message", &self.message)?;
        related.serialize_field("start", &Place::from(self.position))?;
        related.end()
    }
}

/// A place in the document that a schema is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaPlace {
    /// The file.
    pub file: String,
    /// Where in the file.
    pub position: Position,
}

impl Serialize for SchemaPlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut place = serializer.serialize_struct("SchemaPlace", 2)?;
        place.serialize_field("file", &self.file)?;
        place.serialize_field("start", &Place::from(self.position))?;
        place.end()
    }
}

/// The identity profile that a finding is about, as its file names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileName {
    /// The profile's name, or else that of the exported object's `self`.
    pub name: Option<String>,
    /// The profile's id, or else that of the exported object's `self`.
    pub id: Option<String>,
}

/// How many characters of a file a finding repeats at most.
pub const MAX_FOUND: usize = 200;

/// One thing to say about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with no full stop at its end.
    pub message: String,
    /// The value it is about, from the document's root; in NDJSON, from the line's.
    ///
    /// A missing property is reported at the object that lacks it.
    pub pointer: JsonPointer,
    /// The element it is in, counted from 0.
    pub element: Option<usize>,
    /// The profile it is in.
    pub profile: Option<ProfileName>,
    /// Where it begins.
    pub position: Position,
    /// Where it ends: after the last byte it is about.
    pub end: Position,
    /// What stands there, as the file has it: at most [`MAX_FOUND`] characters; of an object or array
    /// the opening bracket. `None` if the file holds no text.
    pub found: Option<String>,
    /// The property that is missing, if one is.
    pub property: Option<String>,
    /// What would be right here.
    pub expected: Option<String>,
    /// What was probably meant: JSON text to put in the place of what stands from `position` to `end`.
    pub suggestion: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Where the schema says so: a URI fragment that leads to the keyword in the JSON Schema.
    pub schema: Option<String>,
    /// Where the document says so that the schema is from, if it is known.
    pub schema_place: Option<SchemaPlace>,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// The line it is on, with carets under it: see [`source_text::frame`]. Empty if the file holds
    /// no text.
    pub frame: String,
    /// What it is known by in the next run.
    pub(crate) identity: Identity,
}

/// What a finding is known by where it may move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Identity {
    /// By its pointer.
    #[default]
    Pointer,
    /// By the way to it from its element's root, in which items go by their names.
    Trail(JsonPointer),
    /// By a text, in whichever element it is reported.
    File(String),
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("Finding", 16)?;
        finding.serialize_field("code", &self.code)?;
        finding.serialize_field("severity", &self.severity)?;
        finding.serialize_field("message", &self.message)?;
        finding.serialize_field("pointer", self.pointer.as_str())?;
        finding.serialize_field("element", &self.element)?;
        finding.serialize_field("profile", &self.profile)?;
        finding.serialize_field("start", &Place::from(self.position))?;
        finding.serialize_field("end", &Place::from(self.end))?;
        finding.serialize_field("found", &self.found)?;
        finding.serialize_field("property", &self.property)?;
        finding.serialize_field("expected", &self.expected)?;
        finding.serialize_field("suggestion", &self.suggestion)?;
        finding.serialize_field("help", &self.help)?;
        finding.serialize_field("schema", &self.schema)?;
        finding.serialize_field("schemaPlace", &self.schema_place)?;
        finding.serialize_field("related", &self.related)?;
        finding.end()
    }
}

/// Which part of the place that a pointer leads to a problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The value; of an object or array its opening bracket.
    Value,
    /// The key of the property.
    Key,
    /// A part of the text that is known already.
    Span(Span),
}

/// What findings are counted by: their code, and how bad they are unless the user says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grade {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
}

impl From<Code> for Grade {
    fn from(code: Code) -> Self {
        Self {
            code,
            severity: code.default_severity(),
        }
    }
}

/// A finding before its place in the text is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    /// How bad it is unless the user says otherwise.
    pub(crate) severity: Severity,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    pub(crate) suggestion: Option<String>,
    pub(crate) help: Option<String>,
    /// The keyword in the JSON Schema that says so, as a JSON Pointer.
    pub(crate) schema: Option<JsonPointer>,
    /// From the root of what was checked: an element or the document.
    pub(crate) pointer: JsonPointer,
    pub(crate) at: At,
    /// The property that is missing.
    pub(crate) property: Option<String>,
    pub(crate) related: Vec<(Span, String)>,
    pub(crate) identity: Identity,
}

impl Problem {
    /// A problem with the value at `pointer`.
    pub(crate) fn new(code: Code, pointer: JsonPointer, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.default_severity(),
            message: message.into(),
            expected: None,
            suggestion: None,
            help: None,
            schema: None,
            pointer,
            at: At::Value,
            property: None,
            related: Vec::new(),
            identity: Identity::Pointer,
        }
    }

    /// What it is counted by.
    pub(crate) fn grade(&self) -> Grade {
        let &Self { code, severity, .. } = self;
        Grade { code, severity }
    }

    pub(crate) fn known_by(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    pub(crate) fn at(mut self, at: At) -> Self {
        self.at = at;
        self
    }

    pub(crate) fn property(mut self, name: impl Into<String>) -> Self {
        self.property = Some(name.into());
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Says that the string or key was probably meant to be `near`; `todo` goes before that.
    pub(crate) fn did_you_mean(mut self, near: &str, todo: &str) -> Self {
        let quoted = wording::quoted(near);
        self.message = format!("{}; did you mean {quoted}?", self.message);
        self.suggestion(wording::json(near))
            .help(format!("{todo} {quoted}"))
    }

    pub(crate) fn suggestion(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push((span, message.into()));
        self
    }
}
