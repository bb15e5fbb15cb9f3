//! Writes generated files: atomically, only what changed, and without leaving stale ones behind.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is where the generator's output meets the disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::Output;
use crate::emit::Sink;

/// What writing did, or with `check` would do. Paths are relative to the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub added: Vec<String>,
    /// Files with other contents.
    pub changed: Vec<String>,
    /// Files of an earlier run that are not generated any more.
    pub removed: Vec<String>,
    /// How many files stay as they are.
    pub unchanged: usize,
}

impl Changes {
    /// Whether the directory is as it should be.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }

    /// How many files the crate has.
    pub fn files(&self) -> usize {
        self.added.len() + self.changed.len() + self.unchanged
    }
}

/// Brings `directory` to hold this output; with `check` it only says what that would change.
///
/// Only files that are generated are ever removed: Rust files below `src`, JSON Schemas below
/// `schemas` and an embedded runtime that a generator's first line or name marks as such. A folder
/// that this leaves empty goes with them.
pub fn write(directory: &Path, output: &Output, check: bool) -> io::Result<Changes> {
    let is_new = !directory.exists();
    let disk = Disk {
        directory,
        is_new,
        check,
        changes: Mutex::default(),
    };
    output.emit(&disk)?;
    let mut changes = disk
        .changes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    changes.added.sort_unstable();
    changes.changed.sort_unstable();
    if is_new {
        return Ok(changes);
    }
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

/// Brings files to hold what they are given.
struct Disk<'a> {
    directory: &'a Path,
    /// Whether the directory was not there.
    is_new: bool,
    /// Whether that is only to be checked.
    check: bool,
    changes: Mutex<Changes>,
}

/// A file of which the first pieces are known.
struct Growing {
    name: String,
    path: PathBuf,
    state: State,
}

enum State {
    /// So many bytes are in the file already.
    Same { have: fs::File, length: u64 },
    /// There was none.
    New { file: Option<fs::File> },
    /// It is written beside the old one: a reader sees the old file or the new one, whole.
    Other { file: Option<(fs::File, PathBuf)> },
}

impl Sink for Disk<'_> {
    type File = Growing;
    type Error = io::Error;

    fn begin(&self, name: &str) -> io::Result<Growing> {
        let path = self.directory.join(name);
        let have = if self.is_new {
            Err(io::ErrorKind::NotFound.into())
        } else {
            fs::File::open(&path)
        };
        let state = match have {
            Ok(have) => State::Same { have, length: 0 },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = (!self.check).then(|| create(&path)).transpose();
                State::New {
                    file: file.map_err(|error| at(&path, &error))?,
                }
            }
            Err(error) => return Err(at(&path, &error)),
        };
        Ok(Growing {
            name: name.to_owned(),
            path,
            state,
        })
    }

    fn write(&self, growing: &mut Growing, text: &str) -> io::Result<()> {
        let added = growing.add(text, self.check);
        added.map_err(|error| at(&growing.path, &error))
    }

    fn end(&self, mut growing: Growing) -> io::Result<()> {
        let ended = growing.end(self.check);
        ended.map_err(|error| at(&growing.path, &error))?;
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        match growing.state {
            State::Same { .. } => changes.unchanged += 1,
            State::New { .. } => changes.added.push(growing.name),
            State::Other { .. } => changes.changed.push(growing.name),
        }
        Ok(())
    }
}

impl Growing {
    fn add(&mut self, text: &str, check: bool) -> io::Result<()> {
        if let State::Same { have, length } = &mut self.state {
            let mut piece = Vec::with_capacity(text.len());
            have.take(text.len() as u64).read_to_end(&mut piece)?;
            if piece == text.as_bytes() {
                *length += text.len() as u64;
                return Ok(());
            }
            self.differ(check)?;
        }
        match &mut self.state {
            State::New { file: Some(file) }
            | State::Other {
                file: Some((file, _)),
            } => file.write_all(text.as_bytes()),
            _ => Ok(()),
        }
    }

    fn end(&mut self, check: bool) -> io::Result<()> {
        if let State::Same { have, length } = &self.state
            && have.metadata()?.len() != *length
        {
            self.differ(check)?;
        }
        match &self.state {
            State::Other {
                file: Some((_, temporary)),
            } => fs::rename(temporary, &self.path),
            _ => Ok(()),
        }
    }

    /// Goes on in a file beside the old one, with as much of it as was the same.
    fn differ(&mut self, check: bool) -> io::Result<()> {
        let State::Same { have, length } = &mut self.state else {
            return Ok(());
        };
        if check {
            self.state = State::Other { file: None };
            return Ok(());
        }
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let temporary = self.path.with_file_name(name);
        let mut file = fs::File::create(&temporary)?;
        have.rewind()?;
        io::copy(&mut have.take(*length), &mut file)?;
        self.state = State::Other {
            file: Some((file, temporary)),
        };
        Ok(())
    }
}

/// Creates a file, and its directory where there is none.
fn create(path: &Path) -> io::Result<fs::File> {
    match fs::File::create(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
            fs::File::create(path)
        }
        file => file,
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn list(directory: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(directory, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        // What a link leads to is asked of the file system, all else the folder knows.
        let kind = entry.file_type()?;
        let is_folder = kind.is_dir() || (kind.is_symlink() && path.is_dir());
        paths.push((path, is_folder));
    }
    paths.sort();
    for (path, is_folder) in paths {
        if is_folder {
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
