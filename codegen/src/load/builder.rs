//! Builds a file's arena from a stream of parse events, the same way for JSON and YAML.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::document::{Arena, Member, NodeData, TextRef, Value};

/// How many bytes of text a node hardly ever falls short of on average.
const SHORT_NODE: usize = 8;
/// Up to this many members each key is compared with those before it; beyond, they are hashed.
const COMPARED_MEMBERS: usize = 16;

/// A key that stands twice in one object.
pub(super) struct DuplicateKey {
    pub(super) key: String,
    pub(super) offset: usize,
}

/// Why an event could not be taken.
pub(super) enum BuildError {
    TooDeep { offset: usize },
    TooManyNodes { offset: usize },
    AliasExpansion { offset: usize },
}

struct Open {
    node: u32,
    is_object: bool,
    items: Vec<u32>,
    members: Vec<Member>,
    key: Option<(TextRef, u32)>,
    merges: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Expanded {
    size: u64,
    depth: usize,
}

pub(super) struct Builder<'t> {
    source: &'t str,
    arena: Arena,
    open: Vec<Open>,
    max_depth: usize,
    /// Size and depth of nodes once aliases are followed; kept only where aliases are.
    expanded: HashMap<u32, Expanded>,
    expansion: u64,
    max_expansion: u64,
    pub(super) duplicates: Vec<DuplicateKey>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(source: &'t str, max_depth: usize, max_expansion: u64) -> Self {
        let mut arena = Arena::default();
        // Memory that is not written to costs nothing, and a vector that is moved to grow leaves
        // a hole behind; where so much cannot be had, it grows.
        let _ = arena.nodes.try_reserve_exact(source.len() / SHORT_NODE);
        let _ = arena.members.try_reserve_exact(source.len() / SHORT_NODE);
        Self {
            source,
            arena,
            open: Vec::new(),
            max_depth,
            expanded: HashMap::new(),
            expansion: 0,
            max_expansion,
            duplicates: Vec::new(),
        }
    }

    /// Keeps a text: where it stands in the source, if it stands there as it is.
    pub(super) fn text(&mut self, text: &str, start_in_source: Option<usize>) -> TextRef {
        if let Some(start) = start_in_source {
            return TextRef::in_source(narrow(start), narrow(text.len()));
        }
        let index = narrow(self.arena.ends.len());
        let apart = Arc::make_mut(&mut self.arena.apart);
        apart.push_str(text);
        self.arena.ends.push(narrow(apart.len()));
        TextRef::kept_apart(index)
    }

    pub(super) fn expects_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.is_object && open.key.is_none())
    }

    pub(super) fn key(&mut self, key: TextRef, offset: usize) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((key, narrow(offset)));
        }
    }

    pub(super) fn scalar(&mut self, value: Value, start: usize) -> Result<u32, BuildError> {
        let node = self.push(value, start)?;
        self.attach(node);
        Ok(node)
    }

    pub(super) fn start(&mut self, is_object: bool, start: usize) -> Result<u32, BuildError> {
        if self.open.len() >= self.max_depth {
            return Err(BuildError::TooDeep { offset: start });
        }
        let node = self.push(Value::Null, start)?;
        self.open.push(Open {
            node,
            is_object,
            items: Vec::new(),
            members: Vec::new(),
            key: None,
            merges: Vec::new(),
        });
        Ok(node)
    }

    pub(super) fn end(&mut self) {
        let Some(mut open) = self.open.pop() else {
            return;
        };
        let value = if open.is_object {
            self.drop_duplicates(&mut open.members);
            self.merge(&mut open);
            let first = narrow(self.arena.members.len());
            self.arena.members.extend_from_slice(&open.members);
            Value::Object {
                first,
                len: narrow(open.members.len()),
            }
        } else {
            let first = narrow(self.arena.items.len());
            self.arena.items.extend_from_slice(&open.items);
            Value::Array {
                first,
                len: narrow(open.items.len()),
            }
        };
        self.arena.nodes[open.node as usize].value = value;
        self.attach(open.node);
    }

    /// Puts the anchor's own node where the alias stands: nothing is copied.
    pub(super) fn alias(&mut self, node: u32, offset: usize) -> Result<(), BuildError> {
        let Expanded { size, depth } = self.expanded(node);
        self.expansion = self.expansion.saturating_add(size);
        if self.open.len() + depth > self.max_depth {
            return Err(BuildError::TooDeep { offset });
        }
        if self.expansion > self.max_expansion {
            return Err(BuildError::AliasExpansion { offset });
        }
        self.attach_shared(node);
        Ok(())
    }

    /// Whether the node is still being built, so that an alias to it would be a cycle.
    pub(super) fn is_open(&self, node: u32) -> bool {
        self.open.iter().any(|open| open.node == node)
    }

    fn expanded(&mut self, node: u32) -> Expanded {
        if let Some(expanded) = self.expanded.get(&node) {
            return *expanded;
        }
        let children: Vec<u32> = match self.arena.nodes[node as usize].value {
            Value::Array { first, len } => {
                self.arena.items[first as usize..(first + len) as usize].to_vec()
            }
            Value::Object { first, len } => self.arena.members
                [first as usize..(first + len) as usize]
                .iter()
                .map(|member| member.value)
                .collect(),
            _ => Vec::new(),
        };
        let mut whole = Expanded { size: 1, depth: 1 };
        for child in children {
            let Expanded { size, depth } = self.expanded(child);
            whole.size = whole.size.saturating_add(size);
            whole.depth = whole.depth.max(depth + 1);
        }
        self.expanded.insert(node, whole);
        whole
    }

    fn drop_duplicates(&mut self, members: &mut Vec<Member>) {
        let arena = &self.arena;
        if members.len() <= COMPARED_MEMBERS {
            let key = |index: usize| arena.text(self.source, members[index].key);
            let is_new = |index| (0..index).all(|before| key(before) != key(index));
            if (1..members.len()).all(is_new) {
                return;
            }
        }
        let mut seen: HashMap<&str, usize> = HashMap::with_capacity(members.len());
        let mut kept: Vec<Member> = Vec::with_capacity(members.len());
        let mut duplicates = Vec::new();
        for member in members.iter() {
            let key = arena.text(self.source, member.key);
            if let Some(&index) = seen.get(key) {
                duplicates.push(DuplicateKey {
                    key: key.to_owned(),
                    offset: member.key_start as usize,
                });
                kept[index].value = member.value;
            } else {
                seen.insert(key, kept.len());
                kept.push(*member);
            }
        }
        if !duplicates.is_empty() {
            *members = kept;
            self.duplicates.append(&mut duplicates);
        }
    }

    /// YAML's merge key `<<`: members that the mapping does not state itself.
    fn merge(&mut self, open: &mut Open) {
        if open.merges.is_empty() {
            return;
        }
        let mut sources = Vec::new();
        for &node in &open.merges {
            match self.arena.nodes[node as usize].value {
                Value::Array { first, len } => sources
                    .extend_from_slice(&self.arena.items[first as usize..(first + len) as usize]),
                _ => sources.push(node),
            }
        }
        let arena = &self.arena;
        let mut have: HashSet<&str> = open
            .members
            .iter()
            .map(|member| arena.text(self.source, member.key))
            .collect();
        for source in sources {
            if let Value::Object { first, len } = arena.nodes[source as usize].value {
                for member in &arena.members[first as usize..(first + len) as usize] {
                    if have.insert(arena.text(self.source, member.key)) {
                        open.members.push(*member);
                    }
                }
            }
        }
    }

    fn push(&mut self, value: Value, start: usize) -> Result<u32, BuildError> {
        let Ok(index) = u32::try_from(self.arena.nodes.len()) else {
            return Err(BuildError::TooManyNodes { offset: start });
        };
        self.arena.nodes.push(NodeData {
            value,
            start: narrow(start),
            parent: index,
        });
        Ok(index)
    }

    fn attach(&mut self, node: u32) {
        if let Some(open) = self.open.last() {
            self.arena.nodes[node as usize].parent = open.node;
        } else {
            self.arena.root = node;
        }
        self.attach_shared(node);
    }

    fn attach_shared(&mut self, node: u32) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        if !open.is_object {
            open.items.push(node);
        } else if let Some((key, key_start)) = open.key.take() {
            if self.arena.text(self.source, key) == "<<" {
                open.merges.push(node);
            } else {
                open.members.push(Member {
                    key,
                    key_start,
                    value: node,
                });
            }
        }
    }

    /// The finished file; `None` if no value was read.
    pub(super) fn finish(mut self) -> Option<(Arena, Vec<DuplicateKey>)> {
        if self.arena.nodes.is_empty() || !self.open.is_empty() {
            return None;
        }
        self.arena.nodes.shrink_to_fit();
        self.arena.members.shrink_to_fit();
        self.arena.items.shrink_to_fit();
        Arc::make_mut(&mut self.arena.apart).shrink_to_fit();
        self.arena.ends.shrink_to_fit();
        Some((self.arena, self.duplicates))
    }
}

/// Offsets fit `u32` because the loader refuses larger files before it reads them.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
