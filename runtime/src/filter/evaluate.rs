//! Whether a filter matches a JSON value.

use std::cmp::Ordering;

use crate::json::{Number, Value};

use super::literal::{self, Literal, LiteralKind};
use super::{Comparison, Expression, Operator};

impl Expression {
    /// Whether the filter matches an object.
    ///
    /// A field with dots is looked for in members of members: `owner.id`. Where a list stands on the
    /// way, each of its items counts, and a comparison matches if it does so for one of them.
    ///
    /// Numbers are compared with numbers, by what they denote; strings with strings, character by
    /// character, except that two times of RFC 3339 are compared as points in time; booleans with
    /// booleans. A value of another JSON type than the literal is not equal to it, neither less nor
    /// greater. Null is no value: `isnull` matches it, and `ne` does, since no value is equal.
    pub fn matches(&self, value: &Value) -> bool {
        match self {
            Self::Comparison(comparison) => comparison.matches(value),
            Self::Not(inner) => !inner.matches(value),
            Self::And(operands) => operands.iter().all(|operand| operand.matches(value)),
            Self::Or(operands) => operands.iter().any(|operand| operand.matches(value)),
        }
    }
}

impl Comparison {
    fn matches(&self, value: &Value) -> bool {
        let mut found = Vec::new();
        values_at(value, self.field(), &mut found);
        let any = |check: &dyn Fn(&Value, &Literal) -> bool| {
            let one_of = |literal: &Literal| found.iter().any(|value| check(value, literal));
            self.values().iter().any(one_of)
        };
        let is = |wanted: &[Ordering]| {
            any(&|value, literal| {
                order(value, literal).is_some_and(|order| wanted.contains(&order))
            })
        };
        match self.operator() {
            Operator::Eq | Operator::In => is(&[Ordering::Equal]),
            Operator::Ne => !is(&[Ordering::Equal]),
            Operator::Gt => is(&[Ordering::Greater]),
            Operator::Ge => is(&[Ordering::Greater, Ordering::Equal]),
            Operator::Lt => is(&[Ordering::Less]),
            Operator::Le => is(&[Ordering::Less, Ordering::Equal]),
            Operator::Sw => any(&|value, literal| {
                value
                    .as_str()
                    .is_some_and(|text| text.starts_with(literal.text()))
            }),
            Operator::Co => any(&|value, literal| {
                value
                    .as_str()
                    .is_some_and(|text| text.contains(literal.text()))
            }),
            Operator::Ca => self.values().iter().all(|literal| {
                let is_it = |value: &&Value| order(value, literal) == Some(Ordering::Equal);
                found.iter().any(is_it)
            }),
            Operator::Pr => !found.is_empty(),
            Operator::IsNull => found.is_empty(),
        }
    }
}

/// How a value compares with a literal of the same kind.
fn order(value: &Value, literal: &Literal) -> Option<Ordering> {
    match (value, literal.kind()) {
        (Value::Number(number), LiteralKind::Number) => {
            let literal = literal.number()?;
            Some(Number::from(number.clone()).cmp(&literal))
        }
        (Value::Bool(value), LiteralKind::Boolean) => Some(value.cmp(&(literal.text() == "true"))),
        (Value::String(text), LiteralKind::String | LiteralKind::Time) => {
            Some(order_of_texts(text, literal.text()))
        }
        _ => None,
    }
}

/// Two times are compared as points in time, any other texts character by character.
pub(super) fn order_of_texts(one: &str, other: &str) -> Ordering {
    match (literal::timestamp(one), literal::timestamp(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}

/// The values of a field, nulls aside: its own, or those of the items of lists on the way.
pub(super) fn values_at<'v>(value: &'v Value, field: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => {
            for item in items {
                values_at(item, field, found);
            }
        }
        Value::Object(members) => {
            // A member may have dots in its own name.
            if let Some(value) = members.get(field) {
                leaves(value, found);
            } else if let Some((first, rest)) = field.split_once('.')
                && let Some(value) = members.get(first)
            {
                values_at(value, rest, found);
            }
        }
        _ => {}
    }
}

fn leaves<'v>(value: &'v Value, found: &mut Vec<&'v Value>) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| leaves(item, found)),
        other => found.push(other),
    }
}
