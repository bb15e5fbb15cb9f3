//! `cargo xtask codegen`: the crate `identity-profiles` from `spec/`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use oas_codegen::emit::{Manifest, Runtime};
use oas_codegen::load::{Limits, ReadFile};
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

/// Reads files below the workspace's root.
struct Workspace<'a>(&'a Path);

impl ReadFile for Workspace<'_> {
    #[expect(clippy::disallowed_methods, reason = "the task's input is on disk")]
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(name)).map_err(|error| error.to_string())
    }
}

/// Regenerates `generated/`, or with `check` says what is stale.
pub(crate) fn run(root: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let generated =
        cli::with_large_stack(|| generate_crate(root)).map_err(|error| anyhow!(error))?;
    for diagnostic in &generated.diagnostics {
        eprintln!("{diagnostic}");
    }
    if generated.files.is_empty() {
        bail!("nothing could be generated from spec/");
    }
    let directory = root.join("generated");
    let changes = write::write(&directory, &generated.files, check)
        .with_context(|| format!("cannot bring {} up to date", directory.display()))?;
    report(&changes);
    if check && !changes.is_empty() {
        eprintln!(
            "error: generated/ does not match spec/; run `{COMMAND}` and commit what it writes"
        );
        return Ok(ExitCode::FAILURE);
    }
    println!(
        "generated/: {} of {} operations, {} files, {}",
        generated.emitted_operations,
        generated.stated_operations,
        generated.files.len(),
        if changes.is_empty() {
            "up to date"
        } else {
            "updated"
        },
    );
    Ok(ExitCode::SUCCESS)
}

fn generate_crate(root: &Path) -> Generated {
    let inputs = EDITIONS.map(|(file, module, is_default)| Input {
        file: file.to_owned(),
        module: Some(module.to_owned()),
        is_default,
    });
    let options = Options {
        crate_name: "identity-profiles".to_owned(),
        description: "Client and types for identity profiles of SailPoint Identity Security Cloud"
            .to_owned(),
        manifest: Manifest {
            runtime: Runtime::Workspace,
            in_workspace: true,
        },
        json_schemas: true,
        limits: Limits::default(),
    };
    generate(&inputs, &options, &Workspace(root))
}

fn report(changes: &Changes) {
    let kinds = [
        ("added", &changes.added),
        ("changed", &changes.changed),
        ("removed", &changes.removed),
    ];
    for (kind, paths) in kinds {
        for path in paths {
            println!("{kind}: generated/{path}");
        }
    }
}
