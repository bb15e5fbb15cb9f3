//! The program in folders of files: each has its `commands`, and what they do stands beside them.
//!
//! A line of `commands` is a command line; variables may stand before the program's name, and
//! `< FILE` at the end is the standard input. The lines run one after the other in a copy of the
//! folder, and the snapshot tells what each writes, its exit status and which files it changes.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read their inputs from files"
)]

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The files of a folder, by path from there.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder of inputs") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("it is in there")
                    .to_owned();
                files.insert(name, std::fs::read(&path).expect("inputs can be read"));
            }
        }
    }
    files
}

/// Runs a line of `commands`; what it writes and its exit status.
fn run(line: &str, folder: &Path) -> String {
    let (line, input) = match line.split_once(" < ") {
        Some((line, input)) => (line, Some(input)),
        None => (line, None),
    };
    let mut words = line.split_whitespace().peekable();
    let mut command = Command::new(env!("CARGO_BIN_EXE_validate-export"));
    command.current_dir(folder).env_clear();
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        if name == "FOLDER" {
            command.current_dir(folder.join(value));
        } else {
            command.env(name, value);
        }
        words.next();
    }
    assert_eq!(words.next(), Some("validate-export"), "{line}");
    let input = match input {
        Some(input) => std::fs::File::open(folder.join(input))
            .expect("the input")
            .into(),
        None => Stdio::null(),
    };
    let output = command
        .args(words)
        .stdin(input)
        .output()
        .expect("the program starts");
    let mut shown = String::new();
    for (name, bytes) in [("output", &output.stdout), ("errors", &output.stderr)] {
        if !bytes.is_empty() {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let text = text.replace('\u{1b}', "ESC");
            write!(shown, "-- {name}\n{text}").expect("a string takes everything");
        }
    }
    let status = output
        .status
        .code()
        .expect("it was not stopped by a signal");
    writeln!(shown, "-- status {status}").expect("a string takes everything");
    shown
}

fn check(commands: &Path) {
    let source = commands.parent().expect("it is in a folder");
    if source.ends_with("spec") && cfg!(not(feature = "spec")) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files(source) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
    }
    let root = folder.path().canonicalize().expect("it is there");
    let root = root.to_string_lossy();
    let text = std::fs::read_to_string(commands).expect("commands");
    let mut shown = String::new();
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let before = files(folder.path());
        let said = run(line, folder.path())
            .replace(&*root, "FOLDER")
            .replace(env!("CARGO_PKG_VERSION"), "VERSION");
        writeln!(shown, "$ {line}\n{said}").expect("a string takes everything");
        for (name, bytes) in files(folder.path()) {
            if before.get(&name) != Some(&bytes) {
                let name = name.display();
                let text = String::from_utf8_lossy(&bytes);
                writeln!(shown, "-- wrote {name}\n{text}").expect("a string takes everything");
            }
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(source.parent().expect("it is in a folder"));
    settings.remove_snapshot_suffix();
    let name = source.file_name().expect("it has a name").to_string_lossy();
    settings.bind(|| insta::assert_snapshot!(&*name, shown));
}

#[test]
fn commands_do_what_stands_beside_them() {
    insta::glob!("cases/*/commands", check);
}
