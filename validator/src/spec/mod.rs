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

use oas_codegen::json_schema::{Document, Origins};
use serde_json::{Value, json};

pub use arguments::Arguments;
pub use oas_codegen::{
    diagnostic::Diagnostic,
    json_schema::{Body, Message, Subject, SubjectError as SpecError},
    load::{Limits, ReadFile},
};

use std::collections::HashMap;

use crate::{Direction, Finding, JsonPointer, Marked, SchemaPlace};

/// Which schema of which document counts.
#[derive(Debug, Clone)]
pub struct Selection {
    /// The document's entry file, as the reader knows it.
    pub document: String,
    /// What of it.
    pub subject: Subject,
    /// Which way payloads go: properties of the other direction are not required.
    pub direction: Option<Direction>,
    /// What becomes of properties of the other direction that are there nevertheless.
    pub marked: Marked,
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
            marked: Marked::Taken,
            limits: Limits::default(),
        }
    }
}

/// A schema of a document.
#[derive(Debug)]
pub struct Schema {
    /// What it describes: `Pet`, `the request of createPet (application/json)`.
    pub title: String,
    /// JSON Schema 2020-12, complete in itself.
    pub value: Value,
    /// What of it does not count as it is written; no errors.
    pub diagnostics: Vec<Diagnostic>,
    /// Where its parts stand in the document.
    pub places: Places,
}

/// Where the parts of a schema stand in the document that it is from.
#[derive(Debug)]
pub struct Places {
    document: Document,
    origins: Origins,
    /// Definitions that are forms of others, for one direction.
    forms: HashMap<String, String>,
}

impl Places {
    /// Where the document says what a part of the schema says.
    ///
    /// `schema` is a URI fragment as in [`Finding::schema`]. `None` if there is no such part.
    pub fn place(&self, schema: &str) -> Option<SchemaPlace> {
        let mut part = JsonPointer::parse(schema.strip_prefix('#')?).ok()?;
        let form = part.tokens().nth(1).and_then(|name| self.forms.get(&*name));
        if let Some(of) = form.filter(|_| part.tokens().next().as_deref() == Some("$defs")) {
            let below = part.tokens().skip(2);
            let start = JsonPointer::root().child("$defs").child(of);
            part = below.fold(start, |pointer, step| pointer.child(&step));
        }
        let origin = self.document.origin(&self.origins, &part)?;
        Some(SchemaPlace {
            file: origin.file,
            position: origin.position,
        })
    }

    /// The finding with the place in the document that its schema is from.
    #[must_use]
    pub fn placed(&self, finding: Finding) -> Finding {
        let schema = finding.schema.as_deref();
        Finding {
            schema_place: schema.and_then(|schema| self.place(schema)),
            ..finding
        }
    }
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
    drop(schemas);
    let (value, forms) = match selection.direction {
        Some(direction) => direction.directed(&made.schema, selection.marked),
        None => (made.schema, HashMap::new()),
    };
    Ok(Schema {
        title: made.title,
        value,
        diagnostics: made.diagnostics,
        places: Places {
            document,
            origins: made.origins,
            forms,
        },
    })
}

/// Whether the authority takes a pattern: it refuses a whole schema for one that it does not.
fn is_pattern(pattern: &str) -> bool {
    jsonschema::validator_for(&json!({ "pattern": pattern })).is_ok()
}
