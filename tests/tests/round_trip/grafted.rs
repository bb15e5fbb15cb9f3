//! Unknown members survive, whatever they are and wherever they stand.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cross_crate_tests::spec::{self, Body};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value};

use crate::kinds::{Kind, check_unchanged};

/// Any JSON value; numbers in every form that `serde_json` keeps apart.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1.0e300..1.0e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A member to add: at which of the payload's objects, its name and value.
fn any_graft() -> impl Strategy<Value = (Index, String, Value)> {
    (any::<Index>(), any::<String>(), any_json())
}

/// JSON Pointers of all objects in a value.
fn objects(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.push(pointer.to_owned());
            for (key, value) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                objects(value, &format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Names of members anywhere in the payload: they have types, so no other value may stand there.
fn known_names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                found.insert(key.clone());
                known_names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| known_names(item, found)),
        _ => {}
    }
}

fn graft(payload: &mut Value, grafts: Vec<(Index, String, Value)>) {
    let (mut places, mut known) = (Vec::new(), BTreeSet::new());
    objects(payload, "", &mut places);
    known_names(payload, &mut known);
    for (index, name, value) in grafts {
        let place = payload.pointer_mut(index.get(&places).as_str());
        if let Some(members) = place.and_then(Value::as_object_mut)
            && !known.contains(&name)
        {
            members.insert(name, value);
        }
    }
}

/// The bodies of a current edition, read once for all cases.
static BODIES: LazyLock<Vec<Body>> = LazyLock::new(|| {
    let document = spec::load("v2024").unwrap_or_else(|error| panic!("{error}"));
    spec::bodies(&document)
});

/// The documented example of an operation's success.
fn documented(operation: &str) -> Value {
    let body = BODIES
        .iter()
        .find(|body| body.operation == operation && body.status == Some(200))
        .unwrap_or_else(|| panic!("{operation} has no body"));
    body.examples[0].1.clone()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unknown_members_of_an_export_survive(grafts in vec(any_graft(), 1..8)) {
        let mut payload = documented("exportIdentityProfiles");
        graft(&mut payload, grafts);
        check_unchanged(Kind::ExportedObjects, &payload, "grafted export");
    }

    #[test]
    fn unknown_members_of_an_import_result_survive(grafts in vec(any_graft(), 1..8)) {
        let mut payload = documented("importIdentityProfiles");
        graft(&mut payload, grafts);
        check_unchanged(Kind::ImportResult, &payload, "grafted import result");
    }

    #[test]
    fn arguments_of_a_transform_are_any_json(arguments in btree_map(any::<String>(), any_json(), 0..6)) {
        let mut payload = documented("exportIdentityProfiles");
        let place = "/0/object/identityAttributeConfig/attributeTransforms/0/transformDefinition/attributes";
        let members: Map<String, Value> = arguments.into_iter().collect();
        *payload.pointer_mut(place).expect("the example has a transform") = Value::Object(members);
        check_unchanged(Kind::ExportedObjects, &payload, "transform");
    }
}
