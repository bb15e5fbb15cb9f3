//! The shapes of export files.

use std::fmt;

use serde::Serialize;

/// What a file was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// An array of exported objects, all of them identity profiles: what the export returns.
    Array,
    /// An array that has exported objects of other types too.
    MixedArray,
    /// A backup of the sp-config service: the exported objects are its `objects`.
    SpConfig,
    /// One exported object: `{version, self, object}`.
    ExportedObject,
    /// One identity profile without the envelope of an exported object.
    Profile,
    /// Newline-delimited JSON: one element a line.
    Ndjson,
    /// Several YAML documents in one file: each is an element.
    YamlDocuments,
    /// Any JSON text, by a schema that the user names.
    Payload,
    /// None of these.
    Unknown,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Array => "array of exported objects",
            Self::MixedArray => "array of exported objects of several types",
            Self::SpConfig => "sp-config backup",
            Self::ExportedObject => "exported object",
            Self::Profile => "identity profile without its envelope",
            Self::Ndjson => "newline-delimited JSON",
            Self::YamlDocuments => "YAML documents",
            Self::Payload => "payload",
            Self::Unknown => "unknown shape",
        })
    }
}
