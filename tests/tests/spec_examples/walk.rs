//! Finds the schemas inside a schema.

use serde_json::{Map, Value};

/// Keywords whose value is a schema.
const SCHEMA: &[&str] = &[
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords whose value is an array of schemas.
const SCHEMAS: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is an object of schemas.
const NAMED_SCHEMAS: &[&str] = &[
    "$defs",
    "dependentSchemas",
    "patternProperties",
    "properties",
];

/// A schema and all schemas below it, each with its JSON Pointer; references are not followed.
pub(crate) fn subschemas(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut found = Vec::new();
    collect(schema, "", &mut found);
    found
}

fn collect<'a>(
    schema: &'a Value,
    pointer: &str,
    found: &mut Vec<(String, &'a Map<String, Value>)>,
) {
    let Some(members) = schema.as_object() else {
        return;
    };
    found.push((pointer.to_owned(), members));
    for (keyword, value) in members {
        let below = format!("{pointer}/{keyword}");
        if SCHEMA.contains(&keyword.as_str()) {
            collect(value, &below, found);
        } else if SCHEMAS.contains(&keyword.as_str()) {
            for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                collect(item, &format!("{below}/{index}"), found);
            }
        } else if NAMED_SCHEMAS.contains(&keyword.as_str()) {
            for (name, item) in value.as_object().into_iter().flatten() {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(item, &format!("{below}/{name}"), found);
            }
        }
    }
}

/// The values that keywords such as `examples` hold, each with the pointer to its schema and that
/// schema alone, able to resolve what it refers to in `$defs`.
pub(crate) fn values(schema: &Value, keywords: &[&str]) -> Vec<(String, Value, Value)> {
    let mut found = Vec::new();
    for (pointer, members) in subschemas(schema) {
        let mut alone = members.clone();
        if let Some(definitions) = schema.get("$defs") {
            alone.insert("$defs".to_owned(), definitions.clone());
        }
        for keyword in keywords {
            let values = match (*keyword, members.get(*keyword)) {
                (_, None) => continue,
                ("examples", Some(Value::Array(values))) => values.clone(),
                (_, Some(value)) => vec![value.clone()],
            };
            for value in values {
                found.push((pointer.clone(), Value::Object(alone.clone()), value));
            }
        }
    }
    found
}
