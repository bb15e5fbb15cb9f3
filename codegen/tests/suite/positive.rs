//! `positive/`: one feature a fixture, with what is said about it and generated from it.

use std::path::Path;

use crate::support::{Fixture, findings, options, sources, tests};

fn check(entry: &Path) {
    let fixture = Fixture::at(entry);
    let blank = Fixture::at(&tests().join("positive/blank.yaml"));
    let options = options("fixture");
    let generated = fixture.generate(&options);
    assert!(
        !generated.files.is_empty(),
        "{}: nothing is generated",
        fixture.name
    );
    let blank = blank.generate(&options);
    let sources = sources(&generated.files, &blank.files);
    fixture.assert_snapshot(&(findings(&generated) + &sources));
}

#[test]
fn features_are_generated_as_reviewed() {
    insta::glob!("../positive", "{*.yaml,*.json,*/openapi.yaml}", check);
}
