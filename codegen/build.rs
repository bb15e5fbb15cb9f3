//! Takes the runtime's sources into the generator, for `--embed-runtime`.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the sources it packs"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let runtime = root.join("../runtime");
    println!("cargo::rerun-if-changed={}", runtime.join("src").display());
    println!(
        "cargo::rerun-if-changed={}",
        runtime.join("Cargo.toml").display()
    );
    println!(
        "cargo::rerun-if-changed={}",
        root.join("../Cargo.toml").display()
    );

    let mut sources = Vec::new();
    list(&runtime.join("src"), &mut sources);
    sources.sort();
    let mut table = String::from("const RUNTIME_SOURCES: &[(&str, &str)] = &[\n");
    for path in sources {
        let relative = path.strip_prefix(&runtime).unwrap_or(&path);
        let relative = relative.to_string_lossy().replace('\\', "/");
        let absolute = path.canonicalize().unwrap_or(path.clone());
        let _ = writeln!(
            table,
            "    ({relative:?}, include_str!({:?})),",
            absolute.display()
        );
    }
    table.push_str("];\n");
    let _ = writeln!(
        table,
        "const RUNTIME_MANIFEST: &str = {:?};",
        manifest(&root, &runtime)
    );
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("runtime_sources.rs"), table).expect("cargo's OUT_DIR can be written");
}

fn list(directory: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).expect("the runtime stands beside the generator");
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The runtime's manifest with what it inherits from the workspace filled in.
fn manifest(root: &Path, runtime: &Path) -> String {
    let read = |path: PathBuf| -> toml::Table {
        let text = fs::read_to_string(&path).expect("a manifest can be read");
        text.parse().expect("a manifest is TOML")
    };
    let workspace = read(root.join("../Cargo.toml"));
    let own = read(runtime.join("Cargo.toml"));
    let shared = |table: &str, key: &str| -> Option<toml::Value> {
        workspace.get("workspace")?.get(table)?.get(key).cloned()
    };
    let mut package = toml::Table::new();
    for (key, value) in own
        .get("package")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten()
    {
        let inherits = value.get("workspace").is_some();
        let value = if inherits {
            shared("package", key)
        } else {
            Some(value.clone())
        };
        package.extend(value.map(|value| (key.clone(), value)));
    }
    let dependencies = |of: &toml::Value| -> toml::Table {
        let stated = of.get("dependencies").and_then(toml::Value::as_table);
        let stated = stated.into_iter().flatten();
        stated
            .map(|(name, value)| {
                let shared = shared("dependencies", name);
                (name.clone(), dependency(value, shared))
            })
            .collect()
    };
    let mut targets = toml::Table::new();
    let stated = own.get("target").and_then(toml::Value::as_table);
    for (target, of) in stated.into_iter().flatten() {
        let table = toml::Table::from_iter([("dependencies".to_owned(), dependencies(of).into())]);
        targets.insert(target.clone(), table.into());
    }
    let whole = toml::Value::Table(own.clone());
    let mut manifest = toml::Table::new();
    manifest.insert("package".to_owned(), package.into());
    if let Some(features) = own.get("features") {
        manifest.insert("features".to_owned(), features.clone());
    }
    let dependencies = dependencies(&whole);
    manifest.insert("dependencies".to_owned(), dependencies.into());
    manifest.insert("target".to_owned(), targets.into());
    toml::to_string(&manifest).expect("a table is TOML")
}

/// A dependency with the workspace's version and features.
fn dependency(own: &toml::Value, shared: Option<toml::Value>) -> toml::Value {
    if own.get("workspace").is_none() {
        return own.clone();
    }
    let mut merged = match shared {
        Some(toml::Value::Table(table)) => table,
        Some(version) => toml::Table::from_iter([("version".to_owned(), version)]),
        None => toml::Table::new(),
    };
    for (key, value) in own.as_table().into_iter().flatten() {
        match (key.as_str(), value) {
            ("workspace", _) => {}
            ("features", toml::Value::Array(more)) => {
                let features = merged
                    .entry("features")
                    .or_insert_with(|| toml::Value::Array(Vec::new()));
                if let Some(features) = features.as_array_mut() {
                    features.extend(more.iter().cloned());
                }
            }
            _ => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    merged.into()
}
