//! Documents that are extreme in one way: deep, long, wide, or all of one name.

use std::fmt::Write as _;

use oas_codegen::cli::with_large_stack;
use oas_codegen::{Generated, generate};

use crate::subjects::check_some;
use crate::support::{Text, input, options, sources};

/// Generates from component schemas, one JSON member a line.
fn generate_from(schemas: &str) -> Generated {
    let document = format!(
        "{{\"openapi\": \"3.1.0\", \"paths\": {{}}, \"components\": {{\"schemas\": {{{schemas}}}}}}}"
    );
    let options = options("fixture");
    let text = Text(document.as_bytes());
    let made = with_large_stack(|| check_some("extreme", &text)).flatten();
    made.unwrap_or_else(|error| panic!("{error}"));
    with_large_stack(|| generate(&[input("extreme")], &options, &text))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Checks that the generator takes all of it, and that the result is Rust.
fn check(schemas: &str, expected: &str) {
    let generated = generate_from(schemas);
    let diagnostics = &generated.diagnostics;
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let files = generated.files();
    for file in sources(&files) {
        // What is nested in the document is nested in the source.
        let parsed = with_large_stack(|| syn::parse_file(&file.contents).map(drop));
        match parsed {
            Ok(Ok(())) => {}
            other => panic!("{}: {other:?}", file.path),
        }
    }
    let types = files.iter().find(|file| file.path == "src/types.rs");
    let types = types.map(|file| file.contents.as_str()).unwrap_or_default();
    assert!(types.contains(expected), "no {expected:?} is generated");
}

/// A schema that holds itself so many times, by `{open}…{close}`.
fn nested(open: &str, close: &str, times: usize) -> String {
    let core = r#"{"type": "object", "properties": {"core": {"type": "string"}}}"#;
    format!(
        "\"Nested\": {}{core}{}",
        open.repeat(times),
        close.repeat(times)
    )
}

#[test]
fn schemas_may_nest_as_deep_as_is_allowed() {
    // Two levels each, below the document's own.
    check(
        &nested(r#"{"type": "array", "items": "#, "}", 400),
        "pub core: Option<String>",
    );
    check(
        &nested(r#"{"additionalProperties": "#, "}", 400),
        "pub core: Option<String>",
    );
    check(
        &nested(r#"{"properties": {"a": "#, "}}", 200),
        "pub core: Option<String>",
    );
    check(
        &nested(r#"{"allOf": ["#, "]}", 200),
        "pub core: Option<String>",
    );
    check(
        &nested(r#"{"oneOf": [{"type": "string"}, "#, "]}", 200),
        "pub core: Option<String>",
    );
}

#[test]
fn references_may_be_long_chains() {
    let mut schemas =
        String::from(r#""End": {"type": "object", "properties": {"end": {"type": "boolean"}}}"#);
    for index in (0..5_000).rev() {
        let next = if index == 4_999 {
            "End".to_owned()
        } else {
            format!("Link{}", index + 1)
        };
        let _ = write!(
            schemas,
            ",\n\"Link{index}\": {{\"allOf\": [{{\"$ref\": \"#/components/schemas/{next}\"}}]}}"
        );
    }
    check(&schemas, "pub type Link0 =");
}

#[test]
fn types_may_lead_through_each_other_in_long_cycles() {
    let mut schemas = String::new();
    for index in 0..2_000 {
        let next = (index + 1) % 2_000;
        let _ = write!(
            schemas,
            "{}\"Ring{index}\": {{\"properties\": {{\"next\": {{\"$ref\": \"#/components/schemas/Ring{next}\"}}}}}}",
            if index == 0 { "" } else { ",\n" }
        );
    }
    check(&schemas, "pub next: Option<Box<Ring0>>");
}

#[test]
fn many_may_have_one_name() {
    let mut schemas = String::new();
    let mut values = String::new();
    for index in 0..2_000 {
        let separator = if index == 0 { "" } else { ", " };
        let odd = "_".repeat(index);
        let _ = write!(
            schemas,
            "{separator}\"same{odd}\": {{\"enum\": [\"x{index}\"]}}"
        );
        let _ = write!(values, "{separator}\"{odd}value\"");
    }
    check(
        &format!("{schemas}, \"Values\": {{\"enum\": [{values}]}}"),
        "pub enum Same2000",
    );
}
