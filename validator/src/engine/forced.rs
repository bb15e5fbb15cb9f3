//! What keeps a file from being what the user says that it is.

use source_text::{JsonPointer, Span};

use crate::{
    Code, Shape,
    finding::{At, Problem},
};

const HELP: &str = "leave the shape out: it is recognised";

/// What to say of a root that begins with a byte, at `start`, with which the shape does not begin.
pub(super) fn other_bracket(shape: Shape, first: u8, start: usize) -> Option<Problem> {
    let (bracket, what) = match shape {
        Shape::Array | Shape::MixedArray => (b'[', "an array"),
        Shape::SpConfig | Shape::ExportedObject | Shape::Profile => (b'{', "an object"),
        Shape::Ndjson | Shape::YamlDocuments | Shape::Payload | Shape::Unknown => return None,
    };
    (first != bracket).then(|| {
        let message = format!("the file does not begin as {what}, so it is no {shape}");
        problem(message, what, start)
    })
}

/// What to say of an object at the root that does not have the shape's properties; `has` tells which
/// it has.
pub(super) fn other_keys(
    shape: Shape,
    has: impl Fn(&str) -> bool,
    start: usize,
) -> Option<Problem> {
    let is_exported = has("self") || has("object");
    let (why, expected) = match shape {
        Shape::Profile if is_exported => (
            "has \"self\" or \"object\"",
            "the properties of an identity profile",
        ),
        Shape::ExportedObject if !is_exported => (
            "has neither \"self\" nor \"object\"",
            "\"version\", \"self\" and \"object\"",
        ),
        Shape::SpConfig if !has("objects") => (
            "has no \"objects\"",
            "\"objects\" with an array of exported objects",
        ),
        _ => return None,
    };
    let message = format!("this object {why}, so it is no {shape}");
    Some(problem(message, expected, start))
}

fn problem(message: String, expected: &str, start: usize) -> Problem {
    Problem::new(Code::NotAnExport, JsonPointer::root(), message)
        .at(At::Span(Span::new(start, start + 1)))
        .expected(expected)
        .help(HELP)
}
