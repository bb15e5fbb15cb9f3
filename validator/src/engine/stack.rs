//! Room for work that goes as deep as a value is nested.

use std::{io, panic, thread};

/// The stack of any thread has room for as many levels.
const SHALLOW: usize = 128;

/// How much stack the authority takes for a level at most, in bytes.
const LEVEL: usize = 16 * 1024;

/// Does work that goes `depth` levels deep, where there is room for it.
///
/// # Errors
///
/// There is not as much memory.
pub(super) fn with_room_for<T: Send>(
    depth: usize,
    work: impl FnOnce() -> T + Send,
) -> io::Result<T> {
    if depth <= SHALLOW {
        return Ok(work());
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new()
            .stack_size(depth.saturating_mul(LEVEL))
            .spawn_scoped(scope, work)?;
        match thread.join() {
            Ok(done) => Ok(done),
            Err(reason) => panic::resume_unwind(reason),
        }
    })
}
