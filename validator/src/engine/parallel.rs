//! The items of an array on several threads.
//!
//! The text is cut into blocks where an item seems to end and the next to begin: where the bytes
//! between the two and the first key look as they did before. A block whose items do not end just
//! where it does was cut in the wrong place, or is broken: everything from there on is given back to
//! be read on one thread. So a wrong guess costs time only.
//!
//! The thread that reads and delivers checks blocks too, while there is nothing else for it to do: one
//! more would take a core from those that check.

use std::{
    collections::VecDeque,
    io::{self, Read},
    iter,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use memchr::memmem;

use super::{
    element::{Checker, Found, Halt, Next, Piece},
    sink::{EXCERPT, Sink},
    window::Window,
};
use crate::json::scan;

/// Blocks that wait for a thread, besides those that threads work on.
const AHEAD: usize = 8;

/// How many blocks a thread is woken for: one that is woken for each of them begins next to the thread
/// that wakes it, on the same core, and the two take turns.
const WORTH_WAKING: usize = 3;

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

/// Checks items on so many threads, this one among them, from the window's start on; gives back the
/// window from which to go on, and what comes next there.
pub(super) fn items(
    checker: &mut Checker<'_>,
    window: &mut Window,
    reader: &mut dyn Read,
    sink: &mut Sink<'_>,
    boundary: &Boundary,
    threads: usize,
    next: Next,
) -> io::Result<Next> {
    let queue = Queue::default();
    let (options, levels) = (sink.options(), sink.levels());
    let subject = checker.subject();
    let place = checker.place();
    thread::scope(|scope| {
        let (results, done) = channel();
        let _closing = Closing(&queue);
        let mut coordinator = Coordinator {
            cutter: Cutter {
                window,
                reader,
                boundary,
                spare: Vec::new(),
                is_done: false,
            },
            checker,
            sink,
            queue: &queue,
            done,
            order: VecDeque::new(),
            first: 0,
            most: threads.saturating_add(AHEAD),
        };
        // A new thread that finds nothing to do goes to sleep.
        let mut next = next;
        let read = coordinator.cut_up_to(1, &mut next);
        for _ in 1..threads {
            let (queue, results) = (&queue, results.clone());
            let worker = move || {
                let mut checker = Checker::new(subject, options);
                checker.enter_as(place, levels);
                work(&mut checker, options.limit(), queue, &results);
            };
            // Where the system gives no more threads, those that there are do the work.
            if thread::Builder::new().spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        drop(results);
        coordinator.run(next, read)
    })
}

/// Blocks that no thread has taken yet, with their numbers in the order of the file.
#[derive(Default)]
struct Queue {
    state: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    blocks: VecDeque<(usize, Block)>,
    /// There will be no more.
    is_closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, Waiting> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a block.
    fn push(&self, number: usize, block: Block) {
        let mut state = self.state();
        state.blocks.push_back((number, block));
        if state.blocks.len() == WORTH_WAKING {
            self.changed.notify_all();
        }
    }

    /// Wakes those that sleep if there is something to do.
    fn wake(&self) {
        if !self.state().blocks.is_empty() {
            self.changed.notify_all();
        }
    }

    /// The next block, as soon as there is one; none after the last.
    fn wait(&self) -> Option<(usize, Block)> {
        let state = self.state();
        let mut state = self
            .changed
            .wait_while(state, |state| state.blocks.is_empty() && !state.is_closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.blocks.pop_front()
    }

    /// The next block, if there is one now.
    fn take(&self) -> Option<(usize, Block)> {
        self.state().blocks.pop_front()
    }

    fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_all();
    }
}

/// Lets the workers end when it goes out of scope, however that comes.
struct Closing<'q>(&'q Queue);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn work(checker: &mut Checker<'_>, limit: usize, queue: &Queue, results: &Sender<Option<Done>>) {
    let _leaving = Leaving(results);
    while let Some((number, block)) = queue.wait() {
        let checked = check(checker, limit, block);
        if results.send(Some((number, checked))).is_err() {
            return;
        }
    }
}

/// Tells that a thread has panicked: nobody is to wait for its block.
struct Leaving<'r>(&'r Sender<Option<Done>>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            // If nobody listens any more, nobody waits.
            let _ = self.0.send(None);
        }
    }
}

fn check(checker: &mut Checker<'_>, limit: usize, mut block: Block) -> Checked {
    let mut found = Found::new(limit);
    let mut at = block.start;
    let piece = Piece::new(&block.buffer, block.start, block.end);
    let halt = checker.items(piece, &mut at, &mut block.next, &mut found);
    Checked {
        block,
        at,
        halt,
        found,
    }
}

/// A block that was checked, and its number.
type Done = (usize, Checked);

/// The thread that reads the blocks and delivers what was found in them, in the order of the file.
struct Coordinator<'c, 's, 'v> {
    cutter: Cutter<'c>,
    checker: &'c mut Checker<'v>,
    sink: &'c mut Sink<'s>,
    queue: &'c Queue,
    done: Receiver<Option<Done>>,
    /// The blocks that were cut off and not delivered, from number `first` on; those that were not
    /// checked yet are elsewhere.
    order: VecDeque<Option<Checked>>,
    first: usize,
    /// How many blocks there may be at a time.
    most: usize,
}

impl Coordinator<'_, '_, '_> {
    /// Cuts blocks off until so many wait to be delivered.
    fn cut_up_to(&mut self, blocks: usize, next: &mut Next) -> io::Result<()> {
        while self.order.len() < blocks && !self.cutter.is_done {
            if let Some(block) = self.cutter.cut(*next)? {
                *next = Next::CommaOrEnd;
                self.queue.push(self.first + self.order.len(), block);
                self.order.push_back(None);
            }
        }
        Ok(())
    }

    fn run(mut self, mut next: Next, mut read: io::Result<()>) -> io::Result<Next> {
        let limit = self.sink.options().limit();
        loop {
            while let Ok(Some(done)) = self.done.try_recv() {
                self.keep(done);
            }
            if let Some(checked) = self.order.front_mut().and_then(Option::take) {
                self.order.pop_front();
                self.first += 1;
                let is_whole = checked.is_whole();
                let (block, at) = self.deliver(checked);
                if is_whole {
                    self.cutter.spare.push(block.buffer);
                    continue;
                }
                let next = block.next;
                self.put_back(block, at);
                return read.map(|()| next);
            }
            if self.order.len() < self.most && !self.cutter.is_done && read.is_ok() {
                read = self.cut_up_to(self.order.len() + 1, &mut next);
                continue;
            }
            if self.order.is_empty() {
                return read.map(|()| next);
            }
            match self.queue.take() {
                Some((number, block)) => {
                    self.queue.wake();
                    let checked = check(self.checker, limit, block);
                    self.keep((number, checked));
                }
                None => match self.done.recv() {
                    Ok(Some(done)) => self.keep(done),
                    // The scope passes the panic on.
                    Ok(None) | Err(_) => return read.map(|()| next),
                },
            }
        }
    }

    fn keep(&mut self, (number, checked): Done) {
        if let Some(place) = self.order.get_mut(number.wrapping_sub(self.first)) {
            *place = Some(checked);
        }
    }

    /// Delivers what was found; gives back the block, and up to where it was delivered.
    fn deliver(&mut self, checked: Checked) -> (Block, usize) {
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
        self.sink.settle_shape(&found);
        self.sink.deliver(text, block.start, at, found);
        (block, at)
    }

    /// Gives a block back from `at` on, with everything that was cut off after it.
    fn put_back(self, block: Block, at: usize) {
        let mut later: Vec<(usize, Block)> = iter::from_fn(|| self.queue.take()).collect();
        let unchecked = self.order.iter().filter(|place| place.is_none()).count();
        for _ in later.len()..unchecked {
            let Ok(Some((number, checked))) = self.done.recv() else {
                break;
            };
            later.push((number, checked.block));
        }
        let checked = (self.first..).zip(self.order);
        later.extend(checked.filter_map(|(number, checked)| Some((number, checked?.block))));
        later.sort_unstable_by_key(|(number, _)| *number);
        let mut rest = block.buffer;
        let context = at.saturating_sub(EXCERPT);
        rest.truncate(block.end);
        rest.drain(..context);
        for (
            _,
            Block {
                buffer, start, end, ..
            },
        ) in later
        {
            rest.extend_from_slice(buffer.get(start..end).unwrap_or_default());
        }
        self.cutter.window.put_back(rest, at - context);
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
