//! Valid exports with one thing broken at each place: the finding is there.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{fs, path::Path, sync::LazyLock};

use serde_json::Value;
use source_text::{JsonPointer, SourceText, Span};

use super::{
    reports::{check_positions, essence, places, report},
    spelling::{Style, spelled},
};
use crate::{
    Code, Edition, Finding, Options, Severity, Validator, authority,
    classify::{self, Kind},
    tree,
};

const EDITION: Edition = Edition::V2024;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(EDITION));

/// Files whose places are broken one by one; others would only repeat what they hold.
const FILES: [&str; 6] = [
    "array",
    "minimal-profile",
    "mixed-array",
    "nested-transforms",
    "one-object",
    "sp-config",
];

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/exports")
        .join(name)
}

/// What the schemas say, without anything of ours that asks them.
struct Oracle {
    exported_object: jsonschema::Validator,
    other_object: jsonschema::Validator,
    profile: jsonschema::Validator,
}

static ORACLE: LazyLock<Oracle> = LazyLock::new(|| {
    let build = |schema: &Value| {
        let options = authority::options(false);
        options.build(schema).expect("the schemas are built in")
    };
    let exported_object = EDITION.exported_object().expect("a schema");
    let mut other_object = exported_object.clone();
    other_object["properties"]["object"] = Value::Bool(true);
    Oracle {
        exported_object: build(&exported_object),
        other_object: build(&other_object),
        profile: build(&EDITION.profile().expect("a schema")),
    }
});

/// What the schema says is wrong with an element: keywords and pointers from its root.
fn errors(element: &Value) -> Vec<(String, String)> {
    // Which types there are is of no matter here: an unknown one is an error by itself.
    let kind = classify::classify(element, |_| true);
    let schema = match kind {
        Kind::NoExport => return Vec::new(),
        Kind::BareProfile => &ORACLE.profile,
        Kind::OtherObject => &ORACLE.other_object,
        Kind::ExportedProfile | Kind::MislabelledProfile => &ORACLE.exported_object,
    };
    let errors = schema.iter_errors(element);
    errors
        .map(|error| {
            let keyword = error.kind().keyword().to_owned();
            (keyword, error.instance_path().to_string())
        })
        // Objects of types that nobody documents are left alone.
        .filter(|(keyword, place)| {
            kind != Kind::OtherObject || keyword != "enum" || place != "/self/type"
        })
        .collect()
}

/// A valid file.
struct Export {
    text: String,
    /// The pointers of its elements.
    elements: Vec<String>,
}

impl Export {
    fn new(text: String) -> Self {
        let value: Value = serde_json::from_str(&text).expect("the file is JSON");
        let items = |array: &Value, container: &str| {
            let count = array.as_array().map_or(0, Vec::len);
            (0..count)
                .map(|index| format!("{container}/{index}"))
                .collect()
        };
        let elements = match &value {
            Value::Array(_) => items(&value, ""),
            Value::Object(members) => match members.get("objects") {
                Some(objects) => items(objects, "/objects"),
                None => vec![String::new()],
            },
            _ => Vec::new(),
        };
        Self { text, elements }
    }

    /// Every place in an element: the pointer, the key's span if it has one, and the value's, all of
    /// it.
    fn places(&self) -> Vec<(String, Option<Span>, Span)> {
        let mut found = Vec::new();
        for (pointer, spans) in places(&self.text) {
            let is_inside = self.elements.iter().any(|element| {
                let below = pointer.strip_prefix(element.as_str());
                below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
            });
            let (key, start) = match spans.as_slice() {
                [value] => (None, value.start),
                [key, value] => (Some(*key), value.start),
                other => panic!("{pointer} is at {other:?}"),
            };
            if is_inside && !pointer.is_empty() {
                let end = start + length_of_value(&self.text[start..]);
                found.push((pointer, key, Span::new(start, end)));
            }
        }
        found.sort();
        found
    }

    /// The element that a place is in, and the pointer from there.
    fn split<'p>(&self, pointer: &'p str) -> (&str, &'p str) {
        let element = self.elements.iter().find_map(|element| {
            let below = pointer.strip_prefix(element.as_str())?;
            (below.is_empty() || below.starts_with('/')).then_some((element.as_str(), below))
        });
        element.expect("the place is in an element")
    }

    fn with(&self, span: Span, replacement: &str) -> String {
        let (before, after) = (&self.text[..span.start], &self.text[span.end..]);
        format!("{before}{replacement}{after}")
    }
}

fn length_of_value(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    values.next().expect("a value").expect("a value");
    values.byte_offset()
}

fn exports() -> impl Iterator<Item = Export> {
    FILES.into_iter().flat_map(|name| {
        let path = folder("good").join(name).with_extension("json");
        let text = fs::read_to_string(path).expect("the file is there");
        [Style::Compact, Style::Pretty].map(|style| Export::new(spelled(&text, style)))
    })
}

fn check(text: &str) -> Vec<Finding> {
    report(&VALIDATOR, text.as_bytes(), &Options::default()).findings
}

/// What the program says of values is what the schema says, at the place that was changed.
fn check_values(export: &Export, pointer: &str, text: &str) {
    let (element, _) = export.split(pointer);
    let whole = Span::new(0, text.len());
    let tree = tree::read(text, whole, 128, 1).expect("the text is JSON");
    let expected = errors(tree.value.pointer(element).expect("the element is there"));
    let findings = check(text);
    check_positions(text, &findings);
    let of_schema: Vec<_> = findings
        .iter()
        .filter(|finding| finding.code.as_str().starts_with("schema/"))
        .collect();
    assert_eq!(
        of_schema.is_empty(),
        expected.is_empty(),
        "{findings:#?} but {expected:?} in {text}"
    );
    for (keyword, below) in expected {
        let place = format!("{element}{below}");
        // Which branch of a union was meant says more than that none holds.
        let is_union = keyword == "anyOf" || keyword == "oneOf";
        let is_there = of_schema.iter().any(|finding| {
            finding.severity == Severity::Error
                && (finding.pointer.as_str() == place
                    || is_union && finding.pointer.as_str().starts_with(&place))
        });
        // A wrong type says all there is to say.
        let is_covered = of_schema.iter().any(|finding| {
            finding.code == Code::Type && place.starts_with(finding.pointer.as_str())
        });
        assert!(
            is_there || is_covered,
            "{keyword} at {place}: {findings:#?} in {text}"
        );
    }
}

/// Values of each type, of no enumeration, and out of every range.
const VALUES: [&str; 13] = [
    "null",
    "true",
    "12",
    "\"ZZZ\"",
    "\"\"",
    "[]",
    "{}",
    "-1",
    "1.5",
    "1e30",
    "2147483648",
    "9223372036854775808",
    "[null]",
];

#[test]
fn a_wrong_value_is_found_where_it_stands() {
    for export in exports() {
        for (pointer, _, span) in export.places() {
            for value in VALUES {
                check_values(&export, &pointer, &export.with(span, value));
            }
        }
    }
}

#[test]
fn a_missing_property_is_found_where_it_is_missing() {
    let mut missing = 0;
    for export in exports() {
        for (pointer, key, value) in export.places() {
            let Some(key) = key else { continue };
            let after = export.text[value.end..].trim_start();
            let before = export.text[..key.start].trim_end();
            let span = if after.starts_with(',') {
                Span::new(key.start, export.text.len() - after.len() + 1)
            } else if before.ends_with(',') {
                Span::new(before.len() - 1, value.end)
            } else {
                Span::new(key.start, value.end)
            };
            let text = export.with(span, "");
            check_values(&export, &pointer, &text);
            let pointer = JsonPointer::parse(&pointer).expect("a pointer");
            let findings = check(&text);
            let is_named = |finding: &&Finding| {
                finding.code == Code::Required
                    && Some(&finding.pointer) == pointer.parent().as_ref()
                    && finding.property.as_deref() == pointer.last().as_deref()
            };
            missing += findings.iter().filter(is_named).count();
        }
    }
    assert!(missing > 10, "{missing}");
}

#[test]
fn a_key_that_occurs_twice_is_found_where_it_does_again() {
    for export in exports() {
        for (pointer, key, value) in export.places() {
            let Some(key) = key else { continue };
            let member = &export.text[key.start..value.end];
            let again = format!(",\n{member}");
            let text = export.with(Span::at(value.end), &again);
            let findings = check(&text);
            check_positions(&text, &findings);
            let second = SourceText::new("", &text).position(value.end + 2);
            let found: Vec<_> = findings
                .iter()
                .filter(|finding| finding.code == Code::DuplicateKey)
                .collect();
            let [found] = found.as_slice() else {
                panic!("{findings:#?} in {text}");
            };
            assert_eq!(found.pointer.as_str(), pointer);
            assert_eq!(found.position, second, "{text}");
            assert_eq!(found.related[0].position.offset, key.start);
        }
    }
}

/// What is no JSON, where in it the error is, and what it is.
const BROKEN: [(&[u8], usize, Code); 12] = [
    (b"NaN", 0, Code::NotFinite),
    (b"-Infinity", 0, Code::NotFinite),
    (b"nul", 0, Code::Syntax),
    (b"None", 0, Code::Syntax),
    (b"'x'", 0, Code::Syntax),
    (b"01", 0, Code::Number),
    (b"1.", 0, Code::Number),
    (b"+1", 0, Code::Number),
    (b"\"a\x01b\"", 2, Code::ControlCharacter),
    (b"\"a\\xb\"", 2, Code::Syntax),
    (b"\"a\\ud800b\"", 2, Code::LoneSurrogate),
    (b"\"a\xffb\"", 2, Code::InvalidUtf8),
];

#[test]
fn what_is_no_json_is_found_where_it_stands() {
    for export in exports() {
        let source = SourceText::new("", &export.text);
        for (pointer, _, span) in export.places() {
            for (value, offset, code) in BROKEN {
                let (before, after) = (&export.text[..span.start], &export.text[span.end..]);
                if before.len() + after.len() < 200 {
                    // A control character is much in so short a file: it may be no text at all.
                    continue;
                }
                let text = [before.as_bytes(), value, after.as_bytes()].concat();
                let report = report(&VALIDATOR, text.as_slice(), &Options::default());
                let found = report.findings.iter().find(|finding| finding.code == code);
                let shown = String::from_utf8_lossy(&text);
                let Some(found) = found else {
                    panic!("{:#?} in {shown}", report.findings);
                };
                assert_eq!(found.pointer.as_str(), pointer, "{shown}");
                let position = source.position(span.start);
                assert_eq!(found.position.offset, position.offset + offset, "{shown}");
                assert_eq!(found.position.line, position.line);
                assert_eq!(
                    found.position.column as usize,
                    position.column as usize + offset
                );
            }
        }
    }
}

#[test]
fn spelling_changes_nothing_in_what_is_said() {
    for kind in ["good", "warned", "bad"] {
        for entry in fs::read_dir(folder(kind)).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            let text = fs::read_to_string(&path).unwrap_or_default();
            // What is said of a scalar shows it as it is spelled.
            let is_document = serde_json::from_str::<Value>(&text)
                .is_ok_and(|value| value.is_object() || value.is_array());
            if !is_document || path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let expected = report(&VALIDATOR, text.as_bytes(), &Options::default());
            for style in Style::ALL {
                let text = spelled(&text, style);
                let report = report(&VALIDATOR, text.as_bytes(), &Options::default());
                check_positions(&text, &report.findings);
                assert_eq!(
                    essence(&report),
                    essence(&expected),
                    "{} {style:?}",
                    path.display()
                );
            }
        }
    }
}
