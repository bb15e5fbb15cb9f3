//! Follows `$ref`: to anything that a JSON Pointer reaches, in any loaded file.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::diagnostic::Diagnostics;
use crate::load::{Documents, Load, Node, NodeId, percent_decode, resolve_path};

/// Resolves references and remembers what it resolved.
pub struct References<'d> {
    documents: &'d Documents,
    missing: &'d HashMap<String, String>,
    cache: RefCell<HashMap<(usize, &'d str), Option<NodeId>>>,
    anchors: RefCell<HashMap<usize, HashMap<&'d str, NodeId>>>,
}

impl<'d> References<'d> {
    /// Resolves among the files of this load.
    pub fn new(load: &'d Load) -> Self {
        Self {
            documents: &load.documents,
            missing: &load.missing,
            cache: RefCell::default(),
            anchors: RefCell::default(),
        }
    }

    /// The node's `$ref`, if it is a reference.
    pub fn of(node: Node<'d>) -> Option<&'d str> {
        node.get_str("$ref")
    }

    /// Follows the chain of references that starts at `node`; a node that is none is returned.
    ///
    /// `None` if the chain is broken or a cycle; a diagnostic says so.
    pub fn follow(&self, node: Node<'d>, diagnostics: &mut Diagnostics) -> Option<Node<'d>> {
        let mut current = node;
        let mut visited = Vec::new();
        while let Some(reference) = Self::of(current) {
            if visited.contains(&current.id()) {
                let message = format!("the reference {reference:?} leads back to itself");
                diagnostics.error(
                    node,
                    "reference-cycle",
                    message,
                    "what it stands for is unknown",
                );
                return None;
            }
            visited.push(current.id());
            current = self.target(current, reference, diagnostics)?;
        }
        Some(current)
    }

    /// The node that the `$ref` in `node` names, one step far.
    pub fn target(
        &self,
        node: Node<'d>,
        reference: &'d str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Node<'d>> {
        let key = (node.file_index(), reference);
        let cached = self.cache.borrow().get(&key).copied();
        let target = cached.unwrap_or_else(|| {
            let found = self.look_up(node, reference);
            if let Err(message) = &found {
                let at = node.get("$ref").unwrap_or(node);
                let effect = "what it stands for is unknown";
                diagnostics.error(at, "unresolved-reference", message.clone(), effect);
            }
            let target = found.ok().map(Node::id);
            self.cache.borrow_mut().insert(key, target);
            target
        });
        target.map(|id| self.documents.node(id))
    }

    fn look_up(&self, node: Node<'d>, reference: &'d str) -> Result<Node<'d>, String> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = if file.is_empty() {
            node.file_root()
        } else {
            self.root_of(node, file)?
        };
        let fragment = percent_decode(fragment);
        let Some(pointer) = fragment.strip_prefix('/') else {
            if fragment.is_empty() {
                return Ok(root);
            }
            return self
                .anchor(root, &fragment)
                .ok_or_else(|| format!("{reference:?}: there is no anchor {fragment:?}"));
        };
        if let Some(target) = walk(root, pointer) {
            return Ok(target);
        }
        // A fragment file that refers to `#/components/…` means the document that includes it.
        if file.is_empty()
            && let Some(target) = self.documents.root().and_then(|entry| walk(entry, pointer))
        {
            return Ok(target);
        }
        Err(format!("{reference:?}: {}", dead_end(root, pointer)))
    }

    fn root_of(&self, node: Node<'d>, file: &str) -> Result<Node<'d>, String> {
        let name = resolve_path(node.source().name(), file);
        self.documents
            .file_named(&name)
            .and_then(|index| self.documents.file_root(index))
            .ok_or_else(|| match self.missing.get(&name) {
                Some(reason) => format!("cannot load {name:?}: {reason}"),
                None => format!("{name:?} was not loaded"),
            })
    }

    fn anchor(&self, root: Node<'d>, name: &str) -> Option<Node<'d>> {
        let mut anchors = self.anchors.borrow_mut();
        let in_file = anchors
            .entry(root.file_index())
            .or_insert_with(|| anchors_below(root));
        in_file.get(name).map(|id| self.documents.node(*id))
    }
}

fn anchors_below(root: Node<'_>) -> HashMap<&str, NodeId> {
    let mut found = HashMap::new();
    let mut stack = vec![root];
    let mut seen = std::collections::HashSet::new();
    while let Some(node) = stack.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        for key in ["$anchor", "$dynamicAnchor", "$id"] {
            if let Some(anchor) = node.get_str(key) {
                found
                    .entry(anchor.trim_start_matches('#'))
                    .or_insert_with(|| node.id());
            }
        }
        stack.extend(node.members().map(|(_, value)| value));
        stack.extend(node.items());
    }
    found
}

fn walk<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    pointer.split('/').try_fold(root, step)
}

fn step<'d>(node: Node<'d>, token: &str) -> Option<Node<'d>> {
    let token = token.replace("~1", "/").replace("~0", "~");
    if node.is_object() {
        node.get(&token)
    } else {
        node.item(token.parse().ok()?)
    }
}

/// Says how far a pointer gets.
fn dead_end(root: Node<'_>, pointer: &str) -> String {
    let mut node = root;
    for token in pointer.split('/') {
        match step(node, token) {
            Some(next) => node = next,
            None => {
                let place = node.pointer();
                let place = if place.is_empty() { "the root" } else { &place };
                return format!("{place} has no {token:?}");
            }
        }
    }
    String::new()
}
