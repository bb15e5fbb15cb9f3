//! OpenAPI document in, Rust crate out.
//!
//! Four stages, one direction: [`load`] text into a positioned document, [`resolve`] it to an API,
//! [`lower`] the API to plain data ([`ir`]), [`emit`] files. Nothing in a document panics the
//! generator; what cannot be taken as it is becomes a [`diagnostic::Diagnostic`].
//!
//! [`json_schema`] goes another way from the API: to the JSON Schema of one body or component.

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod emit;
pub mod ir;
pub mod json_schema;
pub mod load;
pub mod lower;
mod nearest;
pub mod resolve;
mod select;
mod syntax;
pub mod text;
pub mod write;

pub use select::Selection;

use std::collections::BTreeMap;

use config::Config;
use diagnostic::{Diagnostic, Diagnostics};
use emit::{Manifest, OutputFile, Sink};
use load::{Limits, ReadFile};
use resolve::References;

/// A document to generate from.
#[derive(Clone, Debug)]
pub struct Input {
    /// The entry file's name, as the reader knows it.
    pub file: String,
    /// The module and Cargo feature; `None` if the document is the whole crate.
    pub module: Option<String>,
    /// Whether the feature is on by default.
    pub is_default: bool,
}

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name.
    pub crate_name: String,
    /// The package's description; the first document's title if empty.
    pub description: String,
    /// Markdown that the crate's documentation starts with; its examples are the crate's tests.
    pub front_page: String,
    /// How the package is described.
    pub manifest: Manifest,
    /// Whether JSON Schema files are wanted.
    pub json_schemas: bool,
    /// What the documents may cost to read.
    pub limits: Limits,
    /// Which operations are wanted.
    pub selection: Selection,
    /// What the user wants otherwise.
    pub config: Config,
}

impl Options {
    /// Everything of the documents, nothing special.
    pub fn new(crate_name: impl Into<String>, manifest: Manifest) -> Self {
        Self {
            crate_name: crate_name.into(),
            description: String::new(),
            front_page: String::new(),
            manifest,
            json_schemas: false,
            limits: Limits::default(),
            selection: Selection::default(),
            config: Config::default(),
        }
    }
}

/// What was generated.
#[derive(Debug)]
pub struct Generated {
    /// What is written; `None` if no document could be read.
    pub output: Option<Output>,
    /// What there is to say about the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// How many operations the documents state.
    pub stated_operations: usize,
    /// How many operations are in the output.
    pub emitted_operations: usize,
    /// Named schemas with the paths of their types, without the crate's name.
    pub types: Vec<(String, String)>,
}

/// A crate that is ready to be written.
#[derive(Debug)]
pub struct Output {
    whole: ir::Crate,
    manifest: Manifest,
}

impl Output {
    /// The paths of the files below the crate's directory, in order.
    pub fn paths(&self) -> Vec<String> {
        emit::paths(&self.whole, &self.manifest)
    }

    /// Hands the files to `sink` as they are made: in no order, and from several threads.
    ///
    /// # Errors
    ///
    /// The first error of `sink`, after which nothing else is begun.
    pub fn emit<S: Sink>(&self, sink: &S) -> Result<(), S::Error> {
        emit::emit(&self.whole, &self.manifest, sink)
    }
}

impl Generated {
    /// The files by path; none if no document could be read.
    pub fn files(&self) -> Vec<OutputFile> {
        match &self.output {
            Some(output) => emit::files(&output.whole, &output.manifest),
            None => Vec::new(),
        }
    }
}

/// Generates one crate from one document, or from several editions of an API.
pub fn generate(inputs: &[Input], options: &Options, reader: &dyn ReadFile) -> Generated {
    let mut diagnostics = Diagnostics::default();
    let entries: Vec<&str> = inputs.iter().map(|input| input.file.as_str()).collect();
    let load = load::load(&entries, reader, &options.limits, &mut diagnostics);
    let references = References::new(&load);
    let mut apis = Vec::new();
    for input in inputs {
        let root = load.documents.file_named(&input.file);
        let root = root.and_then(|index| load.documents.file_root(index));
        let api = root.and_then(|root| resolve::resolve(root, &references, &mut diagnostics));
        if let (Some(mut api), Some(root)) = (api, root) {
            let selection = &options.selection;
            selection.apply(&mut api, &options.config, root, &mut diagnostics);
            apis.push((input, api));
        }
    }
    let stated_operations = apis.iter().map(|(_, api)| api.stated_operations).sum();
    let mut editions: Vec<lower::Edition<'_>> = apis
        .into_iter()
        .map(|(input, api)| lower::Edition {
            api,
            module: input.module.clone(),
            is_default: input.is_default,
        })
        .collect();
    let mut output = None;
    let mut emitted_operations = 0;
    let mut types = Vec::new();
    let title = editions.first().map(|first| first.api.info.title.trim());
    if let Some(title) = title.map(str::to_owned) {
        let outputs = lower::Outputs {
            json_schemas: options.json_schemas,
        };
        let config = Config {
            crate_name: Some(options.crate_name.clone()),
            ..options.config.clone()
        };
        let mut whole = lower::lower(
            &mut editions,
            &references,
            outputs,
            &config,
            &mut diagnostics,
        );
        whole.name.clone_from(&options.crate_name);
        whole.front_page.clone_from(&options.front_page);
        let texts = |dependencies: &BTreeMap<String, toml::Value>| {
            let dependencies = dependencies.iter();
            dependencies
                .map(|(k, v)| (k.clone(), v.to_string()))
                .collect()
        };
        whole.dependencies = texts(&options.config.dependencies);
        whole.features = features(&options.config);
        whole.dev_dependencies = texts(&options.config.dev_dependencies);
        whole.description = match options.description.as_str() {
            "" => title,
            description => description.to_owned(),
        };
        let groups = whole.editions.iter().flat_map(|edition| &edition.groups);
        emitted_operations = groups.map(|group| group.operations.len()).sum();
        types = type_paths(&whole);
        output = Some(Output {
            whole,
            manifest: options.manifest.clone(),
        });
    }
    Generated {
        output,
        stated_operations,
        emitted_operations,
        types,
        diagnostics: diagnostics.into_sorted(),
    }
}

/// The features that bring other crates, each with an optional dependency.
fn features(config: &Config) -> Vec<ir::Feature> {
    let feature = |(name, feature): (&String, &config::Feature)| {
        let mut dependency = match &feature.dependency {
            toml::Value::Table(table) => table.clone(),
            version => toml::Table::from_iter([("version".to_owned(), version.clone())]),
        };
        dependency.insert("optional".to_owned(), true.into());
        ir::Feature {
            name: name.clone(),
            package: feature.package.clone(),
            brings: feature.brings.clone(),
            dependency: toml::Value::Table(dependency).to_string(),
        }
    };
    config.features.iter().map(feature).collect()
}

/// Where the types of named schemas are reached: at the root of their edition.
fn type_paths(whole: &ir::Crate) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for (index, edition) in whole.editions.iter().enumerate() {
        let prefix = edition.module.as_ref().map(|module| format!("{module}::"));
        let prefix = prefix.unwrap_or_default();
        let named = whole
            .types
            .iter()
            .filter(|def| def.editions.contains(&index));
        paths.extend(named.filter_map(|def| {
            let schema = def.schema_name.clone()?;
            Some((schema, format!("{prefix}{}", def.name)))
        }));
    }
    paths
}
