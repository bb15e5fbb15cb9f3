//! What one schema object says of types and listed values.

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

use super::types::Types;

/// The types that `type` names; `None` if it names none, or one that does not exist.
pub fn types(part: Node<'_>, diagnostics: &mut Diagnostics) -> Option<Types> {
    let value = part.get("type")?;
    let names: Vec<Node<'_>> = match value.kind() {
        Kind::String => vec![value],
        Kind::Array => value.items().collect(),
        _ => return None,
    };
    let mut types = Types::NONE;
    for name in names {
        if let Some(one) = name.as_str().and_then(Types::named) {
            types = types.with(one);
        } else {
            let text = name.scalar_text().unwrap_or("this");
            let message = format!("{text:?} is not a JSON type");
            let effect = "type widened to any value";
            diagnostics.warning(name, "unknown-type", message, effect);
            return None;
        }
    }
    (types != Types::NONE).then_some(types)
}

/// Says which values the schema lists and refuses by its own `type`, unless it is clear which
/// value of the type is meant: lowering takes that one and says so.
pub(super) fn check_listed(part: Node<'_>, types: Types, diagnostics: &mut Diagnostics) {
    if let Some(value) = listed(part).find(|value| is_refused(*value, types)) {
        let message = format!(
            "{:?} is listed and is {}, which \"type\" refuses",
            value.scalar_text().unwrap_or("a value"),
            value.kind().with_article()
        );
        let effect = "values are taken as they are listed, whatever the type says";
        diagnostics.warning(value, "enum-type-mismatch", message, effect);
    }
}

/// Whether the schema lists a value that its own `type` refuses.
pub fn lists_refused(part: Node<'_>, types: Types) -> bool {
    listed(part).any(|value| is_refused(value, types))
}

/// Whether the schema lists `null`.
pub fn lists_null(part: Node<'_>) -> bool {
    listed(part).any(Node::is_null)
}

/// The value of the type that a listed value of another type clearly means: YAML takes texts
/// without quotes for numbers and booleans.
pub fn meant(value: Node<'_>, types: Types) -> Option<Value> {
    if value.is_null() {
        return None;
    }
    let text = value.as_str();
    match types.without(Types::NULL) {
        Types::STRING if text.is_none() => value.scalar_text().map(Value::from),
        Types::BOOLEAN => text?.parse::<bool>().ok().map(Value::from),
        Types::INTEGER | Types::NUMBER => text?.parse::<i64>().ok().map(Value::from),
        _ => None,
    }
}

fn listed(part: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let all = part.get("enum").into_iter().flat_map(Node::items);
    all.chain(part.get("const"))
}

fn is_refused(value: Node<'_>, types: Types) -> bool {
    !value.is_null() && !types.contains(Types::of(value)) && meant(value, types).is_none()
}
