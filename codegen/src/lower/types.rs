//! Schemas → types.
//!
//! A named schema is one type wherever it is referred to; an inline schema that is written out
//! again, or that repeats a named one, is the same type too. What a type holds is worked out from
//! a queue, so that neither nesting nor recursion between schemas is recursion here.

use std::collections::HashMap;

use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::ir::{Derives, Docs, Shape, Struct, TypeDef, TypeId, TypeRef};
use crate::load::{Kind, Node, NodeId};
use crate::resolve::{Additional, Dialect, References, Schema, SchemaReader, Types, is_annotation};

use super::docs;
use super::fingerprint::Fingerprints;
use super::places::PlaceName;
use super::scalars;
use super::union::is_null;

/// A type whose name is not given yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// What the name is made from.
    pub(super) hint: String,
    /// Whether the document itself gives the name.
    pub(super) is_named: bool,
    /// What it is.
    pub(super) shape: Shape,
    /// Its documentation.
    pub(super) docs: Docs,
}

/// What a type's name is made from.
pub(super) struct Hint {
    pub(super) text: String,
    /// Whether the document itself gives the name.
    pub(super) is_named: bool,
}

/// What is left when all schemas are lowered.
pub(super) struct Parts<'a, 'd> {
    pub(super) defs: Vec<TypeDef>,
    pub(super) hints: Vec<Hint>,
    /// Where each type stands.
    pub(super) origins: Vec<Node<'d>>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// A use of a type, before it is known whether the value may be absent.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    /// The type, null aside.
    pub(super) ty: TypeRef,
    /// Whether null is valid too.
    pub(super) nullable: bool,
}

impl Typed {
    pub(super) fn of(ty: TypeRef) -> Self {
        Self {
            ty,
            nullable: false,
        }
    }

    /// The type with null in it.
    pub(super) fn into_ref(self) -> TypeRef {
        self.ty.or_null(self.nullable)
    }
}

/// A conjunction of schemas that a queued type is filled from.
#[derive(Clone, Debug)]
pub(super) struct Source<'d> {
    pub(super) nodes: Vec<Node<'d>>,
    pub(super) choose_last: bool,
}

/// Lowers schemas; see the module.
pub(super) struct TypeLowering<'a, 'd> {
    config: &'a Config,
    pub(super) references: &'a References<'d>,
    pub(super) dialect: Dialect,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// The types so far; [`TypeId`] is an index.
    pub(super) defs: Vec<TypeDef>,
    /// What their names are made from.
    pub(super) hints: Vec<Hint>,
    /// Where each of them stands.
    origins: Vec<Node<'d>>,
    named: HashMap<NodeId, Named>,
    inline: HashMap<InlineKey, Typed>,
    component_of: HashMap<u64, NodeId>,
    fingerprints: Fingerprints,
    queue: Vec<(TypeId, Source<'d>)>,
    /// Multipart bodies by schema and encoding.
    pub(super) forms: HashMap<(NodeId, Option<NodeId>), TypeId>,
    /// Component schemas that are named by what they are listed as.
    pub(super) component_names: HashMap<NodeId, String>,
    /// What the types of operations are named after.
    pub(super) operation_names: HashMap<NodeId, String>,
}

/// What tells inline schemas apart: their fingerprints, which of them choose a variant, and whether
/// null is valid.
type InlineKey = (Vec<u64>, bool, bool);

enum Identity<'d> {
    /// A copy of this component.
    Component(Node<'d>),
    Inline(InlineKey),
}

#[derive(Clone, Debug)]
enum Named {
    /// Being worked out: met again, it refers to itself.
    Open {
        id: TypeId,
        is_recursive: bool,
    },
    Done(Typed),
}

impl<'a, 'd> TypeLowering<'a, 'd> {
    /// Lowers schemas of documents whose references these are.
    pub(super) fn new(
        references: &'a References<'d>,
        config: &'a Config,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            config,
            references,
            dialect: Dialect::V30,
            diagnostics,
            defs: Vec::new(),
            hints: Vec::new(),
            origins: Vec::new(),
            named: HashMap::new(),
            inline: HashMap::new(),
            component_of: HashMap::new(),
            fingerprints: Fingerprints::default(),
            queue: Vec::new(),
            forms: HashMap::new(),
            component_names: HashMap::new(),
            operation_names: HashMap::new(),
        }
    }

    /// Takes over the rules of the document that is lowered next.
    pub(super) fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// The diagnostics of this run.
    pub(super) fn diagnostics(&mut self) -> &mut Diagnostics {
        self.diagnostics
    }

    pub(super) fn reader(&mut self) -> SchemaReader<'_, 'd> {
        SchemaReader {
            references: self.references,
            dialect: self.dialect,
            diagnostics: self.diagnostics,
        }
    }

    /// Makes component schemas known, so that inline copies of them become references.
    pub(super) fn announce_components(&mut self, schemas: &[(&'d str, Node<'d>)]) {
        for (name, node) in schemas {
            let Some((target, _)) = self.settle(*node) else {
                continue;
            };
            let is_own = target == *node;
            if is_own || !self.component_names.contains_key(&target.id()) {
                self.component_names.insert(target.id(), (*name).to_owned());
            }
            // A plain `type: string` is no reason to call every string by this name.
            let is_distinctive = ["properties", "enum", "oneOf", "anyOf", "allOf"]
                .iter()
                .any(|key| target.get(key).is_some());
            if is_distinctive {
                let print = self
                    .fingerprints
                    .of_type(target, self.references, self.diagnostics);
                self.component_of.entry(print).or_insert(target.id());
            }
        }
    }

    /// The type of a component schema; an alias if the component only refers to another.
    pub(super) fn component(&mut self, name: &str, node: Node<'d>) -> Typed {
        let Some((target, nullable)) = self.settle(node) else {
            // The name exists all the same, for whoever refers to it.
            let shape = Shape::Alias(TypeRef::Any);
            let docs = docs::of_schema(node);
            let id = self.draft(
                node,
                Draft {
                    hint: name.to_owned(),
                    is_named: true,
                    shape,
                    docs,
                },
            );
            return Typed::of(TypeRef::Named(id));
        };
        let typed = self.named_type(target);
        let typed = Typed {
            nullable: nullable || typed.nullable,
            ..typed
        };
        let is_alias = self
            .component_names
            .get(&target.id())
            .is_some_and(|have| have != name);
        if is_alias && target != node {
            let docs = docs::of_schema(node);
            let shape = Shape::Alias(typed.ty.clone());
            let id = self.draft(
                node,
                Draft {
                    hint: name.to_owned(),
                    is_named: true,
                    shape,
                    docs,
                },
            );
            return Typed {
                ty: TypeRef::Named(id),
                nullable: typed.nullable,
            };
        }
        typed
    }

    /// Works out what the queued types hold.
    pub(super) fn finish(&mut self) {
        while let Some((id, source)) = self.queue.pop() {
            let hint = self.hints[id.0 as usize].text.clone();
            let Some(schema) = self.reader().read(&source.nodes, source.choose_last) else {
                continue;
            };
            let shape = Shape::Struct(self.fill_struct(&schema, &hint));
            self.defs[id.0 as usize].shape = shape;
        }
    }

    pub(super) fn into_parts(self) -> Parts<'a, 'd> {
        Parts {
            defs: self.defs,
            hints: self.hints,
            origins: self.origins,
            diagnostics: self.diagnostics,
        }
    }

    /// Adds a type that stands at this place of the document.
    pub(super) fn draft(&mut self, origin: Node<'d>, draft: Draft) -> TypeId {
        let id = TypeId(u32::try_from(self.defs.len()).unwrap_or(u32::MAX));
        make_room(&mut self.origins);
        self.origins.push(origin);
        make_room(&mut self.defs);
        self.defs.push(TypeDef {
            name: String::new(),
            schema_name: draft.is_named.then(|| draft.hint.clone()),
            docs: draft.docs,
            shape: draft.shape,
            derives: Derives::default(),
            editions: Vec::new(),
            groups: Vec::new(),
        });
        make_room(&mut self.hints);
        self.hints.push(Hint {
            text: draft.hint,
            is_named: draft.is_named,
        });
        id
    }

    /// The type of one schema; `hint` names it where the document does not.
    pub(super) fn type_of(&mut self, node: Node<'d>, hint: &str) -> Typed {
        let mut node = node;
        let mut nullable = false;
        for _ in 0..64 {
            let Some((target, null)) = self.reader().alias_target(node) else {
                break;
            };
            nullable |= null;
            if References::of(node).is_some() {
                let Some((target, null)) = self.settle(target) else {
                    return Typed {
                        ty: TypeRef::Any,
                        nullable,
                    };
                };
                let typed = self.named_type(target);
                return Typed {
                    nullable: nullable || null || typed.nullable,
                    ..typed
                };
            }
            node = target;
        }
        if References::of(node).is_some() && self.reader().alias_target(node).is_none() {
            let is_broken = self.references.follow(node, self.diagnostics).is_none();
            if is_broken {
                return Typed {
                    ty: TypeRef::Any,
                    nullable,
                };
            }
        }
        let typed = self.inline_type(
            &Source {
                nodes: vec![node],
                choose_last: false,
            },
            hint,
        );
        Typed {
            nullable: nullable || typed.nullable,
            ..typed
        }
    }

    /// The schema that a reference stands for, and whether `null` is valid too: the end of the
    /// chain, or the first in it that adds something of its own.
    pub(super) fn settle(&mut self, node: Node<'d>) -> Option<(Node<'d>, bool)> {
        self.references.follow(node, self.diagnostics)?;
        let mut node = node;
        let mut nullable = false;
        while References::of(node).is_some() {
            let Some((target, null)) = self.reader().alias_target(node) else {
                break;
            };
            nullable |= null;
            node = target;
        }
        Some((node, nullable))
    }

    /// The type of several schemas that must all hold.
    pub(super) fn type_of_all(&mut self, nodes: &[Node<'d>], hint: &str) -> Typed {
        let mut prints = Vec::new();
        let mut distinct: Vec<Node<'d>> = Vec::new();
        for &node in nodes {
            let is_description =
                node.is_object() && node.members().all(|(key, _)| is_annotation(key));
            let print = self
                .fingerprints
                .of_type(node, self.references, self.diagnostics);
            if !is_description && !prints.contains(&print) {
                prints.push(print);
                distinct.push(node);
            }
        }
        match distinct.as_slice() {
            [] => nodes
                .first()
                .map_or(Typed::of(TypeRef::Any), |node| self.type_of(*node, hint)),
            [node] => self.type_of(*node, hint),
            _ => self.inline_type(
                &Source {
                    nodes: distinct,
                    choose_last: false,
                },
                hint,
            ),
        }
    }

    pub(super) fn inline_type(&mut self, source: &Source<'d>, hint: &str) -> Typed {
        let key = match self.identity(source) {
            Identity::Component(component) => return self.named_type(component),
            Identity::Inline(key) => key,
        };
        if let Some(typed) = self.inline.get(&key) {
            return typed.clone();
        }
        let typed = self.new_type(source, hint, None);
        // A reference to this place from within has made its type.
        self.inline.entry(key).or_insert(typed).clone()
    }

    /// The type of an inline schema; if it is one of its own, it is that of the draft.
    pub(super) fn own_or_inline_type(
        &mut self,
        source: &Source<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> Typed {
        let Identity::Inline(key) = self.identity(source) else {
            return self.inline_type(source, hint);
        };
        if id.is_none() || self.inline.contains_key(&key) {
            return self.inline_type(source, hint);
        }
        let typed = self.new_type(source, hint, id);
        self.inline.entry(key).or_insert(typed).clone()
    }

    /// What an inline schema is the same as.
    fn identity(&mut self, source: &Source<'d>) -> Identity<'d> {
        let prints: Vec<u64> = source
            .nodes
            .iter()
            .map(|node| {
                self.fingerprints
                    .of_type(*node, self.references, self.diagnostics)
            })
            .collect();
        // A fingerprint leaves out the root's annotations, of which one decides on null.
        let nullable = source.nodes.iter().all(|node| node.is_true("nullable"));
        if let [print] = prints.as_slice()
            && let Some(component) = self.component_of.get(print).copied()
        {
            let component = source.nodes[0].documents().node(component);
            if component.is_true("nullable") == nullable {
                return Identity::Component(component);
            }
        }
        Identity::Inline((prints, source.choose_last, nullable))
    }

    /// Whether null is valid, for a schema whose type is still being worked out.
    fn accepts_null(&mut self, node: Node<'d>, visited: &mut Vec<NodeId>) -> bool {
        if visited.contains(&node.id()) {
            return false;
        }
        visited.push(node.id());
        if let Some((target, nullable)) = self.reader().alias_target(node) {
            return nullable || self.accepts_null(target, visited);
        }
        let Some(schema) = self.reader().read(&[node], false) else {
            return false;
        };
        let mut variants = schema.alternatives.iter().flat_map(|one| &one.variants);
        schema.nullable
            || variants.any(|variant| is_null(*variant) || self.accepts_null(*variant, visited))
    }

    /// The type of a schema that references name.
    pub(super) fn named_type(&mut self, node: Node<'d>) -> Typed {
        match self.named.get_mut(&node.id()) {
            Some(Named::Done(typed)) => return typed.clone(),
            Some(Named::Open { id, is_recursive }) => {
                *is_recursive = true;
                let ty = TypeRef::Named(*id);
                let nullable = self.accepts_null(node, &mut Vec::new());
                return Typed { ty, nullable };
            }
            None => {}
        }
        let PlaceName {
            name: hint,
            is_stated,
        } = self.place_name(node);
        let source = Source {
            nodes: vec![node],
            choose_last: false,
        };
        let mut inline = None;
        if !is_stated {
            match self.identity(&source) {
                Identity::Component(component) => return self.named_type(component),
                Identity::Inline(key) => {
                    if let Some(typed) = self.inline.get(&key) {
                        return typed.clone();
                    }
                    inline = Some(key);
                }
            }
        } else if let Some(path) = self.config.replace.get(&hint) {
            let typed = Typed::of(TypeRef::External(path.clone()));
            self.named.insert(node.id(), Named::Done(typed.clone()));
            return typed;
        }
        let id = self.draft(
            node,
            Draft {
                hint: hint.clone(),
                is_named: is_stated,
                shape: Shape::Alias(TypeRef::Any),
                docs: docs::of_schema(node),
            },
        );
        self.named.insert(
            node.id(),
            Named::Open {
                id,
                is_recursive: false,
            },
        );
        // An alias to another schema, inline: `A: {allOf: [{$ref: B}]}`.
        let typed = match self.reader().alias_target(node) {
            Some((target, nullable)) => {
                let typed = self.type_of(target, &hint);
                Typed {
                    nullable: nullable || typed.nullable,
                    ..typed
                }
            }
            None => self.new_type(&source, &hint, Some(id)),
        };
        let is_recursive = matches!(
            self.named.get(&node.id()),
            Some(Named::Open {
                is_recursive: true,
                ..
            })
        );
        if typed.ty != TypeRef::Named(id) {
            let target = typed.ty.clone();
            self.defs[id.0 as usize].shape = if is_recursive {
                Shape::Newtype(target)
            } else {
                Shape::Alias(target)
            };
        }
        // An alias is worth its name only where the document gives that name.
        let ty = if is_stated || is_recursive {
            TypeRef::Named(id)
        } else {
            typed.ty
        };
        let typed = Typed {
            ty,
            nullable: typed.nullable,
        };
        if let Some(key) = inline {
            self.inline.insert(key, typed.clone());
        }
        self.named.insert(node.id(), Named::Done(typed.clone()));
        typed
    }

    /// Decides what kind of type a schema is; what has parts of its own is queued.
    ///
    /// `id` is the draft of a named schema, used if the schema is a type of its own.
    pub(super) fn new_type(
        &mut self,
        source: &Source<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> Typed {
        let Some(schema) = self.reader().read(&source.nodes, source.choose_last) else {
            return Typed::of(TypeRef::Any);
        };
        let nullable = schema.nullable;
        let is_described = schema.is_typed || !schema.properties.is_empty();
        let structured = structured(schema.enumeration.as_deref().unwrap_or_default());
        if let Some(value) = structured
            && !is_described
        {
            let message = "a constant that is an array or an object is no variant".to_owned();
            let effect = "type widened to any value";
            self.diagnostics
                .note(value, "structured-constant", message, effect);
        }
        // What the schema says of such constants besides is worth more than that they are listed.
        if let Some(values) = &schema.enumeration
            && !(structured.is_some() && is_described)
        {
            let shape = self.enumeration(values, &schema);
            let ty = match shape {
                Some(shape) => self.own_type(&schema, shape, hint, id),
                None => scalars::scalar_enumeration(values, &schema),
            };
            return Typed { ty, nullable };
        }
        if !schema.alternatives.is_empty()
            && let Some(typed) = self.alternatives(&schema, source, hint, id)
        {
            return Typed {
                nullable: nullable || typed.nullable,
                ..typed
            };
        }
        let types = effective_types(&schema);
        let mut each = types.each();
        let ty = match (each.next(), each.next()) {
            (Some(one), None) => self.single_type(&schema, one, source, hint, id),
            (Some(_), Some(_)) if types != Types::ANY.without(Types::NULL) => {
                self.type_list(&schema, types, source, hint, id)
            }
            _ => TypeRef::Any,
        };
        Typed { ty, nullable }
    }

    /// The type of a schema that is one of the JSON types.
    pub(super) fn single_type(
        &mut self,
        schema: &Schema<'d>,
        one: Types,
        source: &Source<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> TypeRef {
        match one {
            Types::BOOLEAN => TypeRef::Bool,
            Types::INTEGER => scalars::integer(schema),
            Types::NUMBER => TypeRef::Number,
            Types::STRING => scalars::text(schema),
            Types::ARRAY => self.array(schema, hint, id),
            Types::OBJECT if schema.properties.is_empty() => {
                let values = match &schema.additional {
                    Additional::Schemas(nodes) => {
                        let nodes = nodes.clone();
                        self.type_of_all(&nodes, &format!("{hint} value"))
                            .into_ref()
                    }
                    _ => TypeRef::Any,
                };
                TypeRef::Map(Box::new(values))
            }
            Types::OBJECT => {
                let id = self.open_type(schema, Shape::Struct(Struct::default()), hint, id);
                self.queue.push((id, source.clone()));
                TypeRef::Named(id)
            }
            _ => TypeRef::Any,
        }
    }

    /// Whether values are scalars, or lists of them.
    pub(super) fn is_scalar_or_list(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::List(item) => self.is_scalar(item),
            TypeRef::Named(id) => match &self.defs[id.0 as usize].shape {
                Shape::Alias(target) if target != ty => self.is_scalar_or_list(target),
                _ => self.is_scalar(ty),
            },
            _ => self.is_scalar(ty),
        }
    }

    /// Whether values are texts, numbers or booleans, and so have one obvious text.
    pub(super) fn is_scalar(&self, ty: &TypeRef) -> bool {
        match ty {
            TypeRef::Bool
            | TypeRef::Integer(_)
            | TypeRef::Number
            | TypeRef::String
            | TypeRef::Uuid
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Base64 => true,
            TypeRef::Named(id) => match &self.defs[id.0 as usize].shape {
                Shape::Enum(_) => true,
                Shape::Alias(target) => target != ty && self.is_scalar(target),
                _ => false,
            },
            _ => false,
        }
    }

    pub(super) fn own_type(
        &mut self,
        schema: &Schema<'d>,
        shape: Shape,
        hint: &str,
        id: Option<TypeId>,
    ) -> TypeRef {
        TypeRef::Named(self.open_type(schema, shape, hint, id))
    }

    pub(super) fn open_type(
        &mut self,
        schema: &Schema<'d>,
        shape: Shape,
        hint: &str,
        id: Option<TypeId>,
    ) -> TypeId {
        match id {
            Some(id) => {
                self.defs[id.0 as usize].shape = shape;
                id
            }
            None => {
                let docs = docs::of_schema(schema.node);
                self.draft(
                    schema.node,
                    Draft {
                        hint: hint.to_owned(),
                        is_named: false,
                        shape,
                        docs,
                    },
                )
            }
        }
    }
}

/// Makes room for some more: doubling would leave half of a large list unused.
fn make_room<T>(list: &mut Vec<T>) {
    if list.len() == list.capacity() {
        list.reserve_exact((list.len() / 8).max(64));
    }
}

/// The first of the values that is an array or an object.
fn structured<'d>(values: &[Node<'d>]) -> Option<Node<'d>> {
    let mut values = values.iter().copied();
    values.find(|value| matches!(value.kind(), Kind::Array | Kind::Object))
}

/// The stated types, or those that the schema's keywords speak of.
fn effective_types(schema: &Schema<'_>) -> Types {
    if schema.never {
        return Types::NONE;
    }
    if schema.is_typed {
        return schema.types;
    }
    let speaks_of_objects = !schema.properties.is_empty()
        || !matches!(schema.additional, Additional::Unstated)
        || !schema.required.is_empty();
    if speaks_of_objects && !schema.properties.is_empty() {
        return Types::OBJECT;
    }
    if let (true, Additional::Schemas(_)) = (speaks_of_objects, &schema.additional) {
        return Types::OBJECT;
    }
    if !schema.items.is_empty() || schema.prefix_items.is_some() {
        return Types::ARRAY;
    }
    schema.types
}
