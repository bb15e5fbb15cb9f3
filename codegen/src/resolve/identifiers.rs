//! Schemas that name themselves by `$id` (JSON Schema 2020-12 core, section 8.2): references in
//! them start from them, and others reach them by that name.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::load::{Documents, Node, NodeId, resolve_path};

/// The `$id`s of the loaded files; a file that holds none costs a look at its text.
pub(super) struct Identifiers<'d> {
    documents: &'d Documents,
    /// The schemas that name themselves, by file.
    resources: RefCell<HashMap<usize, HashSet<NodeId>>>,
    by_address: OnceCell<HashMap<String, NodeId>>,
}

impl<'d> Identifiers<'d> {
    pub(super) fn new(documents: &'d Documents) -> Self {
        Self {
            documents,
            resources: RefCell::default(),
            by_address: OnceCell::new(),
        }
    }

    /// The innermost schema around a node that names itself.
    pub(super) fn resource(&self, node: Node<'d>) -> Option<Node<'d>> {
        let mut files = self.resources.borrow_mut();
        let resources = files.entry(node.file_index()).or_insert_with(|| {
            let mut found = HashMap::new();
            index_below(node.file_root(), &mut found);
            found.into_values().collect()
        });
        if resources.is_empty() {
            return None;
        }
        std::iter::successors(Some(node), |node| node.parent())
            .find(|node| resources.contains(&node.id()))
    }

    /// The schema that a reference in `node` means by this address, less its fragment.
    pub(super) fn named(&self, node: Node<'d>, address: &str) -> Option<Node<'d>> {
        let known = self.by_address.get_or_init(|| index(self.documents));
        let base = self.resource(node);
        let base = base.and_then(|base| known.iter().find(|(_, id)| **id == base.id()));
        let base = base.map_or(node.source().name(), |(address, _)| address);
        let id = known
            .get(&resolve_path(base, address))
            .or_else(|| known.get(address))?;
        Some(self.documents.node(*id))
    }
}

/// A node's `$id`; one that is a fragment is an anchor of older drafts.
fn id(node: Node<'_>) -> Option<&str> {
    let id = node.get_str("$id")?.trim_end_matches('#');
    (!id.is_empty() && !id.starts_with('#')).then_some(id)
}

/// All schemas that name themselves, by their whole addresses.
fn index(documents: &Documents) -> HashMap<String, NodeId> {
    let mut found = HashMap::new();
    let roots = (0..documents.files().len()).filter_map(|file| documents.file_root(file));
    for root in roots {
        index_below(root, &mut found);
    }
    found
}

fn index_below(root: Node<'_>, found: &mut HashMap<String, NodeId>) {
    if !root.source().text().contains("$id") {
        return;
    }
    let mut stack = vec![(root, root.source().name().to_owned())];
    let mut seen = HashSet::new();
    while let Some((node, base)) = stack.pop() {
        // An alias's node is there more than once.
        if !seen.insert(node.id()) {
            continue;
        }
        let base = match id(node) {
            Some(id) => {
                let address = resolve_path(&base, id);
                found.entry(address.clone()).or_insert_with(|| node.id());
                address
            }
            None => base,
        };
        let children = node.members().map(|(_, value)| value).chain(node.items());
        let children = children.filter(|child| child.is_object() || child.items().len() > 0);
        stack.extend(children.map(|child| (child, base.clone())));
    }
}
