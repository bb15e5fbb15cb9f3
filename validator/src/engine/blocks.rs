//! An array cut into blocks of items, before anybody has read it.
//!
//! The text is cut where an item seems to end and the next to begin: where the bytes between the two
//! and the first key look as they did before. So an item need not end where a block does.

use std::io::Read;

use memchr::memmem;

use super::{element::Next, sink::EXCERPT, window::Window};
use crate::json::scan;

/// How far a block grows in which no place to cut is found, in windows.
const MAX_BLOCK: usize = 8;

/// What stands between two items: from the bracket that ends one to the first key of the next.
pub(super) struct Boundary {
    pattern: Vec<u8>,
}

impl Boundary {
    /// The boundary before the item that begins at `at`, if both items are objects.
    pub(super) fn before(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let before = bytes.get(..at)?;
        let before = before.trim_ascii_end().strip_suffix(b",")?;
        let last = before.trim_ascii_end();
        if last.last() != Some(&b'}') || bytes.get(at) != Some(&b'{') {
            return None;
        }
        let key = scan::skip_space(bytes, at + 1);
        if bytes.get(key) != Some(&b'"') {
            return None;
        }
        let key_end = scan::string(bytes, key + 1).ok()?.end;
        let pattern = bytes.get(last.len() - 1..key_end)?;
        (key_end <= end).then(|| Self {
            pattern: pattern.to_vec(),
        })
    }

    /// The boundary that is to be expected after the first item of an array, which begins at `at`
    /// and is an object.
    pub(super) fn after_first(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let before = bytes.get(..at)?;
        let bracket = before.trim_ascii_end().strip_suffix(b"[")?.len();
        let key = scan::skip_space(bytes, at + 1);
        if bytes.get(at) != Some(&b'{') || bytes.get(key) != Some(&b'"') {
            return None;
        }
        let key_end = scan::string(bytes, key + 1).ok()?.end;
        let pattern = [b"},", bytes.get(bracket + 1..key_end)?].concat();
        (key_end <= end).then_some(Self { pattern })
    }

    /// Where the last item ends that ends in `text`: after its bracket.
    fn last(&self, text: &[u8]) -> Option<usize> {
        memmem::rfind(text, &self.pattern).map(|bracket| bracket + 1)
    }

    /// Where an item ends behind which another one begins, the first one in `text[from..]`.
    pub(super) fn next(&self, text: &[u8], from: usize) -> Option<usize> {
        let to_next = memchr::memchr(b'{', &self.pattern).unwrap_or_default();
        let from = from.saturating_sub(to_next);
        let bracket = memmem::find(text.get(from..)?, &self.pattern)?;
        Some(from + bracket + 1)
    }
}

/// A part of the text that is checked at one go.
pub(super) struct Block {
    /// With padding behind `filled`.
    pub(super) buffer: Vec<u8>,
    /// Before it is what stands before the block, for what is shown of it.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Behind `end` is what stands behind the block.
    pub(super) filled: usize,
    /// What comes next at its start.
    pub(super) next: Next,
}

/// Cuts what is read into blocks; the window holds what is not cut off yet.
pub(super) struct Cutter<'w> {
    window: &'w mut Window,
    reader: &'w mut (dyn Read + Send),
    boundary: &'w Boundary,
    /// What comes next where the window begins.
    next: Next,
}

impl<'w> Cutter<'w> {
    pub(super) fn new(
        window: &'w mut Window,
        reader: &'w mut (dyn Read + Send),
        boundary: &'w Boundary,
        next: Next,
    ) -> Self {
        Self {
            window,
            reader,
            boundary,
            next,
        }
    }

    /// The next block, read into `buffer`; none if there is no more to be cut off: the window holds
    /// the rest, and why reading fails behind it, if so.
    pub(super) fn cut(&mut self, buffer: Vec<u8>) -> Option<Block> {
        let start = self.window.start();
        let left = self.window.hand_over(start, buffer);
        let length = self.read_block()?;
        let (start, filled) = (self.window.start(), self.window.end());
        let end = start + length;
        let block = Block {
            buffer: self.window.hand_over(end, left),
            start,
            end,
            filled,
            next: self.next,
        };
        self.next = Next::CommaOrEnd;
        Some(block)
    }

    /// How long the next block is, which the window holds from its start on, if there is one.
    fn read_block(&mut self) -> Option<usize> {
        loop {
            if !self.window.has_failed()
                && let Err(failure) = self.window.fill(self.reader)
            {
                self.window.fail(failure);
            }
            let rest = self.window.rest();
            if self.window.is_last() || self.window.has_failed() {
                // What is left is one block's work at most, and the file's end is in it.
                return None;
            }
            // What is shown behind the block must be there.
            let until = rest.len().saturating_sub(EXCERPT);
            let end = self.boundary.last(rest.get(..until).unwrap_or_default());
            if end.is_some() || rest.len() >= MAX_BLOCK * self.window.size() {
                return end;
            }
        }
    }

    /// Gives blocks back that were cut off last, the first of them from `at` on.
    pub(super) fn put_back(
        &mut self,
        first: Block,
        at: usize,
        others: impl Iterator<Item = Block>,
    ) {
        let context = at.saturating_sub(EXCERPT);
        let mut rest = first.buffer;
        rest.truncate(first.end);
        rest.drain(..context);
        for Block {
            buffer, start, end, ..
        } in others
        {
            rest.extend_from_slice(buffer.get(start..end).unwrap_or_default());
        }
        self.window.put_back(rest, at - context);
        self.next = first.next;
    }

    /// What comes next where the window begins.
    pub(super) fn next(&self) -> Next {
        self.next
    }
}
