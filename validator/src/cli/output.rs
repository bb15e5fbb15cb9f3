//! Where the report goes.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the program writes files; the core does not"
)]

use std::{
    env,
    ffi::OsStr,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::ColorChoice;
use jiff::Timestamp;
use tempfile::NamedTempFile;

/// Whether to write colours.
///
/// Unless the option says so, `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR` count, in this order, and
/// then whether the output is a terminal that has colours.
pub(super) fn wants_colours(choice: ColorChoice, is_terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let is_zero = |value: &OsStr| value == "0";
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR").is_some() => false,
        ColorChoice::Auto if set("CLICOLOR_FORCE").is_some_and(|value| !is_zero(&value)) => true,
        ColorChoice::Auto => {
            let is_off = set("CLICOLOR").is_some_and(|value| is_zero(&value));
            let is_dumb = set("TERM").is_some_and(|terminal| terminal == "dumb");
            is_terminal && !is_off && !is_dumb
        }
    }
}

/// The time in UTC, for people; `SOURCE_DATE_EPOCH` takes its place where outputs are compared.
pub(super) fn time() -> String {
    let epoch = env::var("SOURCE_DATE_EPOCH").ok();
    let fixed = epoch.and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
    let time = fixed.unwrap_or_else(Timestamp::now);
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether two paths lead to one file.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// How many links in a row systems follow.
const MAX_LINKS: usize = 40;

/// Where a path leads, through links; also if there is nothing yet.
fn target_of(path: &Path) -> PathBuf {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = target.read_link() else {
            break;
        };
        target = match target.parent() {
            Some(folder) => folder.join(next),
            None => next,
        };
    }
    target.canonicalize().unwrap_or(target)
}

/// The number of the open stream that a path stands for, such as 1 for `/dev/stdout`.
///
/// What a stream was redirected to has what others wrote there too, and is not to be replaced.
fn stream_of(path: &Path) -> Option<u32> {
    let folders: Vec<PathBuf> = ["/proc/self/fd", "/dev/fd"]
        .iter()
        .filter_map(|folder| Path::new(folder).canonicalize().ok())
        .collect();
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        let folder = match target.parent()? {
            here if here.as_os_str().is_empty() => Path::new("."),
            folder => folder,
        };
        let real = folder.canonicalize().ok()?;
        if folders.contains(&real) {
            return target.file_name()?.to_str()?.parse().ok();
        }
        target = real.join(target.read_link().ok()?);
    }
    None
}

/// Whether a path stands for the standard output.
pub(super) fn is_output(path: &Path) -> bool {
    path.as_os_str() == "-" || stream_of(path) == Some(1)
}

/// Writes a file that takes the place of an old one when it is whole.
///
/// What is no file but a device or a pipe is written to as it is, and so is what others opened for the
/// program.
pub(super) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    match stream_of(path) {
        Some(1) => return write_all(&mut io::stdout().lock(), write),
        Some(2) => return write_all(&mut io::stderr().lock(), write),
        Some(_) if path.is_file() => {
            return write_all(&mut File::options().append(true).open(path)?, write);
        }
        _ => {}
    }
    // The link stays, and what it leads to is replaced.
    let target = target_of(path);
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return write_all(&mut File::options().write(true).open(&target)?, write);
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        let reason = format!("there is no folder {}", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, reason));
    }
    let mut file = BufWriter::new(new_file(folder)?);
    write(&mut file)?;
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(&target)?;
    Ok(())
}

fn write_all(
    output: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut output = BufWriter::new(output);
    write(&mut output)?;
    output.flush()
}

/// A file of a temporary name, which goes away unless it is kept.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".validate-export-");
    #[cfg(unix)]
    {
        use std::{fs::Permissions, os::unix::fs::PermissionsExt};
        // What the user lets others read of new files, others may read of this one.
        builder.permissions(Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
