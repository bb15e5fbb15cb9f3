//! Where two JSON values differ.

use serde_json::Value;

/// One place where two values differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// JSON Pointer (RFC 6901) to the place, from the root of both values.
    pub pointer: String,
    /// What the first value has there; `None`: nothing.
    pub before: Option<Value>,
    /// What the second value has there; `None`: nothing.
    pub after: Option<Value>,
}

impl Difference {
    /// Whether only the form of a number differs: `10.0` and `10` are one number in JSON Schema.
    pub fn is_number_form(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(Value::Number(before)), Some(Value::Number(after))) => {
                before.is_f64() != after.is_f64() && before.as_f64() == after.as_f64()
            }
            _ => false,
        }
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |value: &Option<Value>| {
            value
                .as_ref()
                .map_or_else(|| "nothing".to_owned(), Value::to_string)
        };
        write!(
            f,
            "{}: {} became {}",
            if self.pointer.is_empty() {
                "the root"
            } else {
                &self.pointer
            },
            show(&self.before),
            show(&self.after)
        )
    }
}

/// Every place where the values differ; none if they are equal, numbers' forms included.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", Some(before), Some(after), &mut found);
    found
}

fn compare(
    pointer: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (before, after) {
        (Some(Value::Object(mine)), Some(Value::Object(theirs))) => {
            let only_theirs = theirs.keys().filter(|key| !mine.contains_key(*key));
            for key in mine.keys().chain(only_theirs) {
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                compare(&below, mine.get(key), theirs.get(key), found);
            }
        }
        (Some(Value::Array(mine)), Some(Value::Array(theirs))) => {
            for index in 0..mine.len().max(theirs.len()) {
                let below = format!("{pointer}/{index}");
                compare(&below, mine.get(index), theirs.get(index), found);
            }
        }
        _ if before == after => {}
        _ => found.push(Difference {
            pointer: pointer.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::differences;

    #[test]
    fn every_kind_of_difference_is_found() {
        let before = json!({"same": [1, {}], "less": 1, "a/b": [1, 2], "form": 10.0, "null": null});
        let after = json!({"same": [1, {}], "more": 2, "a/b": [1], "form": 10});
        let found = differences(&before, &after);
        let mut lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        lines.sort();
        assert_eq!(
            lines,
            [
                "/a~1b/1: 2 became nothing",
                "/form: 10.0 became 10",
                "/less: 1 became nothing",
                "/more: nothing became 2",
                "/null: null became nothing",
            ]
        );
        let forms = found.iter().filter(|found| found.is_number_form());
        assert_eq!(forms.count(), 1);
    }

    #[test]
    fn equal_values_do_not_differ() {
        let value = json!([null, {"a": [1.5, "x"]}]);
        assert_eq!(differences(&value, &value.clone()), []);
    }
}
