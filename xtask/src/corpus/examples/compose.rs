//! Objects put together from the examples of their properties.
//!
//! Most examples in real documents stand at single properties. In an object of the schema they
//! belong to, they pass through the type that holds them.

use oas_codegen::diagnostic::Diagnostics;
use oas_codegen::load::{Kind, Node};
use oas_codegen::resolve::References;
use serde_json::{Map, Value, json};

use super::subjects::{Example, place};

/// How far schemas are followed inwards; beyond it, only what is required is made.
const DEPTH: usize = 6;
/// How far inwards something is made up for a required property.
const FILLED_DEPTH: usize = 12;

/// Composes examples; see the module.
pub(super) struct Composer<'a, 'd> {
    references: &'a References<'d>,
    diagnostics: std::cell::RefCell<Diagnostics>,
}

impl<'a, 'd> Composer<'a, 'd> {
    pub(super) fn new(references: &'a References<'d>) -> Self {
        Self {
            references,
            diagnostics: std::cell::RefCell::default(),
        }
    }

    /// Candidates for the schema at `node`: one with all properties that have examples and, to
    /// fall back to, one for each such property with what is required beside it.
    pub(super) fn of(&self, node: Node<'d>) -> Vec<Vec<Example>> {
        if References::of(node).is_some() {
            return Vec::new();
        }
        let properties = self.properties(node, 0);
        let shown: Vec<(&str, Node<'d>, Value)> = properties
            .iter()
            .filter_map(|(name, node)| Some((*name, *node, self.example(*node, 1)?)))
            .collect();
        let own = node.get("example").is_some() || node.get("examples").is_some();
        if shown.is_empty() {
            let only = (!own).then(|| self.example(node, 0)).flatten();
            let candidate = only.map(|value| Example {
                place: format!("{} (composed)", place(node)),
                value,
            });
            return candidate.map(|one| vec![one]).into_iter().collect();
        }
        let required = self.required(node, &properties);
        let whole = required
            .clone()
            .into_iter()
            .chain(
                shown
                    .iter()
                    .map(|(name, _, value)| ((*name).to_owned(), value.clone())),
            )
            .collect();
        let mut candidates = vec![Example {
            place: format!("{} (composed)", place(node)),
            value: Value::Object(whole),
        }];
        for (name, property, value) in shown {
            let mut object = required.clone();
            object.insert(name.to_owned(), value);
            candidates.push(Example {
                place: format!("{} (composed around it)", place(property)),
                value: Value::Object(object),
            });
        }
        vec![candidates]
    }

    fn follow(&self, node: Node<'d>) -> Option<Node<'d>> {
        self.references
            .follow(node, &mut self.diagnostics.borrow_mut())
    }

    /// The properties of an object schema, those of its `allOf` included.
    fn properties(&self, node: Node<'d>, depth: usize) -> Vec<(&'d str, Node<'d>)> {
        let Some(node) = self.follow(node).filter(|_| depth < FILLED_DEPTH) else {
            return Vec::new();
        };
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut properties: Vec<_> = parts
            .flat_map(|part| self.properties(part, depth + 1))
            .collect();
        properties.extend(node.get("properties").into_iter().flat_map(Node::members));
        properties
    }

    /// What an object must have: by its properties' examples where they have any.
    fn required(&self, node: Node<'d>, properties: &[(&'d str, Node<'d>)]) -> Map<String, Value> {
        let mut names = Vec::new();
        self.required_names(node, &mut names, 0);
        let value_of = |name: &str| {
            let (_, property) = properties.iter().rev().find(|(have, _)| *have == name)?;
            self.example(*property, 1)
                .or_else(|| self.filled(*property, 1))
        };
        names
            .into_iter()
            .map(|name| (name.to_owned(), value_of(name).unwrap_or_else(|| json!({}))))
            .collect()
    }

    fn required_names(&self, node: Node<'d>, names: &mut Vec<&'d str>, depth: usize) {
        let Some(node) = self.follow(node).filter(|_| depth < FILLED_DEPTH) else {
            return;
        };
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.required_names(part, names, depth + 1);
        }
        let own = node.get("required").into_iter().flat_map(Node::items);
        names.extend(own.filter_map(Node::as_str));
    }

    /// A value made of examples; `None` if there are none, here and below.
    fn example(&self, node: Node<'d>, depth: usize) -> Option<Value> {
        let stated = |node: Node<'d>| {
            let list = node.get("examples").and_then(|list| list.item(0));
            node.get("example").or(list).map(Node::to_json)
        };
        if let Some(value) = stated(node) {
            return Some(value);
        }
        let node = self.follow(node).filter(|_| depth < DEPTH)?;
        if let Some(value) = stated(node) {
            return Some(value);
        }
        if let Some(items) = node.get("items").filter(|items| items.is_object()) {
            return self
                .example(items, depth + 1)
                .map(|item| Value::Array(vec![item]));
        }
        let properties = self.properties(node, depth);
        if !properties.is_empty() {
            let shown: Map<String, Value> = properties
                .iter()
                .filter_map(|(name, node)| {
                    Some(((*name).to_owned(), self.example(*node, depth + 1)?))
                })
                .collect();
            if shown.is_empty() {
                return None;
            }
            let mut object = self.filled_required(node, &properties, depth);
            object.extend(shown);
            return Some(Value::Object(object));
        }
        let choices = ["oneOf", "anyOf", "allOf"].into_iter();
        let mut choices = choices
            .filter_map(|key| node.get(key))
            .flat_map(Node::items);
        choices.find_map(|choice| self.example(choice, depth + 1))
    }

    fn filled_required(
        &self,
        node: Node<'d>,
        properties: &[(&'d str, Node<'d>)],
        depth: usize,
    ) -> Map<String, Value> {
        let mut names = Vec::new();
        self.required_names(node, &mut names, depth);
        let value_of = |name: &str| {
            let (_, property) = properties.iter().rev().find(|(have, _)| *have == name)?;
            self.filled(*property, depth + 1)
        };
        names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), value_of(name)?)))
            .collect()
    }

    /// Some value of the schema, for a property that is required and has no example.
    fn filled(&self, node: Node<'d>, depth: usize) -> Option<Value> {
        let node = self.follow(node).filter(|_| depth < FILLED_DEPTH)?;
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
        let properties = self.properties(node, depth);
        if kind == Some("object") || !properties.is_empty() {
            return Some(Value::Object(self.filled_required(
                node,
                &properties,
                depth,
            )));
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            if let Some(first) = node.get(key).and_then(|choices| choices.item(0)) {
                return self.filled(first, depth + 1);
            }
        }
        let least = |key: &str| node.get(key).filter(|bound| bound.kind() == Kind::Number);
        Some(match kind? {
            "string" => json!(text_of(node.get_str("format"))),
            "boolean" => json!(false),
            "integer" | "number" => least("minimum").map_or(json!(1), Node::to_json),
            "array" => match least("minItems").and_then(Node::as_number) {
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
