//! `oas-codegen SPEC --out DIR --crate-name NAME`: the command line over the library.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the generator's input meets the disk"
)]

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use serde_json::json;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::emit::{Manifest, Runtime};
use crate::load::ReadFile;
use crate::syntax;
use crate::write::Changes;
use crate::{Generated, Input, Options, Selection, generate, write};

/// Stack for reading documents: schemas nest as deep as their authors like.
const STACK_SIZE: usize = 512 * 1024 * 1024;

/// Generates a Rust client crate from an OpenAPI 3.0 or 3.1 document.
#[derive(Debug, Parser)]
#[command(name = "oas-codegen", version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
struct Arguments {
    /// The document, JSON or YAML; other files that it refers to are found from there.
    spec: PathBuf,
    /// The directory of the crate to write.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The package's name.
    #[arg(long, value_name = "NAME")]
    crate_name: Option<String>,
    /// A TOML file: renames, type replacements, extra derives, unknown-field policy.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only operations with these tags, and what they need.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,
    /// Only operations with these ids, and what they need; also by the generated method's name, or
    /// by method and path: "GET /pets".
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    operations: Vec<String>,
    /// Leave out or widen what is not supported, with a diagnostic. This is the default.
    #[arg(long, conflicts_with = "deny_unsupported")]
    skip_unsupported: bool,
    /// Write nothing if a part of the document cannot be represented as it says.
    #[arg(long)]
    deny_unsupported: bool,
    /// The version of oas-runtime to take from the registry, instead of this checkout's.
    #[arg(long, value_name = "VERSION", conflicts_with = "embed_runtime")]
    runtime_version: Option<String>,
    /// Copy the runtime into the crate.
    #[arg(long)]
    embed_runtime: bool,
    /// Also write a JSON Schema for each named schema and each body.
    #[arg(long)]
    json_schemas: bool,
    /// Where copies of remote files are: DIR/HOST/PATH for the URL of HOST and PATH.
    #[arg(long, value_name = "DIR")]
    remote_cache: Option<PathBuf>,
    /// How diagnostics and the summary are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each diagnostic to standard error, a summary to standard output.
    Human,
    /// One JSON document to standard output.
    Json,
}

/// Files on disk, by paths relative to the working directory.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// Where copies of remote files are; without it remote references are refused.
    pub remote_cache: Option<PathBuf>,
}

impl ReadFile for Disk {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let Some((_, address)) = name.split_once("://") else {
            return std::fs::read(name).map_err(|error| error.to_string());
        };
        let Some(cache) = &self.remote_cache else {
            return Err(
                "remote references are refused; put a copy into a folder and name it with \
                 --remote-cache"
                    .to_owned(),
            );
        };
        let address = address.split(['?', '#']).next().unwrap_or_default();
        if address.split('/').any(|part| part == "..") {
            return Err("the address leads out of the cache".to_owned());
        }
        let path = cache.join(address);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// Runs the command line. Exit code 0: generated; 1: not generated; 2: wrong usage.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match with_large_stack(|| carry_out(arguments)) {
        Ok(Ok((arguments, run))) => report(&arguments, &run, out, err),
        Ok(Err(Failure::Usage(error))) => {
            let text = error.render();
            let to_stdout = error.exit_code() == 0;
            let _ = if to_stdout {
                write!(out, "{text}")
            } else {
                write!(err, "{text}")
            };
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
        Ok(Err(Failure::Options(message))) => {
            let _ = writeln!(err, "error: {message}");
            ExitCode::from(2)
        }
        Ok(Err(Failure::Generation(message))) | Err(message) => {
            let _ = writeln!(err, "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Why nothing is generated.
enum Failure {
    Usage(clap::Error),
    Options(String),
    Generation(String),
}

/// All that the program does but for saying what it did. It is one thread's work, so that what
/// the first step frees serves the next.
fn carry_out(arguments: Vec<OsString>) -> Result<(Arguments, Run), Failure> {
    let arguments = Arguments::try_parse_from(arguments).map_err(Failure::Usage)?;
    let options = options(&arguments).map_err(Failure::Options)?;
    let run = generate_and_write(&arguments, &options).map_err(Failure::Generation)?;
    Ok((arguments, run))
}

fn options(arguments: &Arguments) -> Result<Options, String> {
    let config = match &arguments.config {
        None => Config::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            Config::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?
        }
    };
    let crate_name = arguments
        .crate_name
        .clone()
        .or_else(|| config.crate_name.clone());
    let crate_name = crate_name.ok_or("name the package with --crate-name")?;
    if !is_package_name(&crate_name) {
        return Err(format!(
            "{crate_name:?} is no package name: expected letters, digits, `-` and `_`, a letter first, and no name that Rust or Cargo uses"
        ));
    }
    let runtime = match &arguments.runtime_version {
        Some(version) => Runtime::Version(version.clone()),
        None if arguments.embed_runtime => Runtime::Embedded,
        None => Runtime::Path(checkout_runtime(&arguments.out)?),
    };
    let mut options = Options::new(
        crate_name,
        Manifest {
            runtime,
            in_workspace: false,
        },
    );
    options.description = config.description.clone().unwrap_or_default();
    options.front_page = front_page(arguments, &config)?;
    options.json_schemas = arguments.json_schemas;
    options.selection = Selection {
        tags: arguments.tags.clone(),
        operations: arguments.operations.clone(),
    };
    options.config = config;
    Ok(options)
}

/// The text of the front page that the configuration names.
fn front_page(arguments: &Arguments, config: &Config) -> Result<String, String> {
    let (Some(page), Some(beside)) = (&config.front_page, &arguments.config) else {
        return Ok(String::new());
    };
    let path = beside.parent().unwrap_or(Path::new("")).join(page);
    std::fs::read_to_string(&path).map_err(|error| {
        let (file, path) = (beside.display(), path.display());
        format!("{file}: front-page: {path}: {error}")
    })
}

fn is_package_name(name: &str) -> bool {
    let is_taken = [
        "test",
        "core",
        "std",
        "alloc",
        "proc-macro",
        "proc_macro",
        "oas-runtime",
    ];
    let as_crate = name.replace('-', "_");
    !is_taken.contains(&name)
        && syntax::is_identifier(&as_crate)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

struct Run {
    generated: Generated,
    changes: Changes,
    /// How many files the crate has.
    files: usize,
    refusal: Option<String>,
}

fn generate_and_write(arguments: &Arguments, options: &Options) -> Result<Run, String> {
    let inputs = [Input {
        file: arguments.spec.to_string_lossy().replace('\\', "/"),
        module: None,
        is_default: true,
    }];
    let disk = Disk {
        remote_cache: arguments.remote_cache.clone(),
    };
    let generated = generate(&inputs, options, &disk);
    let Some(output) = &generated.output else {
        let refusal = format!(
            "nothing could be generated from {}",
            arguments.spec.display()
        );
        return Ok(Run {
            generated,
            changes: Changes::default(),
            files: 0,
            refusal: Some(refusal),
        });
    };
    let refusal = if generated
        .diagnostics
        .iter()
        .any(|d| d.code == "unknown-selection")
    {
        Some("a part of the selection is not in the document".to_owned())
    } else if arguments.deny_unsupported
        && generated
            .diagnostics
            .iter()
            .any(|d| d.severity >= Severity::Warning)
    {
        Some("the document cannot be represented as it says, and --deny-unsupported is on".into())
    } else {
        None
    };
    let foreign = write::foreign_files(&arguments.out, output);
    let refusal = refusal.or_else(|| {
        let first = foreign.first()?;
        Some(format!(
            "{} was not generated by oas-codegen: move it away, or choose another directory",
            arguments.out.join(first).display()
        ))
    });
    let changes = match &refusal {
        Some(_) => Changes::default(),
        None => write::write(&arguments.out, output, false).map_err(|e| e.to_string())?,
    };
    let files = match &refusal {
        Some(_) => output.paths().len(),
        None => changes.files(),
    };
    Ok(Run {
        generated,
        changes,
        files,
        refusal,
    })
}

fn report(arguments: &Arguments, run: &Run, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    match arguments.format {
        Format::Json => {
            let _ = writeln!(out, "{:#}", json_report(run));
        }
        Format::Human => {
            for diagnostic in &run.generated.diagnostics {
                let _ = writeln!(err, "{diagnostic}");
            }
            if run.refusal.is_none() {
                let _ = writeln!(out, "{}: {}", arguments.out.display(), summary(run));
            }
        }
    }
    match &run.refusal {
        Some(refusal) => {
            let _ = writeln!(err, "error: {refusal}");
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}

fn summary(run: &Run) -> String {
    let count = |severity| {
        run.generated
            .diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    format!(
        "{} of {} operations, {} files ({} written, {} removed), {} errors, {} warnings, {} notes",
        run.generated.emitted_operations,
        run.generated.stated_operations,
        run.files,
        run.changes.added.len() + run.changes.changed.len(),
        run.changes.removed.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    )
}

fn json_report(run: &Run) -> serde_json::Value {
    let diagnostic = |diagnostic: &Diagnostic| {
        json!({
            "code": diagnostic.code,
            "severity": diagnostic.severity.as_str(),
            "message": diagnostic.message,
            "effect": diagnostic.effect.as_str(),
            "file": diagnostic.file.as_str(),
            "line": diagnostic.position.line,
            "column": diagnostic.position.column,
            "offset": diagnostic.position.offset,
            "pointer": diagnostic.pointer,
        })
    };
    let generated = &run.generated;
    json!({
        "operations": {
            "stated": generated.stated_operations,
            "emitted": generated.emitted_operations,
        },
        "files": run.files,
        "written": run.changes.added.iter().chain(&run.changes.changed).collect::<Vec<_>>(),
        "removed": run.changes.removed,
        "types": generated.types.iter().map(|(schema, path)| json!({"schema": schema, "rust": path}))
            .collect::<Vec<_>>(),
        "diagnostics": generated.diagnostics.iter().map(diagnostic).collect::<Vec<_>>(),
        "refused": run.refusal,
    })
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

/// The runtime of the checkout that this program was built from, as the crate in `out` reaches it.
///
/// The path is relative, so that the same layout gives the same bytes on every machine.
fn checkout_runtime(out: &Path) -> Result<String, String> {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    let runtime = runtime.canonicalize().map_err(|_| {
        "the checkout of oas-runtime is gone: use --embed-runtime or --runtime-version".to_owned()
    })?;
    let out = std::path::absolute(out).map_err(|error| error.to_string())?;
    // The part that exists may hold links; the rest is still to be made.
    let existing = out
        .ancestors()
        .find(|path| path.exists())
        .unwrap_or(Path::new("/"));
    let rest = out.strip_prefix(existing).unwrap_or(Path::new(""));
    let out = existing
        .canonicalize()
        .map_err(|error| error.to_string())?
        .join(rest);
    let shared = out
        .components()
        .zip(runtime.components())
        .take_while(|(a, b)| a == b)
        .count();
    let mut path = PathBuf::new();
    for _ in out.components().skip(shared) {
        path.push("..");
    }
    path.extend(runtime.components().skip(shared));
    Ok(path.to_string_lossy().replace('\\', "/"))
}
