//! Every example of a body in `spec/` goes through the generated type of that body.

use cross_crate_tests::spec::{self, Body};

use crate::kinds::{Kind, check_edition};

/// Bodies of all operations: 27 in each of the current editions, 12 in the early one.
const BODIES: usize = 66;

/// Whole examples of those bodies: 15 in each of the current editions, 5 in the early one.
const EXAMPLES: usize = 35;

fn bodies(edition: &str) -> Vec<Body> {
    let document = spec::load(edition).unwrap_or_else(|error| panic!("{error}"));
    spec::bodies(&document)
}

#[track_caller]
fn check(edition: &str, body: &Body, payload: &serde_json::Value, example: &str) {
    let name = format!("{} {:?} {example}", body.operation, body.status);
    let kind = Kind::of_body(&body.operation, body.status)
        .unwrap_or_else(|| panic!("{name}: no type is known for this body"));
    let (edition, round_trip) = kind
        .editions()
        .into_iter()
        .find(|(name, _)| *name == edition)
        .unwrap_or_else(|| panic!("{name}: {edition} has no type for {kind:?}"));
    check_edition(edition, round_trip, payload, &name);
}

#[test]
fn examples_of_bodies_are_unchanged() {
    let mut count = 0;
    for edition in spec::EDITIONS {
        for body in bodies(edition) {
            for (name, payload) in &body.examples {
                check(edition, &body, payload, name);
                count += 1;
            }
        }
    }
    assert_eq!(count, EXAMPLES, "examples of bodies in spec/");
}

#[test]
fn bodies_of_property_examples_are_unchanged() {
    let mut count = 0;
    for edition in spec::EDITIONS {
        for body in bodies(edition) {
            check(edition, &body, &spec::example_of(&body.schema), "assembled");
            count += 1;
        }
    }
    assert_eq!(count, BODIES, "JSON bodies in spec/");
}
