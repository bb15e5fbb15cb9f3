//! Stage two, document → API: references followed, OpenAPI 3.0 and 3.1 brought to one form,
//! parameters merged, operations identified.
//!
//! It knows OpenAPI and nothing of Rust. A malformed corner degrades only itself, with a
//! diagnostic.

mod annotation;
mod api;
mod body;
mod configuration;
mod expect;
mod http;
mod identifiers;
mod keywords;
mod operation;
mod parameter;
mod path_item;
mod reference;
mod responses;
mod schema;
mod security;
mod servers;
mod stated;
mod template;
mod types;

pub use annotation::is_annotation;
pub use api::{Api, Info, Tag, resolve};
pub use body::MediaType;
pub use configuration::{ConfigurationPlace, ConfigurationSource, ConfiguredValue, Setting};
pub use keywords::is_well_formed;
pub use operation::{Messages, Operation, messages};
pub use parameter::{Location, Parameter, Style};
pub use reference::References;
pub use responses::{Header, Response, Status};
pub use schema::{Additional, Alternatives, Schema, SchemaReader};
pub use security::{Requirement, SchemeKind, SecurityScheme};
pub use servers::{Server, ServerVariable};
pub use stated::{lists_null, lists_refused, meant, types as stated_types};
pub use types::Types;

/// The rules that differ between OpenAPI versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0.x: `nullable`, and a `$ref` stands alone.
    V30,
    /// OpenAPI 3.1.x: JSON Schema 2020-12.
    V31,
}
