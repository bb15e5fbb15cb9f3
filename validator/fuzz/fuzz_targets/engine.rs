//! Arbitrary bytes through the engine: no panic, an end, findings in their order and in the file, and
//! the same grammar of JSON as `serde_json` has.
//!
//! ```sh
//! cargo install cargo-fuzz
//! mkdir -p fuzz/corpus/engine
//! cp tests/exports/*/*.json fuzz/corpus/engine
//! cargo +nightly fuzz run engine -- -dict=fuzz/json.dict -timeout=10 -max_total_time=300
//! ```
#![no_main]

use std::sync::LazyLock;

use export_validator::{Code, Edition, Options, Report, Shape, Validator};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Every edition, a schema that takes anything, and one that is checked item by item.
static VALIDATORS: LazyLock<Vec<Validator>> = LazyLock::new(|| {
    let editions = Edition::ALL.map(Validator::new);
    let item = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"enum": ["HR", null]}, "version": {"minimum": 0, "maximum": 5},
    }});
    let schemas = [json!(true), json!({"type": "array", "items": item})];
    let of_schemas = schemas.map(|schema| Validator::from_schema(&schema).expect("a schema"));
    editions.into_iter().chain(of_schemas).collect()
});

/// The place of the validator that takes anything.
const ANYTHING: usize = Edition::ALL.len();

fn check(validator: &Validator, bytes: &[u8]) -> Report {
    let mut findings = Vec::new();
    let mut options = Options::default();
    options.max_findings_per_code = None;
    let summary = validator
        .check(bytes, &options, |finding| findings.push(finding))
        .expect("a slice can be read");
    let counts = summary.counts;
    let all = counts.errors + counts.warnings + counts.infos;
    assert_eq!(findings.len(), all);
    for finding in &findings {
        assert!(finding.position <= finding.end, "{finding:#?}");
        assert!(finding.end.offset <= bytes.len(), "{finding:#?}");
        assert!(
            finding
                .element
                .is_none_or(|element| element < summary.elements)
        );
    }
    // Those that the end of the file confirms come after all others.
    for waits in [false, true] {
        let offsets = findings.iter().filter_map(|finding| {
            let is_one = (finding.code == Code::UnresolvedReference) == waits;
            is_one.then_some(finding.position.offset)
        });
        assert!(offsets.is_sorted(), "{findings:#?}");
    }
    Report { summary, findings }
}

/// Whether `serde_json` takes a text, if it is to be asked.
fn is_json(bytes: &[u8]) -> Option<bool> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(_) => Some(true),
        Err(error) => {
            let reason = error.to_string();
            let is_limit = reason.contains("number out of range") || reason.contains("recursion");
            (!is_limit).then_some(false)
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let reports: Vec<Report> = VALIDATORS
        .iter()
        .map(|validator| check(validator, bytes))
        .collect();
    let report = &reports[ANYTHING];
    let has = |code: Code| report.findings.iter().any(|finding| finding.code == code);
    // Lines are documents of their own; a mark and two equal keys are for us to say.
    if report.summary.shape == Shape::Ndjson
        || [Code::ByteOrderMark, Code::DuplicateKey, Code::TooDeep]
            .into_iter()
            .any(has)
    {
        return;
    }
    if let Some(expected) = is_json(bytes) {
        assert_eq!(
            report.summary.is_valid(),
            expected,
            "{:#?}",
            report.findings
        );
    }
});
