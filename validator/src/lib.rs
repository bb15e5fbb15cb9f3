//! Checks identity profile exports before they are imported.
//!
//! ```
//! use export_validator::{Edition, Validator};
//!
//! let validator = Validator::new(Edition::V2024);
//! let report = validator.validate(br#"[{"version": 1, "object": {"name": "HR"}}]"#);
//!
//! let finding = &report.findings[0];
//! assert_eq!(finding.code.as_str(), "schema/required");
//! assert_eq!(finding.message, "property \"authoritativeSource\" is missing");
//! assert_eq!(finding.pointer.as_str(), "/0/object");
//! assert_eq!((finding.position.line, finding.position.column), (1, 27));
//! ```
//!
//! A file goes through these steps, one module each; none does any IO or prints anything:
//!
//! ```text
//! bytes → decode    text, and every place that is no UTF-8
//!       → split     the shape of the file and the spans of its elements, and syntax errors
//!       → tree      an element's value, and the keys it holds twice
//!       → classify  which schema the element is held against
//!       → authority what the JSON Schema says is wrong, from the `jsonschema` crate
//!       → explain   the same in a user's words, for the branch that was meant
//!       → rules     what the schema cannot say: what an import makes of the element
//!       → locate    pointers to byte spans, by reading the element again
//!       → located   problems to findings, sorted and bounded in number
//! ```
//!
//! With the feature `client`, `BodyCheck` looks at what generated clients are about to import.
//!
//! [`render`] turns reports into output, [`input`] finds files and unpacks them; [`cli`] is the
//! program around all that.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod authority;
mod bad_bytes;
#[cfg(feature = "client")]
mod body_check;
mod classify;
pub mod cli;
mod codes;
#[cfg(test)]
mod conformance;
mod decode;
mod direction;
mod dto_types;
mod edition;
mod engine;
mod explain;
mod finding;
mod fingerprint;
pub mod input;
mod json;
mod limit;
mod locate;
mod mask;
mod merge_conflict;
mod ndjson;
mod nearest;
mod policy;
mod program;
pub mod render;
mod report;
mod rules;
mod shape;
#[cfg(feature = "spec")]
pub mod spec;
mod stranger;
mod trail;
mod tree;
mod validator;
mod wording;

pub use authority::SchemaError;
#[cfg(feature = "client")]
pub use body_check::BodyCheck;
pub use codes::{Code, UnknownCode};
pub use direction::{Direction, Marked};
pub use edition::{Edition, UnknownEdition};
pub use engine::{MAX_DEPTH, Options};
pub use finding::{Finding, MAX_FOUND, ProfileName, Related, SchemaPlace, Severity};
pub use fingerprint::{Fingerprint, NoFingerprint};
pub use limit::MAX_FINDINGS_PER_CODE;
pub use mask::Mask;
pub use policy::{Policy, Selector, UnknownSelector};
pub use report::{Counts, Report, Summary};
pub use shape::Shape;
pub use source_text::{JsonPointer, Position, Span};
pub use validator::Validator;
