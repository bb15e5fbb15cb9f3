//! The words of a filter.

/// A part of a filter's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    /// A string in quotes, without them and with its escapes taken away.
    String(String),
    /// A string that has no end.
    Unended,
    /// A backslash in a string that escapes nothing.
    BadEscape,
    /// Another sign that may stand for quotes, and what it encloses.
    OtherQuote(String),
    /// Anything else, up to a space, a parenthesis, a comma or quotes.
    Word,
    /// The end of the text.
    End,
}

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The token that starts at or behind this byte.
pub(super) fn next(text: &str, from: usize) -> Spanned {
    let rest = text.get(from..).unwrap_or_default();
    let trimmed = rest.trim_start();
    let start = from + (rest.len() - trimmed.len());
    let spanned = |token, length| Spanned {
        token,
        start,
        end: start + length,
    };
    let Some(first) = trimmed.chars().next() else {
        return spanned(Token::End, 0);
    };
    match first {
        '(' => spanned(Token::Open, 1),
        ')' => spanned(Token::Close, 1),
        ',' => spanned(Token::Comma, 1),
        '"' => string(trimmed, start),
        _ => match closing(first) {
            Some(closing) => {
                let inner = &trimmed[first.len_utf8()..];
                let length = inner.find(closing).unwrap_or(inner.len());
                let end = inner[length..].chars().next().map_or(0, char::len_utf8);
                let content = inner[..length].to_owned();
                spanned(Token::OtherQuote(content), first.len_utf8() + length + end)
            }
            None => {
                let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '"');
                let length = trimmed.find(is_end).unwrap_or(trimmed.len());
                spanned(Token::Word, length)
            }
        },
    }
}

/// What closes a string that this sign opens elsewhere.
fn closing(first: char) -> Option<&'static [char]> {
    Some(match first {
        '\'' => &['\''],
        '`' => &['`', '\''],
        '‘' | '’' | '‚' => &['’', '‘'],
        '“' | '”' | '„' | '″' => &['”', '“', '″', '"'],
        '«' | '»' => &['»', '«'],
        _ => return None,
    })
}

fn string(text: &str, start: usize) -> Spanned {
    let mut content = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                return Spanned {
                    token: Token::String(content),
                    start,
                    end: start + at + 1,
                };
            }
            '\\' => match characters.next() {
                Some((_, escaped @ ('"' | '\\'))) => content.push(escaped),
                Some((next, other)) => {
                    return Spanned {
                        token: Token::BadEscape,
                        start: start + at,
                        end: start + next + other.len_utf8(),
                    };
                }
                None => break,
            },
            other => content.push(other),
        }
    }
    Spanned {
        token: Token::Unended,
        start,
        end: start + text.len(),
    }
}
