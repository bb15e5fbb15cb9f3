//! Payloads as servers and files have them, which no documentation shows.
//!
//! `fixtures/payloads/<kind>/*.json`, the outcome for each edition in the snapshot beside.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cross_crate_tests::workspace;
use serde_json::Value;

use crate::kinds::{Kind, check_unchanged};

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What going through the type of each edition changes; editions with one outcome share a line.
///
/// A change of anything but a number's form is a defect, not an outcome.
fn outcome(kind: Kind, text: &str) -> String {
    let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
    for (edition, round_trip) in kind.editions() {
        let outcome = match round_trip(text) {
            Ok(found) if found.is_empty() => "unchanged".to_owned(),
            Ok(found) => {
                for difference in &found {
                    assert!(difference.is_number_form(), "{edition}: {difference}");
                }
                let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
                format!("the same values\n  {}", lines.join("\n  "))
            }
            Err(error) => format!("not read: {error}"),
        };
        match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, editions)) => editions.push(edition),
            None => outcomes.push((outcome, vec![edition])),
        }
    }
    let mut text = String::new();
    for (outcome, editions) in outcomes {
        let _ = writeln!(text, "{}: {outcome}", editions.join(", "));
    }
    text
}

#[track_caller]
fn check(kind: Kind, folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/payloads")
        .join(folder);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(&folder);
    settings.bind(|| {
        insta::glob!(&folder, "*.json", |file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            insta::with_settings!({ snapshot_suffix => "" }, {
                insta::assert_snapshot!(&*name, outcome(kind, &read(file)));
            });
        });
    });
}

#[test]
fn exported_objects() {
    check(Kind::ExportedObjects, "exported-objects");
}

#[test]
fn identity_profiles() {
    check(Kind::Profiles, "identity-profiles");
}

#[test]
fn import_results() {
    check(Kind::ImportResult, "import-results");
}

#[test]
fn error_responses() {
    check(Kind::ErrorResponse, "error-responses");
}

/// Real exports, where they lie beside the workspace.
#[test]
fn real_exports_are_unchanged() {
    let folder = workspace().join("../shared/payloads");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    let mut count = 0;
    for entry in entries {
        let file = entry.unwrap_or_else(|error| panic!("{error}")).path();
        let name = file.display().to_string();
        let payload: Value =
            serde_json::from_str(&read(&file)).unwrap_or_else(|error| panic!("{name}: {error}"));
        match payload.get("objects") {
            Some(Value::Array(objects)) => {
                for object in objects {
                    check_other_object(object, &name);
                }
            }
            _ => check_unchanged(Kind::ExportedObject, &payload, &name),
        }
        count += 1;
    }
    assert!(count > 0, "{} is empty", folder.display());
}

/// An object of a backup need not be an identity profile; then only its envelope is of our type.
#[track_caller]
fn check_other_object(object: &Value, name: &str) {
    let mut envelope = object.clone();
    let is_profile = object.pointer("/self/type") == Some(&Value::from("IDENTITY_PROFILE"));
    if !is_profile && let Some(members) = envelope.as_object_mut() {
        members.remove("object");
    }
    check_unchanged(Kind::ExportedObject, &envelope, name);
}
