//! Calls without `async`, for programs that have no runtime: the thread waits.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread, ThreadId};

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio::runtime::Handle;

use crate::json::Json;

use super::{
    BodyItems, ByteStream, Error, Event, EventStream, ItemStream, ItemsError, Operation, Pages,
    Response, Sending, TransportError,
};

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
    /// What the call ends with, or [`Error::Transport`] if no thread can be started, or this is the
    /// runtime's own: where a page is asked for ahead, or a token before the last one's end, hooks
    /// and sources of tokens run on that one.
    pub fn wait(self) -> Result<Response<T, H>, Error<E>> {
        let operation = self.operation();
        wait(self).unwrap_or_else(|error| {
            let error = TransportError::no_background(operation, error);
            Err(Error::Transport(Box::new(error)))
        })
    }
}

/// What comes piece by piece: bodies, and what is made of them.
pub trait Pieces {
    /// A piece.
    type Piece;
    /// Why there is none.
    type Error;

    /// The operation whose answer this is.
    fn operation(&self) -> &'static Operation;

    /// The next piece; `None` after the last.
    fn next_piece(&mut self) -> impl Future<Output = Result<Option<Self::Piece>, Self::Error>>;

    /// The error for a piece that was lost on its way.
    fn lost(error: TransportError) -> Self::Error;

    /// Whether nothing can come after this error.
    fn ends_with(_error: &Self::Error) -> bool {
        true
    }
}

/// An iterator that waits for each piece on the thread that asks for it.
///
/// It ends with the last piece, and behind an error after which nothing comes.
#[derive(Debug)]
#[must_use = "nothing is read until a piece is asked for"]
pub struct Waiting<S> {
    pieces: S,
    has_ended: bool,
}

impl<S> Waiting<S> {
    pub(super) fn new(pieces: S) -> Self {
        Self {
            pieces,
            has_ended: false,
        }
    }

    /// What the pieces come from, without those that have come.
    pub fn into_inner(self) -> S {
        self.pieces
    }
}

impl<S> AsRef<S> for Waiting<S> {
    fn as_ref(&self) -> &S {
        &self.pieces
    }
}

impl<S: Pieces> Iterator for Waiting<S> {
    type Item = Result<S::Piece, S::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let operation = self.pieces.operation();
        let piece = wait(self.pieces.next_piece()).unwrap_or_else(|error| {
            self.has_ended = true;
            Err(S::lost(TransportError::no_background(operation, error)))
        });
        self.has_ended |= match &piece {
            Ok(piece) => piece.is_none(),
            Err(error) => S::ends_with(error),
        };
        piece.transpose()
    }
}

impl ByteStream {
    /// The pieces, each waited for on this thread.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl Pieces for ByteStream {
    type Piece = Bytes;
    type Error = TransportError;

    fn operation(&self) -> &'static Operation {
        self.operation
    }

    fn next_piece(&mut self) -> impl Future<Output = Result<Option<Bytes>, TransportError>> {
        self.next()
    }

    fn lost(error: TransportError) -> TransportError {
        error
    }
}

impl EventStream {
    /// The events, each waited for on this thread.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl Pieces for EventStream {
    type Piece = Event;
    type Error = TransportError;

    fn operation(&self) -> &'static Operation {
        self.bytes.operation
    }

    fn next_piece(&mut self) -> impl Future<Output = Result<Option<Event>, TransportError>> {
        self.next()
    }

    fn lost(error: TransportError) -> TransportError {
        error
    }
}

impl<T, E, H> Pages<T, E, H> {
    /// The pages, each waited for on this thread. An error ends them; what
    /// [`Waiting::into_inner`] gives back goes on with the page that could not be had.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl<T, E, H> Pieces for Pages<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    type Piece = Response<Vec<T>, H>;
    type Error = Error<E>;

    fn operation(&self) -> &'static Operation {
        self.operation()
    }

    fn next_piece(&mut self) -> impl Future<Output = Result<Option<Self::Piece>, Error<E>>> {
        self.next()
    }

    fn lost(error: TransportError) -> Error<E> {
        Error::Transport(Box::new(error))
    }
}

impl<T, E, H> ItemStream<T, E, H> {
    /// The records, each page of them waited for on this thread. An error ends them; what
    /// [`Waiting::into_inner`] gives back goes on with the page that could not be had.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl<T, E, H> Pieces for ItemStream<T, E, H>
where
    T: Json + Send + 'static,
    E: Send + 'static,
    H: From<HeaderMap>,
{
    type Piece = T;
    type Error = Error<E>;

    fn operation(&self) -> &'static Operation {
        self.operation()
    }

    fn next_piece(&mut self) -> impl Future<Output = Result<Option<T>, Error<E>>> {
        self.next()
    }

    fn lost(error: TransportError) -> Error<E> {
        Error::Transport(Box::new(error))
    }
}

impl<T> BodyItems<T> {
    /// The items, each waited for on this thread.
    pub fn wait(self) -> Waiting<Self> {
        Waiting::new(self)
    }
}

impl<T: Json> Pieces for BodyItems<T> {
    type Piece = T;
    type Error = ItemsError;

    fn operation(&self) -> &'static Operation {
        self.operation()
    }

    fn next_piece(&mut self) -> impl Future<Output = Result<Option<T>, ItemsError>> {
        self.next()
    }

    fn lost(error: TransportError) -> ItemsError {
        ItemsError::Transport(Box::new(error))
    }

    /// Behind an item that is not as documented comes the next one.
    fn ends_with(error: &ItemsError) -> bool {
        !matches!(error, ItemsError::Shape { .. })
    }
}

/// Polls the future on this thread until it is ready. The error: the background cannot be started.
///
/// tokio's own `block_on` panics where a runtime is current, and would need a runtime for each
/// thread that waits.
fn wait<F: Future>(future: F) -> io::Result<F::Output> {
    let background = background()?;
    let _context = background.enter();
    let unpark = Arc::new(Unpark {
        thread: thread::current(),
        is_woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return Ok(output),
            Poll::Pending => {
                while !unpark.is_woken.swap(false, Ordering::AcqRel) {
                    thread::park();
                }
            }
        }
    }
}

/// What is polled may park this thread for reasons of its own and take `unpark` for its own, so that
/// alone is no sign.
struct Unpark {
    thread: Thread,
    is_woken: AtomicBool,
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// The runtime that drives connections and timers while threads wait: started when it is first
/// needed, and there until the process ends.
fn background() -> io::Result<Handle> {
    static BACKGROUND: Mutex<Option<(Handle, ThreadId)>> = Mutex::new(None);
    let mut background = BACKGROUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((handle, thread)) = &*background {
        if *thread == thread::current().id() {
            return Err(io::Error::other(
                "this is the thread that connections need, so it cannot wait for them; `await` the \
                 call instead",
            ));
        }
        return Ok(handle.clone());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new()
        .name("oas-runtime".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    *background = Some((handle.clone(), thread.thread().id()));
    Ok(handle)
}
