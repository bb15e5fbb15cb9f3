//! JSON (RFC 8259) as a stream of events with byte spans.
//!
//! The reader is strict and borrows from the text: a string without escapes and every number
//! costs no allocation. It keeps its own stack, so that nesting can exhaust a limit but never the
//! thread's stack. Keys that occur twice in an object are both given: what they mean is for the
//! consumer to say.
//!
//! ```
//! use source_text::json::{Event, Reader};
//!
//! let events: Result<Vec<_>, _> = Reader::new(r#"{"limit": 1e2}"#).collect();
//! let events: Vec<_> = events?.into_iter().map(|(event, span)| (event, span.range())).collect();
//! assert_eq!(events, [
//!     (Event::ObjectStart, 0..1),
//!     (Event::Key("limit".into()), 1..8),
//!     (Event::Number("1e2"), 10..13),
//!     (Event::ObjectEnd, 13..14),
//! ]);
//! # Ok::<(), source_text::json::SyntaxError>(())
//! ```

mod error;
mod number;
mod reader;
mod string;

pub use error::{Bracket, Expected, SyntaxError, SyntaxErrorKind};
pub use reader::{DEFAULT_MAX_DEPTH, Event, Reader};
