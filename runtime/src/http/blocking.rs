//! Calls without `async`, for programs that have no runtime: the thread waits.

use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use bytes::Bytes;
use tokio::runtime::Handle;

use super::{ByteStream, Error, Event, EventStream, Operation, Response, Sending, TransportError};

impl<T, E, H> Sending<T, E, H> {
    /// Makes the call, and waits for the answer on this thread.
    ///
    /// Connections and timers run on a thread of the runtime's own, one for the process. So this
    /// works anywhere, also where an async runtime is current, whose thread it then keeps from
    /// other work: there, `await` is the better choice, and a client whose connections a
    /// single-threaded runtime drives has to be awaited.
    ///
    /// # Errors
    ///
    /// What the call ends with, or [`Error::Transport`] if no thread can be started.
    pub fn wait(self) -> Result<Response<T, H>, Error<E>> {
        let operation = self.operation();
        wait(self).unwrap_or_else(|error| {
            let error = TransportError::no_background(operation, error);
            Err(Error::Transport(Box::new(error)))
        })
    }
}

/// What comes piece by piece, each waited for on the thread that asks for it. The first error ends
/// it.
#[derive(Debug)]
#[must_use = "nothing is read until a piece is asked for"]
pub struct Waiting<S> {
    stream: S,
    has_failed: bool,
}

impl<S> Waiting<S> {
    fn new(stream: S) -> Self {
        Self {
            stream,
            has_failed: false,
        }
    }

    /// Waits for a piece.
    fn piece<'s, T, F>(
        &'s mut self,
        operation: &'static Operation,
        next: impl FnOnce(&'s mut S) -> F,
    ) -> Option<Result<T, TransportError>>
    where
        F: Future<Output = Result<Option<T>, TransportError>>,
    {
        if self.has_failed {
            return None;
        }
        let piece = wait(next(&mut self.stream))
            .unwrap_or_else(|error| Err(TransportError::no_background(operation, error)));
        self.has_failed = piece.is_err();
        piece.transpose()
    }
}

impl ByteStream {
    /// The pieces as an iterator that waits for each on this thread.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl Iterator for Waiting<ByteStream> {
    type Item = Result<Bytes, TransportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece(self.stream.operation(), ByteStream::next)
    }
}

impl EventStream {
    /// The events as an iterator that waits for each on this thread.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl Iterator for Waiting<EventStream> {
    type Item = Result<Event, TransportError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece(self.stream.operation(), EventStream::next)
    }
}

/// Polls the future on this thread until it is ready. The error: the background cannot be started.
///
/// tokio's own `block_on` panics where a runtime is current, and would need a runtime for each
/// thread that waits.
fn wait<F: Future>(future: F) -> io::Result<F::Output> {
    let background = background()?;
    let _context = background.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return Ok(output),
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The runtime that drives connections and timers while threads wait: started when it is first
/// needed, and there until the process ends.
fn background() -> io::Result<Handle> {
    static BACKGROUND: Mutex<Option<Handle>> = Mutex::new(None);
    let mut background = BACKGROUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*background {
        return Ok(handle.clone());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("oas-runtime".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(background.insert(handle).clone())
}
