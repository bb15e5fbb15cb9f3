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
    path::Path,
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

/// Writes a file that takes the place of an old one when it is whole.
///
/// What is no file but a device or a pipe is written to as it is.
pub(super) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // The link stays, and what it leads to is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let mut file = BufWriter::new(File::options().write(true).open(&target)?);
        write(&mut file)?;
        return file.flush();
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
