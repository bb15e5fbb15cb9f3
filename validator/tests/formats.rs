//! What holds for every file in every format: that the output is well-formed, and masked where it
//! is to be.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{collections::HashSet, path::PathBuf, sync::LazyLock};

use export_validator::{
    Code, Edition, Finding, Policy, Report, Severity, Validator,
    render::{Renderer, Run, Totals, human::Human, json::Json},
};
use serde_json::Value;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Edition::V2024));

const FORMATS: [&str; 2] = ["human", "json"];

fn renderer<'a>(format: &str, output: &'a mut Vec<u8>) -> Box<dyn Renderer + 'a> {
    match format {
        "human" => Box::new(Human::new(output, false)),
        "json" => Box::new(Json::new(output)),
        other => panic!("no format {other}"),
    }
}

/// Writes reports as one run; the last file could not be read.
fn render(format: &str, reports: &[(&str, Report)]) -> String {
    let policy = Policy::default();
    let run = Run {
        checked_against: "edition v2024",
        policy: &policy,
        fail_on: Severity::Error,
    };
    let mut output = Vec::new();
    let mut renderer = renderer(format, &mut output);
    let mut totals = Totals::default();
    let mut write = || {
        renderer.begin(&run)?;
        for (name, report) in reports {
            totals.add(Ok(&report.summary));
            renderer.report(name, report)?;
        }
        let reason = "it is <not> there & \"gone\"";
        totals.add(Err(reason));
        renderer.begin_file("un,read:able.json")?;
        renderer.end_file("un,read:able.json", Err(reason))?;
        renderer.finish(&totals)
    };
    write().expect("a vector takes everything");
    drop(renderer);
    String::from_utf8(output).expect("UTF-8")
}

fn inputs() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exports");
    let mut inputs = Vec::new();
    for kind in ["bad", "good", "warned"] {
        for entry in std::fs::read_dir(format!("{folder}/{kind}")).expect("inputs are committed") {
            let path = entry.expect("an entry").path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let bytes = std::fs::read(&path).expect("inputs can be read");
                inputs.push((path, bytes));
            }
        }
    }
    inputs.sort();
    assert!(inputs.len() > 50);
    inputs
}

/// Checks what each format makes of each file.
fn for_each_output(format: &str, mut check: impl FnMut(&str)) {
    for (path, bytes) in inputs() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        check(&render(format, &[(&name, VALIDATOR.validate(&bytes))]));
    }
}

#[test]
fn json_reports_fit_their_schema() {
    let schema = serde_json::from_str(export_validator::render::json::SCHEMA).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let check = |text: &str| {
        let report: Value = serde_json::from_str(text).expect("JSON");
        let errors: Vec<_> = schema.iter_errors(&report).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0], "{text}");
    };
    for_each_output("json", check);
    let many = "1,".repeat(2_000) + "1";
    check(&render(
        "json",
        &[("-", VALIDATOR.validate(format!("[{many}]").as_bytes()))],
    ));
    check(&render("json", &[]));
}

#[test]
fn the_schema_of_json_reports_describes_every_member() {
    let schema: Value = serde_json::from_str(export_validator::render::json::SCHEMA).expect("JSON");
    let mut waiting = vec![&schema];
    while let Some(value) = waiting.pop() {
        let members = value.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let is_told = member.get("description").is_some() || member.get("$ref").is_some();
            assert!(is_told, "{name}");
        }
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

/// The texts and numbers that stand in a file as values, and that the schemas do not name.
fn values(bytes: &[u8]) -> HashSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut values = HashSet::new();
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    // Also in files that are no JSON whatever stands between quotes and is no key.
    let mut parts = text.split('"').skip(1);
    while let (Some(inside), after) = (parts.next(), parts.next()) {
        if !after.is_some_and(|after| after.trim_start().starts_with(':')) {
            values.insert(inside.to_owned());
        }
    }
    values.extend(
        text.split(|c: char| !c.is_ascii_digit())
            .map(ToOwned::to_owned),
    );
    // Short ones are in any text.
    values.retain(|value| value.chars().filter(|c| is_word(*c)).count() > 4);
    values
}

#[test]
fn masked_findings_hold_no_values() {
    let mask = VALIDATOR.mask();
    let documented = documented();
    let mut hidden = 0;
    for (path, bytes) in inputs() {
        let mut report = VALIDATOR.validate(&bytes);
        report.findings = report
            .findings
            .into_iter()
            .map(|f| mask.masked(f))
            .collect();
        let offsets: Vec<String> = report.findings.iter().flat_map(offsets_of).collect();
        for format in FORMATS {
            let shown = render(format, &[("file.json", report.clone())]);
            for value in values(&bytes) {
                if documented.contains(&value) || offsets.contains(&value) {
                    continue;
                }
                hidden += 1;
                let escaped = serde_json::to_string(&value).unwrap_or_default();
                assert!(
                    !shown.contains(&value) && !shown.contains(escaped.trim_matches('"')),
                    "{}: {value:?} in {format}:\n{shown}",
                    path.display()
                );
            }
        }
    }
    assert!(hidden > 500, "{hidden}");
}

fn offsets_of(finding: &Finding) -> [String; 2] {
    [finding.position.offset, finding.end.offset].map(|offset| offset.to_string())
}

/// Every word of the schemas.
fn documented() -> HashSet<String> {
    let text =
        include_str!("../../generated/schemas/v2024/IdentityProfileExportedObject.schema.json");
    let words = text.split('"');
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    // The types of transforms, and the attributes that they need.
    let page = Code::MissingTransformAttribute.page();
    let of_transforms = page.split(|c: char| !c.is_alphanumeric());
    // The help of a finding says what is not about the file's own text.
    let all = words
        .chain(numbers)
        .chain(of_transforms)
        .chain(["COMPLETE"]);
    all.map(ToOwned::to_owned).collect()
}
