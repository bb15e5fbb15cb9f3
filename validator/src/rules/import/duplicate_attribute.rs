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
//!   {"identityAttributeName": "email", "transformDefinition": {…}},
//!   {"identityAttributeName": "email", "transformDefinition": {…}}
//! ]
//! ```
//!
//! Right: one of the two, or one transform that tries both in turn.
//!
//! ```json
//! "attributeTransforms": [
//!   {"identityAttributeName": "email", "transformDefinition": {
//!     "type": "firstValid", "attributes": {"values": [{…}, {…}]}
//!   }}
//! ]
//! ```

use std::{borrow::Cow, collections::HashMap};

use crate::{
    Code,
    finding::Problem,
    json::{
        names,
        tape::{Kind, Node},
    },
    rules::Found,
    wording,
};

/// Bits of the filter: so many that names of a usual profile seldom share one.
const BITS: usize = 1 << 14;

/// A filter that the names of one profile's mappings go through.
///
/// Most profiles have no name twice, and for those it is all that is done.
pub(in crate::rules) struct Filter {
    bits: [u64; BITS / 64],
    /// Two names share a bit: they may be the same.
    is_suspect: bool,
}

impl Filter {
    pub(in crate::rules) const fn new() -> Self {
        Self {
            bits: [0; BITS / 64],
            is_suspect: false,
        }
    }

    #[inline]
    pub(in crate::rules) fn add(&mut self, name: Node<'_>) {
        let raw = name.raw();
        let hash = (ends_of(raw) ^ raw.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = usize::try_from(hash >> 50).unwrap_or_default() % BITS;
        // The name may be spelled in another way that only a closer look tells.
        self.is_suspect |= name.kind() == Kind::String { has_escapes: true };
        if let Some(word) = self.bits.get_mut(bit / 64) {
            self.is_suspect |= *word >> (bit % 64) & 1 == 1;
            *word |= 1 << (bit % 64);
        }
    }

    pub(in crate::rules) fn is_suspect(&self) -> bool {
        self.is_suspect
    }
}

/// What a text begins with and ends with, as a number.
fn ends_of(raw: &[u8]) -> u64 {
    let first = raw.first_chunk().copied().map(u64::from_le_bytes);
    let last = raw.last_chunk().copied().map(u64::from_le_bytes);
    match (first, last) {
        (Some(first), Some(last)) => first ^ last.rotate_left(29),
        _ => raw.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
    }
}

/// Compares the names of all mappings.
pub(in crate::rules) fn check<'t>(mappings: Node<'t>, found: &mut Found<'t>) {
    let mut first: HashMap<Cow<'t, str>, Node<'t>> = HashMap::new();
    for mapping in mappings.children() {
        let Some(name) = mapping.get(names::IDENTITY_ATTRIBUTE_NAME) else {
            continue;
        };
        let Some(text) = name.text() else {
            continue;
        };
        if let Some(first) = first.get(&text) {
            found.value(name, Code::DuplicateAttribute, || {
                let quoted = wording::quoted(&text);
                Problem::of(
                    Code::DuplicateAttribute,
                    format!("the identity attribute {quoted} is mapped twice in this profile"),
                )
                .expected("one mapping for each identity attribute")
                .help("remove one of the two mappings")
                .related(first.span(), "the first mapping is here")
            });
        } else {
            first.insert(text, name);
        }
    }
}
