//! Where the parts of a JSON text are in the YAML text that it was made from.

use source_text::{SourceText, Span, frame};

use super::excerpt;
use crate::{Finding, Related};

/// A token of the JSON text, from its first byte up to the next token's.
#[derive(Debug, Clone, Copy)]
struct Token {
    json: u32,
    start: u32,
    end: u32,
}

/// A part of the JSON text that an alias stands for.
#[derive(Debug, Clone, Copy)]
struct Expansion {
    start: u32,
    end: u32,
    /// Where the alias is.
    alias: (u32, u32),
}

/// Where the parts of a JSON text are in a YAML text.
#[derive(Debug, Default)]
pub struct Places {
    tokens: Vec<Token>,
    /// In order; none in another.
    expansions: Vec<Expansion>,
}

impl Places {
    /// Adds the token at a place of the JSON text that no token before has reached.
    pub(super) fn token(&mut self, json: u32, yaml: Span) {
        self.tokens.push(Token {
            json,
            start: narrow(yaml.start),
            end: narrow(yaml.end),
        });
    }

    /// Adds a part of the JSON text that an alias stands for.
    pub(super) fn expansion(&mut self, start: usize, end: usize, alias: Span) {
        self.expansions.push(Expansion {
            start: narrow(start),
            end: narrow(end),
            alias: (narrow(alias.start), narrow(alias.end)),
        });
    }

    /// The part of the YAML text that a part of the JSON text was made from.
    ///
    /// It begins with a token and ends with one: inside of a token, places do not correspond.
    pub fn to_yaml(&self, json: Span) -> Span {
        let Some(first) = self.token_at(json.start) else {
            return Span::default();
        };
        let start = first.start as usize;
        if json.is_empty() {
            return Span::at(start);
        }
        let last = self.token_at(json.end - 1).unwrap_or(first);
        // Aliases lead back to what stands before.
        Span::new(
            start,
            (last.end as usize).max(first.end as usize).max(start),
        )
    }

    /// The alias through which a place of the JSON text is reached.
    pub fn alias(&self, json: usize) -> Option<Span> {
        let json = narrow(json);
        let after = self.expansions.partition_point(|it| it.start <= json);
        let Expansion { end, alias, .. } = *self.expansions.get(after.checked_sub(1)?)?;
        (json < end).then(|| Span::new(alias.0 as usize, alias.1 as usize))
    }

    /// Moves a finding about the JSON text to where that stands in the YAML text.
    ///
    /// What an alias stands for is shown at its anchor; the alias is named beside it.
    pub fn to_source(&self, mut finding: Finding, yaml: &SourceText) -> Finding {
        let json = Span::new(finding.position.offset, finding.end.offset);
        let span = self.to_yaml(json);
        let written = excerpt(yaml, span);
        if let (Some(number), Some(written)) = (&finding.found, &written) {
            let number = number.clone();
            say_as_written(&mut finding, &number, written);
        }
        for related in &mut finding.related {
            let place = self.to_yaml(Span::at(related.position.offset));
            related.position = yaml.position(place.start);
        }
        if let Some(alias) = self.alias(json.start) {
            finding.related.push(Related {
                message: "this alias brings it here".to_owned(),
                position: yaml.position(alias.start),
            });
        }
        finding.position = yaml.position(span.start);
        finding.end = yaml.position(span.end);
        finding.found = finding.found.and(written);
        finding.frame = frame(yaml, span, "");
        finding
    }

    fn token_at(&self, json: usize) -> Option<Token> {
        let after = self
            .tokens
            .partition_point(|token| token.json as usize <= json);
        self.tokens.get(after.saturating_sub(1)).copied()
    }
}

/// Says of a number what the YAML text has: `00123` is not what JSON has of it, `123`, and as a text
/// it would be another.
fn say_as_written(finding: &mut Finding, number: &str, written: &str) {
    let is_number =
        |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    let is_plain = |text: &str| !text.contains(['"', '\'', '\n', ' ']);
    if number == written || !is_number(number) || !is_number(written) || !is_plain(written) {
        return;
    }
    let found = |text: &str| format!("the number {text}");
    let quoted = |text: &str| format!("\"{text}\"");
    finding.message = finding.message.replace(&found(number), &found(written));
    let texts = [&mut finding.help, &mut finding.suggestion];
    for text in texts.into_iter().flatten() {
        *text = text.replace(&quoted(number), &quoted(written));
    }
}

/// Offsets fit because texts with larger ones are refused.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
