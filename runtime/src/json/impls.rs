//! [`Json`] for the types that schemas are made of.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::fields::read_map;
use super::number::{integer_of, widen};
use super::{Extra, Json, JsonError, ValueRef, Writer, read_string};

impl Json for Value {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        Ok(value.to_value())
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.value(self);
    }

    fn accepts_null() -> bool {
        true
    }
}

impl Json for () {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        if value.is_null() {
            Ok(())
        } else {
            Err(JsonError::expected("null", value))
        }
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.null();
    }

    fn accepts_null() -> bool {
        true
    }
}

impl Json for bool {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        value
            .as_bool()
            .ok_or_else(|| JsonError::expected("a boolean", value))
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.boolean(*self);
    }
}

impl Json for String {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        read_string(value)
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.text(self);
    }
}

/// An integer within bounds, which the error names.
fn read_integer(value: ValueRef<'_>, minimum: i128, maximum: i128) -> Result<i128, JsonError> {
    match value.as_number().and_then(integer_of) {
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
            fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
                let integer =
                    read_integer(value, i128::from(<$integer>::MIN), i128::from(<$integer>::MAX))?;
                Self::try_from(integer).map_err(|_| JsonError::expected("an integer", value))
            }

            fn write<'t>(&'t self, out: &mut Writer<'t>) {
                out.number(*self);
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64);

impl Json for f64 {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        let float = value.as_number().and_then(Number::as_f64);
        float.ok_or_else(|| JsonError::expected("a number", value))
    }

    /// NaN and infinities, which JSON lacks, are written as null.
    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.float(*self);
    }
}

impl Json for f32 {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        let wide = f64::read(value)?;
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
                value,
            ))
        }
    }

    /// The shortest decimal that reads back as the same float; NaN and infinities are null.
    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.float(widen(*self));
    }
}

impl<T: Json> Json for Vec<T> {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        if !value.is_array() {
            return Err(JsonError::expected("an array", value));
        }
        let items = value.items();
        let mut list = Self::with_capacity(items.len());
        for (index, item) in items.enumerate() {
            list.push(T::read(item).map_err(|error| error.at_index(index))?);
        }
        Ok(list)
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.items(self);
    }
}

/// The value, if it is an object.
fn object(value: ValueRef<'_>) -> Result<ValueRef<'_>, JsonError> {
    if value.is_object() {
        Ok(value)
    } else {
        Err(JsonError::expected("an object", value))
    }
}

impl<T: Json> Json for BTreeMap<String, T> {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        let members = object(value)?.members();
        read_map(members.map(|(name, value)| (name.to_owned(), value)))
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.members(self.iter().map(|(name, value)| (name.as_str(), value)));
    }
}

impl Json for Map<String, Value> {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        let members = object(value)?.members();
        let members = members.map(|(name, value)| (name.to_owned(), value.to_value()));
        Ok(members.collect())
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.members(self.iter().map(|(name, value)| (name.as_str(), value)));
    }
}

impl Json for Extra {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        Map::read(value).map(Self::from)
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        out.members(self.iter());
    }
}

crate::impl_serde!(Extra);

impl<T: Json> Json for Box<T> {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        T::read(value).map(Self::new)
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        T::write(self, out);
    }

    fn accepts_null() -> bool {
        T::accepts_null()
    }
}
