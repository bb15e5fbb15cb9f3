//! What the generated crate consists of, as plain data: no tokens, no document.

pub use crate::config::UnknownFields;

mod configuration;
mod operations;
mod queries;
mod types;

pub use configuration::{ConfigurationPlace, ConfigurationSource, ConfiguredValue, Setting};
pub use operations::{
    Body, BodyKind, FormEncoding, HeaderField, Location, Operation, Parameter, Payload,
    RequestBody, ResponseCase, SecurityUse, Status, Style, is_json,
};
pub use queries::{FilterOperator, Paging, QueryField, QueryFields, pointer_steps};
pub use types::{
    Derives, Docs, EnumValue, Enumeration, Field, Form, FormPart, Integer, MapField, Presence,
    Shape, Struct, TupleItem, TypeDef, TypeId, TypeRef, Union, Variant,
};

/// The group index of types that unused components need.
pub const NO_GROUP: usize = usize::MAX;

/// A crate to generate.
#[derive(Clone, Debug, Default)]
pub struct Crate {
    /// The package's name.
    pub name: String,
    /// The package's description, one line.
    pub description: String,
    /// Markdown that the crate's documentation starts with; may be empty.
    pub front_page: String,
    /// The APIs: one for a single document, one an edition for several.
    pub editions: Vec<Edition>,
    /// What becomes of properties that a schema does not list.
    pub unknown_fields: UnknownFields,
    /// Paths of derives for every struct.
    pub extra_derives: Vec<String>,
    /// Entries for the manifest's `[dependencies]`, as TOML.
    pub dependencies: Vec<(String, String)>,
    /// Features that bring another crate each.
    pub features: Vec<Feature>,
    /// Entries for the manifest's `[dev-dependencies]`, as TOML.
    pub dev_dependencies: Vec<(String, String)>,
    /// All types; [`TypeId`] is an index.
    pub types: Vec<TypeDef>,
    /// How many types may stand in each other, from the outermost to the innermost.
    pub depth: usize,
}

/// A Cargo feature that brings another crate.
#[derive(Clone, Debug)]
pub struct Feature {
    /// Its name, which is that of the module with what the crate exports.
    pub name: String,
    /// The crate's package.
    pub package: String,
    /// What it brings, for people.
    pub brings: String,
    /// The package's entry in the manifest's `[dependencies]`, as TOML.
    pub dependency: String,
}

impl Crate {
    /// The type with this id.
    pub fn type_def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0 as usize]
    }

    /// Whether each edition has a module of its own.
    pub fn has_edition_modules(&self) -> bool {
        self.editions.iter().any(|edition| edition.module.is_some())
    }
}

/// One document's API.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// The module and Cargo feature, if the crate holds several editions.
    pub module: Option<String>,
    /// Whether the edition's feature is on by default.
    pub is_default: bool,
    /// The directory of its JSON Schemas.
    pub schema_directory: String,
    /// The document's title.
    pub title: String,
    /// The document's version, as it is written.
    pub version: String,
    /// The document's description.
    pub description: String,
    /// The document's servers.
    pub servers: Vec<Server>,
    /// Requests, and the seconds in which there may be as many.
    pub rate_limit: Option<(u32, u32)>,
    /// The document's security schemes.
    pub security_schemes: Vec<SecurityScheme>,
    /// Where clients find their settings, the place that is looked at first before the others.
    pub configuration: Vec<ConfigurationSource>,
    /// Groups of operations, one module each.
    pub groups: Vec<Group>,
    /// The Cargo feature of types that no operation uses, where there are operations beside them.
    pub other_types: Option<String>,
    /// JSON Schemas to write.
    pub json_schemas: Vec<JsonSchema>,
}

/// The operations of one tag.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The module's name.
    pub module: String,
    /// The Cargo feature's name.
    pub feature: String,
    /// The tag; empty for operations that have none.
    pub tag: String,
    /// The tag's description.
    pub description: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// A server of the API.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL template.
    pub url: String,
    /// Its description.
    pub description: String,
    /// Name, default and allowed values of each variable.
    pub variables: Vec<(String, String, Vec<String>)>,
}

/// A security scheme.
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// The name by which operations call it.
    pub name: String,
    /// What it is.
    pub kind: SecuritySchemeKind,
}

/// The kinds of security scheme.
#[derive(Clone, Debug)]
pub enum SecuritySchemeKind {
    /// HTTP Bearer
    Bearer,
    /// HTTP Basic
    Basic,
    /// A key in a header, the query or a cookie
    ApiKey {
        /// Where it goes
        location: Location,
        /// The parameter's name
        parameter: String,
    },
    /// OAuth 2, sent as a bearer token
    OAuth2 {
        /// The client credentials flow's token URL
        token_url: Option<String>,
    },
    /// `openIdConnect`, sent as a bearer token
    OpenIdConnect,
    /// Something the client cannot do by itself
    Other,
}

/// A JSON Schema file.
#[derive(Clone, Debug)]
pub struct JsonSchema {
    /// The file's stem.
    pub name: String,
    /// The schema, 2020-12, self-contained.
    pub schema: serde_json::Value,
    /// The generated type of its values; `None` if the crate has none.
    pub ty: Option<TypeRef>,
    /// The file of the document in which the schema stands.
    pub file: String,
    /// Where in it: the JSON Pointer of the named schema, or of a body's media type.
    pub pointer: String,
}
