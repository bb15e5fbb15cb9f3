//! Tokens → a tree of brackets and of what stands between separators.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

use super::spacing::{Operator, Previous, operator};

/// A part of an element.
pub(super) enum Node {
    /// An identifier, a keyword or a literal.
    Word(TokenTree),
    Operator(Operator),
    Group(Group),
}

/// What stands between a pair of brackets.
pub(super) struct Group {
    pub(super) kind: Kind,
    pub(super) elements: Vec<Element>,
}

/// How a pair of brackets is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(a, b)`
    Parentheses,
    /// `(a, b)` of a macro, which may not take another comma.
    MacroArguments,
    /// `(a,)`
    Single,
    /// `[a, b]`
    Brackets,
    /// `Name { a, b }`
    Values,
    /// `use path::{a, b}`
    Imports,
    /// `struct` and `enum`, one element a line.
    Fields,
    /// `match`
    Arms,
    /// Statements.
    Block,
    /// `impl` and `mod`
    Items,
}

/// One of a group's elements: an item, a statement, an argument.
pub(super) struct Element {
    pub(super) attributes: Vec<Attribute>,
    pub(super) nodes: Vec<Node>,
    pub(super) end: End,
}

pub(super) enum Attribute {
    /// Lines of documentation and whether they are about what encloses them.
    Doc {
        text: String,
        is_inner: bool,
    },
    Other(Vec<Node>),
}

/// What an element ends with in the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Nothing,
    Comma,
    Semicolon,
}

/// The items of a piece of a file.
pub(super) fn items(tokens: TokenStream) -> Vec<Element> {
    elements(tokens, Kind::Items)
}

fn elements(tokens: TokenStream, kind: Kind) -> Vec<Element> {
    let mut reader = Reader::new(kind);
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let delimiter = group.delimiter();
                let inner = group.stream();
                // The stream is taken apart without a copy once nothing else holds it.
                drop(group);
                let next = tokens.peek().map(first_of);
                reader.group(delimiter, inner, next.as_ref());
            }
            TokenTree::Punct(punct) => {
                let mut text = Joined::of(punct.as_char());
                let mut spacing = punct.spacing();
                while let (Spacing::Joint, Some(TokenTree::Punct(next))) = (spacing, tokens.peek())
                    && text.takes(next.as_char())
                {
                    spacing = next.spacing();
                    tokens.next();
                }
                reader.punctuation(text.as_str());
            }
            word => reader.word(word),
        }
    }
    reader.finish()
}

/// What a token begins with, as far as it decides whether a statement goes on.
enum First {
    Else,
    Continues,
    Other,
}

fn first_of(token: &TokenTree) -> First {
    match token {
        TokenTree::Ident(ident) if ident == "else" => First::Else,
        TokenTree::Punct(punct) if matches!(punct.as_char(), '.' | '?' | ',' | ';') => {
            First::Continues
        }
        _ => First::Other,
    }
}

/// Characters that together are one operator.
struct Joined {
    bytes: [u8; 3],
    length: usize,
}

impl Joined {
    fn of(first: char) -> Self {
        let first = u8::try_from(first).unwrap_or(b'?');
        Self {
            bytes: [first, 0, 0],
            length: 1,
        }
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// Takes one more character if the result is an operator.
    fn takes(&mut self, next: char) -> bool {
        let joined = matches!(
            (self.as_str(), next),
            (":", ':')
                | ("-" | "=", '>')
                | (".", '.')
                | (".." | "=" | "!", '=')
                | ("|", '|')
                | ("&", '&')
        );
        if joined && self.length < 3 {
            self.bytes[self.length] = u8::try_from(next).unwrap_or(b'?');
            self.length += 1;
        }
        joined
    }
}

/// Reads the elements of one group.
struct Reader {
    kind: Kind,
    done: Vec<Element>,
    attributes: Vec<Attribute>,
    nodes: Vec<Node>,
    /// What the next braces hold, if a keyword has said so.
    pending: Option<Kind>,
    /// How many `<` are open.
    angles: usize,
    in_closure_parameters: bool,
}

impl Reader {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            done: Vec::new(),
            attributes: Vec::new(),
            nodes: Vec::new(),
            pending: None,
            angles: 0,
            in_closure_parameters: false,
        }
    }

    fn word(&mut self, word: TokenTree) {
        if let TokenTree::Ident(ident) = &word {
            let is_item = self.kind == Kind::Items && self.pending.is_none();
            let pending = match () {
                () if ident == "match" => Some(Kind::Arms),
                () if is_item && ident == "fn" => Some(Kind::Block),
                () if is_item && (ident == "impl" || ident == "mod") => Some(Kind::Items),
                () if is_item && (ident == "struct" || ident == "enum") => Some(Kind::Fields),
                () if self.kind == Kind::Items => None,
                () if ident == "if" || ident == "else" || ident == "for" || ident == "while" => {
                    Some(Kind::Block)
                }
                () => None,
            };
            self.pending = pending.or(self.pending);
        }
        self.nodes.push(Node::Word(word));
    }

    fn punctuation(&mut self, text: &str) {
        match text {
            "," if self.angles == 0 && self.is_separated() => return self.end(End::Comma),
            ";" if matches!(self.kind, Kind::Items | Kind::Block) => {
                return self.end(End::Semicolon);
            }
            "<" => self.angles += 1,
            ">" => self.angles = self.angles.saturating_sub(1),
            _ => {}
        }
        let operator = operator(text, self.previous(), self.in_closure_parameters);
        if text == "|" && operator.is_prefix() {
            self.in_closure_parameters = true;
        } else if text == "|" {
            self.in_closure_parameters = false;
        }
        self.nodes.push(Node::Operator(operator));
    }

    fn is_separated(&self) -> bool {
        !matches!(self.kind, Kind::Items | Kind::Block)
    }

    fn previous(&self) -> Previous<'_> {
        match self.nodes.last() {
            None => Previous::Nothing,
            Some(Node::Operator(operator)) => Previous::Operator(operator),
            Some(Node::Group(_)) => Previous::Group,
            Some(Node::Word(word)) => Previous::Word(word),
        }
    }

    fn group(&mut self, delimiter: Delimiter, tokens: TokenStream, next: Option<&First>) {
        if let (Delimiter::Bracket, Some(is_inner)) = (delimiter, self.attribute_begins()) {
            return self.attribute(tokens, is_inner);
        }
        let kind = match delimiter {
            Delimiter::Brace => self.braces(),
            Delimiter::Bracket => Kind::Brackets,
            Delimiter::Parenthesis | Delimiter::None => self.parentheses(),
        };
        let mut elements = elements(tokens, kind);
        let is_tuple = elements.len() == 1 && elements[0].end == End::Comma;
        let kind = match kind {
            Kind::Parentheses if is_tuple && !self.is_call() => Kind::Single,
            kind => kind,
        };
        if kind == Kind::Imports && elements.len() == 1 {
            let only = elements.remove(0);
            self.nodes.extend(only.nodes);
            return;
        }
        self.nodes.push(Node::Group(Group { kind, elements }));
        let is_whole = match kind {
            Kind::Items | Kind::Fields => true,
            Kind::Block | Kind::Arms => match self.kind {
                Kind::Items => true,
                Kind::Block => {
                    self.begins_with_block()
                        && !matches!(next, Some(First::Else | First::Continues))
                }
                Kind::Arms => {
                    self.is_arm_with_block()
                        && !matches!(next, Some(First::Else | First::Continues))
                }
                _ => false,
            },
            _ => false,
        };
        if is_whole {
            self.end(End::Nothing);
        }
    }

    /// What a pair of braces holds.
    fn braces(&mut self) -> Kind {
        if let Some(kind) = self.pending.take() {
            return kind;
        }
        match self.previous() {
            Previous::Nothing => Kind::Block,
            Previous::Operator(operator) => match operator.text {
                "::" => Kind::Imports,
                "=>" | "=" | "|" | "||" => Kind::Block,
                _ => Kind::Values,
            },
            _ => Kind::Values,
        }
    }

    fn parentheses(&self) -> Kind {
        match self.previous() {
            Previous::Operator(operator) if operator.text == "!" && !operator.is_prefix() => {
                Kind::MacroArguments
            }
            _ => Kind::Parentheses,
        }
    }

    fn is_call(&self) -> bool {
        matches!(self.previous(), Previous::Word(_) | Previous::Group)
    }

    /// Whether the statement is a block by itself, which no semicolon ends.
    fn begins_with_block(&self) -> bool {
        match self.nodes.first() {
            Some(Node::Word(TokenTree::Ident(ident))) => ["if", "for", "while", "match"]
                .iter()
                .any(|word| ident == word),
            Some(Node::Group(_)) => true,
            _ => false,
        }
    }

    /// Whether the arm's expression is one pair of braces.
    fn is_arm_with_block(&self) -> bool {
        matches!(
            self.nodes.as_slice(),
            [.., Node::Operator(operator), Node::Group(group)]
                if operator.text == "=>" && group.kind == Kind::Block
        )
    }

    /// Whether brackets that come now are an attribute's, and whether an inner one's.
    fn attribute_begins(&mut self) -> Option<bool> {
        let is_hash = |node: Option<&Node>, text| matches!(node, Some(Node::Operator(operator)) if operator.text == text);
        let is_inner = match self.nodes.len() {
            1 if is_hash(self.nodes.first(), "#") => false,
            2 if is_hash(self.nodes.first(), "#") && is_hash(self.nodes.last(), "!") => true,
            _ => return None,
        };
        Some(is_inner)
    }

    fn attribute(&mut self, tokens: TokenStream, is_inner: bool) {
        let nodes = std::mem::take(&mut self.nodes);
        let mut content = elements(tokens, Kind::Brackets);
        let doc = match content.as_slice() {
            [only] => documentation(&only.nodes),
            _ => None,
        };
        self.attributes.push(match doc {
            Some(text) => Attribute::Doc { text, is_inner },
            None => {
                let mut nodes = nodes;
                let kind = Kind::Brackets;
                // An attribute takes no comma that is not there.
                for element in &mut content {
                    element.end = End::Nothing;
                }
                nodes.push(Node::Group(Group {
                    kind,
                    elements: content,
                }));
                Attribute::Other(nodes)
            }
        });
        if is_inner {
            self.end(End::Nothing);
        }
    }

    fn end(&mut self, end: End) {
        self.pending = None;
        self.angles = 0;
        self.done.push(Element {
            attributes: std::mem::take(&mut self.attributes),
            nodes: std::mem::take(&mut self.nodes),
            end,
        });
    }

    fn finish(mut self) -> Vec<Element> {
        if !self.nodes.is_empty() || !self.attributes.is_empty() {
            self.end(End::Nothing);
        }
        self.done
    }
}

/// The text of `doc = "text"` that can be written as lines of comment.
fn documentation(nodes: &[Node]) -> Option<String> {
    match nodes {
        [
            Node::Word(TokenTree::Ident(doc)),
            Node::Operator(equals),
            Node::Word(TokenTree::Literal(text)),
        ] if doc == "doc" && equals.text == "=" => {
            let text = unescaped(&text.to_string());
            (!text.contains('\r')).then_some(text)
        }
        _ => None,
    }
}

/// The text that a string literal stands for.
fn unescaped(literal: &str) -> String {
    let quoted = literal
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(mut rest) = quoted else {
        return literal.to_owned();
    };
    let mut text = String::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (character, length) = match escape.as_bytes().first() {
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(b'0') => ('\0', 1),
            Some(b'u') => unicode(escape).unwrap_or(('u', 1)),
            Some(_) => {
                let character = escape.chars().next().unwrap_or_default();
                (character, character.len_utf8())
            }
            None => break,
        };
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    text
}

/// The character of `u{…}` and how long that is.
fn unicode(escape: &str) -> Option<(char, usize)> {
    let digits = escape.strip_prefix("u{")?.split('}').next()?;
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((character, digits.len() + 3))
}
