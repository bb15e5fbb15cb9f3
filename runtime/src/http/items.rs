//! The items of a body that is a JSON array, one by one as the body comes.

use std::fmt;
use std::marker::PhantomData;

use bytes::{Buf as _, Bytes};
use futures_util::stream::{self, Stream};
use reqwest::header::HeaderMap;
use serde::de::IgnoredAny;

use crate::json::{Json, JsonError, Tape};

use super::splitter::{Fault, Problem, Splitter};
use super::{BodyError, ByteStream, DecodeError, Operation, RawResponse, TransportError};

/// The longest item that is read unless [`BodyItems::max_item_bytes`] says otherwise.
const MAX_ITEM_BYTES: usize = 64 << 20;

/// The items of a body that is a JSON array, decoded one by one as the body comes: memory holds one
/// item and one piece of the body.
#[must_use = "nothing is read until `next` is called"]
pub struct BodyItems<T> {
    body: ByteStream,
    piece: Bytes,
    splitter: Splitter,
    is_done: bool,
    /// Status and headers of the answer, to tell what came in place of an array.
    head: Option<Box<(u16, HeaderMap)>>,
    items: PhantomData<fn() -> T>,
}

/// Why an item cannot be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum ItemsError {
    /// The body did not come whole. This ends the items.
    Transport(Box<TransportError>),
    /// The answer has another body than a JSON array, such as the page of a proxy. This ends the
    /// items.
    Answer(Box<DecodeError>),
    /// The body is no JSON array, or an item is longer than is allowed. This ends the items.
    Syntax {
        /// The item at which that shows, from 0.
        index: u64,
        /// The byte of the body at which that shows, from 0.
        offset: u64,
        /// What is wrong there.
        message: String,
    },
    /// The item is not as documented, or JSON that is nested too deeply to be read. The next one can be
    /// had.
    Shape {
        /// The item, from 0.
        index: u64,
        /// The byte of the body at which the item starts, from 0.
        offset: u64,
        /// What is wrong with it, and where in it.
        error: JsonError,
    },
}

impl ItemsError {
    /// The item, from 0, unless the body did not come whole or has none.
    pub fn index(&self) -> Option<u64> {
        match self {
            Self::Transport(_) | Self::Answer(_) => None,
            Self::Syntax { index, .. } | Self::Shape { index, .. } => Some(*index),
        }
    }
}

impl fmt::Display for ItemsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Answer(error) => error.fmt(f),
            Self::Syntax {
                index,
                offset,
                message,
            } => write!(
                f,
                "the body is no JSON array, item {index} at byte {offset}: {message}"
            ),
            Self::Shape {
                index,
                offset,
                error,
            } => write!(
                f,
                "item {index} at byte {offset} is not as documented: {error}"
            ),
        }
    }
}

impl std::error::Error for ItemsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Answer(_) | Self::Syntax { .. } | Self::Shape { .. } => None,
        }
    }
}

impl From<Fault> for ItemsError {
    fn from(fault: Fault) -> Self {
        Self::Syntax {
            index: fault.index,
            offset: fault.offset,
            message: fault.problem.to_string(),
        }
    }
}

impl<T> BodyItems<T> {
    /// The items of a body.
    pub fn new(body: ByteStream) -> Self {
        Self {
            body,
            piece: Bytes::new(),
            splitter: Splitter::new(MAX_ITEM_BYTES),
            is_done: false,
            head: None,
            items: PhantomData,
        }
    }

    /// The items of the body of an answer.
    pub(super) fn of_answer(body: ByteStream, status: u16, headers: HeaderMap) -> Self {
        Self {
            head: Some(Box::new((status, headers))),
            ..Self::new(body)
        }
    }

    /// Why the body is none that has items; `begun` is what came of it last.
    fn fault(&mut self, fault: Fault, begun: Bytes) -> ItemsError {
        self.is_done = true;
        let head = self.head.take().filter(|_| fault.is_no_array());
        let Some((status, headers)) = head.map(|head| *head) else {
            return fault.into();
        };
        let response = RawResponse::new(status, headers, begun);
        let reason = match fault.problem {
            Problem::Ended(_) => BodyError::Empty,
            _ => BodyError::Syntax {
                line: 1,
                column: usize::try_from(fault.offset)
                    .unwrap_or(usize::MAX)
                    .saturating_add(1),
                message: fault.problem.to_string(),
            },
        };
        ItemsError::Answer(Box::new(DecodeError::new(
            self.body.operation,
            response,
            reason,
        )))
    }

    /// The operation whose answer it is.
    pub fn operation(&self) -> &'static Operation {
        self.body.operation
    }

    /// The longest item to read, in bytes; 64 MiB unless it is set.
    pub fn max_item_bytes(mut self, limit: usize) -> Self {
        self.splitter.set_limit(limit);
        self
    }
}

impl<T: Json> BodyItems<T> {
    /// The next item; `None` after the last.
    ///
    /// # Errors
    ///
    /// If there is none to be had, or it is not as documented; in that case the next call gives
    /// the item behind it.
    pub async fn next(&mut self) -> Result<Option<T>, ItemsError> {
        loop {
            if self.is_done {
                return Ok(None);
            }
            if let Some(item) = self.next_in_piece()? {
                return Ok(Some(item));
            }
            match self.body.next().await {
                Ok(Some(piece)) => self.piece = piece,
                Ok(None) => {
                    self.is_done = true;
                    let end = self.splitter.end();
                    end.map_err(|fault| self.fault(fault, Bytes::new()))?;
                }
                Err(error) => {
                    self.is_done = true;
                    return Err(ItemsError::Transport(Box::new(error)));
                }
            }
        }
    }

    /// The items as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<T, ItemsError>> {
        stream::unfold(self, |mut items| async {
            let item = items.next().await.transpose()?;
            Some((item, items))
        })
    }

    fn next_in_piece(&mut self) -> Result<Option<T>, ItemsError> {
        let piece = self.piece.clone();
        let mut rest = piece.as_ref();
        let next = self.splitter.next(&mut rest, read::<T>);
        let taken = piece.len() - rest.len();
        self.piece.advance(taken);
        let next = next.map_err(|fault| self.fault(fault, piece))?;
        let (index, start) = self.splitter.place();
        match next {
            None => Ok(None),
            Some(Ok(item)) => Ok(Some(item)),
            Some(Err(Unread::Shape(error))) => Err(ItemsError::Shape {
                index,
                offset: start,
                error,
            }),
            Some(Err(Unread::Syntax { within, message })) => {
                self.is_done = true;
                Err(ItemsError::Syntax {
                    index,
                    offset: start + within,
                    message,
                })
            }
        }
    }
}

/// Why the text of an item is none.
enum Unread {
    Syntax { within: u64, message: String },
    Shape(JsonError),
}

fn read<T: Json>(text: &[u8]) -> Result<T, Unread> {
    let tape = Tape::from_slice(text).map_err(|error| {
        // What is JSON all the same has its end where it was taken to have it.
        if serde_json::from_slice::<IgnoredAny>(text).is_ok() {
            let reason = super::response::strip_position(&error);
            return Unread::Shape(JsonError::custom(format!("it cannot be read: {reason}")));
        }
        let lines = text.split_inclusive(|byte| *byte == b'\n');
        let before: usize = lines
            .take(error.line().saturating_sub(1))
            .map(<[u8]>::len)
            .sum();
        Unread::Syntax {
            within: (before + error.column().saturating_sub(1)) as u64,
            message: super::response::strip_position(&error),
        }
    })?;
    T::read(tape.root()).map_err(Unread::Shape)
}

impl<T> fmt::Debug for BodyItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BodyItems").field(&self.body).finish()
    }
}
