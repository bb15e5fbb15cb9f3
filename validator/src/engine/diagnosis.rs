//! Where and why a text stops being JSON.
//!
//! The window may begin in the middle of the file. A few characters that stand for what was before
//! it make a document of it that the reader of `source-text` can be asked about.

use source_text::{
    JsonPointer, Span,
    json::{Expected, Reader, SyntaxError, SyntaxErrorKind},
};

use super::{advice::advice, element::Next, sink::Sink};
use crate::{
    Code, bad_bytes, decode,
    finding::{At, Problem},
    locate,
};

/// What stands before a window that begins inside of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing: the document begins there, or the line.
    Nothing,
    /// A whole document.
    Document,
    /// The beginning of the array that the elements stand in, and of so many objects around it.
    Items { next: Next, levels: usize },
    /// The beginning of so many objects in one another, of the innermost up to the end of a property.
    Properties { levels: usize, is_first: bool },
}

impl Before {
    /// Its values are objects: what follows could be read as a part of a number or a string.
    fn text(self) -> String {
        let (levels, last) = match self {
            Self::Nothing => (0, ""),
            Self::Document => (0, "{}"),
            Self::Items { next, levels } => {
                let last = match next {
                    Next::FirstItem => "[",
                    Next::CommaOrEnd => "[{}",
                    Next::Item => "[{},",
                };
                (levels, last)
            }
            // The key of the innermost object belongs to what was read.
            Self::Properties { levels, is_first } => {
                let outer = levels.saturating_sub(1);
                let last = if is_first { "{" } else { "{\"\":{}" };
                (outer, last)
            }
        };
        format!("{}{last}", "{\"\":".repeat(levels))
    }

    /// How many levels down the elements or properties stand, less one.
    fn container_depth(self) -> usize {
        match self {
            Self::Items { levels, .. } => levels,
            Self::Properties { levels, .. } => levels.saturating_sub(1),
            _ => 0,
        }
    }

    /// How many items of the text that stands for it are there.
    fn items(self) -> usize {
        match self {
            Self::Items {
                next: Next::CommaOrEnd | Next::Item,
                ..
            } => 1,
            _ => 0,
        }
    }
}

/// A pair of surrogates in bytes: no error is decided by more than that after it.
const LONGEST_ESCAPE: usize = 12;

/// What is wrong with the text in a window, from where reading halted on.
pub(super) struct Diagnosis {
    /// The place where it stops being JSON, if that is for another reason than a byte that is no
    /// UTF-8. Its pointer is from the document's root; spans count from the window's start.
    pub(super) syntax: Option<Problem>,
    /// Bytes that are no UTF-8.
    pub(super) bad_bytes: Vec<Problem>,
    /// How many more of these there are.
    pub(super) unlisted_bad_bytes: usize,
    /// Whether a bracket that stands before the window explains the error.
    pub(super) concerns_container: Option<String>,
    /// Whether reading halts inside of a value that begins where the window does.
    pub(super) is_in_element: bool,
    /// How many bytes can be read before the error.
    pub(super) halt: usize,
    /// Whether letters or digits follow after the place.
    pub(super) has_rest: bool,
    /// Whether reading halts so near to the end of the text that what follows might tell more.
    pub(super) is_at_end: bool,
}

/// Reads a text from where reading halted before.
pub(super) fn diagnose(
    window: &[u8],
    before: Before,
    sink: &Sink<'_>,
    max_depth: usize,
) -> Diagnosis {
    let (text, invalid) = decode::readable(window);
    let prefix = before.text();
    let document = format!("{prefix}{text}");
    let shift = prefix.len();
    let whole = Span::new(0, document.len());
    let mut reader = Reader::within(&document, whole).with_limits(max_depth);
    let error = reader.find_map(Result::err);
    // Nothing behind the error is read here; what is may be read again.
    let halt = error.as_ref().map_or(whole.end, |error| error.span.end);
    let in_document: Vec<Span> = invalid
        .iter()
        .map(|span| Span::new(span.start + shift, span.end + shift))
        .take_while(|span| span.start < halt)
        .collect();
    let place = |pointer: &JsonPointer| from_root(pointer, before, sink);
    let mut bad_bytes = bad_bytes::problems(
        &[prefix.as_bytes(), window].concat(),
        &document,
        whole,
        &in_document,
        sink.options().limit(),
    );
    let unlisted_bad_bytes = in_document.len() - bad_bytes.len();
    for problem in &mut bad_bytes {
        problem.pointer = place(&problem.pointer);
        if let At::Span(span) = problem.at {
            problem.at = At::Span(shifted_back(span, shift));
        }
    }
    let Some(error) = error else {
        return Diagnosis {
            syntax: None,
            bad_bytes,
            unlisted_bad_bytes,
            concerns_container: None,
            is_in_element: false,
            halt: window.len(),
            has_rest: false,
            is_at_end: true,
        };
    };
    let error = error_at_its_place(error);
    let is_stand_in = in_document
        .iter()
        .any(|bad| bad.start <= error.span.start && error.span.start < bad.end);
    let pointer = locate::where_reading_stops(&document, whole, max_depth);
    let rest = document.get(error.span.end..).unwrap_or_default();
    let mut problem = Problem::new(
        Code::of_syntax(&error.kind),
        place(&pointer),
        error.message(),
    )
    .at(At::Span(shifted_back(error.span, shift)))
    .expected(error.expected())
    .help(error.help());
    if let Some(advice) = advice(&document, before == Before::Nothing, &error) {
        if let Some([message, expected]) = advice.instead {
            problem.code = Code::Syntax;
            problem.message = message.into();
            problem.expected = Some(expected.to_owned());
        }
        problem.help = Some(advice.help);
    }
    let mut concerns_container = None;
    if let Some((span, message)) = error.related() {
        if span.start < shift {
            concerns_container = Some(message);
        } else {
            problem.related.push((shifted_back(span, shift), message));
        }
    }
    Diagnosis {
        // The stand-in of a byte that was reported is no second error.
        syntax: (!is_stand_in).then_some(problem),
        bad_bytes,
        unlisted_bad_bytes,
        concerns_container,
        is_in_element: pointer.tokens().count() > before.container_depth(),
        halt: error.span.start.saturating_sub(shift),
        is_at_end: rest.trim_ascii().len() < LONGEST_ESCAPE,
        has_rest: rest.bytes().any(|byte| byte.is_ascii_alphanumeric()),
    }
}

/// An error as it is to be read: a byte order mark that comes here is not the file's first character,
/// which is given up before.
fn error_at_its_place(mut error: SyntaxError) -> SyntaxError {
    if error.kind == SyntaxErrorKind::ByteOrderMark {
        error.kind = SyntaxErrorKind::UnexpectedCharacter {
            found: '\u{feff}',
            expected: Expected::Value,
        };
    }
    error
}

fn shifted_back(span: Span, by: usize) -> Span {
    Span::new(span.start.saturating_sub(by), span.end.saturating_sub(by))
}

/// A pointer into the document that was made up as one into the file.
fn from_root(pointer: &JsonPointer, before: Before, sink: &Sink<'_>) -> JsonPointer {
    let mut tokens = pointer.tokens().skip(before.container_depth());
    let mut actual = match before {
        Before::Nothing | Before::Document => return pointer.clone(),
        Before::Properties { .. } => {
            let mut actual = sink.object().clone();
            if let Some(key) = tokens.next() {
                // The one that was read last has no name in the document that was made up.
                let last = sink.last_property().filter(|_| key.is_empty());
                actual.push(last.unwrap_or(&key));
            }
            actual
        }
        Before::Items { .. } => {
            let mut actual = sink.container().cloned().unwrap_or_default();
            let Some(item) = tokens.next().and_then(|token| token.parse::<usize>().ok()) else {
                return if pointer.is_root() {
                    pointer.clone()
                } else {
                    actual
                };
            };
            actual.push_index((sink.items() + item).saturating_sub(before.items()));
            actual
        }
    };
    for token in tokens {
        actual.push(&token);
    }
    actual
}
