//! Exports with changes: the engine finds something wrong with an element if the schema does.
//!
//! ```sh
//! cargo +nightly fuzz run agreement -- -timeout=10 -max_total_time=300 -max_len=200
//! ```
#![no_main]

use std::sync::LazyLock;

use export_validator::{Code, Edition, Options, Validator};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Edition::V2024));

/// The authority itself.
static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let text =
        include_str!("../../../generated/schemas/v2024/IdentityProfileExportedObject.schema.json");
    let schema = serde_json::from_str(text).expect("a schema");
    jsonschema::options()
        .should_validate_formats(false)
        .build(&schema)
        .expect("a schema")
});

/// Elements to begin with.
static ELEMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let texts = [
        include_str!("../../tests/exports/good/array.json"),
        include_str!("../../tests/exports/good/nested-transforms.json"),
        include_str!("../../tests/exports/good/nulls.json"),
        include_str!("../../tests/exports/good/unicode.json"),
    ];
    let arrays = texts.map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
    let elements = arrays.into_iter().flat_map(|array| match array {
        Value::Array(elements) => elements,
        one => vec![one],
    });
    elements.collect()
});

const KEYS: [&str; 10] = [
    "name",
    "type",
    "id",
    "version",
    "owner",
    "priority",
    "authoritativeSource",
    "identityAttributeConfig",
    "a\"b",
    "é",
];

fn values() -> [Value; 16] {
    [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1.0),
        json!(2.5),
        json!(2_147_483_648_u64),
        json!(9_223_372_036_854_775_807_u64),
        json!(1e30),
        json!(""),
        json!("HR"),
        json!("SOURCE"),
        json!("IDENTITY"),
        json!([]),
        json!({}),
        json!([{"type": "SOURCE", "id": null}]),
    ]
}

/// All places in a value, in a stable order.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(value, format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// Applies a change that three bytes choose.
fn change(element: &mut Value, [place, action, what]: [u8; 3]) {
    let mut places = Vec::new();
    pointers(element, String::new(), &mut places);
    // There may be more places than a byte tells; the action tells the rest.
    let place = usize::from(place) + 256 * usize::from(action / 64);
    let pointer = places[place % places.len()].clone();
    let Some(target) = element.pointer_mut(&pointer) else {
        return;
    };
    let what = usize::from(what);
    let value = values()[what % values().len()].clone();
    let key = KEYS[what / values().len() % KEYS.len()];
    match (action % 6, target) {
        (0 | 1, target) => *target = value,
        (2, Value::Object(members)) => {
            members.insert(key.to_owned(), value);
        }
        (3, Value::Object(members)) => {
            let key = members.keys().nth(what % members.len().max(1)).cloned();
            key.and_then(|key| members.remove(&key));
        }
        (4, Value::Array(items)) => items.push(value),
        (5, Value::Array(items)) => {
            items.pop();
        }
        (4 | 5, target @ Value::Object(_)) => {
            let inside = target.take();
            *target = Value::Object(Map::from_iter([(key.to_owned(), inside)]));
        }
        (_, target) => *target = value,
    }
}

/// Whether an element is held against the schema of exported profiles, as a whole.
fn is_profile(element: &Value) -> bool {
    let has_envelope = element.get("self").is_some() || element.get("object").is_some();
    let dto_type = element.pointer("/self/type").and_then(Value::as_str);
    has_envelope && dto_type.is_none_or(|dto_type| dto_type == "IDENTITY_PROFILE")
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&[first, style], changes)) = bytes.split_first_chunk() else {
        return;
    };
    let mut elements: Vec<Value> = Vec::new();
    for offset in 0..1 + usize::from(style >> 6) {
        elements.push(ELEMENTS[(usize::from(first) + offset) % ELEMENTS.len()].clone());
    }
    let count = elements.len();
    for (index, bytes) in changes.chunks_exact(3).take(20).enumerate() {
        change(&mut elements[index % count], [bytes[0], bytes[1], bytes[2]]);
    }
    let document = Value::Array(elements);
    let text = if style & 1 == 0 {
        document.to_string()
    } else {
        format!("{document:#}")
    };
    let mut findings = Vec::new();
    let summary = VALIDATOR
        .check(text.as_bytes(), &Options::default(), |finding| {
            findings.push(finding)
        })
        .expect("a slice can be read");
    assert_eq!(summary.elements, count, "{text}");
    for finding in &findings {
        let value = document.pointer(finding.pointer.as_str());
        assert!(value.is_some(), "{finding:#?} in {text}");
        let rest = &text[finding.position.offset..finding.end.offset];
        assert!(
            !rest.is_empty() && !rest.starts_with([' ', ',', ':']),
            "{finding:#?}"
        );
    }
    for (index, element) in document.as_array().into_iter().flatten().enumerate() {
        if !is_profile(element) {
            continue;
        }
        let is_wrong = findings.iter().any(|finding| {
            finding.element == Some(index)
                && finding.code.as_str().starts_with("schema/")
                && finding.code != Code::ReadOnly
        });
        assert_eq!(
            is_wrong,
            !SCHEMA.is_valid(element),
            "{findings:#?} of {element}"
        );
    }
});
