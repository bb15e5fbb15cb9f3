//! What a field can be asked.

use std::fmt;

/// An operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// `eq`: is the value.
    Eq,
    /// `ne`: is not the value, or there is none.
    Ne,
    /// `gt`: is greater, or later.
    Gt,
    /// `ge`: is at least.
    Ge,
    /// `lt`: is less, or earlier.
    Lt,
    /// `le`: is at most.
    Le,
    /// `sw`: the text starts with the value.
    Sw,
    /// `co`: the text contains the value.
    Co,
    /// `ca`: the list contains all values.
    Ca,
    /// `in`: is one of the values.
    In,
    /// `pr`, before its field: there is a value.
    Pr,
    /// `isnull`, after its field: there is no value.
    IsNull,
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    One,
    List,
}

impl Operator {
    /// All operators.
    pub const ALL: [Self; 12] = [
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Sw,
        Self::Co,
        Self::Ca,
        Self::In,
        Self::Pr,
        Self::IsNull,
    ];

    /// The word in a filter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Sw => "sw",
            Self::Co => "co",
            Self::Ca => "ca",
            Self::In => "in",
            Self::Pr => "pr",
            Self::IsNull => "isnull",
        }
    }

    /// The operator that this word is.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operator| operator.as_str() == word)
    }

    pub(super) const fn takes(self) -> Takes {
        match self {
            Self::Pr | Self::IsNull => Takes::Nothing,
            Self::Ca | Self::In => Takes::List,
            _ => Takes::One,
        }
    }

    /// The operator that was probably meant: the word in capitals, a sign or name that other
    /// languages have for it, or a word with one letter too many, missing or wrong.
    pub(super) fn meant_by(word: &str) -> Option<Self> {
        let lower = word.to_ascii_lowercase();
        let other_name = match lower.replace(['_', '-'], "").as_str() {
            "=" | "==" | "===" | "is" | "equals" | "equal" => Some(Self::Eq),
            "!=" | "<>" | "!==" | "neq" | "isnot" | "notequals" => Some(Self::Ne),
            ">" | "after" | "greaterthan" => Some(Self::Gt),
            ">=" | "gte" => Some(Self::Ge),
            "<" | "before" | "lessthan" => Some(Self::Lt),
            "<=" | "lte" => Some(Self::Le),
            "startswith" | "beginswith" | "prefix" | "stw" => Some(Self::Sw),
            "contains" | "like" | "~" | "has" => Some(Self::Co),
            "containsall" => Some(Self::Ca),
            "oneof" | "anyof" | "isin" => Some(Self::In),
            "present" | "exists" | "notnull" | "isnotnull" => Some(Self::Pr),
            "null" | "missing" | "empty" => Some(Self::IsNull),
            other => Self::of(other),
        };
        other_name.or_else(|| {
            let mut close = Self::ALL
                .into_iter()
                .filter(|operator| differs_by_one(&lower, operator.as_str()));
            let only = close.next();
            only.filter(|_| close.next().is_none())
        })
    }
}

/// Whether one letter that is added, left out or changed, or two that are swapped, turn one text
/// into the other.
fn differs_by_one(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let pairs = || one.iter().zip(&other);
    let start = pairs().take_while(|(a, b)| a == b).count();
    let end = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    match longer - shorter {
        0 if start + 2 + end == longer => {
            one[start] == other[start + 1] && one[start + 1] == other[start]
        }
        0 => start + end + 1 == longer,
        1 => start + end >= shorter,
        _ => false,
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
