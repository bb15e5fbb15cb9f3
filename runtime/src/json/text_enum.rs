//! What every generated enumeration of texts has besides its values.

/// The value of a JSON text that generated code holds; `null` if it is none.
pub fn literal(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Implements [`Json`](crate::Json), `Display`, `AsRef<str>` and `From<String>` for an enumeration
/// that has `as_str` and `From<&str>`.
///
/// ```
/// # use oas_runtime as rt;
/// #[derive(Debug, PartialEq)]
/// enum Size { Small, Unknown(String) }
/// impl Size {
///     fn as_str(&self) -> &str {
///         match self { Self::Small => "small", Self::Unknown(other) => other }
///     }
/// }
/// impl From<&str> for Size {
///     fn from(text: &str) -> Self {
///         match text { "small" => Self::Small, other => Self::Unknown(other.to_owned()) }
///     }
/// }
/// rt::text_enum!(Size);
///
/// use rt::Json as _;
/// let size = Size::from_json(serde_json::json!("huge"))?;
/// assert_eq!(size, Size::Unknown("huge".to_owned()));
/// assert_eq!(size.to_json(), "huge");
/// # Ok::<(), rt::JsonError>(())
/// ```
#[macro_export]
macro_rules! text_enum {
    ($type:ty) => {
        impl $crate::Json for $type {
            fn from_json(value: $crate::Value) -> ::core::result::Result<Self, $crate::JsonError> {
                $crate::read_string(value).map(Self::from)
            }

            fn to_json(&self) -> $crate::Value {
                $crate::write_str(self.as_str())
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
