//! `serde` for every [`Json`] type, with one small body for all of them.

use super::{Json, Tape, Writer};
use serde::{Deserializer, Serialize, Serializer, de::Error as _};

/// Serialises what the type writes.
pub fn serialize<T: Json, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    Writer::of(value).root().serialize(serializer)
}

/// Deserialises from any format that says what its values are; the error keeps the JSON Pointer.
pub fn deserialize<'de, T: Json, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let tape = Tape::deserialize(deserializer)?;
    T::read(tape.root()).map_err(D::Error::custom)
}

/// Implements `serde::Serialize` and `serde::Deserialize` through [`Json`](crate::Json).
///
/// ```
/// # use oas_runtime as rt;
/// struct Tag(String);
/// impl rt::Json for Tag {
///     fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
///         rt::read_string(value).map(Self)
///     }
///     fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
///         out.text(&self.0);
///     }
/// }
/// rt::impl_serde!(Tag);
/// assert_eq!(serde_json::to_string(&Tag("new".into())).unwrap(), "\"new\"");
/// ```
#[macro_export]
macro_rules! impl_serde {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::private::serde::Serialize for $type {
            fn serialize<S: $crate::private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::private::serialize(self, serializer)
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }
    )*};
}
