//! Files in which the elements stand in `objects`, with other properties around them.

use std::{
    collections::{HashMap, hash_map::Entry},
    io,
};

use source_text::{JsonPointer, Position, Span};

use super::{
    diagnosis::Before,
    document::{Document, Flow, Member, Step},
    element::{Place, Placed, placed},
    parts::Inner,
    position::after,
};
use crate::{Code, Related, Shape, bad_bytes, decode, finding::Identity, tree};

/// The key of the array that the elements of an envelope stand in.
pub(super) const OBJECTS: &str = "objects";

impl Document<'_> {
    /// An object whose `objects` is an array: the elements are its items.
    pub(super) fn envelope(
        &mut self,
        members: &[Member],
        key: Span,
        array: usize,
    ) -> io::Result<Flow> {
        self.sink.set_shape(Shape::SpConfig);
        let start = self.sink.position();
        let mut names = HashMap::new();
        // Each is given up before the next, so that lines are counted once.
        let root = self.window.start();
        for member in members {
            let given_up = self.window.start() - root;
            self.check_member(&member.after(given_up), &mut names);
            self.give_up_to(root + member.value.end);
        }
        let given_up = self.window.start() - root;
        self.check_name(
            &JsonPointer::root(),
            OBJECTS,
            back(key, given_up),
            &mut names,
        );
        self.give_up_to(root + array);
        let container = JsonPointer::root().child(OBJECTS);
        if self.items(container, Place::Item, 1)? != Flow::GoOn {
            return Ok(Flow::Stop);
        }
        let mut last = OBJECTS.to_owned();
        loop {
            match self.step(0, false, 1, |name| inner_of_envelope(None, name)) {
                Step::Member(member) => {
                    self.check_member(&member, &mut names);
                    self.give_up_to(self.window.start() + member.value.end);
                    last = member.name;
                }
                Step::Items { key, array, .. } => {
                    // A second one: readers take one of the two, and nobody knows which.
                    self.check_name(&JsonPointer::root(), OBJECTS, key, &mut names);
                    self.give_up_to(self.window.start() + array);
                    let container = JsonPointer::root().child(OBJECTS);
                    if self.items(container, Place::Item, 1)? != Flow::GoOn {
                        return Ok(Flow::Stop);
                    }
                }
                Step::End(end) => {
                    self.give_up_to(self.window.start() + end);
                    return Ok(Flow::GoOn);
                }
                Step::NeedsMore if !self.window.is_last() => self.fill()?,
                Step::NeedsMore | Step::Broken | Step::Object { .. } => {
                    self.sink.set_object(JsonPointer::root(), Some(last));
                    self.container_start = start;
                    self.broken(Before::Properties {
                        levels: 1,
                        is_first: false,
                    })?;
                    return Ok(Flow::Stop);
                }
            }
        }
    }

    /// Keys that occur twice outside of elements, and bytes that are no UTF-8.
    fn check_member(&mut self, member: &Member, names: &mut HashMap<String, Position>) {
        self.check_name(&JsonPointer::root(), &member.name, member.key, names);
        let start = self.window.start();
        let value = Span::new(member.key.start + start, member.value.end + start);
        let pointer = JsonPointer::root().child(&member.name);
        // The member alone is an object, but for its brackets.
        let bytes = self.window.bytes().get(value.range()).unwrap_or_default();
        let (text, invalid) = decode::readable(bytes);
        let offset = member.value.start - member.key.start;
        let span = Span::new(offset, text.len());
        let limit = self.options.limit();
        let mut problems = bad_bytes::problems(bytes, &text, span, &invalid, limit);
        let unlisted = invalid.len() - problems.len();
        self.sink.count(Code::InvalidUtf8, unlisted);
        if let Ok(tree) = tree::read(&text, span, self.options.max_depth, limit) {
            problems.extend(tree.problems);
            self.sink.count(Code::DuplicateKey, tree.unlisted);
            tree::dismantle(tree.value);
        }
        let problems: Vec<Placed> = problems
            .into_iter()
            .map(|mut problem| {
                problem.pointer = pointer.join(&problem.pointer);
                placed(problem, value.start, None, None)
            })
            .collect();
        self.deliver_some(problems);
    }

    pub(super) fn check_name(
        &mut self,
        object: &JsonPointer,
        name: &str,
        key: Span,
        names: &mut HashMap<String, Position>,
    ) {
        let start = self.window.start();
        let before = self.window.bytes().get(start..start + key.start);
        let position = after(self.sink.position(), before.unwrap_or_default());
        match names.entry(name.to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert(position);
            }
            Entry::Occupied(entry) => {
                let first = *entry.get();
                let span = Span::new(key.start + start, key.end + start);
                let problem = tree::duplicate(object.child(name), span, None);
                let element = self.sink.is_in_parts().then_some(0);
                let identity = Identity::Trail(problem.pointer.clone());
                let mut second = placed(problem, 0, element, None);
                second.problem.identity = identity;
                second.related.push(Related {
                    message: tree::FIRST_IS_HERE.into(),
                    position: first,
                });
                self.deliver_one(second);
            }
        }
    }
}

impl Member {
    /// The same, counted from `given_up` bytes after the root's first.
    fn after(&self, given_up: usize) -> Self {
        Self {
            name: self.name.clone(),
            key: back(self.key, given_up),
            value: back(self.value, given_up),
        }
    }
}

fn back(span: Span, by: usize) -> Span {
    Span::new(span.start - by, span.end - by)
}

/// How a property of an object at the root is divided that is known to be an envelope.
pub(super) fn inner_of_envelope(shape: Option<Shape>, name: &str) -> Inner {
    let may_be = shape.is_none_or(|shape| shape == Shape::SpConfig);
    if name == OBJECTS && may_be {
        Inner::Items(0)
    } else {
        Inner::Whole
    }
}
