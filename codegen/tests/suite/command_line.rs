//! The program as a user runs it: exit codes, streams, and what it does to the disk.
//!
//! A case in `command_line/` is a list of steps in a folder of its own, which holds a copy of
//! `command_line/documents/`:
//! - `oas-codegen ARGUMENT…` runs the program,
//! - `write FILE TEXT` writes a file,
//! - `replace FILE OLD NEW` replaces a text in a file.
//!
//! Arguments hold no spaces. The snapshot shows what each run said and which files it added (`+`),
//! changed (`*`), removed (`-`) or wrote as they were (`=`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::support::{Fixture, tests};

/// Contents and times of all files below a folder, by path.
type Files = BTreeMap<String, (Vec<u8>, SystemTime)>;

fn files_below(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy();
            let contents = std::fs::read(&path).expect("the file can be read");
            let metadata = path.metadata().expect("the file is there");
            let time = metadata.modified().expect("the file has a time");
            files.insert(name.replace('\\', "/"), (contents, time));
        }
    }
    files
}

/// What happened to the files; the runtime's own are counted.
fn changes(before: &Files, after: &Files) -> String {
    let mut shown = String::new();
    let mut runtime = 0;
    let mut show = |sign: char, path: &str| {
        if path.contains("oas-runtime/src/") {
            runtime += 1;
        } else {
            let _ = writeln!(shown, "{sign} {path}");
        }
    };
    for (path, (contents, time)) in after {
        match before.get(path) {
            None => show('+', path),
            Some((old, _)) if old != contents => show('*', path),
            Some((_, old)) if old != time => show('=', path),
            Some(_) => {}
        }
    }
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        show('-', path);
    }
    if runtime > 0 {
        let _ = writeln!(shown, "and files of the runtime");
    }
    shown
}

/// A line without the runtime's own files in its counts: they may become more without any change here.
fn without_runtime(line: &str, runtime: usize) -> String {
    let Some((head, counts)) = line.split_once(" operations, ") else {
        return line.to_owned();
    };
    let words = counts.split(' ').map(|word| {
        let digits = word.trim_start_matches('(');
        match digits.parse::<usize>() {
            Ok(count) if runtime > 0 && count >= runtime => {
                let own = (count - runtime).to_string();
                format!("{}+runtime", word.replace(digits, &own))
            }
            _ => word.to_owned(),
        }
    });
    format!("{head} operations, {}", words.collect::<Vec<_>>().join(" "))
}

fn run(arguments: &[&str], folder: &Path) -> String {
    let before = files_below(folder);
    let output = Command::new(env!("CARGO_BIN_EXE_oas-codegen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program can be run");
    let after = files_below(folder);
    let out = arguments.iter().skip_while(|word| **word != "--out").nth(1);
    let sources = format!("{}/oas-runtime/src/", out.unwrap_or(&""));
    let is_runtime = |path: &&String| path.starts_with(&sources) && !path.ends_with("/own.rs");
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let runtime = all.into_iter().filter(is_runtime).count();
    let mut shown = format!("exit {}\n", output.status.code().unwrap_or(-1));
    for (name, stream) in [("out", output.stdout), ("err", output.stderr)] {
        for line in String::from_utf8_lossy(&stream).lines() {
            let _ = writeln!(shown, "{name}: {}", without_runtime(line, runtime));
        }
    }
    shown + &changes(&before, &after)
}

fn step(line: &str, folder: &Path) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["oas-codegen", arguments @ ..] => run(arguments, folder),
        ["write", file, ..] => {
            let text = line.splitn(3, ' ').nth(2).unwrap_or_default();
            let path = folder.join(file);
            let parent = path.parent().expect("the file stands in a folder");
            std::fs::create_dir_all(parent).expect("the folder can be made");
            std::fs::write(path, format!("{text}\n")).expect("the file can be written");
            String::new()
        }
        ["replace", file, old, new] => {
            let path = folder.join(file);
            let text = std::fs::read_to_string(&path).expect("the file can be read");
            assert!(text.contains(old), "{file} does not hold {old}");
            std::fs::write(path, text.replace(old, new)).expect("the file can be written");
            String::new()
        }
        _ => panic!("no step: {line}"),
    }
}

fn check(case: &Path) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let documents = tests().join("command_line/documents");
    for (name, (contents, _)) in files_below(&documents) {
        let path = folder.path().join(name);
        let parent = path.parent().expect("the file stands in a folder");
        std::fs::create_dir_all(parent).expect("the folder can be made");
        std::fs::write(path, contents).expect("the file can be written");
    }
    let mut shown = String::new();
    for line in std::fs::read_to_string(case)
        .expect("the case is there")
        .lines()
    {
        if !line.is_empty() {
            let _ = writeln!(shown, "$ {line}\n{}", step(line, folder.path()));
        }
    }
    Fixture::at(case).assert_snapshot(&shown);
}

#[test]
fn the_program_behaves_as_reviewed() {
    insta::glob!("../command_line", "*.txt", check);
}
