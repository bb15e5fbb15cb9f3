//! Compares the documents in `spec/` with the documentation that they were reconstructed from.
//!
//! The documentation is not part of the project. Where it lies beside the workspace, in
//! `../shared/api-docs`, everything that it states is compared; elsewhere these tests say that they
//! skipped, and pass.

mod consistency;
mod document;
mod fields;
mod front_matter;
mod page;
mod rendered;
mod schema;

use std::fs;
use std::path::PathBuf;

use document::{Document, workspace};
use front_matter::Comparison;
use rendered::{Documented, FieldList};

/// The text of the page whose file name begins with `number`; none where there is no documentation.
fn page(number: &str) -> Option<String> {
    let folder = workspace().join("../shared/api-docs");
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let begins = |file: &PathBuf| {
        file.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(number))
    };
    let file = files
        .find(begins)
        .unwrap_or_else(|| panic!("no page {number} in {}", folder.display()));
    Some(fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

fn edition(name: &str) -> Document {
    Document::load(name).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn check(page: &str, outcome: Result<Vec<String>, String>) {
    let differences = outcome.unwrap_or_else(|error| panic!("page {page}: {error}"));
    assert!(
        differences.is_empty(),
        "page {page} and spec/ differ:\n- {}",
        differences.join("\n- ")
    );
}

#[test]
fn front_matter_of_the_early_pages_equals_v3_legacy() {
    let (Some(export), Some(get)) = (page("000"), page("003")) else {
        return;
    };
    let document = edition("v3-legacy");
    let mut comparison = Comparison::new();
    for (number, text) in [("000", &export), ("003", &get)] {
        comparison
            .page(text, &document)
            .unwrap_or_else(|error| panic!("page {number}: {error}"));
    }
    comparison.unused_exceptions();
    check("000 or 003", Ok(comparison.differences));
    let paths = document.keys(&["paths"]).unwrap_or_default();
    assert_eq!(
        paths.len(),
        2,
        "the early edition documents two operations, v3-legacy has {paths:?}"
    );
}

#[test]
fn export_page_of_v3() {
    let Some(text) = page("001") else { return };
    let document = edition("v3");
    check(
        "001",
        Documented::find(&text, &document).and_then(|mut documented| {
            documented.query_parameters(false)?;
            documented.responses(FieldList::Unnamed)?;
            Ok(documented.differences)
        }),
    );
}

#[test]
fn list_page_of_v2024() {
    let Some(text) = page("002") else { return };
    let document = edition("v2024");
    check(
        "002",
        Documented::find(&text, &document).and_then(|mut documented| {
            documented.query_parameters(true)?;
            documented.responses(FieldList::Closed)?;
            documented.authorization()?;
            Ok(documented.differences)
        }),
    );
}

#[test]
fn import_page_of_v3() {
    let Some(text) = page("004") else { return };
    let document = edition("v3");
    check(
        "004",
        Documented::find(&text, &document).and_then(|mut documented| {
            documented.request_body(&text)?;
            documented.only_response()?;
            documented.authorization()?;
            Ok(documented.differences)
        }),
    );
}
