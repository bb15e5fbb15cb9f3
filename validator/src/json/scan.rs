//! Strings, numbers and white space of a text, by the grammar of RFC 8259.
//!
//! The text is UTF-8 and followed by [`PADDING`](super::PADDING). What these functions take is JSON;
//! where they stop, [`source_text::json::Reader`] says what is wrong.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use wide::u8x16;

/// Bytes that are looked at in one step.
const LANES: usize = 16;
/// Bytes that are looked at in two steps at once.
const WIDE: usize = 2 * LANES;

/// The place where a text stops being JSON, or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) at: usize,
}

/// A string that was read to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    /// After the closing quote.
    pub(crate) end: usize,
    pub(crate) has_escapes: bool,
}

/// A number that was read to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) end: usize,
    /// Whether it has neither fraction nor exponent.
    pub(crate) is_plain: bool,
}

/// The byte at `at`; zero behind the text.
#[inline(always)]
pub(crate) fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

#[inline(always)]
fn lanes(bytes: &[u8], at: usize) -> Option<u8x16> {
    let chunk: &[u8; LANES] = bytes.get(at..)?.first_chunk()?;
    Some(u8x16::from(*chunk))
}

#[inline(always)]
fn two_lanes(bytes: &[u8], at: usize) -> Option<[u8x16; 2]> {
    bytes.get(at..)?.first_chunk().map(halves)
}

#[inline(always)]
fn halves(chunk: &[u8; WIDE]) -> [u8x16; 2] {
    let [low, high] = chunk.as_chunks::<LANES>().0 else {
        return [u8x16::splat(0); 2];
    };
    [u8x16::from(*low), u8x16::from(*high)]
}

/// A short text in a form that is compared at one go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    lanes: [u8; WIDE],
    /// The bits of the lanes that count.
    wanted: u32,
    length: usize,
}

impl Head {
    /// None of a text that is empty or too long.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let mut lanes = [0; 2 * LANES];
        lanes.get_mut(..text.len())?.copy_from_slice(text);
        let unused = u32::try_from(lanes.len() - text.len()).ok()?;
        Some(Self {
            lanes,
            wanted: u32::MAX.checked_shr(unused)?,
            length: text.len(),
        })
    }

    /// Where the text ends, if it stands at `at`.
    #[inline(always)]
    pub(crate) fn end_at(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let [low, high] = two_lanes(bytes, at)?;
        let [own_low, own_high] = halves(&self.lanes);
        let equal =
            low.simd_eq(own_low).to_bitmask() | high.simd_eq(own_high).to_bitmask() << LANES;
        (equal & self.wanted == self.wanted).then_some(at + self.length)
    }
}

/// The first place from `at` on that is no white space.
#[inline(always)]
pub(crate) fn skip_space(bytes: &[u8], at: usize) -> usize {
    if byte(bytes, at) > b' ' {
        return at;
    }
    skip_spaces(bytes, at)
}

#[inline]
fn skip_spaces(bytes: &[u8], mut at: usize) -> usize {
    // Between a colon and its value stands one space, as a rule.
    if byte(bytes, at) == b' ' && byte(bytes, at + 1) > b' ' {
        return at + 1;
    }
    while let Some(chunk) = lanes(bytes, at) {
        let spaces = chunk.simd_eq(u8x16::splat(b' '))
            | chunk.simd_eq(u8x16::splat(b'\n'))
            | chunk.simd_eq(u8x16::splat(b'\r'))
            | chunk.simd_eq(u8x16::splat(b'\t'));
        let run = spaces.to_bitmask().trailing_ones() as usize;
        at += run;
        if run < LANES {
            return at;
        }
    }
    while matches!(byte(bytes, at), b' ' | b'\n' | b'\r' | b'\t') {
        at += 1;
    }
    at
}

/// The first place from `at` on that a string cannot simply go on at: a quote, a backslash or a
/// control character.
#[inline(always)]
fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some([low, high]) = two_lanes(bytes, at) {
        let special = special(low) | special(high) << LANES;
        if special != 0 {
            return at + special.trailing_zeros() as usize;
        }
        at += WIDE;
    }
    while !matches!(byte(bytes, at), b'"' | b'\\' | 0..=0x1f) {
        at += 1;
    }
    at
}

/// The lanes that end a run of plain characters, as bits.
#[inline(always)]
fn special(chunk: u8x16) -> u32 {
    let special = chunk.simd_eq(u8x16::splat(b'"'))
        | chunk.simd_eq(u8x16::splat(b'\\'))
        | chunk.min(u8x16::splat(0x1f)).simd_eq(chunk);
    special.to_bitmask()
}

/// Reads a string; `at` is after its opening quote.
#[inline(always)]
pub(crate) fn string(bytes: &[u8], at: usize) -> Result<Text, Stop> {
    let at = skip_plain(bytes, at);
    if byte(bytes, at) == b'"' {
        return Ok(Text {
            end: at + 1,
            has_escapes: false,
        });
    }
    string_with_escapes(bytes, at)
}

#[inline(never)]
fn string_with_escapes(bytes: &[u8], mut at: usize) -> Result<Text, Stop> {
    loop {
        match byte(bytes, at) {
            b'"' => {
                return Ok(Text {
                    end: at + 1,
                    has_escapes: true,
                });
            }
            b'\\' => at = escape(bytes, at)?,
            _ => return Err(Stop { at }),
        }
        at = skip_plain(bytes, at);
    }
}

/// Reads an escape; a surrogate must have its other half.
fn escape(bytes: &[u8], at: usize) -> Result<usize, Stop> {
    match byte(bytes, at + 1) {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(at + 2),
        b'u' => {
            let first = unit(bytes, at)?;
            match first {
                0xd800..=0xdbff => match unit(bytes, at + 6)? {
                    0xdc00..=0xdfff => Ok(at + 12),
                    _ => Err(Stop { at }),
                },
                0xdc00..=0xdfff => Err(Stop { at }),
                _ => Ok(at + 6),
            }
        }
        _ => Err(Stop { at }),
    }
}

/// The UTF-16 unit that the escape at `at` stands for.
fn unit(bytes: &[u8], at: usize) -> Result<u32, Stop> {
    let stop = Stop { at };
    let Some([b'\\', b'u', digits @ ..]) = bytes.get(at..at + 6) else {
        return Err(stop);
    };
    digits.iter().try_fold(0, |unit, &digit| {
        let digit = char::from(digit).to_digit(16).ok_or(stop)?;
        Ok(unit * 16 + digit)
    })
}

/// Reads a number that begins at `at` with a digit or a minus.
#[inline]
pub(crate) fn number(bytes: &[u8], at: usize) -> Result<Number, Stop> {
    let mut end = at + usize::from(byte(bytes, at) == b'-');
    match byte(bytes, end) {
        b'0' => end += 1,
        b'1'..=b'9' => end = digits(bytes, end)?,
        _ => return Err(Stop { at: end }),
    }
    let mut is_plain = true;
    if byte(bytes, end) == b'.' {
        end = digits(bytes, end + 1)?;
        is_plain = false;
    }
    if matches!(byte(bytes, end), b'e' | b'E') {
        end += 1 + usize::from(matches!(byte(bytes, end + 1), b'+' | b'-'));
        end = digits(bytes, end)?;
        is_plain = false;
    }
    // `01` and `1x` are no numbers that end here.
    match byte(bytes, end) {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'+' | b'-' => {
            Err(Stop { at: end })
        }
        _ => Ok(Number { end, is_plain }),
    }
}

fn digits(bytes: &[u8], at: usize) -> Result<usize, Stop> {
    let mut end = at;
    while byte(bytes, end).is_ascii_digit() {
        end += 1;
    }
    if end == at {
        return Err(Stop { at });
    }
    Ok(end)
}
