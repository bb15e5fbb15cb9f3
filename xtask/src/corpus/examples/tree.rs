//! The schemas of a document with the way from a named schema or body to each.

use std::collections::{HashMap, VecDeque};

use oas_codegen::load::{Node, NodeId};
use oas_codegen::resolve::References;

use super::compose::Composer;

/// How a schema is part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'d> {
    /// The value of this property.
    Property(&'d str),
    /// The value of any other property.
    Additional,
    /// Each element of an array.
    Item,
    /// Another description of the same value: `$ref`, `allOf`, `oneOf`, `anyOf`.
    Same,
}

/// A schema in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'d> {
    pub(super) node: Node<'d>,
    /// The schema that this one is part of; `None` for a named schema or a body.
    pub(super) parent: Option<(usize, Step<'d>)>,
    /// Which root it is below.
    pub(super) root: usize,
}

/// All schemas that the roots reach, each once, the nearest way.
#[derive(Debug, Default)]
pub(super) struct Tree<'d> {
    pub(super) places: Vec<Place<'d>>,
}

impl<'d> Tree<'d> {
    /// The tree below these schemas, which keep their order.
    pub(super) fn new(roots: &[Node<'d>], composer: &Composer<'_, 'd>) -> Self {
        let mut tree = Self::default();
        let mut index: HashMap<NodeId, usize> = HashMap::new();
        let mut queue = VecDeque::new();
        for (root, node) in roots.iter().enumerate() {
            if index.contains_key(&node.id()) {
                continue;
            }
            index.insert(node.id(), tree.places.len());
            queue.push_back(tree.places.len());
            tree.places.push(Place {
                node: *node,
                parent: None,
                root,
            });
        }
        while let Some(at) = queue.pop_front() {
            let Some(place) = tree.places.get(at).copied() else {
                break;
            };
            for (step, child) in parts(place.node, composer) {
                if index.contains_key(&child.id()) {
                    continue;
                }
                index.insert(child.id(), tree.places.len());
                queue.push_back(tree.places.len());
                tree.places.push(Place {
                    node: child,
                    parent: Some((at, step)),
                    root: place.root,
                });
            }
        }
        tree
    }
}

/// The schemas that a schema is made of.
fn parts<'d>(node: Node<'d>, composer: &Composer<'_, 'd>) -> Vec<(Step<'d>, Node<'d>)> {
    let mut parts = Vec::new();
    if References::of(node).is_some() {
        parts.extend(composer.follow(node).map(|target| (Step::Same, target)));
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let choices = node.get(key).into_iter().flat_map(Node::items);
        parts.extend(choices.map(|choice| (Step::Same, choice)));
    }
    let properties = node.get("properties").into_iter().flat_map(Node::members);
    parts.extend(properties.map(|(name, property)| (Step::Property(name), property)));
    let single = [
        ("items", Step::Item),
        ("additionalProperties", Step::Additional),
    ];
    for (key, step) in single {
        let schema = node.get(key).filter(|schema| schema.is_object());
        parts.extend(schema.map(|schema| (step, schema)));
    }
    parts
}
