//! Transforms: how the value of an identity attribute is made.
//!
//! A transform is `{type, attributes}` and may stand wherever a value may: in `input`, in the items
//! of `values`, in named variables of any name.

pub(super) mod missing_attribute;
pub(super) mod missing_type;
pub(super) mod source_mismatch;
mod types;
pub(super) mod unknown_operator;
pub(super) mod unknown_type;
pub(super) mod unresolved_reference;

use super::{Found, facts::Gathering};
use crate::json::{
    names,
    tape::{Kind, Node},
};

/// The names of types, of the attributes that they need, and of operators.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    types::words().chain(unknown_operator::OPERATORS)
}

/// How sure it is that an object is a transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It must be one, and the schema says what its type is.
    Definition,
    /// It must be one, of which no schema says anything.
    Exported,
    /// It may be any object.
    Nested,
}

/// Checks a transform and all that it holds.
pub(super) fn check<'t>(
    definition: Node<'t>,
    place: Place,
    facts: &mut Gathering<'_, 't>,
    found: &mut Found<'t>,
) {
    if definition.is_object() && check_one(definition, place, facts, found) {
        return;
    }
    for value in definition.descendants() {
        // What stands in `attributes` are named values, and in `table` texts.
        if value.kind() == Kind::Object
            && value.name() != names::ATTRIBUTES
            && value.name() != names::TABLE
        {
            check_one(value, Place::Nested, facts, found);
        }
    }
}

/// Checks a transform, or what may be one.
///
/// `true`: it is known to hold no object but its attributes, as most do.
fn check_one<'t>(
    object: Node<'t>,
    place: Place,
    facts: &mut Gathering<'_, 't>,
    found: &mut Found<'t>,
) -> bool {
    let (mut kind, mut attributes, mut others) = (None, None, 0);
    for member in object.children() {
        match member.name() {
            names::TYPE => kind = Some(member),
            names::ATTRIBUTES => attributes = Some(member),
            _ => others += 1,
        }
    }
    let is_certain = place != Place::Nested;
    let attributes = attributes.filter(Node::is_object);
    let Some(kind) = kind else {
        // Any object may have attributes and more.
        if is_certain || attributes.is_some() && others == 0 {
            missing_type::report(object, attributes, found);
        }
        return false;
    };
    if !is_certain && attributes.is_none() && others > 0 {
        return false;
    }
    let transform = Transform { object, attributes };
    // Nearly all are of one of these two types.
    if kind.is_text("accountAttribute") {
        let (is_whole, is_flat) = transform.account_attributes(facts);
        if !is_whole {
            missing_attribute::check(&transform, types::ACCOUNT_ATTRIBUTE, found);
        }
        return is_flat && others == 0;
    }
    if kind.is_text("reference") {
        let id = attributes.and_then(|attributes| attributes.get(names::ID));
        match id {
            Some(id) => facts.reference(id),
            None => missing_attribute::check(&transform, types::REFERENCE, found),
        }
    } else if let Some(text) = kind.text() {
        match types::find(&text) {
            Some(known) => {
                missing_attribute::check(&transform, known, found);
                if known.name == "dateCompare" {
                    unknown_operator::check(&transform, found);
                }
            }
            // An object that has nothing but a type may be anything.
            None if is_certain || attributes.is_some() => unknown_type::report(kind, &text, found),
            None => {}
        }
    } else if matches!(kind.kind(), Kind::String { .. }) {
        // Its bytes are no UTF-8, which is an error already.
    } else if place == Place::Exported || place == Place::Nested && attributes.is_some() {
        missing_type::report_other(kind, found);
    }
    false
}

/// A transform in an element.
struct Transform<'t> {
    object: Node<'t>,
    attributes: Option<Node<'t>>,
}

impl<'t> Transform<'t> {
    /// Whether the attributes that the type `accountAttribute` needs are there, and whether all that
    /// are there are scalars.
    fn account_attributes(&self, facts: &mut Gathering<'_, 't>) -> (bool, bool) {
        let Some(attributes) = self.attributes else {
            return (false, false);
        };
        let mut is_flat = true;
        let (mut id, mut name) = (None, None);
        let (mut has_attribute, mut has_source) = (false, false);
        for member in attributes.children() {
            is_flat &= !matches!(member.kind(), Kind::Object | Kind::Array);
            match member.name() {
                names::ATTRIBUTE_NAME => has_attribute = true,
                names::SOURCE_ID => id = Some(member),
                names::SOURCE_NAME => name = Some(member),
                names::APPLICATION_ID | names::APPLICATION_NAME => has_source = true,
                _ => {}
            }
        }
        if let (Some(id), Some(name)) = (id, name) {
            facts.source(id, name);
        }
        let is_whole = has_attribute && (has_source || id.is_some() || name.is_some());
        (is_whole, is_flat)
    }

    fn get(&self, name: names::NameId) -> Option<Node<'t>> {
        self.attributes?.get(name)
    }
}
