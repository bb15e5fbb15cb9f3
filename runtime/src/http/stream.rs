//! A body that is read as it comes.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use super::exchange::MAX_ERROR_BYTES;
use super::platform::Body;
use super::{EventStream, Operation, RawResponse, TransportError};

/// How much of a body is read into memory unless the user says otherwise.
pub(super) const MAX_WHOLE_BYTES: u64 = 1 << 30;

/// The body of an answer, piece by piece as it comes.
pub struct ByteStream {
    pub(super) operation: &'static Operation,
    body: Body,
    /// The longest body that the user allows, in bytes.
    limit: Option<u64>,
    read: u64,
    has_failed: bool,
}

impl ByteStream {
    pub(super) fn new(
        operation: &'static Operation,
        response: reqwest::Response,
        limit: Option<u64>,
    ) -> Self {
        Self {
            operation,
            body: Body::new(response),
            limit,
            read: 0,
            has_failed: false,
        }
    }

    /// The next piece; `None` after the last. Where pieces end means nothing.
    ///
    /// # Errors
    ///
    /// If there is none to be had; nothing comes after that.
    pub async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        if self.has_failed {
            return Ok(None);
        }
        let piece = self.body.next().await;
        let piece = piece.map_err(|error| TransportError::from_reqwest(self.operation, error));
        let length = piece
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .map_or(0, Bytes::len);
        self.read = self.read.saturating_add(length as u64);
        let piece = match self.limit {
            Some(limit) if self.read > limit => {
                Err(TransportError::too_large(self.operation, limit))
            }
            _ => piece,
        };
        self.has_failed = piece.is_err();
        piece
    }

    /// All that is still to come: at most 1 GiB, unless
    /// [`max_response_bytes`](super::ClientBuilder::max_response_bytes) of the client or the call says
    /// otherwise.
    pub async fn collect(mut self) -> Result<Bytes, TransportError> {
        let (bytes, end) = self.read_to_end().await;
        end.map(|()| bytes)
    }

    /// The answer that nobody has a use for, with as much of its body as is kept of an error's.
    pub(super) async fn into_undocumented(
        mut self,
        status: u16,
        headers: HeaderMap,
    ) -> RawResponse {
        let limit = self.limit.unwrap_or(u64::MAX);
        self.limit = Some(limit.min(MAX_ERROR_BYTES));
        let (bytes, end) = self.read_to_end().await;
        let response = RawResponse::new(status, headers, bytes);
        match end {
            Ok(()) => response,
            Err(error) => response.cut_off(error.message()),
        }
    }

    /// All that comes, and whether that is all there is.
    pub(super) async fn read_to_end(&mut self) -> (Bytes, Result<(), TransportError>) {
        self.limit.get_or_insert(MAX_WHOLE_BYTES);
        // Most bodies come in one piece, which need not be copied.
        let mut first = Bytes::new();
        let mut whole = Vec::new();
        loop {
            let piece = match self.next().await {
                Ok(Some(piece)) => piece,
                Ok(None) if whole.is_empty() => return (first, Ok(())),
                Ok(None) => return (whole.into(), Ok(())),
                Err(error) if whole.is_empty() => return (first, Err(error)),
                Err(error) => return (whole.into(), Err(error)),
            };
            if first.is_empty() {
                first = piece;
                continue;
            }
            if whole.is_empty() {
                whole.reserve(2 * (first.len() + piece.len()));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&piece);
        }
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
