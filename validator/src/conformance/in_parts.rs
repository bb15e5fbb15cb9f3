//! Payloads that are one object: checked property by property they are found to be what they are
//! found to be when they are checked at one go.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::reports::{Slow, is_alike, report};
use crate::{Options, Validator};

/// An answer in pages, as documents describe them.
fn schema() -> Value {
    json!({
        "description": "A page",
        "allOf": [{ "$ref": "#/$defs/Page" }],
        "required": ["data"],
        "properties": {
            "data": { "$ref": "#/$defs/Items" },
            "included": { "type": ["array", "null"], "items": { "$ref": "#/$defs/Item" } },
            "meta": { "$ref": "#/$defs/Meta" },
            "few": { "type": "array", "maxItems": 2, "items": { "type": "integer" } },
        },
        "$defs": {
            "Page": {
                "type": "object",
                "required": ["total"],
                "maxProperties": 6,
                "propertyNames": { "maxLength": 9 },
                "dependentRequired": { "next": ["limit"] },
                "properties": {
                    "total": { "type": "integer", "minimum": 0 },
                    "next": { "type": ["string", "null"] },
                    "limit": { "$ref": "#/$defs/Limit" },
                },
                "additionalProperties": { "anyOf": [{ "type": "object" }, { "type": "array" }] },
            },
            "Meta": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "of": { "$ref": "#/$defs/Items" },
                    "deep": {
                        "type": "object",
                        "properties": { "a": { "type": "integer" } },
                        "additionalProperties": false,
                    },
                },
            },
            "Limit": { "enum": [10, 250] },
            "Items": { "type": "array", "items": { "$ref": "#/$defs/Item" } },
            "Item": {
                "type": "object",
                "required": ["id"],
                "properties": { "id": { "type": "integer" }, "of": { "$ref": "#/$defs/Items" } },
            },
        },
    })
}

fn item() -> impl Strategy<Value = String> {
    let texts = [
        r#"{"id":1}"#,
        r#"{"id":2,"of":[{"id":3}, {"id":4}]}"#,
        r#"{"id": "two"}"#,
        r#"{"of":[{}]}"#,
        r#"{"id":1,"id":2}"#,
        r#"{"id":1,"n\u00e4me":"H\n\u00f6"}"#,
        "7",
        "[]",
        "null",
    ];
    prop::sample::select(texts.as_slice().to_vec()).prop_map(str::to_owned)
}

fn member() -> impl Strategy<Value = String> {
    let items = prop::collection::vec(item(), 0..12);
    let array = (prop::sample::select(&["data", "included", "other"]), items)
        .prop_map(|(name, items)| format!("\"{name}\" : [{}]", items.join(",\n ")));
    let texts = [
        r#""total": 12"#,
        r#""total": 12"#,
        r#""total": -1"#,
        r#""total": "many""#,
        r#""next": null"#,
        r#""next": "é\u00e9""#,
        r#""limit": 250"#,
        r#""limit": 251"#,
        r#""few": [1, 2]"#,
        r#""few": [1, 2, 3]"#,
        r#""data": null"#,
        r#""data": {}"#,
        r#""included": null"#,
        r#""d\u0061ta": [{"id": 1}, {}]"#,
        r#""other": {"a": {"b": 1}}"#,
        r#""other": 1"#,
        r#""very-long-name": {}"#,
        r#""meta": {"of": [{"id": 1}, {"id": "x"}], "n\u0061me": 5, "deep": {"a": null}}"#,
        r#""meta": {"deep": {"a": 1, "b": true}, "of": {}}"#,
        r#""meta": null"#,
    ];
    let other = prop::sample::select(texts.as_slice().to_vec()).prop_map(str::to_owned);
    prop_oneof![array, other]
}

proptest! {
    #[test]
    fn objects_are_checked_alike_at_one_go_and_by_their_properties(
        members in prop::collection::vec(member(), 0..8),
        window in 1..300_usize,
        threads in 1..3_usize,
    ) {
        let validator = Validator::from_schema(&schema()).expect("a schema");
        let text = format!("\u{feff} {{{}}}\n ", members.join(" ,\n\t"));
        let at_one_go = Options { at_once: usize::MAX, ..Options::default() };
        let expected = report(&validator, text.as_bytes(), &at_one_go);
        let options = Options { at_once: 1, window, threads, ..Options::default() };
        let slow = Slow { rest: text.as_bytes(), step: 1 + window / 2 };
        let found = report(&validator, slow, &options);
        prop_assert!(
            is_alike(&found, &expected),
            "{:#?}, not {:#?} {text}",
            found.findings,
            expected.findings
        );
    }

    /// A long object that is no JSON is never valid, and what is said of it does not depend on how
    /// it comes.
    #[test]
    fn long_objects_that_are_broken_are_found_to_be(
        members in prop::collection::vec(member(), 1..6),
        at in any::<prop::sample::Index>(),
        piece in prop::sample::select(&["", "{", "}", "]", ",", "\"", "\n", "x", "\u{feff}", ":"]),
        length in 0..3_usize,
        window in 1..300_usize,
    ) {
        let validator = Validator::from_schema(&json!({ "type": "object", "properties": {
            "data": { "type": "array", "items": {} }, "included": { "type": "array" },
        } })).expect("a schema");
        let mut text: Vec<char> = format!("{{{}}}", members.join(",\n")).chars().collect();
        let start = at.index(text.len());
        text.splice(start..(start + length).min(text.len()), piece.chars());
        let text: String = text.into_iter().collect();
        let options = |window| Options { at_once: 1, window, threads: 1, ..Options::default() };
        let expected = report(&validator, text.as_bytes(), &options(100_000));
        let slow = Slow { rest: text.as_bytes(), step: window };
        let found = report(&validator, slow, &options(window));
        prop_assert_eq!(&found.findings, &expected.findings, "{}", text);
        prop_assert_eq!(&found.summary, &expected.summary, "{}", text);
        let without_mark = text.trim_start_matches('\u{feff}');
        let is_json = serde_json::from_str::<Value>(without_mark).is_ok();
        prop_assert!(is_json || !expected.summary.is_valid(), "{}", text);
    }
}
