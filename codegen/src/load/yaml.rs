//! YAML 1.2 text into an arena, by the core schema.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle};

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
                    return Err(ParseError::AliasCycle { offset: start });
                }
                builder.alias(node, start)?;
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

/// YAML 1.2, section 10.3.2: the core schema's tag resolution.
fn plain_scalar(builder: &mut Builder, text: &str, at: Option<usize>) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        plain => match as_json_number(plain) {
            Some(Cow::Borrowed(_)) => Value::Number(builder.text(text, at)),
            Some(Cow::Owned(number)) => Value::Number(builder.text(&number, None)),
            None => Value::String(builder.text(text, at)),
        },
    }
}

/// The JSON text of a core schema number; `None` where it is none or JSON has no such number.
fn as_json_number(text: &str) -> Option<Cow<'_, str>> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return u128::from_str_radix(hex, 16)
            .ok()
            .map(|n| Cow::Owned(n.to_string()));
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return u128::from_str_radix(octal, 8)
            .ok()
            .map(|n| Cow::Owned(n.to_string()));
    }
    let (sign, digits) = match first {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return None;
    }
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !all_digits(digits) {
            return None;
        }
    }
    let stripped = whole.trim_start_matches('0');
    let whole_json = if stripped.is_empty() { "0" } else { stripped };
    let mut number = format!("{sign}{whole_json}");
    if let Some(fraction) = fraction.filter(|fraction| !fraction.is_empty()) {
        number.push('.');
        number.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        number.push('e');
        number.push_str(exponent);
    }
    Some(if number == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(number)
    })
}

#[cfg(test)]
mod tests {
    use super::as_json_number;

    #[test]
    fn core_schema_numbers_become_json_numbers() {
        let cases = [
            ("12", Some("12")),
            ("-0", Some("-0")),
            ("+12", Some("12")),
            ("012", Some("12")),
            ("0x1F", Some("31")),
            ("0o17", Some("15")),
            (".5", Some("0.5")),
            ("5.", Some("5")),
            ("1e3", Some("1e3")),
            ("1_000", None),
            ("2015-05-28", None),
            ("1.2.3", None),
            (".inf", None),
            ("5134cbc", None),
            ("-", None),
            (".", None),
            ("1e", None),
        ];
        for (yaml, json) in cases {
            assert_eq!(as_json_number(yaml).as_deref(), json, "{yaml}");
        }
    }
}
