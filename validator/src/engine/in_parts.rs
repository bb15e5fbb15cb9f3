//! Long objects: property by property, and arrays in them item by item.
//!
//! Of a payload each property is checked alone and given up; what is wrong with an object's keys only
//! its end tells. Of an exported object the items of arrays are checked and given up; what is left of
//! it is checked at its end, as if the arrays were empty.

use std::{collections::HashMap, io};

use serde_json::{Map, Value};
use source_text::{JsonPointer, Position, Span};

use super::{
    diagnosis::Before,
    document::{Document, Flow, Member, Step},
    element::{Piece, Place, Placed, placed},
    parts::{ObjectPart, Parts},
    position::after,
    sink::EXCERPT,
    text::Skeleton,
};
use crate::{ProfileName, finding::At, json::PADDING, program::Outcome};

/// An object of which some properties were read and given up.
struct Open {
    /// Which part it is.
    number: usize,
    pointer: JsonPointer,
    position: Position,
    /// Its first bytes, and what stands before them.
    head: Vec<u8>,
    /// Where in these it begins.
    start: usize,
    /// The key of the property that was read last.
    last: Option<String>,
    /// The keys so far, and where each stands first.
    names: HashMap<String, Position>,
    keys: Map<String, Value>,
}

/// What becomes of the properties that were read.
enum Properties {
    /// Each is checked alone, and given up.
    Alone,
    /// They are checked together at the end.
    Kept(Skeleton),
}

impl Document<'_> {
    /// Whether the value `at` bytes after the window's start is longer than `longest` bytes; `None`
    /// if more of it must be read to tell.
    pub(super) fn is_long(&mut self, at: usize, longest: usize) -> Option<bool> {
        let start = self.window.start() + at;
        // However the file comes, the same bytes decide.
        let end = start.saturating_add(longest);
        if self.window.end() <= end {
            return (!self.has_more()).then_some(false);
        }
        let piece = Piece::new(self.window.bytes(), start, end);
        let outcome = self.checker.any(piece, start);
        Some(outcome == Outcome::Incomplete)
    }

    /// Whether an object of more than `longest` bytes begins at the window's start.
    pub(super) fn is_long_object(&mut self, longest: usize) -> io::Result<bool> {
        if self.first_byte() != b'{' {
            return Ok(false);
        }
        loop {
            match self.is_long(0, longest) {
                Some(is_long) => return Ok(is_long),
                None => self.fill()?,
            }
        }
    }

    /// Whether the element that begins `at` bytes after the window's start is to be checked in parts.
    pub(super) fn is_long_element(&mut self, at: usize) -> bool {
        let element = self.window.start() + at;
        let longest = self.checker.longest(self.window.bytes(), element);
        longest.is_some_and(|longest| self.is_long(at, longest) == Some(true))
    }

    /// A payload that is a long object, at the window's start.
    pub(super) fn payload_in_parts(&mut self, parts: &Parts) -> io::Result<Flow> {
        self.in_parts(parts, Properties::Alone, 1)
    }

    /// A long exported object at the window's start.
    pub(super) fn exported_in_parts(&mut self, parts: &Parts) -> io::Result<Flow> {
        self.in_parts(parts, Properties::Kept(Skeleton::default()), 0)
    }

    /// The object that begins `at` bytes after the window's start, in the element at `element`.
    fn open(&self, number: usize, parts: &Parts, element: &JsonPointer, at: usize) -> Open {
        let (text, start) = (self.window.text(), self.window.start() + at);
        let shown = start.saturating_sub(EXCERPT)..text.len().min(start + EXCERPT + 1);
        let before = text.get(self.window.start()..start).unwrap_or_default();
        let way = parts.object(number).map(ObjectPart::pointer);
        Open {
            number,
            pointer: element.join(&way.unwrap_or_default()),
            position: after(self.sink.position(), before),
            start: start - shown.start,
            head: text.get(shown).unwrap_or_default().to_vec(),
            last: None,
            names: HashMap::new(),
            keys: Map::new(),
        }
    }

    /// Adds the next `length` bytes to what is left of an element, and gives them up.
    fn keep(&mut self, skeleton: &mut Skeleton, length: usize) {
        let kept = self.window.rest().get(..length).unwrap_or_default();
        skeleton.push(kept, self.sink.position());
        self.give_up_to(self.window.start() + length);
    }

    /// Reads the element at the window's start: an object, whose first property is read for `at` bytes
    /// after that, or right behind the bracket if that is 0.
    fn in_parts(
        &mut self,
        parts: &Parts,
        mut properties: Properties,
        mut at: usize,
    ) -> io::Result<Flow> {
        let element = self.sink.next_item();
        let outside = self.sink.levels();
        let mut open = vec![self.open(0, parts, &element, 0)];
        self.sink.begin_parts();
        if let Properties::Kept(skeleton) = &mut properties {
            self.keep(skeleton, 1);
        }
        let mut is_first = true;
        while let Some((level, object)) = open.last_mut().and_then(|level| {
            let object = parts.object(level.number)?;
            Some((level, object))
        }) {
            self.container_start = level.position;
            let levels = outside + object.path().len() + 1;
            let start = self.window.start();
            // What is shown behind a property must be in the window too.
            let sure = self.window.sure_end() - start;
            match self.step(at, is_first, levels, |name| object.inner(name)) {
                Step::NeedsMore if !self.window.is_last() => {
                    self.fill()?;
                    continue;
                }
                step if step.end() > sure && self.has_more() => {
                    self.fill()?;
                    continue;
                }
                Step::Member(member) => {
                    level.last = Some(member.name.clone());
                    match &mut properties {
                        Properties::Kept(skeleton) => self.keep(skeleton, member.value.end),
                        Properties::Alone => {
                            let Member { name, key, .. } = &member;
                            self.check_name(&level.pointer, name, *key, &mut level.names);
                            self.property(object, level.number, &member);
                            level.keys.insert(member.name, Value::Null);
                        }
                    }
                }
                Step::Items {
                    name,
                    key,
                    array,
                    number,
                } => {
                    let container = level.pointer.child(&name);
                    level.last = Some(name.clone());
                    match &mut properties {
                        Properties::Kept(skeleton) => {
                            self.keep(skeleton, array);
                            skeleton.push(b"[", self.sink.position());
                        }
                        Properties::Alone => {
                            self.check_name(&level.pointer, &name, key, &mut level.names);
                            level.keys.insert(name, Value::Array(Vec::new()));
                            self.give_up_to(start + array);
                        }
                    }
                    let flow = self.items(container, Place::ItemOf(number), levels)?;
                    if flow != Flow::GoOn {
                        return Ok(flow);
                    }
                    self.sink.set_container(None);
                    if let Properties::Kept(skeleton) = &mut properties {
                        skeleton.push(b"]", self.sink.position());
                    }
                }
                Step::Object {
                    name,
                    key,
                    brace,
                    number,
                } => {
                    let inner = self.open(number, parts, &element, brace);
                    level.last = Some(name.clone());
                    match &mut properties {
                        Properties::Kept(skeleton) => self.keep(skeleton, brace + 1),
                        Properties::Alone => {
                            self.check_name(&level.pointer, &name, key, &mut level.names);
                            level.keys.insert(name, Value::Object(Map::new()));
                            self.give_up_to(start + brace + 1);
                        }
                    }
                    open.push(inner);
                    at = 0;
                    is_first = true;
                    continue;
                }
                Step::End(end) => {
                    match &mut properties {
                        Properties::Kept(skeleton) => self.keep(skeleton, end),
                        Properties::Alone => self.give_up_to(start + end),
                    }
                    if let (Some(level), Properties::Alone) = (open.pop(), &properties) {
                        self.keys(level);
                    }
                }
                Step::NeedsMore | Step::Broken => {
                    let last = level.last.take();
                    self.sink.set_object(level.pointer.clone(), last);
                    return self.broken_part(match at {
                        0 => Before::Properties { levels, is_first },
                        _ => Before::Nothing,
                    });
                }
            }
            at = 0;
            is_first = false;
        }
        self.sink.end_parts();
        let profile = match &properties {
            Properties::Kept(skeleton) => self.rest_of_element(skeleton),
            Properties::Alone => {
                self.sink.begin_element();
                None
            }
        };
        self.sink.release_parts(profile.as_ref());
        Ok(Flow::GoOn)
    }

    /// Checks a property of a payload alone, and gives it up.
    fn property(&mut self, object: &ObjectPart, number: usize, member: &Member) {
        let start = self.window.start();
        let key = start + member.key.start;
        let end = start + member.value.end;
        let mut found = self.nothing();
        let piece = Piece::new(self.window.bytes(), key, self.window.end());
        let value = start + member.value.start;
        let subschema = object.value(&member.name);
        let levels = object.path().len() + 1;
        let of_property = Span::new(key, end);
        let is_valid = self
            .checker
            .holds_alone(subschema, levels, piece, value, of_property);
        if !is_valid {
            let text = self.window.bytes().get(key..end).unwrap_or_default();
            // An object of this property alone begins one byte before it.
            let alone = [b"{", text, b"}"].concat();
            self.checker.property(number, &alone, key - 1, &mut found);
        }
        self.deliver(end, found);
    }

    /// Reports what is wrong with the keys of an object of a payload that was read.
    fn keys(&mut self, object: Open) {
        let keys = Value::Object(object.keys);
        let problems = self.checker.problems_with_keys(object.number, keys);
        let problems = problems.into_iter().map(|problem| {
            let problem = problem.at(At::Span(Span::new(object.start, object.start + 1)));
            Placed {
                is_from_root: true,
                ..placed(problem, 0, Some(0), None)
            }
        });
        let problems = problems.collect();
        self.sink
            .deliver_late(object.position, &object.head, object.start, problems);
    }

    /// Checks what is left of an element whose arrays were checked; returns how its profile is called.
    fn rest_of_element(&mut self, skeleton: &Skeleton) -> Option<ProfileName> {
        self.checker.enter_as(Place::Alone, self.sink.levels());
        let bytes = skeleton.padded(PADDING);
        let end = bytes.len() - PADDING;
        let mut found = self.nothing();
        let mut piece = Piece::new(&bytes, 0, end);
        self.checker.element(&mut piece, 0, &mut found);
        let profile = self.checker.profile(&bytes);
        self.sink.settle_shape(&found);
        self.sink.deliver_kept(skeleton.text(), found);
        profile
    }
}
