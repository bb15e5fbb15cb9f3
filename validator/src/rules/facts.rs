//! What elements tell that only the whole file makes sense of.
//!
//! [`Facts`] are gathered from a run of elements, in any thread; [`FileRules`](super::FileRules) takes
//! them in the order of the file.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasherDefault,
};

use source_text::Span;

use super::{
    Element,
    fingerprint::{digest, fingerprint},
    ids,
};
use crate::{
    json::{
        names::KeyHasher,
        tape::{Kind, Node},
    },
    tree,
};

/// What a text is, where that makes a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Id,
    Name,
    Priority,
    IdentityAttribute,
    Transform,
    Source,
    SourceId,
    SourceName,
}

impl Of {
    /// The text as it is compared.
    #[inline]
    fn comparable(self, text: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Id | Self::SourceId => ids::comparable(text),
            _ => Cow::Borrowed(text),
        }
    }
}

/// What has a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The element, which is a profile without an envelope, or a mapping of one.
    Element,
    /// The element's `self`, as its `object` has no such property.
    About,
    /// The element's `object`.
    Object,
}

/// A text, or a number, that no other profile should have, or no other mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) of: Of,
    pub(super) holder: Holder,
    pub(super) fingerprint: u64,
    extent: Extent,
    element: u32,
}

impl Key {
    pub(super) fn span(&self) -> Span {
        self.extent.span()
    }

    pub(super) fn element(&self) -> usize {
        self.element as usize
    }
}

/// A place where something stands first in a run of elements; its pointer is found when it is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) element: usize,
    /// Where the element begins.
    pub(super) element_start: usize,
    pub(super) span: Span,
}

/// A source that goes by an id and a name.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) fingerprint: u64,
    pub(super) id: Mention,
    pub(super) name: Mention,
}

/// A name that transforms refer to.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) fingerprint: u64,
    pub(super) first: Mention,
    /// How often they do.
    pub(super) uses: usize,
}

/// A transform that the file carries.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    pub(super) fingerprint: u64,
    pub(super) name: Span,
    pub(super) id: Option<Span>,
}

/// Places in a list, by fingerprint.
type Places = HashMap<u64, usize, BuildHasherDefault<KeyHasher>>;

/// Most sources and names of transforms that are told apart in a run of elements.
const MAX_MENTIONS: usize = 4096;

/// What a run of elements tells.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// In the order of the text.
    pub(super) keys: Vec<Key>,
    pub(super) sources: Vec<Source>,
    pub(super) references: Vec<Reference>,
    /// The transforms that the file carries.
    pub(super) transforms: Vec<Carried>,
    known_sources: Places,
    known_references: Places,
    recent_sources: Recent,
    recent_references: Recent,
}

/// Pairs of texts that were met lately: what comes again costs a comparison only.
#[derive(Debug, Default)]
struct Recent([Met; 32]);

/// A pair of texts in the bytes of the run, and the place of what is known of it in its list.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    texts: [Extent; 2],
    place: u32,
}

/// A part of the bytes of a run.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    start: u32,
    end: u32,
}

impl Extent {
    fn of(span: Span) -> Self {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: number(span.start),
            end: number(span.end),
        }
    }

    fn span(self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

impl Recent {
    /// The only place for a pair: it holds the pair, or one that is to give way to it.
    #[inline]
    fn place_of(&mut self, texts: [&[u8]; 2]) -> &mut Met {
        let [first, second] = texts.map(digest);
        let index = usize::try_from((first ^ second) >> 40).unwrap_or_default();
        &mut self.0[index % self.0.len()]
    }
}

impl Met {
    /// Whether these texts are the ones.
    #[inline]
    fn is(&self, bytes: &[u8], texts: [&[u8]; 2]) -> bool {
        let is_same = |extent: Extent, text: &[u8]| bytes.get(extent.span().range()) == Some(text);
        is_same(self.texts[0], texts[0]) && is_same(self.texts[1], texts[1])
    }
}

/// Gathers the facts of one element.
pub(super) struct Gathering<'f, 't> {
    facts: &'f mut Facts,
    element: Element<'t>,
    /// Where the keys of this element begin in those of the run.
    first_key: usize,
}

impl<'f, 't> Gathering<'f, 't> {
    /// Begins the element with this index in its run.
    pub(super) fn new(facts: &'f mut Facts, element: Element<'t>) -> Self {
        let first_key = facts.keys.len();
        Self {
            facts,
            element,
            first_key,
        }
    }

    /// A text of a profile that no other profile should have; whether it is one.
    pub(super) fn key(&mut self, of: Of, value: Node<'t>, holder: Holder) -> bool {
        let Some(fingerprint) = fingerprint_of(of, value) else {
            return false;
        };
        self.facts.keys.push(Key {
            of,
            holder,
            fingerprint,
            extent: Extent::of(value.span()),
            element: u32::try_from(self.element.index).unwrap_or(u32::MAX),
        });
        true
    }

    /// A source that is named twice, by id and by name.
    #[inline]
    pub(super) fn source(&mut self, id: Node<'t>, name: Node<'t>) {
        let texts = [id.raw(), name.raw()];
        let recent = self.facts.recent_sources.place_of(texts);
        if !recent.is(id.bytes(), texts) {
            recent.texts = [id, name].map(|text| Extent::of(text.span()));
            self.other_source(id, name);
        }
    }

    fn other_source(&mut self, id: Node<'t>, name: Node<'t>) {
        let fingerprints = [(Of::SourceId, id), (Of::SourceName, name)]
            .map(|(of, value)| fingerprint_of(of, value));
        let [Some(of_id), Some(of_name)] = fingerprints else {
            return;
        };
        let both = fingerprint(Of::Source as u64 ^ of_id, &of_name.to_le_bytes());
        let known = &mut self.facts.known_sources;
        let count = known.len();
        // Bytes that are no UTF-8 are an error already, and not to be compared or repeated.
        if let Entry::Vacant(entry) = known.entry(both)
            && count < MAX_MENTIONS
            && is_text(id)
            && is_text(name)
        {
            entry.insert(count);
            let [id, name] = [id, name].map(|node| self.mention(node));
            self.facts.sources.push(Source {
                fingerprint: both,
                id,
                name,
            });
        }
    }

    /// A transform that another one refers to by its name.
    #[inline]
    pub(super) fn reference(&mut self, name: Node<'t>) {
        let texts = [name.raw(), &[]];
        let recent = self.facts.recent_references.place_of(texts);
        if recent.is(name.bytes(), texts)
            && let Some(reference) = self.facts.references.get_mut(recent.place as usize)
        {
            reference.uses += 1;
            return;
        }
        if let Some(place) = self.other_reference(name) {
            *self.facts.recent_references.place_of(texts) = Met {
                texts: [Extent::of(name.span()), Extent::default()],
                place,
            };
        }
    }

    /// Its place in the list, if there is room for it.
    fn other_reference(&mut self, name: Node<'t>) -> Option<u32> {
        let fingerprint = fingerprint_of(Of::Transform, name)?;
        let known = &mut self.facts.known_references;
        let count = known.len();
        let place = match known.entry(fingerprint) {
            Entry::Occupied(entry) => {
                let place = *entry.get();
                self.facts.references.get_mut(place)?.uses += 1;
                place
            }
            Entry::Vacant(entry) if count < MAX_MENTIONS && is_text(name) => {
                entry.insert(count);
                let first = self.mention(name);
                self.facts.references.push(Reference {
                    fingerprint,
                    first,
                    uses: 1,
                });
                count
            }
            Entry::Vacant(_) => return None,
        };
        u32::try_from(place).ok()
    }

    /// A transform that the file carries.
    pub(super) fn transform(&mut self, name: Node<'t>, id: Option<Node<'t>>) {
        let fingerprint = fingerprint_of(Of::Transform, name);
        self.facts
            .transforms
            .extend(fingerprint.map(|fingerprint| Carried {
                fingerprint,
                name: name.span(),
                id: id.map(|id| id.span()),
            }));
    }

    /// Ends the element.
    pub(super) fn finish(self) {
        if let Some(keys) = self.facts.keys.get_mut(self.first_key..) {
            keys.sort_unstable_by_key(|key| key.extent.start);
        }
    }

    fn mention(&self, node: Node<'t>) -> Mention {
        Mention {
            element: self.element.index,
            element_start: self.element.root.span().start,
            span: node.span(),
        }
    }
}

/// Whether a string has no bytes that are no UTF-8.
fn is_text(value: Node<'_>) -> bool {
    std::str::from_utf8(value.raw()).is_ok()
}

/// A number for the text of a string, or the value of a number; none for anything else, and for an
/// empty text.
pub(super) fn fingerprint_of(of: Of, value: Node<'_>) -> Option<u64> {
    let of_text = |text: &[u8]| {
        // Digits in quotes are meant as the number; any other text is no priority.
        let is_meant = of != Of::Priority || text.iter().all(u8::is_ascii_digit);
        is_meant.then(|| fingerprint(of as u64, &of.comparable(text)))
    };
    match (value.kind(), value.raw()) {
        (Kind::String { has_escapes: false }, [_, text @ .., _]) if !text.is_empty() => {
            of_text(text)
        }
        (Kind::String { has_escapes: true }, _) => of_text(value.text()?.as_bytes()),
        (Kind::Number, digits) if of == Of::Priority => {
            let is_plain = digits.iter().all(u8::is_ascii_digit);
            if is_plain {
                return Some(fingerprint(of as u64, digits));
            }
            let number = tree::number(std::str::from_utf8(digits).ok()?);
            let whole = number.as_f64().filter(|double| double.fract() == 0.0);
            let text = whole.map_or_else(|| number.to_string(), |double| double.to_string());
            Some(fingerprint(of as u64, text.as_bytes()))
        }
        _ => None,
    }
}
