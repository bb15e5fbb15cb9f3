//! The pull reader: one event at a time.

use std::borrow::Cow;

use super::{
    error::{Bracket, Expected, SyntaxError, SyntaxErrorKind},
    number, string,
};
use crate::Span;

/// How many objects and arrays may be open at once unless
/// [`with_limits`](Reader::with_limits) says otherwise.
pub const DEFAULT_MAX_DEPTH: usize = 512;

/// A piece of a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// `{`.
    ObjectStart,
    /// `}`.
    ObjectEnd,
    /// `[`.
    ArrayStart,
    /// `]`.
    ArrayEnd,
    /// A property's name, unescaped; its span includes the quotes.
    Key(Cow<'a, str>),
    /// A string, unescaped; its span includes the quotes.
    String(Cow<'a, str>),
    /// A number as it is written.
    Number(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// What the reader is about to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    FirstItem,
    Item,
    FirstKey,
    Key,
    Colon,
    CommaOrEnd,
    End,
    Finished,
}

/// An object or array that is open.
#[derive(Debug, Clone, Copy)]
struct Open {
    bracket: Bracket,
    offset: usize,
}

/// Reads a JSON document event by event, as an iterator.
///
/// The first error ends it; the events before it stand.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// Ends where the document may end.
    text: &'a str,
    at: usize,
    state: State,
    open: Vec<Open>,
    max_depth: usize,
    /// Where half a character was read as another one; none: that is an error.
    replaced: Option<Vec<usize>>,
}

impl<'a> Reader<'a> {
    /// Reads the document that is the whole of `text`.
    pub fn new(text: &'a str) -> Self {
        Self::within(text, Span::new(0, text.len()))
    }

    /// Reads the document that is a part of `text`; spans count from the start of `text`.
    ///
    /// A span that does not fit the text is cut to what does.
    pub fn within(text: &'a str, span: Span) -> Self {
        let end = text.floor_char_boundary(span.end);
        let at = text.floor_char_boundary(span.start.min(end));
        Self {
            text: &text[..end],
            at,
            state: State::Start,
            open: Vec::new(),
            max_depth: DEFAULT_MAX_DEPTH,
            replaced: None,
        }
    }

    /// Reads the escape of half a surrogate pair as U+FFFD, instead of ending there.
    #[must_use]
    pub fn replacing_lone_surrogates(mut self) -> Self {
        self.replaced = Some(Vec::new());
        self
    }

    /// The offsets of the escapes that were replaced so far.
    pub fn replaced(&self) -> &[usize] {
        self.replaced.as_deref().unwrap_or_default()
    }

    /// Lets at most `max_depth` objects and arrays be open at once.
    #[must_use]
    pub fn with_limits(mut self, max_depth: usize) -> Self {
        self.max_depth = max_depth;
        self
    }

    /// How many objects and arrays are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Where the reader stands: after the last event, in bytes.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn advance(&mut self) -> Result<Option<(Event<'a>, Span)>, SyntaxError> {
        loop {
            if self.state == State::Start && self.text[self.at..].starts_with('\u{feff}') {
                let span = Span::new(self.at, self.at + 3);
                return Err(SyntaxError {
                    kind: SyntaxErrorKind::ByteOrderMark,
                    span,
                });
            }
            self.skip_whitespace();
            let Some(&byte) = self.text.as_bytes().get(self.at) else {
                return self.end_of_text();
            };
            let state = self.state;
            match (state, byte) {
                (State::End, _) => return Err(self.after_document(byte)),
                (State::Finished, _) => return Ok(None),
                (State::Colon, b':') => {
                    self.at += 1;
                    self.state = State::Item;
                }
                (State::CommaOrEnd, b',') => {
                    let comma = Span::new(self.at, self.at + 1);
                    self.at += 1;
                    self.after_comma(comma)?;
                }
                (State::FirstKey | State::CommaOrEnd, b'}')
                | (State::FirstItem | State::CommaOrEnd, b']') => {
                    return self.close(byte).map(Some);
                }
                (State::FirstKey | State::Key, b'"') => {
                    let start = self.at;
                    let (key, end) = string::scan(self.text, start, self.replaced.as_mut())?;
                    self.at = end;
                    self.state = State::Colon;
                    return Ok(Some((Event::Key(key), Span::new(start, end))));
                }
                (State::Start | State::FirstItem | State::Item, _) => {
                    return self.value(byte).map(Some);
                }
                (State::FirstKey | State::Key | State::Colon | State::CommaOrEnd, _) => {
                    return Err(self.unexpected(byte));
                }
            }
        }
    }

    fn skip_whitespace(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn value(&mut self, byte: u8) -> Result<(Event<'a>, Span), SyntaxError> {
        let start = self.at;
        let (event, end) = match byte {
            b'{' => return self.open(Bracket::Object),
            b'[' => return self.open(Bracket::Array),
            b'"' => {
                let (value, end) = string::scan(self.text, start, self.replaced.as_mut())?;
                (Event::String(value), end)
            }
            b'-' | b'0'..=b'9' => match number::scan(self.text.as_bytes(), start) {
                Ok(end) => (Event::Number(&self.text[start..end]), end),
                Err((kind, end)) => {
                    return Err(SyntaxError {
                        kind,
                        span: Span::new(start, end),
                    });
                }
            },
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => self.word()?,
            _ => return Err(self.unexpected(byte)),
        };
        self.at = end;
        self.value_done();
        Ok((event, Span::new(start, end)))
    }

    fn word(&self) -> Result<(Event<'a>, usize), SyntaxError> {
        let end = number::skip_word(self.text.as_bytes(), self.at);
        let word = &self.text[self.at..end];
        let kind = match word {
            "true" => return Ok((Event::Bool(true), end)),
            "false" => return Ok((Event::Bool(false), end)),
            "null" => return Ok((Event::Null, end)),
            "NaN" | "nan" | "NAN" | "Infinity" | "inf" | "Inf" => SyntaxErrorKind::NotFinite,
            _ => {
                let lower = word.to_ascii_lowercase();
                let meant = match lower.as_str() {
                    "true" | "yes" | "on" => Some("true"),
                    "false" | "no" | "off" => Some("false"),
                    "null" | "none" | "nil" | "undefined" => Some("null"),
                    cut if cut.len() > 1 => ["true", "false", "null"]
                        .into_iter()
                        .find(|whole| whole.starts_with(cut) || is_slip(cut, whole)),
                    _ => None,
                };
                SyntaxErrorKind::UnknownWord { meant }
            }
        };
        Err(SyntaxError {
            kind,
            span: Span::new(self.at, end),
        })
    }

    fn open(&mut self, bracket: Bracket) -> Result<(Event<'a>, Span), SyntaxError> {
        let span = Span::new(self.at, self.at + 1);
        if self.open.len() >= self.max_depth {
            let kind = SyntaxErrorKind::TooDeep {
                limit: self.max_depth,
            };
            return Err(SyntaxError { kind, span });
        }
        self.open.push(Open {
            bracket,
            offset: self.at,
        });
        self.at += 1;
        match bracket {
            Bracket::Object => {
                self.state = State::FirstKey;
                Ok((Event::ObjectStart, span))
            }
            Bracket::Array => {
                self.state = State::FirstItem;
                Ok((Event::ArrayStart, span))
            }
        }
    }

    fn close(&mut self, byte: u8) -> Result<(Event<'a>, Span), SyntaxError> {
        let span = Span::new(self.at, self.at + 1);
        let (found, event) = match byte {
            b'}' => (Bracket::Object, Event::ObjectEnd),
            _ => (Bracket::Array, Event::ArrayEnd),
        };
        match self.open.pop() {
            Some(open) if open.bracket == found => {
                self.at += 1;
                self.value_done();
                Ok((event, span))
            }
            Some(Open { bracket, offset }) => {
                let opened = Span::new(offset, offset + 1);
                let kind = SyntaxErrorKind::MismatchedBracket {
                    open: bracket,
                    opened,
                };
                Err(SyntaxError { kind, span })
            }
            None => Err(SyntaxError {
                kind: SyntaxErrorKind::UnopenedBracket { found },
                span,
            }),
        }
    }

    fn value_done(&mut self) {
        self.state = if self.open.is_empty() {
            State::End
        } else {
            State::CommaOrEnd
        };
    }

    /// Decides what must follow a comma; a bracket there makes the comma the error.
    fn after_comma(&mut self, comma: Span) -> Result<(), SyntaxError> {
        let Some(&Open { bracket, .. }) = self.open.last() else {
            return Err(SyntaxError {
                kind: SyntaxErrorKind::TextAfterDocument { found: ',' },
                span: comma,
            });
        };
        self.state = match bracket {
            Bracket::Object => State::Key,
            Bracket::Array => State::Item,
        };
        self.skip_whitespace();
        if let Some(b'}' | b']') = self.text.as_bytes().get(self.at) {
            let kind = SyntaxErrorKind::TrailingComma { within: bracket };
            return Err(SyntaxError { kind, span: comma });
        }
        Ok(())
    }

    /// What may stand where the reader is.
    fn expected(&self) -> Expected {
        let bracket = self.open.last().map_or(Bracket::Array, |open| open.bracket);
        match self.state {
            State::FirstItem => Expected::ValueOrEnd,
            State::FirstKey => Expected::KeyOrEnd,
            State::Key => Expected::Key,
            State::Colon => Expected::Colon,
            State::CommaOrEnd => Expected::CommaOrEnd(bracket),
            State::Start | State::Item | State::End | State::Finished => Expected::Value,
        }
    }

    fn end_of_text(&mut self) -> Result<Option<(Event<'a>, Span)>, SyntaxError> {
        let span = Span::at(self.text.len());
        let kind = match self.state {
            State::End | State::Finished => {
                self.state = State::Finished;
                return Ok(None);
            }
            State::Start => SyntaxErrorKind::Empty,
            _ => SyntaxErrorKind::Truncated {
                open: self
                    .open
                    .last()
                    .map(|open| (open.bracket, Span::new(open.offset, open.offset + 1))),
                depth: self.open.len(),
                expected: self.expected(),
            },
        };
        Err(SyntaxError { kind, span })
    }

    fn after_document(&self, byte: u8) -> SyntaxError {
        let kind = match byte {
            b'}' => SyntaxErrorKind::UnopenedBracket {
                found: Bracket::Object,
            },
            b']' => SyntaxErrorKind::UnopenedBracket {
                found: Bracket::Array,
            },
            _ if self.is_comment(byte) => SyntaxErrorKind::Comment,
            _ => SyntaxErrorKind::TextAfterDocument {
                found: self.text[self.at..].chars().next().unwrap_or_default(),
            },
        };
        SyntaxError {
            kind,
            span: self.character_span(),
        }
    }

    fn is_comment(&self, byte: u8) -> bool {
        let next = self.text.as_bytes().get(self.at + 1);
        byte == b'#' || byte == b'/' && matches!(next, Some(b'/' | b'*'))
    }

    /// Whether a string ends right before where the reader is.
    fn follows_quote(&self) -> bool {
        let before = &self.text.as_bytes()[..self.at];
        before.last() == Some(&b'"')
    }

    /// Whether the string right before where the reader is ends in a colon.
    fn follows_colon_and_quote(&self) -> bool {
        let before = self.text[..self.at].strip_suffix('"');
        before.is_some_and(|string| string.trim_end_matches(' ').ends_with(':'))
    }

    /// Whether a digit and a comma stand right before where the reader is.
    fn follows_digit_and_comma(&self) -> bool {
        let before = &self.text.as_bytes()[..self.at];
        matches!(before, [.., digit, b','] if digit.is_ascii_digit())
    }

    fn character_span(&self) -> Span {
        let length = self.text[self.at..]
            .chars()
            .next()
            .map_or(0, char::len_utf8);
        Span::new(self.at, self.at + length)
    }

    /// Names what stands where something else must: the commonest mistakes by name.
    fn unexpected(&self, byte: u8) -> SyntaxError {
        let found = self.text[self.at..].chars().next().unwrap_or_default();
        let character = self.character_span();
        let word = Span::new(self.at, number::skip_word(self.text.as_bytes(), self.at));
        let within = self.open.last().map(|open| open.bracket);
        let in_key = matches!(self.state, State::FirstKey | State::Key);
        let starts_value = matches!(byte, b'"' | b'{' | b'[' | b'-') || is_word(byte);
        let (kind, span) = match (self.state, found) {
            _ if self.is_comment(byte) => (SyntaxErrorKind::Comment, character),
            (State::CommaOrEnd | State::Colon, _) if self.follows_quote() && is_word(byte) => {
                let kind = if self.state == State::Colon && self.follows_colon_and_quote() {
                    SyntaxErrorKind::UnclosedKey
                } else {
                    SyntaxErrorKind::UnescapedQuote
                };
                (kind, word)
            }
            (State::CommaOrEnd, _) if starts_value && within.is_some() => {
                let within = within.unwrap_or(Bracket::Array);
                let span = match string::scan(self.text, self.at, None) {
                    Ok((_, end)) if byte == b'"' => Span::new(self.at, end),
                    _ if word.is_empty() => character,
                    _ => word,
                };
                (SyntaxErrorKind::MissingComma { within }, span)
            }
            (State::Colon, _) => (SyntaxErrorKind::MissingColon { found }, character),
            (_, '\'' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '`') => {
                (SyntaxErrorKind::WrongQuotes { found }, character)
            }
            (State::Item, ',' | '}') if within == Some(Bracket::Object) => {
                (SyntaxErrorKind::MissingValue, character)
            }
            (_, ',') => (
                SyntaxErrorKind::ExtraComma {
                    expected: self.expected(),
                },
                character,
            ),
            (_, '+') if word.len() > 1 && !in_key => (SyntaxErrorKind::LeadingPlus, word),
            (_, '.') if word.len() > 1 && !in_key => (SyntaxErrorKind::MissingDigits, word),
            (_, '}' | ']') => self.unexpected_bracket(found, character),
            _ if in_key && byte.is_ascii_digit() && self.follows_digit_and_comma() => {
                (SyntaxErrorKind::CommaInNumber, word)
            }
            _ if in_key && matches!(byte, b'{' | b'[' | b'-' | b'0'..=b'9') => {
                let span = if word.is_empty() { character } else { word };
                (SyntaxErrorKind::KeyNotString, span)
            }
            _ if in_key && (found.is_alphanumeric() || found == '_' || found == '$') => {
                let span = if word.is_empty() { character } else { word };
                (SyntaxErrorKind::UnquotedKey, span)
            }
            _ => {
                let expected = self.expected();
                (
                    SyntaxErrorKind::UnexpectedCharacter { found, expected },
                    character,
                )
            }
        };
        SyntaxError { kind, span }
    }

    /// A closing bracket where a value or a key must stand.
    fn unexpected_bracket(&self, found: char, span: Span) -> (SyntaxErrorKind, Span) {
        let closes = if found == '}' {
            Bracket::Object
        } else {
            Bracket::Array
        };
        match self.open.last() {
            None => (SyntaxErrorKind::UnopenedBracket { found: closes }, span),
            Some(open) if open.bracket != closes => {
                let opened = Span::new(open.offset, open.offset + 1);
                (
                    SyntaxErrorKind::MismatchedBracket {
                        open: open.bracket,
                        opened,
                    },
                    span,
                )
            }
            Some(_) => {
                let expected = self.expected();
                (
                    SyntaxErrorKind::UnexpectedCharacter { found, expected },
                    span,
                )
            }
        }
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<(Event<'a>, Span), SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Finished {
            return None;
        }
        let next = self.advance().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.state = State::Finished;
        }
        next
    }
}

/// Whether a byte begins what people write for a word or a number.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

/// Whether a word is another one with one letter too much, too few or changed, or two swapped.
fn is_slip(word: &str, meant: &str) -> bool {
    let (word, meant) = (word.as_bytes(), meant.as_bytes());
    let same = |(a, b): &(&u8, &u8)| a == b;
    let front = word.iter().zip(meant).take_while(same).count();
    let (word, meant) = (&word[front..], &meant[front..]);
    let pairs = word.iter().rev().zip(meant.iter().rev());
    let back = pairs.take_while(same).count();
    match (&word[..word.len() - back], &meant[..meant.len() - back]) {
        ([_], [] | [_]) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
