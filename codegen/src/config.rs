//! The configuration file: what a user wants otherwise than the document has it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::lower::FEATURES;
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
/// [features.checks]                    # a feature that brings a crate, as a module of its name
/// package = "pet-checks"
/// dependency = { version = "1.0", default-features = false }
/// brings = "checks of pets before they are sent"
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
    /// Features that bring another crate each, by name.
    #[serde(default)]
    pub features: BTreeMap<String, Feature>,
    /// Entries for the manifest's `[dev-dependencies]`.
    #[serde(default)]
    pub dev_dependencies: BTreeMap<String, toml::Value>,
}

/// A Cargo feature of the generated crate that brings another crate.
///
/// What that crate exports is in a module of the generated one that has the feature's name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// The name of the crate's package, by which the manifest calls it.
    pub package: String,
    /// The value of its entry in the manifest's `[dependencies]`: a version, or a table.
    pub dependency: toml::Value,
    /// What it brings, for people: part of a sentence.
    pub brings: String,
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
        for (name, feature) in &config.features {
            if !syntax::is_identifier(name) || FEATURES.contains(&name.as_str()) {
                return Err(format!(
                    "{name:?} cannot be a feature that brings a crate: it must be a Rust \
                     identifier, and none of {}",
                    FEATURES.join(", ")
                ));
            }
            if !matches!(
                feature.dependency,
                toml::Value::String(_) | toml::Value::Table(_)
            ) {
                return Err(format!(
                    "the dependency of the feature {name:?} must be a version or a table"
                ));
            }
        }
        Ok(config)
    }
}
