//! JSON text into an arena.

use source_text::Span;
use source_text::json::{Event, Reader};

use super::Limits;
use super::builder::{BuildError, Builder};
use super::document::Value;
use super::parsed::{Noted, ParseError, Parsed};

pub(super) fn parse(text: &str, limits: &Limits) -> Result<Parsed, ParseError> {
    let mut builder = Builder::new(text, limits.depth, limits.expanded_nodes);
    let mut reader = Reader::new(text)
        .with_limits(usize::MAX)
        .replacing_lone_surrogates();
    for event in reader.by_ref() {
        let (event, span) = event.map_err(|error| ParseError::Syntax {
            offset: error.span.start,
            message: error.message(),
        })?;
        let result = match event {
            Event::ObjectStart => builder.start(true, span.start).map(drop),
            Event::ArrayStart => builder.start(false, span.start).map(drop),
            Event::ObjectEnd | Event::ArrayEnd => {
                builder.end();
                Ok(())
            }
            Event::Key(key) => {
                let key = builder.text(&key, in_source(&key, span));
                builder.key(key, span.start);
                Ok(())
            }
            Event::String(value) => {
                let value = builder.text(&value, in_source(&value, span));
                builder.scalar(Value::String(value), span.start).map(drop)
            }
            Event::Number(number) => {
                let number = builder.text(number, Some(span.start));
                builder.scalar(Value::Number(number), span.start).map(drop)
            }
            Event::Bool(value) => builder.scalar(Value::Bool(value), span.start).map(drop),
            Event::Null => builder.scalar(Value::Null, span.start).map(drop),
        };
        result.map_err(ParseError::from)?;
    }
    let mut parsed = Parsed::of(builder)?;
    let replaced = reader.replaced().iter();
    parsed.notes = replaced
        .map(|offset| (*offset, Noted::LoneSurrogate))
        .collect();
    Ok(parsed)
}

/// Where a string's content starts, if it has no escapes.
fn in_source(content: &str, span: Span) -> Option<usize> {
    // An escape is longer than what it stands for.
    (content.len() + 2 == span.end - span.start).then_some(span.start + 1)
}

impl From<BuildError> for ParseError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::TooDeep { offset } => Self::TooDeep { offset },
            BuildError::TooManyNodes { offset } => Self::TooManyNodes { offset },
            BuildError::AliasExpansion { offset } => Self::AliasExpansion { offset },
        }
    }
}
