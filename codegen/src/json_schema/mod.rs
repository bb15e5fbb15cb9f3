//! One schema of a document as JSON Schema 2020-12: of a component, or of a body of an operation.
//!
//! ```
//! use oas_codegen::json_schema::{Document, Subject};
//! use oas_codegen::load::{Limits, ReadFile};
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
//! let document = Document::load("pets.yaml", &Pets, &Limits::default())?;
//! let pet = document.schemas()?.schema(&Subject::Component("Pet".to_owned()))?;
//! assert_eq!(pet.schema["type"], "object");
//!
//! let wrong = document.schemas()?.schema(&Subject::Component("Pets".to_owned()));
//! let message = wrong.unwrap_err().to_string();
//! assert_eq!(message, "pets.yaml has no schema \"Pets\"; did you mean \"Pet\"?");
//! # Ok::<(), oas_codegen::json_schema::SubjectError>(())
//! ```

mod body;
mod error;
mod origin;
mod subject;

use std::collections::HashMap;

use serde_json::Value;
use source_text::Position;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::load::{self, Limits, Load, Node, NodeId, ReadFile};
use crate::lower::{JsonSchemaWriter, definition_names};
use crate::resolve::{self, Api, References};

pub use error::SubjectError;
pub use origin::{Origin, Origins};
pub use subject::{Body, Message, Subject};

/// A loaded document.
#[derive(Debug)]
pub struct Document {
    file: String,
    load: Load,
    diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// Loads the document whose entry file is `file`, with every file that it refers to.
    ///
    /// # Errors
    ///
    /// [`SubjectError::Document`] if the entry file cannot be read.
    pub fn load(file: &str, reader: &dyn ReadFile, limits: &Limits) -> Result<Self, SubjectError> {
        let mut diagnostics = Diagnostics::default();
        let load = load::load(&[file], reader, limits, &mut diagnostics);
        let document = Self {
            file: file.to_owned(),
            load,
            diagnostics: errors(diagnostics),
        };
        match document.root() {
            Some(_) => Ok(document),
            None => Err(SubjectError::Document(without_effects(
                document.diagnostics,
            ))),
        }
    }

    fn root(&self) -> Option<Node<'_>> {
        let index = self.load.documents.file_named(&self.file)?;
        self.load.documents.file_root(index)
    }

    /// What the document describes.
    ///
    /// # Errors
    ///
    /// [`SubjectError::Document`] if it is no OpenAPI 3 document.
    pub fn schemas(&self) -> Result<Schemas<'_>, SubjectError> {
        let references = References::new(&self.load);
        let mut diagnostics = Diagnostics::default();
        let root = self.root();
        let api = root.and_then(|root| resolve::resolve(root, &references, &mut diagnostics));
        let Some(api) = api else {
            return Err(SubjectError::Document(without_effects(errors(diagnostics))));
        };
        let names = definition_names(&api, &references, &mut diagnostics);
        Ok(Schemas {
            document: self,
            references,
            api,
            names,
            diagnostics: errors(diagnostics),
            is_pattern: &|_| true,
        })
    }
}

/// What a document describes, ready to be written as JSON Schema.
pub struct Schemas<'d> {
    document: &'d Document,
    references: References<'d>,
    api: Api<'d>,
    names: HashMap<NodeId, String>,
    /// The errors of the document as a whole.
    diagnostics: Vec<Diagnostic>,
    is_pattern: &'d dyn Fn(&str) -> bool,
}

/// A schema that was asked for.
#[derive(Clone, Debug)]
pub struct JsonSchema {
    /// What it describes: `Pet`, `the request of createPet (application/json)`.
    pub title: String,
    /// JSON Schema 2020-12, complete in itself: what it refers to stands in its `$defs`.
    ///
    /// `readOnly` and `writeOnly` are annotations, and so is a `discriminator`: an object with
    /// `propertyName` and a `mapping` of values to `#/$defs/…`, complete, beside the `oneOf` or
    /// `anyOf` whose alternatives it names.
    pub schema: Value,
    /// The file that the schema stands in.
    pub file: String,
    /// Where it stands there.
    pub position: Position,
    /// The JSON Pointer that leads there from the file's root.
    pub pointer: String,
    /// What its parts were made of: see [`Document::origin`].
    pub origins: Origins,
    /// What of the schema does not count as it is written, by file and position; no errors.
    pub diagnostics: Vec<Diagnostic>,
}

/// A schema's place in the document and the words for it.
struct Found<'d> {
    title: String,
    /// `None` if nothing is said about the value.
    schema: Option<Node<'d>>,
    /// Where the schema is stated, or would be.
    place: Node<'d>,
}

impl<'d> Schemas<'d> {
    /// Leaves out patterns that are no regular expressions to whom the schema is for.
    #[must_use]
    pub fn with_patterns(self, is_pattern: &'d dyn Fn(&str) -> bool) -> Self {
        Self { is_pattern, ..self }
    }

    /// Everything that can be asked for: components, then the JSON bodies of operations and
    /// webhooks, in document order.
    pub fn subjects(&self) -> Vec<Subject> {
        let components = self.api.schemas.iter();
        let components = components.map(|(name, _)| Subject::Component((*name).to_owned()));
        components.chain(body::subjects(&self.api)).collect()
    }

    /// The JSON Schema of a component or body; nothing else of the document is looked at.
    ///
    /// # Errors
    ///
    /// [`SubjectError::Document`] if a part of the schema cannot be read, such as a reference that
    /// leads nowhere: without it, values would be taken that are not valid. Otherwise what the
    /// document does not have, or has several of.
    pub fn schema(&self, subject: &Subject) -> Result<JsonSchema, SubjectError> {
        self.references.report_again();
        let mut diagnostics = Diagnostics::default();
        let found = match subject {
            Subject::Component(name) => self.component(name)?,
            Subject::Body(wanted) => self.body(wanted)?,
        };
        let mut writer = JsonSchemaWriter {
            references: &self.references,
            dialect: self.api.dialect,
            diagnostics: &mut diagnostics,
            names: &self.names,
            is_pattern: self.is_pattern,
        };
        let (place, written) = match found.schema {
            Some(node) => (node, writer.self_contained(node, &found.title)),
            None => {
                let message = "no schema is stated for this".to_owned();
                let effect = "every value is valid";
                diagnostics.warning(found.place, "no-schema", message, effect);
                let written = JsonSchemaWriter::anything(found.place, &found.title);
                (found.place, written)
            }
        };
        let diagnostics = diagnostics.into_sorted();
        if diagnostics.iter().any(is_error) {
            return Err(SubjectError::Document(self.with_causes(diagnostics)));
        }
        Ok(JsonSchema {
            title: found.title,
            schema: written.schema,
            file: place.source().name().to_owned(),
            position: place.position(),
            pointer: place.pointer(),
            origins: Origins {
                root: written.root,
                definitions: written.definitions,
            },
            diagnostics,
        })
    }

    fn component(&self, name: &str) -> Result<Found<'d>, SubjectError> {
        let schemas = &self.api.schemas;
        match schemas.iter().find(|(known, _)| *known == name) {
            Some((_, node)) => Ok(Found {
                title: name.to_owned(),
                schema: Some(*node),
                place: *node,
            }),
            None => {
                let defects = if schemas.is_empty() {
                    self.diagnostics.clone()
                } else {
                    Vec::new()
                };
                let known = schemas.iter().map(|(name, _)| (*name).to_owned());
                Err(SubjectError::Unknown {
                    kind: "schema",
                    wanted: name.to_owned(),
                    holder: self.document.file.clone(),
                    known: known.collect(),
                    diagnostics: self.with_causes(defects),
                })
            }
        }
    }

    /// The errors among these diagnostics, after those of the files that they speak of.
    fn with_causes(&self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics.retain(is_error);
        let is_named = |cause: &&Diagnostic| {
            let name = format!("{:?}", cause.file);
            diagnostics
                .iter()
                .any(|error| error.message.contains(&name))
        };
        let of_files = self.document.diagnostics.iter().filter(is_named);
        let of_files: Vec<Diagnostic> = of_files.cloned().collect();
        diagnostics.splice(0..0, of_files);
        without_effects(diagnostics)
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
}

/// Errors whose effects on generated code do not matter: there is no schema.
fn without_effects(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        diagnostic.effect = "".into();
    }
    diagnostics
}

fn errors(diagnostics: Diagnostics) -> Vec<Diagnostic> {
    let mut all = diagnostics.into_sorted();
    all.retain(is_error);
    all
}
