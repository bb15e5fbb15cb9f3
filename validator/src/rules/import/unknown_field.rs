//! A property that is not documented at its place.
//!
//! An import passes over properties that it does not know, without a word: a misspelt name, or one
//! that stands one level too high or too low, is lost.
//!
//! Wrong:
//!
//! ```json
//! {"object": {"name": "Employees", "descripton": "All of them", "authoritativeSource": {"name": "HR"}}}
//! ```
//!
//! Right:
//!
//! ```json
//! {"object": {"name": "Employees", "description": "All of them", "authoritativeSource": {"name": "HR"}}}
//! ```
//!
//! The documented names are those of the edition's schema. Places where any property may stand, such
//! as the `attributes` of a transform, have none, and the keys `jwsHeader` and `jwsSignature`, which
//! exports have and no document mentions, are never reported. Servers may be ahead of the documents,
//! so it is a warning.
//!
//! What to do: correct the name, move the property to where it belongs, or remove it.

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
    let mut open: Vec<Level<'_, 't>> = Vec::new();
    open.extend(Level::of(value, documented, place));
    while let Some(level) = open.last_mut() {
        let Some(child) = level.children.next() else {
            open.pop();
            continue;
        };
        let place = if level.value.is_object() {
            match level.place.property(child) {
                Some(property) => {
                    if property.is_read_only && looking.for_read_only {
                        read_only::report(child, found);
                    }
                    (!property.is_leaf).then_some(property.place)
                }
                None => {
                    let is_free = level.place.is_free() || is_signature(child);
                    if looking.for_unknown_fields && !is_free {
                        level.report(child, found);
                    }
                    None
                }
            }
        } else {
            level.place.items()
        };
        if matches!(child.kind(), Kind::Object | Kind::Array) {
            open.extend(place.and_then(|place| Level::of(child, documented, place)));
        }
    }
}

fn is_signature(member: Node<'_>) -> bool {
    matches!(member.name(), names::JWS_HEADER | names::JWS_SIGNATURE)
}

/// An object or array that is being looked through.
struct Level<'d, 't> {
    value: Node<'t>,
    place: &'d Place,
    children: Box<dyn Iterator<Item = Node<'t>> + 't>,
    /// The documented names that an object does not have, once they were asked for.
    absent: Option<Vec<&'d str>>,
}

impl<'d, 't> Level<'d, 't> {
    fn of(value: Node<'t>, documented: &'d Documented, place: PlaceId) -> Option<Self> {
        Some(Self {
            value,
            place: documented.place(place)?,
            children: Box::new(value.children()),
            absent: None,
        })
    }

    fn report(&mut self, member: Node<'t>, found: &mut Found<'t>) {
        // A key that is no UTF-8 is an error already.
        let Some(key) = member.key() else {
            return;
        };
        let (value, place) = (self.value, self.place);
        let absent = &mut self.absent;
        found.key(member, Code::UnknownField, || {
            let absent = absent.get_or_insert_with(|| absent_names(value, place));
            unknown(&key, place, absent)
        });
    }
}

/// The documented names that an object does not have.
fn absent_names<'d>(object: Node<'_>, place: &'d Place) -> Vec<&'d str> {
    let mut absent = place.names();
    for key in object.children().filter_map(|child| child.key()) {
        absent.retain(|name| *name != key);
    }
    absent
}

fn unknown(key: &str, place: &Place, absent: &[&str]) -> Problem {
    let documented = place.names();
    let expected = if documented.len() <= MAX_NAMES {
        let names: Vec<String> = documented
            .iter()
            .map(|name| wording::quoted(name))
            .collect();
        format!("one of {}", names.join(", "))
    } else {
        "a documented property".into()
    };
    let quoted = wording::quoted(key);
    let problem = Problem::of(
        Code::UnknownField,
        format!("property {quoted} is not documented here"),
    )
    .expected(expected);
    match nearest(key, absent.iter().copied()) {
        Some(near) => problem.did_you_mean(near, "rename it to"),
        None => problem.help("remove it, or correct its name: an import passes over it"),
    }
}
