//! Pointers to byte spans, by reading the text again.

use std::collections::{HashMap, HashSet};

use source_text::{
    JsonPointer, Span,
    json::{Event, Expected, Reader, SyntaxErrorKind},
};

use crate::finding::{At, Problem};

/// Follows the events of a document and knows the pointer of each.
#[derive(Default)]
pub(crate) struct Path {
    pointer: JsonPointer,
    /// Per open container: the index of the next item; none for an object.
    open: Vec<Option<usize>>,
    /// The pointer leads to a value that is complete.
    complete: bool,
}

impl Path {
    /// Goes where `event` is: to the key's property, or to the value that begins or ends.
    pub(crate) fn visit(&mut self, event: &Event<'_>) {
        self.settle();
        match event {
            Event::Key(key) => {
                self.pointer.push(key);
                return;
            }
            Event::ObjectEnd | Event::ArrayEnd => {
                self.open.pop();
                self.complete = true;
                return;
            }
            _ => {}
        }
        if let Some(Some(next)) = self.open.last_mut() {
            self.pointer.push_index(*next);
            *next += 1;
        }
        match event {
            Event::ObjectStart => self.open.push(None),
            Event::ArrayStart => self.open.push(Some(0)),
            _ => self.complete = true,
        }
    }

    /// Leaves a value that is complete for what holds it.
    fn settle(&mut self) {
        if std::mem::take(&mut self.complete) {
            self.pointer.pop();
        }
    }

    /// The pointer of the last event.
    pub(crate) fn pointer(&self) -> &JsonPointer {
        &self.pointer
    }

    /// The pointer of what is being read after the last event; `is_in_value` tells that the next
    /// value has begun.
    fn into_unfinished(mut self, is_in_value: bool) -> JsonPointer {
        self.settle();
        if let Some(Some(next)) = self.open.last()
            && is_in_value
        {
            self.pointer.push_index(*next);
        }
        self.pointer
    }
}

/// Finds the bytes that each problem is about, in the order of the problems.
///
/// Their pointers are from the root of the value in `span`. Where a key occurs twice, the last one
/// is meant, as in [`tree`](crate::tree).
pub(crate) fn locate(text: &str, span: Span, problems: &[Problem]) -> Vec<Span> {
    let root = Span::new(span.start, span.end.min(span.start.saturating_add(1)));
    let mut spans: Vec<Span> = problems
        .iter()
        .map(|problem| match problem.at {
            At::Span(span) => span,
            At::Value | At::Key => root,
        })
        .collect();
    let mut wanted: HashMap<&JsonPointer, Vec<usize>> = HashMap::new();
    for (index, problem) in problems.iter().enumerate() {
        if !matches!(problem.at, At::Span(_)) {
            wanted.entry(&problem.pointer).or_default().push(index);
        }
    }
    if wanted.is_empty() {
        return spans;
    }
    // Looking each pointer up would cost as much as a deep value has levels.
    let lengths: HashSet<usize> = wanted.keys().map(|to| to.as_str().len()).collect();
    let mut path = Path::default();
    let reader = Reader::within(text, span).with_limits(usize::MAX);
    for (event, span) in reader.map_while(Result::ok) {
        path.visit(&event);
        if !lengths.contains(&path.pointer().as_str().len()) {
            continue;
        }
        let part = match event {
            Event::ObjectEnd | Event::ArrayEnd => continue,
            Event::Key(_) => At::Key,
            _ => At::Value,
        };
        for &index in wanted.get(path.pointer()).into_iter().flatten() {
            if problems[index].at == part {
                spans[index] = span;
            }
        }
    }
    spans
}

/// Finds the strings that hold each part of a text; `parts` are in ascending order and in `span`.
///
/// A part of a key is given the pointer of the object, since the key itself is not what was meant.
/// There is none for parts outside of strings and after the place where the text stops being JSON.
pub(crate) fn pointers_at(text: &str, span: Span, parts: &[Span]) -> Vec<Option<JsonPointer>> {
    let mut pointers = Vec::with_capacity(parts.len());
    let mut path = Path::default();
    let mut rest = parts.iter().peekable();
    let reader = Reader::within(text, span).with_limits(usize::MAX);
    for (event, span) in reader.map_while(Result::ok) {
        if rest.peek().is_none() {
            break;
        }
        path.visit(&event);
        while let Some(part) = rest.next_if(|part| part.start < span.end) {
            pointers.push(match event {
                _ if part.start < span.start => None,
                Event::Key(_) => path.pointer().parent(),
                _ => Some(path.pointer().clone()),
            });
        }
    }
    pointers.resize(parts.len(), None);
    pointers
}

/// The pointer of what is being read where the text in `span` stops being JSON.
pub(crate) fn where_reading_stops(text: &str, span: Span, max_depth: usize) -> JsonPointer {
    let mut path = Path::default();
    let mut is_in_value = false;
    for event in Reader::within(text, span).with_limits(max_depth) {
        match event {
            Ok((event, _)) => path.visit(&event),
            Err(error) => is_in_value = is_about_value(&error.kind),
        }
    }
    path.into_unfinished(is_in_value)
}

/// Whether an error is in something that was meant for a value, or for a key.
fn is_about_value(error: &SyntaxErrorKind) -> bool {
    match error {
        SyntaxErrorKind::UnexpectedCharacter { expected, .. } => {
            matches!(expected, Expected::Value | Expected::ValueOrEnd)
        }
        SyntaxErrorKind::UnknownWord { .. }
        | SyntaxErrorKind::NotFinite
        | SyntaxErrorKind::WrongQuotes { .. }
        | SyntaxErrorKind::UnclosedString { .. }
        | SyntaxErrorKind::ControlCharacter { .. }
        | SyntaxErrorKind::UnknownEscape { .. }
        | SyntaxErrorKind::IncompleteUnicodeEscape
        | SyntaxErrorKind::LoneSurrogate { .. }
        | SyntaxErrorKind::LeadingZero
        | SyntaxErrorKind::LeadingPlus
        | SyntaxErrorKind::MissingDigits
        | SyntaxErrorKind::MalformedNumber
        | SyntaxErrorKind::TooDeep { .. } => true,
        _ => false,
    }
}
