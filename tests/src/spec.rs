//! The documents in `spec/`, references followed, and the examples in them.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::workspace;

/// The names of the editions: `spec/<name>.yaml`.
pub const EDITIONS: [&str; 3] = ["v3", "v2024", "v3-legacy"];

/// Deeper nesting than `spec/` has: a reference that leads to itself ends here.
const MAX_DEPTH: usize = 64;

/// What the document says about a body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The operation's id: `exportIdentityProfiles`.
    pub operation: String,
    /// The status of the response; `None`: the body of the request.
    pub status: Option<u16>,
    /// The examples of the media type, by name.
    pub examples: Vec<(String, Value)>,
    /// The schema, references followed.
    pub schema: Value,
}

/// An edition's document with every reference replaced by what it refers to.
pub fn load(edition: &str) -> Result<Value, String> {
    read(&workspace().join("spec").join(format!("{edition}.yaml")))
        .and_then(|(value, file)| inline(value, &file, 0))
}

/// A YAML file as JSON, references as they are.
pub fn read_yaml(file: &Path) -> Result<Value, String> {
    read(file).map(|(value, _)| value)
}

fn read(file: &Path) -> Result<(Value, std::path::PathBuf), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let value =
        serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok((value, file.to_owned()))
}

fn inline(value: Value, file: &Path, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!(
            "{}: a reference leads to itself, or nesting is deeper than {MAX_DEPTH}",
            file.display()
        ));
    }
    match value {
        Value::Object(members) => {
            if let Some(target) = members.get("$ref").and_then(Value::as_str) {
                let folder = file.parent().unwrap_or(Path::new("."));
                let (value, file) = read(&folder.join(target))?;
                return inline(value, &file, depth + 1);
            }
            let members = members
                .into_iter()
                .map(|(key, value)| Ok((key, inline(value, file, depth + 1)?)));
            Ok(Value::Object(members.collect::<Result<_, String>>()?))
        }
        Value::Array(items) => {
            let items = items.into_iter().map(|item| inline(item, file, depth + 1));
            Ok(Value::Array(items.collect::<Result<_, _>>()?))
        }
        other => Ok(other),
    }
}

/// The operations of a document: path, method and operation.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];
    members(&document["paths"]).flat_map(|(path, item)| {
        members(item)
            .filter(|(key, _)| METHODS.contains(key))
            .map(move |(method, operation)| (path, method, operation))
    })
}

/// The JSON bodies of a document's operations.
pub fn bodies(document: &Value) -> Vec<Body> {
    let mut bodies = Vec::new();
    for (_, _, operation) in operations(document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let request = std::iter::once((None, &operation["requestBody"]));
        let responses = members(&operation["responses"])
            .map(|(status, response)| (status.parse::<u16>().ok(), response));
        for (status, holder) in request.chain(responses) {
            let Some(media_type) = holder.pointer("/content/application~1json") else {
                continue;
            };
            bodies.push(Body {
                operation: id.to_owned(),
                status,
                examples: examples_of_media_type(media_type),
                schema: media_type["schema"].clone(),
            });
        }
    }
    bodies
}

fn examples_of_media_type(media_type: &Value) -> Vec<(String, Value)> {
    let one = media_type
        .get("example")
        .map(|value| ("example".to_owned(), value.clone()));
    let named = members(&media_type["examples"])
        .map(|(name, example)| (name.to_owned(), example["value"].clone()));
    one.into_iter().chain(named).collect()
}

/// A value for a schema, put together from the examples of its parts.
pub fn example_of(schema: &Value) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = example_of(part) {
                whole.extend(members);
            }
        }
        return Value::Object(whole);
    }
    match schema["type"].as_str() {
        Some("object") => Value::Object(
            members(&schema["properties"])
                .map(|(name, property)| (name.to_owned(), example_of(property)))
                .collect(),
        ),
        Some("array") => Value::Array(vec![example_of(&schema["items"])]),
        _ => schema
            .get("default")
            .or_else(|| schema.pointer("/enum/0"))
            .cloned()
            .unwrap_or_default(),
    }
}

/// The members of an object, none of any other value.
pub fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::example_of;

    #[test]
    fn an_example_is_put_together_from_its_parts() {
        let schema = json!({
            "allOf": [
                {"type": "object", "properties": {"id": {"type": "string", "example": "a"}}},
                {"type": "object", "properties": {
                    "tags": {"type": "array", "items": {"enum": ["x", "y"]}},
                    "on": {"type": "boolean", "default": false},
                }},
            ]
        });
        assert_eq!(
            example_of(&schema),
            json!({"id": "a", "tags": ["x"], "on": false})
        );
    }
}
