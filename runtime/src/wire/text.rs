//! What all wire texts have in common.

use std::fmt;

/// A wire text that is not of the format that its type names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    expected: &'static str,
    found: String,
    reason: String,
}

impl FormatError {
    pub(super) fn new(expected: &'static str, found: &str, reason: impl fmt::Display) -> Self {
        Self {
            expected,
            found: found.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// The text that does not fit.
    pub fn text(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected {}, found {:?}: {}",
            self.expected, self.found, self.reason
        )
    }
}

impl std::error::Error for FormatError {}

/// Defines a newtype over the wire text.
macro_rules! wire_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text, exactly as it is on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, exactly as it is on the wire.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<&String> for $name {
            fn from(text: &String) -> Self {
                Self(text.clone())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl $crate::json::Json for $name {
            fn read(
                value: $crate::json::ValueRef<'_>,
            ) -> Result<Self, $crate::json::JsonError> {
                $crate::json::read_string(value).map(Self)
            }

            fn write<'t>(&'t self, out: &mut $crate::json::Writer<'t>) {
                out.text(&self.0);
            }
        }

        $crate::impl_serde!($name);
    };
}

pub(super) use wire_text;
