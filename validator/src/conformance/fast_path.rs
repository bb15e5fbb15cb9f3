//! The fast path alone, as the engine runs it.

use serde_json::{Value, json};

use crate::{
    engine::MAX_DEPTH,
    json::{PADDING, names::Names},
    program::{self, Outcome, Program, Run, Verdict},
};

/// A compiled schema and what runs it.
pub(super) struct FastPath {
    program: Program,
    run: Run,
}

impl FastPath {
    pub(super) fn new(schema: &Value, formats: bool) -> Self {
        let program = program::compile(schema, formats, Names::well_known());
        let run = program.start();
        Self { program, run }
    }

    /// Whether it is sure that a text, which is JSON, is valid.
    pub(super) fn is_sure_of(&mut self, text: &str) -> bool {
        let mut bytes = text.as_bytes().to_vec();
        // A number at the very end could go on.
        bytes.push(b'\n');
        let end = bytes.len();
        bytes.resize(end + PADDING, 0);
        match self.run.check(
            (&self.program, self.program.root()),
            &bytes,
            0,
            end,
            MAX_DEPTH,
        ) {
            Outcome::Complete { end, verdict } => {
                assert_eq!(end, text.len(), "{text}");
                verdict == Verdict::Valid
            }
            outcome => panic!("{outcome:?}: {text}"),
        }
    }
}

#[test]
fn duplicates_are_seen_among_more_keys_than_have_a_number() {
    let mut fast_path = FastPath::new(&Value::Bool(true), false);
    let object = |keys: &mut dyn Iterator<Item = String>| {
        let members: Vec<String> = keys.map(|key| format!("\"{key}\": 0")).collect();
        format!("{{{}}}", members.join(", "))
    };
    // All numbers are given away.
    let numbered = object(&mut (0..5_000).map(|index| format!("key{index}")));
    assert!(fast_path.is_sure_of(&numbered));
    let others = |last: &'static [&'static str]| {
        let last = last.iter().map(ToString::to_string);
        object(&mut (0..300).map(|index| format!("other{index}")).chain(last))
    };
    assert!(fast_path.is_sure_of(&others(&["name"])));
    assert!(!fast_path.is_sure_of(&others(&["name", "name"])));
    assert!(!fast_path.is_sure_of(&others(&["other0"])));
    assert!(!fast_path.is_sure_of(&others(&["new", "id", "new"])));
}

#[test]
fn what_is_remembered_of_a_key_holds_for_objects_of_its_shape_only() {
    let holding = |name: &str| {
        let inner = json!({"type": "object", "properties": {"value": {"type": name}}});
        json!({"type": "object", "properties": {"inner": inner}})
    };
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"number": holding("integer"), "text": holding("string")},
    });
    let mut fast_path = FastPath::new(&schema, false);
    let text = |number: &str, text: &str| {
        let inner = |value: &str| format!(r#"{{"inner":{{"value":{value}}}}}"#);
        format!(r#"{{"number":{},"text":{}}}"#, inner(number), inner(text))
    };
    for _ in 0..5 {
        assert!(fast_path.is_sure_of(&text("1", r#""a""#)));
        assert!(!fast_path.is_sure_of(&text(r#""a""#, r#""a""#)));
        assert!(!fast_path.is_sure_of(&text("1", "1")));
    }
}

#[test]
fn more_places_than_are_remembered_are_read() {
    let mut fast_path = FastPath::new(&Value::Bool(true), false);
    for round in 0..4 {
        let members: Vec<String> = (0..3_000)
            .map(|index| {
                format!(
                    r#""key{}":{{"a":{round},"b":[{{"a":1}}]}}"#,
                    index * (round + 1)
                )
            })
            .collect();
        assert!(fast_path.is_sure_of(&format!("{{{}}}", members.join(","))));
        let again = format!(r#"{{{},"key0":0}}"#, members.join(","));
        assert!(!fast_path.is_sure_of(&again));
        assert!(!fast_path.is_sure_of(r#"{"a":{"b":0,"a":1,"b":2}}"#));
        assert!(fast_path.is_sure_of(r#"{"a":{"b":0,"a":1}}"#));
    }
}
