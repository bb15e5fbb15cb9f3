//! Exported objects: checked in parts they are found to be what they are found to be when they are
//! checked at one go.

use proptest::prelude::*;

use super::reports::{Slow, report};
use crate::{Code, Edition, Finding, Options, Policy, Report, Selector, Severity, Validator};

fn one_of(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn mapping() -> impl Strategy<Value = String> {
    one_of(&[
        r#"{"identityAttributeName": "email", "transformDefinition": {"type": "accountAttribute",
            "attributes": {"attributeName": "mail", "sourceName": "HR", "sourceId": "1"}}}"#,
        r#"{"identityAttributeName":"uid","transformDefinition":{"type":"reference","attributes":{"id":"Lower"}}}"#,
        r#"{"identityAttributeName":"u\u0069d","transformDefinition":{"type":"lower","attributes":{}}}"#,
        r#"{"identityAttributeName": "Größe", "transformDefinition": {"type": "static"}}"#,
        r#"{"identityAttributeName":"a","transformDefinition":{"type":"accountAttribute","attributes":{"attributeName":"m","sourceName":"AD","sourceId":"1"}}}"#,
        r#"{"identityAttributeName": 5, "transformDefinition": []}"#,
        r#"{"identityAttributeName": null, "transformDefinition": {"type": 1}}"#,
        r#"{"identityAttributeNam": "x", "transformDefinition": {"typ": "lower"}}"#,
        r#"{"id": "y", "id": "y", "transformDefinition": null}"#,
        "{}",
        "[]",
        "null",
        "7",
    ])
}

fn config() -> impl Strategy<Value = String> {
    // What stands behind an element is looked at before it is taken for whole.
    let space = prop::sample::select(&["", " ", "\n"]).prop_map(|space| space.repeat(1500));
    let mappings = (prop::collection::vec(mapping(), 0..10), space).prop_map(|(all, space)| {
        format!("\"attributeTransforms\" :{space} [{}]", all.join(" ,\n"))
    });
    let other = one_of(&[
        r#""enabled": true"#,
        r#""enabled": "yes""#,
        r#""enabeld": false"#,
        r#""attributeTransforms": null"#,
        r#""attributeTransforms": {}"#,
    ]);
    prop::collection::vec(prop_oneof![mappings, other], 0..4)
        .prop_map(|members| format!("\"identityAttributeConfig\":{{{}}}", members.join(",\n  ")))
}

fn profile() -> impl Strategy<Value = String> {
    let other = one_of(&[
        r#""name": "Employees""#,
        r#""name": "Employees", "authoritativeSource": {"type": "SOURCE", "id": "9", "name": "S"}"#,
        r#""authoritativeSource": {"type": "SOURCE", "id": "1", "name": "S"}"#,
        r#""name": 1"#,
        r#""id": "2c9180835d191a86015d28455b4a2329""#,
        r#""priority": 10"#,
        r#""priority": "high""#,
        r#""owner": null"#,
        r#""owner": {"type": "PERSON"}"#,
        r#""descripton": "\ud83d\ude00""#,
        r#""identityAttributeConfig": null"#,
        r#""created": "2024-01-01T00:00:00Z""#,
    ]);
    prop::collection::vec(prop_oneof![config(), other], 0..6)
        .prop_map(|members| format!("\"object\": {{ {} }}", members.join(", ")))
}

fn exported() -> impl Strategy<Value = String> {
    let other = one_of(&[
        r#""version": 1"#,
        r#""version": "1""#,
        r#""self": {"type": "IDENTITY_PROFILE", "id": "2c9180835d191a86015d28455b4a2329", "name": "Employees"}"#,
        r#""self": {"type": "SOURCE"}"#,
        r#""self": {"type": "IDENTITY_PROFIL", "name": "Contractors"}"#,
        r#""self": 1"#,
        r#""jwsHeader": null, "jwsSignature": "x""#,
        r#""object": null"#,
        r#""objetc": {}"#,
    ]);
    let members = prop::collection::vec(other, 0..3);
    (members, profile(), any::<prop::sample::Index>()).prop_map(|(mut members, profile, at)| {
        members.insert(at.index(members.len() + 1), profile);
        format!("{{{}}}", members.join(" ,\n "))
    })
}

/// What does not depend on how much of the text is known at once: how often an attribute is mapped
/// does, and what is shown of the text behind where an array begins.
fn comparable(report: Report) -> Report {
    let findings = report.findings.into_iter().map(|finding| {
        let finding = Finding {
            frame: String::new(),
            ..finding
        };
        // A name that is no text is none before the profile is known.
        if finding.code == Code::SourceMismatch {
            return Finding {
                profile: None,
                ..finding
            };
        }
        if finding.code != Code::DuplicateAttribute {
            return finding;
        }
        Finding {
            message: String::new(),
            help: None,
            related: Vec::new(),
            ..finding
        }
    });
    Report {
        findings: findings.collect(),
        ..report
    }
}

const LAYOUTS: &[&str] = &["{}", "[{}]", "{\"version\": 1, \"objects\": [{}]}"];

/// A file with exported objects.
fn file() -> impl Strategy<Value = String> {
    let layouts = prop::sample::select(LAYOUTS);
    (layouts, prop::collection::vec(exported(), 1..4)).prop_map(|(layout, mut all)| {
        if layout == "{}" {
            all.truncate(1);
        }
        layout.replace("{}", &all.join(",\n"))
    })
}

proptest! {
    #[test]
    fn exported_objects_are_checked_alike_at_one_go_and_in_parts(
        text in file(),
        window in 1..300_usize,
        threads in 1..3_usize,
        edition in prop::sample::select(Edition::ALL.as_slice()),
    ) {
        let validator = Validator::new(edition);
        let mut policy = Policy::default();
        policy.set(Selector::Code(Code::ReadOnlyProperty), Some(Severity::Warning));
        let at_one_go = Options { at_once: usize::MAX, policy, ..Options::default() };
        let expected = comparable(report(&validator, text.as_bytes(), &at_one_go));
        let options = Options { at_once: 1, window, threads, ..at_one_go };
        let slow = Slow { rest: text.as_bytes(), step: 1 + window / 2 };
        let found = comparable(report(&validator, slow, &options));
        // Of a key that stands twice around the mappings each value is looked at.
        let is_twice = |finding: &&Finding| {
            finding.code == Code::DuplicateKey && !finding.pointer.as_str().contains("/attributeTransforms/")
        };
        let twice = |report: &Report| -> Vec<_> {
            let twice = report.findings.iter().filter(is_twice);
            twice.map(|finding| (finding.pointer.clone(), finding.position)).collect()
        };
        prop_assert_eq!(twice(&found), twice(&expected), "{}", text);
        if twice(&expected).is_empty() {
            prop_assert_eq!(&found.findings, &expected.findings, "{}", text);
            prop_assert_eq!(&found.summary, &expected.summary, "{}", text);
        }
    }

    /// A long object that is no JSON is never valid, and what is said of it does not depend on how
    /// it comes.
    #[test]
    fn long_exported_objects_that_are_broken_are_found_to_be(
        text in file(),
        at in any::<prop::sample::Index>(),
        piece in prop::sample::select(&["", "{", "}", "]", ",", "\"", "\n", "x", "\u{feff}", ":"]),
        length in 0..3_usize,
        window in 1..300_usize,
    ) {
        let validator = Validator::new(Edition::default());
        let mut text: Vec<char> = text.chars().collect();
        let start = at.index(text.len());
        text.splice(start..(start + length).min(text.len()), piece.chars());
        let text: String = text.into_iter().collect();
        let options = |window| Options { at_once: 1, window, threads: 1, ..Options::default() };
        let expected = comparable(report(&validator, text.as_bytes(), &options(100_000)));
        let slow = Slow { rest: text.as_bytes(), step: window };
        let found = comparable(report(&validator, slow, &options(window)));
        prop_assert_eq!(&found.findings, &expected.findings, "{}", text);
        prop_assert_eq!(&found.summary, &expected.summary, "{}", text);
        let without_mark = text.trim_start_matches('\u{feff}');
        let is_json = serde_json::from_str::<serde_json::Value>(without_mark).is_ok();
        prop_assert!(is_json || !expected.summary.is_valid(), "{}", text);
    }
}
