//! An element's value, and the keys that it holds twice.

use std::{cmp::Ordering, collections::HashMap};

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
/// What no integer of 64 bits can hold is rounded to a double. The greatest of these stands for what is
/// beyond them, and the one below it for what is rounded to it. An integer stays whole and on its side
/// of the bounds of 64 bits; what has a fraction keeps one, and stays on its side of the decimal that
/// the double is written as.
pub(crate) fn number(wire: &str) -> Number {
    if let Ok(whole) = wire.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = wire.parse::<u64>() {
        return whole.into();
    }
    let nearest = wire.parse::<f64>().unwrap_or_default();
    let nearest = if nearest.is_infinite() {
        f64::MAX.copysign(nearest)
    } else {
        nearest.clamp(f64::MIN.next_up(), f64::MAX.next_down())
    };
    let double = if wire.contains(['.', 'e', 'E']) {
        beside(nearest, wire)
    } else if nearest.to_bits() == LEAST_INTEGER.to_bits() {
        // A little less than the least integer of 64 bits would be rounded to just that.
        nearest.next_down()
    } else {
        nearest
    };
    Number::from_f64(double).unwrap_or_else(|| 0.into())
}

/// Beyond this, all doubles are whole, and what has a fraction cannot be told by one.
const ALL_WHOLE: f64 = 4_503_599_627_370_496.0;

/// The double nearest to a decimal, or the one beside that on the side of the decimal: it is not
/// that double as that is written.
fn beside(nearest: f64, wire: &str) -> f64 {
    let written = format!("{nearest:e}");
    let (Some(decimal), Some(rounded)) = (Decimal::of(wire), Decimal::of(&written)) else {
        return nearest;
    };
    if nearest.abs() >= ALL_WHOLE {
        return nearest;
    }
    match decimal.compare(&rounded) {
        Ordering::Less => nearest.next_down(),
        Ordering::Equal => nearest,
        Ordering::Greater => nearest.next_up(),
    }
}

/// A decimal: `0.d₁d₂d₃… × 10^exponent`, with neither zeros before nor behind the digits.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    /// Empty: zero.
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// The number that JSON text denotes; none if its exponent is beyond all reason.
    fn of(wire: &str) -> Option<Self> {
        let (mantissa, exponent) = wire.split_once(['e', 'E']).unwrap_or((wire, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(positive) => (true, positive),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole.bytes().chain(fraction.bytes());
        let zeros = digits.clone().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = digits.skip(zeros).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        let exponent = match exponent.parse::<i64>() {
            _ if digits.is_empty() => 0,
            Ok(exponent) => exponent.checked_add(point)?,
            Err(_) => return None,
        };
        Some(Self {
            is_negative: is_negative && !digits.is_empty(),
            digits,
            exponent,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        let size = |decimal: &Self| match decimal.digits.as_slice() {
            [] => i64::MIN,
            _ => decimal.exponent,
        };
        let by_size = || {
            let by_exponent = size(self).cmp(&size(other));
            by_exponent.then_with(|| self.digits.cmp(&other.digits))
        };
        match (self.is_negative, other.is_negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => by_size(),
            (true, true) => by_size().reverse(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_stay_on_their_side_of_what_they_are_rounded_to() {
        let schema = serde_json::json!({
            "not": {"type": "integer"}, "exclusiveMinimum": 0.1, "exclusiveMaximum": 2,
        });
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        for (wire, expected) in [
            ("0.1", false),
            ("0.10000000000000000000", false),
            ("1e-1", false),
            ("0.10000000000000000001", true),
            ("0.09999999999999999999", false),
            ("1.00000000000000000001", true),
            ("0.99999999999999999999", true),
            ("1.00000000000000000000", false),
            ("100e-2", false),
            ("1.9999999999999999999999", true),
            ("2.0000000000000000000001", false),
            ("1e-400", false),
            ("-1e-400", false),
        ] {
            let value = Value::Number(number(wire));
            assert_eq!(validator.is_valid(&value), expected, "{wire} as {value}");
        }
        let integers = serde_json::json!({"type": "integer"});
        let validator = jsonschema::validator_for(&integers).expect("a schema");
        for (wire, expected) in [
            ("0e5", true),
            ("-0.0", true),
            ("1e-400", false),
            ("-1e-400", false),
            ("1.5e1", true),
            ("1e400", true),
            ("10.00000000000000000000001", false),
            ("1e99999999999999999999", true),
        ] {
            let value = Value::Number(number(wire));
            assert_eq!(validator.is_valid(&value), expected, "{wire} as {value}");
        }
    }

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
