//! Values and types as messages name them.

use std::fmt::Write;

use serde_json::Value;
use source_text::is_invisible;

use crate::{
    finding::Problem,
    json::tape::{Kind, Node},
    tree,
};

/// Longest piece of a file's own text that a message repeats, in characters.
const MAX_SHOWN: usize = 60;

/// What was found: `the number 12`, `the string "HR"`, `an object`.
pub(crate) fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(string) => format!("the string {}", quoted(string)),
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
    }
}

/// What was found, much as [`found`] says it, by its tape.
pub(crate) fn found_node(node: Node<'_>) -> String {
    let raw = || String::from_utf8_lossy(node.raw());
    match node.kind() {
        Kind::Object => "an object".into(),
        Kind::Array => "an array".into(),
        Kind::Number => format!("the number {}", shortened(&raw())),
        Kind::String { .. } => format!("the string {}", quoted(&node.text().unwrap_or_default())),
        Kind::Bool => "a boolean".into(),
        Kind::Null => "null".into(),
    }
}

/// Lets a problem with a number name it as the file has it; `wire` is the file's text.
pub(crate) fn name_as_written(problem: &mut Problem, wire: &str) {
    if !wire.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return;
    }
    let read = tree::number(wire).to_string();
    if read == wire {
        return;
    }
    let whole = wire;
    let wire = shortened(wire);
    let found = |number: &str| format!("the number {number}");
    problem.message = problem.message.replace(&found(&read), &found(&wire));
    if let Some(help) = &mut problem.help {
        *help = help.replace(&quoted(&read), &quoted(&wire));
    }
    if problem.suggestion.as_deref() == Some(json(&read).as_str()) {
        problem.suggestion = Some(json(whole));
    }
}

/// A text from a file in double quotes, cut to a readable length and made [`visible`].
///
/// A quote inside has a backslash before it, and backslashes before a quote are doubled: where the
/// text ends can be told.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut backslashes = 0;
    for character in shortened(text).chars() {
        if character == '"' {
            quoted.push_str(&"\\".repeat(backslashes + 1));
        }
        backslashes = if character == '\\' {
            backslashes + 1
        } else {
            0
        };
        quoted.push(character);
    }
    quoted.push_str(&"\\".repeat(backslashes));
    quoted.push('"');
    quoted
}

/// A piece of a file's text, cut to a readable length and made [`visible`].
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
        None => visible(text),
    }
}

/// A text with nothing in it that could confuse a terminal.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

fn push_visible(shown: &mut String, character: char) {
    // Joiners are a part of many scripts and emoji, and alone they do no harm.
    if is_invisible(character) && !matches!(character, '\u{200c}' | '\u{200d}') {
        // Writing to a string cannot fail.
        let _ = write!(shown, "\\u{:04x}", u32::from(character));
    } else {
        shown.push(character);
    }
}

/// The name of a JSON Schema type with its article; an unknown name stands for itself.
pub(crate) fn type_name(name: &str) -> &str {
    match name {
        "array" => "an array",
        "boolean" => "true or false",
        "integer" => "an integer",
        "number" => "a number",
        "object" => "an object",
        "string" => "a string",
        other => other,
    }
}

/// A number of things: `1 item`, `2 properties`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (many, Some(stem)) => format!("{many} {stem}ies"),
        (many, None) => format!("{many} {noun}s"),
    }
}

/// A text as a JSON string.
pub(crate) fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Types as an alternative: `a string or null`; null comes last.
pub(crate) fn types<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable_by_key(|name| (*name == "null", *name));
    names.dedup();
    alternatives(
        &names
            .into_iter()
            .map(|name| type_name(name).to_owned())
            .collect::<Vec<_>>(),
    )
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn alternatives(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} or {last}", many.join(", ")),
    }
}
