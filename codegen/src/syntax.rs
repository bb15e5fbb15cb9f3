//! What users may write of Rust: identifiers, and paths of types and derives.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::lower::names::is_keyword;

/// How deep type arguments may stand in each other.
const MAX_DEPTH: usize = 32;

/// Whether the text is an identifier and no keyword.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut tokens = tokens(text);
    let first = tokens.next();
    let is_own =
        |token: &TokenTree| matches!(token, TokenTree::Ident(name) if is_own(&name.to_string()));
    first.as_ref().is_some_and(is_own) && tokens.next().is_none()
}

/// Whether the text is the path of a type or of a derive: `rust_decimal::Decimal`, `Vec<u8>`.
pub(crate) fn is_path(text: &str) -> bool {
    let mut tokens = tokens(text);
    path(&mut tokens, 0) && tokens.next().is_none()
}

/// Whether a word can be the name of something.
fn is_own(word: &str) -> bool {
    // These are keywords at some places only.
    let is_weak = ["union", "macro_rules"].contains(&word);
    is_weak || !(is_keyword(word) || ["Self", "_"].contains(&word))
}

/// The text's tokens; none of a text that has no balanced tokens.
fn tokens(text: &str) -> Peekable<IntoIter> {
    let tokens: TokenStream = text.parse().unwrap_or_default();
    tokens.into_iter().peekable()
}

/// Names with `::` between them, each with type arguments or none.
fn path(tokens: &mut Peekable<IntoIter>, depth: usize) -> bool {
    // A path may begin where crates are named.
    let _ = takes(tokens, "::");
    loop {
        match tokens.next() {
            Some(TokenTree::Ident(name)) => {
                let name = name.to_string();
                let is_root = ["self", "Self", "super", "crate"].contains(&name.as_str());
                if !is_root && !is_own(&name) {
                    return false;
                }
            }
            _ => return false,
        }
        if takes(tokens, "<") && !arguments(tokens, depth) {
            return false;
        }
        if !takes(tokens, "::") {
            return true;
        }
        if takes(tokens, "<") {
            if !arguments(tokens, depth) {
                return false;
            }
            if !takes(tokens, "::") {
                return true;
            }
        }
    }
}

/// Type arguments behind their `<`, up to and with their `>`.
fn arguments(tokens: &mut Peekable<IntoIter>, depth: usize) -> bool {
    if depth >= MAX_DEPTH {
        return false;
    }
    loop {
        if takes(tokens, ">") {
            return true;
        }
        if !argument(tokens, depth + 1) {
            return false;
        }
        if !takes(tokens, ",") {
            return takes(tokens, ">");
        }
    }
}

/// A type, a lifetime or a constant.
fn argument(tokens: &mut Peekable<IntoIter>, depth: usize) -> bool {
    match tokens.peek() {
        Some(TokenTree::Literal(_)) => tokens.next().is_some(),
        // A tuple, an array.
        Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::Brace => {
            tokens.next().is_some()
        }
        Some(TokenTree::Punct(punct)) if punct.as_char() == '\'' => {
            tokens.next();
            matches!(tokens.next(), Some(TokenTree::Ident(_)))
        }
        _ => path(tokens, depth),
    }
}

/// Goes behind these marks if they come next; behind a part of them, nothing fits.
fn takes(tokens: &mut Peekable<IntoIter>, marks: &str) -> bool {
    marks.chars().all(|mark| {
        let is_mark =
            |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
        tokens.next_if(is_mark).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::{is_identifier, is_path};

    #[test]
    fn identifiers_are_told_from_other_texts() {
        let cases = [
            "pet", "Pet", " Pet ", "r#type", "日本", "type", "Self", "union", "_", "", "a b", "1a",
            "a-b", "\"", "a::b",
        ];
        for text in cases {
            let expected = syn::parse_str::<syn::Ident>(text).is_ok();
            assert_eq!(is_identifier(text), expected, "{text:?}");
        }
    }

    #[test]
    fn paths_are_told_from_other_texts() {
        let cases = [
            "Eq",
            "std::hash::Hash",
            "::std::hash::Hash",
            "crate::Own",
            "Vec<u8>",
            "a::B<C<D>, [u8; 4]>::E",
            "Cow<'static, str>",
            "a::<B>::C",
            "[u8; 3]<T>",
            "fn",
            "a::fn",
            "",
            "::",
            "a::",
            "a:b",
            "a b",
            "a<b",
            "a<b>>",
            "a,b",
            "a::_",
            "Map<(A, B), 3,>",
            "\"a\"",
            "a; b",
            "(",
        ];
        for text in cases {
            let expected = syn::parse_str::<syn::Path>(text).is_ok();
            assert_eq!(is_path(text), expected, "{text:?}");
        }
    }
}
