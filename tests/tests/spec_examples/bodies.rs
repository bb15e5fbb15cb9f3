//! The examples of request and response bodies, against the schemas generated for those bodies.

use std::collections::BTreeMap;

use cross_crate_tests::spec::{self, Body};

use crate::json_schemas::generated;
use crate::{assert_all_valid, problems};

/// The name of the schema that is generated for a body.
fn schema_name(body: &Body) -> String {
    let mut characters = body.operation.chars();
    let first = characters.next().unwrap_or_default().to_uppercase();
    let operation: String = first.chain(characters).collect();
    let part = match body.status {
        None => "Request",
        Some(200) => "ResponseOk",
        Some(400) => "ResponseBadRequest",
        Some(401) => "ResponseUnauthorized",
        Some(403) => "ResponseForbidden",
        Some(404) => "ResponseNotFound",
        Some(429) => "ResponseTooManyRequests",
        Some(500) => "ResponseInternalServerError",
        Some(other) => panic!("no name is known for {other}"),
    };
    operation + part
}

/// Each body of an edition with its generated schema.
fn bodies(edition: &str) -> Vec<(String, Body, serde_json::Value)> {
    let schemas: BTreeMap<String, _> = generated(edition).into_iter().collect();
    let document = spec::load(edition).unwrap_or_else(|error| panic!("{error}"));
    let bodies = spec::bodies(&document).into_iter();
    bodies
        .map(|body| {
            let name = schema_name(&body);
            let schema = schemas.get(&name).cloned();
            let schema = schema.unwrap_or_else(|| panic!("no schema {name} in {edition}"));
            (format!("{edition} {name}"), body, schema)
        })
        .collect()
}

#[test]
fn their_examples_are_valid() {
    let (mut checked, mut found) = (0, Vec::new());
    for edition in spec::EDITIONS {
        for (name, body, schema) in bodies(edition) {
            for (example, value) in &body.examples {
                checked += 1;
                found.extend(problems(&schema, value, &format!("{name} {example}")));
            }
        }
    }
    assert_all_valid(checked, 35, &found);
}

#[test]
fn what_the_examples_of_their_parts_make_is_valid() {
    let (mut checked, mut found) = (0, Vec::new());
    for edition in spec::EDITIONS {
        for (name, body, schema) in bodies(edition) {
            checked += 1;
            found.extend(problems(&schema, &spec::example_of(&body.schema), &name));
        }
    }
    assert_all_valid(checked, 66, &found);
}

/// Each body has a schema, and each schema of an operation has its body.
#[test]
fn no_schema_is_without_a_body() {
    for edition in spec::EDITIONS {
        let used: Vec<String> = bodies(edition)
            .iter()
            .map(|(_, body, _)| schema_name(body))
            .collect();
        let left: Vec<String> = generated(edition)
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| name.contains("ProfilesRe") || name.contains("ProfileRe"))
            .filter(|name| !used.contains(name))
            .collect();
        assert_eq!(left, Vec::<String>::new(), "{edition}");
    }
}
