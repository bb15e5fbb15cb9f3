//! The keys of objects, by what came next before.
//!
//! Exports have the same keys in the same order over and over. For each place in objects it is
//! remembered which key came next, together with all that the program makes of it: one comparison of
//! bytes tells the key then, and nothing is looked up. What is remembered is a guess that the bytes
//! confirm, so that a place that is left out, or has other keys, costs time only.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasherDefault,
};

use super::{Node, NodeId, Program, ShapeId, Subschema};
use crate::{
    json::{
        names::{self, KeyHasher, NameId, Names},
        scan::{self, Chunk, Head},
    },
    tree,
};

/// How many places are told apart; hostile texts have any number of them.
const MAX_PLACES: usize = 2048;

/// How many keys are remembered for a place.
const WAYS: usize = 2;

/// A place in objects: after a key, or before the first one, in objects of one shape that stand
/// under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlaceId(u16);

impl PlaceId {
    /// A place for which no key is remembered.
    pub(super) const NOWHERE: Self = Self(0);

    /// The numbers of the steps that were taken from there.
    #[inline(always)]
    fn steps(self) -> [usize; WAYS] {
        let first = usize::from(self.0) * WAYS;
        [first, first + 1]
    }
}

/// The keys of an object that were seen, as bits.
///
/// Those of different keys may be the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen(u64);

impl Seen {
    /// What is in any set: a key with this bit asks for a closer look whenever it comes.
    pub(super) const UNUSUAL: Self = Self(1 << 63);
    /// All keys.
    pub(super) const ALL: Self = Self(u64::MAX);

    fn of(name: NameId) -> Self {
        Self(1 << (name.0 % 63))
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a key may be among these, or is unusual.
    pub(super) fn meets(self, key: Self) -> bool {
        self.0 & key.0 != 0
    }

    /// Whether a key may be among these.
    pub(super) fn may_hold(self, key: Self) -> bool {
        self.0 & key.0 & !Self::UNUSUAL.0 != 0
    }
}

/// A key, and what a program makes of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// The byte before the key, which a comma or a bracket is, the key and its colon.
    head: Head,
    /// What [`Property::required`](super::Property::required) says.
    pub(super) required: u64,
    /// Which bits of [`Seen`] stand for the key.
    pub(super) seen: Seen,
    /// The check of the value.
    pub(super) node: Node,
    pub(super) name: NameId,
    /// The place after the key.
    pub(super) next: PlaceId,
    /// The place before the first key of the value, if it is an object and was met before.
    pub(super) inner: PlaceId,
    /// The schema names properties of the object, and this one is not among them; it is unusual.
    pub(super) is_unnamed: bool,
}

impl Step {
    const NONE: Self = Self {
        head: Head::NONE,
        required: 0,
        seen: Seen::UNUSUAL,
        node: Node::NEVER,
        name: NameId::NONE,
        next: PlaceId::NOWHERE,
        inner: PlaceId::NOWHERE,
        is_unnamed: false,
    };

    /// What follows the key and its colon, if `rest`, which begins with the chunk, begins with the
    /// byte before the key, the key, and the colon.
    #[inline(always)]
    pub(super) fn after<'b>(&self, rest: &'b [u8], chunk: &Chunk) -> Option<&'b [u8]> {
        if self.head.begins(chunk) {
            rest.get(self.head.length()..)
        } else {
            None
        }
    }
}

/// What is known of a place besides its steps.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The key that came last and is not remembered: if it comes again, it will be.
    missed: NameId,
    /// Which step gives way then.
    way: usize,
}

/// An object whose next key is to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
    pub(super) place: PlaceId,
    /// The key of the object.
    pub(super) own_name: NameId,
    pub(super) shape: ShapeId,
}

/// A key that was read to its colon.
pub(super) struct Key<'b> {
    /// The number of its step.
    pub(super) step: usize,
    /// From its opening quote on.
    pub(super) quote: &'b [u8],
    /// From its value on.
    pub(super) value: &'b [u8],
    /// It is spelled with escapes: it may be one that is known.
    pub(super) has_escapes: bool,
}

/// The keys that one thread met.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) names: Names,
    /// Those of each place one after the other; the first is that of a key that is not remembered.
    steps: Vec<Step>,
    places: Vec<Place>,
    index: HashMap<u64, PlaceId, BuildHasherDefault<KeyHasher>>,
}

impl Keys {
    pub(super) fn new(names: Names) -> Self {
        let mut keys = Self {
            names,
            steps: Vec::new(),
            places: Vec::new(),
            index: HashMap::default(),
        };
        keys.forget();
        keys
    }

    /// Forgets all places but the one that is none.
    fn forget(&mut self) {
        self.index.clear();
        self.places.clear();
        self.steps.clear();
        self.add_place();
    }

    fn add_place(&mut self) {
        self.places.push(Place {
            missed: NameId::NONE,
            way: 0,
        });
        self.steps.extend([Step::NONE; WAYS]);
    }

    /// Before a value is read: no place that was given out is used any more.
    pub(super) fn begin(&mut self) {
        if self.places.len() >= MAX_PLACES {
            self.forget();
        }
    }

    /// The place in objects of a shape under `own_name` that comes after `last_name`.
    fn place(
        &mut self,
        program: &Program,
        shape: ShapeId,
        own_name: NameId,
        last_name: NameId,
    ) -> PlaceId {
        // Objects that no program asks anything of are all the same.
        let shape = match shape {
            0 => 0,
            shape => program.first_shape.saturating_add(shape),
        };
        let key = u64::from(shape) << 32 | u64::from(own_name.0) << 16 | u64::from(last_name.0);
        match self.index.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) if self.places.len() < MAX_PLACES => {
                let Ok(next) = u16::try_from(self.places.len()) else {
                    return PlaceId::NOWHERE;
                };
                entry.insert(PlaceId(next));
                self.add_place();
                PlaceId(next)
            }
            Entry::Vacant(_) => PlaceId::NOWHERE,
        }
    }

    /// The place before the first key of an object of this shape, to which a step leads.
    #[inline(never)]
    pub(super) fn enter(&mut self, program: &Program, step: usize, shape: ShapeId) -> PlaceId {
        let own_name = self.step(step).name;
        let place = self.place(program, shape, own_name, NameId::NONE);
        if let Some(step) = self.steps.get_mut(step) {
            step.inner = place;
        }
        place
    }

    /// The step to a value that must fit `subschema`.
    pub(super) fn root(&mut self, program: &Program, subschema: Subschema) -> usize {
        self.once(Step {
            node: *program.node(subschema.0),
            ..Step::NONE
        })
    }

    /// The place before the first key of the items of an array under `own_name`, if they are objects
    /// of one shape.
    #[inline(never)]
    pub(super) fn items(&mut self, program: &Program, array: ShapeId, own_name: NameId) -> PlaceId {
        match program.arrays.get(array as usize) {
            Some(array) if array.prefix.is_empty() => {
                let shape = program.node(array.items).object;
                self.place(program, shape, own_name, NameId::NONE)
            }
            _ => PlaceId::NOWHERE,
        }
    }

    /// The step to the item with this index.
    #[inline(never)]
    pub(super) fn item(
        &mut self,
        program: &Program,
        array: ShapeId,
        index: u32,
        own_name: NameId,
        inner: PlaceId,
    ) -> usize {
        let node = program.arrays.get(array as usize).map(|array| {
            let of_prefix = array.prefix.get(index as usize);
            *of_prefix.unwrap_or(&array.items)
        });
        self.once(Step {
            node: *program.node(node.unwrap_or(NodeId::ANY)),
            name: own_name,
            inner,
            ..Step::NONE
        })
    }

    /// A step that is not remembered; its number is its own until the next one.
    #[inline(always)]
    fn once(&mut self, step: Step) -> usize {
        if let Some(place) = self.steps.first_mut() {
            *place = step;
        }
        0
    }

    /// The numbers of the steps that are expected at a place.
    #[inline(always)]
    pub(super) fn expected(place: PlaceId) -> [usize; WAYS] {
        place.steps()
    }

    #[inline(always)]
    pub(super) fn step(&self, number: usize) -> &Step {
        self.steps.get(number).unwrap_or(const { &Step::NONE })
    }

    /// Reads a key that is not the one that is expected, or has white space around it; the error is
    /// from where on it is no key.
    ///
    /// `rest` begins with the comma or the bracket before it.
    #[inline(never)]
    pub(super) fn other<'b>(
        &mut self,
        program: &Program,
        holder: Holder,
        rest: &'b [u8],
    ) -> Result<Key<'b>, &'b [u8]> {
        let inside = rest.get(1..).unwrap_or_default();
        let key = skip_space(inside);
        if key.first() != Some(&b'"') {
            return Err(key);
        }
        let known = self.known(holder.place, rest.get(inside.len() - key.len()..), key);
        let (step, value, has_escapes) = match known {
            Some((step, value)) => (step, value, false),
            None => self.new_key(program, holder, rest, key)?,
        };
        Ok(Key {
            step,
            quote: key,
            value,
            has_escapes,
        })
    }

    /// The step that was taken before to a key that stands behind white space, and what follows the
    /// colon; `spaces` begins one byte before the key.
    #[inline(always)]
    fn known<'b>(
        &self,
        place: PlaceId,
        spaces: Option<&[u8]>,
        key: &'b [u8],
    ) -> Option<(usize, &'b [u8])> {
        let chunk = spaces?.first_chunk()?;
        let is_it = |step: &usize| self.step(*step).head.begins_but_for_first(chunk);
        let step = place.steps().into_iter().find(is_it)?;
        let head = &self.step(step).head;
        Some((step, skip_space(key.get(head.length() - 1..)?)))
    }

    /// Reads a key that is not remembered: the number of its step, what follows the colon, and
    /// whether it is spelled with escapes.
    fn new_key<'b>(
        &mut self,
        program: &Program,
        holder: Holder,
        rest: &'b [u8],
        key: &'b [u8],
    ) -> Result<(usize, &'b [u8], bool), &'b [u8]> {
        let chunk = key.first_chunk().ok_or(key)?;
        let (after, has_escapes) = scan::after_string(key, chunk)?;
        let spelling = key.get(..key.len() - after.len()).unwrap_or_default();
        let name = if has_escapes {
            self.respelled(spelling)
        } else {
            self.names.intern(spelling)
        };
        let colon = skip_space(after);
        let [b':', value @ ..] = colon else {
            return Err(colon);
        };
        let mut step = self.step_to(program, holder, name);
        let mut number = 0;
        if let Some(place) = self.places.get_mut(usize::from(holder.place.0))
            && holder.place != PlaceId::NOWHERE
            && !has_escapes
            && name != NameId::UNKNOWN
        {
            if place.missed == name {
                let before = rest.get(..1).unwrap_or_default();
                if let Some(head) = Head::new(&[before, spelling, b":"].concat()) {
                    step.head = head;
                    number = holder.place.steps()[place.way];
                    place.way = (place.way + 1) % WAYS;
                }
            }
            place.missed = name;
        }
        if let Some(place) = self.steps.get_mut(number) {
            *place = step;
        }
        Ok((number, skip_space(value), has_escapes))
    }

    /// What a program makes of a key.
    fn step_to(&mut self, program: &Program, holder: Holder, name: NameId) -> Step {
        let Holder {
            own_name, shape, ..
        } = holder;
        let mut step = Step {
            seen: match name {
                // It may be the same as any that came before.
                NameId::UNKNOWN => Seen::ALL,
                name => Seen::of(name),
            },
            node: *program.node(NodeId::ANY),
            name,
            next: self.place(program, shape, own_name, name),
            ..Step::NONE
        };
        if shape == 0 {
            return step;
        }
        if let Some(shape) = program.objects.get(shape as usize) {
            let property = shape.property(name);
            let is_signature = matches!(name, names::JWS_HEADER | names::JWS_SIGNATURE);
            step.node = *program.node(property.map_or(shape.additional, |property| property.node));
            step.required = property.map_or(0, |property| property.required);
            step.is_unnamed = property.is_none() && !is_signature && !shape.properties.is_empty();
            if step.is_unnamed {
                step.seen = step.seen.with(Seen::UNUSUAL);
            }
        }
        step
    }

    /// The number of a key that is spelled with escapes, if there is one for the plain spelling.
    #[cold]
    #[inline(never)]
    fn respelled(&self, spelling: &[u8]) -> NameId {
        let key = std::str::from_utf8(spelling).map(tree::key);
        let plain = key.map(|key| format!("\"{key}\""));
        let name = plain.ok().and_then(|key| self.names.find(key.as_bytes()));
        name.unwrap_or(NameId::UNKNOWN)
    }
}

#[inline(always)]
fn skip_space(rest: &[u8]) -> &[u8] {
    match rest {
        [first, ..] if *first > b' ' => rest,
        _ => scan::after_spaces(rest),
    }
}
