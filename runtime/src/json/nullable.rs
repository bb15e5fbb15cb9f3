//! Null and absence, told apart.
//!
//! | the property is        | its type                |
//! |------------------------|-------------------------|
//! | required               | `T`                     |
//! | required and nullable  | [`Nullable<T>`]         |
//! | optional               | `Option<T>`             |
//! | optional and nullable  | [`OptionalNullable<T>`] |

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Json, JsonError, ValueRef, Writer, serde_bridge};

/// A value that is always there and may be `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// `null`.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, or `None` for null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The same, holding a reference.
    pub fn as_ref(&self) -> Nullable<&T> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(value),
        }
    }

    /// The same, holding a mutable reference.
    pub fn as_mut(&mut self) -> Nullable<&mut T> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(value),
        }
    }

    /// The value, or `None` for null.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether this is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Changes the value, leaves null.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(change(value)),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    /// `None` is null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.into_option()
    }
}

impl<T: Json> Json for Nullable<T> {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        if value.is_null() {
            Ok(Self::Null)
        } else {
            T::read(value).map(Self::Value)
        }
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        match self {
            Self::Null => out.null(),
            Self::Value(value) => value.write(out),
        }
    }

    fn accepts_null() -> bool {
        true
    }
}

impl<T: Json> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_bridge::serialize(self, serializer)
    }
}

impl<'de, T: Json> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_bridge::deserialize(deserializer)
    }
}

/// A property that may be absent, and may be `null`; the two are told apart.
///
/// It has no [`Json`] form of its own: only an object can lack a member
/// ([`Fields::optional_nullable`](super::Fields::optional_nullable)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptionalNullable<T> {
    /// Not there.
    #[default]
    Absent,
    /// There, and `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> OptionalNullable<T> {
    /// The value, or `None` if absent or null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The same, holding a reference.
    pub fn as_ref(&self) -> OptionalNullable<&T> {
        match self {
            Self::Absent => OptionalNullable::Absent,
            Self::Null => OptionalNullable::Null,
            Self::Value(value) => OptionalNullable::Value(value),
        }
    }

    /// The same, holding a mutable reference.
    pub fn as_mut(&mut self) -> OptionalNullable<&mut T> {
        match self {
            Self::Absent => OptionalNullable::Absent,
            Self::Null => OptionalNullable::Null,
            Self::Value(value) => OptionalNullable::Value(value),
        }
    }

    /// The value, or `None` if absent or null.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether the property is there and `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the property is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Changes the value, leaves absent and null.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> OptionalNullable<U> {
        match self {
            Self::Absent => OptionalNullable::Absent,
            Self::Null => OptionalNullable::Null,
            Self::Value(value) => OptionalNullable::Value(change(value)),
        }
    }
}

impl<T> From<T> for OptionalNullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for OptionalNullable<T> {
    /// `None` is absent; say [`OptionalNullable::Null`] for null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Value)
    }
}

impl From<&str> for OptionalNullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T> From<Nullable<T>> for OptionalNullable<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => Self::Null,
            Nullable::Value(value) => Self::Value(value),
        }
    }
}
