//! The typed JSON model: one trait, [`Json`], between a Rust type and a JSON value.
//!
//! Types are read from a [`ValueRef`], a view of what has been parsed, instead of by a derived
//! visitor. That keeps generated code small: reading a struct is a list of [`Fields`] calls, the
//! members it does not know stay in [`Extra`], and a union looks before it reads.

mod error;
mod extra;
mod fields;
mod impls;
mod items;
mod nullable;
mod number;
pub(crate) mod serde_bridge;
mod shape;
mod tape;
mod text;
pub(crate) mod text_enum;
mod union;
mod value_ref;
mod writer;

pub use error::JsonError;
pub use extra::Extra;
pub use fields::Fields;
pub use items::Items;
pub use nullable::{Nullable, OptionalNullable};
pub use number::Number;
pub use serde_json::{Map, Value};
pub use shape::{Shape, candidates};
pub(crate) use tape::Tape;
pub use text::{read_str, read_string};
pub use union::JsonType;
pub use value_ref::{Elements, Members, ValueRef};
pub use writer::{FieldsWriter, ItemsWriter, Writer};

/// A type that is read from a JSON value and written back to one.
///
/// The two directions are inverse: for a value `v` that [`from_json`](Self::from_json) accepts,
/// `to_json` of the result equals `v`, up to the form of a number (`10` and `10.0` are the same
/// integer in JSON Schema).
pub trait Json: Sized {
    /// Reads the type out of a value, copying what it keeps.
    ///
    /// # Errors
    ///
    /// Where the value is not as the type says, and what was expected there.
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError>;

    /// Writes the type; its texts stay where they are.
    fn write<'t>(&'t self, out: &mut Writer<'t>);

    /// Reads the type out of a value that is owned.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn from_json(value: Value) -> Result<Self, JsonError> {
        Self::read(Tape::from_value(value).root())
    }

    /// Writes the type as a value of its own.
    fn to_json(&self) -> Value {
        Writer::of(self).root().to_value()
    }

    /// Whether `null` is a value of this type, rather than the lack of one.
    fn accepts_null() -> bool {
        false
    }
}
