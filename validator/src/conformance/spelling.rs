//! The same JSON value in different spellings.

use std::fmt::Write;

use source_text::json::{Event, Reader};

/// How a value is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Compact,
    /// Two spaces a level, as most programs indent.
    Pretty,
    /// White space of every kind wherever it may stand.
    Spaced,
    /// The first character of every string, keys among them, as an escape.
    Escaped,
}

impl Style {
    pub(super) const ALL: [Self; 4] = [Self::Compact, Self::Pretty, Self::Spaced, Self::Escaped];
}

/// Spells a JSON text in another way; its numbers and the order of its keys stay.
pub(super) fn spelled(text: &str, style: Style) -> String {
    let mut writer = Writer {
        style,
        out: String::new(),
        depth: 0,
        tokens: 0,
    };
    let mut needs_comma = false;
    for event in Reader::new(text).with_limits(usize::MAX) {
        let (event, span) = event.expect("the text is JSON");
        let raw = &text[span.range()];
        let is_end = matches!(event, Event::ObjectEnd | Event::ArrayEnd);
        if is_end {
            writer.depth -= 1;
            if needs_comma {
                writer.new_line();
            }
        } else if needs_comma {
            writer.token(",");
            writer.new_line();
        } else if writer.out.ends_with(['{', '[']) {
            writer.new_line();
        }
        needs_comma = true;
        match &event {
            Event::Key(key) | Event::String(key) if style == Style::Escaped => {
                writer.token(&escaped(key));
            }
            _ => writer.token(raw),
        }
        match event {
            Event::ObjectStart | Event::ArrayStart => {
                writer.depth += 1;
                needs_comma = false;
            }
            Event::Key(_) => {
                writer.token(":");
                if style == Style::Pretty {
                    writer.out.push(' ');
                }
                needs_comma = false;
            }
            _ => {}
        }
    }
    writer.out
}

struct Writer {
    style: Style,
    out: String,
    depth: usize,
    tokens: usize,
}

impl Writer {
    fn token(&mut self, token: &str) {
        if self.style == Style::Spaced && self.tokens > 0 {
            const SPACES: [&str; 5] = [" ", "\t\n", "\r\n", "                    ", ""];
            self.out.push_str(SPACES[self.tokens % SPACES.len()]);
        }
        self.tokens += 1;
        self.out.push_str(token);
    }

    fn new_line(&mut self) {
        if self.style == Style::Pretty {
            self.out.push('\n');
            self.out.push_str(&"  ".repeat(self.depth));
        }
    }
}

/// A string in quotes whose first character is an escape.
fn escaped(string: &str) -> String {
    let mut rest = string.chars();
    let mut units = [0; 2];
    let first = rest.next().map(|first| first.encode_utf16(&mut units));
    let mut out = "\"".to_owned();
    for unit in first.into_iter().flatten() {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
    let rest = serde_json::Value::from(rest.as_str()).to_string();
    out + &rest[1..]
}

#[test]
fn spellings_say_the_same() {
    let text = r#"{"a": [1.0, {}, [], "\u00e9\n😀", {"😀": null}], "": [true, 1e5]}"#;
    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    for style in Style::ALL {
        let other = spelled(text, style);
        let read: serde_json::Value = serde_json::from_str(&other).expect(&other);
        assert_eq!(read, value, "{other}");
    }
    let compact = spelled(text, Style::Compact);
    assert_eq!(
        compact,
        r#"{"a":[1.0,{},[],"\u00e9\n😀",{"😀":null}],"":[true,1e5]}"#
    );
    assert_eq!(
        spelled(r#"{"a":[1,{}]}"#, Style::Pretty),
        "{\n  \"a\": [\n    1,\n    {}\n  ]\n}"
    );
}
