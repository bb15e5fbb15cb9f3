//! `subjects/`: documents, with the JSON Schemas of what is asked for below them, or of everything.

use std::fmt::Write as _;
use std::path::Path;

use oas_codegen::cli::with_large_stack;
use oas_codegen::json_schema::{
    Body, Document, JsonSchema, Message, Schemas, Subject, SubjectError,
};
use oas_codegen::load::{Limits, ReadFile};
use serde_json::json;

use crate::support::{Fixture, Folder};

/// Begins a line of a fixture that asks for a schema: `schema NAME`, `request OPERATION | TYPE`,
/// `response OPERATION | STATUS | TYPE`; what is left out, or a dash, is not said.
const ASK: &str = "# ask: ";

fn is_pattern(pattern: &str) -> bool {
    jsonschema::validator_for(&json!({ "pattern": pattern })).is_ok()
}

/// How many schemas of a document are made where it is not about any in particular.
const ENOUGH: usize = 12;

/// Makes schemas of a document: each is one that can be used, or something is said.
pub(crate) fn check_some(file: &str, reader: &dyn ReadFile) -> Result<(), String> {
    let document = Document::load(file, reader, &Limits::default());
    let Ok(document) = document else {
        return Ok(());
    };
    let Ok(schemas) = document.schemas() else {
        return Ok(());
    };
    let schemas = schemas.with_patterns(&is_pattern);
    let subjects = schemas.subjects();
    for subject in subjects.iter().take(ENOUGH) {
        match schemas.schema(subject) {
            Ok(made) => {
                let usable = jsonschema::validator_for(&made.schema);
                usable.map_err(|error| format!("{subject}: {error}: {:#}", made.schema))?;
            }
            Err(SubjectError::Document(defects)) if defects.is_empty() => {
                return Err(format!("{subject}: nothing is said"));
            }
            Err(_) => {}
        }
    }
    Ok(())
}

fn asked(text: &str) -> Vec<Subject> {
    let questions = text.lines().filter_map(|line| line.strip_prefix(ASK));
    questions.map(subject).collect()
}

fn subject(question: &str) -> Subject {
    let (kind, rest) = question.split_once(' ').expect("a question has two parts");
    let mut parts = rest.split(" | ");
    let operation = parts.next().unwrap_or_default().to_owned();
    let mut next = || parts.next().filter(|part| *part != "-").map(str::to_owned);
    let message = match kind {
        "schema" => return Subject::Component(operation),
        "request" => Message::Request,
        "response" => Message::Response(next()),
        _ => panic!("{question:?} asks for nothing"),
    };
    Subject::Body(Body {
        operation,
        message,
        media_type: next(),
    })
}

fn shown(document: &Document, text: &str) -> Result<String, SubjectError> {
    let schemas = document.schemas()?.with_patterns(&is_pattern);
    let asked = asked(text);
    let mut shown = String::new();
    let subjects = if asked.is_empty() {
        schemas.subjects()
    } else {
        for subject in schemas.subjects() {
            let _ = writeln!(shown, "{subject}");
        }
        asked
    };
    for subject in subjects {
        let _ = write!(shown, "\n==> {subject} <==\n{}", answer(&schemas, &subject));
    }
    Ok(shown)
}

fn answer(schemas: &Schemas<'_>, subject: &Subject) -> String {
    match schemas.schema(subject) {
        Ok(JsonSchema {
            title,
            mut schema,
            file,
            position,
            pointer,
            diagnostics,
            origins: _,
        }) => {
            assert!(schemas.schema(subject).is_ok(), "{subject}: asked again");
            let usable = jsonschema::validator_for(&schema);
            assert!(usable.is_ok(), "{subject}: {:?}", usable.err());
            let members = schema.as_object_mut().expect("a schema is an object");
            assert!(members.shift_remove("$schema").is_some(), "{subject}");
            let mut shown = format!(
                "{title}, {file}:{}:{} {pointer}\n{schema:#}\n",
                position.line, position.column
            );
            for diagnostic in diagnostics {
                let _ = writeln!(shown, "{diagnostic}");
            }
            shown
        }
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &SubjectError) -> String {
    let mut shown = format!("{error}\n");
    for diagnostic in error.diagnostics() {
        let _ = writeln!(shown, "{diagnostic}");
    }
    shown
}

fn check(entry: &Path) {
    let fixture = Fixture::at(entry);
    let text = std::fs::read_to_string(entry).expect("the fixture can be read");
    let folder = Folder(fixture.folder.clone());
    let shown = with_large_stack(|| {
        let document = Document::load(&fixture.entry, &folder, &Limits::default());
        document
            .and_then(|document| shown(&document, &text))
            .unwrap_or_else(|error| refusal(&error))
    });
    let shown = shown.unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
    fixture.assert_snapshot(&shown);
}

#[test]
fn schemas_are_made_as_reviewed() {
    insta::glob!("../subjects", "{*.yaml,*/openapi.yaml}", check);
}
