//! The rules that need more than one element.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use source_text::{JsonPointer, Position, Span};

use super::{
    facts::{Facts, Holder, Key, Mention, Of, Reference},
    ids,
    import::{duplicate_attribute, duplicate_id, duplicate_name, duplicate_priority},
    places::Places,
    seen::Seen,
    sources::Sources,
    transform::unresolved_reference,
};
use crate::{
    Finding, ProfileName, Related, decode,
    finding::{At, Identity, Problem},
    locate,
    nearest::nearest,
};

/// Most sources, references and transforms that are kept of a file.
pub(super) const MAX_KEPT: usize = 4096;

/// Most names of transforms that references are held against, to tell which was meant.
const MAX_COMPARISONS: usize = 100_000;

/// Most characters that are kept, and compared, of the id and the name of a source.
const MAX_TEXT: usize = 200;

/// A problem that several elements have together.
#[derive(Debug)]
pub(crate) struct FileProblem {
    /// In the run of elements that it was found in.
    pub(crate) element: usize,
    pub(crate) profile: Option<ProfileName>,
    /// Its pointer is from the root of the element; its span is as the facts had it.
    pub(crate) problem: Problem,
    pub(crate) related: Vec<Related>,
    /// It is a finding only if [`FileRules::finish`] gives it out: it waits for the end of the file.
    pub(crate) waits: Option<Waiting>,
}

/// What a finding that waits for the end of the file is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting(u64);

/// What is known of the elements of a file so far.
#[derive(Debug, Default)]
pub(crate) struct FileRules {
    seen: Seen,
    /// The identity attributes of a profile whose mappings come one by one.
    attributes: Seen,
    sources: Sources,
    transforms: HashSet<u64>,
    /// The names of these, and which name goes with an id.
    names: Vec<String>,
    by_id: HashMap<Vec<u8>, usize>,
    /// There were more transforms than are kept.
    has_more_transforms: bool,
    /// How often each name is referred to.
    references: HashMap<u64, usize>,
    /// In the order of the file.
    waiting: Vec<(u64, Finding)>,
}

impl FileRules {
    /// Takes what a run of elements tells, which stand in `bytes`.
    pub(crate) fn merge(
        &mut self,
        facts: &Facts,
        bytes: &[u8],
        places: &Places,
    ) -> Vec<FileProblem> {
        let text = |span: Span| text(bytes, span);
        let describe = |mention: &Mention| describe(mention, facts, bytes);
        let mut problems = Vec::new();
        let mut before = 0;
        for keys in facts.keys.chunk_by(|a, b| a.element() == b.element()) {
            let place = |number| places.of_key(before + number);
            match keys {
                [key, ..] if key.of == Of::IdentityAttribute => {
                    problems.extend(self.compare_mapping(key, place(0), bytes));
                }
                _ => self.compare(keys, place, bytes, &mut problems),
            }
            before += keys.len();
        }
        for (number, source) in facts.sources.iter().enumerate() {
            let place = || places.of_source(number);
            problems.extend(self.sources.compare(source, place, &text, &describe));
        }
        for reference in &facts.references {
            let count = self.references.len();
            let uses = reference.uses;
            match self.references.entry(reference.fingerprint) {
                Entry::Occupied(entry) => *entry.into_mut() += uses,
                Entry::Vacant(entry) if count < MAX_KEPT => {
                    entry.insert(uses);
                    problems.push(waiting(reference, &text, &describe));
                }
                Entry::Vacant(_) => {}
            }
        }
        for transform in &facts.transforms {
            if self.transforms.len() >= MAX_KEPT {
                self.has_more_transforms |= !self.transforms.contains(&transform.fingerprint);
            } else if self.transforms.insert(transform.fingerprint) {
                let kept = |span: Span| shortened(text(span));
                if let Some(id) = transform.id.map(kept) {
                    let id = ids::comparable(id.as_bytes()).into_owned();
                    self.by_id.entry(id).or_insert(self.names.len());
                }
                self.names.push(kept(transform.name));
            }
        }
        problems.sort_by_key(|problem| span_of(&problem.problem).start);
        problems
    }

    /// Compares the identity attribute of a mapping with those of the mappings before it.
    fn compare_mapping(&mut self, key: &Key, place: Position, bytes: &[u8]) -> Option<FileProblem> {
        let position = self.attributes.first(key.fingerprint, place)?;
        let name = text(bytes, key.span());
        Some(FileProblem {
            element: key.element(),
            profile: None,
            problem: duplicate_attribute::problem(&name).at(At::Span(key.span())),
            related: vec![Related {
                message: duplicate_attribute::FIRST_IS_HERE.into(),
                position,
            }],
            waits: None,
        })
    }

    /// Compares what one profile is called with what those before it are; `place` tells where its
    /// keys stand, by their numbers.
    fn compare(
        &mut self,
        keys: &[Key],
        place: impl Fn(usize) -> Position,
        bytes: &[u8],
        problems: &mut Vec<FileProblem>,
    ) {
        let text = |span: Span| text(bytes, span);
        // Bytes that are no UTF-8 are an error already.
        let is_text = |span: Span| {
            let raw = bytes.get(span.range());
            raw.is_some_and(|raw| std::str::from_utf8(raw).is_ok())
        };
        let mut repeated: Vec<(&Key, Position)> = Vec::new();
        for (number, key) in keys.iter().enumerate() {
            let first = self.seen.first(key.fingerprint, place(number));
            let first = first.filter(|_| is_text(key.span()));
            repeated.extend(first.map(|first| (key, first)));
        }
        if repeated.is_empty() {
            return;
        }
        let text_of = |of: Of| {
            let key = keys.iter().find(|key| key.of == of)?;
            Some(text(key.span()))
        };
        let profile = Some(ProfileName {
            name: text_of(Of::Name),
            id: text_of(Of::Id),
        });
        // A profile that is there twice is one mistake.
        let is_whole = repeated.iter().any(|(key, _)| key.of == Of::Id);
        for (key, first) in repeated {
            if is_whole && key.of != Of::Id {
                continue;
            }
            let found = text(key.span());
            let (problem, property) = match key.of {
                Of::Id => (duplicate_id::problem(&found), "id"),
                Of::Name => (duplicate_name::problem(&found), "name"),
                _ => (duplicate_priority::problem(&found), "priority"),
            };
            let identity = match key.of {
                Of::Id => {
                    let id = ids::comparable(found.as_bytes());
                    String::from_utf8_lossy(&id).into_owned()
                }
                _ => found,
            };
            let pointer = match key.holder {
                Holder::Element => JsonPointer::root(),
                Holder::About => JsonPointer::root().child("self"),
                Holder::Object => JsonPointer::root().child("object"),
            };
            problems.push(FileProblem {
                element: key.element(),
                profile: profile.clone(),
                problem: Problem {
                    pointer: pointer.child(property),
                    identity: Identity::File(identity),
                    ..problem.at(At::Span(key.span()))
                },
                related: vec![Related {
                    message: format!("the first profile with this {property} is here"),
                    position: first,
                }],
                waits: None,
            });
        }
    }

    /// A reference that leads nowhere with the name that was probably meant.
    fn with_suggestion(&self, finding: Finding, are_few: bool) -> Finding {
        let Identity::File(found) = &finding.identity else {
            return finding;
        };
        let by_id = self.by_id.get(ids::comparable(found.as_bytes()).as_ref());
        if let Some(name) = by_id.and_then(|index| self.names.get(*index)) {
            return unresolved_reference::by_id(finding, name);
        }
        let names = self.names.iter().filter(|_| are_few);
        match nearest(found, names.map(String::as_str)) {
            Some(near) => unresolved_reference::misspelt(finding, near),
            None => finding,
        }
    }

    /// The mappings that come are those of another profile.
    pub(crate) fn end_mappings(&mut self) {
        self.attributes = Seen::default();
    }

    /// How many findings wait for the end of the file.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Says of the findings that wait, but for the first ones, which profile they are of.
    pub(crate) fn name_waiting(&mut self, first: usize, profile: &ProfileName) {
        for (_, finding) in self.waiting.iter_mut().skip(first) {
            finding.profile = Some(profile.clone());
        }
    }

    /// Whether there are findings that wait for the end of the file.
    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Keeps a finding until the end of the file.
    pub(crate) fn keep(&mut self, waiting: Waiting, finding: Finding) {
        self.waiting.push((waiting.0, finding));
    }

    /// The findings that only the end of the file confirms, in the order of the file.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        if self.transforms.is_empty() || self.has_more_transforms {
            return Vec::new();
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|(name, _)| !self.transforms.contains(name));
        let are_few = waiting.len().saturating_mul(self.names.len()) <= MAX_COMPARISONS;
        waiting
            .into_iter()
            .map(|(name, finding)| {
                let finding = self.with_suggestion(finding, are_few);
                let uses = self.references.get(&name).copied().unwrap_or_default();
                match uses {
                    0 | 1 => finding,
                    uses => Finding {
                        message: format!("{} ({uses} times in all)", finding.message),
                        ..finding
                    },
                }
            })
            .collect()
    }
}

fn span_of(problem: &Problem) -> Span {
    match problem.at {
        At::Span(span) => span,
        At::Value | At::Key => Span::default(),
    }
}

/// As much of a text as is kept of it.
pub(super) fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(end);
    }
    text
}

/// What stands in a part of the bytes: of a string what it says.
fn text(bytes: &[u8], span: Span) -> String {
    let raw = bytes.get(span.range()).unwrap_or_default();
    let raw = String::from_utf8_lossy(raw);
    serde_json::from_str(&raw).unwrap_or_else(|_| raw.into_owned())
}

/// A reference that may turn out to lead to no transform of the file.
fn waiting(
    reference: &Reference,
    text: &impl Fn(Span) -> String,
    describe: &impl Fn(&Mention) -> Described,
) -> FileProblem {
    let Reference {
        fingerprint, first, ..
    } = reference;
    let name = text(first.span);
    let problem = unresolved_reference::problem(&name);
    let problem = problem.known_by(Identity::File(name));
    FileProblem {
        waits: Some(Waiting(*fingerprint)),
        ..at(first, describe(first), problem, Vec::new())
    }
}

/// Where in its element something is mentioned, and in which profile that is.
pub(super) struct Described {
    pointer: JsonPointer,
    profile: Option<ProfileName>,
}

/// Reads the element again up to what is mentioned.
fn describe(mention: &Mention, facts: &Facts, bytes: &[u8]) -> Described {
    let (start, Span { start: from, end }) = (mention.element_start, mention.span);
    let (text, _) = decode::readable(bytes.get(start..end).unwrap_or_default());
    let part = Span::new(from.saturating_sub(start), end.saturating_sub(start));
    let pointers = locate::pointers_at(&text, Span::new(0, text.len()), &[part]);
    let keys = |of: Of| {
        let key = facts
            .keys
            .iter()
            .find(|key| key.element() == mention.element && key.of == of)?;
        Some(self::text(bytes, key.span()))
    };
    let (name, id) = (keys(Of::Name), keys(Of::Id));
    Described {
        pointer: pointers.into_iter().flatten().next().unwrap_or_default(),
        profile: (name.is_some() || id.is_some()).then_some(ProfileName { name, id }),
    }
}

pub(super) fn at(
    mention: &Mention,
    described: Described,
    problem: Problem,
    related: Vec<Related>,
) -> FileProblem {
    let Described { pointer, profile } = described;
    FileProblem {
        element: mention.element,
        profile,
        problem: Problem {
            pointer,
            ..problem.at(At::Span(mention.span))
        },
        related,
        waits: None,
    }
}
