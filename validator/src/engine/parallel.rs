//! The items of an array on several threads.
//!
//! The text is cut into blocks where an item seems to end and the next to begin: where the bytes
//! between the two and the first key look as they did before. A block whose items do not end just
//! where it does was cut in the wrong place, or is broken: everything from there on is given back to
//! be read on one thread. So a wrong guess costs time only.

use std::{
    collections::VecDeque,
    io::{self, Read},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use memchr::memmem;

use super::{
    element::{Checker, Found, Halt, Next, Piece},
    sink::{EXCERPT, Sink},
    subject::Subject,
    window::Window,
};
use crate::json::scan;

/// Blocks that a thread has before it, the one it works on among them.
const AHEAD: usize = 2;

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
struct Block {
    /// With padding behind `filled`.
    buffer: Vec<u8>,
    /// Before it is what stands before the block, for what is shown of it.
    start: usize,
    end: usize,
    /// Behind `end` is what stands behind the block.
    filled: usize,
    next: Next,
}

/// A block and what was found in it.
struct Checked {
    block: Block,
    /// Where reading halted, and what comes next there.
    at: usize,
    halt: Halt,
    found: Found,
}

impl Checked {
    /// Whether the block ends where its last item does.
    fn is_whole(&self) -> bool {
        self.halt == Halt::NeedsMore
            && self.at == self.block.end
            && self.block.next == Next::CommaOrEnd
    }
}

/// Checks items on several threads, from the window's start on; gives back the window from which
/// to go on, and what comes next there.
pub(super) fn items(
    subject: &Subject,
    window: &mut Window,
    reader: &mut dyn Read,
    sink: &mut Sink<'_>,
    boundary: &Boundary,
    mut next: Next,
    threads: usize,
) -> io::Result<Next> {
    thread::scope(|scope| {
        let options = sink.options();
        let mut workers = VecDeque::with_capacity(threads);
        let levels = sink.levels();
        for _ in 0..threads {
            let (give, tasks) = sync_channel(AHEAD);
            let (results, take) = sync_channel(AHEAD);
            scope.spawn(move || {
                let mut checker = Checker::new(subject, options);
                checker.enter(levels);
                work(checker, options.limit(), &tasks, &results);
            });
            workers.push_back((give, take));
        }
        let mut cutter = Cutter {
            window,
            reader,
            boundary,
            spare: Vec::new(),
            is_done: false,
        };
        let mut read = Ok(());
        let mut waiting = VecDeque::new();
        // The workers take turns, so that the oldest block is always the next one to be taken.
        let mut turns = (0..threads).cycle();
        let mut takes = (0..threads).cycle();
        loop {
            while waiting.len() < threads * AHEAD && !cutter.is_done && read.is_ok() {
                match cutter.cut(next) {
                    Ok(Some(block)) => {
                        next = Next::CommaOrEnd;
                        let turn = turns.next().unwrap_or_default();
                        if let Some((give, _)) = workers.get(turn) {
                            // A worker ends only when nobody gives it anything any more.
                            let _ = give.send(block);
                            waiting.push_back(());
                        }
                    }
                    Ok(None) => {}
                    Err(error) => read = Err(error),
                }
            }
            if waiting.pop_front().is_none() {
                read?;
                return Ok(next);
            }
            let turn = takes.next().unwrap_or_default();
            let Some(Ok(checked)) = workers.get(turn).map(|(_, take)| take.recv()) else {
                read?;
                return Ok(next);
            };
            let is_whole = checked.is_whole();
            let Checked {
                block,
                mut at,
                halt,
                found,
            } = checked;
            if halt == Halt::Closed {
                // The closing bracket is for the one thread to read that goes on.
                at -= 1;
            }
            let text = block.buffer.get(..block.filled).unwrap_or_default();
            sink.settle_shape(&found);
            sink.deliver(text, block.start, at, found);
            if is_whole {
                cutter.spare.push(block.buffer);
                continue;
            }
            // Everything that was cut off after it goes back, in the order of the file.
            next = block.next;
            let mut rest = block.buffer;
            let context = at.saturating_sub(EXCERPT);
            rest.truncate(block.end);
            rest.drain(..context);
            for () in waiting.drain(..) {
                let turn = takes.next().unwrap_or_default();
                if let Some(Ok(later)) = workers.get(turn).map(|(_, take)| take.recv()) {
                    let Block {
                        buffer, start, end, ..
                    } = later.block;
                    rest.extend_from_slice(buffer.get(start..end).unwrap_or_default());
                }
            }
            cutter.window.put_back(rest, at - context);
            read?;
            return Ok(next);
        }
    })
}

fn work(
    mut checker: Checker<'_>,
    limit: usize,
    tasks: &Receiver<Block>,
    results: &SyncSender<Checked>,
) {
    while let Ok(mut block) = tasks.recv() {
        let mut found = Found::new(limit);
        let mut at = block.start;
        let piece = Piece::new(&block.buffer, block.start, block.end);
        let halt = checker.items(piece, &mut at, &mut block.next, &mut found);
        let checked = Checked {
            block,
            at,
            halt,
            found,
        };
        if results.send(checked).is_err() {
            return;
        }
    }
}

/// Cuts what is read into blocks; the window holds what is not cut off yet.
struct Cutter<'w> {
    window: &'w mut Window,
    reader: &'w mut dyn Read,
    boundary: &'w Boundary,
    /// Buffers of blocks that are done.
    spare: Vec<Vec<u8>>,
    /// There is no more to be cut off; the window holds the rest.
    is_done: bool,
}

impl Cutter<'_> {
    /// The next block, which begins with `next`.
    fn cut(&mut self, next: Next) -> io::Result<Option<Block>> {
        loop {
            self.window.fill(self.reader)?;
            let rest = self.window.rest();
            if self.window.is_last() {
                // What is left is one block's work at most, and the file's end is in it.
                self.is_done = true;
                return Ok(None);
            }
            // What is shown behind the block must be there.
            let until = rest.len().saturating_sub(EXCERPT);
            let end = self.boundary.last(rest.get(..until).unwrap_or_default());
            match end {
                Some(length) => return Ok(Some(self.block(length, next))),
                None if rest.len() >= MAX_BLOCK * self.window.size() => {
                    self.is_done = true;
                    return Ok(None);
                }
                None => {}
            }
        }
    }

    fn block(&mut self, length: usize, next: Next) -> Block {
        let (start, filled) = (self.window.start(), self.window.end());
        let end = start + length;
        let spare = self.spare.pop().unwrap_or_default();
        Block {
            buffer: self.window.hand_over(end, spare),
            start,
            end,
            filled,
            next,
        }
    }
}
