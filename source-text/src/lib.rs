//! Text with positions.
//!
//! Everything that reads a document and reports on it needs the same few things, none of which
//! does any IO:
//!
//! - [`SourceText`]: a named text that turns byte offsets into lines and columns;
//! - [`json`]: a strict, non-recursive JSON reader whose events carry byte spans;
//! - [`yaml`]: what a plain scalar of YAML stands for in JSON;
//! - [`JsonPointer`]: RFC 6901 pointers, built while walking a document;
//! - [`frame`]: the offending line with carets under the offending part; [`narrowed`] for less room.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod frame;
mod invisible;
pub mod json;
mod pointer;
mod text;
pub mod yaml;

pub use frame::{frame, narrowed};
pub use invisible::is_invisible;
pub use pointer::{JsonPointer, PointerError};
pub use text::{Position, SourceText, Span};
