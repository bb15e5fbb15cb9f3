//! A body that is read as it comes.

use std::fmt;

use bytes::Bytes;

use super::{EventStream, Operation, TransportError};

/// The body of an answer, piece by piece as it comes.
pub struct ByteStream {
    pub(super) operation: &'static Operation,
    response: reqwest::Response,
    limit: u64,
    read: u64,
}

impl ByteStream {
    pub(super) fn new(
        operation: &'static Operation,
        response: reqwest::Response,
        limit: u64,
    ) -> Self {
        Self {
            operation,
            response,
            limit,
            read: 0,
        }
    }

    /// The next piece; `None` after the last. Where pieces end means nothing.
    pub async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        let piece = match self.response.chunk().await {
            Ok(piece) => piece,
            Err(error) => return Err(TransportError::from_reqwest(self.operation, error)),
        };
        if let Some(piece) = &piece {
            self.read = self.read.saturating_add(piece.len() as u64);
            if self.read > self.limit {
                return Err(TransportError::too_large(self.operation, self.limit));
            }
        }
        Ok(piece)
    }

    /// All that is still to come.
    pub async fn collect(mut self) -> Result<Bytes, TransportError> {
        let Some(first) = self.next().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next().await? else {
            return Ok(first);
        };
        let mut whole = Vec::with_capacity(2 * (first.len() + second.len()));
        whole.extend_from_slice(&first);
        whole.extend_from_slice(&second);
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.into())
    }

    /// The body as server-sent events.
    pub fn into_events(self) -> EventStream {
        EventStream::new(self)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &format_args!("{}", self.operation))
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}
