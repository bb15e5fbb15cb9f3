//! Hostile sizes: each input ends with the answer it deserves, in a time that follows its length.
//!
//! `SIZE=1000000 cargo test --release --test sizes -- --nocapture` takes the full ones.

use std::time::{Duration, Instant};

use export_validator::{Edition, Options, Summary, Validator};
use serde_json::json;

/// How often things are repeated, unless `SIZE` says otherwise.
const SIZE: usize = 20_000;

/// A text whose time follows its length takes a fraction of this.
const PATIENCE: Duration = Duration::from_mins(1);

fn size() -> usize {
    let stated = std::env::var("SIZE").ok();
    stated.map_or(SIZE, |size| size.parse().expect("SIZE is a number"))
}

const PROFILE: &str = r#"{"version":1,"self":{"type":"IDENTITY_PROFILE","name":"HR"},"object":{"name":"HR","authoritativeSource":{"type":"SOURCE","id":"2c9180835d191a86015d28455b4b232a"}}}"#;

/// A profile that holds a value where anything may stand.
fn profile_with(value: &str) -> String {
    let end = format!(r#","attributes":{value}}}}}"#);
    PROFILE.strip_suffix("}}").expect("an object").to_owned() + &end
}

fn repeated(part: &str, separator: &str, count: usize) -> String {
    let mut text = part.to_owned();
    for _ in 1..count {
        text.push_str(separator);
        text.push_str(part);
    }
    text
}

fn check_with(name: &str, validator: &Validator, text: &[u8], options: &Options) -> Summary {
    let start = Instant::now();
    let mut findings = 0;
    let summary = validator
        .check(text, options, |finding| {
            assert!(finding.end.offset <= text.len(), "{name}: {finding:?}");
            findings += 1;
        })
        .expect("slices can be read");
    let took = start.elapsed();
    let listed: usize = summary.unlisted.values().sum();
    let counts = summary.counts;
    let all = counts.errors + counts.warnings + counts.infos;
    assert_eq!(findings + listed, all, "{name}");
    println!(
        "{name}: {} MB, {} errors, {:.2} s",
        text.len() / 1_000_000,
        counts.errors,
        took.as_secs_f64()
    );
    assert!(took < PATIENCE, "{name} took {took:?}");
    summary
}

fn check(name: &str, text: impl AsRef<[u8]>, errors: usize) {
    let validator = Validator::new(Edition::V2024);
    let mut options = Options::default();
    let selector = "import/duplicate-name".parse().expect("a code");
    options.policy.set(selector, None);
    let summary = check_with(name, &validator, text.as_ref(), &options);
    assert_eq!(summary.counts.errors, errors, "{name}");
}

#[test]
fn many_errors_are_counted() {
    let n = size();
    check(
        "items of a wrong type",
        format!("[{}]", repeated("1", ",", n)),
        n,
    );
    let without_source =
        r#"{"version":1,"self":{"type":"IDENTITY_PROFILE"},"object":{"name":"HR"}}"#;
    let elements = repeated(without_source, ",\n", n);
    check("elements with an error each", format!("[{elements}]"), n);
    let lines = repeated(without_source, "\n", n);
    check("lines with an error each", lines, n);
    let broken = PROFILE.replace(":1,", ":NaN,");
    check(
        "elements that are no JSON",
        format!("[{}]", repeated(&broken, ",", n)),
        n,
    );
    check(
        "every second element no JSON",
        format!(
            "[{}]",
            repeated(&format!("{PROFILE},{broken}"), ",\n", n / 2)
        ),
        n / 2,
    );
    check(
        "lines that are no JSON",
        format!("{PROFILE}\n{}\n{PROFILE}", repeated(&broken, "\n", n)),
        n,
    );
    let wrong = repeated("1", ",", n);
    let transforms = format!(r#"{{"enabled":true,"attributeTransforms":[{wrong}]}}"#);
    let element = profile_with("{}").replace(
        r#""attributes":{}"#,
        &format!(r#""identityAttributeConfig":{transforms}"#),
    );
    check("one element with many errors", format!("[{element}]"), n);
}

#[test]
fn many_bad_bytes_are_counted() {
    let n = size();
    let string = format!("\"{}\"", "a#".repeat(n));
    let bad = |text: &str| {
        text.bytes()
            .map(|b| if b == b'#' { 0xff } else { b })
            .collect()
    };
    let text: Vec<u8> = bad(&format!("[{}]", profile_with(&string)));
    check("bad bytes in a string", text, n);
    let text: Vec<u8> = bad(&format!("[{}]", repeated(&profile_with("\"a#\""), ",", n)));
    check("bad bytes in many elements", text, n);
    let text: Vec<u8> = bad(&format!("[{}]", repeated("#", ",", n)));
    check("bad bytes outside of strings", text, 1);
}

#[test]
fn many_keys_are_compared() {
    let n = size();
    let same = repeated("\"a\":1", ",", n);
    let keys: Vec<String> = (0..n).map(|index| format!("\"key{index}\":1")).collect();
    let different = keys.join(",");
    for (keys, duplicates) in [(&same, n - 1), (&different, 0)] {
        let object = format!("{{{keys}}}");
        check("keys in an element", profile_with(&object), duplicates);
        let before = format!("{{{keys},\"objects\":[{PROFILE}]}}");
        check("keys before the elements", before, duplicates);
        let after = format!("{{\"objects\":[{PROFILE}],{keys}}}");
        check("keys after the elements", after, duplicates);
        check("keys of no export", &object, 1);
    }
    let twice = PROFILE.replace(":1,", ":1,\"version\":1,");
    check(
        "a key twice in each element",
        format!("[{}]", repeated(&twice, ",", n)),
        n,
    );
}

#[test]
fn long_values_are_read() {
    let n = 100 * size();
    let string = format!("\"{}\"", "x".repeat(n));
    check("a long string", format!("[{}]", profile_with(&string)), 0);
    check("a long string alone", &string, 1);
    check(
        "a long string that is not closed",
        format!("[{{{string}"),
        1,
    );
    let array = format!("[{}]", repeated("{\"a\":[1,\"two\",null]}", ",", n / 20));
    let element = profile_with(&array);
    check("a long element", format!("[{element}]"), 0);
    check(
        "a long element with an error",
        format!("[{}]", element.replacen("SOURCE", "FILE", 1)),
        1,
    );
    let space = " \n\t\r".repeat(n / 4);
    check("white space alone", &space, 1);
    check("white space in an array", format!("[{space}]"), 0);
    check(
        "white space around elements",
        format!("{space}[{space}{PROFILE}{space},{space}{PROFILE}{space}]{space}"),
        0,
    );
    check(
        "white space in an envelope",
        format!("{{{space}\"a\"{space}:{space}1,{space}\"objects\"{space}:{space}[]{space}}}"),
        0,
    );
}

#[test]
fn deep_values_are_refused_or_read() {
    let n = 100_000;
    let arrays = format!("{}{}", "[".repeat(n), "]".repeat(n));
    let objects = format!("{}1{}", "{\"a\":".repeat(n), "}".repeat(n));
    check("an open bracket again and again", "[".repeat(100 * n), 1);
    for value in [&arrays, &objects] {
        check("deep at the root", value, 1);
        check("deep in an element", profile_with(value), 1);
        check("deep in an item", format!("[{}]", profile_with(value)), 1);
        let twice = format!("{{\"a\":{value},\"a\":{value},\"objects\":[]}}");
        check("deep in an envelope", twice, 1);
    }

    let mut options = Options::default();
    options.max_depth = usize::MAX;
    let validator = Validator::new(Edition::V2024);
    let check_deep = |name: &str, text: String, errors: usize| {
        let summary = check_with(name, &validator, text.as_bytes(), &options);
        assert_eq!(summary.counts.errors, errors, "{name}");
    };
    for value in [&arrays, &objects] {
        check_deep("taken in an item", format!("[{}]", profile_with(value)), 0);
        let wrong = profile_with(value).replace("SOURCE", "FILE");
        check_deep("wrong beside it", format!("[{wrong}]"), 1);
        let twice = format!("{{\"a\":{value},\"a\":{value}}}");
        check_deep("twice in an item", format!("[{}]", profile_with(&twice)), 1);
        let envelope = format!("{{\"a\":{value},\"a\":{value},\"objects\":[]}}");
        check_deep("twice in an envelope", envelope, 1);
    }
    let closed_early = &arrays[..arrays.len() - 1];
    check_deep("not closed", format!("[{}", profile_with(closed_early)), 1);

    let schema = json!({
        "$ref": "#/$defs/node",
        "$defs": {"node": {
            "type": ["array", "object", "string"],
            "items": {"$ref": "#/$defs/node"},
            "additionalProperties": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
        }},
    });
    let validator = Validator::from_schema(&schema).expect("a schema");
    for (text, errors) in [
        (&arrays, 0),
        (&arrays.replace("[]", "[1]"), 1),
        (&objects.replace('1', "\"x\""), 0),
    ] {
        let summary = check_with("a schema as deep", &validator, text.as_bytes(), &options);
        assert_eq!(summary.counts.errors, errors);
    }
    // What is wrong with each branch is kept on each level: much more would not be useful.
    let objects = format!("{}1{}", "{\"a\":".repeat(1000), "}".repeat(1000));
    let summary = check_with("branches as deep", &validator, objects.as_bytes(), &options);
    assert_eq!(summary.counts.errors, 1);
}

#[test]
fn unions_in_unions_are_explained_while_that_is_cheap() {
    let tree = json!({
        "$ref": "#/$defs/Tree",
        "$defs": {"Tree": {"oneOf": [
            {
                "type": "object",
                "required": ["c"],
                "properties": {"c": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
            },
            {"type": "object", "required": ["v"], "properties": {"v": {"type": "integer"}}},
        ]}},
    });
    let validator = Validator::from_schema(&tree).expect("a schema");
    for (levels, message) in [
        (60, "expected an integer, found the string \"1\""),
        (
            3_000,
            "an object is not valid, and too deeply nested to say why",
        ),
    ] {
        let text = format!(
            "{}{{\"v\":\"1\"}}{}",
            "{\"c\":[".repeat(levels),
            "]}".repeat(levels)
        );
        let mut options = Options::default();
        options.max_depth = 10_000;
        let mut messages = Vec::new();
        validator
            .check(text.as_bytes(), &options, |finding| {
                assert!(finding.help.as_ref().is_some_and(|help| help.len() < 200));
                messages.push(finding.message);
            })
            .expect("slices can be read");
        assert_eq!(messages, [message], "{levels}");
    }
}

/// A page of records is read as a list of them is, and its other properties with it.
#[test]
fn long_objects_of_payloads_are_checked_by_their_properties() {
    let schema = json!({
        "type": "object",
        "required": ["items", "count"],
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
            "count": {"type": "integer"},
        },
        "$defs": {"item": {"type": "object", "required": ["id"]}},
    });
    let validator = Validator::from_schema(&schema).expect("a schema");
    let check = |name: &str, text: String, errors: usize| {
        let summary = check_with(name, &validator, text.as_bytes(), &Options::default());
        assert_eq!(
            (summary.counts.errors, summary.elements),
            (errors, 1),
            "{name}"
        );
    };
    let n = size();
    let items = repeated("{\"id\":\"a text of some length\"}", ",\n", n);
    let broken = repeated("{\"nr\":\"a text of some length\"}", ",\n", n);
    check(
        "a page",
        format!("{{\"items\":[{items}],\"count\":{n}}}"),
        0,
    );
    check(
        "a page of errors",
        format!("{{\"items\":[{broken}],\"count\":{n}}}"),
        n,
    );
    let both = format!("{{\"count\":null,\"items\":[{items}],\"items\":[{broken}]}}");
    check("a page with errors around", both, n + 2);
    check(
        "a page with a key missing",
        format!("{{\"items\":[{items}]}}"),
        1,
    );
    check("a page that is cut off", format!("{{\"items\":[{items}"), 1);
}

#[test]
fn schemas_may_lead_through_each_other_in_long_chains() {
    let length = 4000;
    let mut chain = serde_json::Map::new();
    for index in 0..length {
        let next = format!("#/$defs/{}", index + 1);
        chain.insert(index.to_string(), json!({"allOf": [{"$ref": next}]}));
    }
    chain.insert(length.to_string(), json!({"type": "string"}));
    let schema = json!({"type": "array", "items": {"$ref": "#/$defs/0"}, "$defs": chain});
    let validator = Validator::from_schema(&schema).expect("a schema");
    let mut options = Options::default();
    options.threads = 2;
    // Enough for several blocks, so that all threads have some.
    let valid = repeated(&format!("\"{}\"", "x".repeat(1000)), ",", 4000);
    let text = format!("[{valid},1,{valid},2]");
    let summary = check_with("a long chain", &validator, text.as_bytes(), &options);
    assert_eq!(summary.counts.errors, 2);
}
