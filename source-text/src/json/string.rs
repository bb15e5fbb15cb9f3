//! Strings: RFC 8259, section 7.

use std::borrow::Cow;

use super::error::{SyntaxError, SyntaxErrorKind};
use crate::Span;

/// Reads the string whose opening quote stands at `start`.
///
/// Returns what it says and the offset after its closing quote. `text` ends where the document
/// may end. With a list for the offsets of lone surrogates, those are read as U+FFFD.
pub(super) fn scan<'a>(
    text: &'a str,
    start: usize,
    mut replaced: Option<&mut Vec<usize>>,
) -> Result<(Cow<'a, str>, usize), SyntaxError> {
    let bytes = text.as_bytes();
    let mut unescaped: Option<String> = None;
    let mut run = start + 1;
    loop {
        let at = skip_plain(bytes, run);
        match bytes.get(at) {
            Some(b'"') => {
                let last = &text[run..at];
                let value = match unescaped {
                    None => Cow::Borrowed(last),
                    Some(mut owned) => {
                        owned.push_str(last);
                        Cow::Owned(owned)
                    }
                };
                return Ok((value, at + 1));
            }
            Some(b'\\') => {
                let (character, after) = match (escape(text, at), &mut replaced) {
                    (Err(error), Some(replaced))
                        if matches!(error.kind, SyntaxErrorKind::LoneSurrogate { .. }) =>
                    {
                        replaced.push(at);
                        (char::REPLACEMENT_CHARACTER, error.span.end)
                    }
                    (escape, _) => escape?,
                };
                let owned = unescaped.get_or_insert_default();
                owned.push_str(&text[run..at]);
                owned.push(character);
                run = after;
            }
            Some(&control) => return Err(control_character(start, at, control)),
            None => {
                return Err(SyntaxError {
                    kind: SyntaxErrorKind::UnclosedString { at_end: true },
                    span: Span::new(start, bytes.len()),
                });
            }
        }
    }
}

/// The offset of the next quote, backslash or control character.
fn skip_plain(bytes: &[u8], start: usize) -> usize {
    bytes[start..]
        .iter()
        .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
        .map_or(bytes.len(), |length| start + length)
}

/// A control character in a string; a line end there most often means that the quote is missing.
fn control_character(start: usize, at: usize, control: u8) -> SyntaxError {
    if matches!(control, b'\n' | b'\r') {
        return SyntaxError {
            kind: SyntaxErrorKind::UnclosedString { at_end: false },
            span: Span::new(start, at),
        };
    }
    let found = char::from(control);
    SyntaxError {
        kind: SyntaxErrorKind::ControlCharacter { found },
        span: Span::new(at, at + 1),
    }
}

/// Reads the escape whose backslash stands at `at`: the character and the offset after it.
fn escape(text: &str, at: usize) -> Result<(char, usize), SyntaxError> {
    let bytes = text.as_bytes();
    let character = match bytes.get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(bytes, at),
        Some(_) => {
            let found = text[at + 1..].chars().next().unwrap_or_default();
            return Err(SyntaxError {
                kind: SyntaxErrorKind::UnknownEscape { found },
                span: Span::new(at, at + 1 + found.len_utf8()),
            });
        }
        None => {
            return Err(SyntaxError {
                kind: SyntaxErrorKind::UnclosedString { at_end: true },
                span: Span::new(at, bytes.len()),
            });
        }
    };
    Ok((character, at + 2))
}

/// Reads `\uXXXX`, or the two of them that make one character outside the basic plane.
fn unicode_escape(bytes: &[u8], at: usize) -> Result<(char, usize), SyntaxError> {
    let unit = code_unit(bytes, at).ok_or_else(|| {
        let digits = bytes[at + 2..]
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_hexdigit());
        SyntaxError {
            kind: SyntaxErrorKind::IncompleteUnicodeEscape,
            span: Span::new(at, at + 2 + digits.count()),
        }
    })?;
    let lone = || SyntaxError {
        kind: SyntaxErrorKind::LoneSurrogate { unit },
        span: Span::new(at, at + 6),
    };
    let (units, after) = match unit {
        0xd800..=0xdbff => ([unit, code_unit(bytes, at + 6).ok_or_else(lone)?], at + 12),
        _ => ([unit, 0], at + 6),
    };
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => Ok((character, after)),
        _ => Err(lone()),
    }
}

/// The UTF-16 code unit that `\uXXXX` at `at` stands for.
fn code_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0_u16, |unit, &byte| {
        let digit = char::from(byte).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}
