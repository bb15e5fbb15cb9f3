//! Descriptions as documentation comments: the document's Markdown, made safe for rustdoc.
//!
//! rustdoc compiles code blocks, follows `[brackets]` and warns of bare URLs and HTML; a
//! description may hold any of these without meaning it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Docs;

/// Documentation attributes for an item.
pub(super) fn docs(docs: &Docs) -> TokenStream {
    paragraphs(&text_of(docs))
}

/// The paragraphs of an item's documentation.
pub(super) fn text_of(docs: &Docs) -> Vec<String> {
    let mut paragraphs = Vec::new();
    for text in [&docs.summary, &docs.description] {
        if !text.is_empty() && paragraphs.last() != Some(text) {
            paragraphs.push(text.clone());
        }
    }
    paragraphs.extend(docs.notes.iter().cloned());
    if docs.deprecated {
        paragraphs.push("Deprecated.".to_owned());
    }
    paragraphs
}

/// One line of documentation that is ours and needs no escaping.
pub(super) fn line(text: &str) -> TokenStream {
    lines([text])
}

/// Lines of documentation that are ours.
pub(super) fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = lines.into_iter().map(comment);
    quote!(#(#[doc = #lines])*)
}

/// Paragraphs from the document, with an empty line between them.
pub(super) fn paragraphs(paragraphs: &[String]) -> TokenStream {
    let mut all: Vec<String> = Vec::new();
    for paragraph in paragraphs
        .iter()
        .filter(|paragraph| !paragraph.trim().is_empty())
    {
        if !all.is_empty() {
            all.push(String::new());
        }
        all.extend(escape(paragraph));
    }
    let all = all.iter().map(|line| comment(line));
    quote!(#(#[doc = #all])*)
}

/// The text of one line of comment: nothing in it ends the line, and nothing makes it read in
/// another order than it is written, which the compiler refuses.
fn comment(line: &str) -> String {
    let is_direction = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text = line.chars().filter(|c| !is_direction(c));
    let text: String = text.map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.is_empty() {
        return text;
    }
    format!(" {text}")
}

/// Text of the document as inline code: on one line, and without the sign that ends code.
pub(super) fn code(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("`{}`", words.join(" ").replace('`', ""))
}

/// The document's Markdown as lines that rustdoc renders and does not interpret.
pub(super) fn escape(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    for line in join_broken_links(text).lines() {
        let line = line.trim_end().replace('\t', "    ");
        let line = line.as_str();
        let trimmed = line.trim_start();
        let marker = ["```", "~~~"]
            .into_iter()
            .find(|marker| trimmed.starts_with(marker));
        match (fence, marker) {
            (None, Some(marker)) => {
                fence = Some(marker);
                lines.push(format!("{marker}text"));
            }
            (Some(open), Some(marker)) if open == marker => {
                fence = None;
                lines.push(marker.to_owned());
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) if trimmed.is_empty() => {
                if lines.last().is_some_and(|last| !last.is_empty()) {
                    lines.push(String::new());
                }
            }
            (None, None) => lines.push(escape_line(line)),
        }
    }
    if let Some(marker) = fence {
        lines.push(marker.to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Puts the label of a link on one line.
fn join_broken_links(text: &str) -> String {
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
    joined + rest
}

fn escape_line(line: &str) -> String {
    // Four spaces would be a code block, and rustdoc would compile it.
    let indent = line.len() - line.trim_start().len();
    let mut rest = line.trim_start();
    let mut escaped = " ".repeat(indent.min(if is_list_item(rest) { indent } else { 3 }));
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
            '>' if !escaped.trim().is_empty() => escaped.push_str("\\>"),
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
    escaped
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
            assert_eq!(escape(text).join("\n"), escaped, "{text:?}");
        }
    }
}
