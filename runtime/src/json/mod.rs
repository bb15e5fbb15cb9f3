//! The typed JSON model: one trait, [`Json`], between a Rust type and a [`Value`].
//!
//! Going through [`Value`] instead of a derived visitor keeps generated code small: reading a
//! struct is a list of [`Fields`] calls, and the members it does not know stay in [`Extra`].

mod error;
mod extra;
mod fields;
mod impls;
mod items;
mod nullable;
mod number;
mod sequence;
pub(crate) mod serde_bridge;
mod shape;
mod text;
pub(crate) mod text_enum;
mod union;

pub use error::JsonError;
pub use extra::Extra;
pub use fields::{Fields, FieldsWriter};
pub use items::Items;
pub use nullable::{Nullable, OptionalNullable};
pub use number::Number;
pub use serde_json::{Map, Value};
pub use shape::{Shape, candidates};
pub use text::{read_string, write_str};
pub use text_enum::literal;
pub use union::{JsonType, json_type, try_variant};

/// A type that is read from a JSON value and written back to one.
///
/// The two directions are inverse: for a value `v` that [`from_json`](Self::from_json) accepts,
/// `to_json` of the result equals `v`, up to the form of a number (`10` and `10.0` are the same
/// integer in JSON Schema).
pub trait Json: Sized {
    /// Reads the type out of a value, moving the value's parts instead of copying them.
    fn from_json(value: Value) -> Result<Self, JsonError>;

    /// Writes the type as a value.
    fn to_json(&self) -> Value;

    /// Reads the type out of a JSON text, where that takes less than making a value of all of it.
    ///
    /// `None`: it does not, or the text is not as expected; then the long way tells why.
    #[doc(hidden)]
    fn from_text(text: &str) -> Option<Self> {
        let _ = text;
        None
    }

    /// Whether `null` is a value of this type, rather than the lack of one.
    fn accepts_null() -> bool {
        false
    }
}
