//! The JSON Schemas that are emitted: valid 2020-12, and complete in themselves.

use serde_json::Value;

use crate::support::fixtures;

fn check(text: &str) -> Result<(), String> {
    let schema: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    jsonschema::meta::validate(&schema)
        .map_err(|error| format!("{}: {error}", error.instance_path()))?;
    // References that lead out of the file, or nowhere in it, cannot be compiled.
    jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
    Ok(())
}

#[test]
fn emitted_schemas_are_valid_and_self_contained() {
    let mut count = 0;
    let mut wrong = Vec::new();
    let malformed = fixtures("negative/schemas")
        .into_iter()
        .chain(fixtures("negative/references"));
    for fixture in fixtures("positive").into_iter().chain(malformed) {
        let mut options = fixture.options("fixture");
        options.json_schemas = true;
        let generated = fixture.generate(&options);
        let files = generated.files().into_iter();
        for file in files.filter(|file| file.path.ends_with(".schema.json")) {
            count += 1;
            if let Err(error) = check(&file.contents) {
                wrong.push(format!("{}: {}: {error}", fixture.name, file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "only {count} schemas were emitted");
}
