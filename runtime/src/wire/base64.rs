//! `format: byte`.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};

use super::text::{FormatError, wire_text};

wire_text! {
    /// Bytes of `format: byte`, as the Base64 text (RFC 4648, section 4) that is on the wire.
    Base64
}

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING);

impl Base64 {
    /// The text of some bytes: standard alphabet, padded.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(general_purpose::STANDARD.encode(bytes))
    }

    /// The bytes.
    ///
    /// Padding may be left out, line breaks are skipped (RFC 2045), and the URL-safe alphabet is
    /// read too, since servers send all of these.
    pub fn decode(&self) -> Result<Vec<u8>, FormatError> {
        let compact: Vec<u8> = self
            .0
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let url_safe = compact.iter().any(|byte| matches!(byte, b'-' | b'_'));
        let engine = if url_safe { URL_SAFE } else { STANDARD };
        engine
            .decode(compact)
            .map_err(|reason| FormatError::new("Base64 text", &self.0, reason))
    }
}
