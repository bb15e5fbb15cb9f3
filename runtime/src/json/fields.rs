//! Reading the members of an object: all that a generated struct calls.

use std::collections::BTreeMap;

use serde_json::Value;

use super::value_ref::Members;
use super::{Extra, Json, JsonError, OptionalNullable, ValueRef};

/// The members of an object that is being read; each is taken out once.
///
/// The first error is remembered, what is read after it is empty, and [`finish`](Self::finish)
/// gives it out: a reader of twenty members has one way out instead of twenty, which is what costs
/// a compiler most in such a function.
#[derive(Debug)]
pub struct Fields<'t> {
    members: Untaken<'t>,
    /// Optional properties that were `null` although their type has no null.
    nulls: Vec<String>,
    /// What was wrong first. The members are gone then.
    error: Option<JsonError>,
}

impl<'t> Fields<'t> {
    /// Starts reading an object; any other value is an error.
    pub fn new(value: ValueRef<'t>) -> Self {
        let is_object = value.is_object();
        Self {
            members: Untaken::new(value.members()),
            nulls: Vec::new(),
            error: (!is_object).then(|| JsonError::expected("an object", value)),
        }
    }

    /// A required property of a type that has an empty value.
    pub fn required<T: Json + Default>(&mut self, name: &str) -> T {
        self.read_required(name).unwrap_or_default()
    }

    /// A required property whose type is made of any text, such as a list of texts.
    pub fn required_text<T: Json + From<String>>(&mut self, name: &str) -> T {
        self.read_required(name)
            .unwrap_or_else(|| T::from(String::new()))
    }

    /// A required property of any type; the error is the first, wherever it was.
    pub fn try_required<T: Json>(&mut self, name: &str) -> Result<T, JsonError> {
        match self.read_required(name) {
            Some(value) => Ok(value),
            None => Err(self
                .error
                .take()
                .unwrap_or_else(|| JsonError::missing(name))),
        }
    }

    /// An optional property.
    ///
    /// A `null` for a type that has none reads as absent; [`rest`](Self::rest) keeps it, so that
    /// writing gives it back.
    pub fn optional<T: Json>(&mut self, name: &str) -> Option<T> {
        let value = self.members.take(name)?;
        if value.is_null() && !T::accepts_null() {
            self.nulls.push(name.to_owned());
            return None;
        }
        self.read(name, value)
    }

    /// A property that may be absent, and may be `null`.
    pub fn optional_nullable<T: Json>(&mut self, name: &str) -> OptionalNullable<T> {
        match self.members.take(name) {
            None => OptionalNullable::Absent,
            Some(value) if value.is_null() => OptionalNullable::Null,
            Some(value) => self
                .read(name, value)
                .map_or(OptionalNullable::Absent, OptionalNullable::Value),
        }
    }

    /// All that has not been read: the unknown members, and nulls of optional properties.
    ///
    /// To be called last.
    pub fn rest(&mut self) -> Extra {
        let mut rest = Extra::new();
        for (name, value) in self.members.rest() {
            rest.insert(name, value.to_value());
        }
        for name in self.nulls.drain(..) {
            rest.insert(name, Value::Null);
        }
        rest
    }

    /// All that has not been read, each member as a `T`: typed `additionalProperties`.
    ///
    /// The null of an optional property is a member here only if `T` has a null.
    pub fn flatten_map<T: Json>(&mut self) -> BTreeMap<String, T> {
        let nulls = self.nulls.drain(..).filter(|_| T::accepts_null());
        let nulls = nulls.map(|name| (name, ValueRef::NULL));
        let members = self.members.rest();
        let members = members.map(|(name, value)| (name.to_owned(), value));
        read_map(members.chain(nulls)).unwrap_or_else(|error| {
            self.fail(error);
            BTreeMap::new()
        })
    }

    /// An error if a member has not been read: `additionalProperties: false`.
    pub fn deny_unknown(&mut self) {
        if let Some((name, _)) = self.members.rest().next() {
            self.fail(JsonError::unknown(name));
        }
    }

    /// What was read, or what was wrong first.
    pub fn finish<T>(self, read: T) -> Result<T, JsonError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(read),
        }
    }

    fn read_required<T: Json>(&mut self, name: &str) -> Option<T> {
        match self.members.take(name) {
            Some(value) => self.read(name, value),
            None => {
                self.fail(JsonError::missing(name));
                None
            }
        }
    }

    fn read<T: Json>(&mut self, name: &str, value: ValueRef<'t>) -> Option<T> {
        match T::read(value) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(error.at_key(name));
                None
            }
        }
    }

    /// Remembers the first error, and drops the members, so that nothing more is read.
    fn fail(&mut self, error: JsonError) {
        self.error.get_or_insert(error);
        self.members = Untaken::default();
        self.nulls.clear();
    }
}

/// The members of an object that have not been taken yet.
///
/// Servers send members in one order, which is mostly that of the document: so the next one is
/// looked at first.
#[derive(Debug, Default)]
struct Untaken<'t> {
    all: Members<'t>,
    /// Those behind the one that was taken last.
    ahead: Members<'t>,
    /// How many are not ahead.
    passed: usize,
    taken: Places,
    left: usize,
}

impl<'t> Untaken<'t> {
    fn new(all: Members<'t>) -> Self {
        Self {
            left: all.len(),
            ahead: all.clone(),
            all,
            passed: 0,
            taken: Places::default(),
        }
    }

    fn take(&mut self, name: &str) -> Option<ValueRef<'t>> {
        if self.left == 0 {
            return None;
        }
        let mut members = self.ahead.clone();
        let mut place = self.passed;
        let mut may_wrap = place > 0;
        loop {
            match members.next() {
                Some((key, value)) if key == name && !self.taken.contains(place) => {
                    self.ahead = members;
                    self.passed = place + 1;
                    self.taken.insert(place);
                    self.left -= 1;
                    return Some(value);
                }
                Some(_) => place += 1,
                None if may_wrap => {
                    may_wrap = false;
                    members = self.all.clone();
                    place = 0;
                }
                None => return None,
            }
        }
    }

    /// Those that have not been taken, in their order. They are counted as taken from here on.
    fn rest(&mut self) -> impl Iterator<Item = (&'t str, ValueRef<'t>)> + use<'t> {
        let taken = std::mem::take(&mut self.taken);
        let is_any_left = std::mem::take(&mut self.left) > 0;
        let members = is_any_left.then(|| self.all.clone().enumerate());
        let left = members.into_iter().flatten();
        left.filter_map(move |(place, member)| (!taken.contains(place)).then_some(member))
    }
}

/// A set of places in a list.
#[derive(Debug, Default)]
struct Places {
    first: u64,
    /// Those beyond the first 64, as many again in each.
    more: Vec<u64>,
}

impl Places {
    fn contains(&self, place: usize) -> bool {
        let bits = match (place / 64).checked_sub(1) {
            None => self.first,
            Some(word) => self.more.get(word).copied().unwrap_or_default(),
        };
        bits & (1 << (place % 64)) != 0
    }

    fn insert(&mut self, place: usize) {
        let bits = match (place / 64).checked_sub(1) {
            None => &mut self.first,
            Some(word) => {
                if self.more.len() <= word {
                    self.more.resize(word + 1, 0);
                }
                let Some(bits) = self.more.get_mut(word) else {
                    return;
                };
                bits
            }
        };
        *bits |= 1 << (place % 64);
    }
}

/// Reads every member as a `T`.
pub(super) fn read_map<'t, T: Json>(
    members: impl Iterator<Item = (String, ValueRef<'t>)>,
) -> Result<BTreeMap<String, T>, JsonError> {
    let read = |(name, value): (String, _)| match T::read(value) {
        Ok(value) => Ok((name, value)),
        Err(error) => Err(error.at_key(&name)),
    };
    members.map(read).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Fields;
    use crate::json::Tape;

    /// The members that are left after some have been taken.
    fn left(text: &str, names: &[&str]) -> (Vec<Option<i64>>, Value) {
        let tape = Tape::from_text(text).unwrap_or_else(|error| panic!("{error}"));
        let mut fields = Fields::new(tape.root());
        let taken = names.iter().map(|name| fields.optional(name)).collect();
        (taken, Value::Object(fields.rest().into()))
    }

    #[test]
    fn members_are_taken_once_in_any_order() {
        let text = r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#;
        let taken = left(text, &["c", "a", "e", "c", "d"]);
        let expected = vec![Some(3), Some(1), None, None, Some(4)];
        assert_eq!(taken, (expected, json!({"b": 2})));
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        let text = r#"{"a": 1, "b": 2, "a": 3, "b": 4, "b": 5}"#;
        let taken = left(text, &["a", "b"]);
        assert_eq!(taken, (vec![Some(3), Some(5)], json!({})));
    }

    #[test]
    fn objects_of_any_size_keep_what_is_not_taken() {
        let names: Vec<String> = (0..200).map(|number| format!("n{number}")).collect();
        let members: Vec<String> = names
            .iter()
            .map(|name| format!("\"{name}\": {}", &name[1..]))
            .collect();
        let backwards: Vec<&str> = names.iter().rev().step_by(2).map(String::as_str).collect();
        let (taken, rest) = left(&format!("{{{}}}", members.join(",")), &backwards);
        assert!(
            taken
                .iter()
                .flatten()
                .copied()
                .eq((0..200).rev().step_by(2))
        );
        let evens = (0..200)
            .step_by(2)
            .map(|number| (format!("n{number}"), json!(number)));
        assert_eq!(rest, Value::Object(evens.collect()));
    }
}
