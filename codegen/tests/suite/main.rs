//! The generator against documents: each fixture folder is checked by one function.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read fixtures and look at what was written"
)]

mod builds;
mod command_line;
mod determinism;
mod extremes;
mod json_schemas;
mod mutations;
mod names;
mod negative;
mod positive;
mod readme;
mod subjects;
mod support;
