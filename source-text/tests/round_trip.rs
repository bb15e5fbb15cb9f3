//! The events of a document rebuild the value that it was written from.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use source_text::json::{Event, Reader};

/// Rebuilds a value from its events and checks that each span holds what the event says.
fn rebuild(text: &str) -> Value {
    /// Containers that are open; an object with the key that waits for its value.
    enum Open {
        Array(Vec<Value>),
        Object(Map<String, Value>, Option<String>),
    }
    let mut open = Vec::new();
    let mut root = None;
    for event in Reader::new(text) {
        let (event, span) = event.expect("the text is JSON");
        let wire = &text[span.range()];
        let value = match event {
            Event::ObjectStart => {
                assert_eq!(wire, "{");
                open.push(Open::Object(Map::new(), None));
                continue;
            }
            Event::ArrayStart => {
                assert_eq!(wire, "[");
                open.push(Open::Array(Vec::new()));
                continue;
            }
            Event::Key(key) => {
                assert_eq!(serde_json::from_str::<String>(wire).expect("a string"), key);
                let Some(Open::Object(_, waiting)) = open.last_mut() else {
                    panic!("no object")
                };
                *waiting = Some(key.into_owned());
                continue;
            }
            Event::ObjectEnd => {
                assert_eq!(wire, "}");
                let Some(Open::Object(members, None)) = open.pop() else {
                    panic!("no object")
                };
                Value::Object(members)
            }
            Event::ArrayEnd => {
                assert_eq!(wire, "]");
                let Some(Open::Array(items)) = open.pop() else {
                    panic!("no array")
                };
                Value::Array(items)
            }
            Event::String(string) => {
                assert_eq!(
                    serde_json::from_str::<String>(wire).expect("a string"),
                    string
                );
                Value::String(string.into_owned())
            }
            Event::Number(number) => {
                assert_eq!(wire, number);
                serde_json::from_str(number).expect("a number")
            }
            Event::Bool(bool) => {
                assert_eq!(wire, bool.to_string());
                Value::Bool(bool)
            }
            Event::Null => {
                assert_eq!(wire, "null");
                Value::Null
            }
        };
        match open.last_mut() {
            None => assert!(root.replace(value).is_none(), "two documents"),
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Object(members, key)) => {
                members.insert(key.take().expect("a key"), value);
            }
        }
    }
    root.expect("a document")
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
        ".{0,12}".prop_map(Value::String),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn events_rebuild_the_value(value in values()) {
        let compact = value.to_string();
        prop_assert_eq!(rebuild(&compact), serde_json::from_str::<Value>(&compact).expect("JSON"));
        let pretty = serde_json::to_string_pretty(&value).expect("values can be written");
        prop_assert_eq!(rebuild(&pretty), serde_json::from_str::<Value>(&pretty).expect("JSON"));
    }

    #[test]
    fn the_reader_accepts_what_serde_json_accepts(
        value in values(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9a-z+.\\\\ \u{1}-\u{3}é-]{0,2}",
    ) {
        let mut text = value.to_string();
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        let end = text.ceil_char_boundary((at + 1).min(text.len()));
        text.replace_range(at..end, &with);
        // A float too large for serde_json is still JSON.
        let theirs = match serde_json::from_str::<Value>(&text) {
            Err(error) if error.to_string().contains("out of range") => return Ok(()),
            result => result.is_ok(),
        };
        let ours = Reader::new(&text).all(|event| event.is_ok());
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    #[test]
    fn no_text_and_no_span_panics(text in any::<String>(), start in 0..40_usize, end in 0..40_usize) {
        for text in [text.clone(), format!("[{text}"), format!("{{{text}"), format!("\"{text}")] {
            let span = source_text::Span::new(start, end);
            let source = source_text::SourceText::new("any", text.as_str());
            let frame = source_text::frame(&source, span, "label");
            prop_assert!(frame.lines().all(|line| !line.contains('\t')));
            for event in Reader::within(&text, span).chain(Reader::new(&text)) {
                match event {
                    Ok((_, span)) => prop_assert!(text.get(span.range()).is_some()),
                    Err(error) => {
                        prop_assert!(text.get(error.span.range()).is_some());
                        prop_assert!(!error.to_string().is_empty() && !error.help().is_empty());
                        prop_assert!(!error.expected().is_empty());
                    }
                }
            }
        }
    }
}

#[test]
fn a_hundred_thousand_levels_are_read_without_recursion() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(
        Reader::new(&text).with_limits(100_000).flatten().count(),
        200_000
    );
    assert!(Reader::new(&text).any(|event| event.is_err()));
}

#[test]
fn a_part_of_a_text_is_read_as_a_document_of_its_own() {
    let text = r#"[{"a": 1}, {"a": 2}]"#;
    let events: Vec<_> = Reader::within(text, source_text::Span::new(11, 19))
        .map(|event| event.expect("JSON").1.range())
        .collect();
    assert_eq!(events, [11..12, 12..15, 17..18, 18..19]);
}

#[test]
fn duplicate_keys_are_both_given() {
    let keys = Reader::new(r#"{"a": 1, "a": 2}"#)
        .filter(|event| matches!(event, Ok((Event::Key(_), _))))
        .count();
    assert_eq!(keys, 2);
}
