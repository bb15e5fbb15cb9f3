//! Payloads that are one large object: property by property, and arrays in them item by item.

use std::{collections::HashMap, io};

use serde_json::{Map, Value};
use source_text::{JsonPointer, Position, Span};

use super::{
    diagnosis::Before,
    document::{Document, Flow, Member, Step},
    element::{Piece, Place, Placed, placed},
    sink::EXCERPT,
    subject::{Payload, Subject},
};
use crate::{finding::At, program::Outcome};

impl Document<'_> {
    /// Whether the root is an object that is not to be in memory whole: one that is long, and whose
    /// schema says of each property alone what it may be.
    pub(super) fn is_checked_by_members(&mut self) -> io::Result<bool> {
        let at_once = self.options.at_once;
        while self.window.rest().len() <= at_once && self.has_more() {
            self.fill()?;
        }
        let start = self.window.start();
        let is_separable = match self.subject {
            Subject::Payload(payload) => {
                self.first_byte() == b'{'
                    && self.window.rest().len() > at_once
                    && payload.members().is_some()
            }
            Subject::Exports(_) => false,
        };
        if !is_separable {
            return Ok(false);
        }
        // However the file comes, the same bytes decide.
        let piece = Piece::new(self.window.bytes(), start, start + at_once);
        Ok(matches!(
            self.checker.any(piece, start),
            Outcome::Incomplete
        ))
    }

    /// An object at the window's start. What is wrong with its keys only its end tells; what is found
    /// before waits for that as long as it is not too much.
    pub(super) fn members(&mut self, payload: &Payload) -> io::Result<Flow> {
        self.sink.count_as_one();
        let position = self.sink.position();
        let head = self.window.rest();
        let head = head.get(..EXCERPT + 1).unwrap_or(head).to_vec();
        let mut names = HashMap::new();
        let mut keys = Map::new();
        let mut at = 1;
        loop {
            self.container_start = position;
            let start = self.window.start();
            // What is shown behind a property must be in the window too.
            let sure = self.window.sure_end() - start;
            match self.step(at, at > 0) {
                Step::Member(Member { value, .. }) if value.end > sure && self.has_more() => {
                    self.fill()?;
                    continue;
                }
                Step::Items { array, .. } if array >= sure && self.has_more() => {
                    self.fill()?;
                    continue;
                }
                Step::Member(member) => {
                    self.check_name(&member.name, member.key, &mut names);
                    self.property(payload, &member);
                    keys.insert(member.name, Value::Null);
                }
                Step::Items { name, key, array } => {
                    self.check_name(&name, key, &mut names);
                    self.give_up_to(start + array);
                    let number = payload.members().and_then(|all| all.with_items(&name));
                    let container = JsonPointer::root().child(&name);
                    keys.insert(name, Value::Array(Vec::new()));
                    let place = Place::ItemOf(number.unwrap_or_default());
                    if self.items(container, place, true)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                    self.sink.set_container(None);
                }
                Step::End(end) => {
                    self.give_up_to(start + end);
                    self.keys(keys, position, &head);
                    return Ok(Flow::GoOn);
                }
                Step::NeedsMore if !self.window.is_last() => {
                    self.fill()?;
                    continue;
                }
                Step::NeedsMore | Step::Broken => {
                    let is_first = at > 0;
                    self.broken(if is_first {
                        Before::Nothing
                    } else {
                        Before::Objects
                    })?;
                    return Ok(Flow::Stop);
                }
            }
            at = 0;
        }
    }

    /// Checks a property alone, and gives it up.
    fn property(&mut self, payload: &Payload, member: &Member) {
        let start = self.window.start();
        let key = start + member.key.start;
        let end = start + member.value.end;
        let mut found = self.nothing();
        let piece = Piece::new(self.window.bytes(), key, self.window.end());
        let value = start + member.value.start;
        let program = payload.members().map(|all| all.value(&member.name));
        let is_valid = program.is_some_and(|program| {
            let of_property = Span::new(key, end);
            self.checker.holds_alone(program, piece, value, of_property)
        });
        if !is_valid {
            let text = self.window.bytes().get(key..end).unwrap_or_default();
            // An object of this property alone begins one byte before it.
            let alone = [b"{", text, b"}"].concat();
            self.checker.ask_about_property(&alone, key - 1, &mut found);
        }
        self.deliver(end, found);
    }

    /// Reports what is wrong with the keys of the object that was read, which began at `position`
    /// with `head`.
    fn keys(&mut self, keys: Map<String, Value>, position: Position, head: &[u8]) {
        let problems = self.checker.problems_with_keys(&Value::Object(keys));
        let problems = problems.into_iter().map(|problem| {
            let problem = problem.at(At::Span(Span::new(0, 1)));
            Placed {
                is_from_root: true,
                ..placed(problem, 0, Some(0), None)
            }
        });
        let problems = problems.collect();
        self.sink.deliver_late(position, head, problems);
    }
}
