//! What must hold within `spec/` itself, with or without the documentation at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;

use crate::document::{Document, folder, get, read};
use crate::edition;
use crate::schema::{Field, fields, texts, to_json};

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

#[test]
fn editions_agree_on_what_they_are() {
    let early = edition("v3-legacy");
    for name in EDITIONS {
        let document = edition(name);
        let at = |document: &Document, keys: &[&str]| document.get(keys).ok().map(to_json);
        assert_eq!(at(&document, &["openapi"]), Some("3.0.3".into()), "{name}");
        for keys in [["info", "title"], ["info", "contact"]] {
            assert_eq!(at(&document, &keys), at(&early, &keys), "{name}: {keys:?}");
        }
        let version = at(&document, &["info", "version"]);
        assert_eq!(
            version,
            Some(if name == "v2024" { "v2024" } else { "3.0.0" }.into()),
            "{name}"
        );
        let tags = document
            .get(&["tags"])
            .ok()
            .and_then(Value::as_sequence)
            .into_iter()
            .flatten();
        let declared: Vec<&str> = tags.filter_map(|tag| tag.get("name")?.as_str()).collect();
        for operation in operations(&document) {
            let used = texts(operation.get("tags"));
            assert!(!used.is_empty(), "{name}: an operation without a tag");
            assert!(
                used.iter().all(|tag| declared.contains(tag)),
                "{name}: {used:?} in {declared:?}"
            );
        }
    }
}

/// The pages of the current editions print few types; the early edition states them all.
#[test]
fn current_editions_keep_the_types_of_the_early_one() {
    let narrowed = BTreeMap::from([("version", "int32")]);
    let early_type = |field: &Field| match narrowed.get(field.path.as_str()) {
        Some(ty) => (*ty).to_owned(),
        None => field.ty.clone(),
    };
    let (early, current) = (edition("v3-legacy"), edition("v3"));
    for code in ["200", "400", "401", "403", "429", "500"] {
        let [early, current] = [&early, &current].map(|document| response_fields(document, code));
        for field in &early {
            let same = current.iter().find(|other| other.path == field.path);
            let ty = same.map(|other| other.ty.clone());
            // The early edition calls a reference to the profile, its DTO type included, a part of it.
            let expected = (field.path != "object.type").then(|| early_type(field));
            assert_eq!(ty, expected, "{code}: {}", field.path);
        }
    }
    for path in [
        "/identity-profiles/export",
        "/identity-profiles/{identity-profile-id}",
    ] {
        let [early, current] = [&early, &current].map(|document| parameter_forms(document, path));
        assert_eq!(current, early, "the parameters of {path}");
    }
    let [export, list] = ["/identity-profiles/export", "/identity-profiles"]
        .map(|path| parameter_forms(&current, path));
    assert_eq!(export, list, "export and list take the same parameters");
}

#[test]
fn formats_fit_types_and_examples() {
    for name in EDITIONS {
        let document = edition(name);
        for root in ["paths", "components"] {
            let found = document
                .get(&[root])
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            check_formats(found, &format!("{name}: {root}"));
        }
    }
}

fn check_formats(value: &Value, at: &str) {
    if let Value::Sequence(items) = value {
        for (index, item) in items.iter().enumerate() {
            check_formats(item, &format!("{at}/{index}"));
        }
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    if let Some(format) = text("format") {
        let ty = match format {
            "int32" | "int64" => "integer",
            "uuid" | "date-time" | "comma-separated" => "string",
            other => panic!("{at}: unknown format {other}"),
        };
        assert_eq!(text("type"), Some(ty), "{at}: format {format}");
    }
    let looks_like_time =
        |text: &str| text.len() == 20 && text.ends_with('Z') && text.contains('T');
    if text("example").is_some_and(looks_like_time) {
        assert_eq!(
            text("format"),
            Some("date-time"),
            "{at}: the example is a time"
        );
    }
    for (key, value) in value.as_mapping().into_iter().flatten() {
        check_formats(value, &format!("{at}/{}", key.as_str().unwrap_or_default()));
    }
}

#[test]
fn an_enum_with_null_is_nullable() {
    for name in EDITIONS {
        for field in response_fields(&edition(name), "400") {
            assert!(
                field.nullable || !field.values.contains(&"null".to_owned()),
                "{name}: {}",
                field.path
            );
        }
    }
}

/// The extensions repeat as data what the descriptions tell people.
#[test]
fn descriptions_tell_what_the_extensions_state() {
    for name in EDITIONS {
        let document = edition(name);
        for operation in operations(&document) {
            for parameter in parameters(operation) {
                let words = words(parameter);
                let operators = parameter
                    .get("x-filter-operators")
                    .and_then(Value::as_mapping)
                    .into_iter()
                    .flatten();
                let told = operators.map(|(field, operators)| {
                    format!(
                        "**{}**: *{}*",
                        field.as_str().unwrap_or_default(),
                        texts(Some(operators)).join(", ")
                    )
                });
                let told: Vec<String> = told.collect();
                let sorted = texts(parameter.get("x-sortable-fields"));
                let sorted: Vec<String> =
                    sorted.iter().map(|field| format!("**{field}**")).collect();
                let ending = match parameter.get("name").and_then(Value::as_str) {
                    Some("filters") => format!(
                        "Fields and the operators each of them takes: {}",
                        told.join(" ")
                    ),
                    Some("sorters") => format!("Fields to sort by: {}", sorted.join(", ")),
                    _ => continue,
                };
                assert!(
                    words.ends_with(&ending),
                    "{name}: `{words}` does not end with `{ending}`"
                );
            }
            let words = words(operation);
            let levels = texts(operation.get("x-user-levels"));
            for level in ["ORG_ADMIN", "API"] {
                let told = words.contains(&format!("({level})"));
                assert_eq!(
                    told,
                    levels.contains(&level),
                    "{name}: user level {level} of `{words}`"
                );
            }
            let kinds = texts(operation.get("x-token-kinds"));
            let users_only = words.contains("a user's token");
            let expected = if users_only {
                &["user"][..]
            } else {
                &["application", "user"]
            };
            assert_eq!(kinds, expected, "{name}: token kinds of `{words}`");
        }
    }
}

fn words(described: &Value) -> String {
    let text = described
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn response_fields(document: &Document, code: &str) -> Vec<Field> {
    let keys = [
        "paths",
        "/identity-profiles/export",
        "get",
        "responses",
        code,
        "content",
        "application/json",
        "schema",
    ];
    let found = document
        .get(&keys)
        .unwrap_or_else(|error| panic!("{error}"));
    fields(found, true)
}

/// Place, name, schema and presence of the parameters, without the texts and examples around them.
fn parameter_forms(document: &Document, path: &str) -> Vec<(serde_json::Value, bool)> {
    let found = document
        .get(&["paths", path, "get"])
        .unwrap_or_else(|error| panic!("{error}"));
    let form = |parameter: &Value| {
        let form = ["in", "name", "schema"].map(|key| parameter.get(key).map(to_json));
        (
            serde_json::json!(form),
            parameter
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        )
    };
    parameters(found).into_iter().map(form).collect()
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
