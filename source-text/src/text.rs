//! A named text and the positions in it.

use std::ops::Range;
use std::sync::Arc;

/// Distance between two checkpoints, in bytes.
///
/// Minified documents are one line of many megabytes: counting from the line's start for each
/// finding would take time quadratic in the number of findings. An index of all lines, on the
/// other hand, would take half as much memory as the text where lines are short.
const CHECKPOINT: usize = 1024;

/// What is counted up to a multiple of [`CHECKPOINT`].
#[derive(Debug, Clone, Copy, Default)]
struct Checkpoint {
    /// Line feeds before it.
    line_feeds: usize,
    /// Offset of the first byte of the line that it stands in.
    line_start: usize,
    /// Characters that begin before it.
    characters: usize,
    /// Those of them that take two units in UTF-16.
    pairs: usize,
}

/// A range of bytes in a text: `start` is in it, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` up to and without `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty span at `offset`.
    pub const fn at(offset: usize) -> Self {
        Self {
            start: offset,
            end: offset,
        }
    }

    /// Length in bytes; 0 where `end` lies before `start`.
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether no byte is in the span.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The span as a range, for slicing.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place in a text, as editors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1. Lines end with LF or CRLF.
    pub line: u32,
    /// Column, from 1, in characters (Unicode scalar values). A byte order mark at the text's
    /// start takes no column.
    pub column: u32,
    /// Column, from 1, in units of UTF-16, as many editors and the Language Server Protocol count.
    pub utf16_column: u32,
    /// Offset from the text's start, in bytes.
    pub offset: usize,
}

impl Position {
    /// Where a text begins.
    pub const START: Self = Self {
        line: 1,
        column: 1,
        utf16_column: 1,
        offset: 0,
    };

    /// Where in a file something is that is at `within` in a part of it which begins here.
    #[must_use]
    pub fn then(self, within: Self) -> Self {
        // Only the part's first line goes on from what the file has before it.
        let on_line = |column: u32, further: u32| match within.line {
            1 => column.saturating_add(further.saturating_sub(1)),
            _ => further,
        };
        Self {
            line: self.line.saturating_add(within.line.saturating_sub(1)),
            column: on_line(self.column, within.column),
            utf16_column: on_line(self.utf16_column, within.utf16_column),
            offset: self.offset + within.offset,
        }
    }
}

/// A text with a name, indexed by line.
#[derive(Debug, Clone)]
pub struct SourceText {
    name: String,
    text: Arc<String>,
    /// Where the text begins in the file that it is a part of.
    origin: Position,
    /// One for each piece of [`CHECKPOINT`] bytes, at its start.
    checkpoints: Vec<Checkpoint>,
    line_feeds: usize,
}

impl SourceText {
    /// Indexes `text`; `name` is what reports call it, usually its path.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::part(name, text, Position::START)
    }

    /// Indexes a part of a file, which begins at `origin` there.
    ///
    /// Offsets that are given to this text count from the part's start; the positions that it gives
    /// out are those in the file.
    pub fn part(name: impl Into<String>, text: impl Into<String>, origin: Position) -> Self {
        let text = text.into();
        let mut checkpoints = Vec::with_capacity(text.len().div_ceil(CHECKPOINT));
        let mut at = Checkpoint::default();
        for (index, block) in text.as_bytes().chunks(CHECKPOINT).enumerate() {
            checkpoints.push(at);
            at.line_feeds += count_line_feeds(block);
            at.characters += count_characters(block);
            at.pairs += count_pairs(block);
            if let Some(last) = last_line_feed(block) {
                at.line_start = index * CHECKPOINT + last + 1;
            }
        }
        Self {
            name: name.into(),
            text: Arc::new(text),
            origin,
            checkpoints,
            line_feeds: at.line_feeds,
        }
    }

    /// What reports call this text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text, for who needs it longer than its positions.
    pub fn shared_text(&self) -> &Arc<String> {
        &self.text
    }

    /// Number of lines of the text itself, at least 1; a line end at the text's end begins one more, empty line.
    pub fn line_count(&self) -> u32 {
        saturate(self.line_feeds + 1)
    }

    /// Line and column of a byte offset.
    ///
    /// An offset past the end is taken for the end, one inside a character for that character's
    /// start.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let (block, before) = self.checkpoint(offset);
        let since = &self.text.as_bytes()[block..offset];
        let lines = before.line_feeds + count_line_feeds(since);
        let start = match last_line_feed(since) {
            Some(last) => block + last + 1,
            None => before.line_start,
        };
        let [mut characters, pairs] = self.counts_between(start, offset);
        if start == 0 && offset > 0 && self.begins_with_mark() {
            characters -= 1;
        }
        self.origin.then(Position {
            line: saturate(lines).saturating_add(1),
            column: saturate(characters).saturating_add(1),
            utf16_column: saturate(characters + pairs).saturating_add(1),
            offset,
        })
    }

    /// Whether the text begins as a file does that has a byte order mark.
    fn begins_with_mark(&self) -> bool {
        self.origin.offset == 0 && self.text.starts_with('\u{feff}')
    }

    /// A line without its line end and without a byte order mark; empty if there is no such line.
    ///
    /// Of a part's first line, what stands in the part.
    pub fn line_text(&self, line: u32) -> &str {
        self.text
            .get(self.line_span(line).range())
            .unwrap_or_default()
    }

    /// Where a line's text is: see [`line_text`](Self::line_text).
    pub(crate) fn line_span(&self, line: u32) -> Span {
        let Some(start) = self.line_start(line) else {
            return Span::at(self.text.len());
        };
        let bytes = self.text.as_bytes();
        let next = self.line_start(line.saturating_add(1));
        let mut end = next.map_or(bytes.len(), |next| next - 1);
        if next.is_some() && end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        let mark = if start == 0 && self.begins_with_mark() {
            3
        } else {
            0
        };
        Span::new(start + mark, end.max(start + mark))
    }

    /// Offset of a line's first byte; `None` if there is no such line.
    fn line_start(&self, line: u32) -> Option<usize> {
        let line_feeds = line.checked_sub(self.origin.line)? as usize;
        if line_feeds == 0 {
            return Some(0);
        }
        let after = self
            .checkpoints
            .partition_point(|checkpoint| checkpoint.line_feeds < line_feeds);
        let block = after.checked_sub(1)?;
        let missing = line_feeds - self.checkpoints[block].line_feeds;
        let start = block * CHECKPOINT;
        let mut ends = self.text.as_bytes()[start..]
            .iter()
            .enumerate()
            .filter(|&(_, &byte)| byte == b'\n');
        let (at, _) = ends.nth(missing - 1)?;
        Some(start + at + 1)
    }

    /// The last checkpoint up to an offset, and where it is.
    fn checkpoint(&self, offset: usize) -> (usize, Checkpoint) {
        // The text's end may be a multiple of the distance, where no piece begins.
        let last = self.checkpoints.len().saturating_sub(1);
        let index = (offset / CHECKPOINT).min(last);
        let checkpoint = self.checkpoints.get(index).copied().unwrap_or_default();
        (index * CHECKPOINT, checkpoint)
    }

    /// Characters that begin between two characters' starts, and those of them that take two units
    /// in UTF-16.
    fn counts_between(&self, start: usize, end: usize) -> [usize; 2] {
        let [first, last] = [start, end].map(|offset| {
            let (block, before) = self.checkpoint(offset);
            let since = &self.text.as_bytes()[block..offset];
            [
                before.characters + count_characters(since),
                before.pairs + count_pairs(since),
            ]
        });
        [last[0] - first[0], last[1] - first[1]]
    }
}

#[expect(
    clippy::naive_bytecount,
    reason = "over pieces of a kilobyte it is fast enough"
)]
fn count_line_feeds(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte == b'\n').count()
}

fn last_line_feed(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|&byte| byte == b'\n')
}

/// Number of characters that begin in a piece of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

/// Number of characters that begin in a piece of UTF-8 and take two units in UTF-16.
fn count_pairs(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte >= 0xf0).count()
}

/// A count as the number that reports show; texts over 4 GiB show the largest one.
fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, line: u32, column: u32) {
        let position = SourceText::new("test", text).position(offset);
        assert_eq!(
            (position.line, position.column),
            (line, column),
            "{text:?} at {offset}"
        );
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        check("", 0, 1, 1);
        check("ab\ncd", 0, 1, 1);
        check("ab\ncd", 2, 1, 3);
        check("ab\ncd", 3, 2, 1);
        check("ab\ncd", 5, 2, 3);
        check("ab\n", 3, 2, 1);
        check("a\r\nb", 3, 2, 1);
    }

    #[test]
    fn columns_count_characters() {
        check("é€😀x", 2, 1, 2);
        check("é€😀x", 5, 1, 3);
        check("é€😀x", 9, 1, 4);
        check("é€😀x", 10, 1, 5);
    }

    #[test]
    fn units_of_utf_16_are_counted_too() {
        let source = SourceText::new("test", "x\né€😀x😀");
        let units = |offset| source.position(offset).utf16_column;
        assert_eq!([2, 4, 7, 11, 12].map(units), [1, 2, 3, 5, 6]);
    }

    #[test]
    fn a_part_counts_as_its_file_does() {
        let text = "é😀ab\ncd\u{feff}€\n\nx";
        let whole = SourceText::new("test", text);
        for (start, _) in text.char_indices() {
            let origin = whole.position(start);
            let part = SourceText::part("test", &text[start..], origin);
            for (offset, _) in text[start..].char_indices() {
                let expected = whole.position(start + offset);
                assert_eq!(part.position(offset), expected, "{offset} from {start}");
            }
            assert_eq!(part.line_text(3), whole.line_text(3));
        }
    }

    #[test]
    fn what_is_too_far_to_count_stays_so() {
        let far = Position {
            line: u32::MAX,
            column: u32::MAX,
            utf16_column: u32::MAX,
            offset: 7,
        };
        assert_eq!(far.then(Position::START), far);
        let next = Position {
            line: 1,
            column: 3,
            utf16_column: 3,
            offset: 2,
        };
        assert_eq!(far.then(next), Position { offset: 9, ..far });
        assert_eq!(Position::START.then(next), next);
    }

    #[test]
    fn an_offset_inside_a_character_or_past_the_end_is_moved_to_a_place() {
        check("é€", 3, 1, 2);
        check("ab", 9, 1, 3);
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        check("\u{feff}ab", 0, 1, 1);
        check("\u{feff}ab", 3, 1, 1);
        check("\u{feff}ab\nc", 4, 1, 2);
        check("\u{feff}ab\nc", 6, 2, 1);
        assert_eq!(SourceText::new("", "\u{feff}ab").line_text(1), "ab");
        assert_eq!(SourceText::new("", "\u{feff}").line_text(1), "");
    }

    #[test]
    fn a_line_is_given_without_its_end() {
        let source = SourceText::new("", "one\r\ntwo\n\nfour\r");
        let lines: Vec<_> = (0..=6).map(|line| source.line_text(line)).collect();
        assert_eq!(lines, ["", "one", "two", "", "four\r", "", ""]);
        assert_eq!(source.line_count(), 4);
    }

    #[test]
    fn positions_agree_with_a_plain_count_over_long_lines() {
        let text: String = (0..3000)
            .map(|n| ["a", "é", "€\n", "😀", "\r\n"][n * 7 % 11 % 5])
            .collect();
        for text in [
            text.as_str(),
            &text[..text.floor_char_boundary(2048)],
            &"x".repeat(2048),
        ] {
            let source = SourceText::new("", text);
            let (mut line, mut column) = (1, 1);
            for (offset, character) in text.char_indices() {
                let position = source.position(offset);
                assert_eq!(
                    (position.line, position.column),
                    (line, column),
                    "at {offset}"
                );
                (line, column) = if character == '\n' {
                    (line + 1, 1)
                } else {
                    (line, column + 1)
                };
            }
            for number in 1..=source.line_count() {
                let expected = text.split('\n').nth(number as usize - 1);
                let expected = expected.map(|line| match line.strip_suffix('\r') {
                    Some(line) if number < source.line_count() => line,
                    _ => line,
                });
                assert_eq!(Some(source.line_text(number)), expected, "line {number}");
            }
            let end = source.position(text.len());
            assert_eq!((end.line, end.column), (line, column), "at the end");
        }
    }
}
