//! Every example and default in `spec/` is valid against its own schema, and the JSON Schemas that
//! are generated from `spec/` are valid and complete in themselves.

mod bodies;
mod json_schemas;
mod parameters;
mod walk;

use jsonschema::Validator;
use serde_json::Value;

/// The schema with formats asserted, as far as JSON Schema knows them.
///
/// A UUID may lack its hyphens: that is how ids really look, and what `spec/` says of them.
fn validator(schema: &Value) -> Result<Validator, String> {
    let uuid = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
        let hyphens: Vec<usize> = text.match_indices('-').map(|(at, _)| at).collect();
        digits + hyphens.len() == text.len()
            && digits == 32
            && (hyphens.is_empty() || hyphens == [8, 13, 18, 23])
    };
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("uuid", uuid)
        .build(schema)
        .map_err(|error| format!("is no schema: {error}"))
}

/// What is wrong with a value; `place` says where it and its schema stand.
fn problems(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    match validator(schema) {
        Ok(validator) => validator
            .iter_errors(value)
            .map(|error| format!("{place}: {value} at {:?}: {error}", error.instance_path()))
            .collect(),
        Err(problem) => vec![format!("{place} {problem}")],
    }
}

/// Fails unless enough was checked and nothing is wrong.
#[track_caller]
fn assert_all_valid(checked: usize, at_least: usize, problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} of {checked} are not valid:\n- {}",
        problems.len(),
        problems.join("\n- ")
    );
    assert!(
        checked >= at_least,
        "{checked} were checked; there should be {at_least} or more"
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{assert_all_valid, problems, walk};

    #[test]
    fn a_wrong_example_is_found() {
        let schema = json!({
            "properties": {
                "default": {"type": "string", "default": 1, "examples": ["a", null]},
                "id": {"$ref": "#/$defs/Id"},
                "when": {"format": "date-time", "examples": ["yesterday", "2026-01-31T08:00:00Z"]},
            },
            "$defs": {"Id": {"format": "uuid", "examples": [
                "2c91808568c529c60168cca6f90c1313",
                "2b838de9-db9b-abcf-e646-d4f274ad4238",
                "2b838de9d-b9b-abcf-e646-d4f274ad4238",
            ]}},
        });
        let mut found = Vec::new();
        let mut checked = 0;
        for (pointer, subschema, value) in walk::values(&schema, &["default", "examples"]) {
            checked += 1;
            found.extend(problems(&subschema, &value, &pointer));
        }
        assert_eq!(checked, 8);
        let places: Vec<&str> = found
            .iter()
            .filter_map(|problem| problem.split(':').next())
            .collect();
        assert_eq!(
            places,
            [
                "/properties/default",
                "/properties/default",
                "/properties/when",
                "/$defs/Id"
            ]
        );
    }

    #[test]
    #[should_panic(expected = "3 were checked; there should be 4 or more")]
    fn too_few_is_a_failure() {
        assert_all_valid(3, 4, &[]);
    }
}
