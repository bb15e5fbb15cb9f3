//! Where two JSON values differ, as JSON Schema sees equality (core, section 4.2.2).

use serde_json::{Number, Value};

/// The first place where the values differ, and how; `None` if they are equal.
pub(super) fn difference(before: &Value, after: &Value) -> Option<String> {
    let mut pointer = String::new();
    compare(Some(before), Some(after), &mut pointer)
}

fn compare(before: Option<&Value>, after: Option<&Value>, pointer: &mut String) -> Option<String> {
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            before.keys().chain(added).find_map(|key| {
                let token = key.replace('~', "~0").replace('/', "~1");
                inside(&token, pointer, |pointer| {
                    compare(before.get(key), after.get(key), pointer)
                })
            })
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            (0..before.len().max(after.len())).find_map(|index| {
                inside(&index.to_string(), pointer, |pointer| {
                    compare(before.get(index), after.get(index), pointer)
                })
            })
        }
        (Some(Value::Number(before)), Some(Value::Number(after))) if same(before, after) => None,
        (before, after) if before == after => None,
        (before, after) => {
            let show = |value: Option<&Value>| {
                value.map_or_else(|| "nothing".to_owned(), |value| shorten(&value.to_string()))
            };
            let place = if pointer.is_empty() {
                "the root"
            } else {
                pointer
            };
            Some(format!("{place}: {} became {}", show(before), show(after)))
        }
    }
}

fn inside(
    token: &str,
    pointer: &mut String,
    look: impl FnOnce(&mut String) -> Option<String>,
) -> Option<String> {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(token);
    let found = look(pointer);
    pointer.truncate(length);
    found
}

/// Numbers are equal by value, whatever their form.
fn same(before: &Number, after: &Number) -> bool {
    let integer = |number: &Number| number.as_i128();
    match (integer(before), integer(after)) {
        (Some(before), Some(after)) => before == after,
        _ => before.as_f64() == after.as_f64(),
    }
}

/// A text of a length to print.
pub(super) fn shorten(text: &str) -> String {
    const LENGTH: usize = 160;
    if text.chars().count() <= LENGTH {
        return text.to_owned();
    }
    text.chars().take(LENGTH).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        let cases = [
            (
                json!({"a": [1, {"b": 2.0}]}),
                json!({"a": [1.0, {"b": 2}]}),
                None,
            ),
            (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), None),
            (json!(1), json!("1"), Some("the root: 1 became \"1\"")),
            (
                json!({"a/b": [{"~": null}]}),
                json!({"a/b": [{}]}),
                Some("/a~1b/0/~0: null became nothing"),
            ),
            (
                json!({}),
                json!({"x": null}),
                Some("/x: nothing became null"),
            ),
            (json!([1]), json!([1, 2]), Some("/1: nothing became 2")),
            (json!(1.5), json!(1), Some("the root: 1.5 became 1")),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                Some("the root: 9007199254740993 became 9007199254740992"),
            ),
        ];
        for (before, after, expected) in cases {
            assert_eq!(difference(&before, &after).as_deref(), expected);
        }
    }
}
