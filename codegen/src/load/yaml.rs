//! YAML 1.2 text into an arena, by the core schema.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle};
use source_text::yaml::{Plain, plain};

use super::Limits;
use super::builder::Builder;
use super::document::Value;
use super::parsed::{Noted, ParseError, Parsed};

pub(super) fn parse(text: &str, limits: &Limits) -> Result<Parsed, ParseError> {
    let mut builder = Builder::new(text, limits.depth, limits.expanded_nodes);
    let mut anchors: HashMap<usize, u32> = HashMap::new();
    let mut notes = Vec::new();
    let mut documents = 0;
    // What complex keys are reported for and then replaced by.
    let mut in_complex_key = 0_usize;

    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| ParseError::Syntax {
            offset: offset(text, *error.marker()),
            message: error.info().clone(),
        })?;
        let start = offset(text, span.start);
        if in_complex_key > 0 {
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => in_complex_key += 1,
                Event::MappingEnd | Event::SequenceEnd => {
                    in_complex_key -= 1;
                    if in_complex_key == 0 {
                        let key = builder.text(&format!("?{start}"), None);
                        builder.key(key, start);
                    }
                }
                _ => {}
            }
            continue;
        }
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    notes.push((start, Noted::SeveralDocuments));
                    break;
                }
            }
            Event::MappingStart(_, anchor, _) | Event::SequenceStart(_, anchor, _) => {
                if builder.expects_key() {
                    notes.push((start, Noted::ComplexKey));
                    in_complex_key = 1;
                    continue;
                }
                let is_object = matches!(event, Event::MappingStart(..));
                let node = builder.start(is_object, start)?;
                anchors.insert(anchor, node);
            }
            Event::MappingEnd | Event::SequenceEnd => builder.end(),
            Event::Scalar(value, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain;
                // Behind a quote, or below the mark of a block.
                let written = text.get(start..offset(text, span.end)).unwrap_or_default();
                let at = written.find(value.as_ref()).map(|at| start + at);
                if builder.expects_key() {
                    let key = builder.text(&value, at);
                    builder.key(key, start);
                    continue;
                }
                let forced_string = tag.is_some_and(|tag| tag.suffix() == "str");
                let value = if is_plain && !forced_string {
                    plain_scalar(&mut builder, &value, at)
                } else {
                    Value::String(builder.text(&value, at))
                };
                let node = builder.scalar(value, start)?;
                anchors.insert(anchor, node);
            }
            Event::Alias(anchor) => {
                if builder.expects_key() {
                    let key = builder.text(&format!("*{start}"), None);
                    builder.key(key, start);
                    continue;
                }
                let Some(&node) = anchors.get(&anchor) else {
                    return Err(ParseError::Syntax {
                        offset: start,
                        message: "an alias without an anchor".to_owned(),
                    });
                };
                if builder.is_open(node) {
                    notes.push((start, Noted::AliasCycle));
                    builder.scalar(Value::Null, start)?;
                } else {
                    builder.alias(node, start)?;
                }
            }
            _ => {}
        }
    }
    let mut parsed = Parsed::of(builder)?;
    parsed.notes = notes;
    Ok(parsed)
}

/// Bytes before the marker: the parser counts them as it reads from a string.
fn offset(text: &str, marker: Marker) -> usize {
    text.floor_char_boundary(marker.byte_offset().unwrap_or(0))
}

fn plain_scalar(builder: &mut Builder, text: &str, at: Option<usize>) -> Value {
    match plain(text) {
        Plain::Null => Value::Null,
        Plain::Bool(value) => Value::Bool(value),
        Plain::Number(Cow::Borrowed(_)) => Value::Number(builder.text(text, at)),
        Plain::Number(Cow::Owned(number)) => Value::Number(builder.text(&number, None)),
        Plain::NotFinite | Plain::String => Value::String(builder.text(text, at)),
    }
}
