//! Lines and columns, counted along.

use source_text::Position;

use wide::{i8x16, u8x16};

use crate::decode;

/// Bytes that are looked at in one step.
const LANES: usize = 16;

/// Steps that are taken at once: counting them costs as much as one.
const STEPS: usize = 8;

/// The least byte that begins a character, as a signed number.
const FIRST_BYTE: i8 = 0xc0_u8.cast_signed();

/// Bytes from this one on begin a character that takes two units in UTF-16.
const PAIR: u8 = 0xf0;

/// Moves a position over the bytes that follow it.
pub(super) fn advance(position: &mut Position, bytes: &[u8]) {
    advance_by(position, bytes, counts);
}

/// Moves a position over bytes that are known to be UTF-8.
pub(super) fn advance_over_text(position: &mut Position, bytes: &[u8]) {
    advance_by(position, bytes, counts_of_text);
}

fn advance_by(position: &mut Position, bytes: &[u8], counts: impl Fn(&[u8]) -> [usize; 2]) {
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
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return counts_of_text(bytes);
    }
    let mut counts = [0, 0];
    for chunk in bytes.utf8_chunks() {
        let invalid = chunk.invalid().len();
        let characters = chunk.valid().chars().count() + invalid;
        let pairs = chunk.valid().bytes().filter(|&byte| byte >= PAIR).count();
        counts[0] += characters;
        counts[1] += characters + pairs;
    }
    counts
}

/// The same for bytes that are UTF-8.
fn counts_of_text(bytes: &[u8]) -> [usize; 2] {
    let mut total = [bytes.len(); 2];
    // A lane, which is a byte, cannot overflow within a piece.
    for piece in bytes.chunks(LANES * usize::from(u8::MAX)) {
        let (mut continuing, mut greatest) = (i8x16::splat(0), u8x16::splat(0));
        let mut add = |chunk: &[u8; LANES]| {
            // The least of signed bytes continue a character; what holds is a lane that is minus one.
            let signed = i8x16::from(chunk.map(u8::cast_signed));
            continuing -= signed.simd_lt(i8x16::splat(FIRST_BYTE));
            greatest = greatest.max(u8x16::from(*chunk));
        };
        let (blocks, rest) = piece.as_chunks::<{ STEPS * LANES }>();
        for block in blocks {
            block.as_chunks().0.iter().for_each(&mut add);
        }
        let (chunks, rest) = rest.as_chunks();
        chunks.iter().for_each(&mut add);
        let of_lane = |count: i8| usize::from(count.cast_unsigned());
        let continuing = continuing.to_array().map(of_lane).iter().sum::<usize>()
            + rest
                .iter()
                .filter(|byte| byte.cast_signed() < FIRST_BYTE)
                .count();
        total[0] -= continuing;
        total[1] -= continuing;
        let has_pairs = greatest
            .to_array()
            .iter()
            .chain(rest)
            .any(|&byte| byte >= PAIR);
        if has_pairs {
            total[1] += piece.iter().filter(|&&byte| byte >= PAIR).count();
        }
    }
    total
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
