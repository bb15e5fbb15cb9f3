//! Successes with errors inside: `partial/*.json` are results of an import, and beside each is
//! what [`ObjectImportResult::into_result`] makes of it.

use std::path::Path;

use identity_profiles::v2024::ObjectImportResult;

fn outcome(text: &str) -> String {
    let result: ObjectImportResult =
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    match result.clone().into_result() {
        Ok(whole) => {
            assert_eq!(whole, result);
            "whole".to_owned()
        }
        Err(error) => {
            assert_eq!(error.value(), &result);
            assert_eq!(error.messages().len(), result.errors.len());
            error.to_string()
        }
    }
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setup/partial");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(&folder);
    settings.bind(|| {
        insta::glob!(&folder, "*.json", |file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{error}"));
            insta::with_settings!({ snapshot_suffix => "" }, {
                insta::assert_snapshot!(&*name, outcome(&text));
            });
        });
    });
}
