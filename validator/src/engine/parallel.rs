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
    io::Read,
    panic::resume_unwind,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    blocks::{Block, Boundary, Cutter},
    cores,
    element::{Checker, Found, Halt, Next, Piece},
    processors::Processors,
    sink::Sink,
    window::Window,
};
use crate::json::PADDING;

/// How many blocks there may be, besides those that threads work on, until the first is delivered.
const AHEAD: usize = 4;

/// The number of the thread that delivers.
const THIS_THREAD: usize = 0;

/// How long a thread tries what it waits for before it sleeps: about as long as a block takes.
const PATIENCE: Duration = Duration::from_micros(500);

/// Pauses between two tries, which take about a microsecond.
const PAUSES: usize = 32;

/// Reading a block takes less from a file, and more from a pipe or what is packed: there a thread that
/// tries takes the core from who writes, or unpacks.
const QUICK: Duration = Duration::from_micros(100);

/// How many of the last 32 blocks may have taken longer where blocks are read quickly.
const EXCEPTIONS: u32 = 2;

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
///
/// # Panics
///
/// Only if the reader does, in whichever thread, or what is told of findings.
pub(super) fn items(
    checker: &mut Checker<'_>,
    window: &mut Window,
    reader: &mut (dyn Read + Send),
    sink: &mut Sink<'_>,
    boundary: &Boundary,
    threads: usize,
    next: Next,
) -> Next {
    let (options, levels) = (sink.options(), sink.levels());
    let subject = checker.subject();
    let place = checker.place();
    let buffer_size = window.size() + PADDING;
    let shared = Shared {
        cutter: Mutex::new(Cutter::new(window, reader, boundary, next)),
        blocks: Mutex::new(Blocks::of(threads)),
        may_deliver: Condvar::new(),
        may_read: Condvar::new(),
        buffer_size,
        may_try: threads <= cores(),
        is_trying: AtomicBool::new(false),
        processors: Processors::of(if options.spread_threads { threads } else { 0 }),
    };
    thread::scope(|scope| {
        let mut workers = Vec::new();
        for thread in 1..threads {
            let shared = &shared;
            let worker = move || {
                let mut checker = Checker::new(subject, options);
                checker.enter_as(place, levels);
                shared.work(thread, &mut checker);
            };
            // Where the system gives no more threads, those that there are do the work.
            match thread::Builder::new().spawn_scoped(scope, worker) {
                Ok(worker) => workers.push(worker),
                Err(_) => break,
            }
        }
        shared.deliver(checker, sink);
        for worker in workers {
            if let Err(panic) = worker.join() {
                resume_unwind(panic);
            }
        }
    });
    let cutter = shared.cutter.into_inner();
    cutter.unwrap_or_else(PoisonError::into_inner).next()
}

/// What the threads share.
struct Shared<'w> {
    /// Only one thread reads at a time: see [`Blocks::is_reading`].
    cutter: Mutex<Cutter<'w>>,
    blocks: Mutex<Blocks>,
    /// The thread that delivers may have something to do.
    may_deliver: Condvar,
    /// Another thread may.
    may_read: Condvar,
    /// How many bytes a buffer has, unless a block is longer.
    buffer_size: usize,
    /// There is a core for each thread: one that waits takes it from nobody.
    may_try: bool,
    /// A thread does.
    is_trying: AtomicBool,
    /// Those of no thread where none is to leave.
    processors: Processors,
}

/// The blocks that are not delivered yet.
struct Blocks {
    /// From number `first` on; those that were not checked yet are elsewhere.
    checked: VecDeque<Option<Box<Checked>>>,
    first: usize,
    /// How many were cut off.
    count: usize,
    /// A thread reads the next one.
    is_reading: bool,
    /// Of the last ones a bit each, the last one lowest: whether it was not read quickly.
    slow: u32,
    /// How many may be there at a time.
    most: usize,
    /// Buffers of blocks that are done, for each thread those that it has read into before.
    spare: Vec<Vec<Vec<u8>>>,
    phase: Phase,
}

/// How far the work is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Cutting,
    /// No more blocks are to be cut off.
    CutUp,
    /// Nothing will be delivered any more.
    Closed,
}

/// What a thread is to do.
enum Task {
    /// Read the block with this number, and check it.
    Read(usize),
    Deliver(Box<Checked>),
    End,
}

impl Blocks {
    fn of(threads: usize) -> Self {
        Self {
            checked: VecDeque::new(),
            first: 0,
            count: 0,
            is_reading: false,
            slow: 0,
            most: threads.saturating_add(AHEAD),
            spare: vec![Vec::new(); threads],
            phase: Phase::Cutting,
        }
    }

    /// What a thread is to do now; none if it has to wait. Only one `delivers`.
    fn task(&mut self, delivers: bool) -> Option<Task> {
        if self.phase == Phase::Closed {
            return Some(Task::End);
        }
        if delivers && let Some(checked) = self.next() {
            return Some(Task::Deliver(checked));
        }
        let is_full = self.count - self.first >= self.most;
        match self.phase {
            _ if self.is_reading => None,
            Phase::Cutting if is_full => None,
            Phase::Cutting => {
                self.is_reading = true;
                Some(Task::Read(self.count))
            }
            Phase::CutUp | Phase::Closed => {
                let is_over = !delivers || self.first == self.count;
                is_over.then_some(Task::End)
            }
        }
    }

    /// No phase comes back.
    fn enter(&mut self, phase: Phase) {
        self.phase = self.phase.max(phase);
    }

    /// The block that is to be delivered next, if it is checked.
    fn next(&mut self) -> Option<Box<Checked>> {
        let checked = self.checked.front_mut()?.take()?;
        self.checked.pop_front();
        self.first += 1;
        Some(checked)
    }

    /// A thread has tried to read the next block, which took so long.
    fn end_reading(&mut self, is_there: bool, time: Duration) {
        self.is_reading = false;
        self.slow = self.slow << 1 | u32::from(time > QUICK);
        if is_there {
            self.count += 1;
        } else {
            self.enter(Phase::CutUp);
        }
    }

    /// Keeps a block that was checked until it is its turn.
    fn keep(&mut self, number: usize, checked: Box<Checked>) {
        let place = number - self.first;
        if self.checked.len() <= place {
            self.checked.resize_with(place + 1, || None);
        }
        if let Some(place) = self.checked.get_mut(place) {
            *place = Some(checked);
        }
    }

    /// Whether all blocks that were cut off, and not delivered, are there.
    fn are_checked(&self) -> bool {
        !self.is_reading && self.first + self.checked.iter().flatten().count() == self.count
    }

    /// A buffer of a block that is done: best one that the thread has read into before.
    fn spare(&mut self, thread: usize) -> Option<Vec<u8>> {
        let own = self.spare.get_mut(thread).and_then(Vec::pop);
        own.or_else(|| self.spare.iter_mut().find_map(Vec::pop))
    }

    /// Takes the buffer of a block that is done.
    fn take_back(&mut self, thread: usize, buffer: Vec<u8>) {
        if let Some(spare) = self.spare.get_mut(thread) {
            spare.push(buffer);
        }
    }
}

impl Shared<'_> {
    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that the next block may be read: one thread does.
    fn tell_room(&self) {
        self.may_read.notify_one();
        self.may_deliver.notify_one();
    }

    /// Lets all threads come to an end.
    fn enter(&self, phase: Phase) {
        self.blocks().enter(phase);
        self.may_read.notify_all();
        self.may_deliver.notify_one();
    }

    /// Waits for what the blocks must have come to; `changed` tells that they may have.
    fn wait<T>(&self, changed: &Condvar, ready: impl Fn(&mut Blocks) -> Option<T>) -> T {
        if let Some(outcome) = self.soon(&ready) {
            return outcome;
        }
        let mut blocks = self.blocks();
        loop {
            if let Some(outcome) = ready(&mut blocks) {
                return outcome;
            }
            let waited = changed.wait(blocks);
            blocks = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What the blocks have come to, or come to within a short time.
    ///
    /// A thread that sleeps instead may lose more than that when it is woken, as [`Processors`] tells,
    /// and one that only yields is put behind all others.
    fn soon<T>(&self, ready: &impl Fn(&mut Blocks) -> Option<T>) -> Option<T> {
        let mut blocks = self.blocks();
        let outcome = ready(&mut blocks);
        let is_worth = self.may_try && blocks.slow.count_ones() <= EXCEPTIONS;
        drop(blocks);
        if outcome.is_some() || !is_worth || self.is_trying.swap(true, Ordering::Relaxed) {
            return outcome;
        }
        let begin = Instant::now();
        let mut outcome = None;
        while outcome.is_none() && begin.elapsed() < PATIENCE {
            for _ in 0..PAUSES {
                hint::spin_loop();
            }
            outcome = ready(&mut self.blocks());
        }
        self.is_trying.store(false, Ordering::Relaxed);
        outcome
    }

    /// A buffer for a block.
    fn buffer(&self, thread: usize) -> Vec<u8> {
        let spare = self.blocks().spare(thread);
        let mut buffer = spare.unwrap_or_default();
        // The system gives memory when it is written, which is no part of reading.
        buffer.resize(buffer.len().max(self.buffer_size), 0);
        buffer
    }

    /// Reads the next block, and checks it.
    fn read(&self, number: usize, checker: &mut Checker<'_>, thread: usize) {
        let buffer = self.buffer(thread);
        let begin = Instant::now();
        let mut cutter = self.cutter.lock().unwrap_or_else(PoisonError::into_inner);
        let block = cutter.cut(buffer);
        drop(cutter);
        self.blocks().end_reading(block.is_some(), begin.elapsed());
        let Some(block) = block else {
            self.enter(Phase::CutUp);
            return;
        };
        self.tell_room();
        let checked = Box::new(check(checker, block, thread));
        self.blocks().keep(number, checked);
        self.may_deliver.notify_one();
    }

    /// Checks blocks as long as there are some.
    fn work(&self, thread: usize, checker: &mut Checker<'_>) {
        let _ending = Ending::by_panic(self);
        loop {
            self.processors.note_or_leave(thread);
            let Task::Read(number) = self.wait(&self.may_read, |blocks| blocks.task(false)) else {
                return;
            };
            self.read(number, checker, thread);
        }
    }

    /// Delivers all blocks in the order of the file, and checks some itself.
    fn deliver(&self, checker: &mut Checker<'_>, sink: &mut Sink<'_>) {
        let _ending = Ending::always(self);
        self.processors.note(THIS_THREAD);
        // A thread that was put behind this one must run to leave.
        thread::yield_now();
        loop {
            match self.wait(&self.may_deliver, |blocks| blocks.task(true)) {
                Task::Read(number) => {
                    self.processors.note(THIS_THREAD);
                    self.read(number, checker, THIS_THREAD);
                }
                Task::Deliver(checked) => {
                    self.tell_room();
                    let (is_whole, thread) = (checked.is_whole(), checked.thread);
                    let (block, at) = deliver(sink, *checked);
                    if !is_whole {
                        self.put_back(block, at);
                        return;
                    }
                    self.blocks().take_back(thread, block.buffer);
                }
                Task::End => return,
            }
        }
    }

    /// Gives a block back from `at` on, with everything that was cut off after it.
    fn put_back(&self, block: Block, at: usize) {
        self.enter(Phase::CutUp);
        let later = self.wait(&self.may_deliver, |blocks| {
            let is_over = blocks.phase == Phase::Closed || blocks.are_checked();
            is_over.then(|| std::mem::take(&mut blocks.checked))
        });
        let later = later.into_iter().flatten().map(|checked| checked.block);
        let mut cutter = self.cutter.lock().unwrap_or_else(PoisonError::into_inner);
        cutter.put_back(block, at, later);
    }
}

/// Lets all threads end when it goes out of scope: nobody is to wait for what this one would do.
struct Ending<'s, 'w> {
    shared: &'s Shared<'w>,
    /// Also if this thread has not panicked.
    is_always: bool,
}

impl<'s, 'w> Ending<'s, 'w> {
    fn always(shared: &'s Shared<'w>) -> Self {
        Self {
            shared,
            is_always: true,
        }
    }

    fn by_panic(shared: &'s Shared<'w>) -> Self {
        Self {
            shared,
            is_always: false,
        }
    }
}

impl Drop for Ending<'_, '_> {
    fn drop(&mut self) {
        if self.is_always || thread::panicking() {
            self.shared.enter(Phase::Closed);
        }
    }
}

fn check(checker: &mut Checker<'_>, mut block: Block, thread: usize) -> Checked {
    let mut found = checker.nothing();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_by_whichever_thread() {
        let mut blocks = Blocks::of(2);
        blocks.take_back(1, vec![1]);
        blocks.take_back(0, vec![0]);
        assert_eq!(blocks.spare(0), Some(vec![0]));
        assert_eq!(blocks.spare(0), Some(vec![1]));
        assert_eq!(blocks.spare(1), None);
    }
}
