//! What a JSON Schema says, looked up and put into words.

use std::borrow::Cow;

use serde_json::Value;
use source_text::JsonPointer;

use super::formats;
use crate::wording;

/// How deep a description follows schemas in schemas.
const MAX_DEPTH: usize = 2;

/// Most values of an enumeration that a description names.
const MAX_OPTIONS: usize = 50;

/// A schema and all those that it is put together from: `$ref`, `allOf`, `anyOf`, `oneOf`.
pub(crate) fn parts<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    closure(root, schema, &["allOf", "anyOf", "oneOf"])
}

/// A schema and all those that hold wherever it does: `$ref`, `allOf`.
pub(super) fn certain_parts<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    closure(root, schema, &["allOf"])
}

fn closure<'a>(root: &'a Value, schema: &'a Value, keywords: &[&str]) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        // References may form a cycle.
        if found.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        found.push(schema);
        let lists = keywords
            .iter()
            .rev()
            .filter_map(|keyword| schema.get(*keyword)?.as_array());
        for list in lists {
            waiting.extend(list.iter().rev());
        }
        waiting.extend(target(root, schema));
    }
    found
}

/// The schema in the same document that `$ref` leads to.
fn target<'a>(root: &'a Value, schema: &Value) -> Option<&'a Value> {
    let fragment = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    root.pointer(&percent_decoded(fragment))
}

/// A URI's fragment as the text that it stands for: RFC 3986, section 2.1.
fn percent_decoded(fragment: &str) -> Cow<'_, str> {
    if !fragment.contains('%') {
        return fragment.into();
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Where the schema stands whose `$id` is that of `uri`, which may have a fragment.
pub(super) fn resource(root: &Value, uri: &str) -> Option<JsonPointer> {
    let base = uri.split('#').next().unwrap_or_default();
    let mut waiting = vec![(JsonPointer::root(), root)];
    while let Some((pointer, value)) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let id = members.get("$id").and_then(Value::as_str);
                let is_wanted = |id: &str| {
                    // A relative id is the end of the whole one.
                    let id = id.trim_end_matches('#').trim_start_matches("./");
                    !id.is_empty() && base.ends_with(id)
                };
                if id.is_some_and(is_wanted) {
                    return Some(pointer);
                }
                waiting.extend(
                    members
                        .iter()
                        .map(|(key, value)| (pointer.child(key), value)),
                );
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                waiting.extend(items.map(|(index, value)| (pointer.item(index), value)));
            }
            _ => {}
        }
    }
    None
}

/// The JSON types that a schema names for its value, through references and alternatives.
pub(super) fn types_in<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    parts(root, schema).into_iter().flat_map(types_of).collect()
}

/// The types in a schema's own `type`.
fn types_of(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The names of the properties that a schema describes, in the order of their names.
pub(super) fn property_names<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let mut names: Vec<&str> = parts(root, schema)
        .into_iter()
        .filter_map(|part| part.get("properties")?.as_object())
        .flat_map(|properties| properties.keys().map(String::as_str))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a schema says what properties are that it does not name.
pub(super) fn describes_other_properties(root: &Value, schema: &Value) -> bool {
    let is_schema = |value: &Value| value.as_object().is_some_and(|schema| !schema.is_empty());
    parts(root, schema).into_iter().any(|part| {
        [
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
        ]
        .iter()
        .any(|keyword| part.get(*keyword).is_some_and(is_schema))
    })
}

/// Whether a string may stand where a schema holds, as far as lengths and fixed values tell: not if a
/// pattern or a format is asked for.
pub(super) fn takes_string(root: &Value, schema: &Value, text: &str) -> bool {
    let parts = parts(root, schema);
    let of_strings = parts
        .iter()
        .filter(|part| types_of(part).contains(&"string"));
    let length = text.chars().count() as u64;
    let limit = |part: &Value, keyword: &str| part.get(keyword).and_then(Value::as_u64);
    let takes = |part: &&Value| {
        let values = fixed_values(&[*part]);
        !["pattern", "format"]
            .iter()
            .any(|keyword| part.get(*keyword).is_some())
            && limit(part, "minLength").is_none_or(|least| length >= least)
            && limit(part, "maxLength").is_none_or(|most| length <= most)
            && values.is_none_or(|values| values.iter().any(|value| **value == *text))
    };
    let mut of_strings = of_strings.copied().peekable();
    of_strings.peek().is_none() || of_strings.any(|part| takes(&part))
}

/// The schemas of a property that hold wherever `schema` does.
pub(super) fn property<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Vec<&'a Value> {
    certain_parts(root, schema)
        .into_iter()
        .filter_map(|part| part.get("properties")?.get(name))
        .flat_map(|property| certain_parts(root, property))
        .collect()
}

/// The only values that a schema allows, if it names them.
pub(super) fn fixed_values<'a>(parts: &[&'a Value]) -> Option<Vec<&'a Value>> {
    let constant = parts.iter().find_map(|part| part.get("const"));
    if let Some(constant) = constant {
        return Some(vec![constant]);
    }
    let options = parts.iter().find_map(|part| part.get("enum")?.as_array())?;
    Some(options.iter().collect())
}

/// The name by which a schema is known: of its definition, or its title.
pub(super) fn name(schema: &Value) -> Option<String> {
    let reference = schema.get("$ref").and_then(Value::as_str);
    let definition = reference
        .and_then(|reference| reference.rsplit('/').next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(|name| percent_decoded(name).replace("~1", "/").replace("~0", "~"));
    let title = || schema.get("title")?.as_str().map(ToOwned::to_owned);
    definition
        .or_else(title)
        .map(|name| wording::shortened(&name))
}

/// What a value must be to fit a schema, as far as that can be said in a few words.
///
/// `a string that matches "^a"`, `one of RED, GREEN`, `an object with "id"`.
pub(super) fn describe(root: &Value, schema: &Value) -> String {
    describe_within(root, schema, MAX_DEPTH).unwrap_or_else(|| "what its schema describes".into())
}

/// As [`describe`]; none if the schema says nothing that is easily said.
pub(super) fn describe_within(root: &Value, schema: &Value, depth: usize) -> Option<String> {
    match schema {
        Value::Bool(true) => return Some("any value".into()),
        Value::Bool(false) => return Some("no value".into()),
        _ => {}
    }
    let parts = certain_parts(root, schema);
    if let Some(values) = fixed_values(&parts) {
        return Some(one_of(&values));
    }
    let types: Vec<&str> = parts.iter().flat_map(|part| types_of(part)).collect();
    let details = details(&parts);
    if types.is_empty() && details.is_empty() {
        return union(root, &parts, depth);
    }
    let noun = match types.as_slice() {
        [] => "a value".into(),
        _ => wording::types(types),
    };
    Some(noun + &details)
}

/// The values that are allowed, as a list.
pub(super) fn one_of(values: &[&Value]) -> String {
    let mut distinct: Vec<&Value> = Vec::new();
    for value in values {
        // Beyond what is shown it does not matter, and comparing takes time.
        if distinct.len() > MAX_OPTIONS || !distinct.contains(value) {
            distinct.push(value);
        }
    }
    let all = distinct.len();
    distinct.truncate(MAX_OPTIONS);
    let shown: Vec<String> = distinct.into_iter().map(option).collect();
    match (shown.as_slice(), all) {
        ([], _) => "no value".into(),
        ([one], 1) => one.clone(),
        (many, all) if all > MAX_OPTIONS => {
            format!("one of {}, … ({all} values)", many.join(", "))
        }
        (many, _) => format!("one of {}", many.join(", ")),
    }
}

/// An allowed value: upper-case words stand for themselves, anything else as JSON.
fn option(option: &Value) -> String {
    match option {
        Value::String(name)
            if !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') =>
        {
            name.clone()
        }
        other => wording::shortened(&other.to_string()),
    }
}

/// What the forms of a union are, as alternatives.
fn union(root: &Value, parts: &[&Value], depth: usize) -> Option<String> {
    let branches = parts
        .iter()
        .find_map(|part| part.get("anyOf").or_else(|| part.get("oneOf"))?.as_array())?;
    let depth = depth.checked_sub(1)?;
    let branches: Option<Vec<String>> = branches
        .iter()
        .map(|branch| describe_within(root, branch, depth))
        .collect();
    Some(wording::alternatives(&branches?))
}

/// What a schema says beside the type, to follow it.
fn details(parts: &[&Value]) -> String {
    let find = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
    let text = |keyword: &str| find(keyword).and_then(Value::as_str);
    let mut details: Vec<String> = Vec::new();
    let format = text("format").filter(|format| formats::is_of_strings(format));
    details.extend(format.map(|format| format!("in the form {}", wording::quoted(format))));
    let pattern = text("pattern");
    details.extend(pattern.map(|pattern| format!("that matches {}", wording::quoted(pattern))));
    details.extend(bounds(find));
    for (least, most, noun) in SIZES {
        let limit = |keyword: &str| find(keyword).and_then(Value::as_u64);
        let counted = |number: u64| wording::count(number, noun);
        details.extend(match (limit(least), limit(most)) {
            (Some(least), Some(most)) if least == most => Some(format!("of {}", counted(most))),
            (Some(least), Some(most)) => Some(format!("of {least} to {}", counted(most))),
            (Some(least), None) if least > 0 => Some(format!("of at least {}", counted(least))),
            (None, Some(most)) => Some(format!("of at most {}", counted(most))),
            (Some(_) | None, None) => None,
        });
    }
    let required = find("required").and_then(Value::as_array);
    let mut names: Vec<String> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(wording::quoted)
        .collect();
    if names.len() > MAX_NAMES {
        names.truncate(MAX_NAMES);
        names.push("…".into());
    }
    if !names.is_empty() {
        details.push(format!("with {}", names.join(", ")));
    }
    // Each follows the one before it, and the first the type.
    details.insert(0, String::new());
    details.join(" ")
}

/// What bounds numbers, to follow their type: `from 0 to 5`, `of more than 0 and at most 5`.
pub(super) fn bounds<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Option<String> {
    // Of an inclusive and an exclusive bound the narrower one counts.
    let bound = |inclusive: &str, exclusive: &str, is_narrower: fn(&f64, &f64) -> bool| {
        let (with, without) = (find(inclusive), find(exclusive));
        let number = |value: Option<&Value>| value.and_then(Value::as_f64);
        match (number(with), number(without)) {
            (Some(inner), Some(outer)) if is_narrower(&inner, &outer) => with.map(|at| (at, true)),
            (_, Some(_)) => without.map(|at| (at, false)),
            _ => with.map(|at| (at, true)),
        }
    };
    let least = |(at, is_inclusive): (&Value, bool)| {
        format!(
            "{} {at}",
            if is_inclusive {
                "at least"
            } else {
                "more than"
            }
        )
    };
    let most = |(at, is_inclusive): (&Value, bool)| {
        format!(
            "{} {at}",
            if is_inclusive { "at most" } else { "less than" }
        )
    };
    let lower = bound("minimum", "exclusiveMinimum", f64::gt);
    let upper = bound("maximum", "exclusiveMaximum", f64::lt);
    match (lower, upper) {
        (Some((minimum, true)), Some((maximum, true))) => {
            Some(format!("from {minimum} to {maximum}"))
        }
        (Some(lower), Some(upper)) => Some(format!("of {} and {}", least(lower), most(upper))),
        (Some(lower), None) => Some(format!("of {}", least(lower))),
        (None, Some(upper)) => Some(format!("of {}", most(upper))),
        (None, None) => None,
    }
}

/// Most required properties that a description names.
const MAX_NAMES: usize = 4;

/// The keywords that bound a size, and what is counted.
const SIZES: [(&str, &str, &str); 3] = [
    ("minLength", "maxLength", "character"),
    ("minItems", "maxItems", "item"),
    ("minProperties", "maxProperties", "property"),
];
