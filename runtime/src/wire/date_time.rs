//! `format: date-time` and `format: date`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::text::{FormatError, wire_text};

wire_text! {
    /// A point in time of `format: date-time` (RFC 3339), as its server writes it.
    DateTimeText
}

impl DateTimeText {
    /// The point in time. A text without an offset from UTC is an error: it denotes none.
    pub fn to_timestamp(&self) -> Result<Timestamp, FormatError> {
        self.0
            .trim()
            .parse()
            .map_err(|reason| FormatError::new("a date-time with an offset", &self.0, reason))
    }
}

impl From<Timestamp> for DateTimeText {
    /// RFC 3339 in UTC, with as many fractional digits as it takes.
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.to_string())
    }
}

wire_text! {
    /// A date of `format: date` (RFC 3339's `full-date`), as its server writes it.
    DateText
}

impl DateText {
    /// The date.
    pub fn to_date(&self) -> Result<Date, FormatError> {
        self.0
            .trim()
            .parse()
            .map_err(|reason| FormatError::new("a date", &self.0, reason))
    }
}

impl From<Date> for DateText {
    /// `YYYY-MM-DD`.
    fn from(date: Date) -> Self {
        Self(date.to_string())
    }
}
