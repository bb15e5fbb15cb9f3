//! One profile maps the same identity attribute twice.
//!
//! `attributeTransforms` has one mapping for each identity attribute. Of two mappings with the same
//! `identityAttributeName` only one can take effect, and which one is not documented. Real exports
//! have such pairs, so it is a warning.
//!
//! Wrong:
//!
//! ```json
//! "attributeTransforms": [
//!   {"identityAttributeName": "email", "transformDefinition": {
//!     "type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "HR"}
//!   }},
//!   {"identityAttributeName": "email", "transformDefinition": {
//!     "type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "AD"}
//!   }}
//! ]
//! ```
//!
//! Right: one of the two, or one transform that tries both in turn.
//!
//! ```json
//! "attributeTransforms": [
//!   {"identityAttributeName": "email", "transformDefinition": {
//!     "type": "firstValid",
//!     "attributes": {"values": [
//!       {"type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "HR"}},
//!       {"type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "AD"}}
//!     ]}
//!   }}
//! ]
//! ```
//!
//! In a profile longer than 256 KiB, or 1 MiB where there are others, each mapping is compared with those
//! before it, of which at most 786,432 are remembered.
//!
//! What to do: keep the mapping that the tenant goes by, and remove the others.

use std::{borrow::Cow, collections::HashMap};

use source_text::JsonPointer;

use crate::{
    Code,
    finding::{Identity, Problem},
    json::{
        names,
        tape::{Kind, Node},
    },
    rules::{Found, fingerprint::digest, trail_of_mapping},
    wording,
};

/// Names that the filter has room for, a power of two.
const ROOM: usize = 128;

/// A filter that the names of one profile's mappings go through.
///
/// Most profiles have no name twice, and for those it is all that is done.
pub(in crate::rules) struct Filter {
    /// Digests of the names, each at the first free place from its own on; zero is free.
    digests: [u32; ROOM],
    count: usize,
    /// Two names share a digest: they may be the same.
    is_suspect: bool,
}

impl Filter {
    pub(in crate::rules) const fn new() -> Self {
        Self {
            digests: [0; ROOM],
            count: 0,
            is_suspect: false,
        }
    }

    #[inline]
    pub(in crate::rules) fn add(&mut self, name: Node<'_>) {
        self.count += 1;
        // The name may be spelled in another way that only a closer look tells.
        let is_escaped = name.kind() == Kind::String { has_escapes: true };
        if is_escaped || self.count > ROOM / 2 {
            self.is_suspect = true;
            return;
        }
        let digest = u32::try_from(digest(name.raw()) >> 32).unwrap_or_default() | 1;
        let mut place = digest as usize >> 8;
        loop {
            let known = &mut self.digests[place % ROOM];
            if *known == digest {
                self.is_suspect = true;
                return;
            }
            if *known == 0 {
                *known = digest;
                return;
            }
            place += 1;
        }
    }

    pub(in crate::rules) fn is_suspect(&self) -> bool {
        self.is_suspect
    }
}

/// Compares the names of all mappings.
pub(in crate::rules) fn check<'t>(mappings: Node<'t>, found: &mut Found<'t>) {
    let names = || {
        let names = mappings.children();
        let names = names.filter_map(|mapping| mapping.get(names::IDENTITY_ATTRIBUTE_NAME));
        names.filter_map(|name| Some((name, name.text()?)))
    };
    let mut known: HashMap<Cow<'t, str>, (Node<'t>, usize)> = HashMap::new();
    for (name, text) in names() {
        known.entry(text).or_insert((name, 0)).1 += 1;
    }
    for (name, text) in names() {
        let Some(&(first, count)) = known.get(&text) else {
            continue;
        };
        if first.span() == name.span() {
            continue;
        }
        found.value(name, Code::DuplicateAttribute, || {
            let quoted = wording::quoted(&text);
            let (times, help) = match count {
                2 => (
                    "twice".to_owned(),
                    "remove one of the two mappings".to_owned(),
                ),
                count => (
                    format!("{count} times"),
                    format!("remove all but one of the {count} mappings"),
                ),
            };
            Problem::of(
                Code::DuplicateAttribute,
                format!("the identity attribute {quoted} is mapped {times} in this profile"),
            )
            .expected("one mapping for each identity attribute")
            .help(help)
            .related(first.span(), FIRST_IS_HERE)
        });
    }
}

/// What is said of the first of two mappings.
pub(in crate::rules) const FIRST_IS_HERE: &str = "the first mapping is here";

/// The problem of a mapping of an attribute that was mapped before, in a profile that was not looked
/// at whole.
pub(in crate::rules) fn problem(attribute: &str) -> Problem {
    let name = "identityAttributeName";
    let quoted = wording::quoted(attribute);
    let message = format!("the identity attribute {quoted} is mapped before in this profile");
    Problem {
        pointer: JsonPointer::root().child(name),
        ..Problem::of(Code::DuplicateAttribute, message)
    }
    .known_by(Identity::Trail(trail_of_mapping(attribute).child(name)))
    .expected("one mapping for each identity attribute")
    .help("remove one of the two mappings")
}
