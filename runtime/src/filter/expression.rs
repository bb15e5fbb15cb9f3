//! Filters as trees.

use std::fmt;
use std::ops::{Deref, Not};
use std::str::FromStr;

use super::parser;
use super::{Comparison, FilterError, Operator};

/// A filter.
///
/// Expressions are made by parsing, from a [`Comparison`], and by [`and`](Self::and),
/// [`or`](Self::or) and [`negated`](Self::negated) or `!`. Printed, one has the fewest parentheses that
/// give the same expression when it is parsed again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expression {
    /// What is asked of one field.
    Comparison(Comparison),
    /// `not`: what the expression does not match.
    Not(Box<Expression>),
    /// `and`: what all of the operands match.
    And(Operands),
    /// `or`: what one of the operands matches.
    Or(Operands),
}

/// The operands of [`Expression::And`] or [`Expression::Or`]: at least two, none of them the same
/// kind of expression again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operands(Vec<Expression>);

impl Deref for Operands {
    type Target = [Expression];

    fn deref(&self) -> &[Expression] {
        &self.0
    }
}

impl Expression {
    /// How deep parentheses and `not` may be nested in a text that is parsed. A deeper expression
    /// that a program made prints as a text that is not read back.
    pub const MAX_DEPTH: usize = 100;

    /// Reads a filter.
    ///
    /// # Errors
    ///
    /// If the text is none; the error says where and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parser::parse(text, None)
    }

    /// Reads a filter of these fields, each with the operators that it takes.
    ///
    /// # Errors
    ///
    /// If the text is no filter, or asks what its fields cannot be asked.
    pub fn parse_with(text: &str, fields: &[(&str, &[Operator])]) -> Result<Self, FilterError> {
        parser::parse(text, Some(fields))
    }

    /// What both match.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        let mut operands = match self {
            Self::And(operands) => operands.0,
            one => vec![one],
        };
        match other.into() {
            Self::And(others) => operands.extend(others.0),
            other => operands.push(other),
        }
        Self::And(Operands(operands))
    }

    /// What either matches.
    #[must_use]
    pub fn or(self, other: impl Into<Self>) -> Self {
        let mut operands = match self {
            Self::Or(operands) => operands.0,
            one => vec![one],
        };
        match other.into() {
            Self::Or(others) => operands.extend(others.0),
            other => operands.push(other),
        }
        Self::Or(Operands(operands))
    }

    /// What it does not match; the same as `!expression`.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// All comparisons in it, from left to right.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(expression) = open.pop() {
            match expression {
                Self::Comparison(comparison) => found.push(comparison),
                Self::Not(inner) => open.push(inner),
                Self::And(operands) | Self::Or(operands) => open.extend(operands.iter().rev()),
            }
        }
        found
    }
}

impl Not for Expression {
    type Output = Self;

    fn not(self) -> Self {
        self.negated()
    }
}

impl From<Comparison> for Expression {
    fn from(comparison: Comparison) -> Self {
        Self::Comparison(comparison)
    }
}

impl FromStr for Expression {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, operands) = match self {
            Self::Comparison(comparison) => return comparison.fmt(f),
            Self::Not(inner) => {
                f.write_str("not ")?;
                let is_looser = matches!(**inner, Self::And(_) | Self::Or(_));
                return write_operand(f, inner, is_looser);
            }
            Self::And(operands) => ("and", operands),
            Self::Or(operands) => ("or", operands),
        };
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                write!(f, " {word} ")?;
            }
            let is_looser = word == "and" && matches!(operand, Self::Or(_));
            write_operand(f, operand, is_looser)?;
        }
        Ok(())
    }
}

fn write_operand(f: &mut fmt::Formatter<'_>, operand: &Expression, is_looser: bool) -> fmt::Result {
    if is_looser {
        write!(f, "({operand})")
    } else {
        write!(f, "{operand}")
    }
}
