//! Bytes whose places in the file are known.

use source_text::{Position, Span};

use super::position::{advance, after};

/// Bytes that follow each other in the file, up to where the next run begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) start: usize,
    /// Where that is in the file.
    pub(super) position: Position,
}

/// Bytes from one or several parts of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'b> {
    pub(super) bytes: &'b [u8],
    /// In the order of the bytes. What stands before the first is context, which it follows.
    runs: &'b [Run],
}

impl<'b> Text<'b> {
    pub(super) fn new(bytes: &'b [u8], runs: &'b [Run]) -> Self {
        Self { bytes, runs }
    }

    /// The number of the run that a byte is in.
    fn run(&self, offset: usize) -> usize {
        let after = self.runs.partition_point(|run| run.start <= offset);
        after.saturating_sub(1)
    }

    /// Where a byte is in the file.
    pub(super) fn position(&self, offset: usize) -> Position {
        let Some(run) = self.runs.get(self.run(offset)) else {
            return Position::START;
        };
        let before = self.bytes.get(run.start..offset).unwrap_or_default();
        after(run.position, before)
    }

    /// Where a part that begins at `position` ends in the file.
    pub(super) fn end(&self, span: Span, position: Position) -> Position {
        let last = span.end.saturating_sub(1).max(span.start);
        if self.run(span.start) == self.run(last) {
            after(position, self.bytes.get(span.range()).unwrap_or_default())
        } else {
            self.position(span.end)
        }
    }

    /// What follows each other in the file around a byte, and where that begins.
    pub(super) fn around(&self, offset: usize) -> (&'b [u8], usize) {
        let run = self.run(offset);
        let start = match run {
            0 => 0,
            run => self.runs.get(run).map_or(0, |run| run.start),
        };
        let next = self.runs.get(run + 1);
        let end = next.map_or(self.bytes.len(), |run| run.start);
        (self.bytes.get(start..end).unwrap_or_default(), start)
    }

    /// Looks places up in ascending order, from `from` on.
    pub(super) fn cursor(self) -> Cursor<'b> {
        let first = self.runs.first();
        Cursor {
            text: self,
            run: 0,
            at: first.map_or(0, |run| run.start),
            position: first.map_or(Position::START, |run| run.position),
            advance,
        }
    }
}

/// A place in a text that moves on.
pub(super) struct Cursor<'b> {
    text: Text<'b>,
    run: usize,
    at: usize,
    position: Position,
    advance: fn(&mut Position, &[u8]),
}

impl Cursor<'_> {
    /// The same where lines can be counted in another way.
    pub(super) fn by(self, advance: fn(&mut Position, &[u8])) -> Self {
        Self { advance, ..self }
    }

    /// Where a byte is in the file. It is not before the one that was asked for last, or that is
    /// where it is.
    pub(super) fn position(&mut self, offset: usize) -> Position {
        while let Some(next) = self.text.runs.get(self.run + 1)
            && next.start <= offset
        {
            self.run += 1;
            self.at = next.start;
            self.position = next.position;
        }
        let offset = offset.max(self.at);
        let passed = self.text.bytes.get(self.at..offset).unwrap_or_default();
        (self.advance)(&mut self.position, passed);
        self.at = offset;
        self.position
    }
}

/// What is left of a long element whose arrays were given up item by item.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

impl Skeleton {
    /// Adds bytes that stand at a position in the file.
    pub(super) fn push(&mut self, bytes: &[u8], position: Position) {
        let start = self.bytes.len();
        let follows = |last: &Run| last.position.offset + (start - last.start) == position.offset;
        if !self.runs.last().is_some_and(follows) {
            self.runs.push(Run { start, position });
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// What there is and `rest`, followed by `padding` zeros, and where these begin.
    pub(super) fn padded(&self, rest: &[u8], padding: usize) -> (Vec<u8>, usize) {
        let mut bytes = [self.bytes.as_slice(), rest].concat();
        let end = bytes.len();
        bytes.resize(end + padding, 0);
        (bytes, end)
    }

    /// Bytes that begin with what there is.
    pub(super) fn text_with<'b>(&'b self, bytes: &'b [u8]) -> Text<'b> {
        Text::new(bytes, &self.runs)
    }

    pub(super) fn text(&self) -> Text<'_> {
        Text::new(&self.bytes, &self.runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_file_keep_their_places() {
        let file = "{\n \"a\": [1,\n2],\n \"\u{e9}\": 3}";
        let parts = [Span::new(0, 9), Span::new(14, 24)];
        let mut skeleton = Skeleton::default();
        for part in parts {
            let before = file.as_bytes().get(..part.start).unwrap_or_default();
            let bytes = file.as_bytes().get(part.range()).unwrap_or_default();
            skeleton.push(bytes, after(Position::START, before));
        }
        let text = skeleton.text();
        let mut cursor = text.cursor();
        for (offset, in_file) in (0..9).chain(14..24).enumerate() {
            if !file.is_char_boundary(in_file) {
                continue;
            }
            let expected = after(Position::START, &file.as_bytes()[..in_file]);
            assert_eq!(text.position(offset), expected, "{in_file}");
            assert_eq!(cursor.position(offset), expected, "{in_file}");
        }
        for (offset, in_file) in [(2, 2), (9, 9), (12, 17)] {
            let end = text.end(Span::new(2, offset), text.position(2));
            assert_eq!(end, after(Position::START, &file.as_bytes()[..in_file]));
        }
        assert_eq!(text.around(3), (&file.as_bytes()[..9], 0));
        assert_eq!(text.around(12), (&file.as_bytes()[14..24], 9));
    }
}
