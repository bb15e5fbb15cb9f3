//! Looking at a JSON value without owning it.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

use super::JsonType;
use super::number::integer_of;
use super::tape::{Below, Node};

/// A JSON value that is being read: a view, as cheap to copy as a reference.
///
/// [`to_value`](Self::to_value) copies it out.
#[derive(Clone, Copy)]
pub struct ValueRef<'t> {
    node: &'t Node<'t>,
    /// What is in it, if it is an array or an object.
    below: &'t [Node<'t>],
}

impl<'t> ValueRef<'t> {
    pub(super) const NULL: Self = Self {
        node: &Node::Null,
        below: &[],
    };

    /// The value at the start of `nodes`, and what is behind it.
    #[inline]
    fn split(nodes: &'t [Node<'t>]) -> Option<(Self, &'t [Node<'t>])> {
        let (node, behind) = nodes.split_first()?;
        let (below, behind) = match node {
            Node::Array(below) | Node::Object(below) => behind.split_at_checked(below.nodes)?,
            _ => (<&[Node<'_>]>::default(), behind),
        };
        Some((Self { node, below }, behind))
    }

    /// The value at the start of `nodes`; null if there are none.
    pub(super) fn first(nodes: &'t [Node<'t>]) -> Self {
        Self::split(nodes).map_or(Self::NULL, |(value, _)| value)
    }

    /// How many nodes it takes.
    pub(super) fn node_count(self) -> usize {
        1 + self.below.len()
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        matches!(self.node, Node::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.node {
            Node::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(self) -> Option<&'t Number> {
        match self.node {
            Node::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The text, if it is a string.
    pub fn as_str(self) -> Option<&'t str> {
        match self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Its JSON Schema type.
    pub fn json_type(self) -> JsonType {
        match self.node {
            Node::Null => JsonType::Null,
            Node::Bool(_) => JsonType::Boolean,
            Node::Number(number) if integer_of(number).is_some() => JsonType::Integer,
            Node::Number(_) => JsonType::Number,
            Node::Text(_) => JsonType::String,
            Node::Array(_) => JsonType::Array,
            Node::Object(_) => JsonType::Object,
        }
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        matches!(self.node, Node::Object(_))
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        matches!(self.node, Node::Array(_))
    }

    /// The items of an array; of anything else, none.
    pub fn items(self) -> Elements<'t> {
        Elements(match self.node {
            Node::Array(below) => Rest::new(*below, self.below),
            _ => Rest::default(),
        })
    }

    /// The members of an object; of anything else, none. No name comes twice.
    pub fn members(self) -> Members<'t> {
        Members(match self.node {
            Node::Object(below) => Rest::new(*below, self.below),
            _ => Rest::default(),
        })
    }

    /// The value of a member of an object.
    pub fn get(self, name: &str) -> Option<ValueRef<'t>> {
        let mut members = self.members();
        members.find_map(|(key, value)| (key == name).then_some(value))
    }

    /// What stands at a place in it, a JSON Pointer (RFC 6901).
    pub fn pointer(self, pointer: &str) -> Option<ValueRef<'t>> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut steps = pointer.strip_prefix('/')?.split('/');
        steps.try_fold(self, |value, step| {
            if value.is_array() {
                let is_index = step == "0" || !step.starts_with(['0', '+']);
                let index = step.parse().ok().filter(|_| is_index)?;
                return value.items().nth(index);
            }
            value.get(&step.replace("~1", "/").replace("~0", "~"))
        })
    }

    /// A copy that stands for itself.
    pub fn to_value(self) -> Value {
        match self.node {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(number) => Value::Number(number.clone()),
            Node::Text(text) => Value::String(text.clone().into_owned()),
            Node::Array(_) => Value::Array(self.items().map(Self::to_value).collect()),
            Node::Object(below) => {
                let mut object = Map::with_capacity(below.count);
                for (name, value) in self.members() {
                    object.insert(name.to_owned(), value.to_value());
                }
                Value::Object(object)
            }
        }
    }
}

/// Shows the JSON text.
impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Shows the JSON text.
impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&text)
    }
}

impl Serialize for ValueRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.node {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(value) => serializer.serialize_bool(*value),
            Node::Number(number) => number.serialize(serializer),
            Node::Text(text) => serializer.serialize_str(text),
            Node::Array(_) => serializer.collect_seq(self.items()),
            Node::Object(_) => serializer.collect_map(self.members()),
        }
    }
}

/// The values in an array or an object that have not been seen yet.
#[derive(Clone, Copy, Default)]
struct Rest<'t> {
    count: usize,
    nodes: &'t [Node<'t>],
}

impl<'t> Rest<'t> {
    fn new(below: Below, nodes: &'t [Node<'t>]) -> Self {
        Self {
            count: below.count,
            nodes,
        }
    }

    #[inline]
    fn next_value(&mut self) -> Option<ValueRef<'t>> {
        let (value, behind) = ValueRef::split(self.nodes)?;
        self.nodes = behind;
        self.count = self.count.saturating_sub(1);
        Some(value)
    }

    #[inline]
    fn next_name(&mut self) -> Option<&'t str> {
        let (Node::Text(name), behind) = self.nodes.split_first()? else {
            return None;
        };
        self.nodes = behind;
        Some(name)
    }
}

/// The items of an array, in order.
#[derive(Clone)]
pub struct Elements<'t>(Rest<'t>);

impl<'t> Iterator for Elements<'t> {
    type Item = ValueRef<'t>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next_value()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.count, Some(self.0.count))
    }
}

impl ExactSizeIterator for Elements<'_> {}

impl fmt::Debug for Elements<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// The members of an object, in order.
#[derive(Clone, Default)]
pub struct Members<'t>(Rest<'t>);

impl<'t> Iterator for Members<'t> {
    type Item = (&'t str, ValueRef<'t>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let name = self.0.next_name()?;
        Some((name, self.0.next_value()?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.count, Some(self.0.count))
    }
}

impl ExactSizeIterator for Members<'_> {}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}
