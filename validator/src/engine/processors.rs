//! On which processors the threads run that check a file together.
//!
//! A system may put a new thread, or one that it wakes, on the processor of the thread that caused it,
//! and leave another one idle: for a few milliseconds the two take turns. That is as long as the whole
//! work takes, so a thread that finds itself beside another one of its kind leaves.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How often a thread leaves a processor: where others are at work, the system knows better.
const MOST_MOVES: usize = 8;

/// The processors that threads were seen on.
pub(super) struct Processors {
    /// By the number of the thread.
    seen: Vec<AtomicUsize>,
}

/// What stands for a thread that was not seen.
const NOWHERE: usize = usize::MAX;

impl Processors {
    /// Of so many threads, none of which was seen.
    pub(super) fn of(threads: usize) -> Self {
        let mut seen = Vec::new();
        seen.resize_with(threads, || AtomicUsize::new(NOWHERE));
        Self { seen }
    }

    /// Notes where this thread, by its number, is.
    pub(super) fn note(&self, thread: usize) {
        if let (Some(seen), Some(here)) = (self.seen.get(thread), system::here()) {
            seen.store(here, Ordering::Relaxed);
        }
    }

    /// The same; if another thread was seen there, this one leaves, unless it has too often.
    pub(super) fn note_or_leave(&self, thread: usize, moves: &mut usize) {
        self.note(thread);
        let at = |seen: &AtomicUsize| seen.load(Ordering::Relaxed);
        let Some(here) = self.seen.get(thread).map(at) else {
            return;
        };
        let others = || {
            let others = self.seen.iter().map(at).enumerate();
            others.filter(|(other, seen)| *other != thread && *seen != NOWHERE)
        };
        if *moves < MOST_MOVES && others().any(|(_, seen)| seen == here) {
            *moves += 1;
            system::leave(&others().map(|(_, seen)| seen).collect::<Vec<_>>());
            self.note(thread);
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

    /// The processor that the thread is on.
    pub(super) fn here() -> Option<usize> {
        let here = sched_getcpu();
        (here < CpuSet::MAX_CPU).then_some(here)
    }

    /// Moves the thread to another processor than those, if it may run on one; that it may run on all
    /// that it could run on before does not change.
    pub(super) fn leave(taken: &[usize]) {
        let Ok(allowed) = sched_getaffinity(None) else {
            return;
        };
        let mut free = allowed;
        for processor in taken {
            free.unset(*processor);
        }
        if free.count() > 0 && sched_setaffinity(None, &free).is_ok() {
            // It was allowed before.
            let _ = sched_setaffinity(None, &allowed);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    /// Not told.
    pub(super) fn here() -> Option<usize> {
        None
    }

    /// Not possible.
    pub(super) fn leave(_: &[usize]) {}
}
