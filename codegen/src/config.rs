//! The configuration file: what a user wants otherwise than the document has it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::syntax;

/// What a TOML file can say. All of it is optional.
///
/// ```toml
/// crate-name = "petstore"
/// front-page = "guide.md"              # Markdown, beside this file, for the crate's first page
/// unknown-fields = "keep"              # or "ignore", "deny"
/// extra-derives = ["Eq"]               # on every struct
///
/// [rename.types]                       # schema name or generated name → type name
/// pet_v2 = "Pet"
///
/// [rename.operations]                  # operationId → method name
/// getPetById = "pet"
///
/// [replace]                            # schema name → a type that implements `rt::Json`
/// Money = "money::Amount"
///
/// [dependencies]                       # what the replacements need
/// money = "1.0"
///
/// [dev-dependencies]                   # what examples on the front page need
/// tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// The package's name; the command line wins.
    pub crate_name: Option<String>,
    /// The package's description; the document's title if there is none.
    pub description: Option<String>,
    /// The path of a Markdown file, from the configuration file's folder, that the crate's
    /// documentation starts with.
    pub front_page: Option<String>,
    /// What becomes of properties that a schema does not list.
    #[serde(default)]
    pub unknown_fields: UnknownFields,
    /// Derives for every struct, besides `Clone`, `Debug` and `PartialEq`.
    #[serde(default)]
    pub extra_derives: Vec<String>,
    /// Other names.
    #[serde(default)]
    pub rename: Rename,
    /// Types to use in place of generated ones, by schema name.
    #[serde(default)]
    pub replace: BTreeMap<String, String>,
    /// Entries for the manifest's `[dependencies]`.
    #[serde(default)]
    pub dependencies: BTreeMap<String, toml::Value>,
    /// Entries for the manifest's `[dev-dependencies]`.
    #[serde(default)]
    pub dev_dependencies: BTreeMap<String, toml::Value>,
}

/// Other names than the document's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// Type names by schema name or by the name that would be generated.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// Method names by `operationId`.
    #[serde(default)]
    pub operations: BTreeMap<String, String>,
}

/// What becomes of properties that a schema does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownFields {
    /// They are kept and written back.
    #[default]
    Keep,
    /// They are read over and lost.
    Ignore,
    /// They are an error.
    Deny,
}

impl Config {
    /// Reads the text of a configuration file; the error says where it is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        let paths = config.extra_derives.iter().chain(config.replace.values());
        for path in paths {
            if !syntax::is_path(path) {
                return Err(format!("{path:?} is not the path of a Rust type or derive"));
            }
        }
        for name in config
            .rename
            .types
            .values()
            .chain(config.rename.operations.values())
        {
            if !syntax::is_identifier(name) {
                return Err(format!("{name:?} is not a Rust identifier"));
            }
        }
        Ok(config)
    }
}
