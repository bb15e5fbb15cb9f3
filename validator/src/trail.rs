//! The way to a value in which items of arrays go by their names: it stays the same where they move.

use std::borrow::Cow;

use serde_json::Value;
use source_text::JsonPointer;

/// The properties that tell an item from others, the best first.
pub(crate) const NAMES: [&str; 4] = ["identityAttributeName", "id", "name", "key"];

/// What stands for an item that has no name.
pub(crate) const UNNAMED: &str = "-";

/// The way from `root` to where a pointer leads.
pub(crate) fn trail(root: &Value, pointer: &JsonPointer) -> JsonPointer {
    let mut trail = JsonPointer::root();
    let mut value = Some(root);
    for token in pointer.tokens() {
        let next = match value {
            Some(Value::Array(items)) => {
                let item = token.parse().ok().and_then(|index: usize| items.get(index));
                trail.push(&item.map_or(UNNAMED.into(), name_of));
                item
            }
            other => {
                trail.push(&token);
                other.and_then(|object| object.get(&*token))
            }
        };
        value = next;
    }
    trail
}

fn name_of(item: &Value) -> Cow<'_, str> {
    let mut names = NAMES.iter().filter_map(|name| match item.get(name)? {
        Value::String(text) => Some(Cow::Borrowed(text.as_str())),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    });
    names.next().unwrap_or(UNNAMED.into())
}

/// The same of a pointer into what is not known: no item has a name.
pub(crate) fn without_indices(pointer: &str) -> String {
    let steps = pointer.split('/').map(|step| {
        let is_index = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { UNNAMED } else { step }
    });
    steps.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_go_by_their_names() {
        let value = json!({"a": [
            {"identityAttributeName": "email", "id": "x", "b": [{"c": 1}]},
            {"id": 5},
            7,
        ], "1": {"2": 3}});
        for (pointer, expected) in [
            ("", ""),
            ("/a", "/a"),
            ("/a/0/b/0/c", "/a/email/b/-/c"),
            ("/a/1/none/4", "/a/5/none/4"),
            ("/a/2", "/a/-"),
            ("/a/9", "/a/-"),
            ("/1/2", "/1/2"),
        ] {
            let pointer = JsonPointer::parse(pointer).expect("a pointer");
            assert_eq!(trail(&value, &pointer).as_str(), expected);
        }
        assert_eq!(without_indices("/a/12/b~1/3x/"), "/a/-/b~1/3x/");
    }
}
