//! `export`: identity profiles into a file that an import takes.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Parser;
use identity_profiles::rt;
use identity_profiles::v2024::{
    ExportIdentityProfilesFilter as Filter, ExportIdentityProfilesSorter as Sorter,
};
use identity_profiles_examples::client;

/// Exports identity profiles to a file, as they come: the file can be larger than memory.
///
/// The file is there only when it is whole.
#[derive(Debug, Parser)]
#[command(name = "export", after_help = AFTER_HELP)]
struct Arguments {
    /// Where to; it is replaced if it is there.
    file: PathBuf,
    /// Only the profiles with these ids.
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
    /// Only the profiles with these names.
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
}

const AFTER_HELP: &str = "\
The tenant is the one of SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, of ./config.json, or
of the active environment in ~/.sailpoint/config.yaml.

Examples:
  export profiles.json
  export profiles.json --name Employees --name \"R&D \\\"core\\\"\"";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let ids = arguments.id.into_iter().map(|id| Filter::id().eq(id));
    let names = arguments
        .name
        .into_iter()
        .map(|name| Filter::name().eq(name));
    let mut export = client("", None)?
        .export_identity_profiles()
        .sorters([Sorter::id()]);
    if let Some(filter) = ids.chain(names).reduce(rt::Filter::or) {
        export = export.filters(filter);
    }
    let folder = match arguments.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let draft = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("cannot write in {}", folder.display()))?;
    let mut output = BufWriter::new(draft);
    let mut objects = export.stream().prefetch();
    let mut count = 0;
    while let Some(object) = objects.next().await? {
        output.write_all(if count == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut output, &object)?;
        count += 1;
    }
    output.write_all(if count == 0 { b"[]\n" } else { b"\n]\n" })?;
    let draft = output
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    draft
        .persist(&arguments.file)
        .with_context(|| format!("cannot write {}", arguments.file.display()))?;
    println!("{count} profiles in {}", arguments.file.display());
    Ok(())
}
