//! Numbers: RFC 8259, section 6.

use super::error::SyntaxErrorKind;

/// Finds the end of the number that begins at `start`, where a digit or a minus sign stands.
///
/// Returns the offset after it, or what is wrong with it and where the malformed text ends.
pub(super) fn scan(bytes: &[u8], start: usize) -> Result<usize, (SyntaxErrorKind, usize)> {
    let mut at = start;
    let mut problem = None;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    let integer = at;
    at = skip_digits(bytes, at);
    if at == integer {
        problem = Some(SyntaxErrorKind::MissingDigits);
    } else if at - integer > 1 && bytes[integer] == b'0' {
        problem = Some(SyntaxErrorKind::LeadingZero);
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = skip_digits(bytes, fraction);
        if at == fraction {
            problem = problem.or(Some(SyntaxErrorKind::MissingDigits));
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let mut exponent = at + 1;
        if let Some(b'+' | b'-') = bytes.get(exponent) {
            exponent += 1;
        }
        at = skip_digits(bytes, exponent);
        if at == exponent {
            problem = problem.or(Some(SyntaxErrorKind::MissingDigits));
        }
    }
    let end = skip_word(bytes, at);
    if end > at {
        let word = &bytes[integer..end];
        let kind = match word {
            b"Infinity" | b"inf" | b"Inf" | b"NaN" | b"nan" => SyntaxErrorKind::NotFinite,
            _ => SyntaxErrorKind::MalformedNumber,
        };
        return Err((kind, end));
    }
    match problem {
        Some(kind) => Err((kind, at)),
        None => Ok(at),
    }
}

fn skip_digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// The offset after letters, digits and what else people write in words and numbers.
pub(super) fn skip_word(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'+' | b'-')
    }) {
        at += 1;
    }
    at
}
