//! JSON that is written piece by piece and still indented.

use std::io::{self, Write};

use serde::Serialize;

/// Writes a value whose first line is begun already; its other lines are indented.
pub(super) fn value(
    output: &mut impl Write,
    value: &impl Serialize,
    indent: usize,
) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    output.write_all(indented(&text, indent).as_bytes())
}

/// Writes the members of an object, which is not empty, into another one that is open already.
pub(super) fn members(
    output: &mut impl Write,
    object: &impl Serialize,
    indent: usize,
) -> io::Result<()> {
    let text = serde_json::to_string_pretty(object)?;
    let members = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix("\n}"));
    let members = indented(members.unwrap_or_default(), indent.saturating_sub(2));
    output.write_all(members.as_bytes())
}

/// In JSON a line end is always between tokens.
fn indented(text: &str, indent: usize) -> String {
    text.replace('\n', &format!("\n{:indent$}", ""))
}
