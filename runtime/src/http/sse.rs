//! Server-sent events (WHATWG HTML, section 9.2).

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::json::{Json, Tape};

use super::{BodyError, ByteStream, TransportError};

/// A server-sent event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The kind of event; empty: `message`.
    pub event: String,
    /// The data, its lines joined by line feeds.
    pub data: String,
    /// The last id that the server sent, to resume after.
    pub id: String,
}

impl Event {
    /// The data, read as JSON.
    pub fn json<T: Json>(&self) -> Result<T, BodyError> {
        let tape = Tape::from_text(&self.data).map_err(|error| BodyError::syntax(&error))?;
        T::read(tape.root()).map_err(BodyError::Shape)
    }
}

/// The longest event that is read unless [`EventStream::max_event_bytes`] says otherwise.
const MAX_EVENT_BYTES: usize = 64 << 20;

/// Server-sent events, as they come.
pub struct EventStream {
    pub(super) bytes: ByteStream,
    parser: Parser,
    limit: usize,
    has_failed: bool,
}

impl EventStream {
    pub(super) fn new(bytes: ByteStream) -> Self {
        Self {
            bytes,
            parser: Parser::default(),
            limit: MAX_EVENT_BYTES,
            has_failed: false,
        }
    }

    /// The longest event to read, in bytes; 64 MiB unless it is set.
    #[must_use]
    pub fn max_event_bytes(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The next event; `None` at the end of the body. An event that the end cuts off is dropped, as
    /// the standard says.
    ///
    /// # Errors
    ///
    /// If the body does not come whole, or an event is longer than is allowed; nothing comes after
    /// that.
    pub async fn next(&mut self) -> Result<Option<Event>, TransportError> {
        loop {
            if let Some(event) = self.parser.events.pop_front() {
                return Ok(Some(event));
            }
            if self.has_failed {
                return Ok(None);
            }
            if self.parser.begun() > self.limit {
                self.has_failed = true;
                let operation = self.bytes.operation;
                return Err(TransportError::long_event(operation, self.limit));
            }
            match self.bytes.next().await? {
                Some(piece) => self.parser.push(&piece),
                None => return Ok(None),
            }
        }
    }

    /// How long the server asks to wait before connecting again, if it has said.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.parser.retry
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStream").field(&self.bytes).finish()
    }
}

/// Bytes in, events out.
#[derive(Default)]
pub(super) struct Parser {
    /// The line that has not ended.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to the same end.
    after_return: bool,
    /// Lines seen, to find the byte order mark.
    started: bool,
    event: String,
    data: String,
    has_data: bool,
    id: String,
    retry: Option<Duration>,
    pub(super) events: VecDeque<Event>,
}

impl Parser {
    /// The bytes of the event that has not ended.
    fn begun(&self) -> usize {
        self.line.len() + self.data.len()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_line(&line);
                }
                _ => {
                    self.after_return = false;
                    self.line.push(byte);
                }
            }
        }
    }

    fn end_line(&mut self, line: &[u8]) {
        let line = match line.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) if !self.started => rest,
            _ => line,
        };
        self.started = true;
        let line = String::from_utf8_lossy(line);
        if line.is_empty() {
            self.dispatch();
            return;
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.has_data) {
            self.events.push_back(Event {
                event,
                data,
                id: self.id.clone(),
            });
        }
    }
}
