//! On which processors the threads are that check a file together.
//!
//! A system may put a new thread, or one that it wakes, behind the thread that caused it, and leave
//! another processor idle until it looks around again, which is some milliseconds later: a large part
//! of what a file takes. So a thread that finds itself on another's processor leaves it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How often a thread leaves: where other programs are at work too, the system knows better.
const MOST_MOVES: usize = 8;

/// What stands for the processor of a thread that was not seen yet.
const NOWHERE: usize = usize::MAX;

/// The processors that threads were seen on, by the numbers of the threads.
pub(super) struct Processors(Vec<Seen>);

struct Seen {
    processor: AtomicUsize,
    moves: AtomicUsize,
}

impl Seen {
    fn processor(&self) -> usize {
        self.processor.load(Ordering::Relaxed)
    }
}

impl Processors {
    /// Those of so many threads.
    pub(super) fn of(threads: usize) -> Self {
        let nowhere = || Seen {
            processor: AtomicUsize::new(NOWHERE),
            moves: AtomicUsize::new(0),
        };
        Self((0..threads).map(|_| nowhere()).collect())
    }

    /// Notes where this thread is, if it is one of them.
    pub(super) fn note(&self, thread: usize) {
        if let (Some(seen), Some(here)) = (self.0.get(thread), system::here()) {
            seen.processor.store(here, Ordering::Relaxed);
        }
    }

    /// The same, and leaves if another thread was seen there last.
    pub(super) fn note_or_leave(&self, thread: usize) {
        self.note(thread);
        let Some(seen) = self.0.get(thread) else {
            return;
        };
        let here = seen.processor();
        let others = self.0.iter().enumerate();
        let others = others.filter(|(other, _)| *other != thread);
        let others = others.map(|(_, other)| other.processor());
        if here == NOWHERE || !others.clone().any(|processor| processor == here) {
            return;
        }
        if seen.moves.fetch_add(1, Ordering::Relaxed) < MOST_MOVES {
            system::leave(others);
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

    /// Moves the thread to a processor that it may run on and that is none of `taken`, if there is
    /// one; which processors it may run on does not change.
    pub(super) fn leave(taken: impl Iterator<Item = usize>) {
        let Ok(allowed) = sched_getaffinity(None) else {
            return;
        };
        if let Some(free) = without(allowed, taken)
            && sched_setaffinity(None, &free).is_ok()
        {
            // It could run on all of these before.
            let _ = sched_setaffinity(None, &allowed);
        }
    }

    /// The processors that are left, if any.
    fn without(allowed: CpuSet, taken: impl Iterator<Item = usize>) -> Option<CpuSet> {
        let mut free = allowed;
        for processor in taken.filter(|processor| *processor < CpuSet::MAX_CPU) {
            free.unset(processor);
        }
        (free.count() > 0).then_some(free)
    }

    #[cfg(test)]
    mod tests {
        use super::{
            super::{NOWHERE, Processors},
            *,
        };

        fn set(processors: &[usize]) -> CpuSet {
            let mut set = CpuSet::new();
            for processor in processors {
                set.set(*processor);
            }
            set
        }

        #[test]
        fn a_thread_leaves_for_what_is_free() {
            let left = |taken: &[usize]| without(set(&[0, 1, 5]), taken.iter().copied());
            assert_eq!(left(&[1, 1, 7, NOWHERE]), Some(set(&[0, 5])));
            assert_eq!(left(&[5, 0, 1]), None);
        }

        #[test]
        fn a_thread_may_run_where_it_could_before() {
            let allowed = sched_getaffinity(None).expect("it is told");
            let processors = Processors::of(3);
            for _ in 0..20 {
                processors.note(0);
                processors.note_or_leave(1);
                processors.note_or_leave(2);
                assert_eq!(sched_getaffinity(None).expect("it is told"), allowed);
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    /// The processor that the thread is on, which is not told here.
    pub(super) fn here() -> Option<usize> {
        None
    }

    /// Not called where nothing is told.
    pub(super) fn leave(_: impl Iterator<Item = usize>) {}
}
