//! Which properties the schemas name, place by place.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::{
    explain,
    json::{names, tape::Node},
};

/// A place in a document, as a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceId(usize);

/// What a schema names at one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    properties: HashMap<Box<str>, Property>,
    /// The same, by the number of the name, of those that have one in every run.
    by_number: Vec<Option<Property>>,
    /// Other properties are described too, so that none is unknown.
    is_free: bool,
    items: Option<PlaceId>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Property {
    pub(super) place: PlaceId,
    /// Only the server sets it.
    pub(super) is_read_only: bool,
    /// Nothing is documented of what stands below it.
    pub(super) is_leaf: bool,
}

impl Place {
    /// What is documented of a member of the object that stands here.
    #[inline]
    pub(super) fn property(&self, member: Node<'_>) -> Option<Property> {
        match self.by_number.get(member.name().index()) {
            Some(property) => *property,
            None => self.other_property(member),
        }
    }

    fn other_property(&self, member: Node<'_>) -> Option<Property> {
        let key = member.key()?;
        self.properties.get(key.as_ref()).copied()
    }

    /// The names that may stand here; none if any may.
    pub(super) fn names(&self) -> Vec<&str> {
        if self.is_free {
            return Vec::new();
        }
        let mut names: Vec<&str> = self.properties.keys().map(AsRef::as_ref).collect();
        names.sort_unstable();
        names
    }

    /// Whether a property of this name is documented here, as one of a few.
    pub(super) fn takes(&self, name: &str) -> bool {
        !self.is_free() && self.properties.contains_key(name)
    }

    /// Whether one is in an object that is a property of this one.
    pub(super) fn takes_below(&self, documented: &Documented, name: &str) -> bool {
        let mut below = self.properties.values();
        below.any(|property| {
            let place = documented.place(property.place);
            place.is_some_and(|place| place.takes(name))
        })
    }

    pub(super) fn items(&self) -> Option<PlaceId> {
        self.items
    }

    pub(super) fn is_free(&self) -> bool {
        self.is_free || self.properties.is_empty()
    }

    /// Whether nothing is documented of what stands below.
    fn is_leaf(&self) -> bool {
        self.properties.is_empty() && self.items.is_none()
    }

    fn add(&mut self, name: &str, property: Property) {
        let number = names::well_known(name);
        let slot = number.and_then(|number| self.by_number.get_mut(number.index()));
        if let Some(slot) = slot {
            *slot = Some(property);
        }
        self.properties.insert(name.into(), property);
    }
}

/// The places of a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Documented {
    places: Vec<Place>,
}

impl Documented {
    /// Takes note of where nothing is documented of what stands below.
    fn mark_leaves(&mut self) {
        let leaves: Vec<bool> = self.places.iter().map(Place::is_leaf).collect();
        let is_leaf = |property: &Property| leaves.get(property.place.0).copied().unwrap_or(false);
        for place in &mut self.places {
            for property in place.properties.values_mut() {
                property.is_leaf = is_leaf(property);
            }
            for property in place.by_number.iter_mut().flatten() {
                property.is_leaf = is_leaf(property);
            }
        }
    }
}

impl Documented {
    /// What the place of the whole document is called.
    pub(super) const ROOT: PlaceId = PlaceId(0);

    pub(super) fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(id.0)
    }

    /// What is documented of the items of the array that keys lead to.
    pub(super) fn items_at(&self, keys: &[&str]) -> Option<PlaceId> {
        let mut place = self.place(Self::ROOT)?;
        for key in keys {
            place = self.place(place.properties.get(*key)?.place)?;
        }
        place.items
    }

    /// Lets anything stand in a property of the whole document.
    pub(super) fn with_free(mut self, name: &str) -> Self {
        let free = PlaceId(self.places.len());
        self.places.push(Place::default());
        if let Some(root) = self.places.first_mut()
            && let Some(property) = root.properties.get(name).copied()
        {
            root.add(
                name,
                Property {
                    place: free,
                    ..property
                },
            );
        }
        self.mark_leaves();
        self
    }

    /// Reads schemas of the same document: what one of them names is named.
    ///
    /// Of a recursive schema every part is read once.
    pub(super) fn of(schemas: &[&Value]) -> Self {
        let mut documented = Self::default();
        let mut numbers = Numbers::default();
        numbers.number(schemas.iter().map(|schema| (*schema, *schema)).collect());
        while let Some(parts) = numbers.parts.get(documented.places.len()).cloned() {
            let mut place = Place {
                by_number: vec![None; names::COUNT],
                ..Place::default()
            };
            let mut properties: BTreeMap<&str, (Vec<Part<'_>>, bool)> = BTreeMap::new();
            let mut items = Vec::new();
            let parts = parts.into_iter().flat_map(|(root, part)| {
                explain::parts(root, part)
                    .into_iter()
                    .map(move |part| (root, part))
            });
            for (root, part) in parts {
                let named = part.get("properties").and_then(Value::as_object);
                for (name, property) in named.into_iter().flatten() {
                    let (parts, is_read_only) = properties.entry(name).or_default();
                    parts.push((root, property));
                    *is_read_only |= property.get("readOnly") == Some(&Value::Bool(true));
                }
                place.is_free |= FREEING
                    .iter()
                    .any(|keyword| !matches!(part.get(*keyword), None | Some(Value::Bool(false))));
                items.extend(part.get("items").map(|items| (root, items)));
            }
            if !items.is_empty() {
                place.items = Some(numbers.number(items));
            }
            for (name, (parts, is_read_only)) in properties {
                let property = Property {
                    place: numbers.number(parts),
                    is_read_only,
                    is_leaf: false,
                };
                place.add(name, property);
            }
            documented.places.push(place);
        }
        documented.mark_leaves();
        documented
    }
}

/// A part of a schema, after the schema.
type Part<'s> = (&'s Value, &'s Value);

/// The numbers of places, by what describes them.
#[derive(Default)]
struct Numbers<'s> {
    known: HashMap<Vec<*const Value>, PlaceId>,
    parts: Vec<Vec<Part<'s>>>,
}

impl<'s> Numbers<'s> {
    fn number(&mut self, parts: Vec<Part<'s>>) -> PlaceId {
        let key = parts
            .iter()
            .map(|(_, part)| std::ptr::from_ref(*part))
            .collect();
        *self.known.entry(key).or_insert_with(|| {
            self.parts.push(parts);
            PlaceId(self.parts.len() - 1)
        })
    }
}

/// Keywords that describe properties without naming them.
const FREEING: [&str; 3] = [
    "additionalProperties",
    "unevaluatedProperties",
    "patternProperties",
];
