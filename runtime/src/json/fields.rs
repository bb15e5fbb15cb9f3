//! Reading and writing the members of an object: all that a generated struct calls.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Extra, Json, JsonError, OptionalNullable};

/// The members of an object that is being read; each is taken out once.
///
/// The first error is remembered, what is read after it is empty, and [`finish`](Self::finish)
/// gives it out: a reader of twenty members has one way out instead of twenty, which is what costs
/// a compiler most in such a function.
#[derive(Debug)]
pub struct Fields {
    members: Members,
    /// Optional properties that were `null` although their type has no null.
    nulls: Vec<String>,
    /// What was wrong first. The members are gone then.
    error: Option<JsonError>,
}

impl Fields {
    /// Starts reading an object; any other value is an error.
    pub fn new(value: Value) -> Self {
        let (members, error) = match value {
            Value::Object(members) => (members, None),
            other => (Map::new(), Some(JsonError::expected("an object", &other))),
        };
        Self {
            members: Members::new(members),
            nulls: Vec::new(),
            error,
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
        match self.members.take(name)? {
            Value::Null if !T::accepts_null() => {
                self.nulls.push(name.to_owned());
                None
            }
            value => self.read(name, value),
        }
    }

    /// A property that may be absent, and may be `null`.
    pub fn optional_nullable<T: Json>(&mut self, name: &str) -> OptionalNullable<T> {
        match self.members.take(name) {
            None => OptionalNullable::Absent,
            Some(Value::Null) => OptionalNullable::Null,
            Some(value) => self
                .read(name, value)
                .map_or(OptionalNullable::Absent, OptionalNullable::Value),
        }
    }

    /// All that has not been read: the unknown members, and nulls of optional properties.
    ///
    /// To be called last.
    pub fn rest(&mut self) -> Extra {
        let mut members = self.members.rest();
        if !self.nulls.is_empty() {
            members.extend(self.nulls.drain(..).map(|name| (name, Value::Null)));
        }
        Extra::from(members)
    }

    /// All that has not been read, each member as a `T`: typed `additionalProperties`.
    ///
    /// The null of an optional property is a member here only if `T` has a null.
    pub fn flatten_map<T: Json>(&mut self) -> BTreeMap<String, T> {
        let mut members = self.members.rest();
        if T::accepts_null() {
            members.extend(self.nulls.drain(..).map(|name| (name, Value::Null)));
        }
        read_map(members).unwrap_or_else(|error| {
            self.fail(error);
            BTreeMap::new()
        })
    }

    /// An error if a member has not been read: `additionalProperties: false`.
    pub fn deny_unknown(&mut self) {
        if let Some(error) = self.members.first().map(JsonError::unknown) {
            self.fail(error);
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

    fn read<T: Json>(&mut self, name: &str, value: Value) -> Option<T> {
        match T::from_json(value) {
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
        self.members.clear();
        self.nulls.clear();
    }
}

/// The members of an object that have not been taken yet.
///
/// A map would hash each name again, and move what is behind a member that is taken out. Servers
/// send members in one order, which is mostly that of the document: so the next one is looked at
/// first.
#[derive(Debug, Default)]
struct Members {
    /// `None` where one was taken.
    slots: Vec<Option<(String, Value)>>,
    /// Where the next one is looked for.
    next: usize,
    left: usize,
}

impl Members {
    fn new(members: Map<String, Value>) -> Self {
        Self {
            left: members.len(),
            slots: members.into_iter().map(Some).collect(),
            next: 0,
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        if self.left == 0 {
            return None;
        }
        let is_it =
            |member: &Option<(String, Value)>| matches!(member, Some((key, _)) if key == name);
        let (before, from_next) = self.slots.split_at(self.next.min(self.slots.len()));
        let at = match from_next.iter().position(is_it) {
            Some(offset) => before.len() + offset,
            None => before.iter().position(is_it)?,
        };
        self.next = at + 1;
        self.left -= 1;
        let (_, value) = self.slots.get_mut(at)?.take()?;
        Some(value)
    }

    fn first(&self) -> Option<&str> {
        let mut names = self.slots.iter().flatten().map(|(name, _)| name.as_str());
        names.next()
    }

    /// Those that have not been taken, in their order.
    fn rest(&mut self) -> Map<String, Value> {
        if std::mem::take(&mut self.left) == 0 {
            return Map::new();
        }
        std::mem::take(&mut self.slots)
            .into_iter()
            .flatten()
            .collect()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The members of an object that is being written: the known ones in their order, then those of
/// [`Extra`] that are not among them.
#[derive(Debug)]
pub struct FieldsWriter {
    members: Map<String, Value>,
    rest: Map<String, Value>,
}

impl FieldsWriter {
    fn before(rest: Map<String, Value>) -> Self {
        Self {
            members: Map::new(),
            rest,
        }
    }

    /// With the members that the type does not name.
    pub fn new(extra: &Extra) -> Self {
        Self::before(extra.to_map())
    }

    /// With nothing else: the type keeps no unknown members.
    pub fn empty() -> Self {
        Self::before(Map::new())
    }

    /// With typed `additionalProperties`.
    pub fn map<T: Json>(members: &BTreeMap<String, T>) -> Self {
        Self::before(write_map(members))
    }

    /// Writes a required property.
    #[must_use]
    pub fn required<T: Json>(self, name: &str, value: &T) -> Self {
        self.with(name, value.to_json())
    }

    /// Writes an optional property, if it is there.
    #[must_use]
    pub fn optional<T: Json>(self, name: &str, value: &Option<T>) -> Self {
        match value {
            Some(value) => self.with(name, value.to_json()),
            None => self,
        }
    }

    /// Writes a property that may be absent, and may be `null`.
    #[must_use]
    pub fn optional_nullable<T: Json>(self, name: &str, value: &OptionalNullable<T>) -> Self {
        match value {
            OptionalNullable::Absent => self,
            OptionalNullable::Null => self.with(name, Value::Null),
            OptionalNullable::Value(value) => self.with(name, value.to_json()),
        }
    }

    /// The object.
    pub fn finish(self) -> Value {
        let mut members = self.members;
        for (name, value) in self.rest {
            members.entry(name).or_insert(value);
        }
        Value::Object(members)
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }
}

/// Reads every member as a `T`.
pub(super) fn read_map<T: Json>(
    members: Map<String, Value>,
) -> Result<BTreeMap<String, T>, JsonError> {
    members
        .into_iter()
        .map(|(name, value)| match T::from_json(value) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.at_key(&name)),
        })
        .collect()
}

/// Writes every member.
pub(super) fn write_map<T: Json>(members: &BTreeMap<String, T>) -> Map<String, Value> {
    members
        .iter()
        .map(|(name, value)| (name.clone(), value.to_json()))
        .collect()
}
