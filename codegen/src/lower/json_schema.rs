//! Schemas → self-contained JSON Schema 2020-12.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node, NodeId};
use crate::resolve::{
    self, Dialect, References, SchemaReader, is_annotation, is_well_formed, lists_null,
    lists_refused,
};

use super::names::numbered;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes schemas of one document.
pub(crate) struct JsonSchemaWriter<'a, 'd> {
    pub(crate) references: &'a References<'d>,
    pub(crate) dialect: Dialect,
    pub(crate) diagnostics: &'a mut Diagnostics,
    /// The names under which component schemas stand in `$defs`.
    pub(crate) names: &'a HashMap<NodeId, String>,
    /// Whether a pattern is a regular expression to whom the schemas are for.
    pub(crate) is_pattern: &'a dyn Fn(&str) -> bool,
}

/// A schema that is complete in itself, and what it was made of.
pub(crate) struct SelfContained {
    pub(crate) schema: Value,
    pub(crate) root: NodeId,
    /// By their names in `$defs`.
    pub(crate) definitions: HashMap<String, NodeId>,
}

/// What one self-contained schema refers to.
#[derive(Default)]
struct Definitions<'d> {
    names: HashMap<NodeId, String>,
    queue: Vec<Node<'d>>,
}

impl<'d> JsonSchemaWriter<'_, 'd> {
    /// The schema with everything it refers to in `$defs`.
    pub(crate) fn self_contained(&mut self, node: Node<'d>, title: &str) -> SelfContained {
        let mut definitions = Definitions::default();
        let root = if self.adds_to_reference(node) {
            node
        } else {
            let target = self.references.follow(node, self.diagnostics);
            target.unwrap_or(node)
        };
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
        schema.shift_remove("title");
        whole.append(&mut schema);
        if !defined.is_empty() {
            whole.insert("$defs".to_owned(), json!(defined));
        }
        let names = definitions.names.into_iter();
        SelfContained {
            schema: Value::Object(whole),
            root: root.id(),
            definitions: names.map(|(node, name)| (name, node)).collect(),
        }
    }

    /// The schema of which every value is valid, for a place that states none.
    pub(crate) fn anything(place: Node<'_>, title: &str) -> SelfContained {
        SelfContained {
            schema: json!({ "$schema": DIALECT, "title": title }),
            root: place.id(),
            definitions: HashMap::new(),
        }
    }

    /// Whether what stands beside a reference makes another schema of it.
    fn adds_to_reference(&self, node: Node<'d>) -> bool {
        let is_bare = |key: &str| matches!(key, "$ref" | "$dynamicRef") || is_annotation(key);
        let is_conjunction =
            self.dialect == Dialect::V31 && !node.members().all(|(key, _)| is_bare(key));
        node.is_true("nullable") || is_conjunction
    }

    fn schema(&mut self, node: Node<'d>, definitions: &mut Definitions<'d>) -> Value {
        let mut reader = SchemaReader {
            references: self.references,
            dialect: self.dialect,
            diagnostics: self.diagnostics,
        };
        reader.check(node);
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
                let reference = self.reference(target, definitions);
                schema.insert("$ref".to_owned(), reference);
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
        if is_alone {
            return if node.is_true("nullable") {
                allow_null(schema)
            } else {
                Value::Object(schema)
            };
        }
        bound_numbers(&mut schema);
        if let Some(discriminator) = self.discriminator(node, definitions) {
            schema.insert("discriminator".to_owned(), discriminator);
        }
        // OpenAPI 3.0 has no type `null`: a listed null is all that a document can say it with.
        let lists_null = self.dialect == Dialect::V30 && lists_null(node);
        if node.is_true("nullable") || lists_null {
            return allow_null(schema);
        }
        Value::Object(schema)
    }

    /// Which value of a property means which of the alternatives: an annotation, complete and in
    /// terms of `$defs`.
    fn discriminator(
        &mut self,
        node: Node<'d>,
        definitions: &mut Definitions<'d>,
    ) -> Option<Value> {
        let stated = node.get("discriminator")?;
        let property = stated.get_str("propertyName")?;
        let alternatives = ["oneOf", "anyOf"].into_iter();
        let alternatives = alternatives.filter_map(|key| node.get(key));
        let mut variants = Vec::new();
        for variant in alternatives.flat_map(Node::items) {
            let reference = References::of(variant);
            let target = self.references.follow(variant, self.diagnostics);
            if let (Some(reference), Some(target)) = (reference, target) {
                let name = reference.rsplit('/').next().unwrap_or(reference);
                variants.push((reference, name, target));
            }
        }
        let mut mapping = Map::new();
        let mut mapped = HashSet::new();
        for (value, target) in stated.get("mapping").into_iter().flat_map(Node::members) {
            let text = target.as_str().unwrap_or_default();
            let by_name = variants
                .iter()
                .find(|(reference, name, _)| *reference == text || *name == text);
            let meant = match by_name {
                Some((_, _, variant)) => Some(*variant),
                None if text.contains(['#', '/']) => self
                    .references
                    .target(stated, text, self.diagnostics)
                    .and_then(|target| self.references.follow(target, self.diagnostics))
                    .filter(|target| variants.iter().any(|(_, _, variant)| variant == target)),
                None => None,
            };
            if let Some(variant) = meant {
                mapped.insert(variant.id());
                mapping.insert(value.to_owned(), self.reference(variant, definitions));
            }
        }
        // OpenAPI 3.1, section 4.8.25: without a mapping the schema's name is the value.
        for (_, name, variant) in variants {
            if !mapped.contains(&variant.id()) && !mapping.contains_key(name) {
                mapping.insert(name.to_owned(), self.reference(variant, definitions));
            }
        }
        (!mapping.is_empty()).then(|| json!({ "propertyName": property, "mapping": mapping }))
    }

    fn reference(&mut self, target: Node<'d>, definitions: &mut Definitions<'d>) -> Value {
        let name = self.define(target, definitions);
        Value::String(format!("#/$defs/{name}"))
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
            // Which properties are left for these depends on all patterns.
            "additionalProperties" | "unevaluatedProperties"
                if !holder
                    .get("patternProperties")
                    .into_iter()
                    .flat_map(Node::members)
                    .all(|(pattern, _)| (self.is_pattern)(pattern)) =>
            {
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
            "properties" | "dependentSchemas" if value.is_object() => {
                let members = value.members();
                Value::Object(
                    members
                        .map(|(name, node)| (name.to_owned(), self.schema(node, definitions)))
                        .collect(),
                )
            }
            "patternProperties" if value.is_object() => {
                let mut patterns = Map::new();
                for (pattern, node) in value.members() {
                    if self.is_usable_pattern(pattern, node) {
                        patterns.insert(pattern.to_owned(), self.schema(node, definitions));
                    }
                }
                Value::Object(patterns)
            }
            "pattern"
                if value
                    .as_str()
                    .is_some_and(|text| !self.is_usable_pattern(text, value)) =>
            {
                return;
            }
            "required" if is_well_formed(key, value) => strings(value),
            "dependentRequired" if value.is_object() => {
                let members = value.members();
                let lists = members.filter(|(_, names)| names.kind() == Kind::Array);
                lists
                    .map(|(name, names)| (name.to_owned(), strings(names)))
                    .collect()
            }
            "enum" | "const" if is_well_formed(key, value) => {
                let types = resolve::stated_types(holder, self.diagnostics);
                let value_meant = |value: Node<'d>| {
                    let meant = types.and_then(|types| resolve::meant(value, types));
                    meant.unwrap_or_else(|| value.to_json())
                };
                match key {
                    "const" => value_meant(value),
                    _ => value.items().map(value_meant).collect(),
                }
            }
            "exclusiveMinimum" | "exclusiveMaximum" if value.kind() == Kind::Bool => {
                // OpenAPI 3.0: a flag beside the bound; 2020-12: the bound itself.
                let bound = if key == "exclusiveMinimum" {
                    "minimum"
                } else {
                    "maximum"
                };
                let bound = holder
                    .get(bound)
                    .filter(|bound| bound.kind() == Kind::Number);
                if let (Some(true), Some(bound)) = (value.as_bool(), bound) {
                    schema.insert(key.to_owned(), bound.to_json());
                }
                return;
            }
            "type" => match resolve::stated_types(holder, self.diagnostics) {
                Some(types) if !lists_refused(holder, types) => match value.kind() {
                    Kind::Array => strings(value),
                    _ => value.to_json(),
                },
                _ => return,
            },
            key if !has_fitting_kind(key, value) => return,
            _ => value.to_json(),
        };
        schema.insert(key.to_owned(), written);
    }

    fn is_usable_pattern(&mut self, pattern: &str, place: Node<'d>) -> bool {
        let is_usable = (self.is_pattern)(pattern);
        if !is_usable {
            let message = format!("{pattern:?} is no regular expression that can be used");
            let effect = "what it says is not checked";
            self.diagnostics
                .warning(place, "invalid-pattern", message, effect);
        }
        is_usable
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

/// From here on, a number is rounded to an infinity and not to a `float`.
const FLOAT_END: f64 = 3.402_823_567_797_336_6e38;

/// The greatest `double` but one: the greatest may stand for a number beyond all of them.
const DOUBLE_END: f64 = f64::MAX.next_down();

/// States the range of a number's format, which JSON Schema has no format for.
fn bound_numbers(schema: &mut Map<String, Value>) {
    let is_of = |wanted: &str| match schema.get("type") {
        Some(Value::Array(types)) => types.iter().all(|name| name == wanted || name == "null"),
        name => name.is_some_and(|name| name == wanted),
    };
    let format = schema.get("format").and_then(Value::as_str);
    let (minimum, maximum) = match format {
        Some("int8") => (json!(i8::MIN), json!(i8::MAX)),
        Some("int16") => (json!(i16::MIN), json!(i16::MAX)),
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
        Some("uint8") => (json!(0), json!(u8::MAX)),
        Some("uint16") => (json!(0), json!(u16::MAX)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        Some("uint64") => (json!(0), json!(u64::MAX)),
        Some("float") => (json!(-FLOAT_END), json!(FLOAT_END)),
        Some("double") => (json!(-DOUBLE_END), json!(DOUBLE_END)),
        _ => return,
    };
    let is_bounded = match format {
        Some("float" | "double") => is_of("number"),
        _ => is_of("integer"),
    };
    if !is_bounded {
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
            "title" | "description" => value.kind() == Kind::String,
            "exclusiveMinimum" | "exclusiveMaximum" => value.kind() == Kind::Number,
            keyword => !keyword.starts_with('$') || keyword == "$comment",
        }
}

/// The strings of an array, each once.
fn strings(list: Node<'_>) -> Value {
    let mut seen = HashSet::new();
    let strings = list.items().filter_map(Node::as_str);
    strings.filter(|text| seen.insert(*text)).collect()
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
