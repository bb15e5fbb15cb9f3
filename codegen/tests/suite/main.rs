//! The generator against documents: each fixture folder is checked by one function.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read fixtures and look at what was written"
)]

mod negative;
mod positive;
mod support;
