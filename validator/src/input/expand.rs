//! From what the command line names to files, each once.

#![expect(
    clippy::disallowed_methods,
    reason = "the program finds files; the core does not"
)]

use std::{
    collections::HashSet,
    ffi::OsStr,
    io,
    path::{Component, Path, PathBuf},
};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use super::{InputError, InputErrorKind, sniff};

/// Characters that make an argument a pattern if there is no file of that name.
const PATTERN: [char; 4] = ['*', '?', '[', '{'];

/// What programs put into folders whose contents they can make again.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// A file, or the standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    path: PathBuf,
    size: Option<u64>,
    is_named: bool,
}

impl Source {
    /// The standard input.
    pub(super) fn stdin() -> Self {
        Self {
            path: "-".into(),
            size: None,
            is_named: true,
        }
    }

    /// A file of so many bytes, for tests of what is done with the number.
    #[cfg(test)]
    pub(super) fn of_size(size: u64) -> Self {
        Self {
            path: size.to_string().into(),
            size: Some(size),
            is_named: true,
        }
    }

    /// Where it is, as the arguments lead there; `-` for the standard input.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes it has, packed as it is; `None` where only reading tells.
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Whether it is the standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// Whether an argument names it, rather than a folder that it is in.
    pub(crate) fn is_named(&self) -> bool {
        self.is_named
    }

    /// What reports call it.
    pub(super) fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }
}

/// Finds everything that arguments name, in their order.
///
/// A folder stands for the `.json`, `.ndjson`, `.jsonl`, `.yaml` and `.yml` files in it and in its
/// folders, for those of them with `.gz`, and for `.zip` archives, sorted by name. Hidden ones are
/// left out, and folders that are `node_modules` or that a `CACHEDIR.TAG` calls a cache. A pattern
/// (`exports/**/*.json`) that the shell has left as it is stands for the files and folders that it
/// matches, and `-` for the standard input.
///
/// What is named twice is there once, also where links lead to it. What cannot be found is an error
/// in its place, and does not stop the others.
pub fn expand(arguments: &[PathBuf]) -> Vec<Result<Source, InputError>> {
    let mut found = Found::default();
    for argument in arguments {
        if argument.as_os_str() == "-" {
            if !found.has_stdin {
                found.has_stdin = true;
                found.sources.push(Ok(Source::stdin()));
            }
            continue;
        }
        match argument.metadata() {
            Ok(metadata) if metadata.is_dir() => found.folder(argument),
            Ok(metadata) => {
                let size = metadata.is_file().then_some(metadata.len());
                found.file(argument, size, true);
            }
            Err(error) if is_missing(&error) && is_pattern(argument) => {
                found.pattern(argument);
            }
            Err(error) if is_missing(&error) => found.error(argument, InputErrorKind::NotFound),
            Err(error) => found.error(argument, InputErrorKind::Io(error)),
        }
    }
    found.sources
}

/// Whether a path can stand for others.
fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(PATTERN)
}

/// Whether a failure means that there is nothing of that name.
fn is_missing(error: &io::Error) -> bool {
    // Not every system takes every character in a name.
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

#[derive(Default)]
struct Found {
    sources: Vec<Result<Source, InputError>>,
    /// The files among them, without links.
    files: HashSet<PathBuf>,
    has_stdin: bool,
}

impl Found {
    fn error(&mut self, path: &Path, kind: InputErrorKind) {
        let name = path.to_string_lossy().into_owned();
        self.sources.push(Err(InputError { name, kind }));
    }

    fn file(&mut self, path: &Path, size: Option<u64>, is_named: bool) {
        // A pipe has no name of its own: it is what it is called.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.files.insert(real) {
            self.sources.push(Ok(Source {
                path: path.to_owned(),
                size,
                is_named,
            }));
        }
    }

    /// Adds the inputs in a folder and its folders.
    fn folder(&mut self, folder: &Path) {
        let is_input = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            sniff::is_text_name(&name) || sniff::is_zip_name(&name)
        };
        let mut is_empty = true;
        for entry in walk(folder, usize::MAX, |entry| !is_left_out(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_file() && is_input(&entry) => {
                    is_empty = false;
                    let size = entry.metadata().ok().map(|metadata| metadata.len());
                    self.file(entry.path(), size, false);
                }
                Ok(_) => {}
                Err(error) => {
                    is_empty = false;
                    self.walk_error(folder, error);
                }
            }
        }
        if is_empty {
            self.error(folder, InputErrorKind::NothingInFolder);
        }
    }

    /// Adds what matches a pattern.
    fn pattern(&mut self, argument: &Path) {
        let pattern = match Pattern::new(argument) {
            Ok(pattern) => pattern,
            Err(why) => return self.error(argument, InputErrorKind::Pattern(why)),
        };
        let mut is_empty = true;
        for entry in walk(&pattern.base, pattern.depth, |entry| {
            pattern.leads_to(entry)
        }) {
            match entry {
                Ok(entry) if entry.depth() > 0 && pattern.matches(entry.path()) => {
                    is_empty = false;
                    let path = pattern.as_written(entry.path());
                    if entry.file_type().is_dir() {
                        self.folder(path);
                    } else {
                        let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file);
                        self.file(path, metadata.map(|metadata| metadata.len()), true);
                    }
                }
                Ok(_) => {}
                Err(error) if error.depth() == 0 => {}
                // A link to nothing that the pattern does not mean.
                Err(error)
                    if error.path().is_some_and(|path| {
                        path.is_symlink() && path.metadata().is_err() && !pattern.matches(path)
                    }) => {}
                Err(error) => {
                    is_empty = false;
                    self.walk_error(argument, error);
                }
            }
        }
        if is_empty {
            self.error(argument, InputErrorKind::NoMatch);
        }
    }

    fn walk_error(&mut self, root: &Path, error: walkdir::Error) {
        let path = error.path().unwrap_or(root).to_owned();
        let error = error
            .into_io_error()
            .unwrap_or_else(|| io::Error::other("links lead in a circle"));
        self.error(&path, InputErrorKind::Io(error));
    }
}

/// A folder and what is in it, sorted by name and through links, each folder once.
fn walk(
    root: &Path,
    depth: usize,
    mut enters: impl FnMut(&DirEntry) -> bool,
) -> impl Iterator<Item = Result<DirEntry, walkdir::Error>> {
    // Links can lead to one folder on more ways than could ever be walked.
    let mut folders = HashSet::new();
    WalkDir::new(root)
        .follow_links(true)
        .max_depth(depth)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(move |entry| {
            if entry.depth() == 0 {
                folders.extend(entry.path().canonicalize());
                return true;
            }
            enters(entry)
                && (!entry.file_type().is_dir()
                    || match entry.path().canonicalize() {
                        Ok(real) => folders.insert(real),
                        Err(_) => true,
                    })
        })
        .filter(|entry| match entry {
            // A link to a folder above: it is being walked already.
            Err(error) if error.loop_ancestor().is_some() => false,
            // A link to nothing is of interest where an input would be.
            Err(error) => error.path().is_none_or(|path| {
                !path.is_symlink() || path.file_name().is_some_and(is_input_name)
            }),
            Ok(_) => true,
        })
}

fn is_input_name(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    sniff::is_text_name(&name) || sniff::is_zip_name(&name)
}

/// Whether an entry is left out of a folder.
fn is_left_out(entry: &DirEntry) -> bool {
    sniff::is_left_out(&entry.file_name().to_string_lossy())
        || (entry.file_type().is_dir() && entry.path().join(CACHE_TAG).is_file())
}

/// A pattern, and the folder below which everything is that it can match.
struct Pattern {
    base: PathBuf,
    /// Whether the base stands in the argument.
    has_base: bool,
    matcher: GlobMatcher,
    /// Folders and the file that a match has after the base.
    depth: usize,
    /// What the pattern says of names that are left out otherwise.
    written: String,
}

impl Pattern {
    fn new(argument: &Path) -> Result<Self, String> {
        let is_literal = |component: &Component<'_>| !is_pattern(component.as_ref());
        let components: Vec<_> = argument.components().collect();
        let literal = components
            .iter()
            .take_while(|part| is_literal(part))
            .count();
        let (base, rest) = components.split_at(literal);
        let base: PathBuf = base.iter().collect();
        let rest: PathBuf = rest.iter().collect();
        let written = rest.to_string_lossy().into_owned();
        let matcher = GlobBuilder::new(&written)
            .literal_separator(true)
            .build()
            .map_err(|error| error.kind().to_string())?
            .compile_matcher();
        let is_any_depth = written.contains("**") || written.contains('{');
        Ok(Self {
            has_base: literal > 0,
            base: if literal > 0 { base } else { ".".into() },
            matcher,
            depth: if is_any_depth {
                usize::MAX
            } else {
                components.len() - literal
            },
            written,
        })
    }

    fn matches(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.base).unwrap_or(path);
        self.matcher.is_match(below)
    }

    /// Whether a match can be there: names that are left out must be in the pattern.
    fn leads_to(&self, entry: &DirEntry) -> bool {
        let name = entry.file_name().to_string_lossy();
        !sniff::is_left_out(&name)
            || self.written.contains(name.as_ref())
            || (name.starts_with('.')
                && (self.written.starts_with('.') || self.written.contains("/.")))
    }

    /// A path as the pattern is written: with no `./` that it has not.
    fn as_written<'a>(&self, path: &'a Path) -> &'a Path {
        if self.has_base {
            return path;
        }
        path.strip_prefix(&self.base).unwrap_or(path)
    }
}
