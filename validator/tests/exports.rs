//! Export files of every shape and with every kind of mistake; reports stand beside them.
//!
//! `good` files have no findings, `noted` files have notes only, `warned` files have warnings and no
//! errors, `bad` files have errors.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::path::{Path, PathBuf};

use export_validator::{
    Code, Edition, JsonPointer, MAX_FINDINGS_PER_CODE, Options, Policy, Report, Severity,
    Validator,
    render::{Renderer, Run, Totals, human::Human, json::Json},
};

fn validate(path: &Path, edition: Edition) -> Report {
    let bytes = std::fs::read(path).expect("test inputs can be read");
    Validator::new(edition).validate(&bytes)
}

fn render(renderer: &mut dyn Renderer, name: &str, report: &Report) {
    let mut totals = Totals::default();
    totals.add(Ok(&report.summary));
    let policy = Policy::default();
    let run = Run {
        checked_against: "edition v2024",
        policy: &policy,
        fail_on: Severity::Error,
        time: None,
    };
    let written = renderer
        .begin(&run)
        .and_then(|()| renderer.report(name, report))
        .and_then(|()| renderer.finish(&totals));
    written.expect("a vector takes everything");
}

/// What the program prints for a file, in both formats.
fn check(path: &Path, severity: Severity) -> (String, String) {
    let report = validate(path, Edition::V2024);
    let worst = report.findings.iter().map(|finding| finding.severity).min();
    assert_eq!(worst, Some(severity), "{}", path.display());
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut text = Vec::new();
    render(&mut Human::new(&mut text, false), &name, &report);
    let mut document = Vec::new();
    render(&mut Json::new(&mut document), &name, &report);
    (
        String::from_utf8(text).expect("UTF-8"),
        String::from_utf8(document).expect("UTF-8"),
    )
}

fn check_against_snapshots(path: &Path, severity: Severity) {
    let name = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let (text, document) = check(path, severity);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(path.parent().expect("inputs are in a folder"));
    settings.remove_snapshot_suffix();
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}.human"), text);
        insta::assert_snapshot!(format!("{name}.json"), document);
    });
}

#[test]
fn bad_files_are_reported_as_their_snapshots_say() {
    insta::glob!("exports/bad/*.json", |path| check_against_snapshots(
        path,
        Severity::Error
    ));
}

#[test]
fn warned_files_are_reported_as_their_snapshots_say() {
    insta::glob!("exports/warned/*.json", |path| check_against_snapshots(
        path,
        Severity::Warning
    ));
}

#[test]
fn noted_files_are_reported_as_their_snapshots_say() {
    insta::glob!("exports/noted/*.json", |path| check_against_snapshots(
        path,
        Severity::Info
    ));
}

#[test]
fn good_files_have_no_findings_in_any_edition() {
    insta::glob!("exports/good/*.json", |path| {
        for edition in Edition::ALL {
            assert_valid(path, edition);
        }
    });
}

fn assert_valid(path: &Path, edition: Edition) {
    let report = validate(path, edition);
    assert_eq!(report.findings, [], "{} in {edition}", path.display());
    assert_ne!(
        report.summary.shape,
        export_validator::Shape::Unknown,
        "{}",
        path.display()
    );
}

#[test]
fn shapes_are_recognised() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    let expected = [
        ("good/array.json", "array", 2, 2),
        ("good/empty-array.json", "array", 0, 0),
        ("good/mixed-array.json", "mixed-array", 4, 1),
        ("good/one-object.json", "exported-object", 1, 1),
        ("good/sp-config.json", "sp-config", 2, 1),
        ("good/sp-config-objects-only.json", "sp-config", 1, 1),
        ("good/ndjson.json", "ndjson", 3, 2),
        ("good/ndjson-blank-lines-crlf.json", "ndjson", 2, 2),
        ("bad/bare-profile-complete.json", "profile", 1, 1),
        ("bad/scalar.json", "unknown", 0, 0),
        ("bad/missing-comma.json", "exported-object", 1, 0),
        ("bad/ndjson.json", "ndjson", 5, 3),
        ("bad/ndjson-first-line-bad.json", "ndjson", 2, 1),
        ("bad/ndjson-second-line-array.json", "ndjson", 3, 2),
        ("bad/truncated.json", "array", 3, 2),
    ];
    for (file, shape, elements, profiles) in expected {
        let report = validate(&folder.join(file), Edition::V2024);
        let found = serde_json::to_value(report.summary.shape).expect("shapes can be serialised");
        assert_eq!(
            (
                found.as_str(),
                report.summary.elements,
                report.summary.profiles
            ),
            (Some(shape), elements, profiles),
            "{file}"
        );
    }
}

/// All types that are taken are named, and the nearest of all of them.
#[test]
fn the_early_edition_names_the_dto_types_of_its_successor_too() {
    let expected_of = |edition, dto_type: &str| {
        let text = format!(r#"[{{"self": {{"type": "{dto_type}"}}, "object": {{}}}}]"#);
        let mut report = Validator::new(edition).validate(text.as_bytes());
        assert_eq!(report.findings.len(), 1, "{edition}: {report:?}");
        let finding = report.findings.remove(0);
        assert_eq!(finding.code, Code::Enum);
        (finding.expected.unwrap_or_default(), finding.help)
    };
    let (early, help) = expected_of(Edition::V3Legacy, "SEGMNT");
    assert_eq!(help.as_deref(), Some("write \"SEGMENT\""));
    assert_eq!(early.split(", ").count(), 26 + 14, "{early}");
    let (current, help) = expected_of(Edition::V3, "SEGMNT");
    assert_eq!(help.as_deref(), Some("write \"SEGMENT\""));
    assert_eq!(current.split(", ").count(), 24, "{current}");
}

/// The editions agree but for what the early one does not say.
#[test]
fn the_early_edition_requires_nothing_and_tolerates_nulls() {
    let validator = Validator::new(Edition::V3Legacy);
    let codes = |text: &str| -> Vec<Code> {
        validator
            .validate(text.as_bytes())
            .findings
            .iter()
            .map(|finding| finding.code)
            .collect()
    };
    assert_eq!(codes(r#"[{"object": {}}]"#), []);
    assert_eq!(
        codes(r#"[{"object": {"authoritativeSource": null, "priority": null}}]"#),
        []
    );
    assert_eq!(
        codes(r#"[{"self": {"type": "TRANSFORM"}, "object": {"type": "lower"}}]"#),
        []
    );
    assert_eq!(codes(r#"[{"object": {"owner": {"type": "ROLE"}}}]"#), []);
    assert_eq!(codes("[null]"), [Code::Type]);
    assert_eq!(codes(r#"[{"object": {"priority": "1"}}]"#), [Code::Type]);
    assert_eq!(codes(r#"[{"object": {"type": "PROFILE"}}]"#), [Code::Enum]);
    assert_eq!(
        codes(r#"[{"self": {"type": "TRANSFORM"}, "object": {"authoritativeSource": {}}}]"#),
        [Code::SelfMismatch]
    );
}

#[test]
fn the_current_editions_agree() {
    insta::glob!("exports/*/*.json", |path| {
        assert_eq!(validate(path, Edition::V3), validate(path, Edition::V2024));
    });
}

/// The pointers of all objects in a value.
fn objects_in(value: &serde_json::Value) -> Vec<JsonPointer> {
    let mut objects = Vec::new();
    let mut waiting = vec![(JsonPointer::root(), value)];
    while let Some((pointer, value)) = waiting.pop() {
        match value {
            serde_json::Value::Object(members) => {
                waiting.extend(
                    members
                        .iter()
                        .map(|(key, value)| (pointer.child(key), value)),
                );
                objects.push(pointer);
            }
            serde_json::Value::Array(items) => {
                let items = items.iter().enumerate();
                waiting.extend(items.map(|(index, item)| (pointer.item(index), item)));
            }
            _ => {}
        }
    }
    objects
}

#[test]
fn an_undocumented_property_is_found_wherever_it_stands() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports/good/mixed-array.json");
    let bytes = std::fs::read(path).expect("test inputs can be read");
    let document: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let mut free = 0;
    for object in objects_in(&document) {
        let mut changed = document.clone();
        changed.pointer_mut(object.as_str()).expect("an object")["zzz"] = 1.into();
        let report = Validator::new(Edition::V2024).validate(changed.to_string().as_bytes());
        let tokens: Vec<_> = object.tokens().collect();
        let element = tokens
            .first()
            .and_then(|index| document.pointer(&format!("/{index}")));
        let is_profile =
            element.is_some_and(|element| element["self"]["type"] == "IDENTITY_PROFILE");
        let is_free = tokens.iter().any(|token| token == "attributes")
            || !is_profile && tokens.get(1).is_some_and(|token| token == "object");
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|finding| (finding.code, finding.pointer.clone()))
            .collect();
        if is_free {
            free += 1;
            assert_eq!(found, [], "{object}");
        } else {
            assert_eq!(
                found,
                [(Code::UnknownField, object.child("zzz"))],
                "{object}"
            );
        }
    }
    assert!(free > 2, "{free}");
}

/// What only the server sets is looked for if it is asked for.
#[test]
fn a_rule_that_is_off_can_be_turned_on() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports/good/one-object.json");
    let bytes = std::fs::read(path).expect("test inputs can be read");
    let mut options = Options::default();
    let selector = "import/read-only".parse().expect("a code");
    options.policy.set(selector, Some(Severity::Warning));
    let mut pointers = Vec::new();
    let summary = Validator::new(Edition::V2024).check(bytes.as_slice(), &options, |finding| {
        assert_eq!(finding.severity, Severity::Warning);
        pointers.push(finding.pointer.to_string());
    });
    assert_eq!(
        pointers,
        ["/object/id", "/object/created", "/object/modified"]
    );
    let counts = summary.expect("a slice can be read").counts;
    assert_eq!((counts.errors, counts.warnings, counts.infos), (0, 3, 0));
}

/// Real exports, where they are at hand.
#[test]
fn real_exports_have_no_errors_in_any_edition() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/payloads");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: there is no {}", folder.display());
        return;
    };
    let paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    for path in paths {
        for edition in Edition::ALL {
            let report = validate(&path, edition);
            let errors: Vec<_> = report
                .findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .collect();
            assert!(
                errors.is_empty(),
                "{} in {edition}: {errors:?}",
                path.display()
            );
        }
    }
}

/// What a broken file gives rise to is counted in full and listed up to a bound.
#[test]
fn findings_of_one_kind_are_listed_up_to_a_bound() {
    let validator = Validator::new(Edition::V2024);
    let check = |bytes: &[u8], code: Code, all: usize| {
        let report = validator.validate(bytes);
        let listed = report.findings.iter().filter(|f| f.code == code).count();
        let unlisted = report.summary.unlisted.get(&code).copied();
        assert_eq!(listed, all.min(MAX_FINDINGS_PER_CODE), "{code}");
        assert_eq!(listed + unlisted.unwrap_or_default(), all, "{code}");
        assert_ne!(unlisted, Some(0));
        report.summary.counts
    };
    for all in [1, 999, 1_000, 1_001, 1_002, 5_000] {
        let numbers = format!("[{}]", vec!["1"; all].join(","));
        let counts = check(numbers.as_bytes(), Code::Type, all);
        assert_eq!((counts.errors, counts.warnings), (all, 0));
        let lines = "{}\n".repeat(2) + &"{\"a\n".repeat(all);
        let counts = check(lines.as_bytes(), Code::Truncated, all);
        assert_eq!(counts.errors, all + 2);
        let bytes = [b"[\"".as_slice(), &b"\xe9 ".repeat(all), b"\"]"].concat();
        let counts = check(&bytes, Code::InvalidUtf8, all);
        assert_eq!(counts.errors, all + 1);
    }
}

/// Places are consistent with each other and with the text.
#[test]
fn every_finding_is_where_it_says() {
    insta::glob!("exports/*/*.json", |path| {
        let bytes = std::fs::read(path).expect("test inputs can be read");
        let text = String::from_utf8_lossy(&bytes);
        let report = Validator::new(Edition::V2024).validate(&bytes);
        let places: Vec<_> = report
            .findings
            .iter()
            .map(|finding| finding.position.offset)
            .collect();
        assert!(places.is_sorted(), "{}: {places:?}", path.display());
        for finding in &report.findings {
            let start = finding.position.offset;
            // Of a code, some may be milder than the others.
            assert!(finding.severity >= finding.code.default_severity());
            let before = bytes.get(..start).expect("the offset is in the file");
            let line = before.split(|&byte| byte == b'\n').count();
            assert_eq!(finding.position.line as usize, line, "{finding:?}");
            // A pointer from a line's root cannot be looked up in the whole text.
            let Ok(document) = serde_json::from_str::<serde_json::Value>(&text) else {
                continue;
            };
            let value = document.pointer(finding.pointer.as_str());
            assert!(
                value.is_some(),
                "{}: no value at {}",
                path.display(),
                finding.pointer
            );
            if finding.code == Code::Required {
                assert!(
                    value.is_some_and(serde_json::Value::is_object),
                    "{finding:?}"
                );
                assert_eq!(bytes.get(start), Some(&b'{'), "{finding:?}");
            }
        }
    });
}

/// The brackets of the file count, those around the elements too.
#[test]
fn depth_is_counted_from_the_root_of_the_file() {
    let profile = r#"{"object": {"name": "HR", "authoritativeSource": {"a": [[]]}}}"#;
    let check = |text: &str, depth: usize| {
        for (max_depth, is_too_deep) in [(depth, false), (depth - 1, true)] {
            let mut options = Options::default();
            options.max_depth = max_depth;
            let mut codes = Vec::new();
            Validator::new(Edition::V2024)
                .check(text.as_bytes(), &options, |finding| {
                    codes.push(finding.code);
                })
                .expect("a slice can be read");
            let found = codes.contains(&Code::TooDeep);
            assert_eq!(found, is_too_deep, "{max_depth}: {codes:?} in {text}");
        }
    };
    check(profile, 5);
    check(&format!("[{profile}]"), 6);
    check(&format!(r#"{{"objects": [{profile}]}}"#), 7);
    check(&format!("{profile}\n{profile}"), 5);
    check(r#"{"options": {"a": [[]]}, "objects": []}"#, 4);
}
