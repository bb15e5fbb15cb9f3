//! JSON Schema files, for editors and validators.

use crate::ir::Crate;

use super::plan::PlannedFile;

pub(super) fn files(whole: &Crate) -> Vec<PlannedFile<'_>> {
    let mut files = Vec::new();
    for edition in &whole.editions {
        let directory = match edition.schema_directory.as_str() {
            "" => "schemas".to_owned(),
            directory => format!("schemas/{directory}"),
        };
        for schema in &edition.json_schemas {
            let path = format!("{directory}/{}.schema.json", schema.name);
            files.push(PlannedFile::text(path, || {
                serde_json::to_string_pretty(&schema.schema).unwrap_or_default() + "\n"
            }));
        }
    }
    files
}
