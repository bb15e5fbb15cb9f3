//! `format: uuid`.

use uuid::Uuid;

use super::text::{FormatError, wire_text};

wire_text! {
    /// An id of `format: uuid`, as its server writes it: with hyphens or as 32 hexadecimal digits.
    ///
    /// Equal means equal text: two forms of one UUID are different wire texts. Compare
    /// [`as_uuid`](Self::as_uuid) to compare what they denote.
    UuidText
}

impl UuidText {
    /// The UUID, whichever form the text has.
    pub fn as_uuid(&self) -> Result<Uuid, FormatError> {
        Uuid::parse_str(&self.0).map_err(|reason| FormatError::new("a UUID", &self.0, reason))
    }
}

impl From<Uuid> for UuidText {
    /// Lower-case with hyphens (RFC 9562).
    fn from(uuid: Uuid) -> Self {
        Self(uuid.hyphenated().to_string())
    }
}
