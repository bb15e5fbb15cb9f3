//! An element as a flat list of its values, each with its place: the form that rules read.

#![expect(
    clippy::inline_always,
    reason = "measured: a comparison with a constant is one of numbers then"
)]

use std::{borrow::Cow, num::NonZeroU32};

use source_text::Span;

use super::names::{NameId, Names};

/// The JSON type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    /// `has_escapes`: its text is not what stands between its quotes.
    String {
        has_escapes: bool,
    },
    Array,
    Object,
}

/// Where no key is.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// A value, in the order of the text; what an object or array holds comes right after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// After the last byte.
    pub(crate) end: u32,
    /// The opening quote of the key, or [`NO_KEY`].
    pub(crate) key: u32,
    /// Its place on the tape.
    pub(crate) index: u32,
    /// How many values it is with all that it holds.
    pub(crate) extent: NonZeroU32,
    pub(crate) name: NameId,
    pub(crate) kind: Kind,
}

impl Token {
    /// A value that was read up to its first byte.
    #[inline(always)]
    pub(crate) fn open(index: u32, start: u32, key: u32, name: NameId, kind: Kind) -> Self {
        Self {
            start,
            end: start,
            key,
            index,
            extent: NonZeroU32::MIN,
            name,
            kind,
        }
    }
}

/// The values of an element, and the text that they stand in.
pub(crate) struct Tape<'t> {
    bytes: &'t [u8],
    tokens: &'t [Token],
    names: &'t Names,
}

impl<'t> Tape<'t> {
    /// Spans in it count from the start of `bytes`.
    pub(crate) fn new(bytes: &'t [u8], tokens: &'t [Token], names: &'t Names) -> Self {
        Self {
            bytes,
            tokens,
            names,
        }
    }

    /// The value that the tape begins with.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.tokens.first().map(|token| Node { tape: self, token })
    }
}

/// A value of an element, with all that it holds.
#[derive(Clone, Copy)]
pub(crate) struct Node<'t> {
    tape: &'t Tape<'t>,
    token: &'t Token,
}

/// What stands where nothing was read.
pub(crate) const NO_TOKEN: Token = Token {
    start: 0,
    end: 0,
    key: NO_KEY,
    index: 0,
    extent: NonZeroU32::MIN,
    name: NameId::NONE,
    kind: Kind::Null,
};

#[allow(dead_code, reason = "the import rules read more of it than the engine")]
impl<'t> Node<'t> {
    pub(crate) fn kind(&self) -> Kind {
        self.token.kind
    }

    pub(crate) fn is_object(&self) -> bool {
        self.kind() == Kind::Object
    }

    pub(crate) fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The text that it stands in.
    pub(crate) fn bytes(&self) -> &'t [u8] {
        self.tape.bytes
    }

    /// The bytes of the value.
    pub(crate) fn span(&self) -> Span {
        let token = self.token;
        Span::new(token.start as usize, token.end as usize)
    }

    /// The opening bracket of an object or array, all bytes of any other value.
    pub(crate) fn head(&self) -> Span {
        let span = self.span();
        match self.kind() {
            Kind::Object | Kind::Array => Span::new(span.start, span.start + 1),
            _ => span,
        }
    }

    /// The value as it stands in the text.
    pub(crate) fn raw(&self) -> &'t [u8] {
        self.tape.bytes.get(self.span().range()).unwrap_or_default()
    }

    /// The number of the key, [`NameId::NONE`] for items and the root.
    pub(crate) fn name(&self) -> NameId {
        self.token.name
    }

    /// The bytes of the key with its quotes, if it has one.
    pub(crate) fn key_span(&self) -> Option<Span> {
        let start = self.token.key;
        if start == NO_KEY {
            return None;
        }
        let start = start as usize;
        let end = super::scan::string(self.tape.bytes, start + 1).ok()?.end;
        Some(Span::new(start, end))
    }

    /// The key with its quotes as it stands in the text; empty if there is none.
    pub(crate) fn raw_key(&self) -> &'t [u8] {
        let span = self.key_span();
        let raw = span.and_then(|span| self.tape.bytes.get(span.range()));
        raw.unwrap_or_default()
    }

    /// The key, if it has one.
    pub(crate) fn key(&self) -> Option<Cow<'t, str>> {
        let span = self.key_span()?;
        text(self.tape.bytes.get(span.range())?)
    }

    /// The text of a string.
    pub(crate) fn text(&self) -> Option<Cow<'t, str>> {
        match self.kind() {
            Kind::String { has_escapes: false } => {
                let span = self.span();
                let inner = self
                    .tape
                    .bytes
                    .get(span.start + 1..span.end.checked_sub(1)?)?;
                std::str::from_utf8(inner).ok().map(Cow::Borrowed)
            }
            Kind::String { has_escapes: true } => text(self.raw()),
            _ => None,
        }
    }

    /// Whether it is this string, which needs no escapes.
    #[inline(always)]
    pub(crate) fn is_text(&self, expected: &str) -> bool {
        match self.token.kind {
            Kind::String { has_escapes: false } => {
                let raw = self.raw();
                raw.len() == expected.len() + 2
                    && raw.get(1..raw.len() - 1) == Some(expected.as_bytes())
            }
            Kind::String { has_escapes: true } => self.says(expected),
            _ => false,
        }
    }

    #[cold]
    #[inline(never)]
    fn says(&self, expected: &str) -> bool {
        self.text().is_some_and(|text| text == expected)
    }

    /// The tokens of what an object or array holds.
    #[inline(always)]
    fn inside(&self) -> &'t [Token] {
        let index = self.token.index as usize;
        let end = index + self.token.extent.get() as usize;
        self.tape.tokens.get(index + 1..end).unwrap_or_default()
    }

    /// The values that an object or array holds, in the order of the text.
    #[inline(always)]
    pub(crate) fn children(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let (tape, tokens) = (self.tape, self.inside());
        let mut next = 0;
        std::iter::from_fn(move || {
            let token = tokens.get(next)?;
            next += token.extent.get() as usize;
            Some(Node { tape, token })
        })
    }

    /// All values inside of an object or array, in the order of the text.
    pub(crate) fn descendants(&self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let tape = self.tape;
        self.inside().iter().map(move |token| Node { tape, token })
    }

    /// The first member of an object with a key that has a number.
    pub(crate) fn get(&self, name: NameId) -> Option<Node<'t>> {
        if !self.is_object() {
            return None;
        }
        self.children().find(|child| child.token.name == name)
    }

    /// The number of a key that is spelled without escapes, to [`get`](Self::get) by.
    pub(crate) fn name_of(&self, key: &str) -> Option<NameId> {
        self.tape.names.find(format!("\"{key}\"").as_bytes())
    }
}

/// What a string with its quotes says.
fn text(raw: &[u8]) -> Option<Cow<'_, str>> {
    let raw = std::str::from_utf8(raw).ok()?;
    let mut reader = source_text::json::Reader::new(raw);
    match reader.next()?.ok()?.0 {
        source_text::json::Event::String(text) => Some(text),
        _ => None,
    }
}
