//! What the command line names: files, folders, patterns, links and archives.
//!
//! The tests make the files themselves, so that links and damaged archives are in no repository.

#![expect(clippy::disallowed_methods, reason = "tests make files and read them")]

mod named;
mod packed;
mod program;

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use export_validator::input::{self, Input, Limits, Progress, Visited, expand};
use flate2::{Compression, write::GzEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use tempfile::TempDir;

/// A folder with these files; they hold their own names unless something else is said.
fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        write(&folder, file, file.as_bytes());
    }
    folder
}

fn write(folder: &TempDir, file: &str, bytes: &[u8]) {
    let path = folder.path().join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
    fs::write(path, bytes).expect("files can be written");
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// A zip archive; texts are deflated unless they are to be stored.
fn zip(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, text) in entries {
        if name.ends_with('/') {
            let folder = archive.new_dir(*name);
            folder.create().expect("a vector takes everything");
            continue;
        }
        let (mut entry, config) = archive
            .new_file(*name)
            .compression_method(method)
            .start()
            .expect("a vector takes everything");
        let packed: Box<dyn Write> = if method == CompressionMethod::DEFLATE {
            Box::new(flate2::write::DeflateEncoder::new(
                &mut entry,
                Compression::default(),
            ))
        } else {
            Box::new(&mut entry)
        };
        let mut writer = config.wrap(packed);
        writer.write_all(text).expect("a vector takes everything");
        let (packed, descriptor) = writer.finish().expect("a vector takes everything");
        drop(packed);
        entry.finish(descriptor).expect("a vector takes everything");
    }
    archive.finish().expect("a vector takes everything");
    bytes
}

/// The deflated entries of an archive.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip(entries, CompressionMethod::DEFLATE)
}

/// Arguments below a folder; `-` is the standard input.
fn arguments(folder: &Path, arguments: &[&str]) -> Vec<PathBuf> {
    let path = |&argument: &&str| match argument {
        "-" => "-".into(),
        argument => folder.join(argument),
    };
    arguments.iter().map(path).collect()
}

/// What arguments expand to, as people see it: paths below the folder, or errors.
fn expanded(folder: &TempDir, names: &[&str]) -> Vec<String> {
    let root = format!("{}/", folder.path().display());
    expand(&arguments(folder.path(), names))
        .into_iter()
        .map(|source| match source {
            Ok(source) => source.path().display().to_string(),
            Err(error) => format!("error: {error}"),
        })
        .map(|line| line.replace(&root, ""))
        .collect()
}

/// What is read: a line for each input, and for each that cannot be.
fn read(folder: &Path, names: &[&str], mut stdin: &[u8], limits: &Limits) -> Vec<String> {
    let root = format!("{}/", folder.display());
    let sources = expand(&arguments(folder, names));
    let mut lines = Vec::new();
    input::visit(
        sources,
        limits,
        &Progress::hidden(),
        &mut stdin,
        |visited| {
            let line = match visited {
                Visited::Input(input) => text_of(input),
                Visited::Unreadable(error) => format!("error: {error}"),
                Visited::LeftAlone { archive, files } => format!("{archive}: {files} others"),
            };
            lines.push(line.replace(&root, ""));
        },
    );
    lines
}

fn text_of(mut input: Input<'_>) -> String {
    let mut text = Vec::new();
    let outcome = input.reader.read_to_end(&mut text);
    if let (Ok(len), Some(size)) = (&outcome, input.size) {
        assert_eq!(*len as u64, size, "{input:?}");
    }
    let text = match std::str::from_utf8(&text) {
        Ok(text) if text.len() < 50 => text.to_owned(),
        _ => format!("{} bytes", text.len()),
    };
    let packing = match input.packing {
        Some(packing) => format!("{packing:?} "),
        None => String::new(),
    };
    let error = match outcome {
        Ok(_) => String::new(),
        Err(error) => format!(", then {:?}: {error}", error.kind()),
    };
    format!("{}: {packing}{:?} {text}{error}", input.name, input.kind)
}

fn check(actual: &[String], expected: &[&str]) {
    assert_eq!(actual, expected, "{actual:#?}");
}
