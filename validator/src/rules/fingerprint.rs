//! Texts as numbers, to tell whether one was seen before without keeping it.

/// A number of 64 bits for a text; `of` tells apart what the texts are.
///
/// Two texts of a file of any size that is read in practice do not share one by chance.
pub(super) fn fingerprint(of: u64, text: &[u8]) -> u64 {
    let mut state = of.wrapping_add(1).wrapping_mul(FIRST);
    let (pairs, rest) = text.as_chunks::<16>();
    for pair in pairs {
        state = step(state, pair);
    }
    let mut last = [0; 16];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    state = step(state, &last);
    fold(state ^ FIRST, SECOND ^ text.len() as u64)
}

/// A number for a text that costs next to nothing; texts that differ may share one.
#[inline]
pub(super) fn digest(text: &[u8]) -> u64 {
    let first = text.first_chunk().copied().map(u64::from_le_bytes);
    let last = text.last_chunk().copied().map(u64::from_le_bytes);
    let ends = match (first, last) {
        (Some(first), Some(last)) => first ^ last.rotate_left(29),
        _ => text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    };
    (ends ^ text.len() as u64).wrapping_mul(FIRST)
}

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd6e8_feb8_6659_fd93;
const THIRD: u64 = 0xa076_1d64_78bd_642f;

fn step(state: u64, pair: &[u8; 16]) -> u64 {
    let [low, high] = [u128::from_le_bytes(*pair), u128::from_le_bytes(*pair) >> 64];
    fold(truncated(low) ^ SECOND ^ state, truncated(high) ^ THIRD)
}

/// Both halves of a product mixed into one.
fn fold(first: u64, second: u64) -> u64 {
    let product = u128::from(first) * u128::from(second);
    truncated(product) ^ truncated(product >> 64)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower half is what is asked for"
)]
fn truncated(number: u128) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn texts_that_differ_have_numbers_that_differ_in_all_parts() {
        let mut seen = HashSet::new();
        let mut upper = HashSet::new();
        let texts = (0..200_000_u32).flat_map(|n| {
            [
                n.to_string(),
                format!("{n:032x}"),
                format!("Profile {n} of a company with a long name"),
            ]
        });
        let mut count = 0;
        for text in texts {
            count += 1;
            assert!(seen.insert(fingerprint(0, text.as_bytes())), "{text}");
            upper.insert(fingerprint(0, text.as_bytes()) >> 40);
        }
        // What `count` numbers of 24 bits by chance have in common, and no more.
        assert!(upper.len() > count - count / 40, "{}", upper.len());
    }

    #[test]
    fn what_the_text_is_and_its_length_count() {
        assert_ne!(fingerprint(0, b"a"), fingerprint(1, b"a"));
        assert_ne!(fingerprint(0, b""), fingerprint(0, b"\0"));
        assert_ne!(fingerprint(0, &[0; 16]), fingerprint(0, &[0; 32]));
    }
}
