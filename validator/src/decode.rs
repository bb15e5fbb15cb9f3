//! Bytes to text, and files in which there is none.

use std::borrow::Cow;

use source_text::{JsonPointer, Span};

use crate::{
    Code,
    finding::{At, Problem},
};

/// How many bytes at a file's start tell whether it is text.
pub(crate) const SAMPLE: usize = 8192;

/// What takes the place of a byte that is no UTF-8, so that offsets stay and reading can go on.
const STAND_IN: &str = "?";

/// Bytes as text of the same length, with [`STAND_IN`] in the place of each that is no UTF-8, and
/// where those are.
pub(crate) fn readable(bytes: &[u8]) -> (Cow<'_, str>, Vec<Span>) {
    match str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Vec::new()),
        Err(_) => {
            let mut invalid = Vec::new();
            let text = replace_invalid(bytes, &mut invalid);
            (Cow::Owned(text), invalid)
        }
    }
}

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = b"\xef\xbb\xbf";

/// What to say of a file that begins with a byte order mark.
pub(crate) fn byte_order_mark() -> Problem {
    Problem::new(
        Code::ByteOrderMark,
        JsonPointer::root(),
        "the file begins with a BOM",
    )
    .at(At::Span(Span::new(0, MARK.len())))
    .expected("UTF-8 without a byte order mark (RFC 8259, section 8.1)")
    .help("save the file as UTF-8 without BOM: not every reader of JSON takes one")
}

fn replace_invalid(bytes: &[u8], invalid: &mut Vec<Span>) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let start = text.len();
        text.extend(chunk.invalid().iter().map(|_| STAND_IN));
        if start == text.len() {
            continue;
        }
        match invalid.last_mut() {
            Some(last) if last.end == start => last.end = text.len(),
            _ => invalid.push(Span::new(start, text.len())),
        }
    }
    text
}

/// Names a file that is something else than text in UTF-8, by its first [`SAMPLE`] bytes.
pub(crate) fn other_format(bytes: &[u8]) -> Option<Problem> {
    let whole = |code, message: String| {
        Problem::new(code, JsonPointer::root(), message).at(At::Span(Span::at(0)))
    };
    if let Some(format) = compression(bytes) {
        let message = format!("the file is compressed ({format})");
        return Some(
            whole(Code::Compressed, message)
                .expected("the JSON text itself")
                .help("unpack the file first"),
        );
    }
    if let Some(encoding) = encoding(bytes) {
        return Some(
            whole(Code::Encoding, format!("the file is in {encoding}"))
                .expected("text in UTF-8")
                .help(match encoding {
                    "UTF-16" => {
                        "save the file again as UTF-8; what Windows PowerShell writes with > is \
                         UTF-16: use Set-Content -Encoding utf8 there"
                    }
                    _ => "save the file again as UTF-8",
                }),
        );
    }
    is_binary(bytes).then(|| {
        whole(Code::Binary, "the file is binary, not text".into())
            .expected("JSON text in UTF-8")
            .help("check that this is the file you meant")
    })
}

/// Whether a text begins as YAML does and JSON cannot.
pub(crate) fn begins_as_yaml(head: &[u8]) -> bool {
    let text = head.strip_prefix(MARK).unwrap_or(head);
    let text = String::from_utf8_lossy(text.trim_ascii_start());
    let line = text.lines().next().unwrap_or_default();
    if line.starts_with(['#', '%']) || line.starts_with("---") || line.starts_with("- ") {
        return true;
    }
    let Some((key, value)) = line.split_once(':') else {
        return false;
    };
    let is_word = |character: char| character.is_alphanumeric() || "_-. ".contains(character);
    key.starts_with(char::is_alphabetic)
        && key.chars().all(is_word)
        && (value.is_empty() || value.starts_with([' ', '\t']))
}

fn compression(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [b'P', b'K', 3, 4, ..] => Some("zip"),
        _ => None,
    }
}

/// The encoding of a text with 16 or 32 bits a unit, by its byte order mark or its first units.
fn encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return Some("UTF-16"),
        _ => {}
    }
    // JSON begins with ASCII characters, of which only one byte in a unit is not zero.
    let has_units = |width: usize, place: usize| {
        let mut units = bytes.chunks_exact(width).take(2).peekable();
        units.peek().is_some()
            && units.all(|unit| {
                unit.iter().enumerate().all(|(index, &byte)| {
                    if index == place {
                        matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
                    } else {
                        byte == 0
                    }
                })
            })
    };
    if has_units(4, 0) || has_units(4, 3) {
        Some("UTF-32")
    } else if has_units(2, 0) || has_units(2, 1) {
        Some("UTF-16")
    } else {
        None
    }
}

/// Whether a file has so many bytes that no text has that naming each would help nobody.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE).unwrap_or(bytes);
    let invalid: usize = sample
        .utf8_chunks()
        .map(|chunk| chunk.invalid().len())
        .sum();
    // Escapes colour the output of some programs.
    let is_control = |byte: u8| byte < b' ' && !b"\t\n\r\x1b".contains(&byte);
    let controls = sample.iter().filter(|&&byte| is_control(byte)).count();
    // Texts in other encodings have many invalid bytes and no control characters.
    let is_mixed = 100 * controls > sample.len() && 10 * (controls + invalid) > 3 * sample.len();
    sample.first() == Some(&0) || 10 * controls > sample.len() || is_mixed
}
