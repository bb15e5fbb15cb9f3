//! Payloads of any API: a schema of an OpenAPI document to check against.
//!
//! ```
//! use export_validator::{
//!     Validator,
//!     spec::{ReadFile, Selection, Subject, schema},
//! };
//!
//! struct Pets;
//!
//! impl ReadFile for Pets {
//!     fn read(&self, _: &str) -> Result<Vec<u8>, String> {
//!         let text = "{openapi: 3.0.3, paths: {}, components: {schemas: {Pet: {type: object}}}}";
//!         Ok(text.into())
//!     }
//! }
//!
//! let selection = Selection::new("pets.yaml", Subject::Component("Pet".to_owned()));
//! let pet = schema(&Pets, &selection)?;
//! let validator = Validator::from_schema(&pet.value)?;
//! let report = validator.validate(b"7");
//! assert_eq!(report.findings[0].message, "expected an object, found the number 7");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arguments;

use oas_codegen::json_schema::Document;
use serde_json::{Value, json};

pub use arguments::Arguments;
pub use oas_codegen::{
    diagnostic::Diagnostic,
    json_schema::{Body, Message, Subject, SubjectError as SpecError},
    load::{Limits, ReadFile},
};

use crate::Direction;

/// Which schema of which document counts.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The document's entry file, as the reader knows it.
    pub document: String,
    /// What of it.
    pub subject: Subject,
    /// Whether properties that are read-only, or write-only, are refused.
    pub direction: Option<Direction>,
    /// What the document may cost to read.
    pub limits: Limits,
}

impl Selection {
    /// A selection whose direction is that of the body; a component has none.
    pub fn new(document: impl Into<String>, subject: Subject) -> Self {
        let direction = match &subject {
            Subject::Component(_) => None,
            Subject::Body(Body { message, .. }) => Some(match message {
                Message::Request => Direction::Request,
                Message::Response(_) => Direction::Response,
            }),
        };
        Self {
            document: document.into(),
            subject,
            direction,
            limits: Limits::default(),
        }
    }
}

/// A schema of a document.
#[derive(Debug, Clone)]
pub struct Schema {
    /// What it describes: `Pet`, `the request of createPet (application/json)`.
    pub title: String,
    /// JSON Schema 2020-12, complete in itself.
    pub value: Value,
    /// What of it does not count as it is written; no errors.
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes the JSON Schema that a selection names.
///
/// Documents may nest deeply, and each level takes stack: see [`Limits::depth`].
///
/// # Errors
///
/// What the document does not have, or that it cannot be read, with the places.
pub fn schema(reader: &dyn ReadFile, selection: &Selection) -> Result<Schema, SpecError> {
    let document = Document::load(&selection.document, reader, &selection.limits)?;
    let schemas = document.schemas()?.with_patterns(&is_pattern);
    let made = schemas.schema(&selection.subject)?;
    Ok(Schema {
        title: made.title,
        value: match selection.direction {
            Some(direction) => direction.apply(&made.schema),
            None => made.schema,
        },
        diagnostics: made.diagnostics,
    })
}

/// Whether the authority takes a pattern: it refuses a whole schema for one that it does not.
fn is_pattern(pattern: &str) -> bool {
    jsonschema::validator_for(&json!({ "pattern": pattern })).is_ok()
}
