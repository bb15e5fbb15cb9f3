//! The generated clients against a tenant that behaves as a real one does, and fails as they do:
//! nothing is lost, doubled, or sent again that must not be.

mod connections;
mod filters;
mod imports;
mod limits;
mod support;
mod tokens;
