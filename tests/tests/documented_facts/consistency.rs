//! What must hold within `spec/` itself, with or without the documentation at hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::document::{Document, folder, get, read};
use crate::edition;
use crate::schema::{texts, to_json};

const EDITIONS: [&str; 3] = ["v3", "v2024", "v3-legacy"];

#[test]
fn every_file_belongs_to_an_edition() {
    let reached: BTreeSet<PathBuf> = EDITIONS
        .iter()
        .flat_map(|name| edition(name).files)
        .collect();
    let unreached: Vec<_> = yaml_files(&folder())
        .into_iter()
        .filter(|file| !reached.contains(file))
        .collect();
    assert!(unreached.is_empty(), "no edition refers to {unreached:?}");
}

#[test]
fn every_schema_file_is_a_component_of_its_name() {
    for name in EDITIONS {
        let reached = edition(name)
            .files
            .into_iter()
            .filter(|file| file.strip_prefix(folder().join("schemas")).is_ok());
        let expected: BTreeSet<(String, PathBuf)> =
            reached.map(|file| (stem(&file), file)).collect();
        let raw =
            read(&folder().join(format!("{name}.yaml"))).unwrap_or_else(|error| panic!("{error}"));
        let listed =
            get(&raw, &["components", "schemas"]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let listed = listed
            .as_mapping()
            .into_iter()
            .flatten()
            .filter_map(|(component, schema)| {
                Some((
                    component.as_str()?.to_owned(),
                    folder().join(schema.get("$ref")?.as_str()?),
                ))
            });
        assert_eq!(
            listed.collect::<BTreeSet<_>>(),
            expected,
            "{name}: components.schemas and the files it uses"
        );
    }
}

#[test]
fn current_editions_have_the_same_operations() {
    let [v3, v2024] = ["v3", "v2024"].map(|name| {
        let document = edition(name);
        let paths = document.get(&["paths"]);
        to_json(paths.unwrap_or_else(|error| panic!("{name}: {error}")))
    });
    assert_eq!(v3, v2024);
}

#[test]
fn scopes_are_declared_and_operation_ids_unique() {
    for name in EDITIONS {
        let document = edition(name);
        let mut ids = BTreeSet::new();
        for operation in operations(&document) {
            let id = operation
                .get("operationId")
                .and_then(Value::as_str)
                .unwrap_or_default();
            assert!(
                ids.insert(id.to_owned()),
                "{name}: operation id `{id}` is not unique"
            );
            let security = operation.get("security").and_then(Value::as_sequence);
            let schemes = security
                .into_iter()
                .flatten()
                .filter_map(Value::as_mapping)
                .flatten();
            let mut schemes = schemes.peekable();
            assert!(schemes.peek().is_some(), "{name}: {id} has no security");
            for (scheme, scopes) in schemes {
                let scheme = scheme.as_str().unwrap_or_default();
                let flows = document.get(&["components", "securitySchemes", scheme, "flows"]);
                let flows = flows.unwrap_or_else(|error| panic!("{name}: {id}: {error}"));
                for (flow, declared) in flows.as_mapping().into_iter().flatten() {
                    for scope in texts(Some(scopes)) {
                        let found = get(declared, &["scopes", scope]);
                        assert!(
                            found.is_ok(),
                            "{name}: {id}: flow {flow:?} does not declare {scope}"
                        );
                    }
                }
            }
        }
        assert!(!ids.is_empty(), "{name}: no operation");
    }
}

/// The extensions repeat as data what the descriptions tell people.
#[test]
fn descriptions_tell_what_the_extensions_state() {
    let mut seen = BTreeSet::new();
    for name in EDITIONS {
        let document = edition(name);
        for parameter in operations(&document).into_iter().flat_map(parameters) {
            let words = parameter
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            for (field, operators) in parameter
                .get("x-filter-operators")
                .and_then(Value::as_mapping)
                .into_iter()
                .flatten()
            {
                let field = field.as_str().unwrap_or_default();
                let line = format!("**{field}**: *{}*", texts(Some(operators)).join(", "));
                assert!(
                    words.contains(&line),
                    "{name}: the description of `filters` lacks `{line}`"
                );
                seen.insert("x-filter-operators");
            }
            if let Some(fields) = parameter.get("x-sortable-fields") {
                let fields: Vec<String> = texts(Some(fields))
                    .iter()
                    .map(|field| format!("**{field}**"))
                    .collect();
                let line = format!("Fields to sort by: {}", fields.join(", "));
                assert!(
                    words.ends_with(&line),
                    "{name}: the description of `sorters` lacks `{line}`"
                );
                seen.insert("x-sortable-fields");
            }
        }
    }
    assert_eq!(seen.len(), 2, "only {seen:?} was found");
}

fn operations(document: &Document) -> Vec<&Value> {
    let paths = document
        .get(&["paths"])
        .ok()
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten();
    paths
        .flat_map(|(_, item)| {
            item.as_mapping()
                .into_iter()
                .flatten()
                .map(|(_, operation)| operation)
        })
        .collect()
}

fn parameters(operation: &Value) -> Vec<&Value> {
    operation
        .get("parameters")
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
        .collect()
}

fn stem(file: &Path) -> String {
    file.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .flat_map(|path| {
            if path.is_dir() {
                yaml_files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect()
}
