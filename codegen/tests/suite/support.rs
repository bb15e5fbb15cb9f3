//! What the checks have in common: reading fixtures, generating, showing what came out.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oas_codegen::cli::with_large_stack;
use oas_codegen::config::Config;
use oas_codegen::emit::{Manifest, OutputFile, Runtime};
use oas_codegen::load::ReadFile;
use oas_codegen::{Generated, Input, Options, generate};

/// The package's folder `tests`.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Files below a folder, so that diagnostics name them the same way on every machine.
pub(crate) struct Folder(pub(crate) PathBuf);

impl ReadFile for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        if name.contains("://") {
            return Err("remote references are refused".to_owned());
        }
        // The system's own words differ between systems.
        std::fs::read(self.0.join(name)).map_err(|error| error.kind().to_string())
    }
}

/// One text that is read under any name.
pub(crate) struct Text<'a>(pub(crate) &'a [u8]);

impl ReadFile for Text<'_> {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.to_vec())
    }
}

/// A fixture: a file, or a folder whose entry is called `openapi`.
pub(crate) struct Fixture {
    /// The folder that the document's file names start from.
    pub(crate) folder: PathBuf,
    /// The entry file's name.
    pub(crate) entry: String,
    /// The file's stem or the folder's name.
    pub(crate) name: String,
}

impl Fixture {
    /// The fixture with this entry.
    pub(crate) fn at(entry: &Path) -> Self {
        let folder = entry.parent().expect("fixtures stand in folders");
        let stem = entry.file_stem().expect("a fixture is a file");
        let name = match stem.to_str() {
            Some("openapi") => folder.file_name().expect("a folder has a name"),
            _ => stem,
        };
        Self {
            name: name.to_string_lossy().into_owned(),
            entry: entry
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            folder: folder.to_owned(),
        }
    }

    /// The folder in which the fixture itself stands, its snapshot beside it.
    pub(crate) fn shelf(&self) -> &Path {
        match self.folder.file_name() {
            Some(name) if *name == *self.name => self.folder.parent().unwrap_or(&self.folder),
            _ => &self.folder,
        }
    }

    /// Options for a crate of this name, with the configuration that stands beside the fixture.
    pub(crate) fn options(&self, crate_name: &str) -> Options {
        let mut options = options(crate_name);
        let path = self.folder.join(format!("{}.toml", self.name));
        if let Ok(text) = std::fs::read_to_string(path) {
            options.config =
                Config::parse(&text).unwrap_or_else(|error| panic!("{}.toml: {error}", self.name));
        }
        if let Some(page) = &options.config.front_page {
            let text = std::fs::read_to_string(self.folder.join(page));
            options.front_page = text.unwrap_or_else(|error| panic!("{page}: {error}"));
        }
        options
    }

    /// What the generator makes of it.
    pub(crate) fn generate(&self, options: &Options) -> Generated {
        let inputs = [input(&self.entry)];
        with_large_stack(|| generate(&inputs, options, &Folder(self.folder.clone())))
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Compares with the snapshot beside the fixture.
    pub(crate) fn assert_snapshot(&self, shown: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(self.shelf());
        settings.set_prepend_module_to_snapshot(false);
        settings.remove_snapshot_suffix();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(self.name.as_str(), shown));
    }
}

/// All fixtures of a folder of the tests.
pub(crate) fn fixtures(folder: &str) -> Vec<Fixture> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(tests().join(folder)).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let entry = if path.is_dir() {
            path.join("openapi.yaml")
        } else {
            path
        };
        let extension = entry.extension().unwrap_or_default();
        if extension == "yaml" || extension == "json" {
            entries.push(entry);
        }
    }
    entries.sort();
    assert!(!entries.is_empty(), "{folder} holds no fixture");
    entries.iter().map(|entry| Fixture::at(entry)).collect()
}

/// A document that is the whole crate.
pub(crate) fn input(file: &str) -> Input {
    Input {
        file: file.to_owned(),
        module: None,
        is_default: true,
    }
}

/// Options for a crate whose runtime is this checkout's.
pub(crate) fn options(crate_name: &str) -> Options {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let manifest = Manifest {
        runtime: Runtime::Path(runtime.to_string_lossy().replace('\\', "/")),
        in_workspace: false,
    };
    Options::new(crate_name, manifest)
}

/// The Rust files among what was generated.
pub(crate) fn sources(files: &[OutputFile]) -> impl Iterator<Item = &OutputFile> {
    let is_rust = |file: &&OutputFile| Path::new(&file.path).extension().is_some_and(|e| e == "rs");
    files.iter().filter(is_rust)
}

/// The counts and all diagnostics, one a line.
pub(crate) fn findings(generated: &Generated) -> String {
    let mut shown = format!(
        "{} of {} operations\n",
        generated.emitted_operations, generated.stated_operations
    );
    for diagnostic in &generated.diagnostics {
        let _ = writeln!(shown, "{diagnostic}");
    }
    shown
}

/// The generated sources, less what every crate has and what only mirrors the rest.
pub(crate) fn show_sources(files: &[OutputFile]) -> String {
    let mut usual =
        generate_text("{openapi: 3.0.3, info: {title: Fixture, version: '1'}, paths: {}}");
    usual.extend(generate_text(
        "{openapi: 3.0.3, info: {title: Fixture, version: '1'}, paths: {/usual: {get: {responses: {}}}}}",
    ));
    let mut shown = String::new();
    for file in files {
        let same = usual.iter().filter(|usual| usual.path == file.path);
        let text = if file.path == "Cargo.toml" {
            let known: HashSet<&str> = same.flat_map(|file| file.contents.lines()).collect();
            let own = file.contents.lines().filter(|line| !known.contains(line));
            own.collect::<Vec<_>>().join("\n")
        } else {
            let known: HashSet<&str> = same.flat_map(|file| file.contents.split("\n\n")).collect();
            let own = file
                .contents
                .split("\n\n")
                .filter(|item| !known.contains(item));
            without_mirrors(&own.collect::<Vec<_>>().join("\n\n"))
        };
        if !text.trim().is_empty() {
            let _ = write!(shown, "\n==> {} <==\n{}\n", file.path, text.trim());
        }
    }
    shown
}

fn generate_text(document: &str) -> Vec<OutputFile> {
    generate(
        &[input("")],
        &options("fixture"),
        &Text(document.as_bytes()),
    )
    .files()
}

/// How items begin that say again, the other way round, what is shown anyway: writing mirrors
/// reading, a union's conversions mirror its variants.
const MIRRORS: [&str; 7] = [
    "// @generated by oas-codegen",
    "fn write<",
    "pub fn as_str(",
    "pub const LISTED:",
    "impl From<",
    "impl AsMut<rt::Request> for",
    "rt::impl_serde!(",
];

/// Source without its mirrors and their documentation.
fn without_mirrors(text: &str) -> String {
    let mut shown: Vec<&str> = Vec::new();
    let mut end: Option<(usize, char)> = None;
    for line in text.lines() {
        let item = line.trim_start();
        let indentation = line.len() - item.len();
        if let Some((outer, closing)) = end {
            if indentation == outer && item.starts_with(closing) {
                end = None;
            }
            continue;
        }
        let is_mirror = MIRRORS.iter().any(|start| item.starts_with(start));
        let is_told = item.starts_with("impl From<&str>") || item.contains(" for rt::");
        if !is_mirror || is_told {
            // One blank line between items, wherever something between them is left out.
            if !(item.is_empty() && shown.last().is_some_and(|last| last.is_empty())) {
                shown.push(line);
            }
            continue;
        }
        while shown.last().is_some_and(|above| {
            let above = above.trim_start();
            above.starts_with("///") || above.starts_with("#[")
        }) {
            shown.pop();
        }
        end = match item.chars().last() {
            Some('{') => Some((indentation, '}')),
            Some('[') => Some((indentation, ']')),
            Some('(') => Some((indentation, ')')),
            _ => None,
        };
    }
    shown.join("\n")
}
