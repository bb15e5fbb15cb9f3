//! A JSON value laid out flat: what is read once, and looked at many times while types are read.
//!
//! One list holds all of it, in the order of the text; texts without escapes stay in the text that
//! was read. So reading a body takes one allocation, not one for each name and each object.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use super::ValueRef;

/// Up to so many members, an object's names are compared with each other; beyond, they are hashed.
const COMPARED_MEMBERS: usize = 32;

/// The one member as which `serde_json` hands out a number when it keeps the digits of all.
const NUMBER_MEMBER: &str = "$serde_json::private::Number";

/// One step of a value in the order of its text. What is below an array or an object follows it.
#[derive(Debug)]
pub(super) enum Node<'t> {
    Null,
    Bool(bool),
    Number(Number),
    /// A string, or the name of a member, behind which the member's value stands.
    Text(Cow<'t, str>),
    Array(Below),
    Object(Below),
}

/// What follows an array or an object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Below {
    /// Items or members.
    pub(super) count: usize,
    /// Nodes, those of members' names among them.
    pub(super) nodes: usize,
}

/// A JSON value, read from a text or made from a [`Value`].
///
/// The names in an object differ: where a text repeats one, the last value counts, as it does for
/// [`Value`].
#[derive(Debug, Default)]
pub(crate) struct Tape<'t>(Vec<Node<'t>>);

impl<'t> Tape<'t> {
    /// Reads a JSON text.
    pub(crate) fn from_text(text: &'t str) -> serde_json::Result<Self> {
        Self::read(text.len(), serde_json::Deserializer::from_str(text))
    }

    /// Reads a JSON text that may not be UTF-8.
    pub(crate) fn from_slice(text: &'t [u8]) -> serde_json::Result<Self> {
        Self::read(text.len(), serde_json::Deserializer::from_slice(text))
    }

    fn read<R: serde_json::de::Read<'t>>(
        length: usize,
        mut text: serde_json::Deserializer<R>,
    ) -> serde_json::Result<Self> {
        /// Bytes of text for each node, in what APIs answer: rather too many nodes than too few.
        const BYTES_A_NODE: usize = 12;
        let mut tape = Self(Vec::with_capacity(length / BYTES_A_NODE + 1));
        Next(&mut tape).deserialize(&mut text)?;
        text.end()?;
        Ok(tape)
    }

    /// Takes what a deserialiser of any format gives.
    pub(super) fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tape = Self::default();
        Next(&mut tape).deserialize(deserializer)?;
        Ok(tape)
    }

    pub(super) fn from_value(value: Value) -> Self {
        let mut tape = Self::default();
        tape.push_value(value);
        tape
    }

    /// The value.
    pub(crate) fn root(&self) -> ValueRef<'_> {
        ValueRef::first(&self.0)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, node: Node<'t>) {
        self.0.push(node);
    }

    /// Puts down a string or a name.
    pub(super) fn push_text(&mut self, text: impl Into<Cow<'t, str>>) {
        self.push(Node::Text(text.into()));
    }

    /// Puts down an array or an object whose content comes next; where.
    pub(super) fn open(&mut self) -> usize {
        self.push(Node::Null);
        self.0.len() - 1
    }

    /// Ends the array or object at `at`, which has so many items or members.
    pub(super) fn close(&mut self, at: usize, count: usize, node: fn(Below) -> Node<'t>) {
        let nodes = self.0.len() - at - 1;
        if let Some(opened) = self.0.get_mut(at) {
            *opened = node(Below { count, nodes });
        }
    }

    pub(super) fn push_value(&mut self, value: Value) {
        match value {
            Value::Null => self.push(Node::Null),
            Value::Bool(value) => self.push(Node::Bool(value)),
            Value::Number(number) => self.push(Node::Number(number)),
            Value::String(text) => self.push_text(text),
            Value::Array(items) => {
                let (at, count) = (self.open(), items.len());
                for item in items {
                    self.push_value(item);
                }
                self.close(at, count, Node::Array);
            }
            Value::Object(members) => {
                let (at, count) = (self.open(), members.len());
                for (name, value) in members {
                    self.push_text(name);
                    self.push_value(value);
                }
                self.close(at, count, Node::Object);
            }
        }
    }

    /// Puts down a value whose texts stay where they are.
    pub(super) fn push_borrowed(&mut self, value: &'t Value) {
        match value {
            Value::Null => self.push(Node::Null),
            Value::Bool(value) => self.push(Node::Bool(*value)),
            Value::Number(number) => self.push(Node::Number(number.clone())),
            Value::String(text) => self.push_text(text),
            Value::Array(items) => {
                let at = self.open();
                for item in items {
                    self.push_borrowed(item);
                }
                self.close(at, items.len(), Node::Array);
            }
            Value::Object(members) => {
                let at = self.open();
                for (name, value) in members {
                    self.push_text(name);
                    self.push_borrowed(value);
                }
                self.close(at, members.len(), Node::Object);
            }
        }
    }

    fn value_at(&self, at: usize) -> ValueRef<'_> {
        ValueRef::first(self.0.get(at..).unwrap_or_default())
    }

    fn text_at(&self, at: usize) -> Option<&str> {
        match self.0.get(at)? {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the object at `object` has a member of this name before `end`.
    pub(super) fn is_member(&self, object: usize, end: usize, name: &str) -> bool {
        let mut at = object + 1;
        while at < end {
            if self.text_at(at) == Some(name) {
                return true;
            }
            at += 1 + self.value_at(at + 1).node_count();
        }
        false
    }

    /// Ends the object at `at`, and leaves the last value of each name.
    fn close_object(&mut self, at: usize, names: &Names) {
        self.close(at, names.count, Node::Object);
        let is_repeated = if names.count <= COMPARED_MEMBERS {
            names.is_repeated
        } else {
            let mut members = self.value_at(at).members();
            let mut known = HashSet::with_capacity(names.count);
            !members.all(|(name, _)| known.insert(name))
        };
        if is_repeated {
            let value = self.value_at(at).to_value();
            self.0.truncate(at);
            self.push_value(value);
        }
    }

    /// Makes a number of the object at `at`, if that is how `serde_json` wraps numbers.
    fn unwrap_number(&mut self, at: usize) {
        let number = self.text_at(at + 2).and_then(|text| text.parse().ok());
        if let Some(number) = number.filter(|_| numbers_are_wrapped()) {
            self.0.truncate(at);
            self.push(Node::Number(number));
        }
    }
}

/// Whether `serde_json` keeps the digits of numbers, which any crate of the program may ask of it.
fn numbers_are_wrapped() -> bool {
    const DIGITS: &str = "1.10";
    let number: Result<Number, _> = DIGITS.parse();
    number.is_ok_and(|number| number.to_string() == DIGITS)
}

/// The names of an object so far.
#[derive(Default)]
struct Names {
    count: usize,
    /// One bit for each name, which names may share.
    seen: u64,
    /// Known up to [`COMPARED_MEMBERS`].
    is_repeated: bool,
}

impl Names {
    /// Counts the name that was put down last, a member of the object at `object`.
    fn add(&mut self, tape: &Tape<'_>, object: usize) {
        self.count += 1;
        if self.count > COMPARED_MEMBERS {
            return;
        }
        let at = tape.0.len() - 1;
        let name = tape.text_at(at).unwrap_or_default();
        let bytes = name.as_bytes();
        let [first, last] = [bytes.first(), bytes.last()].map(|byte| byte.copied().unwrap_or(0));
        let mixed = usize::from(first) + 7 * usize::from(last) + 3 * name.len();
        let bit = 1 << (mixed % 64);
        if self.seen & bit != 0 && tape.is_member(object, at, name) {
            self.is_repeated = true;
        }
        self.seen |= bit;
    }
}

/// Appends the next value.
struct Next<'a, 't>(&'a mut Tape<'t>);

impl<'t> DeserializeSeed<'t> for Next<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for Next<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(Node::Null);
        Ok(())
    }

    fn visit_none<E>(self) -> Result<(), E> {
        self.0.push(Node::Null);
        Ok(())
    }

    fn visit_some<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push(Node::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.push(Node::Number(value.into()));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push(Node::Number(value.into()));
        Ok(())
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<(), E> {
        let number = Number::from_i128(value);
        let number = number.ok_or_else(|| E::custom("number out of range"))?;
        self.0.push(Node::Number(number));
        Ok(())
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<(), E> {
        let number = Number::from_u128(value);
        let number = number.ok_or_else(|| E::custom("number out of range"))?;
        self.0.push(Node::Number(number));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        let number = Number::from_f64(value);
        self.0.push(number.map_or(Node::Null, Node::Number));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<(), E> {
        self.0.push_text(text);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_text(text.to_owned());
        Ok(())
    }

    fn visit_string<E>(self, text: String) -> Result<(), E> {
        self.0.push_text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<(), A::Error> {
        let at = self.0.open();
        let mut count = 0;
        while items.next_element_seed(Next(self.0))?.is_some() {
            count += 1;
        }
        self.0.close(at, count, Node::Array);
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<(), A::Error> {
        let at = self.0.open();
        let mut names = Names::default();
        while members.next_key_seed(Name(self.0))?.is_some() {
            names.add(self.0, at);
            members.next_value_seed(Next(self.0))?;
        }
        self.0.close_object(at, &names);
        if names.count == 1 && self.0.text_at(at + 1) == Some(NUMBER_MEMBER) {
            self.0.unwrap_number(at);
        }
        Ok(())
    }
}

/// Appends the name of the next member.
struct Name<'a, 't>(&'a mut Tape<'t>);

impl<'t> DeserializeSeed<'t> for Name<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'t> for Name<'_, 't> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<(), E> {
        self.0.push_text(text);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push_text(text.to_owned());
        Ok(())
    }

    fn visit_string<E>(self, text: String) -> Result<(), E> {
        self.0.push_text(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{COMPARED_MEMBERS, Tape};

    fn text_of(value: &impl serde::Serialize) -> String {
        serde_json::to_string(value).unwrap_or_default()
    }

    /// JSON texts whose objects may say a name several times, with and without escapes.
    fn text() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|value| text_of(&value)),
            any::<i64>().prop_map(|value| text_of(&value)),
            any::<u64>().prop_map(|value| text_of(&value)),
            any::<f64>().prop_map(|value| text_of(&value)),
            Just("-0".to_owned()),
            Just("1E400".to_owned()),
            ".{0,8}".prop_map(|value| text_of(&value)),
        ];
        let name = prop_oneof![
            "[a-c]{0,2}".prop_map(|name| text_of(&name)),
            Just(r#""\u0061""#.to_owned()),
        ];
        leaf.prop_recursive(4, 200, 60, move |inner| {
            let member = (name.clone(), inner.clone());
            let members = vec(member, 0..2 * COMPARED_MEMBERS).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("{name} : {value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            });
            prop_oneof![
                vec(inner, 0..4).prop_map(|items| format!("[ {} ]", items.join(", "))),
                members,
            ]
        })
    }

    #[track_caller]
    fn check(text: &str) {
        let expected = serde_json::from_str::<Value>(text);
        let found = Tape::from_text(text).map(|tape| tape.root().to_value());
        match (expected, found) {
            (Ok(expected), Ok(found)) => {
                assert_eq!(found, expected, "{text}");
                assert_eq!(found.to_string(), expected.to_string(), "order, in {text}");
                let again = Tape::from_value(expected.clone());
                assert_eq!(again.root().to_value(), expected, "{text}");
            }
            (expected, found) => assert_eq!(
                found.err().map(|error| error.to_string()),
                expected.err().map(|error| error.to_string()),
                "{text}"
            ),
        }
    }

    #[test]
    fn what_is_no_json_is_said_as_serde_json_says_it() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "[1] 2",
            "{\"a\":}",
            "{1:2}",
            "nul",
            "\"\\ud800\"",
            "1e",
        ] {
            check(text);
        }
        let deep = "[".repeat(1_000);
        check(&deep);
    }

    #[test]
    fn a_number_that_serde_json_wraps_is_told_from_an_object() {
        for value in ["{}", r#""no number""#, r#""1", "and": 2"#] {
            let text = format!(r#"{{"$serde_json::private::Number": {value}}}"#);
            let tape = Tape::from_text(&text).map(|tape| tape.root().is_object());
            assert_eq!(tape.ok(), Some(true), "{text}");
        }
        check("[1.10, 123456789012345678901234567890, 1e-400]");
    }

    proptest! {
        #[test]
        fn a_tape_holds_what_a_value_holds(text in text(), cut in any::<prop::sample::Index>()) {
            check(&text);
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            check(&text[..places[cut.index(places.len())]]);
        }
    }
}
