//! One normal form for schemas of OpenAPI 3.0 and 3.1: references followed, `allOf` flattened.

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node, NodeId};

use super::expect::{self, Effect};
use super::reference::References;
use super::types::Types;
use super::{Dialect, annotation, keywords, stated};

/// The conjunction of a schema, what it refers to and its `allOf`.
pub struct Schema<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// The schema objects that must all hold, outermost first.
    pub parts: Vec<Node<'d>>,
    /// Whether nothing is valid: the boolean schema `false`.
    pub never: bool,
    /// The JSON types that are valid, `null` aside.
    pub types: Types,
    /// Whether any part states its types.
    pub is_typed: bool,
    /// Whether `null` is valid.
    pub nullable: bool,
    /// Values of `enum` or `const`, `null` aside.
    pub enumeration: Option<Vec<Node<'d>>>,
    /// `format`
    pub format: Option<&'d str>,
    /// Properties in document order, each with the schemas that must all hold.
    pub properties: Vec<(&'d str, Vec<Node<'d>>)>,
    /// Names of properties that must be there.
    pub required: Vec<&'d str>,
    /// What is said of properties that are not listed.
    pub additional: Additional<'d>,
    /// The schemas of array items.
    pub items: Vec<Node<'d>>,
    /// `prefixItems`
    pub prefix_items: Option<Node<'d>>,
    /// Each `oneOf` and `anyOf`.
    pub alternatives: Vec<Alternatives<'d>>,
    /// The discriminator object.
    pub discriminator: Option<Node<'d>>,
}

/// `additionalProperties` and `patternProperties`.
#[derive(Clone, Debug)]
pub enum Additional<'d> {
    /// Nothing is said: anything is valid.
    Unstated,
    /// Anything is valid, and the document says so.
    Any,
    /// Values follow these schemas.
    Schemas(Vec<Node<'d>>),
    /// None are valid.
    Forbidden,
}

/// A `oneOf` or `anyOf`.
pub struct Alternatives<'d> {
    /// Whether exactly one must hold (`oneOf`).
    pub exactly_one: bool,
    /// The variants.
    pub variants: Vec<Node<'d>>,
}

impl Schema<'_> {
    /// Whether an extension of the schema lists this property.
    pub fn listed(&self, extension: &str, property: &str) -> bool {
        self.parts
            .iter()
            .filter_map(|part| part.get(extension))
            .any(|names| names.items().any(|name| name.as_str() == Some(property)))
    }
}

/// Reads schemas.
pub struct SchemaReader<'a, 'd> {
    /// How references are followed.
    pub references: &'a References<'d>,
    /// The rules of the document's version.
    pub dialect: Dialect,
    /// Where defects go.
    pub diagnostics: &'a mut Diagnostics,
}

impl<'d> SchemaReader<'_, 'd> {
    /// The schema that `node` is another name for, if it adds nothing but annotations: a
    /// reference, or one alone in `allOf`, `oneOf` or `anyOf`. The flag says whether `null` is
    /// valid too.
    pub fn alias_target(&mut self, node: Node<'d>) -> Option<(Node<'d>, bool)> {
        let nullable = node.is_true("nullable");
        if let Some(reference) = References::of(node) {
            let adds = self.dialect == Dialect::V31
                && node
                    .members()
                    .any(|(key, _)| !is_reference(key) && !annotation::is_annotation(key));
            if adds {
                return None;
            }
            self.check_siblings(node);
            return self
                .references
                .target(node, reference, self.diagnostics)
                .map(|target| (target, nullable));
        }
        let mut only = None;
        for (key, value) in node.members() {
            match key {
                "oneOf" | "anyOf" if only.is_none() && value.items().len() == 1 => {
                    only = value.item(0);
                }
                "allOf" if only.is_none() => {
                    let mut constraining = value.items().filter(|item| !is_description(*item));
                    only = constraining.next();
                    if constraining.next().is_some() {
                        return None;
                    }
                }
                "type" if value.as_str() == Some("object") => {}
                "discriminator" => {}
                key if annotation::is_annotation(key) => {}
                _ => return None,
            }
        }
        only.map(|target| (target, nullable))
    }

    /// Says which members of a reference do not count: in OpenAPI 3.0 all (3.0.3, section 4.7.23).
    fn check_siblings(&mut self, reference: Node<'d>) {
        if self.dialect != Dialect::V30 {
            return;
        }
        let target = References::of(reference)
            .and_then(|text| self.references.target(reference, text, self.diagnostics));
        for (key, value) in reference.members() {
            // A sibling that repeats what the target says costs nothing.
            let repeated = target.and_then(|target| target.get(key)?.scalar_text());
            let is_repeated = repeated.is_some() && repeated == value.scalar_text();
            if !is_reference(key) && !annotation::is_annotation(key) && !is_repeated {
                let message = format!("OpenAPI 3.0 ignores {key:?} beside \"$ref\"");
                let effect = "the keyword is ignored";
                self.diagnostics
                    .warning(value, "ref-sibling", message, effect);
            }
        }
    }

    /// Reports what of one schema object does not count as it is written.
    pub fn check(&mut self, part: Node<'d>) {
        if References::of(part).is_some() && self.dialect == Dialect::V30 {
            self.check_siblings(part);
        } else if keywords::check_kind(part, self.diagnostics) {
            keywords::check(part, self.diagnostics);
            if let Some(types) = stated::types(part, self.diagnostics) {
                stated::check_listed(part, types, self.diagnostics);
            }
        }
    }

    /// The normal form of the conjunction of these schemas.
    ///
    /// With `choose_last`, `oneOf` and `anyOf` count in the last of them only: it is a variant
    /// that the alternatives of the others led to.
    pub fn read(&mut self, nodes: &[Node<'d>], choose_last: bool) -> Option<Schema<'d>> {
        let node = *nodes.first()?;
        let mut parts = Vec::new();
        let mut path = Vec::new();
        let mut base_parts = 0;
        for (index, node) in nodes.iter().enumerate() {
            if index + 1 == nodes.len() {
                base_parts = parts.len();
            }
            self.flatten(*node, &mut parts, &mut path);
        }
        if !choose_last {
            base_parts = 0;
        }
        let mut schema = Schema {
            node,
            never: false,
            types: Types::ANY,
            is_typed: false,
            nullable: false,
            enumeration: None,
            format: None,
            properties: Vec::new(),
            required: Vec::new(),
            additional: Additional::Unstated,
            items: Vec::new(),
            prefix_items: None,
            alternatives: Vec::new(),
            discriminator: None,
            parts: Vec::new(),
        };
        let mut null = NullVerdict {
            stated: false,
            refused: false,
        };
        for (index, part) in parts.iter().enumerate() {
            self.read_part(*part, &mut schema, &mut null);
            if index >= base_parts {
                self.read_alternatives(*part, &mut schema);
            }
        }
        self.read_unevaluated(&parts, &mut schema);
        let outer_nullable = nodes.iter().all(|node| node.is_true("nullable")) && !nodes.is_empty();
        schema.nullable = outer_nullable || (null.stated && !null.refused);
        schema.types = schema.types.without(Types::NULL);
        schema.parts = parts;
        Some(schema)
    }

    fn flatten(&mut self, node: Node<'d>, parts: &mut Vec<Node<'d>>, path: &mut Vec<NodeId>) {
        if path.contains(&node.id()) {
            let message = "this schema is part of its own allOf".to_owned();
            self.diagnostics
                .warning(node, "all-of-cycle", message, "the repetition is ignored");
            return;
        }
        if path.len() > 400 {
            let message = "more than 400 schemas refer to each other in a row".to_owned();
            self.diagnostics
                .warning(node, "too-deep", message, "the rest is ignored");
            return;
        }
        if parts.contains(&node) {
            return;
        }
        path.push(node.id());
        parts.push(node);
        if let Some(reference) = References::of(node)
            && let Some(target) = self.references.target(node, reference, self.diagnostics)
        {
            self.flatten(target, parts, path);
        }
        if let Some(all_of) = node.get("allOf") {
            for member in all_of.items() {
                self.flatten(member, parts, path);
            }
        }
        path.pop();
    }

    fn read_part(&mut self, part: Node<'d>, schema: &mut Schema<'d>, null: &mut NullVerdict) {
        match part.kind() {
            Kind::Object => {}
            Kind::Bool => {
                schema.never |= part.as_bool() == Some(false);
                return;
            }
            _ => {
                keywords::check_kind(part, self.diagnostics);
                return;
            }
        }
        if References::of(part).is_some() && self.dialect == Dialect::V30 {
            self.check_siblings(part);
            return;
        }
        keywords::check(part, self.diagnostics);
        keywords::check_support(part, self.dialect, self.diagnostics);
        let stated = stated::types(part, self.diagnostics);
        let nullable = part.is_true("nullable");
        if let Some(types) = stated {
            schema.is_typed = true;
            if schema.types.intersects(types) {
                schema.types = schema.types & types;
            } else {
                let message = format!(
                    "allOf demands {} where another part states other types",
                    types.name()
                );
                self.diagnostics.warning(
                    part,
                    "all-of-conflict",
                    message,
                    "type widened to any value",
                );
                schema.types = Types::ANY;
            }
        }
        match (
            nullable || stated.is_some_and(|t| t.contains(Types::NULL)),
            stated.is_some(),
        ) {
            (true, _) => null.stated = true,
            (false, true) => null.refused = true,
            (false, false) => {}
        }
        self.read_enumeration(part, schema, null);
        if let Some(types) = stated {
            stated::check_listed(part, types, self.diagnostics);
        }
        if let Some(format) = part.get_str("format") {
            schema.format.get_or_insert(format);
        }
        self.read_object_keywords(part, schema);
        Self::read_array_keywords(part, schema);
    }

    fn read_alternatives(&mut self, part: Node<'d>, schema: &mut Schema<'d>) {
        if References::of(part).is_some() && self.dialect == Dialect::V30 {
            return;
        }
        for (keyword, exactly_one) in [("oneOf", true), ("anyOf", false)] {
            let Some(value) = part.get(keyword) else {
                continue;
            };
            if value.kind() == Kind::Array {
                let variants: Vec<_> = value.items().collect();
                if !variants.is_empty() {
                    schema.alternatives.push(Alternatives {
                        exactly_one,
                        variants,
                    });
                }
            }
        }
        if schema.discriminator.is_none() {
            schema.discriminator = self.discriminator(part);
        }
    }

    fn discriminator(&mut self, part: Node<'d>) -> Option<Node<'d>> {
        let stated = part.get("discriminator").filter(|node| node.is_object())?;
        let effect = Effect::Imprecise("variants are told apart by their contents");
        if stated.get_str("propertyName").is_none() {
            let message =
                "a discriminator must have a \"propertyName\" that is a string".to_owned();
            expect::report(stated, expect::MALFORMED, message, effect, self.diagnostics);
            return None;
        }
        let effect = Effect::Imprecise("the value is not mapped");
        for (value, target) in expect::members(stated, "mapping", effect, self.diagnostics) {
            if target.as_str().is_none() {
                expect::malformed(target, value, "a schema's name", effect, self.diagnostics);
            }
        }
        Some(stated)
    }

    fn read_enumeration(
        &mut self,
        part: Node<'d>,
        schema: &mut Schema<'d>,
        null: &mut NullVerdict,
    ) {
        let values: Vec<Node<'d>> = match (part.get("const"), part.get("enum")) {
            (Some(value), _) => vec![value],
            (None, Some(values)) if values.kind() == Kind::Array => values.items().collect(),
            (None, _) => return,
        };
        let has_null = values.iter().any(|value| value.is_null());
        if has_null && (part.get("type").is_none() || self.dialect == Dialect::V30) {
            null.stated = true;
            null.refused = false;
        }
        let values: Vec<_> = values
            .into_iter()
            .filter(|value| !value.is_null())
            .collect();
        match &mut schema.enumeration {
            None => schema.enumeration = Some(values),
            Some(have) => {
                let allowed: Vec<_> = values.iter().map(|value| value.to_json()).collect();
                have.retain(|value| allowed.contains(&value.to_json()));
            }
        }
    }

    fn read_object_keywords(&mut self, part: Node<'d>, schema: &mut Schema<'d>) {
        let properties = part.get("properties").into_iter().flat_map(Node::members);
        for (name, value) in properties {
            match schema.properties.iter_mut().find(|(have, _)| *have == name) {
                Some((_, schemas)) => schemas.push(value),
                None => schema.properties.push((name, vec![value])),
            }
        }
        for name in part.get("required").into_iter().flat_map(Node::items) {
            if let Some(name) = name.as_str()
                && !schema.required.contains(&name)
            {
                schema.required.push(name);
            }
        }
        if let Some(patterns) = part
            .get("patternProperties")
            .filter(|node| node.is_object())
        {
            let schemas: Vec<_> = patterns.members().map(|(_, value)| value).collect();
            let is_closed = ["additionalProperties", "unevaluatedProperties"]
                .iter()
                .any(|key| part.get(key).and_then(Node::as_bool) == Some(false));
            schema.additional = match schemas.len() {
                // Names that the pattern does not fit may have any value, unless that is forbidden.
                1 if is_closed => Additional::Schemas(schemas),
                _ => {
                    if schemas.iter().any(|schema| schema.members().len() > 0) {
                        let message = "properties are told apart by patterns".to_owned();
                        let effect = "the type of their values widened to any value";
                        self.diagnostics
                            .warning(patterns, "pattern-properties", message, effect);
                    }
                    Additional::Any
                }
            };
        }
        if let Some(value) = part.get("additionalProperties") {
            let stated = match value.kind() {
                Kind::Bool if value.as_bool() == Some(false) => Additional::Forbidden,
                Kind::Bool => Additional::Any,
                Kind::Object if value.members().len() == 0 => Additional::Any,
                Kind::Object => Additional::Schemas(vec![value]),
                _ => return,
            };
            schema.additional = match (
                std::mem::replace(&mut schema.additional, Additional::Any),
                stated,
            ) {
                (Additional::Unstated | Additional::Any, stated) => stated,
                (Additional::Schemas(mut have), Additional::Schemas(more)) => {
                    have.extend(more);
                    Additional::Schemas(have)
                }
                (Additional::Schemas(have), Additional::Forbidden)
                    if part.get("patternProperties").is_some() =>
                {
                    Additional::Schemas(have)
                }
                (Additional::Forbidden, _) | (_, Additional::Forbidden) => Additional::Forbidden,
                (have, _) => have,
            };
        }
    }

    /// `unevaluatedProperties` is `additionalProperties` where nothing but the conjunction names
    /// properties.
    fn read_unevaluated(&mut self, parts: &[Node<'d>], schema: &mut Schema<'d>) {
        let stated = parts
            .iter()
            .filter_map(|part| part.get("unevaluatedProperties"))
            .filter(|value| value.members().len() > 0);
        for value in stated {
            let is_conditional = parts.iter().any(|part| {
                let conditions = [
                    "if",
                    "then",
                    "else",
                    "dependentSchemas",
                    "patternProperties",
                ];
                conditions.iter().any(|key| part.get(key).is_some())
            });
            let is_open = matches!(schema.additional, Additional::Unstated);
            if is_open && !is_conditional && schema.alternatives.is_empty() {
                schema.additional = Additional::Schemas(vec![value]);
            } else {
                let message = "types do not follow \"unevaluatedProperties\"".to_owned();
                let effect = "what only it states is taken as any value";
                self.diagnostics
                    .warning(value, "unsupported-keyword", message, effect);
            }
        }
    }

    fn read_array_keywords(part: Node<'d>, schema: &mut Schema<'d>) {
        if let Some(items) = part.get("items") {
            match items.kind() {
                Kind::Object | Kind::Bool => schema.items.push(items),
                // JSON Schema before 2020-12: a tuple.
                Kind::Array if items.items().len() > 0 => {
                    schema.prefix_items = Some(items);
                    let rest = part.get("additionalItems");
                    let rest = rest.filter(|rest| matches!(rest.kind(), Kind::Object | Kind::Bool));
                    schema.items.extend(rest);
                }
                _ => {}
            }
        }
        if let Some(prefix) = part
            .get("prefixItems")
            .filter(|node| node.kind() == Kind::Array)
        {
            schema.prefix_items = Some(prefix);
        }
    }
}

fn is_reference(key: &str) -> bool {
    matches!(key, "$ref" | "$dynamicRef")
}

/// Whether the schema only describes and so leaves every value valid.
fn is_description(node: Node<'_>) -> bool {
    node.is_object()
        && node
            .members()
            .all(|(key, _)| annotation::is_annotation(key))
}

struct NullVerdict {
    stated: bool,
    refused: bool,
}
