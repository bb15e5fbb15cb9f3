//! Reads the documents in `spec/` with every `$ref` replaced by what it points to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_yaml::{Mapping, Value};

/// Deeper nesting than any document in `spec/` has; a cycle of references ends here.
const MAX_DEPTH: usize = 100;

/// One edition with no `$ref` left in it.
pub(crate) struct Document {
    root: Value,
    /// Every file that it is made of, the edition's own included.
    pub(crate) files: BTreeSet<PathBuf>,
}

impl Document {
    /// Loads `spec/<edition>.yaml`.
    pub(crate) fn load(edition: &str) -> Result<Self, String> {
        let file = folder().join(format!("{edition}.yaml"));
        let mut files = BTreeSet::from([file.clone()]);
        let root = resolve(&read(&file)?, &file, &mut files, 0)?;
        Ok(Self { root, files })
    }

    /// What stands at `keys`, from the root down.
    pub(crate) fn get(&self, keys: &[&str]) -> Result<&Value, String> {
        get(&self.root, keys)
    }

    /// The keys of the mapping at `keys`.
    pub(crate) fn keys(&self, keys: &[&str]) -> Result<Vec<String>, String> {
        let map = self.get(keys)?.as_mapping();
        let map = map.ok_or_else(|| format!("no mapping at {}", keys.join(" → ")))?;
        Ok(map
            .keys()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect())
    }
}

/// What stands at `keys` below `value`; the error names the first key that is missing.
pub(crate) fn get<'a>(value: &'a Value, keys: &[&str]) -> Result<&'a Value, String> {
    let mut at = value;
    for (depth, key) in keys.iter().enumerate() {
        at = at
            .get(*key)
            .ok_or_else(|| format!("nothing at {}", keys[..=depth].join(" → ")))?;
    }
    Ok(at)
}

/// The folder that holds the documents.
pub(crate) fn folder() -> PathBuf {
    workspace().join("spec")
}

/// The workspace's root.
pub(crate) fn workspace() -> PathBuf {
    normal(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

/// One file as it is written, with its references.
pub(crate) fn read(file: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

fn resolve(
    value: &Value,
    file: &Path,
    files: &mut BTreeSet<PathBuf>,
    depth: usize,
) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!(
            "{}: nested deeper than {MAX_DEPTH}: is a $ref circular?",
            file.display()
        ));
    }
    match value {
        Value::Mapping(map) => {
            if let Some(target) = map.get("$ref").and_then(Value::as_str) {
                return follow(map, target, file, files, depth);
            }
            let mut out = Mapping::new();
            for (key, value) in map {
                out.insert(key.clone(), resolve(value, file, files, depth + 1)?);
            }
            Ok(Value::Mapping(out))
        }
        Value::Sequence(items) => {
            let items = items
                .iter()
                .map(|item| resolve(item, file, files, depth + 1));
            Ok(Value::Sequence(items.collect::<Result<_, _>>()?))
        }
        other => Ok(other.clone()),
    }
}

fn follow(
    map: &Mapping,
    target: &str,
    file: &Path,
    files: &mut BTreeSet<PathBuf>,
    depth: usize,
) -> Result<Value, String> {
    if map.len() > 1 {
        return Err(format!(
            "{}: OpenAPI 3.0 ignores what stands beside $ref {target}",
            file.display()
        ));
    }
    let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
    let target_file = match path {
        "" => file.to_owned(),
        path => normal(&file.with_file_name(path)),
    };
    files.insert(target_file.clone());
    let root = read(&target_file)?;
    let keys: Vec<&str> = fragment.split('/').skip(1).collect();
    let found =
        get(&root, &keys).map_err(|error| format!("{}: {target}: {error}", file.display()))?;
    resolve(found, &target_file, files, depth + 1)
}

/// The path without `..`, so that each file has one name.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}
