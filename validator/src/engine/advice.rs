//! What a text that is no JSON was probably meant to be, or came from, in words.

use source_text::json::{Bracket, Expected, SyntaxError, SyntaxErrorKind};

use crate::{decode, merge_conflict};

/// What is to be said in place of what the reader says of a character.
pub(super) struct Advice {
    /// What is wrong, and what was expected.
    pub(super) instead: Option<[&'static str; 2]>,
    pub(super) help: String,
}

impl Advice {
    fn new(message: &'static str, expected: &'static str, help: &str) -> Self {
        Self {
            instead: Some([message, expected]),
            help: help.to_owned(),
        }
    }

    fn help(help: impl Into<String>) -> Self {
        Self {
            instead: None,
            help: help.into(),
        }
    }
}

/// The longest text in brackets that is taken for a placeholder.
const LONGEST_PLACEHOLDER: usize = 60;

/// Looks at what stands where `text` stops being JSON; `is_start` tells that `text` is a document
/// from its first character on.
pub(super) fn advice(text: &str, is_start: bool, error: &SyntaxError) -> Option<Advice> {
    let (before, rest) = text.split_at_checked(error.span.start)?;
    match &error.kind {
        SyntaxErrorKind::TooDeep { .. } => {
            return Some(Advice::help(format!(
                "{}; --max-depth takes more",
                error.help()
            )));
        }
        SyntaxErrorKind::TextAfterDocument { found: '{' | '[' } => {
            return Some(Advice::help(
                "several values make one document as one array, or each on a line of its own \
                 (newline-delimited JSON)",
            ));
        }
        SyntaxErrorKind::UnexpectedCharacter {
            found: ':',
            expected: Expected::CommaOrEnd(Bracket::Object),
        } if before.ends_with('"') => {
            return Some(Advice::help(
                "the text before the colon is a name: write the value of the property before it, and \
                 a comma, in front of that",
            ));
        }
        SyntaxErrorKind::TextAfterDocument { found: ',' } if followed_by_value(rest) => {
            return Some(Advice::help(
                "put [ before the first value and ] behind the last to make an array of them",
            ));
        }
        SyntaxErrorKind::TextAfterDocument {
            found: found @ (',' | ';'),
        } if rest.trim_ascii().len() == 1 => {
            return Some(Advice::help(format!("remove the \"{found}\"")));
        }
        _ => {}
    }
    let is_line_start = before.is_empty() || before.ends_with('\n');
    if is_line_start && merge_conflict::is_marker(rest) {
        return Some(Advice::new(
            merge_conflict::MESSAGE,
            "JSON",
            merge_conflict::HELP,
        ));
    }
    let is_first = is_start && before.trim_ascii().is_empty();
    if let Some(advice) = is_first.then(|| other_language(rest)).flatten() {
        return Some(advice);
    }
    if is_html(rest) {
        return Some(html());
    }
    if rest.starts_with("\\\"") {
        return Some(Advice::new(
            "a double quote with a backslash outside of a string",
            "a double quote",
            "this was copied out of a string of another document: write \" in place of each \\\"",
        ));
    }
    placeholder(before, rest).or_else(|| {
        let is_bracket =
            error.kind == SyntaxErrorKind::KeyNotString && rest.starts_with(['{', '[']);
        is_bracket
            .then(|| Advice::help("write a name and a colon before it, or remove the bracket"))
    })
}

/// Whether a comma is followed by an object or array.
fn followed_by_value(rest: &str) -> bool {
    let next = rest.get(1..).unwrap_or_default().trim_ascii_start();
    next.starts_with(['{', '['])
}

fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(16).collect();
    let head = head.to_ascii_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

fn html() -> Advice {
    Advice::new(
        "this is a page in HTML, not JSON",
        "JSON",
        "a login or an error page may have been saved: make the export again, signed in",
    )
}

/// How far a document is looked for behind other text, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Whether a line after the first one begins as a document of several lines or a long one does.
fn json_follows(text: &str) -> bool {
    let mut end = text.len().min(MAX_HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lines = text.get(..end).unwrap_or_default().lines().skip(1);
    lines
        .map(str::trim_ascii_end)
        .any(|line| line.starts_with("{\"") || line.starts_with("[{") || matches!(line, "[" | "{"))
}

/// A document in another language, by its beginning.
fn other_language(text: &str) -> Option<Advice> {
    let head: String = text.chars().take(16).collect();
    let head = head.to_ascii_lowercase();
    if is_html(text) {
        return Some(html());
    }
    if head.starts_with("http/") {
        return Some(Advice::new(
            "this is the head of an HTTP answer, before the JSON",
            "JSON",
            "save the body of the answer only: curl without -i",
        ));
    }
    if head.starts_with("<?xml") {
        return Some(Advice::new(
            "this is XML, not JSON",
            "JSON",
            "check that this is the file you meant",
        ));
    }
    // A comment alone tells neither.
    if head.starts_with(['#', '/']) {
        return None;
    }
    if json_follows(text) {
        return Some(Advice::new(
            "this text stands before the JSON",
            "JSON",
            "remove what stands before the first bracket, and what comes after the last",
        ));
    }
    if decode::begins_as_yaml(text.as_bytes()) {
        return Some(Advice::new(
            "this looks like YAML, not JSON",
            "JSON",
            "give the file a name that ends in .yaml: it is read as YAML then",
        ));
    }
    None
}

/// What was expected where something else stands for it.
const VALUE: &str = "what it stands for";

/// Text that stands for a value which somebody was to write.
fn placeholder(before: &str, rest: &str) -> Option<Advice> {
    const HELP: &str = "write the value in its place, a text in double quotes";
    let is_between = |open: &str, close: char| {
        let inner = rest.strip_prefix(open);
        inner
            .and_then(|inner| inner.find(close))
            .is_some_and(|end| {
                let inner = rest.get(open.len()..open.len() + end).unwrap_or_default();
                (1..LONGEST_PLACEHOLDER).contains(&end) && !inner.contains(['\n', '<', '{', '"'])
            })
    };
    // The reader stops at the second of two braces.
    let is_template = is_between("${", '}')
        || is_between("{", '}') && before.ends_with('{') && rest.contains("}}");
    if is_between("<", '>') || is_template {
        return Some(Advice::new("a placeholder stands here", VALUE, HELP));
    }
    if rest.starts_with('…') || rest.starts_with("...") {
        return Some(Advice::new(
            "an ellipsis stands here: something was left out",
            VALUE,
            "write what it stands for, or get the whole text",
        ));
    }
    None
}
