//! Stage two, document → API: references followed, OpenAPI 3.0 and 3.1 brought to one form,
//! parameters merged, operations identified.
//!
//! It knows OpenAPI and nothing of Rust. A malformed corner degrades only itself, with a
//! diagnostic.

mod annotation;
mod api;
mod operation;
mod parameter;
mod reference;
mod schema;
mod security;
mod types;

pub use annotation::is_annotation;
pub use api::{Api, Info, Server, ServerVariable, Tag, resolve};
pub use operation::{Header, MediaType, Operation, Response, Status};
pub use parameter::{Location, Parameter, Style};
pub use reference::References;
pub use schema::{Additional, Alternatives, Schema, SchemaReader};
pub use security::{Requirement, SchemeKind, SecurityScheme};
pub use types::Types;

/// The rules that differ between OpenAPI versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0.x: `nullable`, and a `$ref` stands alone.
    V30,
    /// OpenAPI 3.1.x: JSON Schema 2020-12.
    V31,
}
