//! An element's value, and the keys that it holds twice.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use source_text::{
    JsonPointer, Span,
    json::{Event, Reader, SyntaxError},
};

use crate::{
    Code,
    finding::{At, Problem},
};

/// A value and what was wrong with its text though it could be read.
pub(crate) struct Tree {
    pub(crate) value: Value,
    pub(crate) problems: Vec<Problem>,
    /// How many problems there are that are not in the list.
    pub(crate) unlisted: usize,
    /// How many objects and arrays are open at once where most are.
    pub(crate) depth: usize,
}

/// An object or array whose end is not read yet.
enum Open {
    /// `first_key` is where its keys begin among those of all open objects.
    Object {
        members: Map<String, Value>,
        key: String,
        first_key: usize,
        /// Where each key stands first; built when one occurs twice.
        first_spans: HashMap<String, Span>,
    },
    Array(Vec<Value>),
}

/// Reads the value that stands in `span`; pointers are from its root.
///
/// Of a key that occurs twice the last value is kept, as most readers do. At most `limit` problems
/// are listed.
pub(crate) fn read(
    text: &str,
    span: Span,
    max_depth: usize,
    limit: usize,
) -> Result<Tree, SyntaxError> {
    let mut open: Vec<Open> = Vec::new();
    let read = read_into(&mut open, text, span, max_depth, limit);
    for container in open {
        match container {
            Open::Object { members, .. } => dismantle(Value::Object(members)),
            Open::Array(items) => dismantle(Value::Array(items)),
        }
    }
    read
}

/// Drops a value that may be nested deeper than the stack could follow.
pub(crate) fn dismantle(value: Value) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => waiting.extend(members.into_iter().map(|(_, value)| value)),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

fn read_into(
    open: &mut Vec<Open>,
    text: &str,
    span: Span,
    max_depth: usize,
    limit: usize,
) -> Result<Tree, SyntaxError> {
    let mut keys: Vec<Span> = Vec::new();
    let mut problems = Vec::new();
    let mut unlisted = 0;
    let mut depth = 0;
    let mut root = Value::Null;
    for event in Reader::within(text, span).with_limits(max_depth) {
        let (event, span) = event?;
        depth = depth.max(open.len());
        let value = match event {
            Event::ObjectStart => {
                let first_key = keys.len();
                open.push(Open::Object {
                    members: Map::new(),
                    key: String::new(),
                    first_key,
                    first_spans: HashMap::new(),
                });
                continue;
            }
            Event::ArrayStart => {
                open.push(Open::Array(Vec::new()));
                continue;
            }
            Event::Key(name) => {
                if let Some(Open::Object {
                    members,
                    key,
                    first_key,
                    first_spans,
                }) = open.last_mut()
                {
                    *key = name.into_owned();
                    if members.contains_key(key) && problems.len() >= limit {
                        unlisted += 1;
                    } else if members.contains_key(key) {
                        if first_spans.is_empty() {
                            *first_spans =
                                first_of_each(text, keys.get(*first_key..).unwrap_or(&[]));
                        }
                        let first = first_spans.get(key).copied();
                        problems.push(duplicate(pointer_to(open), span, first));
                    } else if !first_spans.is_empty() {
                        first_spans.insert(key.clone(), span);
                    }
                    keys.push(span);
                }
                continue;
            }
            Event::ObjectEnd | Event::ArrayEnd => match open.pop() {
                Some(Open::Object {
                    members, first_key, ..
                }) => {
                    keys.truncate(first_key);
                    Value::Object(members)
                }
                Some(Open::Array(items)) => Value::Array(items),
                None => continue,
            },
            Event::String(string) => Value::String(string.into_owned()),
            Event::Number(wire) => Value::Number(number(wire)),
            Event::Bool(bool) => Value::Bool(bool),
            Event::Null => Value::Null,
        };
        match open.last_mut() {
            Some(Open::Object { members, key, .. }) => {
                let before = members.insert(std::mem::take(key), value);
                before.into_iter().for_each(dismantle);
            }
            Some(Open::Array(items)) => items.push(value),
            None => root = value,
        }
    }
    Ok(Tree {
        value: root,
        problems,
        unlisted,
        depth,
    })
}

/// What to say of the first of two keys.
pub(crate) const FIRST_IS_HERE: &str = "the first one is here";

/// What a key says that stands in a text with its quotes; what is no string says nothing.
pub(crate) fn key(spelling: &str) -> String {
    match Reader::new(spelling).next() {
        Some(Ok((Event::String(key), _))) => key.into_owned(),
        _ => String::new(),
    }
}

/// A problem with a key that its object has already.
pub(crate) fn duplicate(pointer: JsonPointer, second: Span, first: Option<Span>) -> Problem {
    let key = pointer.last().unwrap_or_default().into_owned();
    let message = format!(
        "key {} occurs twice in this object",
        crate::wording::quoted(&key)
    );
    let problem = Problem::new(Code::DuplicateKey, pointer, message)
        .at(At::Span(second))
        .expected("each key once")
        .help("remove one of the two: readers keep one value and lose the other");
    match first {
        Some(first) => problem.related(first, FIRST_IS_HERE),
        None => problem,
    }
}

/// The first place of each key that stands in `spans`.
fn first_of_each(text: &str, spans: &[Span]) -> HashMap<String, Span> {
    let mut first = HashMap::with_capacity(spans.len());
    for &span in spans {
        if let Some(Ok((Event::String(key), _))) = Reader::within(text, span).next() {
            first.entry(key.into_owned()).or_insert(span);
        }
    }
    first
}

/// The pointer to the property or item that is being read.
fn pointer_to(open: &[Open]) -> JsonPointer {
    let mut pointer = JsonPointer::root();
    for container in open {
        match container {
            Open::Object { key, .. } => pointer.push(key),
            Open::Array(items) => pointer.push_index(items.len()),
        }
    }
    pointer
}

/// The least integer of 64 bits.
const LEAST_INTEGER: f64 = -9_223_372_036_854_775_808.0;

/// A number for the schema to judge.
///
/// What no integer of 64 bits can hold is rounded to a double, and beyond the range of those the
/// largest stands for it. An integer stays whole and on its side of the bounds of 64 bits.
pub(crate) fn number(wire: &str) -> Number {
    if let Ok(whole) = wire.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = wire.parse::<u64>() {
        return whole.into();
    }
    let double = wire
        .parse::<f64>()
        .unwrap_or_default()
        .clamp(f64::MIN, f64::MAX);
    // A little less than the least integer of 64 bits would be rounded to just that.
    let is_least = double.to_bits() == LEAST_INTEGER.to_bits();
    let double = if is_least && !wire.contains(['.', 'e', 'E']) {
        double.next_down()
    } else {
        double
    };
    Number::from_f64(double).unwrap_or_else(|| 0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stay_on_their_side_of_the_bounds_of_64_bits() {
        let schema = serde_json::json!({
            "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX,
        });
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        for (wire, expected) in [
            ("9223372036854775807", true),
            ("-9223372036854775808", true),
            ("9223372036854775808", false),
            ("-9223372036854775809", false),
            ("18446744073709551616", false),
            ("-99999999999999999999", false),
            ("1e400", false),
            ("-1e400", false),
            ("-0", true),
            ("1e3", true),
        ] {
            let value = Value::Number(number(wire));
            assert_eq!(validator.is_valid(&value), expected, "{wire}");
        }
    }
}
