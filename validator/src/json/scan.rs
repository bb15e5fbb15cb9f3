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

/// What is looked at of a text in one step.
pub(crate) type Chunk = [u8; WIDE];

#[inline(always)]
fn halves(chunk: &Chunk) -> [u8x16; 2] {
    let [low, high] = chunk.as_chunks::<LANES>().0 else {
        return [u8x16::splat(0); 2];
    };
    [u8x16::from(*low), u8x16::from(*high)]
}

/// A short text in a form that is compared at one go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    lanes: Chunk,
    /// The bits of the lanes that count.
    wanted: u32,
    length: u32,
}

impl Head {
    /// Stands nowhere in JSON.
    pub(crate) const NONE: Self = Self {
        lanes: [0; WIDE],
        wanted: u32::MAX,
        length: 0,
    };

    /// None of a text that is empty or too long.
    pub(crate) fn new(text: &[u8]) -> Option<Self> {
        let mut lanes = [0; WIDE];
        lanes.get_mut(..text.len())?.copy_from_slice(text);
        let unused = u32::try_from(lanes.len() - text.len()).ok()?;
        Some(Self {
            lanes,
            wanted: u32::MAX.checked_shr(unused)?,
            length: u32::try_from(text.len()).ok()?,
        })
    }

    /// How many bytes the text has.
    #[inline(always)]
    pub(crate) fn length(&self) -> usize {
        self.length as usize
    }

    /// Whether a chunk begins with the text.
    #[inline(always)]
    pub(crate) fn begins(&self, chunk: &Chunk) -> bool {
        self.differs_from(chunk) == 0
    }

    /// Whether a chunk begins with the text but for its first byte, which may be any.
    #[inline(always)]
    pub(crate) fn begins_but_for_first(&self, chunk: &Chunk) -> bool {
        self.differs_from(chunk) & !1 == 0
    }

    /// The bytes that a chunk does not have from the text, as bits.
    #[inline(always)]
    fn differs_from(&self, chunk: &Chunk) -> u32 {
        let [low, high] = halves(chunk);
        let [own_low, own_high] = halves(&self.lanes);
        let equal =
            low.simd_eq(own_low).to_bitmask() | high.simd_eq(own_high).to_bitmask() << LANES;
        !equal & self.wanted
    }
}

/// The first place from `at` on that is no white space.
#[inline(always)]
pub(crate) fn skip_space(bytes: &[u8], at: usize) -> usize {
    if byte(bytes, at) > b' ' {
        return at;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + (rest.len() - after_spaces(rest).len())
}

/// What follows the white space that a text begins with.
#[inline]
pub(crate) fn after_spaces(mut rest: &[u8]) -> &[u8] {
    // Between a colon and its value stands one space, as a rule.
    if let [b' ', after @ ..] = rest
        && after.first().is_some_and(|&next| next > b' ')
    {
        return after;
    }
    while let Some((chunk, after)) = rest.split_first_chunk::<LANES>() {
        let chunk = u8x16::from(*chunk);
        let spaces = chunk.simd_eq(u8x16::splat(b' '))
            | chunk.simd_eq(u8x16::splat(b'\n'))
            | chunk.simd_eq(u8x16::splat(b'\r'))
            | chunk.simd_eq(u8x16::splat(b'\t'));
        let run = spaces.to_bitmask().trailing_ones() as usize;
        if run < LANES {
            return rest.get(run..).unwrap_or_default();
        }
        rest = after;
    }
    while let [b' ' | b'\n' | b'\r' | b'\t', after @ ..] = rest {
        rest = after;
    }
    rest
}

/// From where on a string cannot simply go on: at a quote, a backslash or a control character.
#[inline(always)]
fn after_plain(mut rest: &[u8]) -> &[u8] {
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let special = special_bytes(chunk);
        if special != 0 {
            return rest
                .get(special.trailing_zeros() as usize..)
                .unwrap_or_default();
        }
        rest = after;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    let plain = rest.iter().position(is_special).unwrap_or(rest.len());
    rest.get(plain..).unwrap_or_default()
}

/// The bytes that end a run of plain characters, as bits.
#[inline(always)]
fn special_bytes(chunk: &Chunk) -> u32 {
    let [low, high] = halves(chunk).map(|chunk| {
        let special = chunk.simd_eq(u8x16::splat(b'"'))
            | chunk.simd_eq(u8x16::splat(b'\\'))
            | chunk.min(u8x16::splat(0x1f)).simd_eq(chunk);
        special.to_bitmask()
    });
    low | high << LANES
}

/// Reads a string; `at` is after its opening quote.
pub(crate) fn string(bytes: &[u8], at: usize) -> Result<Text, Stop> {
    let place_of = |rest: &[u8]| bytes.len() - rest.len();
    let rest = after_plain(bytes.get(at..).unwrap_or_default());
    match string_from_special(rest) {
        Ok((after, _)) => Ok(Text {
            end: place_of(after),
        }),
        Err(stop) => Err(Stop { at: place_of(stop) }),
    }
}

/// What follows the string that a text begins with, and whether it has escapes; the error is from
/// where on it is no string. The text begins with `chunk`.
#[inline(always)]
pub(crate) fn after_string<'b>(
    rest: &'b [u8],
    chunk: &Chunk,
) -> Result<(&'b [u8], bool), &'b [u8]> {
    // The first byte is the opening quote.
    let special = special_bytes(chunk) & !1;
    if special == 0 {
        return string_from_special(after_plain(rest.get(WIDE..).unwrap_or_default()));
    }
    let first = special.trailing_zeros() as usize;
    string_from_special(rest.get(first..).unwrap_or_default())
}

/// The rest of a string from where it cannot simply go on.
#[inline(always)]
fn string_from_special(rest: &[u8]) -> Result<(&[u8], bool), &[u8]> {
    if let [b'"', after @ ..] = rest {
        return Ok((after, false));
    }
    after_escapes(rest).map(|after| (after, true))
}

#[inline(never)]
fn after_escapes(mut rest: &[u8]) -> Result<&[u8], &[u8]> {
    loop {
        match rest {
            [b'"', after @ ..] => return Ok(after),
            [b'\\', ..] => rest = after_plain(after_escape(rest)?),
            _ => return Err(rest),
        }
    }
}

/// Reads an escape; a surrogate must have its other half.
fn after_escape(rest: &[u8]) -> Result<&[u8], &[u8]> {
    match rest {
        [
            b'\\',
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
            after @ ..,
        ] => Ok(after),
        [b'\\', b'u', ..] => match unit(rest)? {
            (0xd800..=0xdbff, second) => match unit(second)? {
                (0xdc00..=0xdfff, after) => Ok(after),
                _ => Err(rest),
            },
            (0xdc00..=0xdfff, _) => Err(rest),
            (_, after) => Ok(after),
        },
        _ => Err(rest),
    }
}

/// The UTF-16 unit that an escape stands for, and what follows it.
fn unit(rest: &[u8]) -> Result<(u32, &[u8]), &[u8]> {
    let Some(([b'\\', b'u', digits @ ..], after)) = rest.split_first_chunk::<6>() else {
        return Err(rest);
    };
    let unit = digits.iter().try_fold(0, |unit, &digit| {
        Some(unit * 16 + char::from(digit).to_digit(16)?)
    });
    unit.map(|unit| (unit, after)).ok_or(rest)
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
