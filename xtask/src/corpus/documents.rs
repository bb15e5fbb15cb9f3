//! Which documents a corpus folder holds.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The table of contents that a corpus may have, tab-separated, with column names on top.
const INDEX: &str = "INDEX.tsv";

/// A document to generate from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// What it is called in the report; also a directory's name.
    pub(super) name: String,
    /// The entry file.
    pub(super) entry: PathBuf,
    /// How many operations somebody else counted, if the table of contents says so.
    pub(super) operations: Option<u64>,
    /// Bytes of the document, all files.
    pub(super) bytes: u64,
}

/// A line of the table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
struct IndexRow {
    name: String,
    file: String,
    operations: Option<u64>,
}

/// The documents in `directory`: those that its table of contents lists, or every JSON and YAML
/// file in it. With names in `only`, no others.
pub(super) fn documents(directory: &Path, only: &[String]) -> anyhow::Result<Vec<Document>> {
    let index = directory.join(INDEX);
    let rows = if index.exists() {
        let text = std::fs::read_to_string(&index)
            .with_context(|| format!("cannot read {}", index.display()))?;
        parse_index(&text).with_context(|| index.display().to_string())?
    } else {
        files_in(directory)?
    };
    if let Some(unknown) = only
        .iter()
        .find(|name| !rows.iter().any(|row| row.name == **name))
    {
        bail!("{} has no document {unknown:?}", directory.display());
    }
    let wanted = rows
        .into_iter()
        .filter(|row| only.is_empty() || only.contains(&row.name));
    wanted
        .map(|row| {
            let entry = directory.join(&row.file);
            let whole = match row.file.split_once('/') {
                Some((folder, _)) => directory.join(folder),
                None => entry.clone(),
            };
            Ok(Document {
                name: row.name,
                entry,
                operations: row.operations,
                bytes: size(&whole)?,
            })
        })
        .collect()
}

/// Lines with a name and a file, and perhaps the number of operations; other columns are ignored.
fn parse_index(text: &str) -> anyhow::Result<Vec<IndexRow>> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| head.iter().position(|column| *column == name);
    let (Some(name), Some(file)) = (column("name"), column("file")) else {
        bail!("the first line has to name the columns \"name\" and \"file\", tabs between them");
    };
    let operations = column("ops");
    let mut rows = Vec::new();
    for (number, line) in lines.enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |index: usize| cells.get(index).filter(|cell| !cell.is_empty());
        let (Some(name), Some(file)) = (cell(name), cell(file)) else {
            bail!("line {}: expected a name and a file", number + 2);
        };
        if !is_plain_name(name) {
            bail!(
                "line {}: the name {name:?} has to be letters, digits, `-`, `_` and `.`",
                number + 2
            );
        }
        rows.push(IndexRow {
            name: (*name).to_owned(),
            file: (*file).to_owned(),
            operations: operations.and_then(cell).and_then(|text| text.parse().ok()),
        });
    }
    Ok(rows)
}

/// Whether a name can be a directory's and, after a prefix, a package's.
fn is_plain_name(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn files_in(directory: &Path) -> anyhow::Result<Vec<IndexRow>> {
    let entries = std::fs::read_dir(directory)
        .with_context(|| format!("cannot read the corpus {}", directory.display()))?;
    let mut rows = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_document = path
            .extension()
            .is_some_and(|e| ["json", "yaml", "yml"].iter().any(|known| e == *known));
        let (Some(stem), Some(file)) = (path.file_stem(), path.file_name()) else {
            continue;
        };
        if !is_document || !path.is_file() {
            continue;
        }
        let stem = stem.to_string_lossy();
        rows.push(IndexRow {
            name: stem
                .chars()
                .map(|c| {
                    if is_plain_name(&c.to_string()) {
                        c
                    } else {
                        '_'
                    }
                })
                .collect(),
            file: file.to_string_lossy().into_owned(),
            operations: None,
        });
    }
    rows.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(rows)
}

/// Bytes of a file, or of all files below a folder.
fn size(path: &Path) -> anyhow::Result<u64> {
    let metadata = std::fs::metadata(path)
        .with_context(|| format!("the document {} is missing", path.display()))?;
    if !metadata.is_dir() {
        return Ok(metadata.len());
    }
    let mut bytes = 0;
    for entry in std::fs::read_dir(path)? {
        bytes += size(&entry?.path())?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, Option<u64>)]) {
        let rows = parse_index(text).expect("the table can be read");
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.name.as_str(), row.file.as_str(), row.operations))
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn columns_are_found_by_name() {
        check(
            "ops\tname\tlicence\tfile\n12\tpets\tMIT\tpets.json\n\n\tmany\t\tmany/api.yaml\n",
            &[
                ("pets", "pets.json", Some(12)),
                ("many", "many/api.yaml", None),
            ],
        );
    }

    #[test]
    fn a_count_that_is_no_number_is_no_count() {
        check(
            "name\tfile\tops\na\ta.json\t228 paths(ref)\n",
            &[("a", "a.json", None)],
        );
    }

    #[test]
    fn a_table_without_its_columns_or_cells_is_refused() {
        let complaints = [
            (
                "title\tfile\n",
                "the first line has to name the columns \"name\" and \"file\", tabs between them",
            ),
            (
                "name\tfile\na\ta.json\nb\n",
                "line 3: expected a name and a file",
            ),
            (
                "name\tfile\n../a\ta.json\n",
                "line 2: the name \"../a\" has to be letters, digits, `-`, `_` and `.`",
            ),
        ];
        for (text, expected) in complaints {
            let error = parse_index(text).expect_err(text);
            assert_eq!(error.to_string(), expected);
        }
    }
}
