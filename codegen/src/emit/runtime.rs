//! The runtime's own sources, for crates that carry it with them.

use super::OutputFile;

include!(concat!(env!("OUT_DIR"), "/runtime_sources.rs"));

/// The directory of the embedded runtime.
pub(super) const DIRECTORY: &str = "oas-runtime";

/// The runtime as a package inside of the generated one.
pub(super) fn files() -> Vec<OutputFile> {
    let file = |path: &str, contents: &str| OutputFile {
        path: format!("{DIRECTORY}/{path}"),
        contents: contents.to_owned(),
    };
    let mut files: Vec<OutputFile> = RUNTIME_SOURCES
        .iter()
        .map(|(path, contents)| file(path, contents))
        .collect();
    files.push(file("Cargo.toml", RUNTIME_MANIFEST));
    files
}
