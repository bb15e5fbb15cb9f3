//! Schemas → self-contained JSON Schema 2020-12.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node, NodeId};
use crate::resolve::{Dialect, References, is_well_formed};

use super::names::numbered;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes schemas of one document.
pub(super) struct JsonSchemaWriter<'a, 'd> {
    pub(super) references: &'a References<'d>,
    pub(super) dialect: Dialect,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// The names under which component schemas stand in `$defs`.
    pub(super) names: &'a HashMap<NodeId, String>,
}

/// What one self-contained schema refers to.
#[derive(Default)]
struct Definitions<'d> {
    names: HashMap<NodeId, String>,
    queue: Vec<Node<'d>>,
}

impl<'d> JsonSchemaWriter<'_, 'd> {
    /// The schema with everything it refers to in `$defs`.
    pub(super) fn self_contained(&mut self, node: Node<'d>, title: &str) -> Value {
        let mut definitions = Definitions::default();
        let root = self
            .references
            .follow(node, self.diagnostics)
            .unwrap_or(node);
        let mut schema = match self.schema(root, &mut definitions) {
            Value::Object(object) => object,
            other => {
                let mut object = Map::new();
                if other == Value::Bool(false) {
                    object.insert("not".to_owned(), json!({}));
                }
                object
            }
        };
        let mut defined: BTreeMap<String, Value> = BTreeMap::new();
        let mut next = 0;
        while let Some(target) = definitions.queue.get(next).copied() {
            next += 1;
            let name = definitions
                .names
                .get(&target.id())
                .cloned()
                .unwrap_or_default();
            let schema = self.schema(target, &mut definitions);
            defined.insert(name, schema);
        }
        let mut whole = Map::new();
        whole.insert("$schema".to_owned(), json!(DIALECT));
        whole.insert("title".to_owned(), json!(title));
        schema.remove("title");
        whole.append(&mut schema);
        if !defined.is_empty() {
            whole.insert("$defs".to_owned(), json!(defined));
        }
        Value::Object(whole)
    }

    fn schema(&mut self, node: Node<'d>, definitions: &mut Definitions<'d>) -> Value {
        match node.kind() {
            Kind::Bool => return node.to_json(),
            Kind::Object => {}
            _ => return Value::Bool(true),
        }
        let mut schema = Map::new();
        if let Some(reference) = References::of(node) {
            let target = self
                .references
                .target(node, reference, self.diagnostics)
                .and_then(|target| self.references.follow(target, self.diagnostics));
            if let Some(target) = target {
                let name = self.define(target, definitions);
                schema.insert("$ref".to_owned(), json!(format!("#/$defs/{name}")));
            }
        }
        let is_alone = self.dialect == Dialect::V30 && References::of(node).is_some();
        for (key, value) in node.members() {
            match key {
                "$ref" | "$dynamicRef" | "$schema" | "$id" | "$anchor" | "$dynamicAnchor"
                | "$defs" | "definitions" | "nullable" | "discriminator" | "xml"
                | "externalDocs" => {}
                "description" | "title" | "deprecated" | "readOnly" | "writeOnly" | "default" => {
                    if has_fitting_kind(key, value) {
                        schema.insert(key.to_owned(), value.to_json());
                    }
                }
                "example" => {
                    let entry = schema.entry("examples").or_insert_with(|| json!([]));
                    if let Some(examples) = entry.as_array_mut() {
                        examples.push(value.to_json());
                    }
                }
                "examples" if value.kind() == Kind::Array => {
                    schema.insert(key.to_owned(), value.to_json());
                }
                _ if is_alone || key.starts_with("x-") => {}
                _ => self.keyword(key, value, node, &mut schema, definitions),
            }
        }
        bound_integers(&mut schema);
        if node.is_true("nullable") {
            return allow_null(schema);
        }
        Value::Object(schema)
    }

    fn keyword(
        &mut self,
        key: &str,
        value: Node<'d>,
        holder: Node<'d>,
        schema: &mut Map<String, Value>,
        definitions: &mut Definitions<'d>,
    ) {
        let written = match key {
            "allOf" | "oneOf" | "anyOf" | "prefixItems" if has_fitting_kind(key, value) => {
                let all = value
                    .items()
                    .map(|item| self.schema(item, definitions))
                    .collect();
                Value::Array(all)
            }
            "items" if value.kind() == Kind::Array => {
                if value.items().len() == 0 {
                    return;
                }
                let all = value
                    .items()
                    .map(|item| self.schema(item, definitions))
                    .collect();
                schema.insert("prefixItems".to_owned(), Value::Array(all));
                return;
            }
            // JSON Schema before 2020-12: what follows a tuple.
            "additionalItems" => {
                let is_tuple = holder
                    .get("items")
                    .is_some_and(|items| items.items().len() > 0);
                if is_tuple && matches!(value.kind(), Kind::Object | Kind::Bool) {
                    let rest = self.schema(value, definitions);
                    schema.insert("items".to_owned(), rest);
                }
                return;
            }
            "items"
            | "not"
            | "additionalProperties"
            | "propertyNames"
            | "contains"
            | "if"
            | "then"
            | "else"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "contentSchema"
                if matches!(value.kind(), Kind::Object | Kind::Bool) =>
            {
                self.schema(value, definitions)
            }
            "properties" | "patternProperties" | "dependentSchemas" if value.is_object() => {
                let members = value.members();
                Value::Object(
                    members
                        .map(|(name, node)| (name.to_owned(), self.schema(node, definitions)))
                        .collect(),
                )
            }
            "exclusiveMinimum" | "exclusiveMaximum" if value.kind() == Kind::Bool => {
                // OpenAPI 3.0: a flag beside the bound; 2020-12: the bound itself.
                let bound = if key == "exclusiveMinimum" {
                    "minimum"
                } else {
                    "maximum"
                };
                if let (Some(true), Some(bound)) = (value.as_bool(), holder.get(bound)) {
                    schema.insert(key.to_owned(), bound.to_json());
                }
                return;
            }
            "type" => match known_types(value) {
                Some(types) => types,
                None => return,
            },
            key if !has_fitting_kind(key, value) => return,
            _ => value.to_json(),
        };
        schema.insert(key.to_owned(), written);
    }

    /// The name under which the schema stands in `$defs`.
    fn define(&mut self, target: Node<'d>, definitions: &mut Definitions<'d>) -> String {
        if let Some(name) = definitions.names.get(&target.id()) {
            return name.clone();
        }
        let wanted = self.names.get(&target.id()).cloned().unwrap_or_else(|| {
            let pointer = target.pointer();
            let last = pointer.rsplit('/').next().unwrap_or_default();
            let file = target
                .source()
                .name()
                .rsplit('/')
                .next()
                .unwrap_or_default();
            if last.is_empty() {
                file.split('.').next().unwrap_or(file)
            } else {
                last
            }
            .to_owned()
        });
        let wanted: String = wanted
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let name = numbered(&wanted, |name| {
            !definitions.names.values().any(|have| have == name)
        });
        definitions.names.insert(target.id(), name.clone());
        definitions.queue.push(target);
        name
    }
}

/// States the range of an integer's format, which JSON Schema has no format for.
fn bound_integers(schema: &mut Map<String, Value>) {
    let is_integer = schema.get("type") == Some(&json!("integer"));
    let (minimum, maximum) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        _ => return,
    };
    if !is_integer {
        return;
    }
    for (bound, exclusive, value) in [
        ("minimum", "exclusiveMinimum", minimum),
        ("maximum", "exclusiveMaximum", maximum),
    ] {
        if !schema.contains_key(exclusive) {
            schema.entry(bound).or_insert(value);
        }
    }
}

/// Whether the keyword's value is of the kind that 2020-12 demands; one of another kind would make
/// the whole schema unusable, and so would keywords of other drafts that begin with `$`.
fn has_fitting_kind(keyword: &str, value: Node<'_>) -> bool {
    is_well_formed(keyword, value)
        && match keyword {
            "required" => value.items().all(|item| item.as_str().is_some()),
            "title" | "description" => value.kind() == Kind::String,
            "exclusiveMinimum" | "exclusiveMaximum" => value.kind() == Kind::Number,
            keyword => !keyword.starts_with('$') || keyword == "$comment",
        }
}

fn known_types(value: Node<'_>) -> Option<Value> {
    let is_known = |name: &Node<'_>| {
        matches!(
            name.as_str(),
            Some("null" | "boolean" | "integer" | "number" | "string" | "array" | "object")
        )
    };
    match value.kind() {
        Kind::String => is_known(&value).then(|| value.to_json()),
        Kind::Array => {
            let known: Vec<Value> = value.items().filter(is_known).map(Node::to_json).collect();
            (!known.is_empty()).then_some(Value::Array(known))
        }
        _ => None,
    }
}

/// OpenAPI 3.0's `nullable: true` in the terms of 2020-12.
fn allow_null(mut schema: Map<String, Value>) -> Value {
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if ["$ref", "allOf", "oneOf", "anyOf"]
        .iter()
        .any(|key| schema.contains_key(*key))
    {
        let annotations = [
            "description",
            "title",
            "deprecated",
            "readOnly",
            "writeOnly",
            "default",
            "examples",
        ];
        let mut outer = Map::new();
        for key in annotations {
            if let Some(value) = schema.remove(key) {
                outer.insert(key.to_owned(), value);
            }
        }
        let inner = match schema
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) if schema.len() == 1 => only.clone(),
            _ => Value::Object(schema),
        };
        outer.insert("anyOf".to_owned(), json!([inner, { "type": "null" }]));
        return Value::Object(outer);
    }
    match schema.get_mut("type") {
        Some(Value::String(name)) => {
            let types = json!([name, "null"]);
            schema.insert("type".to_owned(), types);
        }
        Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push(json!("null")),
        _ => {}
    }
    Value::Object(schema)
}
