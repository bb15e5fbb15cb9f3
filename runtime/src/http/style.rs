//! Parameter styles: how a JSON value becomes the text of a parameter.
//!
//! The rules are those of `style` and `explode` in OpenAPI 3.1, which follow RFC 6570 (URI Template):
//!
//! - Everything but unreserved characters (RFC 3986: letters, digits, `-._~`) is percent-encoded
//!   as UTF-8. Delimiters that belong to the style are not.
//! - `null`, an empty array and an empty object are undefined values: the parameter is left out.
//!   Nulls inside an array or an object are left out too. An empty string is a value.
//! - Arrays and objects inside an array or an object have no defined form, except in `deepObject`:
//!   they are sent as JSON text.
//!
//! `deepObject` goes to any depth: `filter[owner][id]=1`, and numbers array items:
//! `filter[tags][0]=a`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// How arrays and objects are laid out in a parameter (`style` and `explode` in OpenAPI).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `name=a,b`; exploded `name=a&name=b`. For queries, cookies and forms.
    Form {
        /// Each item or member is a pair of its own.
        explode: bool,
    },
    /// `name=a%20b`; exploded as [`Style::Form`].
    SpaceDelimited {
        /// Each item or member is a pair of its own.
        explode: bool,
    },
    /// `name=a%7Cb`; exploded as [`Style::Form`].
    PipeDelimited {
        /// Each item or member is a pair of its own.
        explode: bool,
    },
    /// `name[key]=a`, nested to any depth.
    DeepObject,
    /// `a,b`. For paths and headers.
    Simple {
        /// Members are `key=value` instead of `key,value`.
        explode: bool,
    },
    /// `.a,b`; exploded `.a.b`. For paths.
    Label {
        /// Items are divided by dots, members are `key=value`.
        explode: bool,
    },
    /// `;name=a,b`; exploded `;name=a;name=b`. For paths.
    Matrix {
        /// Each item or member is a pair of its own.
        explode: bool,
    },
}

/// Which characters of names and values are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// All but unreserved ones.
    Strict,
    /// `allowReserved`: reserved characters and percent-encoded triplets stay, except those that
    /// would end or divide the query, so that the receiver always decodes the value that was given.
    AllowReserved,
    /// None: headers are not URIs.
    Off,
}

/// RFC 3986's unreserved characters stay.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Reserved characters stay too, but for `#`, `&` and `+`, which mean something in a query, and
/// brackets, which RFC 3986 does not allow there.
const ALLOW_RESERVED: &AsciiSet = &STRICT
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

pub(super) fn escape(text: &str, escape: Escape) -> String {
    match escape {
        Escape::Strict => utf8_percent_encode(text, STRICT).to_string(),
        Escape::AllowReserved => escape_around_triplets(text),
        Escape::Off => text.to_owned(),
    }
}

fn escape_around_triplets(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (position, piece) in text.split('%').enumerate() {
        let is_triplet = piece.len() >= 2 && piece.bytes().take(2).all(|b| b.is_ascii_hexdigit());
        if position > 0 {
            escaped.push_str(if is_triplet { "%" } else { "%25" });
        }
        escaped.extend(utf8_percent_encode(piece, ALLOW_RESERVED));
    }
    escaped
}

/// A value as RFC 6570 sees it, its texts escaped.
enum Variable {
    Undefined,
    Text(String),
    List(Vec<String>),
    Pairs(Vec<(String, String)>),
}

impl Variable {
    fn new(value: &Value, mode: Escape) -> Self {
        match value {
            Value::Null => Self::Undefined,
            Value::Array(items) => {
                let items: Vec<_> = items.iter().filter_map(|item| text(item, mode)).collect();
                if items.is_empty() {
                    Self::Undefined
                } else {
                    Self::List(items)
                }
            }
            Value::Object(members) => {
                let pairs: Vec<_> = members
                    .iter()
                    .filter_map(|(key, value)| Some((escape(key, mode), text(value, mode)?)))
                    .collect();
                if pairs.is_empty() {
                    Self::Undefined
                } else {
                    Self::Pairs(pairs)
                }
            }
            scalar => text(scalar, mode).map_or(Self::Undefined, Self::Text),
        }
    }
}

/// The escaped text of a scalar, JSON text for anything nested, none for null.
fn text(value: &Value, mode: Escape) -> Option<String> {
    Some(escape(&plain_text(value)?, mode))
}

/// The text of a scalar, JSON text for anything else, none for null.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The text of a parameter; none if the value is undefined and the parameter is to be left out.
///
/// `between` divides the pairs of exploded values: `&` in a query, `; ` among cookies.
pub(super) fn expand(
    name: &str,
    value: &Value,
    style: Style,
    mode: Escape,
    between: &str,
) -> Option<String> {
    let escaped_name = escape(name, mode);
    if style == Style::DeepObject {
        let mut pairs = Vec::new();
        collect_deep(&escaped_name, value, mode, &mut pairs);
        return (!pairs.is_empty()).then(|| pairs.join(between));
    }
    let name = escaped_name.as_str();
    let variable = Variable::new(value, mode);
    if matches!(variable, Variable::Undefined) {
        return None;
    }
    Some(match style {
        Style::Simple { explode } => join(&variable, ",", if explode { "=" } else { "," }),
        Style::Label { explode } => {
            let (divider, equals) = if explode { (".", "=") } else { (",", ",") };
            format!(".{}", join(&variable, divider, equals))
        }
        Style::Matrix { explode } => {
            let pairs: Vec<_> = pairs(name, &variable, explode, ",")
                .into_iter()
                .map(|(key, value)| match value.as_str() {
                    "" => format!(";{key}"),
                    value => format!(";{key}={value}"),
                })
                .collect();
            pairs.concat()
        }
        Style::Form { explode } => join_pairs(&pairs(name, &variable, explode, ","), between),
        Style::SpaceDelimited { explode } => {
            join_pairs(&pairs(name, &variable, explode, "%20"), between)
        }
        Style::PipeDelimited { explode } => {
            join_pairs(&pairs(name, &variable, explode, "%7C"), between)
        }
        Style::DeepObject => return None,
    })
}

/// All texts in one, without a name.
fn join(variable: &Variable, divider: &str, equals: &str) -> String {
    match variable {
        Variable::Undefined => String::new(),
        Variable::Text(text) => text.clone(),
        Variable::List(items) => items.join(divider),
        Variable::Pairs(pairs) => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(k, v)| format!("{k}{equals}{v}"))
                .collect();
            pairs.join(divider)
        }
    }
}

/// The pairs that a named style writes.
fn pairs(name: &str, variable: &Variable, explode: bool, divider: &str) -> Vec<(String, String)> {
    let named = |value: &String| (name.to_owned(), value.clone());
    match variable {
        Variable::List(items) if explode => items.iter().map(named).collect(),
        Variable::Pairs(pairs) if explode => pairs.clone(),
        other => vec![named(&join(other, divider, divider))],
    }
}

fn join_pairs(pairs: &[(String, String)], between: &str) -> String {
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join(between)
}

fn collect_deep(name: &str, value: &Value, mode: Escape, pairs: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_deep(&format!("{name}%5B{index}%5D"), item, mode, pairs);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let key = escape(key, Escape::Strict);
                collect_deep(&format!("{name}%5B{key}%5D"), member, mode, pairs);
            }
        }
        scalar => pairs.extend(text(scalar, mode).map(|text| format!("{name}={text}"))),
    }
}
