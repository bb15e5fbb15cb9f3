//! Which texts a file has had so far, and where each stood first, in about 15 bytes a text.

use source_text::Position;

/// How many texts are kept; those after them are not compared with each other.
///
/// It is what keeps the memory for a file of any size below some 12 MiB.
pub(crate) const MAX_TEXTS: usize = 3 << 18;

/// Lists that the fingerprints are divided into, by their upper bits.
const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 10;

/// Bits of an entry that tell the place; the others are of the fingerprint.
const PLACE_BITS: u32 = 20;

/// Texts by their fingerprints.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// In each the entries are in ascending order: the bits of a fingerprint after those that choose
    /// the shard, and the number of the place where it was met first.
    shards: Vec<Vec<u64>>,
    places: Places,
}

impl Seen {
    /// Where the text with this fingerprint was met first; if it was not, that is here.
    pub(super) fn first(&mut self, fingerprint: u64, here: Position) -> Option<Position> {
        if self.shards.is_empty() {
            self.shards.resize_with(SHARDS, Vec::new);
        }
        let shard = usize::try_from(fingerprint >> (64 - SHARD_BITS)).unwrap_or_default();
        let shard = self.shards.get_mut(shard)?;
        let mask = (1 << PLACE_BITS) - 1;
        let entry = fingerprint << SHARD_BITS & !mask;
        let at = shard.partition_point(|known| *known < entry);
        match shard.get(at) {
            Some(known) if known & !mask == entry => self.places.get(known & mask),
            _ => {
                let place = self.places.push(here)?;
                if shard.len() == shard.capacity() {
                    shard.reserve_exact(shard.len() / 8 + 4);
                }
                shard.insert(at, entry | place);
                None
            }
        }
    }
}

/// How many places are written after one that is kept in full.
const BLOCK: usize = 64;

/// Positions in ascending order, each as its difference from the one before it.
#[derive(Debug, Default)]
struct Places {
    blocks: Vec<(Position, Box<[u8]>)>,
    /// The last block, which is not full yet.
    open: Vec<u8>,
    count: usize,
    last: Option<Position>,
}

/// The position is on the line of the one before it.
const SAME_LINE: u8 = 1;
/// It is as many columns further as it is bytes further.
const ONE_BYTE_COLUMNS: u8 = 2;
/// It has as many more columns in UTF-16 as the one before it.
const SAME_PAIRS: u8 = 4;

impl Places {
    /// Adds a position, which is not before the last one; returns its number, unless all are taken.
    fn push(&mut self, position: Position) -> Option<u64> {
        if self.count >= MAX_TEXTS {
            return None;
        }
        match self.last {
            Some(last) if !self.count.is_multiple_of(BLOCK) => {
                write(&mut self.open, last, position);
            }
            _ => {
                self.close();
                self.blocks.push((position, Box::default()));
            }
        }
        self.last = Some(position);
        self.count += 1;
        u64::try_from(self.count - 1).ok()
    }

    /// Keeps the last block without room for more.
    fn close(&mut self) {
        if let Some((_, bytes)) = self.blocks.last_mut() {
            *bytes = self.open.as_slice().into();
            self.open.clear();
        }
    }

    fn get(&self, number: u64) -> Option<Position> {
        let number = usize::try_from(number).ok()?;
        let block = number / BLOCK;
        let (start, closed) = self.blocks.get(block)?;
        let mut position = *start;
        let is_open = block + 1 == self.blocks.len();
        let mut bytes = if is_open {
            self.open.as_slice()
        } else {
            closed
        };
        for _ in 0..number % BLOCK {
            position = read(&mut bytes, position)?;
        }
        Some(position)
    }
}

fn pairs(position: Position) -> u32 {
    position.utf16_column.wrapping_sub(position.column)
}

fn write(bytes: &mut Vec<u8>, last: Position, position: Position) {
    let offset = position.offset.wrapping_sub(last.offset);
    let columns = position.column.wrapping_sub(last.column);
    let mut flags = 0;
    for (holds, flag) in [
        (position.line == last.line, SAME_LINE),
        (columns as usize == offset, ONE_BYTE_COLUMNS),
        (pairs(position) == pairs(last), SAME_PAIRS),
    ] {
        if holds {
            flags |= flag;
        }
    }
    bytes.push(flags);
    write_number(bytes, offset as u64);
    if flags & SAME_LINE == 0 {
        write_number(bytes, position.line.wrapping_sub(last.line).into());
    }
    if flags & ONE_BYTE_COLUMNS == 0 {
        // On a new line the column is small, and further on in one it is the difference.
        let same_line = flags & SAME_LINE != 0;
        write_number(
            bytes,
            if same_line { columns } else { position.column }.into(),
        );
    }
    if flags & SAME_PAIRS == 0 {
        write_number(bytes, pairs(position).into());
    }
}

fn read(bytes: &mut &[u8], last: Position) -> Option<Position> {
    let (flags, rest) = bytes.split_first()?;
    *bytes = rest;
    let offset = read_number(bytes)?;
    let has = |flag: u8| flags & flag != 0;
    let mut number = || u32::try_from(read_number(bytes)?).ok();
    let line = if has(SAME_LINE) { 0 } else { number()? };
    let column = if has(ONE_BYTE_COLUMNS) {
        last.column.wrapping_add(u32::try_from(offset).ok()?)
    } else if has(SAME_LINE) {
        last.column.wrapping_add(number()?)
    } else {
        number()?
    };
    let pairs = if has(SAME_PAIRS) {
        pairs(last)
    } else {
        number()?
    };
    Some(Position {
        line: last.line.wrapping_add(line),
        column,
        utf16_column: column.wrapping_add(pairs),
        offset: last.offset.wrapping_add(usize::try_from(offset).ok()?),
    })
}

/// Seven bits a byte, the lowest first; the upper bit says that more follow.
fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fingerprint::fingerprint;

    fn positions() -> impl Iterator<Item = Position> {
        let mut position = Position::START;
        (0..3_000_u32).map(move |n| {
            let bytes = n * 37 % 5_000;
            position.offset += bytes as usize;
            match n % 5 {
                0 => {
                    position.line += n % 90;
                    position.column = 1 + n % 7;
                    position.utf16_column = position.column;
                }
                1 => {
                    position.column += bytes / 2;
                    position.utf16_column += bytes / 2 + n % 3;
                }
                _ => {
                    position.column += bytes;
                    position.utf16_column += bytes;
                }
            }
            position
        })
    }

    #[test]
    fn places_are_given_back_as_they_were() {
        let mut places = Places::default();
        let all: Vec<Position> = positions().collect();
        for (number, position) in all.iter().enumerate() {
            assert_eq!(places.push(*position), Some(number as u64));
            assert_eq!(places.get(number as u64), Some(*position));
        }
        for (number, position) in all.iter().enumerate() {
            assert_eq!(places.get(number as u64), Some(*position));
        }
        assert_eq!(places.get(all.len() as u64), None);
        let far = Position {
            line: u32::MAX,
            column: u32::MAX,
            utf16_column: u32::MAX,
            offset: 1 << 40,
        };
        let number = places.push(far).expect("there is room");
        assert_eq!(places.get(number), Some(far));
    }

    #[test]
    fn the_first_place_of_a_text_is_told() {
        let mut seen = Seen::default();
        let all: Vec<(u64, Position)> = positions()
            .enumerate()
            .map(|(number, position)| (fingerprint(1, &number.to_le_bytes()), position))
            .collect();
        for (fingerprint, position) in &all {
            assert_eq!(seen.first(*fingerprint, *position), None);
        }
        let later = Position {
            offset: usize::MAX,
            ..Position::START
        };
        for (fingerprint, position) in &all {
            assert_eq!(seen.first(*fingerprint, later), Some(*position));
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        let mut position = Position::START;
        for number in 0..2 * MAX_TEXTS {
            position.offset += 1_300;
            position.column += 1_300;
            position.utf16_column += 1_300;
            seen.first(fingerprint(1, &number.to_le_bytes()), position);
        }
        let entries: usize = seen.shards.iter().map(Vec::capacity).sum();
        let places: usize = seen
            .places
            .blocks
            .iter()
            .map(|(_, bytes)| bytes.len() + 64)
            .sum();
        let total = entries * 8 + places;
        assert!(total < 12 << 20, "{total}");
        assert_eq!(seen.places.count, MAX_TEXTS);
    }
}
