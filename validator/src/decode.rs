//! Bytes to text.

use std::borrow::Cow;

use source_text::{JsonPointer, Span};

use crate::finding::{At, Code, Problem};

/// A file's text and what was wrong with its bytes.
pub(crate) struct Decoded<'a> {
    /// As long as the bytes; each byte that is no UTF-8 stands as [`STAND_IN`].
    pub(crate) text: Cow<'a, str>,
    /// The part after the byte order mark.
    pub(crate) body: Span,
    /// Where bytes are no UTF-8, in ascending order.
    pub(crate) invalid: Vec<Span>,
    pub(crate) problems: Vec<Problem>,
}

/// What takes the place of a byte that is no UTF-8, so that offsets stay and reading can go on.
const STAND_IN: &str = "?";

/// Decodes a file, or says why there is no text in it to be read.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Box<Problem>> {
    if let Some(problem) = other_format(bytes) {
        return Err(Box::new(problem));
    }
    let mut problems = Vec::new();
    let mut invalid = Vec::new();
    let text = match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(replace_invalid(bytes, &mut invalid)),
    };
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    if mark > 0 {
        problems.push(
            Problem::new(
                Code::ByteOrderMark,
                JsonPointer::root(),
                "the file begins with a BOM",
            )
            .at(At::Span(Span::new(0, mark)))
            .expected("UTF-8 without a byte order mark (RFC 8259, section 8.1)")
            .help("save the file as UTF-8 without BOM: not every reader of JSON takes one"),
        );
    }
    problems.extend(invalid.iter().map(|&span| not_utf8(bytes, span)));
    let body = Span::new(mark, text.len());
    Ok(Decoded {
        text,
        body,
        invalid,
        problems,
    })
}

fn replace_invalid(bytes: &[u8], invalid: &mut Vec<Span>) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|_| STAND_IN));
        if start < text.len() {
            invalid.push(Span::new(start, text.len()));
        }
    }
    text
}

fn not_utf8(bytes: &[u8], span: Span) -> Problem {
    let shown: Vec<String> = bytes
        .get(span.range())
        .unwrap_or_default()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    let message = match shown.as_slice() {
        [byte] => format!("byte {byte} is not valid UTF-8 here"),
        bytes => format!("bytes {} are not valid UTF-8", bytes.join(" ")),
    };
    Problem::new(Code::NotUtf8, JsonPointer::root(), message)
        .at(At::Span(span))
        .expected("text in UTF-8")
        .help("the file may be in Latin-1 or Windows-1252, or damaged; save it again as UTF-8")
}

/// Names a file that is something else than text in UTF-8, by its first bytes.
fn other_format(bytes: &[u8]) -> Option<Problem> {
    let whole = |code, message: &str| {
        Problem::new(code, JsonPointer::root(), message).at(At::Span(Span::at(0)))
    };
    let compressed = match bytes {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [b'P', b'K', 3, 4, ..] => Some("zip"),
        _ => None,
    };
    if let Some(format) = compressed {
        return Some(
            whole(
                Code::Compressed,
                &format!("the file is compressed ({format})"),
            )
            .expected("the JSON text itself")
            .help("unpack the file first"),
        );
    }
    let encoding = match bytes {
        [0xff, 0xfe, 0, 0, ..]
        | [0, 0, 0xfe, 0xff, ..]
        | [0, 0, 0, 1..=0xff, ..]
        | [1..=0xff, 0, 0, 0, ..] => "UTF-32",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0xff, ..] | [1..=0xff, 0, ..] => "UTF-16",
        _ => return None,
    };
    Some(
        whole(Code::NotUtf8, &format!("the file is in {encoding}"))
            .expected("text in UTF-8")
            .help("save the file again as UTF-8"),
    )
}
