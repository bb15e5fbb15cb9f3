//! What is generated compiles as it is: without warnings, with its documentation and examples.
//!
//! The fixtures in `builds` are only built: what becomes of them is too long to be read.
//!
//! All crates are checked in one run of cargo, as dependencies of one package that also holds
//! their documentation's examples. It works offline: the lock file is the workspace's.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use oas_codegen::emit::Runtime;
use oas_codegen::{Generated, Options, write};

use crate::support::{Fixture, fixtures, sources, tests};

/// A crate to build beside the fixtures' plain ones.
struct Variant {
    name: &'static str,
    fixture: &'static str,
    embeds_runtime: bool,
    /// The features that are on; `None` for the default ones.
    features: Option<&'static [&'static str]>,
}

const PLAIN: Variant = Variant {
    name: "",
    fixture: "",
    embeds_runtime: false,
    features: None,
};

const VARIANTS: [Variant; 5] = [
    Variant {
        name: "one-group",
        fixture: "tags.yaml",
        features: Some(&["pets"]),
        ..PLAIN
    },
    Variant {
        name: "no-group",
        fixture: "tags.yaml",
        features: Some(&[]),
        ..PLAIN
    },
    Variant {
        name: "no-operation",
        fixture: "names-collisions.yaml",
        features: Some(&[]),
        ..PLAIN
    },
    Variant {
        name: "embedded-runtime",
        fixture: "request-bodies.yaml",
        embeds_runtime: true,
        features: Some(&["operations"]),
    },
    // One program can use both.
    Variant {
        name: "embedded-runtime-too",
        fixture: "tags.yaml",
        embeds_runtime: true,
        features: Some(&["pets"]),
    },
];

/// The package that depends on all generated ones.
struct Umbrella {
    directory: PathBuf,
    manifest: String,
    examples: String,
    packages: Vec<String>,
}

impl Umbrella {
    fn new() -> Self {
        Self {
            directory: Path::new(env!("CARGO_TARGET_TMPDIR")).join("builds"),
            manifest: "[package]\nname = \"umbrella\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                       [workspace]\n\n[dependencies]\n"
                .to_owned(),
            examples: "#![allow(dead_code, deprecated, unused)]\n#![recursion_limit = \"4096\"]\n"
                .to_owned(),
            packages: Vec::new(),
        }
    }

    /// Writes a crate that is built on its own.
    fn write_crate(&self, fixture: &Fixture, options: &Options) -> Generated {
        let generated = fixture.generate(options);
        let directory = self.directory.join(&options.crate_name);
        let output = generated.output.as_ref().expect("there is a crate");
        write::write(&directory, output, false).expect("the crate can be written");
        write_lock(&directory);
        generated
    }

    /// Writes a crate that is built with the others.
    fn add(&mut self, fixture: &Fixture, options: &Options, features: Option<&[&str]>) {
        let name = &options.crate_name;
        let generated = self.write_crate(fixture, options);
        let features = features.map_or_else(String::new, |features| {
            format!(", default-features = false, features = {features:?}")
        });
        let _ = writeln!(
            self.manifest,
            "{name} = {{ path = \"../{name}\"{features} }}"
        );
        if features.is_empty() {
            let _ = writeln!(self.examples, "mod {} {{", name.replace('-', "_"));
            let files = generated.files();
            let examples = sources(&files).flat_map(|file| examples(&file.contents));
            for (index, example) in examples.enumerate() {
                let _ = writeln!(self.examples, "fn example_{index}() {{\n{example}}}");
            }
            self.examples.push_str("}\n");
        }
        self.packages.push(name.clone());
    }

    /// Writes the package itself: beside the crates, not around them, because each of those is a
    /// workspace of its own.
    fn write(&self) {
        let package = self.directory.join("umbrella");
        std::fs::create_dir_all(package.join("src")).expect("the folder can be made");
        write_if_changed(&package.join("Cargo.toml"), self.manifest.as_bytes());
        write_if_changed(&package.join("src/lib.rs"), self.examples.as_bytes());
        write_lock(&package);
    }

    fn cargo(&self, folder: &str, arguments: &[&str]) {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--quiet"])
            .current_dir(self.directory.join(folder))
            .env("CARGO_TARGET_DIR", self.directory.join("target"))
            .env("RUSTFLAGS", "-Dwarnings")
            .env("RUSTDOCFLAGS", "-Dwarnings")
            .output()
            .expect("cargo can be run");
        assert!(
            output.status.success(),
            "cargo {} in {}:\n{}{}",
            arguments.join(" "),
            self.directory.join(folder).display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn write_lock(package: &Path) {
    let lock = tests().join("../../Cargo.lock");
    let lock = std::fs::read(lock).expect("the workspace is locked");
    write_if_changed(&package.join("Cargo.lock"), &lock);
}

/// Files that stay as they are need no new check.
fn write_if_changed(path: &Path, contents: &[u8]) {
    if std::fs::read(path).is_ok_and(|have| have == contents) {
        return;
    }
    std::fs::write(path, contents).expect("the file can be written");
}

/// The examples in a file's documentation, hidden lines included.
fn examples(source: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut current: Option<String> = None;
    for line in source.lines() {
        let Some(text) = line.trim_start().strip_prefix("///") else {
            continue;
        };
        let text = text.strip_prefix(' ').unwrap_or(text);
        match (&mut current, text) {
            (None, "```no_run") => current = Some(String::new()),
            (None, _) => {}
            (Some(_), "```") => examples.extend(current.take()),
            (Some(example), text) => {
                example.push_str(text.strip_prefix("# ").unwrap_or(text));
                example.push('\n');
            }
        }
    }
    examples
}

#[test]
fn generated_crates_build_without_warnings() {
    let mut umbrella = Umbrella::new();
    let unread = fixtures("builds");
    for fixture in fixtures("positive").into_iter().chain(unread) {
        let name = format!("fixture-{}", fixture.name.replace('.', "-"));
        umbrella.add(&fixture, &fixture.options(&name), None);
    }
    for variant in &VARIANTS {
        let fixture = Fixture::at(&tests().join("positive").join(variant.fixture));
        let mut options = fixture.options(variant.name);
        if variant.embeds_runtime {
            options.manifest.runtime = Runtime::Embedded;
        }
        umbrella.add(&fixture, &options, variant.features);
    }
    umbrella.write();
    umbrella.cargo("umbrella", &["check"]);
    let packages = umbrella
        .packages
        .iter()
        .flat_map(|package| ["--package", package]);
    let arguments: Vec<&str> = ["doc", "--no-deps"].into_iter().chain(packages).collect();
    umbrella.cargo("umbrella", &arguments);
    umbrella.cargo("fixture-documentation", &["test", "--doc"]);
}
