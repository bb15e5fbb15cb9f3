//! `spec/`: OpenAPI documents, with payloads that are checked by them.
//!
//! A line `# check: ARGUMENTS <<< PAYLOAD` of a document checks the payload by the schema of that
//! document which the arguments name; `⏎` in it stands for a line end. The snapshot shows what is found, or why nothing is checked.

#![cfg(feature = "spec")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use clap::Parser;
use export_validator::{
    Direction, SchemaPlace, Validator,
    spec::{Arguments, Limits, ReadFile, schema},
};
use oas_codegen::json_schema::Document;
use serde_json::json;

#[derive(Parser)]
#[command(no_binary_name = true)]
struct Program {
    #[command(flatten)]
    spec: Arguments,
}

/// Files below a folder, so that their names are the same on every machine.
struct Folder(PathBuf);

impl ReadFile for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        if name.contains("://") {
            return Err("remote references are refused".to_owned());
        }
        // The system's own words differ between systems.
        std::fs::read(self.0.join(name)).map_err(|error| error.kind().to_string())
    }
}

/// The words of a command line, in which double quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

fn shown(folder: &Folder, document: &str, arguments: &str, payload: &str) -> String {
    let first = ["--spec".to_owned(), document.to_owned()];
    let arguments = first.into_iter().chain(words(arguments));
    let program = Program::try_parse_from(arguments).expect("the arguments can be read");
    let selection = match program.spec.selection() {
        Ok(selection) => selection.expect("a document is named"),
        Err(message) => return message + "\n",
    };
    let mut shown = String::new();
    let made = match schema(folder, &selection) {
        Ok(made) => made,
        Err(error) => {
            let _ = writeln!(shown, "{error}");
            for diagnostic in error.diagnostics() {
                let _ = writeln!(shown, "{diagnostic}");
            }
            return shown;
        }
    };
    for diagnostic in &made.diagnostics {
        let _ = writeln!(shown, "{diagnostic}");
    }
    let validator = Validator::from_schema(&made.value)
        .unwrap_or_else(|error| panic!("{error}: {:#}", made.value));
    let report = validator.validate(payload.as_bytes());
    let valid = if report.findings.is_empty() {
        "valid by"
    } else {
        "not valid by"
    };
    let _ = writeln!(shown, "{valid} {}", made.title);
    for finding in report.findings {
        let finding = made.places.placed(finding);
        let _ = write!(
            shown,
            "{}:{} {} {:?}: {}",
            finding.position.line,
            finding.position.column,
            finding.code,
            finding.pointer.as_str(),
            finding.message
        );
        if let Some(SchemaPlace { file, position }) = finding.schema_place {
            let _ = write!(shown, " ({file}:{}:{})", position.line, position.column);
        }
        shown.push('\n');
    }
    shown
}

fn check(path: &Path) {
    let text = std::fs::read_to_string(path).expect("the document can be read");
    let folder = Folder(path.parent().expect("it is in a folder").to_owned());
    let document = path.file_name().unwrap_or_default().to_string_lossy();
    let mut all = String::new();
    for line in text.lines() {
        let Some(case) = line.strip_prefix("# check: ") else {
            continue;
        };
        let (arguments, payload) = case.split_once("<<<").expect("a case has a payload");
        let payload = payload.trim().replace(" ⏎ ", "\n");
        let shown = shown(&folder, &document, arguments, &payload);
        let _ = writeln!(all, "$ {case}\n{shown}");
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match &*stem {
        "openapi" => folder.0.file_name().unwrap_or_default().to_string_lossy(),
        stem => stem.into(),
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec"));
    settings.set_prepend_module_to_snapshot(false);
    settings.remove_snapshot_suffix();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(&*name, all));
}

/// Documents of others, beside the workspace; not everyone has them.
fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        return Vec::new();
    };
    let files = index
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1));
    files.map(|file| folder.join(file)).collect()
}

/// How many schemas of a document are made and compiled: without optimisation that takes a while.
const SAMPLE: usize = if cfg!(debug_assertions) {
    12
} else {
    usize::MAX
};

/// Makes schemas of a document, in all directions; what cannot be used.
fn unusable(path: &Path) -> Vec<String> {
    let folder = Folder(PathBuf::new());
    let document = Document::load(&path.to_string_lossy(), &folder, &Limits::default());
    let document = document.unwrap_or_else(|error| panic!("{error}"));
    let schemas = document.schemas().unwrap_or_else(|error| panic!("{error}"));
    let is_pattern =
        |pattern: &str| jsonschema::validator_for(&json!({"pattern": pattern})).is_ok();
    let schemas = schemas.with_patterns(&is_pattern);
    let subjects = schemas.subjects();
    let step = subjects.len().div_ceil(SAMPLE).max(1);
    let mut wrong = Vec::new();
    for subject in subjects.iter().step_by(step) {
        let made = match schemas.schema(subject) {
            Ok(made) => made.schema,
            Err(error) => {
                wrong.push(format!("{}: {subject}: {error}", path.display()));
                continue;
            }
        };
        let directed = [Direction::Request, Direction::Response].map(|one| one.apply(&made));
        for schema in [made].into_iter().chain(directed) {
            if let Err(error) = Validator::from_schema(&schema) {
                wrong.push(format!("{}: {subject}: {error}", path.display()));
            }
        }
    }
    wrong
}

#[test]
fn every_schema_of_real_documents_can_be_used() {
    let wrong: Vec<String> = corpus().iter().flat_map(|path| unusable(path)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn payloads_are_checked_as_reviewed() {
    insta::glob!("spec", "{*.yaml,*/openapi.yaml}", check);
}
