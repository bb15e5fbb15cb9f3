//! Holds the fast path, the authority and the engine against each other, and against the official
//! test suite of JSON Schema.

mod fast_path;
mod spelling;
mod suite;
