//! Findings without the values of the file that they are about.

use std::collections::HashSet;

use serde_json::Value;
use source_text::JsonPointer;
use unicode_width::UnicodeWidthChar;

use crate::{Code, Finding, Related, rules};

/// What stands for a value in running text.
const HIDDEN: &str = "…";

/// What stands for a character of a value in a code frame.
const DOT: char = '•';

/// Words that messages put into quotes and that are neither from a file nor from a schema.
const OUR_WORDS: [&str; 8] = [
    "objects",
    "trackingId",
    "detailCode",
    "messages",
    "error",
    "message",
    "jobId",
    "IDENTITY_PROFILE",
];

/// Keywords whose numbers bound what is allowed.
const BOUNDING: [&str; 12] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
];

/// Hides the values of files: only names that the schemas document remain, and structure.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    names: HashSet<String>,
    /// The numbers with which the schemas bound values.
    bounds: HashSet<String>,
}

impl Mask {
    /// A mask that lets the names in JSON Schemas through: of properties, and fixed values.
    pub fn new<'a>(schemas: impl IntoIterator<Item = &'a Value>) -> Self {
        let of_rules = rules::words().map(ToOwned::to_owned);
        let mut bounds = HashSet::new();
        let mut names: HashSet<String> = OUR_WORDS.map(ToOwned::to_owned).into();
        names.extend(of_rules);
        let mut waiting: Vec<(Option<&str>, &Value)> =
            schemas.into_iter().map(|schema| (None, schema)).collect();
        while let Some((keyword, value)) = waiting.pop() {
            let is_named = matches!(
                keyword,
                Some("required" | "enum" | "const" | "format" | "pattern")
            );
            match value {
                Value::String(text) if is_named => {
                    names.insert(text.clone());
                }
                Value::Number(number) if keyword.is_some_and(|name| BOUNDING.contains(&name)) => {
                    bounds.insert(number.to_string());
                }
                Value::Array(items) => waiting.extend(items.iter().map(|item| (keyword, item))),
                Value::Object(members) => {
                    if matches!(keyword, Some("properties" | "dependentRequired")) {
                        names.extend(members.keys().cloned());
                    }
                    // Below a map of schemas the keys are names and no keywords.
                    let is_map = matches!(
                        keyword,
                        Some("properties" | "patternProperties" | "$defs" | "dependentSchemas")
                    );
                    waiting.extend(members.iter().map(|(key, value)| match keyword {
                        _ if is_map => (None, value),
                        Some("dependentRequired") => (Some("required"), value),
                        _ => (Some(key.as_str()), value),
                    }));
                }
                _ => {}
            }
        }
        Self { names, bounds }
    }

    /// The finding without anything that stands in the file as a value.
    pub fn masked(&self, finding: Finding) -> Finding {
        // What is wrong with a text is said with pieces of it.
        let is_textual = finding.code == Code::YamlSyntax
            || (finding.code.as_str().starts_with("json/")
                && !matches!(finding.code, Code::DuplicateKey | Code::TooDeep));
        // What a rule expects may be what stands elsewhere in the file.
        let is_of_schema = !matches!(
            finding.code.as_str().split_once('/'),
            Some(("import" | "transform", _))
        );
        let expected = finding.expected.as_deref();
        let stated = expected.filter(|_| is_of_schema).unwrap_or_default();
        let message = if is_textual {
            None
        } else {
            self.text(&finding.message, stated)
        };
        let help = finding.help.as_deref().filter(|_| !is_textual);
        let is_documented = |json: &String| {
            let text = serde_json::from_str::<String>(json);
            text.is_ok_and(|text| self.names.contains(&text))
        };
        let related = finding.related.iter().map(|related| Related {
            message: self
                .text(&related.message, "")
                .unwrap_or_else(|| HIDDEN.into()),
            position: related.position,
        });
        Finding {
            message: message.unwrap_or_else(|| finding.code.summary()),
            pointer: self.pointer(&finding.pointer),
            profile: None,
            found: None,
            property: finding.property.filter(|name| self.names.contains(name)),
            expected: expected.and_then(|text| self.text(text, stated)),
            suggestion: finding.suggestion.filter(is_documented),
            help: help.and_then(|text| self.text(text, stated)),
            related: related.collect(),
            frame: self.frame(&finding.frame),
            ..finding
        }
    }

    /// A message without values; none if that cannot be had.
    ///
    /// Values stand in quotes, but for numbers; those in `stated` are the schema's own.
    fn text(&self, text: &str, stated: &str) -> Option<String> {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('"') {
            self.push_words(&mut masked, &rest[..start], stated)?;
            let quoted = &rest[start + 1..];
            let end = end_of_quoted(quoted)?;
            let content = &quoted[..end];
            masked.push('"');
            masked.push_str(if self.is_known(content) {
                content
            } else {
                HIDDEN
            });
            masked.push('"');
            rest = &quoted[end + 1..];
        }
        self.push_words(&mut masked, rest, stated)?;
        Some(masked)
    }

    /// Adds words that stand outside quotes; none if they hold keys that are not in quotes.
    ///
    /// Of numbers those are shown that count elements, that are `stated`, or that bound what the schemas
    /// allow.
    fn push_words(&self, masked: &mut String, text: &str, stated: &str) -> Option<()> {
        let bare = |word: &str| word.trim_matches([',', ';', '.', ':', '(', ')']).to_owned();
        let mut before = "";
        for (index, word) in text.split(' ').enumerate() {
            if index > 0 {
                masked.push(' ');
            }
            let is_pointer = word.len() > 1 && word.starts_with('/');
            if is_pointer {
                return None;
            }
            let shown = bare(word);
            let is_number = shown
                .strip_prefix('-')
                .unwrap_or(&shown)
                .starts_with(|first: char| first.is_ascii_digit());
            let is_value = match before {
                "element" | "item" => false,
                "least" | "most" | "than" | "from" | "to" if self.bounds.contains(&shown) => false,
                "number" => is_number,
                "found" | "write" if matches!(shown.as_str(), "true" | "false") => true,
                _ => is_number && stated.split(' ').all(|known| bare(known) != shown),
            };
            masked.push_str(if is_value { HIDDEN } else { word });
            before = word;
        }
        Some(())
    }

    fn is_known(&self, content: &str) -> bool {
        let is_punctuation =
            content.len() == 1 && content.bytes().all(|b| b.is_ascii_punctuation());
        is_punctuation || content == HIDDEN || self.names.contains(content)
    }

    fn pointer(&self, pointer: &JsonPointer) -> JsonPointer {
        let mut masked = JsonPointer::root();
        for token in pointer.tokens() {
            let is_index = token.len() < 10 && token.bytes().all(|byte| byte.is_ascii_digit());
            let is_shown = is_index || self.names.contains(token.as_ref());
            masked.push(if is_shown { &token } else { HIDDEN });
        }
        masked
    }

    /// A code frame in which brackets, commas and documented names are left.
    fn frame(&self, frame: &str) -> String {
        let mut masked = String::with_capacity(frame.len());
        for line in frame.lines() {
            match line.split_once('|') {
                Some((margin, text)) if !margin.trim().is_empty() => {
                    masked.push_str(margin);
                    masked.push('|');
                    self.push_line(&mut masked, text);
                }
                _ => masked.push_str(line),
            }
            masked.push('\n');
        }
        masked
    }

    fn push_line(&self, masked: &mut String, line: &str) {
        let mut rest = line;
        while let Some(character) = rest.chars().next() {
            let quoted = rest.strip_prefix('"');
            let name = quoted
                .and_then(|quoted| quoted.get(..end_of_quoted(quoted)?))
                .filter(|name| self.names.contains(*name));
            if let Some(name) = name {
                let (known, after) = rest.split_at(name.len() + 2);
                masked.push_str(known);
                rest = after;
                continue;
            }
            match character {
                ' ' | '{' | '}' | '[' | ']' | ':' | ',' | '"' | '…' => masked.push(character),
                // The carets below stay where they are.
                hidden => masked.extend(std::iter::repeat_n(DOT, hidden.width().unwrap_or(1))),
            }
            rest = &rest[character.len_utf8()..];
        }
    }
}

/// Where a quoted text ends: at the first quote that no odd number of backslashes stands before.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut backslashes = 0;
    for (offset, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if backslashes % 2 == 0 => return Some(offset),
            b'\\' => backslashes += 1,
            _ => backslashes = 0,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mask() -> Mask {
        Mask::new(&[json!({
            "properties": {
                "name": {"enum": ["RED"]}, "const": {"title": "secret"},
                "length": {"minimum": 18, "maximum": 250},
            },
            "required": ["id"],
            "$defs": {"required": {"type": "string"}},
        })])
    }

    fn check(text: &str, expected: Option<&str>) {
        let masked = mask().text(text, "an integer from -3 to 5");
        assert_eq!(masked.as_deref(), expected, "{text}");
    }

    #[test]
    fn documented_names_remain_in_messages_and_values_do_not() {
        check(
            "property \"name\" is missing",
            Some("property \"name\" is missing"),
        );
        check(
            "unknown value \"red\"; did you mean \"RED\"?",
            Some("unknown value \"…\"; did you mean \"RED\"?"),
        );
        check("a \"b \\\"name\\\" c\" d", Some("a \"…\" d"));
        check("a \"b\\\\\" c \"id\"", Some("a \"…\" c \"id\""));
        check(
            "\"$defs\" \"required\" \"secret\" \"string\"",
            Some("\"…\" \"…\" \"…\" \"…\""),
        );
        check("\"const\" \"properties\"", Some("\"const\" \"…\""));
        check(
            "expected at most 5, found the number -1.5e7",
            Some("expected at most 5, found the number …"),
        );
        check(
            "another profile has the priority 20 too",
            Some("another profile has the priority … too"),
        );
        check(
            "this holds only 7, at least -3; element 12 and all after it",
            Some("this holds only … at least -3; element 12 and all after it"),
        );
        check(
            "write 12 without the quotes",
            Some("write … without the quotes"),
        );
        check(
            "expected a string, found false",
            Some("expected a string, found …"),
        );
        check(
            "other forms: an integer of at least 18, from 18 to 250, found 18, write 250",
            Some("other forms: an integer of at least 18, from 18 to 250, found … write …"),
        );
        check(
            "item 1 is equal to item 0",
            Some("item 1 is equal to item 0"),
        );
        check("at least 19 to 17", Some("at least … to …"));
        check("\",\" or \"}\"", Some("\",\" or \"}\""));
        check("an \"open quote", None);
        check("at /table/key, unknown", None);
    }

    #[test]
    fn documented_names_remain_in_frames_and_carets_keep_their_place() {
        let frame = "   |\n12 | …cret\", \"name\": \"a: 七\", \"x\": true }\n   |         ^^^^\n";
        let expected =
            "   |\n12 | …••••\", \"name\": \"•: ••\", \"•\": •••• }\n   |         ^^^^\n";
        assert_eq!(mask().frame(frame), expected);
    }

    #[test]
    fn documented_names_and_indices_remain_in_pointers() {
        for (pointer, expected) in [
            ("", ""),
            ("/0/name/12", "/0/name/12"),
            ("/name/a~1b/id", "/name/…/id"),
            ("/4915112345678", "/…"),
        ] {
            let pointer = JsonPointer::parse(pointer).expect("a pointer");
            assert_eq!(mask().pointer(&pointer).as_str(), expected);
        }
    }
}
