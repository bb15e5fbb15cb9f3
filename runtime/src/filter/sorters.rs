//! In which order results are wanted: `-created,name`.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::json::{Number, Value};

use super::FilterError;
use super::comparison::is_field;
use super::evaluate::{order_of_texts, values_at};

/// A field to sort by, and in which direction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sorter {
    field: Cow<'static, str>,
    is_descending: bool,
}

impl Sorter {
    /// A sorter by a field that is known to be one.
    pub(super) fn of_parts(field: Cow<'static, str>, is_descending: bool) -> Self {
        Self {
            field,
            is_descending,
        }
    }

    /// The field; members of members have dots between them: `owner.name`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Whether the largest, or latest, comes first.
    pub fn is_descending(&self) -> bool {
        self.is_descending
    }

    /// The same field, the largest first.
    #[must_use]
    pub fn descending(mut self) -> Self {
        self.is_descending = true;
        self
    }

    /// The order of two objects by this field.
    ///
    /// Numbers come before strings, these before booleans; objects that lack the field, or have
    /// null there, come last, and first in descending order. Of a list its first item counts.
    pub fn compare(&self, one: &Value, other: &Value) -> Ordering {
        let first = |value| {
            let mut found = Vec::new();
            values_at(value, &self.field, &mut found);
            found.into_iter().next()
        };
        let order = order(first(one), first(other));
        if self.is_descending {
            order.reverse()
        } else {
            order
        }
    }
}

fn order(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            Number::from(one.clone()).cmp(&Number::from(other.clone()))
        }
        (Some(Value::String(one)), Some(Value::String(other))) => order_of_texts(one, other),
        (Some(Value::Bool(one)), Some(Value::Bool(other))) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)),
    }
}

fn rank(value: Option<&Value>) -> u8 {
    match value {
        Some(Value::Number(_)) => 0,
        Some(Value::String(_)) => 1,
        Some(Value::Bool(_)) => 2,
        Some(_) => 3,
        None => 4,
    }
}

impl fmt::Display for Sorter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_descending { "-" } else { "" };
        write!(f, "{sign}{}", self.field)
    }
}

/// Sorters, the one that counts most first; none leaves the order to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sorters(Vec<Sorter>);

impl Sorters {
    /// Reads `field,-field`: commas between fields, `-` before one for descending order. Spaces
    /// around the commas are allowed, and so is an empty text.
    ///
    /// # Errors
    ///
    /// If the text is no list of fields; the error says where and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let mut sorters = Vec::new();
        let mut start = 0;
        for part in text.split(',') {
            sorters.push(sorter(text, start, part)?);
            start += part.len() + 1;
        }
        Ok(Self(sorters))
    }

    /// The sorters.
    pub fn sorters(&self) -> &[Sorter] {
        &self.0
    }

    /// The order of two objects: by the first sorter that tells them apart.
    pub fn compare(&self, one: &Value, other: &Value) -> Ordering {
        self.0
            .iter()
            .map(|sorter| sorter.compare(one, other))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// The sorter in a part of the text that starts at this byte.
fn sorter(text: &str, start: usize, part: &str) -> Result<Sorter, FilterError> {
    let trimmed = part.trim();
    let start = start + (part.len() - part.trim_start().len());
    let (field, is_descending) = match trimmed.strip_prefix('-') {
        Some(field) => (field, true),
        None => (trimmed, false),
    };
    if is_field(field) {
        return Ok(Sorter::of_parts(field.to_owned().into(), is_descending));
    }
    let mut words = field.split_whitespace();
    let help = match (words.next(), words.next().map(str::to_ascii_lowercase)) {
        (Some(field), Some(word)) if word.starts_with("desc") => {
            format!("descending order is a sign before the field: `-{field}`")
        }
        (Some(field), Some(word)) if word.starts_with("asc") => {
            format!("ascending order has no sign: `{field}`")
        }
        (Some(field), None) if field.starts_with('+') => {
            format!(
                "ascending order has no sign: `{}`",
                field.trim_start_matches('+')
            )
        }
        (Some(_), Some(_)) => "fields have commas between them".to_owned(),
        _ => String::new(),
    };
    let expected = "a field, or `-` and a field";
    // An empty part ends with a comma, or the text does.
    let end = (start + trimmed.len().max(1)).min(text.len());
    Err(FilterError::new(text, start, end, expected, help))
}

impl FromIterator<Sorter> for Sorters {
    fn from_iter<I: IntoIterator<Item = Sorter>>(sorters: I) -> Self {
        Self(sorters.into_iter().collect())
    }
}

impl FromStr for Sorters {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl fmt::Display for Sorters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, sorter) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{sorter}")?;
        }
        Ok(())
    }
}
