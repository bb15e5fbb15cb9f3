//! The program that sends examples through the generated types: written, built and run.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::build::cargo;
use crate::corpus::generate::last_lines;

/// A value and the type that it goes through, by index.
pub(super) struct Trip<'a> {
    pub(super) rust: usize,
    pub(super) value: &'a Value,
}

/// Where the program is made and with what.
pub(super) struct Wrapper<'a> {
    /// The generated crate.
    pub(super) package: &'a str,
    pub(super) directory: &'a Path,
    /// Where the program is written.
    pub(super) program: PathBuf,
    /// The target directory that all programs share.
    pub(super) target: &'a Path,
    /// The versions of dependencies to use.
    pub(super) lock: &'a Path,
}

impl Wrapper<'_> {
    /// What comes out for each trip: the value's text, or what the type complains about.
    pub(super) fn run(
        &self,
        types: &[String],
        trips: &[Trip<'_>],
    ) -> anyhow::Result<Vec<Result<Value, String>>> {
        self.write(types)?;
        let built = cargo()
            .args(["build", "--quiet", "--message-format", "short"])
            .current_dir(&self.program)
            .env("CARGO_TARGET_DIR", self.target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .output()
            .context("cannot start cargo")?;
        if !built.status.success() {
            let errors = String::from_utf8_lossy(&built.stderr);
            let errors: Vec<&str> = errors.lines().filter(|l| l.contains("error")).collect();
            bail!(
                "the program that sends examples through the types does not build: {}",
                errors[..errors.len().min(5)].join("\n")
            );
        }
        let mut input = String::new();
        for trip in trips {
            let _ = writeln!(input, "{}\t{}", trip.rust, trip.value);
        }
        let mut child = Command::new(self.target.join("debug/round-trip"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the program that sends examples through the types")?;
        let mut stdin = child.stdin.take().context("no standard input")?;
        let feed = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let told = child.wait_with_output()?;
        let _ = feed.join();
        let output = String::from_utf8_lossy(&told.stdout);
        let mut results: Vec<_> = output.lines().map(read_line).collect();
        if results.len() < trips.len() {
            let errors = String::from_utf8_lossy(&told.stderr);
            results.push(Err(format!("the program ended: {}", last_lines(&errors))));
        }
        results.resize(trips.len(), Err("the program had ended before".to_owned()));
        Ok(results)
    }

    fn write(&self, types: &[String]) -> anyhow::Result<()> {
        fs::create_dir_all(self.program.join("src"))?;
        fs::copy(self.lock, self.program.join("Cargo.lock"))?;
        let manifest = format!(
            "[package]\nname = \"round-trip\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\napi = {{ package = {:?}, path = {:?} }}\n\n[workspace]\n",
            self.package,
            self.directory.to_string_lossy()
        );
        fs::write(self.program.join("Cargo.toml"), manifest)?;
        fs::write(self.program.join("src/main.rs"), source(types))
            .with_context(|| format!("cannot write below {}", self.program.display()))
    }
}

fn read_line(line: &str) -> Result<Value, String> {
    match line.split_once('\t') {
        Some(("ok", text)) => serde_json::from_str(text).map_err(|e| format!("{e}: {text}")),
        Some((_, message)) => Err(message.to_owned()),
        None => Err(line.to_owned()),
    }
}

fn source(types: &[String]) -> String {
    let mut source = format!(
        "{PROGRAM}
const TYPES: &[fn(rt::Value) -> Result<String, String>] = &[
"
    );
    for ty in types {
        let _ = writeln!(source, "    through::<{ty}>,");
    }
    source
        + "];
"
}

const PROGRAM: &str = r#"use std::io::BufRead;

use api::rt;

fn through<T: rt::Json>(value: rt::Value) -> Result<String, String> {
    let typed = T::from_json(value).map_err(|error| error.to_string())?;
    Ok(typed.to_json().to_string())
}

fn line(line: &str) -> Result<String, String> {
    let (index, text) = line.split_once('\t').ok_or("no tab")?;
    let through = index.parse().ok().and_then(|index: usize| TYPES.get(index));
    let value = text.parse().map_err(|_| "no JSON")?;
    through.ok_or("no such type")?(value)
}

fn main() {
    for text in std::io::stdin().lock().lines().map_while(Result::ok) {
        match std::panic::catch_unwind(|| line(&text)) {
            Ok(Ok(text)) => println!("ok\t{text}"),
            Ok(Err(error)) => println!("error\t{}", error.replace(['\n', '\t'], " ")),
            Err(_) => println!("error\tpanic"),
        }
    }
}
"#;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_program_has_a_line_for_each_type() {
        let text = source(&["api::Pet".to_owned(), "Vec<api::Pet>".to_owned()]);
        assert!(
            text.ends_with("= &[\n    through::<api::Pet>,\n    through::<Vec<api::Pet>>,\n];\n")
        );
    }

    #[test]
    fn its_answers_are_values_or_complaints() {
        assert_eq!(read_line("ok\t{\"a\":1}"), Ok(json!({"a": 1})));
        assert_eq!(
            read_line("error\tno \"name\""),
            Err("no \"name\"".to_owned())
        );
        assert_eq!(read_line("odd"), Err("odd".to_owned()));
    }
}
