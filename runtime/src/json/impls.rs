//! [`Json`] for the types that schemas are made of.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fields::{read_map, write_map};
use super::number::{integer_of, widen};
use super::sequence::for_each_item;
use super::{Extra, Json, JsonError, read_string};

impl Json for Value {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        Ok(value)
    }

    fn to_json(&self) -> Value {
        self.clone()
    }

    fn accepts_null() -> bool {
        true
    }
}

impl Json for () {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        if value.is_null() {
            Ok(())
        } else {
            Err(JsonError::expected("null", &value))
        }
    }

    fn to_json(&self) -> Value {
        Value::Null
    }

    fn accepts_null() -> bool {
        true
    }
}

impl Json for bool {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(JsonError::expected("a boolean", &other)),
        }
    }

    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Json for String {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        read_string(value)
    }

    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }
}

/// An integer within bounds, which the error names.
fn read_integer(value: &Value, minimum: i128, maximum: i128) -> Result<i128, JsonError> {
    let integer = match value {
        Value::Number(number) => integer_of(number),
        _ => None,
    };
    match integer {
        Some(integer) if (minimum..=maximum).contains(&integer) => Ok(integer),
        Some(_) => Err(JsonError::expected(
            &format!("an integer from {minimum} to {maximum}"),
            value,
        )),
        None => Err(JsonError::expected("an integer", value)),
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Json for $integer {
            fn from_json(value: Value) -> Result<Self, JsonError> {
                let integer =
                    read_integer(&value, i128::from(<$integer>::MIN), i128::from(<$integer>::MAX))?;
                Self::try_from(integer).map_err(|_| JsonError::expected("an integer", &value))
            }

            fn to_json(&self) -> Value {
                Value::from(*self)
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64);

impl Json for f64 {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        value
            .as_f64()
            .ok_or_else(|| JsonError::expected("a number", &value))
    }

    /// NaN and infinities, which JSON lacks, are written as null.
    fn to_json(&self) -> Value {
        Value::from(*self)
    }
}

impl Json for f32 {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        let wide = f64::from_json(value)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the schema says `format: float`"
        )]
        let narrow = wide as f32;
        if narrow.is_finite() {
            Ok(narrow)
        } else {
            Err(JsonError::expected(
                "a number that a 32-bit float can hold",
                &Value::from(wide),
            ))
        }
    }

    /// The shortest decimal that reads back as the same float; NaN and infinities are null.
    fn to_json(&self) -> Value {
        Value::from(widen(*self))
    }
}

impl<T: Json> Json for Vec<T> {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        let Value::Array(items) = value else {
            return Err(JsonError::expected("an array", &value));
        };
        items
            .into_iter()
            .enumerate()
            .map(|(index, item)| T::from_json(item).map_err(|error| error.at_index(index)))
            .collect()
    }

    /// Item by item: the values of one are gone, and their memory is warm, when the next are made.
    fn from_text(text: &str) -> Option<Self> {
        let mut items = Vec::new();
        let are_all = for_each_item(text, &mut |item| match T::from_json(item) {
            Ok(item) => {
                items.push(item);
                true
            }
            Err(_) => false,
        });
        are_all.then_some(items)
    }

    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(Json::to_json).collect())
    }
}

fn read_object(value: Value) -> Result<Map<String, Value>, JsonError> {
    match value {
        Value::Object(members) => Ok(members),
        other => Err(JsonError::expected("an object", &other)),
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        read_map(read_object(value)?)
    }

    fn to_json(&self) -> Value {
        Value::Object(write_map(self))
    }
}

impl Json for Map<String, Value> {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        read_object(value)
    }

    fn to_json(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl Json for Extra {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        read_object(value).map(Self::from)
    }

    fn to_json(&self) -> Value {
        Value::Object(self.to_map())
    }
}

crate::impl_serde!(Extra);

impl<T: Json> Json for Box<T> {
    fn from_json(value: Value) -> Result<Self, JsonError> {
        T::from_json(value).map(Self::new)
    }

    fn to_json(&self) -> Value {
        T::to_json(self)
    }

    fn accepts_null() -> bool {
        T::accepts_null()
    }
}
