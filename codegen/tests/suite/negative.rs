//! `negative/<kind>/`: malformed documents, with what is said about them and what is left.

use std::fmt::Write as _;
use std::path::Path;

use oas_codegen::emit::OutputFile;
use oas_codegen::load::Limits;

use crate::support::{Fixture, findings, options};

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
    let silence = match generated.diagnostics.as_slice() {
        [] => "NOTHING IS SAID\n",
        _ => "",
    };
    fixture.assert_snapshot(&(findings(&generated) + silence + &outline(&generated.files)));
}

/// The public items of the sources: what is left of the document.
fn outline(files: &[OutputFile]) -> String {
    let mut shown = String::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let public = file
            .contents
            .lines()
            .filter(|line| line.trim_start().starts_with("pub "));
        let public: Vec<_> = public.collect();
        if !public.is_empty() {
            let _ = write!(shown, "\n==> {} <==\n{}\n", file.path, public.join("\n"));
        }
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
