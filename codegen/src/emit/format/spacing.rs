//! Where a space stands between two tokens.

use proc_macro2::TokenTree;

/// An operator or another mark, and whether it has space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) text: &'static str,
    /// Whether a space may stand before it.
    pub(super) left: bool,
    /// Whether a space may stand after it.
    pub(super) right: bool,
}

impl Operator {
    /// Whether it stands before what it is applied to, as `&` in `&value`.
    pub(super) fn is_prefix(self) -> bool {
        self.left && !self.right
    }
}

/// What stands before an operator.
#[derive(Clone, Copy)]
pub(super) enum Previous<'a> {
    Nothing,
    Word(&'a TokenTree),
    Operator(&'a Operator),
    Group,
}

impl Previous<'_> {
    /// Whether an expression has ended here, so that an operator joins it with the next.
    fn is_operand(self) -> bool {
        match self {
            Previous::Nothing => false,
            Previous::Word(word) => !is_keyword(word),
            Previous::Operator(operator) => matches!(operator.text, ">" | "?"),
            Previous::Group => true,
        }
    }
}

/// The operator of that text at that place.
pub(super) fn operator(
    text: &str,
    previous: Previous<'_>,
    in_closure_parameters: bool,
) -> Operator {
    let (text, left, right) = match text {
        "::" => ("::", previous.is_path_start(), false),
        "." => (".", false, false),
        ".." => ("..", false, false),
        "..=" => ("..=", false, false),
        "," => (",", false, true),
        ";" => (";", false, true),
        ":" => (":", false, true),
        "?" => ("?", false, true),
        "->" => ("->", true, true),
        "=>" => ("=>", true, true),
        "=" => ("=", true, true),
        "==" => ("==", true, true),
        "!=" => ("!=", true, true),
        "+" => ("+", true, true),
        "@" => ("@", true, true),
        "||" => ("||", true, previous.is_operand()),
        "&&" => ("&&", true, previous.is_operand()),
        "|" if in_closure_parameters => ("|", false, true),
        "|" => ("|", true, previous.is_operand()),
        "&" => ("&", true, previous.is_operand()),
        "*" => ("*", true, previous.is_operand()),
        "-" => ("-", true, previous.is_operand()),
        "!" => ("!", !previous.is_operand(), false),
        "<" => ("<", !previous.is_operand(), false),
        ">" => (">", false, true),
        "'" => ("'", true, false),
        "#" => ("#", true, false),
        "$" => ("$", true, false),
        "%" => ("%", true, true),
        "/" => ("/", true, true),
        "^" => ("^", true, true),
        _ => ("~", true, false),
    };
    Operator { text, left, right }
}

impl Previous<'_> {
    /// Whether a path that begins with `::` begins here.
    fn is_path_start(self) -> bool {
        match self {
            Previous::Word(word) => is_keyword(word),
            Previous::Operator(operator) => operator.right && operator.text != ">",
            Previous::Nothing | Previous::Group => false,
        }
    }
}

/// Whether a word is one that an operand or brackets follow after a space.
pub(super) fn is_keyword(word: &TokenTree) -> bool {
    const KEYWORDS: [&str; 16] = [
        "as", "const", "dyn", "else", "for", "if", "in", "let", "match", "move", "mut", "ref",
        "return", "static", "use", "while",
    ];
    match word {
        TokenTree::Ident(ident) => KEYWORDS.iter().any(|keyword| ident == keyword),
        _ => false,
    }
}
