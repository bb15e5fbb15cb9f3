//! How far a schema leads on without going deeper into the value.

use std::collections::HashMap;

use serde_json::Value;

/// Keywords that hold a schema for the value itself, or several.
const IN_PLACE: [&str; 8] = [
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
];

/// The longest chain of schemas in a document that apply to one value, each by the one before it:
/// by reference, `allOf` and the like. What checks a value may go as deep as that.
pub(super) fn longest_chain(root: &Value) -> usize {
    let mut lengths = HashMap::new();
    let mut waiting = vec![root];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                measure(root, value, &mut lengths);
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    lengths.into_values().max().unwrap_or_default()
}

/// Notes the length of the chain that begins at a schema, and of those that it leads through.
fn measure(root: &Value, schema: &Value, lengths: &mut HashMap<*const Value, usize>) {
    if lengths.contains_key(&std::ptr::from_ref(schema)) {
        return;
    }
    // What leads back to a schema that is open ends there.
    lengths.insert(schema, 0);
    let mut open = vec![(schema, next_in_place(root, schema))];
    while let Some((schema, rest)) = open.last_mut() {
        match rest.pop() {
            Some(next) if !lengths.contains_key(&std::ptr::from_ref(next)) => {
                lengths.insert(next, 0);
                open.push((next, next_in_place(root, next)));
            }
            Some(_) => {}
            None => {
                let parts = next_in_place(root, schema);
                let of_parts = parts.into_iter().filter_map(|part| {
                    let identity = std::ptr::from_ref(part);
                    lengths.get(&identity)
                });
                let length = 1 + of_parts.max().copied().unwrap_or_default();
                lengths.insert(*schema, length);
                open.pop();
            }
        }
    }
}

/// The schemas that a schema holds or refers to for the same value.
fn next_in_place<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let reference = schema.get("$ref").and_then(Value::as_str);
    let fragment = reference.and_then(|reference| reference.strip_prefix('#'));
    found.extend(fragment.and_then(|pointer| root.pointer(pointer)));
    for held in IN_PLACE.iter().filter_map(|keyword| schema.get(*keyword)) {
        match held {
            Value::Array(all) => found.extend(all),
            Value::Object(_) => {
                found.push(held);
                // The values of `dependentSchemas`.
                found.extend(held.as_object().into_iter().flat_map(|all| all.values()));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn chains_are_measured_through_references_and_cycles() {
        let cases = [
            (json!(true), 0),
            (json!({ "type": "object" }), 1),
            (
                json!({ "properties": { "a": { "properties": { "b": {} } } } }),
                1,
            ),
            (json!({ "allOf": [{ "anyOf": [{}, { "not": {} }] }] }), 4),
            (
                json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": {} } }),
                3,
            ),
            (json!({ "$ref": "#", "allOf": [{}] }), 2),
            (json!({ "dependentSchemas": { "a": { "allOf": [{}] } } }), 3),
        ];
        for (schema, length) in cases {
            assert_eq!(longest_chain(&schema), length, "{schema}");
        }
    }

    #[test]
    fn long_chains_take_no_stack() {
        let mut definitions = serde_json::Map::new();
        for index in 0..50_000 {
            let next = format!("#/$defs/{}", (index + 1) % 50_000);
            definitions.insert(index.to_string(), json!({ "$ref": next }));
        }
        let schema = json!({ "$ref": "#/$defs/0", "$defs": definitions });
        assert_eq!(longest_chain(&schema), 50_001);
    }
}
