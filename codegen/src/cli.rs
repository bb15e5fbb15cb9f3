//! `oas-codegen SPEC --out DIR --crate-name NAME`: the command line over the library.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the generator's input meets the disk"
)]

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::diagnostic::Severity;
use crate::emit::{Manifest, Runtime};
use crate::load::{Limits, ReadFile};
use crate::{Input, Options, generate, write};

/// Stack for reading documents: schemas nest as deep as their authors like.
const STACK_SIZE: usize = 512 * 1024 * 1024;

/// Generates a Rust client crate from an OpenAPI 3.0 or 3.1 document.
#[derive(Debug, Parser)]
#[command(name = "oas-codegen", version)]
struct Arguments {
    /// The document, JSON or YAML; other files that it refers to are found from there.
    spec: PathBuf,
    /// The directory of the crate to write.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The package's name.
    #[arg(long, value_name = "NAME")]
    crate_name: String,
    /// The version of oas-runtime to take from the registry, instead of this checkout's.
    #[arg(long, value_name = "VERSION")]
    runtime_version: Option<String>,
    /// Also write a JSON Schema for each named schema and each body.
    #[arg(long)]
    json_schemas: bool,
}

/// Files on disk, by paths relative to the working directory.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl ReadFile for Disk {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        if name.contains("://") {
            return Err(
                "remote references are not followed: download the file and refer to it".into(),
            );
        }
        std::fs::read(name).map_err(|error| error.to_string())
    }
}

/// Runs the command line. Exit code 0: generated; 1: nothing could be generated; 2: wrong usage.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let text = error.render();
            let to_stdout = error.exit_code() == 0;
            let _ = if to_stdout {
                write!(out, "{text}")
            } else {
                write!(err, "{text}")
            };
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run_parsed(&arguments, err) {
        Ok(message) => {
            let _ = writeln!(out, "{message}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(err, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run_parsed(arguments: &Arguments, err: &mut dyn Write) -> Result<String, String> {
    let runtime = match &arguments.runtime_version {
        Some(version) => Runtime::Version(version.clone()),
        None => Runtime::Path(checkout_runtime(&arguments.out)?),
    };
    let inputs = [Input {
        file: arguments.spec.to_string_lossy().replace('\\', "/"),
        module: None,
        is_default: true,
    }];
    let options = Options {
        crate_name: arguments.crate_name.clone(),
        description: String::new(),
        manifest: Manifest {
            runtime,
            in_workspace: false,
        },
        json_schemas: arguments.json_schemas,
        limits: Limits::default(),
    };
    let generated = with_large_stack(|| generate(&inputs, &options, &Disk))?;
    for diagnostic in &generated.diagnostics {
        let _ = writeln!(err, "{diagnostic}");
    }
    if generated.files.is_empty() {
        return Err(format!(
            "nothing could be generated from {}",
            arguments.spec.display()
        ));
    }
    let changes =
        write::write(&arguments.out, &generated.files, false).map_err(|error| error.to_string())?;
    let count = |severity: Severity| {
        generated
            .diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    Ok(format!(
        "{}: {} of {} operations, {} files ({} written, {} removed), {} errors, {} warnings, {} notes",
        arguments.out.display(),
        generated.emitted_operations,
        generated.stated_operations,
        generated.files.len(),
        changes.added.len() + changes.changed.len(),
        changes.removed.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    ))
}

/// Runs on a thread with room for deeply nested documents.
pub fn with_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, work)
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        thread
            .join()
            .map_err(|_| "the generator stopped on a defect of its own".to_owned())
    })
}

/// The runtime of the checkout that this program was built from.
fn checkout_runtime(out: &Path) -> Result<String, String> {
    let _ = out;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let runtime = runtime.canonicalize().map_err(|_| {
        "the checkout of oas-runtime is gone: name a version with --runtime-version".to_owned()
    })?;
    Ok(runtime.to_string_lossy().replace('\\', "/"))
}
