//! Lines and columns, counted along.

use source_text::Position;

use crate::decode;

/// Moves a position over the bytes that follow it.
pub(super) fn advance(position: &mut Position, bytes: &[u8]) {
    let on_last_line = match memchr::memrchr(b'\n', bytes) {
        Some(last) => {
            let lines = memchr::memchr_iter(b'\n', bytes).count();
            position.line = position.line.saturating_add(saturate(lines));
            position.column = 1;
            position.utf16_column = 1;
            bytes.get(last + 1..).unwrap_or_default()
        }
        // A byte order mark takes no column.
        None if position.offset == 0 => bytes.strip_prefix(decode::MARK).unwrap_or(bytes),
        None => bytes,
    };
    let [characters, units] = counts(on_last_line);
    position.column = position.column.saturating_add(saturate(characters));
    position.utf16_column = position.utf16_column.saturating_add(saturate(units));
    position.offset += bytes.len();
}

/// The position of the last of `bytes`' ends, if they begin at `from`.
pub(super) fn after(mut from: Position, bytes: &[u8]) -> Position {
    advance(&mut from, bytes);
    from
}

/// Characters that begin in a piece of UTF-8, and the units that they take in UTF-16.
///
/// A byte that is no UTF-8 counts as a character, as it is shown.
pub(super) fn counts(bytes: &[u8]) -> [usize; 2] {
    let mut total = [0, 0];
    let mut add = |counts: [usize; 2]| {
        total[0] += counts[0];
        total[1] += counts[1];
    };
    // Most text is ASCII nearly everywhere; what is between two pieces of that is whole characters.
    let mut others = 0..0;
    for (index, piece) in bytes.chunks(PIECE).enumerate() {
        let start = index * PIECE;
        if piece.is_ascii() {
            add(counts_of_others(bytes.get(others).unwrap_or_default()));
            add([piece.len(); 2]);
            others = start + piece.len()..start + piece.len();
        } else {
            others.end = start + piece.len();
        }
    }
    add(counts_of_others(bytes.get(others).unwrap_or_default()));
    total
}

/// How much of a text is looked at together.
const PIECE: usize = 256;

fn counts_of_others(bytes: &[u8]) -> [usize; 2] {
    if bytes.is_empty() {
        return [0, 0];
    }
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        let continuing = count(bytes, |byte| byte & 0xc0 == 0x80);
        let characters = bytes.len() - continuing;
        return [characters, characters + count(bytes, |byte| byte >= 0xf0)];
    }
    let mut counts = [0, 0];
    for chunk in bytes.utf8_chunks() {
        let invalid = chunk.invalid().len();
        let characters = chunk.valid().chars().count() + invalid;
        let pairs = chunk.valid().bytes().filter(|&byte| byte >= 0xf0).count();
        counts[0] += characters;
        counts[1] += characters + pairs;
    }
    counts
}

/// How many bytes are as `is_counted` says.
fn count(bytes: &[u8], is_counted: impl Fn(u8) -> bool) -> usize {
    // Sums of bytes, which so few of them cannot overflow, are added up many at a time.
    let of_each = bytes.chunks(usize::from(u8::MAX)).map(|chunk| {
        let count: u8 = chunk.iter().map(|&byte| u8::from(is_counted(byte))).sum();
        usize::from(count)
    });
    of_each.sum()
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use source_text::SourceText;

    use super::*;

    #[test]
    fn counting_along_agrees_with_counting_at_once() {
        let text = "ab\né😀x\r\n\n€\u{feff}y";
        let source = SourceText::new("", text);
        for (start, _) in text.char_indices() {
            for (length, _) in text[start..].char_indices() {
                let counted = after(source.position(start), &text.as_bytes()[start..][..length]);
                assert_eq!(counted, source.position(start + length));
            }
        }
    }
}
