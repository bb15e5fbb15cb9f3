//! Schemas with values that break them; what is said of each stands beside them.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::fmt::Write;

use serde::Deserialize;
use serde_json::Value;

use super::explain;
use crate::finding::At;

#[derive(Deserialize)]
struct Case {
    schema: Value,
    instances: Vec<Value>,
}

#[test]
fn explanations_are_as_their_snapshots_say() {
    insta::glob!("../../tests/explanations", "*.json", |path| {
        let text = std::fs::read_to_string(path).expect("test inputs can be read");
        let cases: Vec<Case> = serde_json::from_str(&text).expect("a list of cases");
        let mut shown = String::new();
        for case in cases {
            writeln!(shown, "schema {}", case.schema).expect("a string takes everything");
            for instance in &case.instances {
                shown += &explained(&case.schema, instance);
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(path.parent().expect("inputs are in a folder"));
        settings.remove_snapshot_suffix();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        settings.bind(|| insta::assert_snapshot!(name.as_ref(), shown));
    });
}

fn explained(schema: &Value, instance: &Value) -> String {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("a schema");
    let mut shown = format!("\n  {instance}\n");
    let problems = explain(schema, instance, validator.iter_errors(instance));
    assert_eq!(
        problems.is_empty(),
        validator.is_valid(instance),
        "{instance}"
    );
    for problem in problems {
        let at = if problem.at == At::Key { " (key)" } else { "" };
        let keyword = problem
            .schema
            .expect("a schema's problem says where it is from");
        assert!(
            schema.pointer(keyword.as_str()).is_some(),
            "no {keyword} in {schema}"
        );
        assert!(
            problem.expected.is_some(),
            "nothing expected: {}",
            problem.message
        );
        let mut line = |label: &str, text: Option<String>| {
            if let Some(text) = text {
                writeln!(shown, "    {label}: {text}").expect("a string takes everything");
            }
        };
        line(
            problem.code.as_str(),
            Some(format!("{}{at}: {}", problem.pointer, problem.message)),
        );
        line("  schema", Some(format!("#{keyword}")));
        line("  expected", problem.expected);
        line("  suggestion", problem.suggestion);
        line("  help", problem.help);
    }
    shown
}
