//! `oneOf`, `anyOf`, lists of types and enumerations.

use std::collections::HashSet;

use crate::ir::{EnumValue, Enumeration, Integer, Shape, TypeId, TypeRef, Union, Variant};
use crate::load::{Kind, Node};
use crate::resolve::{Additional, Alternatives, Schema, Types, is_annotation};
use crate::text::Text;

use super::docs;
use super::names::{self, Scope};
use super::types::{Draft, Source, TypeLowering, Typed};

impl<'d> TypeLowering<'_, 'd> {
    /// The type of a schema with `oneOf` or `anyOf`; `None` if they only constrain the rest of it.
    pub(super) fn alternatives(
        &mut self,
        schema: &Schema<'d>,
        source: &Source<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> Option<Typed> {
        let group = self.telling_group(schema)?;
        let exactly_one = group.exactly_one;
        let variants: Vec<Node<'d>> = group.variants.clone();
        let mut nullable = false;
        let has_base =
            !schema.properties.is_empty() || matches!(schema.additional, Additional::Schemas(_));
        let mut candidates: Vec<Variant> = Vec::new();
        let is_alone = variants.iter().filter(|one| !is_null(**one)).count() == 1;
        for (index, variant) in variants.iter().enumerate() {
            if is_null(*variant) {
                nullable = true;
                continue;
            }
            let mut conjunction = Source {
                nodes: vec![*variant],
                choose_last: false,
            };
            if has_base {
                conjunction.nodes.clone_from(&source.nodes);
                conjunction.nodes.push(*variant);
                conjunction.choose_last = true;
            }
            // What is a type or null is that type.
            if is_alone && (has_base || self.reader().alias_target(*variant).is_none()) {
                let typed = self.own_or_inline_type(&conjunction, hint, id);
                return Some(Typed {
                    nullable: nullable
                        || typed.nullable
                        || variants.iter().any(|one| is_null(*one)),
                    ..typed
                });
            }
            let name = self.variant_hint(*variant, &variants, schema, index);
            let hint = format!("{hint} {name}");
            let typed = if has_base {
                self.inline_type(&conjunction, &hint)
            } else {
                self.type_of(*variant, &hint)
            };
            nullable |= typed.nullable;
            if typed.ty == TypeRef::Any {
                return Some(Typed {
                    ty: TypeRef::Any,
                    nullable,
                });
            }
            if candidates.iter().any(|have| have.ty == typed.ty) {
                continue;
            }
            candidates.push(self.variant(&conjunction, *variant, typed.ty));
        }
        self.merge_texts(&mut candidates, schema, hint, id);
        if candidates.iter().any(|have| have.ty == TypeRef::Number) {
            candidates.retain(|have| !matches!(have.ty, TypeRef::Integer(_)));
        }
        let ty = match candidates.len() {
            0 => TypeRef::Any,
            1 => candidates.remove(0).ty,
            _ => {
                let discriminator = self.discriminate(schema, &variants, &mut candidates);
                keep_what_tells(&mut candidates);
                let union = Union {
                    variants: candidates,
                    discriminator,
                    exactly_one,
                    unknown: String::new(),
                };
                self.own_type(schema, Shape::Union(union), hint, id)
            }
        };
        Some(Typed { ty, nullable })
    }

    /// What an inline variant is named after: its title, the one value of its discriminator or of
    /// another property, or its place.
    pub(super) fn variant_hint(
        &mut self,
        node: Node<'d>,
        siblings: &[Node<'d>],
        schema: &Schema<'d>,
        index: usize,
    ) -> String {
        if let Some(title) = docs::title(node) {
            return title.to_owned();
        }
        let discriminator = schema
            .discriminator
            .and_then(|discriminator| discriminator.get_str("propertyName"));
        let by_place = format!("variant {}", index + 1);
        let Some(variant) = self.reader().read(&[node], false) else {
            return by_place;
        };
        let mut constant = None;
        for (name, nodes) in &variant.properties {
            let values = self
                .reader()
                .read(nodes, false)
                .and_then(|schema| schema.enumeration);
            let only = match values.as_deref() {
                Some([only]) => only.as_str().filter(|text| !text.is_empty()),
                _ => None,
            };
            if only.is_some() && (constant.is_none() || discriminator == Some(name)) {
                constant = only;
            }
        }
        if let Some(constant) = constant {
            return constant.to_owned();
        }
        let mut others = siblings.iter().filter(|other| **other != node);
        let is_like_another = others.any(|other| other.get_str("type") == node.get_str("type"));
        let mut telling = variant.required.iter().filter(|name| {
            let mut others = siblings.iter().filter(|other| **other != node);
            !others.any(|other| {
                other.get("required").is_some_and(|required| {
                    required.items().any(|item| item.as_str() == Some(**name))
                })
            })
        });
        match telling.next() {
            Some(name) if !variant.properties.is_empty() => (*name).to_owned(),
            _ if is_like_another => by_place,
            _ => match variant.types {
                Types::OBJECT => "object".to_owned(),
                Types::ARRAY => "list".to_owned(),
                Types::STRING => "text".to_owned(),
                Types::INTEGER | Types::NUMBER => "number".to_owned(),
                _ => by_place,
            },
        }
    }

    /// The group of alternatives that says what the values are, not only what else must hold.
    fn telling_group<'s>(&mut self, schema: &'s Schema<'d>) -> Option<&'s Alternatives<'d>> {
        let mut telling = schema.alternatives.iter().filter(|group| {
            group
                .variants
                .iter()
                .all(|variant| !is_constraint(*variant))
        });
        let first = telling.next()?;
        if telling.next().is_some() {
            let message = "several oneOf and anyOf hold at once".to_owned();
            let effect = "only the first decides on the type";
            self.diagnostics()
                .warning(schema.node, "several-alternatives", message, effect);
        }
        Some(first)
    }

    fn variant(&mut self, source: &Source<'d>, node: Node<'d>, ty: TypeRef) -> Variant {
        let mut variant = Variant {
            name: String::new(),
            ty,
            boxed: false,
            docs: docs::of_schema(node).first_line(),
            json_types: Vec::new(),
            required: Vec::new(),
            properties: Vec::new(),
            constants: Vec::new(),
            tags: Vec::new(),
        };
        let Some(schema) = self.reader().read(&source.nodes, source.choose_last) else {
            return variant;
        };
        let types = if !schema.is_typed && !schema.properties.is_empty() {
            Types::OBJECT
        } else {
            schema.types
        };
        if types != Types::ANY.without(Types::NULL) {
            variant.json_types = types.each().map(Types::name).collect();
        }
        variant.required = schema
            .required
            .iter()
            .map(|name| (*name).to_owned())
            .collect();
        for (name, nodes) in &schema.properties {
            variant.properties.push((*name).to_owned());
            let Some(property) = self.reader().read(nodes, false) else {
                continue;
            };
            if let Some(values) = property.enumeration.filter(|values| !values.is_empty()) {
                let values = values.into_iter().map(Node::to_json).collect();
                variant.constants.push(((*name).to_owned(), values));
            }
        }
        if let Some(values) = schema.enumeration {
            let values = values.into_iter().map(Node::to_json).collect();
            variant.constants.push((String::new(), values));
        }
        variant
    }

    /// Texts of several formats or enumerations are one type: a generated enumeration takes any
    /// text, so it needs no plain text beside it.
    fn merge_texts(
        &mut self,
        candidates: &mut Vec<Variant>,
        schema: &Schema<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) {
        let is_text = |this: &Self, ty: &TypeRef| this.text_values(ty).is_some();
        let texts: Vec<usize> = (0..candidates.len())
            .filter(|index| is_text(self, &candidates[*index].ty))
            .collect();
        if texts.len() < 2 {
            return;
        }
        let with_values: Vec<usize> = texts
            .iter()
            .copied()
            .filter(|index| {
                self.text_values(&candidates[*index].ty)
                    .is_some_and(|v| !v.is_empty())
            })
            .collect();
        let ty = match with_values.as_slice() {
            [] => TypeRef::String,
            [only] if !self.is_inline(&candidates[*only].ty) || texts.len() < candidates.len() => {
                candidates[*only].ty.clone()
            }
            several => {
                let mut values: Vec<EnumValue> = Vec::new();
                for index in several {
                    for value in self.text_values(&candidates[*index].ty).unwrap_or_default() {
                        if !values.iter().any(|have| have.value == value.value) {
                            values.push(value.clone());
                        }
                    }
                }
                let mut scope = Scope::default();
                for value in &mut values {
                    let text = value.value.as_str().unwrap_or_default();
                    value.name = scope.unique(&names::variant_name(text));
                }
                let unknown = scope.unique("Unknown");
                let shape = Shape::Enum(Enumeration {
                    values,
                    base: TypeRef::String,
                    unknown,
                });
                if texts.len() == candidates.len() {
                    self.own_type(schema, shape, hint, id)
                } else {
                    let docs = docs::of_schema(schema.node);
                    let hint = format!("{hint} text");
                    let draft = Draft {
                        hint,
                        is_named: false,
                        shape,
                        docs,
                    };
                    TypeRef::Named(self.draft(schema.node, draft))
                }
            }
        };
        candidates[texts[0]].ty = ty;
        candidates[texts[0]].constants.clear();
        for index in texts.iter().skip(1).rev() {
            candidates.remove(*index);
        }
    }

    /// Whether it is a generated type that the document does not name.
    fn is_inline(&self, ty: &TypeRef) -> bool {
        matches!(ty, TypeRef::Named(id) if !self.hints[id.0 as usize].is_named)
    }

    /// The values of an enumeration of texts; none for any other text.
    fn text_values(&self, ty: &TypeRef) -> Option<Vec<EnumValue>> {
        match ty {
            TypeRef::String
            | TypeRef::Uuid
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Base64 => Some(Vec::new()),
            TypeRef::Named(id) => match &self.defs[id.0 as usize].shape {
                Shape::Enum(Enumeration {
                    values,
                    base: TypeRef::String,
                    ..
                }) => Some(values.clone()),
                Shape::Alias(target) if *target != *ty => self.text_values(target),
                _ => None,
            },
            _ => None,
        }
    }

    /// Notes which discriminator values name which variant; returns the property.
    fn discriminate(
        &mut self,
        schema: &Schema<'d>,
        stated: &[Node<'d>],
        candidates: &mut [Variant],
    ) -> Option<String> {
        let discriminator = schema.discriminator?;
        let property = discriminator.get_str("propertyName")?.to_owned();
        for (value, target) in discriminator
            .get("mapping")
            .into_iter()
            .flat_map(Node::members)
        {
            let Some(text) = target.as_str() else {
                continue;
            };
            let ty = self.mapped_type(discriminator, text, stated);
            match candidates
                .iter_mut()
                .find(|variant| Some(&variant.ty) == ty.as_ref())
            {
                Some(variant) => variant.tags.push(value.to_owned()),
                None => {
                    let message = format!("the mapping of {value:?} names none of the variants");
                    let effect = "this value does not help to choose";
                    self.diagnostics()
                        .warning(target, "discriminator-mapping", message, effect);
                }
            }
        }
        // OpenAPI 3.1, section 4.8.25: without a mapping the schema's name is the value.
        for node in stated {
            let Some(name) = node
                .get_str("$ref")
                .and_then(|text| text.rsplit('/').next())
            else {
                continue;
            };
            let ty = self.type_of(*node, name).ty;
            let is_tagged = candidates
                .iter()
                .any(|variant| variant.tags.iter().any(|tag| tag == name));
            if let Some(variant) = candidates.iter_mut().find(|variant| variant.ty == ty)
                && variant.tags.is_empty()
                && !is_tagged
            {
                variant.tags.push(name.to_owned());
            }
        }
        Some(property)
    }

    fn mapped_type(
        &mut self,
        discriminator: Node<'d>,
        text: &'d str,
        stated: &[Node<'d>],
    ) -> Option<TypeRef> {
        let by_name = stated.iter().find(|node| {
            node.get_str("$ref").is_some_and(|reference| {
                reference == text || reference.rsplit('/').next() == Some(text)
            })
        });
        if let Some(node) = by_name {
            return Some(self.type_of(*node, text).ty);
        }
        if !text.contains(['#', '/']) {
            return None;
        }
        let target = self
            .references
            .target(discriminator, text, self.diagnostics)?;
        let target = self.references.follow(target, self.diagnostics)?;
        Some(self.named_type(target).ty)
    }

    /// The type of `type: [a, b]`.
    pub(super) fn type_list(
        &mut self,
        schema: &Schema<'d>,
        types: Types,
        source: &Source<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> TypeRef {
        let mut variants: Vec<Variant> = Vec::new();
        for one in types.each() {
            let ty = self.single_type(schema, one, source, &format!("{hint} {}", one.name()), None);
            variants.push(Variant {
                name: String::new(),
                ty,
                boxed: false,
                docs: Text::default(),
                json_types: vec![one.name()],
                required: Vec::new(),
                properties: Vec::new(),
                constants: Vec::new(),
                tags: Vec::new(),
            });
        }
        let union = Union {
            variants,
            discriminator: None,
            exactly_one: true,
            unknown: String::new(),
        };
        self.own_type(schema, Shape::Union(union), hint, id)
    }

    /// The enumeration of these values; `None` if they are no texts or numbers.
    pub(super) fn enumeration(
        &mut self,
        stated: &[Node<'d>],
        schema: &Schema<'d>,
    ) -> Option<Shape> {
        let is_truth = |value: &Node<'d>| {
            value.as_bool().is_some()
                || (schema.types == Types::BOOLEAN
                    && matches!(value.as_str(), Some("true" | "false")))
        };
        let all_truths = stated.iter().all(is_truth);
        let are_texts = schema.is_typed && schema.types == Types::STRING;
        if stated.is_empty() || (all_truths && !are_texts) {
            for value in stated {
                self.as_stated_type(*value, schema);
            }
            return None;
        }
        if stated
            .iter()
            .any(|value| matches!(value.kind(), Kind::Array | Kind::Object))
        {
            return None;
        }
        let mut listed: Vec<(Node<'d>, serde_json::Value)> = Vec::with_capacity(stated.len());
        let mut seen: HashSet<serde_json::Value> = HashSet::with_capacity(stated.len());
        // A value that stands twice, where it does so first, and how often it stands in all.
        let mut repeated: Vec<(Node<'d>, serde_json::Value, usize)> = Vec::new();
        for node in stated {
            if node.as_number().is_some_and(|text| !is_exact(text)) {
                let message =
                    "this number is larger or finer than the generator can hold".to_owned();
                let effect = "it is read and written as a value that is not listed";
                self.diagnostics()
                    .warning(*node, "number-out-of-range", message, effect);
                continue;
            }
            let value = self.as_stated_type(*node, schema);
            if !seen.insert(value.clone()) {
                match repeated.iter_mut().find(|(_, have, _)| *have == value) {
                    Some((_, _, times)) => *times += 1,
                    None => repeated.push((*node, value, 2)),
                }
                continue;
            }
            listed.push((*node, value));
        }
        for (node, value, times) in repeated {
            let message = match times {
                2 => format!("{value} stands in this enum a second time"),
                times => format!("{value} stands in this enum {times} times"),
            };
            self.diagnostics()
                .note(node, "duplicate-enum-value", message, "listed once");
        }
        let base = if all_truths {
            // Texts, says the type, and truths, say the values: both are taken.
            TypeRef::Any
        } else if listed.iter().all(|(_, value)| value.is_string()) {
            TypeRef::String
        } else if listed.iter().all(|(_, value)| value.is_i64()) {
            TypeRef::Integer(Integer::I64)
        } else {
            TypeRef::Any
        };
        let texts: Vec<&str> = listed
            .iter()
            .map(|(node, _)| node.scalar_text().unwrap_or_default())
            .collect();
        let mut scope = Scope::default();
        let names = scope.unique_all(texts.iter().copied(), names::variant_name);
        let values = listed
            .into_iter()
            .zip(names)
            .map(|((node, value), name)| EnumValue {
                name,
                value,
                docs: constant_docs(node),
            })
            .collect();
        let unknown = scope.unique("Unknown");
        Some(Shape::Enum(Enumeration {
            values,
            base,
            unknown,
        }))
    }

    /// The value in the type that the schema states: YAML reads `1` in an enum of texts as a
    /// number.
    fn as_stated_type(&mut self, node: Node<'d>, schema: &Schema<'d>) -> serde_json::Value {
        let value = node.to_json();
        if !schema.is_typed || value.is_null() {
            return value;
        }
        let text = node.scalar_text().unwrap_or_default();
        let meant = if schema.types == Types::STRING && !value.is_string() {
            Some(serde_json::Value::from(text))
        } else if matches!(schema.types, Types::INTEGER | Types::NUMBER) && value.is_string() {
            text.parse::<i64>().ok().map(serde_json::Value::from)
        } else if schema.types == Types::BOOLEAN && value.is_string() {
            text.parse::<bool>().ok().map(serde_json::Value::from)
        } else {
            None
        };
        let Some(meant) = meant else { return value };
        let message = format!("{value} is not of the type that the schema states");
        let effect = format!("it is taken to be {meant}");
        self.diagnostics()
            .warning(node, "enum-type", message, &effect);
        meant
    }
}

/// What the document says of a constant that is a schema of its own.
fn constant_docs(node: Node<'_>) -> Text {
    if node.key() != Some("const") {
        return Text::default();
    }
    let Some(schema) = node.parent() else {
        return Text::default();
    };
    let docs = docs::of_schema(schema);
    [docs.summary, docs.description]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// Whether a number of this text is the same after it was read.
fn is_exact(text: &str) -> bool {
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    let digits = digits.bytes().filter(u8::is_ascii_digit).count();
    text.parse::<i64>().is_ok()
        || text.parse::<u64>().is_ok()
        || (digits <= 15 && text.parse::<f64>().is_ok_and(f64::is_finite))
}

/// Leaves out of the variants' descriptions what is not needed to tell them apart: where one
/// property has a different constant in each of them, that constant is enough.
fn keep_what_tells(variants: &mut [Variant]) {
    let Some(first) = variants.first() else {
        return;
    };
    let telling = first
        .constants
        .iter()
        .map(|(name, _)| name.clone())
        .find(|name| {
            let mut seen = Vec::new();
            variants.iter().all(|variant| {
                let constant = variant.constants.iter().find(|(have, _)| have == name);
                match constant.map(|(_, values)| values.as_slice()) {
                    Some([only]) if !seen.contains(&only) => {
                        seen.push(only);
                        variant.required.contains(name)
                    }
                    _ => false,
                }
            })
        });
    if let Some(name) = telling {
        for variant in variants {
            variant.required = vec![name.clone()];
            variant.properties.clear();
            variant.constants.retain(|(have, _)| *have == name);
        }
    }
}

/// Whether the schema is of nothing but `null`.
pub(super) fn is_null(node: Node<'_>) -> bool {
    if !node.is_object() {
        return false;
    }
    let is_null_enum = node
        .get("enum")
        .is_some_and(|values| values.items().len() > 0 && values.items().all(Node::is_null));
    node.get_str("type") == Some("null")
        || is_null_enum
        || node.get("const").is_some_and(Node::is_null)
}

/// Whether the schema says nothing of what a value is, only what else must hold.
fn is_constraint(node: Node<'_>) -> bool {
    const TELLING: [&str; 12] = [
        "$ref",
        "type",
        "properties",
        "items",
        "prefixItems",
        "enum",
        "const",
        "allOf",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "nullable",
    ];
    node.is_object()
        && !TELLING.iter().any(|key| node.get(key).is_some())
        && node.members().any(|(key, _)| !is_annotation(key))
}
