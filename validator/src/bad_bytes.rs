//! Bytes that are no UTF-8, as problems with the values they stand in.

use source_text::{JsonPointer, Span};

use crate::{
    Code,
    finding::{At, Problem},
    locate,
};

/// Longest sequence of bytes that a message repeats.
const MAX_SHOWN: usize = 8;

/// A problem for each of the first `limit` parts of a text that are no UTF-8; `invalid` are in
/// ascending order.
///
/// `span` is what is read as one JSON text; pointers are from its root, and lead there for parts
/// that are in no string.
pub(crate) fn problems(
    bytes: &[u8],
    text: &str,
    span: Span,
    invalid: &[Span],
    limit: usize,
) -> Vec<Problem> {
    let invalid = invalid.get(..limit).unwrap_or(invalid);
    if invalid.is_empty() {
        return Vec::new();
    }
    let pointers = locate::pointers_at(text, span, invalid);
    let pointers = pointers.into_iter().map(Option::unwrap_or_default);
    invalid
        .iter()
        .zip(pointers)
        .map(|(&span, pointer)| not_utf8(bytes, span, pointer))
        .collect()
}

fn not_utf8(bytes: &[u8], span: Span, pointer: JsonPointer) -> Problem {
    let found = bytes.get(span.range()).unwrap_or_default();
    let mut shown: Vec<String> = found
        .iter()
        .take(MAX_SHOWN)
        .map(|byte| format!("{byte:02X}"))
        .collect();
    if found.len() > MAX_SHOWN {
        shown.push("…".into());
    }
    let message = match shown.as_slice() {
        [byte] => format!("byte {byte} is not valid UTF-8 here"),
        bytes => format!("bytes {} are not valid UTF-8", bytes.join(" ")),
    };
    Problem::new(Code::InvalidUtf8, pointer, message)
        .at(At::Span(span))
        .expected("text in UTF-8")
        .help("the file may be in Latin-1 or Windows-1252, or damaged; save it again as UTF-8")
}
