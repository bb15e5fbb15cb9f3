//! Which variant of a union a value can be, told before any is read.

use super::{JsonType, ValueRef};

/// What tells a variant of a union from the others. What a schema does not say is empty.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// JSON types that it can be, as JSON Schema names them; empty: any.
    pub types: &'static [&'static str],
    /// Members that it must have.
    pub required: &'static [&'static str],
    /// Members that it knows.
    pub properties: &'static [&'static str],
    /// Members with the values that they may have, as JSON text; the value itself by an empty name.
    pub constants: &'static [(&'static str, &'static [&'static str])],
    /// Discriminator values that name it.
    pub tags: &'static [&'static str],
}

impl Shape {
    /// A variant of which nothing is known.
    pub const ANY: Self = Self {
        types: &[],
        required: &[],
        properties: &[],
        constants: &[],
        tags: &[],
    };

    fn has_type_of(&self, value: ValueRef<'_>) -> bool {
        let name = match value.json_type() {
            JsonType::Null => "null",
            JsonType::Boolean => "boolean",
            JsonType::Integer => "integer",
            JsonType::Number => "number",
            JsonType::String => "string",
            JsonType::Array => "array",
            JsonType::Object => "object",
        };
        self.types.is_empty()
            || self.types.contains(&name)
            || (name == "integer" && self.types.contains(&"number"))
    }

    fn has_members_of(&self, value: ValueRef<'_>) -> bool {
        !value.is_object() || self.required.iter().all(|name| value.get(name).is_some())
    }

    /// Whether the value contradicts a constant, and whether that constant is the only one.
    fn contradiction(&self, value: ValueRef<'_>) -> Contradiction {
        let mut worst = Contradiction::None;
        for (name, allowed) in self.constants {
            let found = if name.is_empty() {
                Some(value)
            } else {
                value.get(name)
            };
            let Some(found) = found.filter(|found| !found.is_null()) else {
                continue;
            };
            let text = found.to_string();
            if allowed.contains(&text.as_str()) {
                continue;
            }
            if allowed.len() == 1 {
                return Contradiction::Constant;
            }
            worst = Contradiction::Listed;
        }
        worst
    }

    fn unknown_members(&self, value: ValueRef<'_>) -> usize {
        let names = value.members().map(|(name, _)| name);
        names.filter(|name| !self.properties.contains(name)).count()
    }
}

#[derive(PartialEq, Eq)]
enum Contradiction {
    None,
    /// The value is none of several that the document lists: a list may have grown since.
    Listed,
    Constant,
}

/// The variants that the value can be, the best first, by index.
///
/// A variant is out if its JSON type, a required member or a constant says so. Those that are left
/// are ordered by the discriminator, then by listed values, then by how few members they do not
/// know, then by the document's order. The discriminator orders and never excludes a variant: it
/// does not change what is valid (OpenAPI 3.1, section 4.8.25). Where it names none of them and the
/// best are equally good, there is nothing to choose by, and none is given.
pub fn candidates(
    value: ValueRef<'_>,
    shapes: &[Shape],
    discriminator: Option<&str>,
) -> Vec<usize> {
    let tag = discriminator
        .and_then(|name| value.get(name))
        .and_then(ValueRef::as_str);
    let mut ranked: Vec<(bool, bool, usize, usize)> = shapes
        .iter()
        .enumerate()
        .filter(|(_, shape)| shape.has_type_of(value) && shape.has_members_of(value))
        .filter_map(|(index, shape)| {
            let is_tagged = tag.is_some_and(|tag| shape.tags.contains(&tag));
            let contradiction = shape.contradiction(value);
            (contradiction != Contradiction::Constant).then(|| {
                let is_listed = contradiction == Contradiction::None;
                (!is_tagged, !is_listed, shape.unknown_members(value), index)
            })
        })
        .collect();
    ranked.sort_unstable();
    let is_known = tag.is_none_or(|tag| shapes.iter().any(|shape| shape.tags.contains(&tag)));
    if let [first, second, ..] = ranked.as_slice()
        && !is_known
        && (first.1, first.2) == (second.1, second.2)
    {
        return Vec::new();
    }
    ranked.into_iter().map(|(_, _, _, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Shape, candidates};
    use crate::json::Tape;

    const CAT: Shape = Shape {
        types: &["object"],
        required: &["name"],
        properties: &["kind", "name", "lives"],
        constants: &[("kind", &["\"cat\""])],
        tags: &["Cat"],
    };
    const DOG: Shape = Shape {
        types: &["object"],
        required: &["name"],
        properties: &["kind", "name", "size"],
        constants: &[("kind", &["\"dog\""]), ("size", &["\"small\"", "\"big\""])],
        tags: &["Dog"],
    };
    const ANIMAL: Shape = Shape {
        types: &["object"],
        properties: &["name"],
        ..Shape::ANY
    };
    const NAME: Shape = Shape {
        types: &["string"],
        ..Shape::ANY
    };
    const AGE: Shape = Shape {
        types: &["number"],
        ..Shape::ANY
    };
    const ALL: [Shape; 5] = [CAT, DOG, ANIMAL, NAME, AGE];

    #[track_caller]
    fn check(value: &Value, discriminator: Option<&str>, expected: &[usize]) {
        let tape = Tape::from_value(value.clone());
        let found = candidates(tape.root(), &ALL, discriminator);
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn constants_types_and_required_members_decide() {
        check(&json!({"kind": "dog", "name": "Rex"}), None, &[1, 2]);
        check(&json!({"kind": "dog"}), None, &[2]);
        check(&json!("Rex"), None, &[3]);
        check(&json!(7), None, &[4]);
        check(&json!(true), None, &[]);
    }

    #[test]
    fn a_listed_value_may_be_new_and_only_ranks_lower() {
        check(
            &json!({"kind": "dog", "name": "Rex", "size": "huge"}),
            None,
            &[2, 1],
        );
    }

    #[test]
    fn fewer_unknown_members_rank_higher() {
        check(&json!({"name": "Tom", "lives": 9}), None, &[0, 1, 2]);
        check(&json!({"name": "Tom"}), None, &[0, 1, 2]);
    }

    #[test]
    fn the_discriminator_orders_and_never_excludes() {
        check(
            &json!({"name": "Rex", "type": "Dog", "lives": 1}),
            Some("type"),
            &[1, 0, 2],
        );
        check(
            &json!({"kind": "cat", "name": "Tom", "type": "Dog"}),
            Some("type"),
            &[0, 2],
        );
    }

    #[test]
    fn a_discriminator_that_names_none_leaves_only_what_is_better_than_the_rest() {
        let fish = json!({"name": "Wanda", "type": "Fish"});
        check(&fish, Some("type"), &[]);
        let cat_like = json!({"name": "Leo", "type": "Lion", "lives": 1});
        check(&cat_like, Some("type"), &[0, 1, 2]);
        check(&json!({"type": "Fish"}), Some("type"), &[2]);
    }
}
