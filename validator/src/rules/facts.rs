//! What elements tell that only the whole file makes sense of.
//!
//! [`Facts`] are gathered from a run of elements, in any thread; [`FileRules`](super::FileRules) takes
//! them in the order of the file.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::BuildHasherDefault,
};

use source_text::Span;

use super::{Element, fingerprint::fingerprint};
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
    Transform,
    Source,
    SourceId,
    SourceName,
}

/// What has a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The element, which is a profile without an envelope.
    Element,
    /// The element's `self`, as its `object` has no such property.
    About,
    /// The element's `object`.
    Object,
}

/// A text, or a number, that no other profile should have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) of: Of,
    pub(super) holder: Holder,
    pub(super) fingerprint: u64,
    start: u32,
    end: u32,
    element: u32,
}

impl Key {
    pub(super) fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
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
}

type Numbers = HashMap<u64, usize, BuildHasherDefault<KeyHasher>>;

/// Most sources and names of transforms that are told apart in a run of elements.
const MAX_MENTIONS: usize = 4096;

/// What a run of elements tells.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// In the order of the text.
    pub(super) keys: Vec<Key>,
    pub(super) sources: Vec<Source>,
    pub(super) references: Vec<Reference>,
    /// Fingerprints of the names of the transforms that the file carries.
    pub(super) transforms: Vec<u64>,
    known_sources: Numbers,
    /// How often each is referred to.
    known_references: Numbers,
}

impl Facts {
    /// How often a run of elements refers to a name.
    pub(super) fn uses(&self, reference: &Reference) -> usize {
        let uses = self.known_references.get(&reference.fingerprint);
        uses.copied().unwrap_or_default()
    }
}

/// Gathers the facts of one element.
pub(super) struct Gathering<'f, 't> {
    facts: &'f mut Facts,
    element: Element<'t>,
    /// Where the keys of this element begin in those of the run.
    first_key: usize,
    /// The pair of a source's id and name that was met last: the next one is the same, as a rule.
    last: [&'t [u8]; 2],
}

impl<'f, 't> Gathering<'f, 't> {
    /// Begins the element with this index in its run.
    pub(super) fn new(facts: &'f mut Facts, element: Element<'t>) -> Self {
        let first_key = facts.keys.len();
        Self {
            facts,
            element,
            first_key,
            last: [&[]; 2],
        }
    }

    /// A text of a profile that no other profile should have.
    pub(super) fn key(&mut self, of: Of, value: Node<'t>, holder: Holder) {
        let Some(fingerprint) = fingerprint_of(of, value) else {
            return;
        };
        let span = value.span();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.facts.keys.push(Key {
            of,
            holder,
            fingerprint,
            start: number(span.start),
            end: number(span.end),
            element: number(self.element.index),
        });
    }

    /// A source that is named twice, by id and by name.
    #[inline]
    pub(super) fn source(&mut self, id: Node<'t>, name: Node<'t>) {
        let pair = [id.raw(), name.raw()];
        if pair != self.last {
            self.last = pair;
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
        if let Entry::Vacant(entry) = known.entry(both)
            && count < MAX_MENTIONS
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
    pub(super) fn reference(&mut self, name: Node<'t>) {
        let Some(fingerprint) = fingerprint_of(Of::Transform, name) else {
            return;
        };
        let known = &mut self.facts.known_references;
        let count = known.len();
        match known.entry(fingerprint) {
            Entry::Occupied(entry) => *entry.into_mut() += 1,
            Entry::Vacant(entry) if count < MAX_MENTIONS => {
                entry.insert(1);
                let first = self.mention(name);
                self.facts.references.push(Reference { fingerprint, first });
            }
            Entry::Vacant(_) => {}
        }
    }

    /// A transform that the file carries.
    pub(super) fn transform(&mut self, name: Node<'t>) {
        let fingerprint = fingerprint_of(Of::Transform, name);
        self.facts.transforms.extend(fingerprint);
    }

    /// Ends the element.
    pub(super) fn finish(self) {
        if let Some(keys) = self.facts.keys.get_mut(self.first_key..) {
            keys.sort_unstable_by_key(|key| key.start);
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

/// A number for the text of a string, or the value of a number; none for anything else, and for an
/// empty text.
pub(super) fn fingerprint_of(of: Of, value: Node<'_>) -> Option<u64> {
    match (value.kind(), value.raw()) {
        (Kind::String { has_escapes: false }, [_, text @ .., _]) if !text.is_empty() => {
            Some(fingerprint(of as u64, text))
        }
        (Kind::String { has_escapes: true }, _) => {
            Some(fingerprint(of as u64, value.text()?.as_bytes()))
        }
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
