//! What a check finds.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use source_text::{JsonPointer, Position, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not valid.
    Error,
    /// The file is valid, and something about it is probably not meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $severity:ident;)+) => {
        /// The kind of a finding. Its text form is stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The text form, in kebab case.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// How bad a finding of this kind is.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// The file is empty or holds nothing but white space.
    EmptyFile = "empty-file", Error;
    /// Bytes that are no UTF-8.
    NotUtf8 = "not-utf8", Error;
    /// The file begins with a byte order mark, which RFC 8259 lets readers refuse.
    ByteOrderMark = "byte-order-mark", Warning;
    /// The file is no text.
    Binary = "binary", Error;
    /// The file is compressed.
    Compressed = "compressed", Error;
    /// The text is not JSON.
    Syntax = "syntax", Error;
    /// Objects and arrays are nested deeper than readers of JSON usually take.
    TooDeep = "too-deep", Error;
    /// An object has the same key twice: readers keep one value and lose the other.
    DuplicateKey = "duplicate-key", Error;
    /// The file is JSON and no export.
    NotAnExport = "not-an-export", Error;
    /// A required property is missing.
    MissingProperty = "missing-property", Error;
    /// A value of the wrong type.
    WrongType = "wrong-type", Error;
    /// A type of exported object that the edition does not document.
    UnknownDtoType = "unknown-dto-type", Error;
    /// A value that is none of those documented.
    UnknownEnumValue = "unknown-enum-value", Error;
    /// A profile's owner that is something else than an identity.
    OwnerNotIdentity = "owner-not-identity", Error;
    /// A profile's authoritative source that is something else than a source.
    AuthoritativeSourceNotSource = "authoritative-source-not-source", Error;
    /// A property that the schema forbids.
    UnexpectedProperty = "unexpected-property", Error;
    /// A number outside its bounds.
    OutOfRange = "out-of-range", Error;
    /// Too many or too few characters, items or properties.
    WrongSize = "wrong-size", Error;
    /// A string that does not match its pattern or format.
    WrongForm = "wrong-form", Error;
    /// A value that fits none, or more than one, of the forms it may have.
    NoFormFits = "no-form-fits", Error;
    /// Any other rule of the schema that a value breaks.
    SchemaViolation = "schema-violation", Error;
    /// An element that has no `object`: there is nothing to import.
    MissingObject = "missing-object", Warning;
    /// `self.type` calls a profile something else.
    SelfTypeMismatch = "self-type-mismatch", Warning;
    /// A profile without the envelope that an import takes.
    BareProfile = "bare-profile", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
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

impl Serialize for Related {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut related = serializer.serialize_struct("Related", 4)?;
        related.serialize_field("message", &self.message)?;
        related.serialize_field("line", &self.position.line)?;
        related.serialize_field("column", &self.position.column)?;
        related.serialize_field("offset", &self.position.offset)?;
        related.end()
    }
}

/// One thing that is wrong with a file.
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
    /// Where it begins.
    pub position: Position,
    /// The bytes it is about.
    pub span: Span,
    /// What would be right here.
    pub expected: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// The line it is on, with carets under it: see [`source_text::frame`]. Empty if the file holds
    /// no text.
    pub frame: String,
    /// How many findings it stands for: one, itself, unless it is the last of its code that is
    /// listed and there are too many of those. See
    /// [`MAX_FINDINGS_PER_CODE`](crate::MAX_FINDINGS_PER_CODE).
    pub count: usize,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("Finding", 12)?;
        finding.serialize_field("code", &self.code)?;
        finding.serialize_field("severity", &self.severity)?;
        finding.serialize_field("message", &self.message)?;
        finding.serialize_field("pointer", self.pointer.as_str())?;
        finding.serialize_field("element", &self.element)?;
        finding.serialize_field("line", &self.position.line)?;
        finding.serialize_field("column", &self.position.column)?;
        finding.serialize_field("offset", &self.position.offset)?;
        finding.serialize_field("expected", &self.expected)?;
        finding.serialize_field("help", &self.help)?;
        finding.serialize_field("related", &self.related)?;
        if self.count > 1 {
            finding.serialize_field("count", &self.count)?;
        } else {
            finding.skip_field("count")?;
        }
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

/// A finding before its place in the text is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    pub(crate) help: Option<String>,
    /// From the root of what was checked: an element or the document.
    pub(crate) pointer: JsonPointer,
    pub(crate) at: At,
    pub(crate) related: Vec<(Span, String)>,
}

impl Problem {
    /// A problem with the value at `pointer`.
    pub(crate) fn new(code: Code, pointer: JsonPointer, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            expected: None,
            help: None,
            pointer,
            at: At::Value,
            related: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, at: At) -> Self {
        self.at = at;
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
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
