//! Text with a format, kept exactly as it came.
//!
//! Servers do not agree on how an id or a time is written (32 hexadecimal digits or hyphens, three
//! fractional digits or none), so parsing and printing again would change what the other side
//! compares. These types hold the wire text, whether or not it is well formed, and give typed views
//! on demand.

mod base64;
mod date_time;
mod text;
mod uuid;

pub use self::base64::Base64;
pub use self::date_time::{DateText, DateTimeText};
pub use self::text::FormatError;
pub use self::uuid::UuidText;

/// A UUID, the typed view of [`UuidText`].
pub use ::uuid::Uuid;
/// A point in time, the typed view of [`DateTimeText`].
pub use jiff::Timestamp;
/// A calendar date, the typed view of [`DateText`].
pub use jiff::civil::Date;
