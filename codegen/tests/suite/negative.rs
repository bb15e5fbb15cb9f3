//! `negative/<kind>/`: malformed documents, with what is said about them and what is left.

use std::fmt::Write as _;
use std::path::Path;

use oas_codegen::emit::OutputFile;
use oas_codegen::load::Limits;

use crate::support::{Fixture, findings, options, sources};

/// Limits that small fixtures can exceed.
const SMALL: Limits = Limits {
    file_size: 4000,
    files: 3,
    depth: 12,
    expanded_nodes: 100,
};

fn check(entry: &Path) {
    let fixture = Fixture::at(entry);
    let mut options = options("fixture");
    if entry.components().any(|part| part.as_os_str() == "limits") {
        options.limits = SMALL;
    }
    let generated = fixture.generate(&options);
    assert!(
        !generated.diagnostics.is_empty(),
        "{}: nothing is said about a malformed document",
        fixture.name
    );
    fixture.assert_snapshot(&(findings(&generated) + &outline(&generated.files())));
}

/// The public items of the modules: what is left of the document.
fn outline(files: &[OutputFile]) -> String {
    let mut shown = String::new();
    for file in sources(files).filter(|file| file.path != "src/lib.rs") {
        let lines = file.contents.lines();
        let public = lines.filter(|line| line.trim_start().starts_with("pub "));
        let public = public.collect::<Vec<_>>().join("\n");
        let _ = write!(shown, "\n==> {} <==\n{public}\n", file.path);
    }
    if files.is_empty() {
        shown.push_str("\nnothing is generated\n");
    }
    shown
}

#[test]
fn malformed_documents_are_reported_as_reviewed() {
    insta::glob!("../negative", "*/{*.yaml,*.json,*/openapi.yaml}", check);
}
