//! What every generated enumeration of texts has besides its values.

use std::fmt;

/// `Debug` of an enumeration's text.
pub fn debug_text(text: &str, listed: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if listed.contains(&text) {
        fmt::Debug::fmt(text, f)
    } else {
        f.debug_tuple("Unknown").field(&text).finish()
    }
}

/// Implements what an enumeration has besides `Clone`, given `LISTED`, `as_str` and `From<&str>`:
/// [`Json`](crate::Json), `Debug`, `Display`, `PartialEq`, `Eq`, `Hash`, `AsRef<str>` and
/// `From<String>`.
///
/// Two values are equal if their texts are, and `Debug` shows the text: `"small"`, or
/// `Unknown("huge")` for a value that is not listed. Derives would cost a compiler twice as much
/// for each enumeration.
///
/// ```
/// # use oas_runtime as rt;
/// #[derive(Clone)]
/// enum Size { Small, Unknown(String) }
/// impl Size {
///     const LISTED: &'static [&'static str] = &["small"];
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
/// assert_eq!(format!("{:?} {size:?}", Size::Small), r#""small" Unknown("huge")"#);
/// # Ok::<(), rt::JsonError>(())
/// ```
#[macro_export]
macro_rules! text_enum {
    ($type:ty) => {
        impl $crate::Json for $type {
            fn read(
                value: $crate::ValueRef<'_>,
            ) -> ::core::result::Result<Self, $crate::JsonError> {
                $crate::read_str(value).map(Self::from)
            }

            fn write<'t>(&'t self, out: &mut $crate::Writer<'t>) {
                out.text(self.as_str());
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

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::core::cmp::Eq for $type {}

        impl ::core::hash::Hash for $type {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::private::debug_text(self.as_str(), Self::LISTED, f)
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
