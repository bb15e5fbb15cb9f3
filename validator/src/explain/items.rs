//! Items that an array must not have, or lacks.

use std::collections::HashMap;

use serde_json::{Number, Value};

use super::{Broken, schemas};
use crate::{Code, finding::Problem, wording};

/// The items of the array that breaks a keyword.
fn items<'a>(broken: &Broken<'a>) -> &'a [Value] {
    broken
        .instance()
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// Items beyond the first `limit`.
pub(super) fn beyond(broken: &Broken<'_>, limit: usize) -> impl Iterator<Item = Problem> {
    (limit..items(broken).len()).map(move |index| {
        let message = format!("item {index} is not allowed: only the first {limit} are described");
        broken
            .problem_at(Code::AdditionalItems, broken.pointer().item(index), message)
            .expected(format!("at most {}", wording::count(limit as u64, "item")))
            .help("remove it")
    })
}

/// Items that no other keyword describes, given as JSON texts in the array's order.
pub(super) fn unevaluated(broken: &Broken<'_>, unexpected: &[String]) -> Vec<Problem> {
    let rule = broken.root.pointer(broken.keyword().as_str());
    let asked = rule
        .filter(|rule| !matches!(rule, Value::Bool(_)))
        .map(|rule| schemas::describe(broken.root, rule));
    let expected = asked.as_ref().map_or_else(
        || "no items beyond those that are described".to_owned(),
        |asked| format!("in items that are not described: {asked}"),
    );
    // What is described are first items more often than last ones.
    let mut indices = Vec::new();
    let mut wanted = unexpected.iter().rev().peekable();
    for (index, item) in items(broken).iter().enumerate().rev() {
        let item = item.to_string();
        if wanted.next_if(|text| **text == item).is_some() {
            indices.push(index);
        }
    }
    indices
        .into_iter()
        .rev()
        .map(|index| {
            let message = match asked {
                Some(_) => format!("item {index} is not of the form of other items"),
                None => format!("item {index} is not allowed here"),
            };
            let at = broken.pointer().item(index);
            let problem = broken
                .problem_at(Code::AdditionalItems, at, message)
                .expected(expected.clone());
            match asked {
                Some(_) => problem,
                None => problem.help("remove it"),
            }
        })
        .collect()
}

/// Items that are equal to one before them.
pub(super) fn repeated(broken: &Broken<'_>) -> Vec<Problem> {
    let mut first = HashMap::new();
    let mut problems = Vec::new();
    for (index, item) in items(broken).iter().enumerate() {
        let earlier = *first.entry(normal_form(item).to_string()).or_insert(index);
        if earlier == index {
            continue;
        }
        let message = format!(
            "item {index} is equal to item {earlier}: {}",
            wording::found(item)
        );
        problems.push(
            broken
                .problem_at(Code::UniqueItems, broken.pointer().item(index), message)
                .expected("items that all differ")
                .help("remove one of the two"),
        );
    }
    problems
}

/// A value in which numbers that are equal are written alike, and properties in one order.
fn normal_form(value: &Value) -> Value {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|double| {
                number.is_f64() && double.fract() == 0.0 && double.abs() < 9_007_199_254_740_992.0
            });
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it is whole and small enough"
            )]
            let number = whole.map_or_else(|| number.clone(), |double| Number::from(double as i64));
            Value::Number(number)
        }
        Value::Array(items) => items.iter().map(normal_form).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            let members = members.into_iter();
            members
                .map(|(key, value)| (key.clone(), normal_form(value)))
                .collect()
        }
        other => other.clone(),
    }
}

/// An array in which too few or too many items fit the schema under `contains`.
pub(super) fn not_contained(broken: &Broken<'_>) -> Problem {
    let schema = broken.schema();
    let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let keyword = broken.keyword();
    let is_maximum = keyword.last().is_some_and(|last| last == "maxContains");
    if schema.get("contains") == Some(&Value::Bool(false)) && !is_maximum {
        let message = "no array fits here: an item is needed, and none is allowed";
        return broken
            .problem(Code::Contains, message)
            .expected("a value that is no array");
    }
    let wanted = schema.get("contains").map_or_else(
        || "what its schema describes".into(),
        |wanted| schemas::describe(broken.root, wanted),
    );
    let (most, least) = (limit("maxContains"), limit("minContains"));
    let (message, expected, help) = match (is_maximum, most, least) {
        (true, Some(most), Some(_)) => (
            format!("too many items are {wanted}"),
            format!("at most {}", items_that_are(most, &wanted)),
            "remove those that are too many",
        ),
        // Without a minimum of its own the keyword stands for one item too.
        (true, Some(most), None) => (
            format!("no item, or too many of them, are {wanted}"),
            format!("at least 1 and at most {}", items_that_are(most, &wanted)),
            "add one, or remove those that are too many",
        ),
        (_, _, Some(least)) if least > 1 => (
            format!("too few items are {wanted}"),
            format!("at least {}", items_that_are(least, &wanted)),
            "add those that are missing",
        ),
        _ => (
            format!("no item is {wanted}"),
            format!("at least {}", items_that_are(1, &wanted)),
            "add one",
        ),
    };
    broken
        .problem(Code::Contains, message)
        .expected(expected)
        .help(help)
}

/// `1 item that is …`, `2 items that are …`.
fn items_that_are(number: u64, wanted: &str) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    format!("{} that {verb} {wanted}", wording::count(number, "item"))
}
