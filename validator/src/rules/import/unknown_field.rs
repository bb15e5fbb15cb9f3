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
//! What to do: correct the name, move the property to where it belongs, or remove it. Of one that is
//! documented a level above or below, and of an attribute beside the `attributes` of a transform, the
//! help says where that is.

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
        transform,
    },
    wording,
};

/// What a transform has beside its type.
const ATTRIBUTES: &str = "attributes";

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
    while let Some((level, above)) = open.split_last_mut() {
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
                        level.report(child, above, documented, found);
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
    /// For how many of its properties another place was looked for.
    moved: usize,
}

/// For how many properties of an object another place is looked for: all of the object is read for it.
const MAX_MOVED: usize = 20;

impl<'d, 't> Level<'d, 't> {
    fn of(value: Node<'t>, documented: &'d Documented, place: PlaceId) -> Option<Self> {
        Some(Self {
            value,
            place: documented.place(place)?,
            children: Box::new(value.children()),
            absent: None,
            moved: 0,
        })
    }

    /// Reports a member that is not documented; `above` are the levels around this one.
    fn report(
        &mut self,
        member: Node<'t>,
        above: &[Self],
        documented: &Documented,
        found: &mut Found<'t>,
    ) {
        // A key that is no UTF-8 is an error already.
        let Some(key) = member.key() else {
            return;
        };
        let (value, place) = (self.value, self.place);
        let (absent, moved) = (&mut self.absent, &mut self.moved);
        found.key(member, Code::UnknownField, || {
            let absent = absent.get_or_insert_with(|| absent_names(value, place));
            let problem = unknown(&key, place);
            *moved += 1;
            if *moved <= MAX_MOVED
                && let Some(help) = help_to_move(&key, value, place, above, documented)
            {
                return problem.help(help);
            }
            match nearest(&key, absent.iter().copied()) {
                Some(near) => problem.did_you_mean(near, "rename it to"),
                None => problem.help("remove it, or correct its name: an import passes over it"),
            }
        });
    }
}

/// What to do with a property that is documented one level below, or above.
fn help_to_move(
    key: &str,
    object: Node<'_>,
    place: &Place,
    above: &[Level<'_, '_>],
    documented: &Documented,
) -> Option<String> {
    let has = |object: Node<'_>| {
        object
            .children()
            .any(|child| child.key().as_deref() == Some(key))
    };
    let takes = |place: &Place| place.takes(key);
    // The object may have many properties.
    let children = place
        .takes_below(documented, key)
        .then(|| object.children());
    let below = children.into_iter().flatten().filter(|child| {
        let property = place.property(*child);
        let place = property.and_then(|property| documented.place(property.place));
        child.is_object() && place.is_some_and(takes)
    });
    let (having, lacking): (Vec<_>, Vec<_>) = below.partition(|child| has(*child));
    let quoted = |children: &[Node<'_>]| -> Vec<String> {
        let names = children.iter().filter_map(Node::key);
        names.map(|name| wording::quoted(&name)).collect()
    };
    if !lacking.is_empty() {
        let names = wording::alternatives(&quoted(&lacking));
        return Some(format!("move it into {names}, where it is documented"));
    }
    match quoted(&having).as_slice() {
        [] => {}
        [one] => return Some(format!("remove it: {one} has it already")),
        many => return Some(format!("remove it: {} have it already", many.join(" and "))),
    }
    let is_of_transforms = place.names().contains(&ATTRIBUTES);
    if is_of_transforms && (key == "input" || transform::words().any(|word| word == key)) {
        return Some(format!("move it into \"{ATTRIBUTES}\""));
    }
    let around = above.last().filter(|level| takes(level.place))?;
    let name = wording::quoted(&object.key()?);
    Some(if has(around.value) {
        format!("remove it: it stands beside {name} already, where it belongs")
    } else {
        format!("move it out of {name}, to stand beside it")
    })
}

/// The documented names that an object does not have.
fn absent_names<'d>(object: Node<'_>, place: &'d Place) -> Vec<&'d str> {
    let mut absent = place.names();
    for key in object.children().filter_map(|child| child.key()) {
        absent.retain(|name| *name != key);
    }
    absent
}

fn unknown(key: &str, place: &Place) -> Problem {
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
    Problem::of(
        Code::UnknownField,
        format!("property {quoted} is not documented here"),
    )
    .expected(expected)
}
