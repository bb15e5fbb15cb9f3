//! The items of an array on several threads.
//!
//! Each thread cuts a [block](super::blocks) off, checks it, and takes the next: what it has read is
//! near when it checks it. A block whose items do not end just where it does was cut in the wrong
//! place, or is broken: everything from there on is given back to be read on one thread. So a wrong
//! guess costs time only.
//!
//! The thread that was there first delivers what was found, in the order of the file, between the
//! blocks that it checks.

use std::{
    collections::VecDeque,
    hint,
    io::{self, Read},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    blocks::{Block, Boundary, Cutter},
    element::{Checker, Found, Halt, Next, Piece},
    processors::Processors,
    sink::Sink,
    window::Window,
};
use crate::json::PADDING;

/// How many blocks there may be, besides those that threads work on, until the first is delivered.
const AHEAD: usize = 8;

/// The number of the thread that delivers.
const THIS_THREAD: usize = 0;

/// How long a thread tries what it waits for before it sleeps: about as long as a block takes.
const PATIENCE: Duration = Duration::from_micros(500);

/// Pauses between two tries, which take about a microsecond.
const PAUSES: usize = 32;

/// Reading a block takes less from a file, and more from a pipe or what is packed: there others sleep
/// meanwhile.
const QUICK: Duration = Duration::from_micros(100);

/// A block and what was found in it.
struct Checked {
    block: Block,
    /// Where reading halted, and what comes next there.
    at: usize,
    halt: Halt,
    found: Found,
    /// The number of the thread that checked it.
    thread: usize,
}

impl Checked {
    /// Whether the block ends where its last item does.
    fn is_whole(&self) -> bool {
        self.halt == Halt::NeedsMore
            && self.at == self.block.end
            && self.block.next == Next::CommaOrEnd
    }
}

/// Checks items on so many threads, this one among them, from the window's start on, where `next` is
/// what comes next; gives back the window from which to go on, and what comes next there.
pub(super) fn items(
    checker: &mut Checker<'_>,
    window: &mut Window,
    reader: &mut (dyn Read + Send),
    sink: &mut Sink<'_>,
    boundary: &Boundary,
    threads: usize,
    next: Next,
) -> io::Result<Next> {
    let (options, levels) = (sink.options(), sink.levels());
    let subject = checker.subject();
    let place = checker.place();
    let buffer_size = window.size() + PADDING;
    let shared = Shared {
        cutter: Mutex::new(Cutter::new(window, reader, boundary, next)),
        is_read_quickly: AtomicBool::new(true),
        blocks: Mutex::new(Blocks::of(threads)),
        changed: Condvar::new(),
        buffer_size,
        processors: Processors::of(threads),
    };
    thread::scope(|scope| {
        let _closing = Closing(&shared);
        for thread in 1..threads {
            let shared = &shared;
            let worker = move || {
                let mut checker = Checker::new(subject, options);
                checker.enter_as(place, levels);
                shared.work(thread, &mut checker, options.limit());
            };
            // Where the system gives no more threads, those that there are do the work.
            if thread::Builder::new().spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        // A thread that was put behind this one must run to leave.
        shared.processors.note(THIS_THREAD);
        thread::yield_now();
        shared.deliver(checker, sink);
    });
    let cutter = shared.cutter.into_inner();
    cutter.unwrap_or_else(PoisonError::into_inner).finish()
}

/// What the threads share.
struct Shared<'w> {
    cutter: Mutex<Cutter<'w>>,
    /// The last block was: a thread that waits to read need not sleep.
    is_read_quickly: AtomicBool,
    blocks: Mutex<Blocks>,
    /// There is room for another block, the next one is checked, or there will be none.
    changed: Condvar,
    /// How many bytes a buffer has, unless a block is longer.
    buffer_size: usize,
    processors: Processors,
}

/// The blocks that are not delivered yet.
struct Blocks {
    /// From number `first` on; those that were not checked yet are elsewhere.
    checked: VecDeque<Option<Checked>>,
    first: usize,
    /// How many were asked for.
    begun: usize,
    /// How many there are, once that is known.
    all: Option<usize>,
    /// How many may be there at a time.
    most: usize,
    /// Buffers of blocks that are done, for each thread those that it has read into before.
    spare: Vec<Vec<Vec<u8>>>,
    /// Nothing will be delivered any more.
    is_closed: bool,
}

impl Blocks {
    fn of(threads: usize) -> Self {
        Self {
            checked: VecDeque::new(),
            first: 0,
            begun: 0,
            all: None,
            most: threads.saturating_add(AHEAD),
            spare: vec![Vec::new(); threads],
            is_closed: false,
        }
    }

    /// Whether another block may be begun.
    fn has_room(&self) -> bool {
        self.all.is_none() && self.begun - self.first < self.most
    }

    /// Begins another block; returns a buffer for it, if there is one.
    fn begin(&mut self, thread: usize) -> Option<Vec<u8>> {
        self.begun += 1;
        self.spare.get_mut(thread)?.pop()
    }

    /// Ends a block: its buffer is for the next one of the thread that read it.
    fn end(&mut self, thread: usize, buffer: Vec<u8>) {
        if let Some(spare) = self.spare.get_mut(thread) {
            spare.push(buffer);
        }
    }

    /// Keeps a block that was checked until it is its turn.
    fn keep(&mut self, number: usize, checked: Checked) {
        let place = number - self.first;
        if self.checked.len() <= place {
            self.checked.resize_with(place + 1, || None);
        }
        if let Some(place) = self.checked.get_mut(place) {
            *place = Some(checked);
        }
    }

    fn next_is_checked(&self) -> bool {
        matches!(self.checked.front(), Some(Some(_)))
    }

    /// The block that is to be delivered next, if it is checked.
    fn next(&mut self) -> Option<Checked> {
        let checked = self.checked.front_mut()?.take()?;
        self.checked.pop_front();
        self.first += 1;
        Some(checked)
    }

    /// Whether all blocks that there are were taken to be delivered.
    fn are_delivered(&self) -> bool {
        self.all.is_some_and(|all| self.first >= all)
    }

    /// Whether this many blocks, which are all that there are, were delivered or are checked.
    fn are_checked(&self, all: usize) -> bool {
        self.first + self.checked.iter().flatten().count() >= all
    }
}

impl<'w> Shared<'w> {
    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something holds, or all is closed.
    fn wait_until(&self, holds: impl Fn(&Blocks) -> bool) -> MutexGuard<'_, Blocks> {
        let ends = |blocks: &Blocks| blocks.is_closed || holds(blocks);
        if let Some(blocks) = soon(|| Some(self.blocks()).filter(|blocks| ends(blocks))) {
            return blocks;
        }
        let goes_on = |blocks: &mut Blocks| !ends(blocks);
        let waited = self.changed.wait_while(self.blocks(), goes_on);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn cutter(&self) -> MutexGuard<'_, Cutter<'w>> {
        let attempt = || match self.cutter.try_lock() {
            Ok(cutter) => Some(cutter),
            Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let is_quick = self.is_read_quickly.load(Ordering::Relaxed);
        let cutter = is_quick.then(|| soon(attempt)).flatten();
        let wait = || self.cutter.lock().unwrap_or_else(PoisonError::into_inner);
        cutter.unwrap_or_else(wait)
    }

    /// The next block, which is read into `buffer`, and its number; none after the last.
    fn cut(&self, buffer: Option<Vec<u8>>) -> Option<(usize, Block)> {
        let mut buffer = buffer.unwrap_or_default();
        // The system gives a buffer its memory when it is written: not while others wait.
        buffer.resize(buffer.len().max(self.buffer_size), 0);
        let mut cutter = self.cutter();
        let begin = Instant::now();
        let block = cutter.cut(buffer);
        let is_quick = begin.elapsed() < QUICK;
        self.is_read_quickly.store(is_quick, Ordering::Relaxed);
        let count = cutter.count();
        drop(cutter);
        if block.is_none() {
            self.blocks().all = Some(count);
            self.changed.notify_all();
        }
        block
    }

    /// Checks blocks as long as there are some.
    fn work(&self, thread: usize, checker: &mut Checker<'_>, limit: usize) {
        let _leaving = Leaving(self);
        loop {
            self.processors.note_or_leave(thread);
            let mut blocks = self.wait_until(Blocks::has_room);
            if blocks.is_closed {
                return;
            }
            let buffer = blocks.begin(thread);
            drop(blocks);
            let Some((number, block)) = self.cut(buffer) else {
                return;
            };
            let checked = check(checker, limit, block, thread);
            self.blocks().keep(number, checked);
            self.changed.notify_all();
        }
    }

    /// Delivers all blocks in the order of the file, and checks some itself.
    fn deliver(&self, checker: &mut Checker<'_>, sink: &mut Sink<'_>) {
        let limit = sink.options().limit();
        loop {
            let mut blocks = self.blocks();
            if let Some(checked) = blocks.next() {
                drop(blocks);
                self.changed.notify_all();
                let (is_whole, thread) = (checked.is_whole(), checked.thread);
                let (block, at) = deliver(sink, checked);
                if !is_whole {
                    self.put_back(block, at);
                    return;
                }
                self.blocks().end(thread, block.buffer);
            } else if blocks.has_room() {
                let buffer = blocks.begin(THIS_THREAD);
                drop(blocks);
                self.processors.note(THIS_THREAD);
                if let Some((number, block)) = self.cut(buffer) {
                    let checked = check(checker, limit, block, THIS_THREAD);
                    self.blocks().keep(number, checked);
                }
            } else {
                drop(blocks);
                let goes_on = |blocks: &Blocks| blocks.next_is_checked() || blocks.are_delivered();
                let blocks = self.wait_until(goes_on);
                // The scope passes a panic of another thread on.
                if blocks.is_closed || blocks.are_delivered() {
                    return;
                }
            }
        }
    }

    fn close(&self) {
        self.blocks().is_closed = true;
        self.changed.notify_all();
    }

    /// Gives a block back from `at` on, with everything that was cut off after it.
    fn put_back(&self, block: Block, at: usize) {
        let all = self.cutter().stop();
        let mut blocks = self.wait_until(|blocks| blocks.are_checked(all));
        let later = std::mem::take(&mut blocks.checked);
        drop(blocks);
        let later = later.into_iter().flatten().map(|checked| checked.block);
        self.cutter().put_back(block, at, later);
    }
}

/// Tries something for a while: a thread that sleeps may lose more than that when it is woken, as
/// [`Processors`] tells, and one that only yields is put behind all others.
fn soon<T>(attempt: impl Fn() -> Option<T>) -> Option<T> {
    let begin = Instant::now();
    loop {
        let outcome = attempt();
        if outcome.is_some() || begin.elapsed() > PATIENCE {
            return outcome;
        }
        for _ in 0..PAUSES {
            hint::spin_loop();
        }
    }
}

/// Lets the other threads end when it goes out of scope, however that comes.
struct Closing<'s, 'w>(&'s Shared<'w>);

impl Drop for Closing<'_, '_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Tells that a thread has panicked: nobody is to wait for its block.
struct Leaving<'s, 'w>(&'s Shared<'w>);

impl Drop for Leaving<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.close();
        }
    }
}

fn check(checker: &mut Checker<'_>, limit: usize, mut block: Block, thread: usize) -> Checked {
    let mut found = Found::new(limit);
    let mut at = block.start;
    let piece = Piece::new(&block.buffer, block.start, block.end);
    let halt = checker.items(piece, &mut at, &mut block.next, &mut found);
    let mut checked = Checked {
        block,
        at,
        halt,
        found,
        thread,
    };
    if checked.is_whole() {
        let Block { buffer, start, .. } = &checked.block;
        checked.found.locate(buffer, *start, at);
    }
    checked
}

/// Delivers what was found; gives back the block, and up to where it was delivered.
fn deliver(sink: &mut Sink<'_>, checked: Checked) -> (Block, usize) {
    let Checked {
        block,
        mut at,
        halt,
        found,
        ..
    } = checked;
    if halt == Halt::Closed {
        // The closing bracket is for the one thread to read that goes on.
        at -= 1;
    }
    let text = block.buffer.get(..block.filled).unwrap_or_default();
    sink.settle_shape(&found);
    sink.deliver(text, block.start, at, found);
    (block, at)
}
