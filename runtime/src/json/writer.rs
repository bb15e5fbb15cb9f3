//! Writing values: what `Json::write` calls.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::tape::{Node, Tape};
use super::{Extra, Json, OptionalNullable};

/// A JSON value that is being written, which holds the texts that it is made of where they stand.
#[derive(Debug, Default)]
pub struct Writer<'t>(Tape<'t>);

impl<'t> Writer<'t> {
    /// What a value writes.
    pub(crate) fn of<T: Json>(value: &'t T) -> Tape<'t> {
        let mut writer = Self::default();
        value.write(&mut writer);
        writer.0
    }

    /// Writes `null`.
    pub fn null(&mut self) {
        self.0.push(Node::Null);
    }

    /// Writes a boolean.
    pub fn boolean(&mut self, value: bool) {
        self.0.push(Node::Bool(value));
    }

    /// Writes a number.
    pub fn number(&mut self, number: impl Into<Number>) {
        self.0.push(Node::Number(number.into()));
    }

    /// Writes a float; NaN and infinities, which JSON lacks, as null.
    pub fn float(&mut self, value: f64) {
        match Number::from_f64(value) {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// Writes a string.
    pub fn text(&mut self, text: impl Into<Cow<'t, str>>) {
        self.0.push_text(text);
    }

    /// Writes a value.
    pub fn value(&mut self, value: &'t Value) {
        self.0.push_borrowed(value);
    }

    /// Writes the value of a JSON text; null if it is none.
    pub fn literal(&mut self, text: &str) {
        self.0
            .push_value(serde_json::from_str(text).unwrap_or_default());
    }

    /// Writes an array of items of one type.
    pub fn items<T: Json + 't>(&mut self, items: impl IntoIterator<Item = &'t T>) {
        let mut array = ItemsWriter::new(self);
        for item in items {
            array = array.item(item);
        }
        array.finish();
    }

    /// Writes an object of members of one type, whose names differ.
    pub fn members<T: Json + 't>(&mut self, members: impl IntoIterator<Item = (&'t str, &'t T)>) {
        let mut object = FieldsWriter::new(self);
        for (name, value) in members {
            object = object.required(name, value);
        }
        object.finish();
    }
}

/// The items of an array that is being written.
#[derive(Debug)]
#[must_use = "the array ends with `finish`"]
pub struct ItemsWriter<'w, 't> {
    writer: &'w mut Writer<'t>,
    array: usize,
    count: usize,
}

impl<'w, 't> ItemsWriter<'w, 't> {
    /// Begins an array.
    pub fn new(writer: &'w mut Writer<'t>) -> Self {
        Self {
            array: writer.0.open(),
            writer,
            count: 0,
        }
    }

    /// Writes the next item.
    pub fn item<T: Json>(mut self, item: &'t T) -> Self {
        item.write(self.writer);
        self.count += 1;
        self
    }

    /// Ends the array.
    pub fn finish(self) {
        self.writer.0.close(self.array, self.count, Node::Array);
    }
}

/// The members of an object that is being written: the known ones in their order, then those of the
/// rest that are not among them.
#[derive(Debug)]
#[must_use = "the object ends with `finish`, `rest` or `flatten_map`"]
pub struct FieldsWriter<'w, 't> {
    writer: &'w mut Writer<'t>,
    object: usize,
    count: usize,
}

impl<'w, 't> FieldsWriter<'w, 't> {
    /// Begins an object.
    pub fn new(writer: &'w mut Writer<'t>) -> Self {
        Self {
            object: writer.0.open(),
            writer,
            count: 0,
        }
    }

    /// Writes a required property.
    pub fn required<T: Json>(mut self, name: &'t str, value: &'t T) -> Self {
        self.name(name);
        value.write(self.writer);
        self
    }

    /// Writes an optional property, if it is there.
    pub fn optional<T: Json>(self, name: &'t str, value: &'t Option<T>) -> Self {
        match value {
            Some(value) => self.required(name, value),
            None => self,
        }
    }

    /// Writes a property that may be absent, and may be `null`.
    pub fn optional_nullable<T: Json>(
        mut self,
        name: &'t str,
        value: &'t OptionalNullable<T>,
    ) -> Self {
        match value {
            OptionalNullable::Absent => {}
            OptionalNullable::Null => {
                self.name(name);
                self.writer.null();
            }
            OptionalNullable::Value(value) => return self.required(name, value),
        }
        self
    }

    /// Writes the members that the type does not name, and ends the object.
    pub fn rest(self, rest: &'t Extra) {
        self.others(rest.iter());
    }

    /// Writes typed `additionalProperties`, and ends the object.
    pub fn flatten_map<T: Json>(self, rest: &'t BTreeMap<String, T>) {
        self.others(rest.iter().map(|(name, value)| (name.as_str(), value)));
    }

    /// Ends the object.
    pub fn finish(self) {
        self.writer.0.close(self.object, self.count, Node::Object);
    }

    fn others<T: Json + 't>(mut self, rest: impl Iterator<Item = (&'t str, &'t T)>) {
        let known = self.writer.0.len();
        for (name, value) in rest {
            if !self.writer.0.is_member(self.object, known, name) {
                self.name(name);
                value.write(self.writer);
            }
        }
        self.finish();
    }

    fn name(&mut self, name: &'t str) {
        self.count += 1;
        self.writer.text(name);
    }
}
