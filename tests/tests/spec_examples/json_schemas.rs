//! The generated JSON Schemas: valid, complete in themselves, and with every example of `spec/`.

use std::collections::BTreeSet;
use std::fs;

use cross_crate_tests::{spec, workspace};
use serde_json::Value;

use crate::{assert_all_valid, problems, walk};

/// The schemas of an edition: file name without `.schema.json`, and contents.
pub(crate) fn generated(edition: &str) -> Vec<(String, Value)> {
    let folder = workspace().join("generated/schemas").join(edition);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut schemas = Vec::new();
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{error}")).path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name
            .strip_suffix(".schema.json")
            .unwrap_or_else(|| panic!("{} is no schema", path.display()));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let schema = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        schemas.push((name.to_owned(), schema));
    }
    schemas.sort_by(|(a, _), (b, _)| a.cmp(b));
    schemas
}

/// All generated schemas, with `edition/name`.
fn all() -> Vec<(String, Value)> {
    let editions = spec::EDITIONS.into_iter();
    editions
        .flat_map(|edition| {
            let schemas = generated(edition).into_iter();
            schemas.map(move |(name, schema)| (format!("{edition}/{name}"), schema))
        })
        .collect()
}

#[test]
fn they_are_valid_by_the_meta_schema() {
    let (mut checked, mut found) = (0, Vec::new());
    for (name, schema) in all() {
        checked += 1;
        assert_eq!(
            schema["$schema"], "https://json-schema.org/draft/2020-12/schema",
            "{name}"
        );
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            found.push(format!("{name}: {error}"));
        }
    }
    assert_all_valid(checked, 110, &found);
}

#[test]
fn they_refer_to_nothing_outside() {
    let (mut checked, mut found) = (0, Vec::new());
    for (name, schema) in all() {
        let mut used = BTreeSet::new();
        for (pointer, members) in walk::subschemas(&schema) {
            for keyword in ["$ref", "$dynamicRef"] {
                let Some(target) = members.get(keyword) else {
                    continue;
                };
                checked += 1;
                let inside = target
                    .as_str()
                    .and_then(|target| target.strip_prefix('#'))
                    .filter(|target| schema.pointer(target).is_some_and(Value::is_object));
                match inside {
                    Some(target) => used.insert(target.to_owned()),
                    None => {
                        found.push(format!("{name}{pointer}: {target}"));
                        false
                    }
                };
            }
        }
        for (definition, _) in spec::members(&schema["$defs"]) {
            if !used.contains(&format!("/$defs/{definition}")) {
                found.push(format!("{name}: nothing refers to $defs/{definition}"));
            }
        }
    }
    assert_all_valid(checked, 280, &found);
}

#[test]
fn their_examples_and_defaults_are_valid() {
    let (mut checked, mut found) = (0, Vec::new());
    for (name, schema) in all() {
        for (pointer, subschema, value) in walk::values(&schema, &["default", "examples"]) {
            checked += 1;
            found.extend(problems(&subschema, &value, &format!("{name}{pointer}")));
        }
    }
    assert_all_valid(checked, 700, &found);
}

/// The texts of the values that keywords hold in a schema, `$defs` aside.
fn texts(schema: &Value, keywords: &[&str]) -> Vec<String> {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.remove("$defs");
    }
    let values = walk::values(&schema, keywords).into_iter();
    let mut texts: Vec<String> = values.map(|(_, _, value)| value.to_string()).collect();
    texts.sort();
    texts
}

/// Examples that are not in a generated schema would not be checked above.
#[test]
fn they_have_every_example_and_default_of_the_components() {
    let (mut checked, mut found) = (0, Vec::new());
    for edition in spec::EDITIONS {
        let folder = workspace().join("spec");
        let document = spec::read_yaml(&folder.join(format!("{edition}.yaml")))
            .unwrap_or_else(|error| panic!("{error}"));
        let schemas = generated(edition);
        for (name, component) in spec::members(&document["components"]["schemas"]) {
            let file = component["$ref"].as_str().unwrap_or_default();
            let stated =
                spec::read_yaml(&folder.join(file)).unwrap_or_else(|error| panic!("{error}"));
            let generated = schemas
                .iter()
                .find(|(generated, _)| generated == name)
                .unwrap_or_else(|| panic!("no schema is generated for {name}"));
            for (stated_as, generated_as) in [("example", "examples"), ("default", "default")] {
                let stated = texts(&stated, &[stated_as]);
                let generated = texts(&generated.1, &[generated_as]);
                checked += stated.len();
                if stated != generated {
                    found.push(format!(
                        "{edition} {name}: {stated_as} {stated:?}, generated {generated:?}"
                    ));
                }
            }
        }
    }
    assert_all_valid(checked, 109, &found);
}
