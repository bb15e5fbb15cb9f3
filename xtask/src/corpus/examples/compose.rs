//! Values of a whole schema around the example of a part.
//!
//! Most examples in real documents stand at single properties. In a value of the schema they
//! belong to, they pass through the generated type that holds them.

use std::cell::RefCell;
use std::collections::HashMap;

use oas_codegen::diagnostic::Diagnostics;
use oas_codegen::load::{Kind, Node, NodeId};
use oas_codegen::resolve::References;
use serde_json::{Map, Value, json};

use super::tree::{Step, Tree};

/// How far inwards something is made up for what is required.
const DEPTH: usize = 12;

/// Puts values together; see the module.
pub(super) struct Composer<'a, 'd> {
    references: &'a References<'d>,
    diagnostics: RefCell<Diagnostics>,
    required: RefCell<HashMap<NodeId, Map<String, Value>>>,
}

impl<'a, 'd> Composer<'a, 'd> {
    pub(super) fn new(references: &'a References<'d>) -> Self {
        Self {
            references,
            diagnostics: RefCell::default(),
            required: RefCell::default(),
        }
    }

    /// The schema that a reference leads to; a schema that is none, itself.
    pub(super) fn follow(&self, node: Node<'d>) -> Option<Node<'d>> {
        self.references
            .follow(node, &mut self.diagnostics.borrow_mut())
    }

    /// The value of the root schema that holds `value` at the place of this index.
    pub(super) fn lift(&self, tree: &Tree<'d>, index: usize, value: Value) -> Value {
        let mut value = value;
        let mut index = index;
        while let Some((parent, step)) = tree.places.get(index).and_then(|place| place.parent) {
            let Some(holder) = tree.places.get(parent) else {
                break;
            };
            value = match (step, value) {
                (Step::Property(name), value) => self.object(holder.node, name, value),
                (Step::Additional, value) => self.object(holder.node, "additional", value),
                (Step::Item, value) => Value::Array(vec![value]),
                (Step::Same, Value::Object(members)) => {
                    let mut object = self.required(holder.node, 0);
                    object.extend(members);
                    Value::Object(object)
                }
                (Step::Same, value) => value,
            };
            index = parent;
        }
        value
    }

    fn object(&self, node: Node<'d>, name: &str, value: Value) -> Value {
        let mut object = self.required(node, 0);
        object.insert(name.to_owned(), value);
        Value::Object(object)
    }

    /// The properties of an object schema, those of its `allOf` included.
    fn properties(&self, node: Node<'d>, depth: usize) -> Vec<(&'d str, Node<'d>)> {
        let Some(node) = self.follow(node).filter(|_| depth < DEPTH) else {
            return Vec::new();
        };
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut properties: Vec<_> = parts
            .flat_map(|part| self.properties(part, depth + 1))
            .collect();
        properties.extend(node.get("properties").into_iter().flat_map(Node::members));
        properties
    }

    /// What an object must have.
    fn required(&self, node: Node<'d>, depth: usize) -> Map<String, Value> {
        if let Some(known) = self.required.borrow().get(&node.id()) {
            return known.clone();
        }
        let mut names = Vec::new();
        self.required_names(node, &mut names, 0);
        let properties = self.properties(node, 0);
        let value_of = |name: &str| {
            let (_, property) = properties.iter().rev().find(|(have, _)| *have == name)?;
            self.filled(*property, depth + 1)
        };
        let object: Map<String, Value> = names
            .into_iter()
            .map(|name| (name.to_owned(), value_of(name).unwrap_or_else(|| json!({}))))
            .collect();
        if depth == 0 {
            self.required.borrow_mut().insert(node.id(), object.clone());
        }
        object
    }

    fn required_names(&self, node: Node<'d>, names: &mut Vec<&'d str>, depth: usize) {
        let Some(node) = self.follow(node).filter(|_| depth < DEPTH) else {
            return;
        };
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.required_names(part, names, depth + 1);
        }
        let own = node.get("required").into_iter().flat_map(Node::items);
        names.extend(own.filter_map(Node::as_str));
    }

    /// Some value of the schema: its own example if it has one, else the plainest.
    fn filled(&self, node: Node<'d>, depth: usize) -> Option<Value> {
        let target = self.follow(node).filter(|_| depth < DEPTH)?;
        for holder in [node, target] {
            let list = holder.get("examples").and_then(|list| list.item(0));
            if let Some(stated) = holder.get("example").or(list) {
                return Some(stated.to_json());
            }
        }
        let node = target;
        for key in ["const", "default"] {
            if let Some(value) = node.get(key) {
                return Some(value.to_json());
            }
        }
        if let Some(first) = node.get("enum").and_then(|values| values.item(0)) {
            return Some(first.to_json());
        }
        let kind = node.get("type");
        let kind = kind
            .and_then(Node::as_str)
            .or_else(|| kind?.item(0)?.as_str());
        for key in ["oneOf", "anyOf"] {
            if let Some(first) = node.get(key).and_then(|choices| choices.item(0)) {
                let chosen = self.filled(first, depth + 1);
                return match chosen {
                    Some(Value::Object(members)) => {
                        let mut object = self.required(node, depth);
                        object.extend(members);
                        Some(Value::Object(object))
                    }
                    other => other,
                };
            }
        }
        if kind == Some("object") || !self.properties(node, 0).is_empty() {
            return Some(Value::Object(self.required(node, depth)));
        }
        if let Some(first) = node.get("allOf").and_then(|parts| parts.item(0)) {
            return self.filled(first, depth + 1);
        }
        let bound = |key: &str| node.get(key).filter(|bound| bound.kind() == Kind::Number);
        // Types are read from what stands beside them, as the generator reads them.
        let kind = kind.or_else(|| node.get("items").map(|_| "array"));
        Some(match kind? {
            "string" => json!(text_of(node.get_str("format"))),
            "boolean" => json!(false),
            "integer" | "number" => bound("minimum").map_or(json!(1), Node::to_json),
            "array" => match bound("minItems").and_then(Node::as_number) {
                Some(count) if count != "0" => {
                    json!([self.filled(node.get("items")?, depth + 1)?])
                }
                _ => json!([]),
            },
            _ => Value::Null,
        })
    }
}

fn text_of(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("date") => "2026-01-31",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        Some("uri" | "url") => "https://example.com/",
        Some("email") => "someone@example.com",
        Some("byte") => "AA==",
        _ => "text",
    }
}
