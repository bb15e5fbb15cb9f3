//! Writes generated files: atomically, only what changed, and without leaving stale ones behind.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where the generator's output meets the disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::Output;

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

/// Brings `directory` to hold this output; with `check` it only says what that would change.
///
/// Only files that are generated are ever removed: Rust files below `src`, JSON Schemas below
/// `schemas` and an embedded runtime that a generator's first line or name marks as such. A folder
/// that this leaves empty goes with them.
pub fn write(directory: &Path, output: &Output, check: bool) -> io::Result<Changes> {
    let changes = Mutex::new(Changes::default());
    output.for_each_file(&|name, pieces| {
        let change = bring(&directory.join(name), &pieces, check)?;
        let mut changes = changes.lock().unwrap_or_else(PoisonError::into_inner);
        match change {
            Change::Nothing => {}
            Change::Added => changes.added.push(name.to_owned()),
            Change::Changed => changes.changed.push(name.to_owned()),
        }
        Ok::<(), io::Error>(())
    })?;
    let mut changes = changes.into_inner().unwrap_or_else(PoisonError::into_inner);
    changes.added.sort_unstable();
    changes.changed.sort_unstable();
    let wanted: BTreeSet<PathBuf> = output
        .paths()
        .iter()
        .map(|path| directory.join(path))
        .collect();
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

enum Change {
    Nothing,
    Added,
    Changed,
}

/// Brings a file to hold these pieces, unless that is only to be checked.
fn bring(path: &Path, pieces: &[String], check: bool) -> io::Result<Change> {
    let change = match fs::File::open(path).and_then(|file| holds(file, pieces)) {
        Ok(true) => return Ok(Change::Nothing),
        Ok(false) => Change::Changed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Change::Added,
        Err(error) => return Err(at(path, &error)),
    };
    let written = match change {
        _ if check => Ok(()),
        Change::Changed => replace(path, pieces),
        Change::Added | Change::Nothing => create(path, pieces),
    };
    written.map_err(|error| at(path, &error))?;
    Ok(change)
}

/// Whether a file holds these pieces and nothing else.
fn holds(mut file: fs::File, pieces: &[String]) -> io::Result<bool> {
    let expected: usize = pieces.iter().map(String::len).sum();
    if file.metadata()?.len() != expected as u64 {
        return Ok(false);
    }
    let mut have = Vec::new();
    for piece in pieces {
        have.clear();
        (&mut file)
            .take(piece.len() as u64)
            .read_to_end(&mut have)?;
        if have != piece.as_bytes() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// A reader sees the old file or the new one, whole.
fn replace(path: &Path, pieces: &[String]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = path.with_file_name(name);
    create(&temporary, pieces)?;
    fs::rename(&temporary, path)
}

fn create(path: &Path, pieces: &[String]) -> io::Result<()> {
    let mut file = match fs::File::create(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            fs::File::create(path)?
        }
        file => file?,
    };
    for piece in pieces {
        file.write_all(piece.as_bytes())?;
    }
    Ok(())
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
pub fn foreign_files(directory: &Path, output: &Output) -> Vec<String> {
    let is_foreign =
        |path: &String| beginning(&directory.join(path)).is_ok_and(|have| !is_ours(path, &have));
    if !directory.exists() {
        return Vec::new();
    }
    output.paths().into_iter().filter(is_foreign).collect()
}

/// As much of a file as the generator's mark takes.
fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(64).read_to_end(&mut bytes)?;
    Ok(bytes)
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
    beginning(path).is_ok_and(|text| text.starts_with(mark.as_bytes()))
}
