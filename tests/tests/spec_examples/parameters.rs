//! The examples of parameters and response headers, against the schemas beside them.
//!
//! Those schemas use no keyword that OpenAPI 3.0 and JSON Schema read differently.

use cross_crate_tests::spec;
use serde_json::Value;

use crate::{assert_all_valid, problems};

#[derive(Default)]
struct Check {
    checked: usize,
    found: Vec<String>,
}

impl Check {
    /// A parameter or header: its example, its schema's example and its schema's default.
    fn check(&mut self, holder: &Value, place: &str) {
        let schema = &holder["schema"];
        assert!(schema.is_object(), "{place} has no schema");
        assert_eq!(schema.get("nullable"), None, "{place}");
        let examples = spec::members(&holder["examples"]).map(|(_, example)| &example["value"]);
        let own = [&holder["example"], &schema["example"], &schema["default"]];
        for value in own
            .into_iter()
            .filter(|value| !value.is_null())
            .chain(examples)
        {
            self.checked += 1;
            self.found.extend(problems(schema, value, place));
        }
    }
}

fn document(edition: &str) -> Value {
    spec::load(edition).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn parameters() {
    let mut check = Check::default();
    for edition in spec::EDITIONS {
        let document = document(edition);
        for (path, method, operation) in spec::operations(&document) {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let place = format!("{edition} {method} {path} {}", parameter["name"]);
                check.check(parameter, &place);
            }
        }
    }
    assert_all_valid(check.checked, 41, &check.found);
}

#[test]
fn response_headers() {
    let mut check = Check::default();
    for edition in spec::EDITIONS {
        let document = document(edition);
        for (path, method, operation) in spec::operations(&document) {
            for (status, response) in spec::members(&operation["responses"]) {
                for (name, header) in spec::members(&response["headers"]) {
                    check.check(
                        header,
                        &format!("{edition} {method} {path} {status} {name}"),
                    );
                }
            }
        }
    }
    assert_all_valid(check.checked, 15, &check.found);
}
