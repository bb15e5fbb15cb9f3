//! `cargo xtask codegen`: the generated crates of this workspace.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use oas_codegen::config::Config;
use oas_codegen::diagnostic::{Diagnostic, Severity};
use oas_codegen::emit::{Manifest, Runtime};
use oas_codegen::load::ReadFile;
use oas_codegen::write::Changes;
use oas_codegen::{Generated, Input, Options, cli, generate, write};

/// The command that mends what `--check` finds.
const COMMAND: &str = "cargo xtask codegen";

/// A crate that is generated from documents in this workspace.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub description: &'static str,
    /// Its folder, from the workspace's root.
    pub directory: &'static str,
    /// The folder of its documents, from the workspace's root.
    pub source: &'static str,
    /// Document below the source, module, and whether the module is on by default.
    pub editions: &'static [(&'static str, &'static str, bool)],
    /// Markdown for its front page, from the workspace's root; none if empty.
    pub front_page: &'static str,
    /// What is wanted otherwise than by default: the text of a configuration file.
    pub config: &'static str,
    /// Whether JSON Schema files are wanted.
    pub json_schemas: bool,
}

/// All crates that are generated.
pub const PACKAGES: [Package; 2] = [
    Package {
        name: "identity-profiles",
        description: "Client and types for identity profiles of SailPoint Identity Security Cloud",
        directory: "generated",
        source: "spec",
        editions: &[
            ("v3.yaml", "v3", false),
            ("v2024.yaml", "v2024", true),
            ("v3-legacy.yaml", "v3_legacy", false),
        ],
        front_page: "spec/guide.md",
        config: r#"
            [features.validate]
            package = "export-validator"
            dependency = { path = "../validator", default-features = false, features = ["client"] }
            brings = "checks of what is to be imported, before it is sent"

            [dev-dependencies]
            tokio = { workspace = true, features = ["macros", "rt-multi-thread"] }
        "#,
        json_schemas: true,
    },
    Package {
        name: "test-clients",
        description: "Clients of small documents, which the tests call",
        directory: "tests/clients",
        source: "tests/documents",
        editions: &[
            ("bodies.yaml", "bodies", true),
            ("collections.yaml", "collections", true),
            ("parameters.yaml", "parameters", true),
            ("responses.yaml", "responses", true),
            ("schemas.yaml", "schemas", true),
            ("security.json", "security", true),
        ],
        front_page: "",
        config: "",
        json_schemas: false,
    },
];

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The generated crates match their documents, now if not before.
    Fresh,
    /// `--check` found differences, and left them.
    Stale,
}

impl Outcome {
    /// The exit status.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fresh => 0,
            Self::Stale => 1,
        }
    }
}

/// Reads files below the workspace's root.
struct Workspace<'a>(&'a Path);

impl ReadFile for Workspace<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// Regenerates the crates of the workspace at `root`, or with `check` says what is stale.
///
/// The documents are ours, so what the generator cannot take in full is an error here. Nothing is
/// written before all of them are taken.
pub fn run(
    root: &Path,
    check: bool,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let mut all = Vec::new();
    for package in &PACKAGES {
        let generated = generate_crate(root, package)?;
        for diagnostic in &generated.diagnostics {
            writeln!(errors, "{diagnostic}")?;
        }
        let is_whole = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Note;
        let (stated, emitted) = (generated.stated_operations, generated.emitted_operations);
        match generated.output {
            Some(whole) if generated.diagnostics.iter().all(is_whole) => {
                all.push((package, whole, stated, emitted));
            }
            _ => bail!(
                "{}/ would lack a part of {}/: mend what is reported above; nothing is written",
                package.directory,
                package.source,
            ),
        }
    }
    let mut outcome = Outcome::Fresh;
    for (package, whole, stated, emitted) in &all {
        let directory = root.join(package.directory);
        let changes = write::write(&directory, whole, check)
            .with_context(|| format!("cannot bring {} up to date", directory.display()))?;
        report(package, &changes, check, output)?;
        if check && !changes.is_empty() {
            writeln!(
                errors,
                "error: {}/ does not match {}/; run `{COMMAND}` and commit what it writes",
                package.directory, package.source,
            )?;
            outcome = Outcome::Stale;
            continue;
        }
        writeln!(
            output,
            "{}/: {emitted} of {stated} operations, {} files, {}",
            package.directory,
            whole.paths().len(),
            if changes.is_empty() {
                "up to date"
            } else {
                "updated"
            },
        )?;
    }
    Ok(outcome)
}

/// Generates a crate of the workspace at `root`, and writes nothing.
pub fn generate_crate(root: &Path, package: &Package) -> anyhow::Result<Generated> {
    let inputs: Vec<Input> = package
        .editions
        .iter()
        .map(|(file, module, is_default)| Input {
            file: format!("{}/{file}", package.source),
            module: Some((*module).to_owned()),
            is_default: *is_default,
        })
        .collect();
    let manifest = Manifest {
        runtime: Runtime::Workspace,
        in_workspace: true,
    };
    let front_page = match package.front_page {
        "" => String::new(),
        path => std::fs::read_to_string(root.join(path)).with_context(|| path.to_owned())?,
    };
    let config = Config::parse(package.config).map_err(|error| anyhow!(error))?;
    let options = Options {
        description: package.description.to_owned(),
        front_page,
        config,
        json_schemas: package.json_schemas,
        ..Options::new(package.name, manifest)
    };
    cli::with_large_stack(|| generate(&inputs, &options, &Workspace(root)))
        .map_err(|error| anyhow!(error))
}

fn report(
    package: &Package,
    changes: &Changes,
    check: bool,
    output: &mut dyn Write,
) -> io::Result<()> {
    let kinds = [
        ("missing", "added", &changes.added),
        ("stale", "changed", &changes.changed),
        ("superfluous", "removed", &changes.removed),
    ];
    for (found, done, paths) in kinds {
        let kind = if check { found } else { done };
        for path in paths {
            writeln!(output, "{kind}: {}/{path}", package.directory)?;
        }
    }
    Ok(())
}
