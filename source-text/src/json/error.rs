//! What can be wrong with a JSON text, in words.

use std::{error::Error, fmt};

use crate::{Span, is_invisible};

/// Why a text is not JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// The offending part of the text; empty at the text's end if something is missing there.
    pub span: Span,
}

/// The two kinds of brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bracket {
    /// `{` and `}`.
    Object,
    /// `[` and `]`.
    Array,
}

impl Bracket {
    /// The character that opens it.
    pub const fn open(self) -> char {
        match self {
            Self::Object => '{',
            Self::Array => '[',
        }
    }

    /// The character that closes it.
    pub const fn close(self) -> char {
        match self {
            Self::Object => '}',
            Self::Array => ']',
        }
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// What follows the comma.
    const fn part(self) -> &'static str {
        match self {
            Self::Object => "property",
            Self::Array => "value",
        }
    }
}

/// What may stand at a place in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// A value.
    Value,
    /// The first value of an array, or its end.
    ValueOrEnd,
    /// The key of the next property.
    Key,
    /// The key of an object's first property, or its end.
    KeyOrEnd,
    /// The colon after a key.
    Colon,
    /// A comma, or the end of the object or array.
    CommaOrEnd(Bracket),
}

impl Expected {
    const fn text(self) -> &'static str {
        match self {
            Self::Value => "a value: an object, an array, a string, a number, true, false or null",
            Self::ValueOrEnd => "a value or \"]\"",
            Self::Key => "a property name in double quotes",
            Self::KeyOrEnd => "a property name in double quotes or \"}\"",
            Self::Colon => "\":\" between the property's name and its value",
            Self::CommaOrEnd(Bracket::Object) => "\",\" or \"}\"",
            Self::CommaOrEnd(Bracket::Array) => "\",\" or \"]\"",
        }
    }
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text has no value at all.
    Empty,
    /// The text begins with a byte order mark.
    ByteOrderMark,
    /// The text ends before the document does.
    Truncated {
        /// The innermost object or array that is still open and where it was opened.
        open: Option<(Bracket, Span)>,
        /// How many are still open.
        depth: usize,
        /// What would have had to follow.
        expected: Expected,
    },
    /// Something follows the document's end.
    TextAfterDocument {
        /// Its first character.
        found: char,
    },
    /// A character that begins nothing that may stand here.
    UnexpectedCharacter {
        /// The character.
        found: char,
        /// What may stand here.
        expected: Expected,
    },
    /// A word that is no JSON value.
    UnknownWord {
        /// The value that was probably meant.
        meant: Option<&'static str>,
    },
    /// `NaN`, `Infinity` or `-Infinity`.
    NotFinite,
    /// A property's name without quotes.
    UnquotedKey,
    /// A property's name that is no string.
    KeyNotString,
    /// A string in single or typographic quotes.
    WrongQuotes {
        /// The quote found.
        found: char,
    },
    /// `//`, `/*` or `#`.
    Comment,
    /// A comma before a closing bracket.
    TrailingComma {
        /// What is closed after it.
        within: Bracket,
    },
    /// A comma where a value or a property must stand.
    ExtraComma {
        /// What may stand here.
        expected: Expected,
    },
    /// Two values or properties with no comma between them.
    MissingComma {
        /// What they stand in.
        within: Bracket,
    },
    /// Text right after a string's closing quote, which was probably meant to be a part of it.
    UnescapedQuote,
    /// Text right after a key that has swallowed its colon: the key's own closing quote is missing.
    UnclosedKey,
    /// A comma between the digits of a number.
    CommaInNumber,
    /// A colon with no value after it.
    MissingValue,
    /// A key with no colon after it.
    MissingColon {
        /// The character found.
        found: char,
    },
    /// `]` where `}` is due, or the reverse.
    MismatchedBracket {
        /// What is open.
        open: Bracket,
        /// Where it was opened.
        opened: Span,
    },
    /// A closing bracket with nothing open.
    UnopenedBracket {
        /// What it would close.
        found: Bracket,
    },
    /// A string with no closing quote.
    UnclosedString {
        /// The text ends inside it; otherwise its line does.
        at_end: bool,
    },
    /// A control character, which a string may hold only as an escape.
    ControlCharacter {
        /// The character.
        found: char,
    },
    /// A backslash before a character that has no escape.
    UnknownEscape {
        /// The character after the backslash.
        found: char,
    },
    /// `\u` without four hex digits.
    IncompleteUnicodeEscape,
    /// Half of a UTF-16 surrogate pair, which is no character.
    LoneSurrogate {
        /// The code unit.
        unit: u16,
    },
    /// A number that begins with a zero and goes on.
    LeadingZero,
    /// A number that begins with `+`.
    LeadingPlus,
    /// A number with no digit before or after its decimal point or exponent, or after its sign.
    MissingDigits,
    /// Letters or points in a number, such as `0x1f` and `1.2.3`.
    MalformedNumber,
    /// More nesting than the reader was told to take.
    TooDeep {
        /// The limit, in open objects and arrays.
        limit: usize,
    },
}

impl SyntaxErrorKind {
    /// A short name, stable and unique to the kind.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::ByteOrderMark => "byte-order-mark",
            Self::Truncated { .. } => "truncated",
            Self::TextAfterDocument { .. } => "text-after-document",
            Self::UnexpectedCharacter { .. } => "unexpected-character",
            Self::UnknownWord { .. } => "unknown-word",
            Self::NotFinite => "not-finite",
            Self::UnquotedKey => "unquoted-key",
            Self::KeyNotString => "key-not-string",
            Self::WrongQuotes { .. } => "wrong-quotes",
            Self::Comment => "comment",
            Self::TrailingComma { .. } => "trailing-comma",
            Self::ExtraComma { .. } => "extra-comma",
            Self::MissingComma { .. } => "missing-comma",
            Self::UnescapedQuote => "unescaped-quote",
            Self::UnclosedKey => "unclosed-key",
            Self::CommaInNumber => "comma-in-number",
            Self::MissingValue => "missing-value",
            Self::MissingColon { .. } => "missing-colon",
            Self::MismatchedBracket { .. } => "mismatched-bracket",
            Self::UnopenedBracket { .. } => "unopened-bracket",
            Self::UnclosedString { .. } => "unclosed-string",
            Self::ControlCharacter { .. } => "control-character",
            Self::UnknownEscape { .. } => "unknown-escape",
            Self::IncompleteUnicodeEscape => "incomplete-unicode-escape",
            Self::LoneSurrogate { .. } => "lone-surrogate",
            Self::LeadingZero => "leading-zero",
            Self::LeadingPlus => "leading-plus",
            Self::MissingDigits => "missing-digits",
            Self::MalformedNumber => "malformed-number",
            Self::TooDeep { .. } => "too-deep",
        }
    }
}

impl SyntaxError {
    /// What is wrong, in a phrase with no full stop.
    pub fn message(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Empty => "there is no JSON value here".into(),
            SyntaxErrorKind::ByteOrderMark => "the text begins with a byte order mark".into(),
            SyntaxErrorKind::Truncated { open: None, .. } => {
                "the text ends before the document does".into()
            }
            SyntaxErrorKind::Truncated {
                open: Some((bracket, _)),
                depth,
                ..
            } => {
                let still = match depth {
                    0 | 1 => "1 bracket is".to_owned(),
                    many => format!("{many} brackets are"),
                };
                format!(
                    "the text ends inside an {}; {still} still open",
                    bracket.noun()
                )
            }
            SyntaxErrorKind::TextAfterDocument { found: '{' | '[' } => {
                "a second value after the document's end".into()
            }
            SyntaxErrorKind::TextAfterDocument { found } if is_unseen(*found) => {
                format!("{} after the document's end", name_of(*found))
            }
            SyntaxErrorKind::TextAfterDocument { .. } => "text after the document's end".into(),
            SyntaxErrorKind::UnexpectedCharacter { found, .. } => {
                format!("{} may not stand here", name_of(*found))
            }
            SyntaxErrorKind::UnknownWord { meant: None } => "this word is no JSON value".into(),
            SyntaxErrorKind::UnknownWord { meant: Some(meant) } => {
                format!("this word is no JSON value; did you mean {meant}?")
            }
            SyntaxErrorKind::NotFinite => "JSON has no NaN and no infinity".into(),
            SyntaxErrorKind::UnquotedKey => "a property name without quotes".into(),
            SyntaxErrorKind::KeyNotString => "a property name that is no string".into(),
            SyntaxErrorKind::WrongQuotes { found } => {
                format!("a string in quotes of the wrong kind ({found})")
            }
            SyntaxErrorKind::Comment => "JSON has no comments".into(),
            SyntaxErrorKind::TrailingComma { within } => {
                format!(
                    "a comma after the last {} of an {}",
                    within.part(),
                    within.noun()
                )
            }
            SyntaxErrorKind::ExtraComma { .. } => "a comma with nothing before it".into(),
            SyntaxErrorKind::MissingComma { within } => {
                format!("a comma is missing before this {}", within.part())
            }
            SyntaxErrorKind::UnescapedQuote => {
                "a double quote inside a string ends it before this text".into()
            }
            SyntaxErrorKind::UnclosedKey => {
                "the closing quote of the property's name is missing: the next one ends it, before this text"
                    .into()
            }
            SyntaxErrorKind::CommaInNumber => "a comma inside a number".into(),
            SyntaxErrorKind::MissingValue => "a value is missing after the colon".into(),
            SyntaxErrorKind::MissingColon { found } => {
                format!(
                    "a colon is missing after the property's name; found {}",
                    name_of(*found)
                )
            }
            SyntaxErrorKind::MismatchedBracket { open, .. } => {
                let other = match open {
                    Bracket::Object => ']',
                    Bracket::Array => '}',
                };
                format!("\"{other}\" cannot close an {}", open.noun())
            }
            SyntaxErrorKind::UnopenedBracket { found } => {
                format!("\"{}\" closes nothing", found.close())
            }
            SyntaxErrorKind::UnclosedString { at_end: false } => {
                "a line end inside a string: it is not closed on its line".into()
            }
            SyntaxErrorKind::UnclosedString { at_end: true } => {
                "this string is not closed: the text ends inside it".into()
            }
            SyntaxErrorKind::ControlCharacter { found } => {
                format!("{} inside a string", name_of(*found))
            }
            SyntaxErrorKind::UnknownEscape { found } => {
                format!(
                    "no escape is written as a backslash and {}",
                    name_of(*found)
                )
            }
            SyntaxErrorKind::IncompleteUnicodeEscape => {
                "\\u is not followed by four hex digits".into()
            }
            SyntaxErrorKind::LoneSurrogate { unit } => {
                format!("lone surrogate U+{unit:04X} is half a character")
            }
            SyntaxErrorKind::LeadingZero => "a number with a leading zero".into(),
            SyntaxErrorKind::LeadingPlus => "a number with a leading plus sign".into(),
            SyntaxErrorKind::MissingDigits => "digits are missing in this number".into(),
            SyntaxErrorKind::MalformedNumber => "this number is malformed".into(),
            SyntaxErrorKind::TooDeep { limit } => {
                format!("nested deeper than {limit} levels")
            }
        }
    }

    /// What may stand here instead.
    pub fn expected(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Empty
            | SyntaxErrorKind::UnknownWord { .. }
            | SyntaxErrorKind::MissingValue
            | SyntaxErrorKind::ByteOrderMark => Expected::Value.text().into(),
            SyntaxErrorKind::Truncated { expected, .. }
            | SyntaxErrorKind::UnexpectedCharacter { expected, .. }
            | SyntaxErrorKind::ExtraComma { expected } => expected.text().into(),
            SyntaxErrorKind::TextAfterDocument { .. } => "the end of the text".into(),
            SyntaxErrorKind::NotFinite => "a number, or null".into(),
            SyntaxErrorKind::UnquotedKey | SyntaxErrorKind::KeyNotString => {
                Expected::Key.text().into()
            }
            SyntaxErrorKind::WrongQuotes { .. } => "a string in double quotes".into(),
            SyntaxErrorKind::UnescapedQuote => "\\\" for a quote that belongs to the string".into(),
            SyntaxErrorKind::UnclosedKey => "a double quote before the colon".into(),
            SyntaxErrorKind::Comment => "JSON without comments".into(),
            SyntaxErrorKind::TrailingComma { within } => {
                format!("\"{}\", or one more {}", within.close(), within.part())
            }
            SyntaxErrorKind::MissingComma { within } => Expected::CommaOrEnd(*within).text().into(),
            SyntaxErrorKind::MissingColon { .. } => Expected::Colon.text().into(),
            SyntaxErrorKind::MismatchedBracket { open, .. } => format!("\"{}\"", open.close()),
            SyntaxErrorKind::UnopenedBracket { .. } => "the end of the text, or a value".into(),
            SyntaxErrorKind::UnclosedString { .. } => "a closing double quote".into(),
            SyntaxErrorKind::ControlCharacter { .. } | SyntaxErrorKind::IncompleteUnicodeEscape => {
                "an escape such as \\n or \\u000A".into()
            }
            SyntaxErrorKind::UnknownEscape { .. } => {
                "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX".into()
            }
            SyntaxErrorKind::LoneSurrogate { .. } => {
                "a high surrogate (D800 to DBFF) and a low one (DC00 to DFFF) after it".into()
            }
            SyntaxErrorKind::CommaInNumber
            | SyntaxErrorKind::LeadingZero
            | SyntaxErrorKind::LeadingPlus
            | SyntaxErrorKind::MissingDigits
            | SyntaxErrorKind::MalformedNumber => "a number such as 0, -12, 0.5 or 1e3".into(),
            SyntaxErrorKind::TooDeep { limit } => format!("at most {limit} levels"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Empty => "the file may not have been written; make it again".into(),
            SyntaxErrorKind::ByteOrderMark => "save the file as UTF-8 without a BOM".into(),
            SyntaxErrorKind::Truncated { .. } => {
                "the file may have been cut off; get it again, or close what is open".into()
            }
            SyntaxErrorKind::TextAfterDocument { found: '{' | '[' } => {
                "put all values into one array; or remove the rest".into()
            }
            SyntaxErrorKind::TextAfterDocument { found: '\u{feff}' } => {
                "files with a BOM were joined; remove the BOM".into()
            }
            SyntaxErrorKind::TextAfterDocument { found } if is_unseen(*found) => {
                "remove it: nothing but spaces, tabs and line ends may follow".into()
            }
            SyntaxErrorKind::TextAfterDocument { .. } => "remove the rest".into(),
            SyntaxErrorKind::UnexpectedCharacter {
                found: '\u{feff}', ..
            } => "files with a BOM were joined; remove the BOM".into(),
            SyntaxErrorKind::UnexpectedCharacter { found, .. } if is_unseen(*found) => {
                "remove it, or use plain spaces, tabs and line ends between values".into()
            }
            SyntaxErrorKind::UnexpectedCharacter { found, .. } => {
                format!(
                    "remove {}, or put the text into double quotes",
                    name_of(*found)
                )
            }
            SyntaxErrorKind::UnknownWord { meant: Some(meant) } => format!("write {meant}"),
            SyntaxErrorKind::UnknownWord { meant: None } => {
                "put text into double quotes; the words of JSON are true, false and null".into()
            }
            SyntaxErrorKind::NotFinite => "write null, or leave the property out".into(),
            SyntaxErrorKind::UnquotedKey | SyntaxErrorKind::KeyNotString => {
                "put the name into double quotes".into()
            }
            SyntaxErrorKind::WrongQuotes { .. } => "write the string in double quotes (\")".into(),
            SyntaxErrorKind::Comment => "remove the comment".into(),
            SyntaxErrorKind::TrailingComma { .. } | SyntaxErrorKind::ExtraComma { .. } => {
                "remove the comma".into()
            }
            SyntaxErrorKind::MissingComma { .. } => "put a comma before it".into(),
            SyntaxErrorKind::UnescapedQuote => {
                "write \\\" if the quote belongs to the string; otherwise a comma is missing after it"
                    .into()
            }
            SyntaxErrorKind::UnclosedKey => "put a double quote before the colon".into(),
            SyntaxErrorKind::CommaInNumber => {
                "leave commas between thousands out, and write a point before decimals".into()
            }
            SyntaxErrorKind::MissingValue => {
                "write the value (null if there is none), or remove the property".into()
            }
            SyntaxErrorKind::MissingColon { found: '=' } => {
                "write a colon in place of the equals sign".into()
            }
            SyntaxErrorKind::MissingColon { found: ',' | '}' } => {
                "write a colon and the value after the name, or remove the name".into()
            }
            SyntaxErrorKind::MissingColon { .. } => "put a colon after the name".into(),
            SyntaxErrorKind::MismatchedBracket { open, .. } => {
                format!(
                    "write \"{}\", or close what is open inside first",
                    open.close()
                )
            }
            SyntaxErrorKind::UnopenedBracket { found } => {
                format!("remove it, or open an {} before", found.noun())
            }
            SyntaxErrorKind::UnclosedString { at_end: true } => {
                "the file may have been cut off; get it again, or close the string".into()
            }
            SyntaxErrorKind::UnclosedString { at_end: false } => {
                "put a double quote at the string's end; a line end that belongs to it is written \\n"
                    .into()
            }
            SyntaxErrorKind::ControlCharacter { found } => {
                let escape = match found {
                    '\n' => "\\n".to_owned(),
                    '\r' => "\\r".to_owned(),
                    '\t' => "\\t".to_owned(),
                    other => format!("\\u{:04X}", u32::from(*other)),
                };
                format!("write {escape} instead")
            }
            SyntaxErrorKind::UnknownEscape { .. } => {
                "write \\\\ if the backslash itself is meant".into()
            }
            SyntaxErrorKind::IncompleteUnicodeEscape => {
                "write four hex digits after \\u, or \\\\u if the text itself is meant".into()
            }
            SyntaxErrorKind::LoneSurrogate { .. } => {
                "write the whole pair, or the character itself; the text may have been cut".into()
            }
            SyntaxErrorKind::LeadingZero => {
                "remove the zeros, or write a string if they belong to it".into()
            }
            SyntaxErrorKind::LeadingPlus => "remove the plus sign".into(),
            SyntaxErrorKind::MissingDigits => "write at least one digit on each side".into(),
            SyntaxErrorKind::MalformedNumber => {
                "write a decimal number, or put the text into double quotes".into()
            }
            SyntaxErrorKind::TooDeep { .. } => {
                "such depth is usually a fault of the program that wrote the file".into()
            }
        }
    }

    /// Another place that explains the error, with what it is: where the open bracket stands.
    pub fn related(&self) -> Option<(Span, String)> {
        let (bracket, opened) = match self.kind {
            SyntaxErrorKind::Truncated { open, .. } => open?,
            SyntaxErrorKind::MismatchedBracket { open, opened } => (open, opened),
            _ => return None,
        };
        Some((opened, format!("the {} was opened here", bracket.noun())))
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message(), self.span.start)
    }
}

impl Error for SyntaxError {}

/// Whether a character cannot be told from nothing, or from a plain space.
fn is_unseen(character: char) -> bool {
    is_invisible(character) || character.is_whitespace()
}

/// A character as reports name it: printable ones in quotes, others by their code.
fn name_of(character: char) -> String {
    match character {
        '\n' => "a line end".into(),
        '\t' => "a tab".into(),
        '"' => "a double quote".into(),
        '\'' => "a single quote".into(),
        '\u{feff}' => "a byte order mark".into(),
        '\u{a0}' => "a no-break space (U+00A0)".into(),
        '\u{ad}' => "a soft hyphen (U+00AD)".into(),
        '\u{200b}' => "a zero-width space (U+200B)".into(),
        '\0' => "a null character (U+0000)".into(),
        '\u{1a}' => "an end-of-file character (Ctrl-Z, U+001A)".into(),
        other if is_unseen(other) => format!("character U+{:04X}", u32::from(other)),
        other => format!("\"{other}\""),
    }
}
