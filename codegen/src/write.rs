//! Writes generated files: atomically, only what changed, and without leaving stale ones behind.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the generator's output meets the disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::emit::OutputFile;

/// What writing did, or with `check` would do. Paths are relative to the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files with other contents.
    pub changed: Vec<String>,
    /// Files of an earlier run that are not generated any more.
    pub removed: Vec<String>,
}

impl Changes {
    /// Whether the directory is as it should be.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Brings `directory` to hold these files; with `check` it only says what that would change.
///
/// Only files that are generated are ever removed: Rust files below `src`, JSON Schemas below
/// `schemas` and an embedded runtime that a generator's first line or name marks as such. A folder
/// that this leaves empty goes with them.
pub fn write(directory: &Path, files: &[OutputFile], check: bool) -> io::Result<Changes> {
    let mut changes = Changes::default();
    let mut wanted = BTreeSet::new();
    let mut writes = Vec::new();
    for file in files {
        let path = directory.join(&file.path);
        wanted.insert(path.clone());
        match fs::read(&path) {
            Ok(have) if have == file.contents.as_bytes() => continue,
            Ok(_) => changes.changed.push(file.path.clone()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                changes.added.push(file.path.clone());
            }
            Err(error) => return Err(at(&path, &error)),
        }
        writes.push((path, file.contents.as_bytes()));
    }
    for (path, contents) in writes.iter().filter(|_| !check) {
        write_atomically(path, contents).map_err(|error| at(path, &error))?;
    }
    for below in ["src", "schemas", "oas-runtime"] {
        let mut found = Vec::new();
        list(&directory.join(below), &mut found)?;
        for path in found
            .into_iter()
            .filter(|path| !wanted.contains(path) && is_generated(path))
        {
            if !check {
                fs::remove_file(&path).map_err(|error| at(&path, &error))?;
                remove_empty_folders(&path, directory);
            }
            let relative = path.strip_prefix(directory).unwrap_or(&path);
            changes
                .removed
                .push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(changes)
}

/// Removes the folders around a removed file that are empty now.
fn remove_empty_folders(removed: &Path, directory: &Path) {
    let folders = removed.ancestors().skip(1);
    for folder in folders.take_while(|folder| *folder != directory) {
        // One that is not empty stays.
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// A reader sees the old file or the new one, whole.
fn write_atomically(path: &Path, contents: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = directory.join(name);
    fs::write(&temporary, contents)?;
    fs::rename(&temporary, path)
}

fn list(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(directory, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Files of others in the places of generated ones, by path below the directory.
pub fn foreign_files(directory: &Path, files: &[OutputFile]) -> Vec<String> {
    let is_foreign = |file: &&OutputFile| {
        fs::read(directory.join(&file.path)).is_ok_and(|have| !is_ours(&file.path, &have))
    };
    files
        .iter()
        .filter(is_foreign)
        .map(|file| file.path.clone())
        .collect()
}

/// Whether a file that is to be replaced came from the generator: by its first line, or, where the
/// format has no place for one, by where it stands.
fn is_ours(path: &str, contents: &[u8]) -> bool {
    path.starts_with("schemas/")
        || path.starts_with("oas-runtime/")
        || contents.starts_with(b"// @generated by oas-codegen")
        || contents.starts_with(b"# @generated by oas-codegen")
}

fn is_generated(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if name.ends_with(".schema.json") {
        return true;
    }
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    let mark = match &*name {
        "Cargo.toml" => "# @generated by oas-codegen",
        _ if is_rust => "// @generated by oas-codegen",
        _ => return false,
    };
    fs::read(path).is_ok_and(|text| text.starts_with(mark.as_bytes()))
}
