//! What the checks have in common: reading fixtures, generating, showing what came out.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use oas_codegen::cli::with_large_stack;
use oas_codegen::config::Config;
use oas_codegen::emit::{Manifest, OutputFile, Runtime};
use oas_codegen::load::{Limits, ReadFile};
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
    let mut options = Options::new(crate_name, manifest);
    options.limits = Limits::default();
    options.config = Config::default();
    options
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

/// The generated sources, less what every crate has and what only repeats the rest.
pub(crate) fn sources(files: &[OutputFile], blank: &[OutputFile]) -> String {
    let mut shown = String::new();
    for file in files {
        let same = blank.iter().find(|have| have.path == file.path);
        let text = if file.path == "Cargo.toml" {
            less_lines(&file.contents, same)
        } else {
            less_items(&without_repetition(&file.contents), same)
        };
        if !text.trim().is_empty() {
            let _ = write!(shown, "\n==> {} <==\n{}\n", file.path, text.trim());
        }
    }
    shown
}

/// The lines that are not in `other`.
fn less_lines(text: &str, other: Option<&OutputFile>) -> String {
    let known: HashSet<&str> = other
        .iter()
        .flat_map(|file| file.contents.lines())
        .collect();
    let own = text.lines().filter(|line| !known.contains(line));
    own.collect::<Vec<_>>().join("\n")
}

/// The paragraphs of source, items mostly, that are not in `other`.
fn less_items(text: &str, other: Option<&OutputFile>) -> String {
    let known: HashSet<&str> = other
        .iter()
        .flat_map(|file| file.contents.split("\n\n"))
        .collect();
    let own = text.split("\n\n").filter(|item| !known.contains(item));
    own.collect::<Vec<_>>().join("\n\n")
}

/// Source without what mirrors something else in it: writing mirrors reading.
fn without_repetition(text: &str) -> String {
    let mut shown = String::new();
    let mut end: Option<String> = None;
    for line in text.lines() {
        if let Some(closing) = &end {
            if line == closing {
                end = None;
            }
            continue;
        }
        let starts_mirror = ["fn to_json(", "impl AsMut<rt::Request> for"]
            .iter()
            .any(|start| line.trim_start().starts_with(start));
        let is_plain = line.starts_with("// @generated") || line.starts_with("rt::impl_serde!(");
        if starts_mirror {
            let indentation = line.len() - line.trim_start().len();
            end = Some(format!("{}}}", " ".repeat(indentation)));
        } else if !is_plain {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    shown
}
