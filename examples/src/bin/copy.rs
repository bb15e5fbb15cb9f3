//! `copy`: every identity profile from one tenant to another.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use identity_profiles::v2024::ExportIdentityProfilesSorter as Sorter;
use identity_profiles_examples::{Imported, check_objects, client, import_in_batches};

/// Copies every identity profile from one tenant to another.
///
/// What the profiles refer to (sources, owners, transforms, rules) must be in the target already.
/// Profiles that are there, by id or name, are changed. Exits with 1 if profiles have errors, or the
/// target answers with some.
#[derive(Debug, Parser)]
#[command(name = "copy", after_help = AFTER_HELP)]
struct Arguments {
    /// A file of the form of `config.json`, of the tenant to copy from.
    #[arg(long, value_name = "FILE")]
    source: Option<PathBuf>,
    /// The same of the tenant to copy to; its client is a personal access token.
    #[arg(long, value_name = "FILE")]
    target: Option<PathBuf>,
    /// Read and check, and send nothing to the target.
    #[arg(long)]
    dry_run: bool,
    /// Profiles in one request.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    batch: usize,
}

const AFTER_HELP: &str = r#"Without --source the tenant is the one of SOURCE_SAIL_BASE_URL, SOURCE_SAIL_CLIENT_ID and
SOURCE_SAIL_CLIENT_SECRET; without --target that of TARGET_SAIL_BASE_URL and so on.

A file holds {"BaseURL": "https://…", "ClientId": "…", "ClientSecret": "…"}.

Examples:
  copy --source sandbox.json --target production.json --dry-run
  SOURCE_SAIL_BASE_URL=https://acme-sb.api.identitynow.com … copy --target production.json"#;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let source = client("SOURCE_", arguments.source.as_deref())?;
    let target = client("TARGET_", arguments.target.as_deref())?;
    let mut output = std::io::stdout();
    let mut objects = source
        .export_identity_profiles()
        // Priorities may be the same, and pages need one order.
        .sorters([Sorter::priority(), Sorter::id()])
        .stream()
        .prefetch();
    let (mut copied, mut has_errors) = (Imported::default(), false);
    loop {
        let mut batch = Vec::new();
        while batch.len() < arguments.batch.max(1)
            && let Some(object) = objects.next().await?
        {
            batch.push(object);
        }
        if batch.is_empty() {
            break;
        }
        if !check_objects("source", &batch, &mut output)? {
            println!("these {} profiles are not sent", batch.len());
            has_errors = true;
            continue;
        }
        if arguments.dry_run {
            copied.profiles += batch.len();
            continue;
        }
        let size = batch.len();
        let imported = import_in_batches(&target, batch, size, &mut output).await?;
        copied.profiles += imported.profiles;
        copied.errors += imported.errors;
    }
    let what = if arguments.dry_run {
        "profiles can be copied; nothing was sent"
    } else {
        "profiles copied"
    };
    println!("{} {what}", copied.profiles);
    Ok(if has_errors || copied.errors > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
