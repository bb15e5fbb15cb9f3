//! `import`: identity profiles of a file, checked before anything is sent.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use identity_profiles_examples::{check_file, client, import_in_batches, objects_of};

/// Checks an export file and imports its identity profiles.
///
/// A file with errors is not sent. Exits with 1 if the file has errors, or the tenant answers with
/// some.
#[derive(Debug, Parser)]
#[command(name = "import", after_help = AFTER_HELP)]
struct Arguments {
    /// An export, or a backup of the sp-config service.
    file: PathBuf,
    /// Check, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Profiles in one request.
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    batch: usize,
}

const AFTER_HELP: &str = "\
The tenant is the one of SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, of ./config.json, or
of the active environment in ~/.sailpoint/config.yaml. The credentials are those of a personal access
token: an application must not import.

Examples:
  import profiles.json --dry-run
  import profiles.json --batch 10";

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let name = arguments.file.display().to_string();
    let bytes = std::fs::read(&arguments.file).with_context(|| format!("cannot read {name}"))?;
    let mut output = std::io::stdout();
    if !check_file(&name, &bytes, &mut output)? {
        println!("nothing was sent");
        return Ok(ExitCode::FAILURE);
    }
    let objects = objects_of(&bytes).with_context(|| name.clone())?;
    if arguments.dry_run {
        println!(
            "{} profiles can be imported; nothing was sent",
            objects.len()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let client = client("", None)?;
    let imported = import_in_batches(&client, objects, arguments.batch, &mut output).await?;
    println!("{} profiles imported", imported.profiles);
    Ok(if imported.errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
