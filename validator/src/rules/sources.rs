//! The sources of a file, by id and by name.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::BuildHasherDefault,
    ops::Range,
};

use source_text::Position;

use super::{
    facts::{Mention, Of, Source},
    file::{Described, FileProblem, MAX_KEPT, at, shortened},
    fingerprint::fingerprint,
    ids,
    transform::source_mismatch,
};
use crate::{Related, finding::Identity, json::names::KeyHasher, wording};

type Hasher = BuildHasherDefault<KeyHasher>;

/// What is known of the sources of a file, of [`MAX_KEPT`] at most.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pairs: HashSet<u64, Hasher>,
    /// By the fingerprint of an id, in the form in which ids are compared: the name that it stood
    /// with first.
    by_id: HashMap<u64, First, Hasher>,
    /// By the fingerprint of a name: the id that it stood with first.
    by_name: HashMap<u64, First, Hasher>,
    /// The ids and names one after the other.
    texts: String,
}

/// A text that stood with another one first.
#[derive(Debug)]
struct First {
    text: Range<usize>,
    position: Position,
}

impl Sources {
    /// Compares a source with those before it; `places` tells where its id and its name stand.
    pub(super) fn compare(
        &mut self,
        source: &Source,
        places: impl FnOnce() -> [Position; 2],
        text: &impl Fn(source_text::Span) -> String,
        describe: &impl Fn(&Mention) -> Described,
    ) -> Option<FileProblem> {
        if self.pairs.len() >= MAX_KEPT || !self.pairs.insert(source.fingerprint) {
            return None;
        }
        let [id, name] = [&source.id, &source.name].map(|mention| shortened(text(mention.span)));
        let [of_id, of_name] = places();
        let comparable_id = ids::comparable(id.as_bytes());
        let by_id = fingerprint(Of::SourceId as u64, &comparable_id);
        let by_name = fingerprint(Of::SourceName as u64, name.as_bytes());
        let other_name = first(&mut self.by_id, by_id, &mut self.texts, &name, of_name);
        let other_id = first(&mut self.by_name, by_name, &mut self.texts, &id, of_id);
        let other_name = other_name.filter(|(known, _)| *known != name);
        let other_id = other_id.filter(|(known, _)| !ids::is_same(known, &id));
        let id_of = |id: &str| {
            let id = ids::comparable(id.as_bytes());
            String::from_utf8_lossy(&id).into_owned()
        };
        match (other_name, other_id) {
            (Some((first, position)), _) => {
                let related = Related {
                    message: format!("it is called {} here", wording::quoted(&first)),
                    position,
                };
                let problem = source_mismatch::two_names(&id, &name, &first);
                let problem = problem.known_by(of_both(&id_of(&id), &name, &first));
                let described = describe(&source.name);
                Some(at(&source.name, described, problem, vec![related]))
            }
            (None, Some((first, position))) => {
                let related = Related {
                    message: format!("it has the id {} here", wording::quoted(&first)),
                    position,
                };
                let problem = source_mismatch::two_ids(&name, &id, &first);
                let problem = problem.known_by(of_both(&name, &id_of(&id), &id_of(&first)));
                let described = describe(&source.id);
                Some(at(&source.id, described, problem, vec![related]))
            }
            (None, None) => None,
        }
    }
}

/// The text that another one stood with before, and where; if it is the first time, it stands with
/// `text` at `position`.
fn first(
    known: &mut HashMap<u64, First, Hasher>,
    fingerprint: u64,
    texts: &mut String,
    text: &str,
    position: Position,
) -> Option<(String, Position)> {
    match known.entry(fingerprint) {
        Entry::Occupied(entry) => {
            let First { text, position } = entry.get();
            let text = texts.get(text.clone()).unwrap_or_default();
            Some((text.to_owned(), *position))
        }
        Entry::Vacant(entry) => {
            let start = texts.len();
            texts.push_str(text);
            let text = start..texts.len();
            entry.insert(First { text, position });
            None
        }
    }
}

/// What a mismatch is known by, whichever of the two comes first.
fn of_both(shared: &str, one: &str, other: &str) -> Identity {
    let (first, second) = if one <= other {
        (one, other)
    } else {
        (other, one)
    };
    Identity::File(format!("{shared}\0{first}\0{second}"))
}
