//! What a program is started with: variables, files, a home folder.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// What settings are read from. [`SystemEnvironment`] is the process's own; tests bring one of
/// theirs.
pub trait Environment {
    /// The value of an environment variable; `None` if it is not set.
    fn variable(&self, name: &str) -> Option<OsString>;

    /// The bytes of a file; [`io::ErrorKind::NotFound`] if there is none.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The user's home folder, if it is known.
    fn home(&self) -> Option<PathBuf>;
}

/// The process's environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnvironment;

impl Environment for SystemEnvironment {
    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is where settings meet the disk"
    )]
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn home(&self) -> Option<PathBuf> {
        std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
    }
}
