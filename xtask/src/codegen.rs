//! `cargo xtask codegen`: the crate `identity-profiles` from `spec/`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use oas_codegen::diagnostic::{Diagnostic, Severity};
use oas_codegen::emit::{Manifest, Runtime};
use oas_codegen::load::ReadFile;
use oas_codegen::write::Changes;
use oas_codegen::{Generated, Input, Options, cli, generate, write};

/// The command that mends what `--check` finds.
const COMMAND: &str = "cargo xtask codegen";

/// Document, module, and whether the module is on by default.
const EDITIONS: [(&str, &str, bool); 3] = [
    ("spec/v3.yaml", "v3", false),
    ("spec/v2024.yaml", "v2024", true),
    ("spec/v3-legacy.yaml", "v3_legacy", false),
];

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `generated/` matches `spec/`, now if not before.
    Fresh,
    /// `--check` found these differences, and left them.
    Stale(Changes),
}

impl Outcome {
    /// The exit status.
    pub const fn code(&self) -> u8 {
        match self {
            Self::Fresh => 0,
            Self::Stale(_) => 1,
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

/// Regenerates `generated/` in the workspace at `root`, or with `check` says what is stale.
///
/// `spec/` is ours, so what the generator cannot take in full is an error here.
pub fn run(
    root: &Path,
    check: bool,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let generated = generate_crate(root)?;
    for diagnostic in &generated.diagnostics {
        writeln!(errors, "{diagnostic}")?;
    }
    let is_whole = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Note;
    if generated.files.is_empty() || !generated.diagnostics.iter().all(is_whole) {
        bail!(
            "generated/ would lack a part of spec/: mend what is reported above; nothing is written"
        );
    }
    let directory = root.join("generated");
    let changes = write::write(&directory, &generated.files, check)
        .with_context(|| format!("cannot bring {} up to date", directory.display()))?;
    report(&changes, check, output)?;
    if check && !changes.is_empty() {
        writeln!(
            errors,
            "error: generated/ does not match spec/; run `{COMMAND}` and commit what it writes"
        )?;
        return Ok(Outcome::Stale(changes));
    }
    writeln!(
        output,
        "generated/: {} of {} operations, {} files, {}",
        generated.emitted_operations,
        generated.stated_operations,
        generated.files.len(),
        if changes.is_empty() {
            "up to date"
        } else {
            "updated"
        },
    )?;
    Ok(Outcome::Fresh)
}

/// Generates the crate from `spec/` in the workspace at `root`, and writes nothing.
pub fn generate_crate(root: &Path) -> anyhow::Result<Generated> {
    let inputs = EDITIONS.map(|(file, module, is_default)| Input {
        file: file.to_owned(),
        module: Some(module.to_owned()),
        is_default,
    });
    let manifest = Manifest {
        runtime: Runtime::Workspace,
        in_workspace: true,
    };
    let options = Options {
        description: "Client and types for identity profiles of SailPoint Identity Security Cloud"
            .to_owned(),
        json_schemas: true,
        ..Options::new("identity-profiles", manifest)
    };
    cli::with_large_stack(|| generate(&inputs, &options, &Workspace(root)))
        .map_err(|error| anyhow!(error))
}

fn report(changes: &Changes, check: bool, output: &mut dyn Write) -> io::Result<()> {
    let kinds = [
        ("missing", "added", &changes.added),
        ("stale", "changed", &changes.changed),
        ("superfluous", "removed", &changes.removed),
    ];
    for (found, done, paths) in kinds {
        let kind = if check { found } else { done };
        for path in paths {
            writeln!(output, "{kind}: generated/{path}")?;
        }
    }
    Ok(())
}
