//! `positive/`: one feature a fixture, with what is said about it and generated from it.

use std::path::Path;

use crate::support::{Fixture, findings, show_sources};

fn check(entry: &Path) {
    let fixture = Fixture::at(entry);
    let generated = fixture.generate(&fixture.options("fixture"));
    assert!(
        generated.output.is_some(),
        "{}: nothing is generated",
        fixture.name
    );
    fixture.assert_snapshot(&(findings(&generated) + &show_sources(&generated.files())));
}

#[test]
fn features_are_generated_as_reviewed() {
    insta::glob!("../positive", "{*.yaml,*.json,*/openapi.yaml}", check);
}
