//! Reading the items of an array that has as many as its schema says: a generated tuple.

use super::value_ref::Elements;
use super::{Json, JsonError, ValueRef};

/// The items of an array that is being read, in order.
#[derive(Debug)]
pub struct Items<'t> {
    items: Elements<'t>,
    next_index: usize,
}

impl<'t> Items<'t> {
    /// Starts reading an array of so many items; any other value is an error.
    pub fn new(value: ValueRef<'t>, length: usize) -> Result<Self, JsonError> {
        if !value.is_array() {
            return Err(JsonError::expected("an array", value));
        }
        let items = value.items();
        if items.len() != length {
            return Err(JsonError::custom(format!(
                "expected an array of {length} items, found one of {}",
                items.len()
            )));
        }
        Ok(Self {
            items,
            next_index: 0,
        })
    }

    /// The next item.
    pub fn take<T: Json>(&mut self) -> Result<T, JsonError> {
        let index = self.next_index;
        self.next_index += 1;
        match self.items.next() {
            Some(item) => T::read(item).map_err(|error| error.at_index(index)),
            None => Err(JsonError::custom(format!("there is no item {index}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Items;
    use crate::json::Tape;

    fn read(value: Value) -> Result<(String, i64), String> {
        let tape = Tape::from_value(value);
        let mut items = Items::new(tape.root(), 2).map_err(|error| error.to_string())?;
        let first = items.take().map_err(|error| error.to_string())?;
        Ok((first, items.take().map_err(|error| error.to_string())?))
    }

    #[test]
    fn as_many_items_as_the_schema_says_are_read_in_order() {
        assert_eq!(read(json!(["a", 1])), Ok(("a".to_owned(), 1)));
        let failures = [
            (
                json!(["a"]),
                "at the top level: expected an array of 2 items, found one of 1",
            ),
            (
                json!(["a", 1, 2]),
                "at the top level: expected an array of 2 items, found one of 3",
            ),
            (
                json!(["a", "b"]),
                "at /1: expected an integer, found the string \"b\"",
            ),
            (
                json!({}),
                "at the top level: expected an array, found an empty object",
            ),
        ];
        for (value, message) in failures {
            assert_eq!(read(value), Err(message.to_owned()));
        }
    }
}
