//! A property that is not documented at its place.
//!
//! An import passes over properties that it does not know, without a word: a misspelt name, or one
//! that stands one level too high or too low, is lost.
//!
//! Wrong:
//!
//! ```json
//! {"object": {"name": "Employees", "descripton": "All of them", …}}
//! ```
//!
//! Right:
//!
//! ```json
//! {"object": {"name": "Employees", "description": "All of them", …}}
//! ```
//!
//! The documented names are those of the edition's schema. Places where any property may stand, such
//! as the `attributes` of a transform, have none, and the keys `jwsHeader` and `jwsSignature`, which
//! exports have and no document mentions, are never reported. Servers may be ahead of the documents,
//! so it is a warning.

use crate::{
    Code,
    finding::Problem,
    json::{
        names,
        tape::{Kind, Node},
    },
    nearest::nearest,
    rules::{
        Found, Looking,
        documented::{Documented, Place, PlaceId},
        import::read_only,
    },
    wording,
};

/// Most names that "expected" lists.
const MAX_NAMES: usize = 20;

/// Holds all properties below `value`, which stands at `place`, against the documented ones.
pub(in crate::rules) fn check<'t>(
    value: Node<'t>,
    documented: &Documented,
    place: PlaceId,
    looking: Looking,
    found: &mut Found<'t>,
) {
    let mut waiting = vec![(value, place)];
    while let Some((value, place)) = waiting.pop() {
        let Some(place) = documented.place(place) else {
            continue;
        };
        if !value.is_object() {
            if let Some(of_items) = place.items() {
                waiting.extend(value.children().map(|item| (item, of_items)));
            }
            continue;
        }
        for member in value.children() {
            match place.property(member) {
                Some(property) => {
                    if property.is_read_only && looking.for_read_only {
                        read_only::report(member, found);
                    }
                    if !property.is_leaf && matches!(member.kind(), Kind::Object | Kind::Array) {
                        waiting.push((member, property.place));
                    }
                }
                None if looking.for_unknown_fields && !place.is_free() && !is_signature(member) => {
                    report(value, member, place, found);
                }
                None => {}
            }
        }
    }
}

fn is_signature(member: Node<'_>) -> bool {
    matches!(member.name(), names::JWS_HEADER | names::JWS_SIGNATURE)
}

fn report<'t>(object: Node<'t>, member: Node<'t>, place: &Place, found: &mut Found<'t>) {
    // A key that is no UTF-8 is an error already.
    let Some(key) = member.key() else {
        return;
    };
    let documented = place.names();
    let present: Vec<_> = object.children().filter_map(|child| child.key()).collect();
    let absent = documented
        .iter()
        .copied()
        .filter(|name| !present.iter().any(|key| key == name));
    let near = nearest(&key, absent);
    let expected = if documented.len() <= MAX_NAMES {
        let names: Vec<String> = documented
            .iter()
            .map(|name| wording::quoted(name))
            .collect();
        format!("one of {}", names.join(", "))
    } else {
        "a documented property".into()
    };
    let quoted = wording::quoted(&key);
    let problem = Problem::of(
        Code::UnknownField,
        format!("property {quoted} is not documented here"),
    )
    .expected(expected);
    found.key(
        member,
        match near {
            Some(near) => problem.did_you_mean(near, "rename it to"),
            None => problem.help("remove it, or correct its name: an import passes over it"),
        },
    );
}
