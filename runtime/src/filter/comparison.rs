//! One field, one operator, its values.

use std::borrow::Cow;
use std::fmt;

use super::operator::Takes;
use super::{Literal, Operator};

/// A comparison: `name sw "HR"`, `id in ("a", "b")`, `pr owner`, `owner isnull`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Comparison {
    field: Cow<'static, str>,
    operator: Operator,
    values: Vec<Literal>,
}

impl Comparison {
    /// A comparison of these parts: no value for [`Operator::Pr`] and [`Operator::IsNull`], any
    /// number for [`Operator::In`] and [`Operator::Ca`], one for the others.
    ///
    /// # Errors
    ///
    /// If the field's name is none that a filter can have, or the values are too many or too few.
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        operator: Operator,
        values: impl IntoIterator<Item = impl Into<Literal>>,
    ) -> Result<Self, ComparisonError> {
        let comparison = Self::of_parts(
            field.into(),
            operator,
            values.into_iter().map(Into::into).collect(),
        );
        if !is_field(&comparison.field) {
            return Err(ComparisonError(format!(
                "{:?} is no field of a filter; a field is a word of letters, digits and `_.-:$@/`",
                comparison.field
            )));
        }
        let takes = match (operator.takes(), comparison.values.len()) {
            (Takes::Nothing, 1..) => "no value",
            (Takes::One, 0 | 2..) => "one value",
            _ => return Ok(comparison),
        };
        Err(ComparisonError(format!(
            "`{operator}` takes {takes}, and there are {}",
            comparison.values.len()
        )))
    }

    /// A comparison whose parts are known to fit.
    pub(super) fn of_parts(
        field: Cow<'static, str>,
        operator: Operator,
        values: Vec<Literal>,
    ) -> Self {
        Self {
            field,
            operator,
            values,
        }
    }

    /// The field; members of members have dots between them: `owner.id`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The values that the field is compared with.
    pub fn values(&self) -> &[Literal] {
        &self.values
    }
}

/// Whether the text can be a field: a word that nothing else in a filter looks like.
pub(super) fn is_field(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_.-:$@/".contains(c);
    let is_word = ["and", "or", "not", "pr"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_alphabetic() || "_$@".contains(c))
        && text.chars().all(is_part)
        && !is_word
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (field, operator) = (&self.field, self.operator);
        match operator {
            Operator::Pr => return write!(f, "{operator} {field}"),
            _ => write!(f, "{field} {operator}")?,
        }
        match (operator.takes(), self.values.as_slice()) {
            (Takes::List, values) => {
                f.write_str(" (")?;
                for (index, value) in values.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{value}")?;
                }
                f.write_str(")")
            }
            (Takes::One, [value, ..]) => write!(f, " {value}"),
            _ => Ok(()),
        }
    }
}

/// Why there is no such comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonError(String);

impl fmt::Display for ComparisonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ComparisonError {}
