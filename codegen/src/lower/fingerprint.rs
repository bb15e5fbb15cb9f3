//! Structural identity of schemas, so that a schema that is written out twice is one type.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node, NodeId};
use crate::resolve::{References, is_annotation};

/// Hashes of nodes, those of large ones each computed once.
#[derive(Default)]
pub(super) struct Fingerprints {
    whole: HashMap<NodeId, u64>,
}

impl Fingerprints {
    /// The same for schemas that differ at most in what describes them at their root.
    pub(super) fn of_type<'d>(
        &mut self,
        node: Node<'d>,
        references: &References<'d>,
        diagnostics: &mut Diagnostics,
    ) -> u64 {
        if !node.is_object() {
            return self.of_node(node, references, diagnostics);
        }
        let mut sum = 0_u64;
        for (key, value) in node.members().filter(|(key, _)| !is_annotation(key)) {
            let value = self.member(node, key, value, references, diagnostics);
            sum = sum.wrapping_add(hash(&(key, value)));
        }
        sum
    }

    fn of_node<'d>(
        &mut self,
        node: Node<'d>,
        references: &References<'d>,
        diagnostics: &mut Diagnostics,
    ) -> u64 {
        match node.kind() {
            Kind::Object | Kind::Array => {}
            Kind::String => return hash(&("string", node.as_str())),
            _ => return hash(&("scalar", node.scalar_text())),
        }
        let is_kept = !is_plain(node);
        if let (true, Some(known)) = (is_kept, self.whole.get(&node.id())) {
            return *known;
        }
        let value = match node.kind() {
            Kind::Object => {
                let mut sum = 1_u64;
                for (key, value) in node.members() {
                    let value = self.member(node, key, value, references, diagnostics);
                    sum = sum.wrapping_add(hash(&(key, value)));
                }
                sum
            }
            _ => {
                let items: Vec<u64> = node
                    .items()
                    .map(|item| self.of_node(item, references, diagnostics))
                    .collect();
                hash(&("array", items))
            }
        };
        if is_kept {
            self.whole.insert(node.id(), value);
        }
        value
    }

    fn member<'d>(
        &mut self,
        holder: Node<'d>,
        key: &str,
        value: Node<'d>,
        references: &References<'d>,
        diagnostics: &mut Diagnostics,
    ) -> u64 {
        // A reference is what it leads to: the same text means different things in two files.
        if matches!(key, "$ref" | "$dynamicRef")
            && let Some(reference) = value.as_str()
            && let Some(target) = references.target(holder, reference, diagnostics)
        {
            return hash(&("reference", target.id()));
        }
        self.of_node(value, references, diagnostics)
    }
}

/// Whether the node is hashed again in no more time than it takes to look the hash up.
fn is_plain(node: Node<'_>) -> bool {
    let is_scalar = |value: Node<'_>| !matches!(value.kind(), Kind::Object | Kind::Array);
    node.members().len() + node.items().len() <= 4
        && node
            .members()
            .all(|(key, value)| key != "$ref" && is_scalar(value))
        && node.items().all(is_scalar)
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
