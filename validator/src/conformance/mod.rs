//! Holds the fast path, the authority and the engine against each other, and against the official
//! test suite of JSON Schema.

mod choices;
mod damaged;
mod exported_in_parts;
mod fast_path;
mod generated;
mod in_parts;
mod mutated;
mod reports;
mod spelling;
mod suite;
