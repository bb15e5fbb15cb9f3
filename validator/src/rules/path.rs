//! Where values stand in an element.

use std::borrow::Cow;

use source_text::JsonPointer;

use crate::{
    decode,
    json::tape::{Kind, Node},
    trail, tree,
};

/// The pointers from `root` to the values that begin at `starts`, which are in ascending order, and the
/// ways there in which items go by their names.
///
/// A value that holds another one begins before it, so that no two begin at the same place.
fn ascending(root: Node<'_>, starts: &[usize]) -> Vec<(JsonPointer, JsonPointer)> {
    let mut pointers = Vec::with_capacity(starts.len());
    let mut path = JsonPointer::root();
    let mut trail = JsonPointer::root();
    let mut open = vec![Level::of(root)];
    for &start in starts {
        // What was left behind is not looked at again.
        while open.len() > 1 && open.last().is_some_and(|level| level.end <= start) {
            open.pop();
            path.pop();
            trail.pop();
        }
        while let Some(level) = open.last_mut() {
            if level.start == start {
                break;
            }
            let Some((index, child)) = level.find(start) else {
                break;
            };
            if level.is_object {
                let key = key_of(child);
                path.push(&key);
                trail.push(&key);
            } else {
                path.push_index(index);
                trail.push(&name_of(child));
            }
            open.push(Level::of(child));
        }
        pointers.push((path.clone(), trail.clone()));
    }
    pointers
}

/// What an item is called, as [`trail`](crate::trail) does.
pub(super) fn name_of(item: Node<'_>) -> Cow<'_, str> {
    let mut members: [Option<Cow<'_, str>>; trail::NAMES.len()] = Default::default();
    for child in item.children().filter(|_| item.is_object()) {
        let key = key_of(child);
        let rank = trail::NAMES.iter().position(|name| *name == key);
        if let Some(member) = rank.and_then(|rank| members.get_mut(rank)) {
            *member = match child.kind() {
                Kind::Number => Some(String::from_utf8_lossy(child.raw())),
                _ => child.text(),
            };
        }
    }
    members
        .into_iter()
        .flatten()
        .next()
        .unwrap_or(trail::UNNAMED.into())
}

/// The key of a property, with stand-ins for bytes that are no UTF-8.
fn key_of(property: Node<'_>) -> Cow<'_, str> {
    property.key().unwrap_or_else(|| {
        let (spelling, _) = decode::readable(property.raw_key());
        tree::key(&spelling).into()
    })
}

/// The pointers from `root` to values below it, in the order of `nodes`, and the ways there in which
/// items go by their names.
pub(super) fn pointers_of(root: Node<'_>, nodes: &[Node<'_>]) -> Vec<(JsonPointer, JsonPointer)> {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    let start = |index: &usize| nodes.get(*index).map_or(0, |node| node.span().start);
    order.sort_by_key(start);
    let starts: Vec<usize> = order.iter().map(start).collect();
    let mut pointers = vec![Default::default(); nodes.len()];
    for (index, pointer) in order.into_iter().zip(ascending(root, &starts)) {
        if let Some(place) = pointers.get_mut(index) {
            *place = pointer;
        }
    }
    pointers
}

/// An object or array on the way to a value, or the value.
struct Level<'t> {
    start: usize,
    end: usize,
    is_object: bool,
    children: std::iter::Enumerate<Box<dyn Iterator<Item = Node<'t>> + 't>>,
    /// The child that was found last: the next one wanted may be in it.
    last: Option<(usize, Node<'t>)>,
}

impl<'t> Level<'t> {
    fn of(node: Node<'t>) -> Self {
        let span = node.span();
        let children: Box<dyn Iterator<Item = Node<'t>>> = Box::new(node.children());
        Self {
            start: span.start,
            end: span.end,
            is_object: node.kind() == Kind::Object,
            children: children.enumerate(),
            last: None,
        }
    }

    /// The child that holds the byte at `offset`, with its index.
    fn find(&mut self, offset: usize) -> Option<(usize, Node<'t>)> {
        let holds = |(_, child): &(usize, Node<'_>)| offset < child.span().end;
        if !self.last.as_ref().is_some_and(holds) {
            self.last = self.children.find(holds);
        }
        self.last.filter(|(_, child)| child.span().start <= offset)
    }
}
