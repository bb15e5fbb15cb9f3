//! Arrays: lists of one type, and tuples where the schema fixes the length.

use crate::ir::{Shape, TupleItem, TypeId, TypeRef};
use crate::load::Node;
use crate::resolve::Schema;

use super::types::TypeLowering;

impl<'d> TypeLowering<'_, 'd> {
    /// The type of an array schema.
    pub(super) fn array(&mut self, schema: &Schema<'d>, hint: &str, id: Option<TypeId>) -> TypeRef {
        if let Some(prefix) = schema.prefix_items {
            return self.tuple(schema, prefix, hint, id);
        }
        TypeRef::List(Box::new(self.rest_of_items(schema, hint)))
    }

    /// The type of the items that no position has a schema for.
    fn rest_of_items(&mut self, schema: &Schema<'d>, hint: &str) -> TypeRef {
        if schema.items.is_empty() {
            return TypeRef::Any;
        }
        self.type_of_all(&schema.items, &format!("{hint} item"))
            .into_ref()
    }

    /// The type of an array whose items have a schema each: a tuple if there are always as many,
    /// else a list of a type that fits all.
    fn tuple(
        &mut self,
        schema: &Schema<'d>,
        prefix: Node<'d>,
        hint: &str,
        id: Option<TypeId>,
    ) -> TypeRef {
        let mut types: Vec<TypeRef> = prefix
            .items()
            .enumerate()
            .map(|(index, item)| {
                self.type_of(item, &format!("{hint} item {}", index + 1))
                    .into_ref()
            })
            .collect();
        let length = Length::of(schema, types.len());
        if length.least == types.len() && length.most == Some(types.len()) {
            let items = types
                .into_iter()
                .map(|ty| TupleItem { ty, boxed: false })
                .collect();
            return self.own_type(schema, Shape::Tuple(items), hint, id);
        }
        if length.most.is_none_or(|most| most > types.len()) {
            types.push(self.rest_of_items(schema, hint));
        }
        types.dedup();
        if types.len() == 1 {
            return TypeRef::List(Box::new(types.remove(0)));
        }
        let message = "items of different types by position, and not always as many".to_owned();
        let effect = "item type widened to any value";
        self.diagnostics
            .warning(prefix, "prefix-items", message, effect);
        TypeRef::List(Box::new(TypeRef::Any))
    }
}

/// How many items an array may have.
struct Length {
    least: usize,
    /// `None`: any number.
    most: Option<usize>,
}

impl Length {
    /// What the keywords say of an array with schemas for this many positions.
    fn of(schema: &Schema<'_>, positions: usize) -> Self {
        let stated = |key: &str| {
            let parts = schema.parts.iter();
            parts
                .filter_map(|part| part.get(key)?.as_number()?.parse::<f64>().ok())
                .filter(|number| (0.0..=1e9).contains(number))
                .map(whole)
                .collect::<Vec<usize>>()
        };
        let is_closed = schema.parts.iter().any(|part| {
            ["items", "additionalItems", "unevaluatedItems"]
                .iter()
                .any(|key| part.get(key).and_then(Node::as_bool) == Some(false))
        });
        let bounds = stated("maxItems");
        let bounds = bounds.into_iter().chain(is_closed.then_some(positions));
        Self {
            least: stated("minItems").into_iter().max().unwrap_or(0),
            most: bounds.min(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and a billion"
)]
fn whole(number: f64) -> usize {
    number as usize
}
