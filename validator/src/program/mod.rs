//! The fast path: a JSON Schema as a flat program that runs over bytes.
//!
//! It says "certainly valid" or "not sure", never "invalid": that is for the authority to say. What
//! it calls valid the authority must accept; tests hold the two against each other.

mod compile;
mod keys;
mod run;
mod shapes;

pub(crate) use compile::{compile, target};
pub(crate) use run::{Outcome, Run, Verdict};

use crate::json::names::{NameId, Names};

/// Kinds of values, told apart as far as schemas do, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Kinds(u8);

impl Kinds {
    const NULL: Self = Self(1);
    const TRUE: Self = Self(1 << 1);
    const FALSE: Self = Self(1 << 2);
    /// Numbers written without fraction and exponent.
    const INTEGER: Self = Self(1 << 3);
    /// Numbers written with one of them; `1.0` is an integer nevertheless.
    const FRACTION: Self = Self(1 << 4);
    const STRING: Self = Self(1 << 5);
    const ARRAY: Self = Self(1 << 6);
    const OBJECT: Self = Self(1 << 7);
    const NONE: Self = Self(0);
    const ALL: Self = Self(0xff);

    const fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Which check a value goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct NodeId(u32);

impl NodeId {
    /// Any value is valid.
    const ANY: Self = Self(0);
}

/// What a program knows of a value below its root: the schema at some place of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subschema(NodeId);

/// The index of a shape in its list; the first of each list constrains nothing.
type ShapeId = u32;

/// What a schema says about a value.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Kinds that are valid if their shape holds.
    valid: Kinds,
    /// Those of them that are valid whatever they hold.
    free: Kinds,
    string: ShapeId,
    number: ShapeId,
    array: ShapeId,
    object: ShapeId,
}

impl Node {
    /// No value is certainly valid.
    const NEVER: Self = Self {
        valid: Kinds::NONE,
        free: Kinds::NONE,
        string: 0,
        number: 0,
        array: 0,
        object: 0,
    };
}

#[derive(Debug, Clone)]
struct StringShape {
    /// The values that may stand here, as they are spelled without escapes, quotes included.
    options: Option<Vec<Box<[u8]>>>,
    /// In characters.
    min_length: usize,
    max_length: usize,
}

impl StringShape {
    const FREE: Self = Self {
        options: None,
        min_length: 0,
        max_length: usize::MAX,
    };
}

/// Bounds of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
struct NumberShape {
    /// The least integer that is valid, and the greatest.
    minimum: i64,
    maximum: i64,
    /// Between these two, and not at them, all other numbers are valid.
    above: f64,
    below: f64,
    /// Integers that 64 bits do not hold are valid too.
    is_free: bool,
}

impl NumberShape {
    const FREE: Self = Self {
        minimum: i64::MIN,
        maximum: i64::MAX,
        above: f64::NEG_INFINITY,
        below: f64::INFINITY,
        is_free: true,
    };
}

#[derive(Debug, Clone)]
struct ArrayShape {
    /// Of the first items.
    prefix: Vec<NodeId>,
    /// Of all others.
    items: NodeId,
    min_items: usize,
    max_items: usize,
}

impl ArrayShape {
    const FREE: Self = Self {
        prefix: Vec::new(),
        items: NodeId::ANY,
        min_items: 0,
        max_items: usize::MAX,
    };
}

#[derive(Debug, Clone, Copy)]
struct Property {
    node: NodeId,
    /// One of the bits of [`ObjectShape::required`], or zero.
    required: u64,
}

#[derive(Debug, Clone)]
struct ObjectShape {
    /// By the number of the name, counted from `first_name`.
    properties: Vec<Option<Property>>,
    first_name: usize,
    /// Of all other properties.
    additional: NodeId,
    required: u64,
    min_properties: usize,
    max_properties: usize,
}

impl ObjectShape {
    const FREE: Self = Self {
        properties: Vec::new(),
        first_name: 0,
        additional: NodeId::ANY,
        required: 0,
        min_properties: 0,
        max_properties: usize::MAX,
    };

    fn property(&self, name: NameId) -> Option<Property> {
        let index = name.index().wrapping_sub(self.first_name);
        self.properties.get(index).copied().flatten()
    }
}

/// A JSON Schema that can be run over bytes.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    names: Names,
    nodes: Vec<Node>,
    strings: Vec<StringShape>,
    numbers: Vec<NumberShape>,
    arrays: Vec<ArrayShape>,
    objects: Vec<ObjectShape>,
    /// The number of the first of `objects` among those of all programs with these names.
    first_shape: u32,
    root: NodeId,
}

impl Program {
    /// The program that takes any value.
    pub(crate) fn any(names: Names) -> Self {
        Self::empty(names)
    }

    /// The keys that the program knows; those of the programs it was compiled after are among them.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    fn empty(names: Names) -> Self {
        let any = Node {
            valid: Kinds::ALL,
            free: Kinds::ALL,
            string: 0,
            number: 0,
            array: 0,
            object: 0,
        };
        Self {
            names,
            nodes: vec![any],
            strings: vec![StringShape::FREE],
            numbers: vec![NumberShape::FREE],
            arrays: vec![ArrayShape::FREE],
            objects: vec![ObjectShape::FREE],
            first_shape: 0,
            root: NodeId::ANY,
        }
    }

    /// What the root of a value must fit.
    pub(crate) fn root(&self) -> Subschema {
        Subschema(self.root)
    }

    /// What the items of arrays must fit that fit `subschema`, if that is all it asks of them.
    pub(crate) fn items(&self, subschema: Subschema) -> Option<Subschema> {
        let node = self.nodes.get(subschema.0.0 as usize)?;
        let array = self.arrays.get(node.array as usize)?;
        let is_plain =
            array.prefix.is_empty() && array.min_items == 0 && array.max_items == usize::MAX;
        (node.valid.has(Kinds::ARRAY) && is_plain).then_some(Subschema(array.items))
    }

    /// What the values of a property must fit in objects that fit `subschema`.
    pub(crate) fn property(&self, subschema: Subschema, name: &str) -> Option<Subschema> {
        let object = self.object(subschema)?;
        let spelling = serde_json::Value::from(name).to_string();
        let id = self.names.find(spelling.as_bytes());
        let property = id.and_then(|id| object.property(id));
        let node = property.map_or(object.additional, |property| property.node);
        Some(Subschema(node))
    }

    /// The same for properties that the schema does not name.
    pub(crate) fn additional(&self, subschema: Subschema) -> Option<Subschema> {
        let object = self.object(subschema)?;
        Some(Subschema(object.additional))
    }

    /// Whether a subschema describes objects.
    pub(crate) fn is_of_objects(&self, subschema: Subschema) -> bool {
        self.object(subschema).is_some()
    }

    /// What a subschema says of objects, if it takes any.
    fn object(&self, subschema: Subschema) -> Option<&ObjectShape> {
        let node = self.nodes.get(subschema.0.0 as usize)?;
        let object = self.objects.get(node.object as usize)?;
        node.valid.has(Kinds::OBJECT).then_some(object)
    }

    /// A check that goes through the program.
    pub(crate) fn start(&self) -> Run {
        Run::new(self.names.clone())
    }
}
