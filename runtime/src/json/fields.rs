//! Reading and writing the members of an object: all that a generated struct calls.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Extra, Json, JsonError, OptionalNullable};

/// The members of an object that is being read; each is taken out once.
#[derive(Debug)]
pub struct Fields {
    members: Map<String, Value>,
    /// Optional properties that were `null` although their type has no null.
    nulls: Vec<String>,
}

impl Fields {
    /// Starts reading an object; any other value is an error.
    pub fn new(value: Value) -> Result<Self, JsonError> {
        match value {
            Value::Object(members) => Ok(Self {
                members,
                nulls: Vec::new(),
            }),
            other => Err(JsonError::expected("an object", &other)),
        }
    }

    /// A required property.
    pub fn required<T: Json>(&mut self, name: &str) -> Result<T, JsonError> {
        match self.members.shift_remove(name) {
            Some(value) => T::from_json(value).map_err(|error| error.at_key(name)),
            None => Err(JsonError::missing(name)),
        }
    }

    /// An optional property.
    ///
    /// A `null` for a type that has none reads as absent; [`rest`](Self::rest) keeps it, so that
    /// writing gives it back.
    pub fn optional<T: Json>(&mut self, name: &str) -> Result<Option<T>, JsonError> {
        match self.take_optional(name, T::accepts_null()) {
            Some(value) => T::from_json(value)
                .map(Some)
                .map_err(|error| error.at_key(name)),
            None => Ok(None),
        }
    }

    /// A property that may be absent, and may be `null`.
    pub fn optional_nullable<T: Json>(
        &mut self,
        name: &str,
    ) -> Result<OptionalNullable<T>, JsonError> {
        match self.members.shift_remove(name) {
            None => Ok(OptionalNullable::Absent),
            Some(Value::Null) => Ok(OptionalNullable::Null),
            Some(value) => T::from_json(value)
                .map(OptionalNullable::Value)
                .map_err(|error| error.at_key(name)),
        }
    }

    /// All that has not been read: the unknown members, and nulls of optional properties.
    ///
    /// To be called last.
    pub fn rest(&mut self) -> Extra {
        let mut members = std::mem::take(&mut self.members);
        members.extend(self.nulls.drain(..).map(|name| (name, Value::Null)));
        Extra::from(members)
    }

    /// All that has not been read, each member as a `T`: typed `additionalProperties`.
    ///
    /// The null of an optional property is a member here only if `T` has a null.
    pub fn flatten_map<T: Json>(&mut self) -> Result<BTreeMap<String, T>, JsonError> {
        let mut members = std::mem::take(&mut self.members);
        if T::accepts_null() {
            members.extend(self.nulls.drain(..).map(|name| (name, Value::Null)));
        }
        read_map(members)
    }

    /// An error if a member has not been read: `additionalProperties: false`.
    pub fn deny_unknown(&self) -> Result<(), JsonError> {
        match self.members.keys().next() {
            Some(name) => Err(JsonError::unknown(name)),
            None => Ok(()),
        }
    }

    fn take_optional(&mut self, name: &str, accepts_null: bool) -> Option<Value> {
        match self.members.shift_remove_entry(name)? {
            (key, Value::Null) if !accepts_null => {
                self.nulls.push(key);
                None
            }
            (_, value) => Some(value),
        }
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
    pub fn required<T: Json>(&mut self, name: &str, value: &T) {
        self.put(name, value.to_json());
    }

    /// Writes an optional property, if it is there.
    pub fn optional<T: Json>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.put(name, value.to_json());
        }
    }

    /// Writes a property that may be absent, and may be `null`.
    pub fn optional_nullable<T: Json>(&mut self, name: &str, value: &OptionalNullable<T>) {
        match value {
            OptionalNullable::Absent => {}
            OptionalNullable::Null => self.put(name, Value::Null),
            OptionalNullable::Value(value) => self.put(name, value.to_json()),
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

    fn put(&mut self, name: &str, value: Value) {
        self.members.insert(name.to_owned(), value);
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
