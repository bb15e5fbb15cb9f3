//! The one allocator of identifiers: odd characters, reserved words, collisions.

use std::collections::HashSet;

/// Words of an arbitrary text, split where case or characters change.
///
/// Signs that tell numbers apart are spelled: `+1` is `Plus 1`, `-1` is `Minus 1`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1).copied();
        let previous = index
            .checked_sub(1)
            .and_then(|i| characters.get(i).copied());
        if !character.is_alphanumeric() {
            if !current.is_empty() {
                words.push(std::mem::take(&mut current));
            }
            let starts_word = previous.is_none_or(|p| !p.is_alphanumeric());
            if let Some(sign) = sign_word(character, index == 0, starts_word, next) {
                words.push(sign.to_owned());
            }
            continue;
        }
        let boundary = match previous {
            Some(_) if current.is_empty() => false,
            Some(p) => {
                (p.is_lowercase() && character.is_uppercase())
                    || (p.is_uppercase()
                        && character.is_uppercase()
                        && next.is_some_and(char::is_lowercase))
                    || (p.is_numeric() && character.is_uppercase())
            }
            None => false,
        };
        if boundary {
            words.push(std::mem::take(&mut current));
        }
        current.push(character);
    }
    if !current.is_empty() {
        words.push(current);
    }
    words
}

fn sign_word(
    character: char,
    is_first: bool,
    starts_word: bool,
    next: Option<char>,
) -> Option<&'static str> {
    Some(match character {
        '+' if starts_word || next.is_none() => "plus",
        '-' if is_first && next.is_some_and(char::is_alphanumeric) => "minus",
        '*' => "star",
        '<' if next == Some('=') => "less or equal",
        '>' if next == Some('=') => "greater or equal",
        '<' => "less",
        '>' => "greater",
        '=' if next.is_none() && is_first => "equal",
        '!' => "not",
        '%' => "percent",
        '&' => "and",
        '$' if next.is_none() => "dollar",
        '@' if starts_word && next.is_none() => "at",
        '#' if starts_word && next.is_none() => "hash",
        '.' if starts_word && next.is_none() => "dot",
        '/' if starts_word && next.is_none() => "slash",
        _ => return None,
    })
}

/// `UpperCamelCase`; never empty, never starting with a digit, never a reserved word.
pub(crate) fn type_name(text: &str) -> String {
    let mut name = String::new();
    for word in words(text).iter().flat_map(|word| word.split(' ')) {
        let mut characters = word.chars();
        if let Some(first) = characters.next() {
            // Digits of two numbers: `1.5` is not `15`.
            if first.is_numeric() && name.ends_with(char::is_numeric) {
                name.push('_');
            }
            name.extend(first.to_uppercase());
            let rest = characters.as_str();
            if word.chars().any(char::is_lowercase) {
                name.push_str(rest);
            } else {
                name.extend(rest.chars().flat_map(char::to_lowercase));
            }
        }
    }
    let name = identifier(&name, "Empty", 'N');
    if RESERVED_TYPES.contains(&name.as_str()) {
        format!("{name}Model")
    } else {
        name
    }
}

/// An enum variant: as a type's name, with only `Self` reserved.
pub(crate) fn variant_name(text: &str) -> String {
    let name = type_name(text);
    match name.strip_suffix("Model") {
        Some(bare) if RESERVED_TYPES.contains(&bare) && bare != "Self" => bare.to_owned(),
        _ => name,
    }
}

/// `snake_case`; never empty, never starting with a digit; a keyword gets `_` behind it.
pub(crate) fn value_name(text: &str) -> String {
    let mut name = String::new();
    for word in words(text).iter().flat_map(|word| word.split(' ')) {
        if !name.is_empty() {
            name.push('_');
        }
        name.extend(word.chars().flat_map(char::to_lowercase));
    }
    let name = identifier(&name, "empty", 'n');
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// A Cargo feature: lower-case ASCII words with hyphens between them.
pub(crate) fn feature_name(text: &str) -> String {
    let words = words(text).join("-").replace(' ', "-").to_lowercase();
    let ascii: String = words
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let ascii = ascii.trim_matches('-');
    if ascii.starts_with(|first: char| first.is_ascii_alphabetic()) {
        ascii.to_owned()
    } else {
        format!("group-{ascii}").trim_end_matches('-').to_owned()
    }
}

/// A module, which is a file too: ASCII, and no keyword.
pub(crate) fn module_name(text: &str) -> String {
    let name = value_name(&file_stem(&feature_name(text)));
    if DEVICES.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// The text, cut to what every file system takes as a name, with room for an extension and for a
/// number that tells it from others.
pub(crate) fn file_stem(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST_FILE_STEM)].to_owned()
}

fn identifier(name: &str, empty: &str, digit_prefix: char) -> String {
    let name: String = name
        .chars()
        .filter(|c| *c == '_' || is_identifier_part(*c))
        .collect();
    match name.chars().next() {
        None => empty.to_owned(),
        Some('_') if name.chars().all(|c| c == '_') => empty.to_owned(),
        Some(first) if !is_identifier_start(first) => format!("{digit_prefix}{name}"),
        Some(_) => name,
    }
}

/// Letters that every Rust identifier may begin with; ASCII, and what is alphabetic beyond it.
fn is_identifier_start(character: char) -> bool {
    character.is_ascii_alphabetic() || (!character.is_ascii() && is_xid_letter(character))
}

fn is_identifier_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || (!character.is_ascii() && is_xid_letter(character))
}

/// Scripts whose letters are all `XID_Start`; others are left out rather than risked.
fn is_xid_letter(character: char) -> bool {
    let in_range = matches!(character,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{17f}'   // Latin
        | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3c9}'                     // Greek
        | '\u{410}'..='\u{44f}'                                             // Cyrillic
        | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'                 // Kana
        | '\u{4e00}'..='\u{9fa5}' | '\u{ac00}'..='\u{d7a3}');
    in_range && character.is_alphabetic()
}

/// Hands out names that are unique in one scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which these names are taken.
    pub(crate) fn with(taken: &[&str]) -> Self {
        Self {
            taken: taken.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Whether the name can still be had.
    pub(crate) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    /// Takes the name.
    pub(crate) fn take(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Names for all of these texts, in their order. A text that is its own name keeps it, so that
    /// another one that has to be changed cannot take it away.
    pub(crate) fn unique_all<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a str> + Clone,
        to_name: fn(&str) -> String,
    ) -> Vec<String> {
        let mut names: Vec<Option<String>> = texts
            .clone()
            .map(|text| {
                let is_own = to_name(text) == text && self.is_free(text);
                is_own.then(|| self.unique(text))
            })
            .collect();
        for (name, text) in names.iter_mut().zip(texts) {
            if name.is_none() {
                *name = Some(self.unique(&to_name(text)));
            }
        }
        names.into_iter().flatten().collect()
    }

    /// The wanted name, or the first of `wanted2`, `wanted3`, … that is free.
    pub(crate) fn unique(&mut self, wanted: &str) -> String {
        let name = numbered(wanted, |candidate| self.is_free(candidate));
        self.take(&name);
        name
    }
}

/// The wanted name, or the first of `wanted2`, `wanted3`, … that `is_free` accepts.
pub(crate) fn numbered(wanted: &str, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(wanted) {
        return wanted.to_owned();
    }
    let separator = match wanted.chars().last() {
        Some(last) if last.is_ascii_digit() => "_",
        _ => "",
    };
    let mut number = 2_u64;
    loop {
        let candidate = format!("{wanted}{separator}{number}");
        if is_free(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// Bytes of the name of a file; file systems take 255, and some tools 143.
const LONGEST_FILE_STEM: usize = 100;

/// Names that mean devices on Windows, whatever the extension.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Whether the text is a keyword in any edition.
pub(crate) fn is_keyword(text: &str) -> bool {
    KEYWORDS.contains(&text)
}

/// Keywords of all editions, strict and reserved (the Rust Reference, "Keywords").
const KEYWORDS: [&str; 53] = [
    "abstract",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
    "macro_rules",
];

/// Names that generated code uses without a path.
const RESERVED_TYPES: [&str; 24] = [
    "Self", "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "String", "Box", "Default",
    "Clone", "From", "Into", "Iterator", "Fn", "Send", "Sync", "Copy", "Drop", "Eq", "Client",
    "BTreeMap", "Debug",
];

#[cfg(test)]
mod tests {
    use super::{Scope, type_name, value_name, variant_name};

    #[test]
    fn odd_texts_become_identifiers() {
        let cases = [
            (
                "identity-profile-id",
                "IdentityProfileId",
                "identity_profile_id",
            ),
            (
                "A Title With (Brackets)",
                "ATitleWithBrackets",
                "a_title_with_brackets",
            ),
            ("false", "False", "false_"),
            ("1", "N1", "n1"),
            ("-1", "Minus1", "minus_1"),
            ("+1", "Plus1", "plus_1"),
            ("move", "Move", "move_"),
            ("", "Empty", "empty"),
            ("___", "Empty", "empty"),
            ("Self", "SelfModel", "self_"),
            ("HTTPStatusCode", "HttpStatusCode", "http_status_code"),
            ("X-Total-Count", "XTotalCount", "x_total_count"),
            ("DTO_TYPE", "DtoType", "dto_type"),
            ("foo.bar[baz]", "FooBarBaz", "foo_bar_baz"),
            ("v2Beta", "V2Beta", "v2_beta"),
            ("größe", "Größe", "größe"),
            ("日本", "日本", "日本"),
            ("🚀", "Empty", "empty"),
            ("Option", "OptionModel", "option"),
        ];
        for (text, as_type, as_value) in cases {
            assert_eq!(type_name(text), as_type, "{text:?}");
            assert_eq!(value_name(text), as_value, "{text:?}");
        }
        assert_eq!(variant_name("none"), "None");
        assert_eq!(variant_name("self"), "SelfModel");
    }

    #[test]
    fn every_identifier_is_one_for_the_compiler() {
        for text in [
            "async", "gen", "crate", "€", "a€b", "9lives", "\u{301}x", "x\u{301}", "ª", "_",
        ] {
            for name in [type_name(text), value_name(text), variant_name(text)] {
                assert!(
                    syn::parse_str::<syn::Ident>(&name).is_ok(),
                    "{text:?} became {name:?}"
                );
            }
        }
    }

    #[test]
    fn names_that_are_taken_are_numbered() {
        let mut scope = Scope::with(&["Client"]);
        assert_eq!(scope.unique("Client"), "Client2");
        assert_eq!(scope.unique("Client"), "Client3");
        assert_eq!(scope.unique("V2"), "V2");
        assert_eq!(scope.unique("V2"), "V2_2");
    }
}
