//! YAML as input: the JSON it becomes, and findings at their places in the YAML.
//!
//! Snapshots stand beside the inputs.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use export_validator::{
    Edition, Options, Validator,
    input::{self, Input, Kind, Limits, yaml::yaml_to_json},
    render::{Renderer, human::Human},
};
use proptest::prelude::*;
use serde_json::Value;
use source_text::{
    Span,
    json::{Event, Reader},
};

const LIMITS: Limits = Limits {
    unpacked: 1_000_000,
    held: 1_000_000,
    aliases: 100_000,
};

/// What becomes of a YAML text, for people: its JSON, and what the check says of it.
fn describe(text: &[u8]) -> String {
    let json = match yaml_to_json(&String::from_utf8_lossy(text), LIMITS.aliases) {
        Ok(converted) => converted.json,
        Err(error) => format!("{error}"),
    };
    let input = Input {
        name: "test.yaml".into(),
        kind: Kind::Yaml,
        packing: None,
        size: None,
        reader: Box::new(text),
    };
    let validator = Validator::new(Edition::V2024);
    let mut out = Vec::new();
    let mut human = Human::new(&mut out, false);
    let options = Options::default();
    let summary = input::check(&validator, input, &LIMITS, &options, |finding| {
        human
            .finding("test.yaml", &finding)
            .expect("a vector takes everything");
    });
    let summary = summary.expect("a slice can be read");
    human
        .end_file("test.yaml", Ok(&summary))
        .expect("a vector takes everything");
    format!("{json}\n\n{}", String::from_utf8_lossy(&out))
}

#[test]
fn yaml_becomes_json_and_findings_lead_back() {
    insta::glob!("yaml/*.yaml", |path| {
        let text = std::fs::read(path).expect("inputs can be read");
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(path.parent().expect("inputs are in a folder"));
        settings.remove_snapshot_suffix();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        settings.bind(|| insta::assert_snapshot!(name.into_owned(), describe(&text)));
    });
}

/// A text without the characters that the writer takes for line ends, as YAML 1.1 did.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| text.replace(['\u{85}', '\u{2028}', '\u{2029}'], "~"))
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
        // What YAML could take for something else.
        "[-+0-9.:#~!&*'\"\\[\\]{}|>%@`, \\\\a-fnulxoyNT\n\t\u{feff}]{0,12}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Whether the writer makes a block of a value.
fn is_block(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains('\n'))
}

/// The keys and scalars of a JSON text with their places.
fn scalars(json: &str) -> Vec<(Span, Value)> {
    let scalar = |(event, span): (Event<'_>, Span)| match event {
        Event::ObjectStart | Event::ObjectEnd | Event::ArrayStart | Event::ArrayEnd => None,
        _ => Some((
            span,
            serde_json::from_str(&json[span.range()]).expect("JSON"),
        )),
    };
    let events = Reader::new(json).map(|event| event.expect("the text is JSON"));
    events.filter_map(scalar).collect()
}

proptest! {
    #[test]
    fn json_that_was_written_as_yaml_is_the_same_json(value in value()) {
        let yaml = serde_yaml::to_string(&value).expect("every value can be written");
        let converted = yaml_to_json(&yaml, LIMITS.aliases).map_err(|error| {
            TestCaseError::fail(format!("{error} at {:?} in {yaml}", error.span))
        })?;
        prop_assert!(converted.problems.is_empty());
        let json: Value = serde_json::from_str(&converted.json)
            .map_err(|error| TestCaseError::fail(format!("{error}: {}", converted.json)))?;
        prop_assert_eq!(json, value, "{}", yaml);
        for (span, scalar) in scalars(&converted.json) {
            let place = converted.places.to_yaml(span);
            let written = &yaml[place.range()];
            // What a block holds stands below its mark.
            if !written.contains('\n') && !is_block(&scalar) {
                let there: Value = serde_yaml::from_str(written).unwrap_or_default();
                prop_assert_eq!(there, scalar, "{:?} in {}", written, yaml);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in "[-a-c0-2.:?#&*!|>%@`'\"\\[\\]{}, \\\\\n\t<é]{0,60}") {
        if let Ok(converted) = yaml_to_json(&text, 1000) {
            for line in converted.json.lines() {
                let is_json = serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
                prop_assert!(is_json, "{line:?} from {text:?}");
            }
            for at in 0..=converted.json.len() {
                let place = converted.places.to_yaml(Span::new(at, converted.json.len()));
                prop_assert!(place.start <= place.end && place.end <= text.len());
            }
        }
    }
}
