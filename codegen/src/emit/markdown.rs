//! Descriptions as documentation comments: the document's Markdown, made safe for rustdoc.
//!
//! rustdoc compiles code blocks, follows `[brackets]` and warns of bare URLs and HTML; a
//! description may hold any of these without meaning it.

use std::borrow::Cow;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Docs;

/// Documentation for an item, as one attribute.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    let deprecated = docs.deprecated.then_some("Deprecated.");
    paragraphs(text_of(docs).into_iter().chain(deprecated))
}

/// The paragraphs of an item's documentation, but for what its attributes say.
pub(super) fn text_of(docs: &Docs) -> Vec<&str> {
    let mut paragraphs: Vec<&str> = Vec::new();
    for text in [docs.summary.as_str(), docs.description.as_str()] {
        if !text.is_empty() && paragraphs.last() != Some(&text) {
            paragraphs.push(text);
        }
    }
    paragraphs.extend(docs.notes.iter().map(String::as_str));
    paragraphs
}

/// One line of documentation that is ours and needs no escaping.
pub(super) fn line(text: &str) -> TokenStream {
    lines([text])
}

/// Lines of documentation that are ours.
pub(super) fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let mut comment = Comment::new();
    for line in lines {
        comment.line(line);
    }
    comment.finish()
}

/// Paragraphs from the document, with an empty line between them.
pub(super) fn paragraphs<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let mut comment = Comment::new();
    let paragraphs = paragraphs.into_iter();
    for paragraph in paragraphs.filter(|paragraph| !paragraph.trim().is_empty()) {
        if !comment.is_empty() {
            comment.line("");
        }
        escape(paragraph, |line| comment.line(line));
    }
    comment.finish()
}

/// How many bytes of a comment one attribute holds, the last line aside. A description may be a
/// whole manual: no copy of it is made in one piece.
const ATTRIBUTE_SIZE: usize = 4096;

/// The lines of a comment.
struct Comment {
    /// Those that are attributes.
    tokens: TokenStream,
    /// Those that follow.
    text: String,
    /// Whether there is a line in `text`.
    has_line: bool,
}

impl Comment {
    fn new() -> Self {
        Self {
            tokens: TokenStream::new(),
            text: String::new(),
            has_line: false,
        }
    }

    fn is_empty(&self) -> bool {
        !self.has_line && self.tokens.is_empty()
    }

    /// Adds a line: nothing in it ends the line, and nothing makes it read in another order than
    /// it is written, which the compiler refuses.
    fn line(&mut self, line: &str) {
        let is_direction =
            |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if self.text.len() >= ATTRIBUTE_SIZE {
            self.end_attribute();
        }
        if self.has_line {
            self.text.push('\n');
        }
        self.has_line = true;
        let text = line.chars().filter(|c| !is_direction(c));
        let mut text = text
            .map(|c| if c.is_control() { ' ' } else { c })
            .peekable();
        if text.peek().is_some() {
            self.text.push(' ');
        }
        self.text.extend(text);
    }

    fn end_attribute(&mut self) {
        if !self.has_line {
            return;
        }
        let text = &self.text;
        self.tokens.extend(quote!(#[doc = #text]));
        self.text.clear();
        self.has_line = false;
    }

    /// The attributes; none without a line.
    fn finish(mut self) -> TokenStream {
        self.end_attribute();
        self.tokens
    }
}

/// Text of the document as inline code: on one line, and without the sign that ends code.
pub(super) fn code(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("`{}`", words.join(" ").replace('`', ""))
}

/// The document's Markdown, line by line, as rustdoc renders and does not interpret it.
pub(super) fn escape(text: &str, mut each: impl FnMut(&str)) {
    let mut escaped = String::new();
    let mut fence: Option<&str> = None;
    let mut is_first = true;
    // Empty lines that are lines if another one follows.
    let mut gap = 0;
    for line in join_broken_links(text).lines() {
        let line = line.trim_end();
        let line = if line.contains('\t') {
            Cow::Owned(line.replace('\t', "    "))
        } else {
            Cow::Borrowed(line)
        };
        let trimmed = line.trim_start();
        let marker = ["```", "~~~"]
            .into_iter()
            .find(|marker| trimmed.starts_with(marker));
        escaped.clear();
        match (fence, marker) {
            (None, Some(marker)) => {
                fence = Some(marker);
                escaped.push_str(marker);
                escaped.push_str("text");
            }
            (Some(open), Some(marker)) if open == marker => {
                fence = None;
                escaped.push_str(marker);
            }
            (Some(_), _) => escaped.push_str(&line),
            (None, None) if trimmed.is_empty() => {}
            (None, None) => escape_line(&line, &mut escaped),
        }
        if escaped.is_empty() {
            gap = match fence {
                Some(_) => gap + 1,
                None => usize::from(!is_first),
            };
            continue;
        }
        (0..gap).for_each(|_| each(""));
        each(&escaped);
        (gap, is_first) = (0, false);
    }
    if let Some(marker) = fence {
        (0..gap).for_each(|_| each(""));
        each(marker);
    }
}

/// Puts the label of a link on one line.
fn join_broken_links(text: &str) -> Cow<'_, str> {
    // Most texts are what they are.
    if !text.contains('[') {
        return Cow::Borrowed(text);
    }
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        joined.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = link(rest).map_or(1, str::len);
        let is_broken = end > 1 && rest[..end].contains('\n') && !rest[..end].contains("\n\n");
        if is_broken {
            let words: Vec<&str> = rest[..end].split_whitespace().collect();
            joined.push_str(&words.join(" "));
        } else {
            joined.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    joined.push_str(rest);
    Cow::Owned(joined)
}

fn escape_line(line: &str, escaped: &mut String) {
    // Four spaces would be a code block, and rustdoc would compile it.
    let indent = line.len() - line.trim_start().len();
    let mut rest = line.trim_start();
    let indent = indent.min(if is_list_item(rest) { indent } else { 3 });
    escaped.extend(std::iter::repeat_n(' ', indent));
    let text_start = escaped.len();
    let mut in_code = false;
    let mut previous = ' ';
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '`' => {
                let ticks = rest.chars().take_while(|c| *c == '`').count();
                let closes = rest[ticks..].contains(&rest[..ticks]);
                if in_code || closes {
                    in_code = !in_code;
                    escaped.push_str(&rest[..ticks]);
                } else {
                    escaped.push_str(&"\\`".repeat(ticks));
                }
                length = ticks;
            }
            _ if in_code => escaped.push(character),
            '[' => match link(rest) {
                Some(link) => {
                    escaped.push_str(link);
                    length = link.len();
                }
                None => escaped.push_str("\\["),
            },
            ']' => escaped.push_str("\\]"),
            '<' => escaped.push_str("\\<"),
            '>' if escaped.len() > text_start => escaped.push_str("\\>"),
            'h' if !previous.is_alphanumeric() && is_url(rest) => {
                let url = url(rest);
                escaped.push('<');
                escaped.push_str(url);
                escaped.push('>');
                length = url.len();
            }
            '\\' => {
                escaped.push_str("\\\\");
            }
            _ => escaped.push(character),
        }
        previous = character;
        rest = &rest[length..];
    }
}

fn is_list_item(text: &str) -> bool {
    text.starts_with(['-', '*', '+'])
        || text.split_once(['.', ')']).is_some_and(|(number, _)| {
            !number.is_empty() && number.len() < 4 && number.bytes().all(|b| b.is_ascii_digit())
        })
}

/// An inline link `[text](https://…)` at the start of the text, whole.
fn link(text: &str) -> Option<&str> {
    let label_end = text.find("](")?;
    let label = &text[1..label_end];
    if label.contains(['[', '`', '<', '>', '\\']) || label.is_empty() {
        return None;
    }
    let target = &text[label_end + 2..];
    let target_end = target.find(')')?;
    let target = &target[..target_end];
    let is_plain = !target.contains([' ', '<', '>', '(', '`', '"', '[', ']', '\\']);
    let is_absolute = target.starts_with("https://") || target.starts_with("http://");
    (is_plain && is_absolute).then(|| &text[..=label_end + 2 + target_end])
}

fn is_url(text: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| {
        text.strip_prefix(scheme)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|first| first.is_ascii_alphanumeric())
    })
}

fn url(text: &str) -> &str {
    let end = text
        .find(|c: char| c.is_whitespace() || !c.is_ascii() || "<>()[]{}\"'`\\|^*".contains(c))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?'])
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn descriptions_become_safe_documentation() {
        let cases = [
            ("see https://a.example/b.", "see <https://a.example/b>."),
            (
                "see [docs](https://a.example/b)",
                "see [docs](https://a.example/b)",
            ),
            (
                "see [docs](#local) or [x]",
                "see \\[docs\\](#local) or \\[x\\]",
            ),
            ("a <tenant> & `<code>`", "a \\<tenant\\> & `<code>`"),
            (
                "[two\nlines](https://a.example)",
                "[two lines](https://a.example)",
            ),
            ("an ` alone", "an \\` alone"),
            ("        deep", "   deep"),
            ("```\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
            ("```rust\nopen", "```text\nopen\n```"),
            ("a\n\n\n\nb\n", "a\n\nb"),
            ("`http://in.code`", "`http://in.code`"),
        ];
        for (text, escaped) in cases {
            let mut lines = Vec::new();
            escape(text, |line| lines.push(line.to_owned()));
            assert_eq!(lines.join("\n"), escaped, "{text:?}");
        }
    }
}
