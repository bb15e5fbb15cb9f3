//! A JSON Schema (draft 2020-12) to a program.
//!
//! What a node of the program checks is a *set* of schemas that must all hold: `allOf` and `$ref`
//! add to the set. `anyOf` and `oneOf` add the one branch that takes values of a kind; where more
//! than one does, the program is not sure about values of that kind.

use std::{cell::RefCell, collections::HashMap};

use serde_json::{Map, Value};

use super::{
    ArrayShape, Kinds, Node, NodeId, NumberShape, ObjectShape, Program, Property, ShapeId,
    StringShape,
};
use crate::json::names::{NameId, Names};

/// The only dialect that is compiled.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How deep `anyOf` and `oneOf` inside of each other are looked into.
const MAX_NESTED_BRANCHES: usize = 16;

/// Keywords that are read when the shapes are made.
const SHAPES: &[&str] = &[
    "properties",
    "additionalProperties",
    "required",
    "minProperties",
    "maxProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

/// Each kind that has parts of its own in a node.
const EACH_KIND: [Kinds; 8] = [
    Kinds::NULL,
    Kinds::TRUE,
    Kinds::FALSE,
    Kinds::INTEGER,
    Kinds::FRACTION,
    Kinds::STRING,
    Kinds::ARRAY,
    Kinds::OBJECT,
];

/// Compiles a schema; `formats` tells whether the authority asserts `format`.
///
/// Programs that one [`Run`](super::Run) is to go through are compiled one after the other, each
/// with the names of the one before.
pub(crate) fn compile(schema: &Value, formats: bool, names: Names) -> Program {
    let mut compiler = Compiler {
        root: schema,
        formats,
        is_foreign: is_foreign(schema),
        program: Program::empty(names),
        known: HashMap::new(),
        branches: RefCell::default(),
        pending: Vec::new(),
    };
    let root = compiler.node_of(vec![schema]);
    while let Some((id, schemas)) = compiler.pending.pop() {
        let node = compiler.node(&schemas);
        if let Some(place) = compiler.program.nodes.get_mut(id.0 as usize) {
            *place = node;
        }
    }
    let mut program = compiler.program;
    program.root = root;
    program.first_shape = program.names.number_shapes(program.objects.len());
    program
}

/// Whether a schema is written in another dialect, whose keywords mean other things.
fn is_foreign(schema: &Value) -> bool {
    schema
        .get("$schema")
        .is_some_and(|dialect| dialect.as_str().map(|d| d.trim_end_matches('#')) != Some(DIALECT))
}

struct Compiler<'s> {
    root: &'s Value,
    formats: bool,
    is_foreign: bool,
    program: Program,
    /// By the addresses of the schemas of a set.
    known: HashMap<Vec<usize>, NodeId>,
    /// What branches do with values of a kind, by the address of each: they are looked at again
    /// with what they stand in, which would double the work at each level.
    branches: RefCell<HashMap<(usize, u8), Takes>>,
    /// Nodes that have a number and no contents yet; schemas may be nested to any depth.
    pending: Vec<(NodeId, Vec<&'s Value>)>,
}

/// Which values of one kind a branch of `anyOf` or `oneOf` takes.
#[derive(Clone, Copy)]
enum Takes {
    None,
    Some,
    All,
}

/// What a set of schemas says about values of one kind.
enum Selection<'s> {
    Forbidden,
    NotSure,
    Parts(Vec<&'s Map<String, Value>>),
}

fn address(schema: &Value) -> usize {
    std::ptr::from_ref(schema) as usize
}

impl<'s> Compiler<'s> {
    /// The node of a set of schemas, which is made later if there is none yet.
    fn node_of(&mut self, mut schemas: Vec<&'s Value>) -> NodeId {
        schemas.retain(|schema| !is_trivial(schema));
        if schemas.is_empty() {
            return NodeId::ANY;
        }
        let mut key: Vec<usize> = schemas.iter().map(|schema| address(schema)).collect();
        key.sort_unstable();
        key.dedup();
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let id = NodeId(index(self.program.nodes.len()));
        self.program.nodes.push(Node::NEVER);
        self.known.insert(key, id);
        self.pending.push((id, schemas));
        id
    }

    fn node(&mut self, schemas: &[&'s Value]) -> Node {
        let mut node = Node::NEVER;
        for kind in EACH_KIND {
            let Selection::Parts(parts) = self.select(kind, schemas, 0) else {
                continue;
            };
            let mut no_shape = 0;
            let (shape, place) = match kind {
                Kinds::STRING => (self.string(&parts), &mut node.string),
                Kinds::INTEGER | Kinds::FRACTION => (self.number(&parts), &mut node.number),
                Kinds::ARRAY => (self.array(&parts), &mut node.array),
                Kinds::OBJECT => (self.object(&parts), &mut node.object),
                _ => (Some(0), &mut no_shape),
            };
            let Some(shape) = shape else {
                continue;
            };
            *place = shape;
            node.valid = node.valid.union(kind);
            if shape == 0 {
                node.free = node.free.union(kind);
            }
        }
        node
    }

    /// The schemas that say something about values of a kind, through references and branches.
    fn select(&self, kind: Kinds, schemas: &[&'s Value], nested: usize) -> Selection<'s> {
        if self.is_foreign || nested >= MAX_NESTED_BRANCHES {
            return Selection::NotSure;
        }
        let mut waiting = schemas.to_vec();
        let mut seen: Vec<usize> = Vec::new();
        let mut parts = Vec::new();
        let mut is_sure = true;
        while let Some(schema) = waiting.pop() {
            // References may form a cycle.
            if seen.contains(&address(schema)) {
                continue;
            }
            seen.push(address(schema));
            let members = match schema {
                Value::Bool(true) => continue,
                Value::Object(members) => members,
                Value::Bool(false) => return Selection::Forbidden,
                _ => return Selection::NotSure,
            };
            parts.push(members);
            for (keyword, value) in members {
                match self.keyword(kind, schema, keyword, value, nested) {
                    Effect::None => {}
                    Effect::Forbids => return Selection::Forbidden,
                    Effect::NotSure => is_sure = false,
                    Effect::Adds(more) => waiting.extend(more),
                }
            }
        }
        if is_sure {
            Selection::Parts(parts)
        } else {
            Selection::NotSure
        }
    }

    /// What a keyword means for values of a kind, shapes aside.
    fn keyword(
        &self,
        kind: Kinds,
        schema: &'s Value,
        keyword: &str,
        value: &'s Value,
        nested: usize,
    ) -> Effect<'s> {
        let doubt_about = |kinds: Kinds| {
            if kinds.has(kind) {
                Effect::NotSure
            } else {
                Effect::None
            }
        };
        match keyword {
            "type" => types_effect(kind, value),
            "const" => options_effect(kind, std::slice::from_ref(value)),
            "enum" => match value.as_array() {
                Some(options) => options_effect(kind, options),
                None => Effect::NotSure,
            },
            "$ref" => match value
                .as_str()
                .and_then(|reference| target(self.root, reference))
            {
                Some(target) => Effect::Adds(vec![target]),
                None => Effect::NotSure,
            },
            "allOf" => match value.as_array() {
                Some(all) => Effect::Adds(all.iter().collect()),
                None => Effect::NotSure,
            },
            "anyOf" | "oneOf" => match value.as_array() {
                Some(branches) => self.branches(kind, keyword, branches, nested),
                None => Effect::NotSure,
            },
            // At the root they name the schema; below, references are resolved in another way.
            "$id" if address(schema) == address(self.root) => Effect::None,
            "format" if self.formats => doubt_about(Kinds::STRING.union(NUMBERS)),
            "pattern" => doubt_about(Kinds::STRING),
            "multipleOf" => doubt_about(NUMBERS),
            "contains" | "minContains" | "maxContains" | "unevaluatedItems" => {
                doubt_about(Kinds::ARRAY)
            }
            "uniqueItems" if value == &Value::Bool(false) => Effect::None,
            "uniqueItems" => doubt_about(Kinds::ARRAY),
            "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "dependencies"
            | "unevaluatedProperties" => doubt_about(Kinds::OBJECT),
            "title" | "description" | "default" | "examples" | "example" | "deprecated"
            | "readOnly" | "writeOnly" | "format" | "contentEncoding" | "contentMediaType"
            | "contentSchema" | "$schema" | "$comment" | "$defs" | "definitions" | "$anchor"
            | "discriminator" | "xml" | "externalDocs" => Effect::None,
            shape if SHAPES.contains(&shape) => Effect::None,
            extension if extension.starts_with("x-") => Effect::None,
            _ => Effect::NotSure,
        }
    }

    /// The branch that takes values of a kind, if it is one only.
    fn branches(
        &self,
        kind: Kinds,
        keyword: &str,
        branches: &'s [Value],
        nested: usize,
    ) -> Effect<'s> {
        let mut taking = Vec::new();
        let mut takes_all = 0;
        for branch in branches {
            match self.branch(kind, branch, nested) {
                Takes::None => continue,
                Takes::Some => {}
                Takes::All => takes_all += 1,
            }
            taking.push(branch);
        }
        match taking.as_slice() {
            [] => Effect::Forbids,
            [one] => Effect::Adds(vec![one]),
            _ if keyword == "anyOf" && takes_all > 0 => Effect::None,
            _ => Effect::NotSure,
        }
    }

    fn branch(&self, kind: Kinds, branch: &'s Value, nested: usize) -> Takes {
        let key = (address(branch), kind.0);
        // While it is looked at, one that leads to itself takes what it may.
        let unless_known = self.branches.borrow_mut().insert(key, Takes::Some);
        let found =
            unless_known.unwrap_or_else(|| match self.select(kind, &[branch], nested + 1) {
                Selection::Forbidden => Takes::None,
                Selection::Parts(parts) if parts.iter().all(|part| is_free(kind, part)) => {
                    Takes::All
                }
                Selection::NotSure | Selection::Parts(_) => Takes::Some,
            });
        self.branches.borrow_mut().insert(key, found);
        found
    }

    fn string(&mut self, parts: &[&'s Map<String, Value>]) -> Option<ShapeId> {
        let mut shape = StringShape::FREE;
        for part in parts {
            for options in options_of(part) {
                let spellings: Vec<Box<[u8]>> = options
                    .iter()
                    .filter(|option| option.is_string())
                    .map(|option| option.to_string().into_bytes().into())
                    .collect();
                match &mut shape.options {
                    Some(options) => options.retain(|option| spellings.contains(option)),
                    None => shape.options = Some(spellings),
                }
            }
            shape.min_length = shape.min_length.max(size(part, "minLength", 0)?);
            shape.max_length = shape.max_length.min(size(part, "maxLength", usize::MAX)?);
        }
        let is_free =
            shape.options.is_none() && shape.min_length == 0 && shape.max_length == usize::MAX;
        Some(if is_free {
            0
        } else {
            add(&mut self.program.strings, shape)
        })
    }

    fn number(&mut self, parts: &[&'s Map<String, Value>]) -> Option<ShapeId> {
        let mut shape = NumberShape::FREE;
        for part in parts {
            for (keyword, bound) in *part {
                let (is_minimum, is_exclusive) = match keyword.as_str() {
                    "minimum" => (true, false),
                    "exclusiveMinimum" => (true, true),
                    "maximum" => (false, false),
                    "exclusiveMaximum" => (false, true),
                    _ => continue,
                };
                shape.narrow(bound, is_minimum, is_exclusive)?;
            }
        }
        Some(if shape == NumberShape::FREE {
            0
        } else {
            add(&mut self.program.numbers, shape)
        })
    }

    fn array(&mut self, parts: &[&'s Map<String, Value>]) -> Option<ShapeId> {
        let mut shape = ArrayShape::FREE;
        let mut prefixes = Vec::new();
        for part in parts {
            shape.min_items = shape.min_items.max(size(part, "minItems", 0)?);
            shape.max_items = shape.max_items.min(size(part, "maxItems", usize::MAX)?);
            if part.get("items").is_some_and(Value::is_array) {
                return None;
            }
            prefixes.push(match part.get("prefixItems") {
                Some(prefix) => prefix.as_array()?.as_slice(),
                None => &[],
            });
        }
        let items = parts.iter().filter_map(|part| part.get("items")).collect();
        shape.items = self.node_of(items);
        let longest = prefixes.iter().map(|prefix| prefix.len()).max();
        for index in 0..longest.unwrap_or_default() {
            let of_item = parts
                .iter()
                .zip(&prefixes)
                .filter_map(|(part, prefix)| prefix.get(index).or_else(|| part.get("items")));
            let of_item = of_item.collect();
            shape.prefix.push(self.node_of(of_item));
        }
        let is_free = shape.items == NodeId::ANY
            && shape.prefix.is_empty()
            && shape.min_items == 0
            && shape.max_items == usize::MAX;
        Some(if is_free {
            0
        } else {
            add(&mut self.program.arrays, shape)
        })
    }

    fn object(&mut self, parts: &[&'s Map<String, Value>]) -> Option<ShapeId> {
        let mut shape = ObjectShape::FREE;
        let mut required: Vec<&str> = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        for part in parts {
            shape.min_properties = shape.min_properties.max(size(part, "minProperties", 0)?);
            shape.max_properties =
                shape
                    .max_properties
                    .min(size(part, "maxProperties", usize::MAX)?);
            if let Some(list) = part.get("required") {
                for name in list.as_array()? {
                    required.push(name.as_str()?);
                }
            }
            if let Some(properties) = part.get("properties") {
                names.extend(properties.as_object()?.keys().map(String::as_str));
            }
        }
        required.sort_unstable();
        required.dedup();
        names.extend(&required);
        names.sort_unstable();
        names.dedup();
        let bits = u32::try_from(required.len()).ok()?;
        if bits > u64::BITS {
            return None;
        }
        shape.required = u64::MAX.checked_shr(u64::BITS - bits).unwrap_or(0);
        let additional: Vec<&Value> = parts
            .iter()
            .filter_map(|part| part.get("additionalProperties"))
            .collect();
        shape.additional = self.node_of(additional);
        let mut properties: Vec<(NameId, Property)> = Vec::with_capacity(names.len());
        for name in names {
            let of_property = parts.iter().filter_map(|part| {
                let own = part.get("properties").and_then(|all| all.get(name));
                own.or_else(|| part.get("additionalProperties"))
            });
            let of_property = of_property.collect();
            let node = self.node_of(of_property);
            let spelling = Value::from(name).to_string();
            let id = self.program.names.intern(spelling.as_bytes());
            if id == NameId::UNKNOWN {
                return None;
            }
            let required = match required.binary_search(&name) {
                Ok(bit) => 1 << bit,
                Err(_) => 0,
            };
            properties.push((id, Property { node, required }));
        }
        let numbers = || properties.iter().map(|(name, _)| name.index());
        if let (Some(first), Some(last)) = (numbers().min(), numbers().max()) {
            shape.first_name = first;
            shape.properties = vec![None; last - first + 1];
            for (name, property) in &properties {
                if let Some(place) = shape.properties.get_mut(name.index() - first) {
                    *place = Some(*property);
                }
            }
        }
        let is_free = shape.properties.is_empty()
            && shape.additional == NodeId::ANY
            && shape.min_properties == 0
            && shape.max_properties == usize::MAX;
        Some(if is_free {
            0
        } else {
            add(&mut self.program.objects, shape)
        })
    }
}

/// Integers that are compared have at most eighteen digits.
const BEYOND_INTEGERS: f64 = 1e19;

impl NumberShape {
    /// Takes one more bound in; none if it cannot be compared with exactly.
    fn narrow(&mut self, bound: &Value, is_minimum: bool, is_exclusive: bool) -> Option<()> {
        let bound = bound.as_number()?;
        let step = i64::from(is_exclusive);
        let whole = match (bound.as_i64(), bound.as_u64()) {
            (Some(whole), _) => whole,
            // Larger than all integers that are compared.
            (None, Some(_)) if !is_minimum => i64::MAX,
            _ => match bound.as_f64()? {
                bound if is_minimum && bound < -BEYOND_INTEGERS => i64::MIN,
                bound if !is_minimum && bound > BEYOND_INTEGERS => i64::MAX,
                bound => whole(bound)?,
            },
        };
        self.is_free = false;
        let bound = bound.as_f64()?;
        if is_minimum {
            self.minimum = self.minimum.max(whole.checked_add(step)?);
            self.above = self.above.max(bound);
        } else {
            self.maximum = self.maximum.min(whole.checked_sub(step)?);
            self.below = self.below.min(bound);
        }
        Some(())
    }
}

/// What a keyword does to the set of schemas that it stands in.
enum Effect<'s> {
    None,
    Forbids,
    NotSure,
    Adds(Vec<&'s Value>),
}

const NUMBERS: Kinds = Kinds::INTEGER.union(Kinds::FRACTION);

/// What a reference inside of the schema at `root` leads to.
pub(crate) fn target<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(pointer)
        .decode_utf8()
        .ok()?;
    if !decoded.is_empty() && !decoded.starts_with('/') {
        return None;
    }
    // A schema with an `$id` of its own on the way would make it another document's place.
    let mut at = root;
    for token in decoded.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        at = match at {
            Value::Object(members) => members.get(&token)?,
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
        if at.get("$id").is_some() {
            return None;
        }
    }
    Some(at)
}

/// Whether a schema says nothing at all.
fn is_trivial(schema: &Value) -> bool {
    match schema {
        Value::Bool(true) => true,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn types_effect<'s>(kind: Kinds, value: &Value) -> Effect<'s> {
    let names: Vec<&Value> = match value {
        Value::Array(names) => names.iter().collect(),
        name => vec![name],
    };
    let mut is_doubtful = false;
    for name in names {
        let kinds = match name.as_str() {
            Some("null") => Kinds::NULL,
            Some("boolean") => Kinds::TRUE.union(Kinds::FALSE),
            Some("integer") => {
                is_doubtful = is_doubtful || kind == Kinds::FRACTION;
                Kinds::INTEGER
            }
            Some("number") => NUMBERS,
            Some("string") => Kinds::STRING,
            Some("array") => Kinds::ARRAY,
            Some("object") => Kinds::OBJECT,
            _ => return Effect::NotSure,
        };
        if kinds.has(kind) {
            return Effect::None;
        }
    }
    if is_doubtful {
        Effect::NotSure
    } else {
        Effect::Forbids
    }
}

/// What a list of values that are allowed means for values of a kind.
fn options_effect<'s>(kind: Kinds, options: &[Value]) -> Effect<'s> {
    let is_of_kind = |option: &Value| match option {
        Value::Null => kind == Kinds::NULL,
        Value::Bool(true) => kind == Kinds::TRUE,
        Value::Bool(false) => kind == Kinds::FALSE,
        Value::Number(_) => NUMBERS.has(kind),
        Value::String(_) => kind == Kinds::STRING,
        Value::Array(_) => kind == Kinds::ARRAY,
        Value::Object(_) => kind == Kinds::OBJECT,
    };
    if !options.iter().any(is_of_kind) {
        Effect::Forbids
    } else if NUMBERS.has(kind) || kind == Kinds::ARRAY || kind == Kinds::OBJECT {
        Effect::NotSure
    } else {
        Effect::None
    }
}

/// The lists of values that a schema allows.
fn options_of(part: &Map<String, Value>) -> impl Iterator<Item = &[Value]> {
    let of_const = part.get("const").map(std::slice::from_ref);
    let of_enum = part.get("enum").and_then(Value::as_array);
    of_const.into_iter().chain(of_enum.map(Vec::as_slice))
}

/// Whether a schema whose keywords were looked at takes every value of a kind.
fn is_free(kind: Kinds, part: &Map<String, Value>) -> bool {
    let limits: &[&str] = match kind {
        Kinds::STRING => &["const", "enum", "minLength", "maxLength"],
        Kinds::INTEGER | Kinds::FRACTION => {
            &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
        }
        Kinds::ARRAY => &["items", "prefixItems", "minItems", "maxItems"],
        Kinds::OBJECT => &[
            "properties",
            "additionalProperties",
            "required",
            "minProperties",
            "maxProperties",
        ],
        _ => &[],
    };
    !limits.iter().any(|limit| part.contains_key(*limit))
}

/// A size that a keyword states; none if it is no number that can be counted to.
fn size(part: &Map<String, Value>, keyword: &str, absent: usize) -> Option<usize> {
    let Some(stated) = part.get(keyword) else {
        return Some(absent);
    };
    if let Some(whole) = stated.as_u64() {
        return usize::try_from(whole).ok();
    }
    usize::try_from(whole(stated.as_f64()?)?).ok()
}

/// A number without a fraction as an integer, if it is small enough to be exact.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it has no fraction and is in the range"
)]
fn whole(double: f64) -> Option<i64> {
    (double.fract() == 0.0 && double.abs() < 9e15).then_some(double as i64)
}

fn add<T>(shapes: &mut Vec<T>, shape: T) -> ShapeId {
    let id = index(shapes.len());
    shapes.push(shape);
    id
}

/// A place in a list of nodes or shapes, of which there are fewer than schemas in memory.
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
