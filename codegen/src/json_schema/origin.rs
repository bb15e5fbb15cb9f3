//! Where the parts of a JSON Schema stand in the document that they were made of.

use std::collections::HashMap;

use source_text::{JsonPointer, Position};

use crate::load::{Kind, Node, NodeId};

use super::Document;

/// Which schemas of a document a JSON Schema and its definitions were made of.
#[derive(Clone, Debug)]
pub struct Origins {
    pub(super) root: NodeId,
    /// By their names in `$defs`.
    pub(super) definitions: HashMap<String, NodeId>,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: String,
    /// Where in the file: at the key, if a member of an object is meant.
    pub position: Position,
    /// The JSON Pointer that leads there from the file's root.
    pub pointer: String,
}

impl Document {
    /// Where the document says what a part of a JSON Schema says, which a JSON Pointer names.
    ///
    /// Not everything in a JSON Schema has a counterpart: of what it lacks, it is the nearest part
    /// around that has one. `None` if no definition has the name that the pointer begins with.
    pub fn origin(&self, origins: &Origins, part: &JsonPointer) -> Option<Origin> {
        let steps: Vec<_> = part.tokens().collect();
        let steps: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
        let (start, steps) = match steps.as_slice() {
            ["$defs", name, rest @ ..] => (*origins.definitions.get(*name)?, rest),
            steps => (origins.root, steps),
        };
        let node = counterpart(self.load.documents.node(start), steps);
        Some(Origin {
            file: node.source().name().to_owned(),
            position: node.key_position(),
            pointer: node.pointer(),
        })
    }
}

/// The part of a schema that is written as these steps lead to, or the nearest one around it.
fn counterpart<'d>(schema: Node<'d>, mut steps: &[&str]) -> Node<'d> {
    let mut node = schema;
    while let [step, rest @ ..] = steps {
        let next = match node.kind() {
            Kind::Array => step.parse().ok().and_then(|index| node.item(index)),
            _ => node.get(step),
        };
        (node, steps) = match (next, *step, rest) {
            (Some(next), _, _) => (next, rest),
            // `nullable` is written as a choice between null and the schema.
            (None, "anyOf", ["0", rest @ ..]) => (node, rest),
            // Before 2020-12 a tuple was a list of `items`.
            (None, "prefixItems", rest) => match node.get("items") {
                Some(items) => (items, rest),
                None => return node,
            },
            _ => return node,
        };
    }
    node
}
