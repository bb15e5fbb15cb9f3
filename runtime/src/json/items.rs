//! Reading the items of an array that has as many as its schema says: a generated tuple.

use serde_json::Value;

use super::{Json, JsonError};

/// The items of an array that is being read, in order.
#[derive(Debug)]
pub struct Items {
    items: std::vec::IntoIter<Value>,
    next_index: usize,
}

impl Items {
    /// Starts reading an array of so many items; any other value is an error.
    pub fn new(value: Value, length: usize) -> Result<Self, JsonError> {
        match value {
            Value::Array(items) if items.len() == length => Ok(Self {
                items: items.into_iter(),
                next_index: 0,
            }),
            Value::Array(items) => Err(JsonError::custom(format!(
                "expected an array of {length} items, found one of {}",
                items.len()
            ))),
            other => Err(JsonError::expected("an array", &other)),
        }
    }

    /// The next item.
    pub fn take<T: Json>(&mut self) -> Result<T, JsonError> {
        let index = self.next_index;
        self.next_index += 1;
        match self.items.next() {
            Some(item) => T::from_json(item).map_err(|error| error.at_index(index)),
            None => Err(JsonError::custom(format!("there is no item {index}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Items;

    fn read(value: Value) -> Result<(String, i64), String> {
        let mut items = Items::new(value, 2).map_err(|error| error.to_string())?;
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
