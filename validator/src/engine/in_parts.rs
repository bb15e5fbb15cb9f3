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
    envelope::OBJECTS,
    parts::{ObjectPart, Parts},
    position::after,
    sink::EXCERPT,
    text::Skeleton,
};
use crate::{
    Code, ProfileName,
    finding::{At, Problem},
    json::{PADDING, scan::byte},
    program::Outcome,
};

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
    /// Where each key so far stands first.
    names: HashMap<String, Position>,
    /// The keys, if the schema says something of them.
    keys: Option<Map<String, Value>>,
}

/// What becomes of the properties that were read.
enum Properties {
    /// Each is checked alone, and given up.
    Alone,
    /// They are checked together at the end.
    Kept(Skeleton),
}

impl Properties {
    /// Keeps a bracket of an array whose items are given up.
    fn stand_in(&mut self, bracket: &[u8], position: Position) {
        if let Self::Kept(skeleton) = self {
            skeleton.push(bracket, position);
        }
    }
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
        self.in_parts(parts, Properties::Alone)
    }

    /// A long exported object at the window's start.
    pub(super) fn exported_in_parts(&mut self) -> io::Result<Flow> {
        match self.subject.parts() {
            Some(parts) => self.in_parts(parts, Properties::Kept(Skeleton::default())),
            // What cannot be divided is too long; it must not be taken for valid.
            None => self.broken(Before::Nothing).map(|_| Flow::Stop),
        }
    }

    /// The object that begins `at` bytes after the window's start, in the element at `element`.
    fn open(&self, number: usize, parts: &Parts, element: &JsonPointer, at: usize) -> Open {
        let (text, start) = (self.window.text(), self.window.start() + at);
        let shown = start.saturating_sub(EXCERPT)..text.len().min(start + EXCERPT + 1);
        let before = text.get(self.window.start()..start).unwrap_or_default();
        let object = parts.object(number);
        let way = object.map(ObjectPart::pointer);
        Open {
            number,
            pointer: element.join(&way.unwrap_or_default()),
            position: after(self.sink.position(), before),
            start: start - shown.start,
            head: text.get(shown).unwrap_or_default().to_vec(),
            last: None,
            names: HashMap::new(),
            keys: object
                .is_some_and(ObjectPart::constrains_keys)
                .then(Map::new),
        }
    }

    /// Gives up the next `length` bytes, which are kept if properties are.
    fn pass(&mut self, properties: &mut Properties, length: usize) {
        if let Properties::Kept(skeleton) = properties {
            let kept = self.window.rest().get(..length).unwrap_or_default();
            skeleton.push(kept, self.sink.position());
        }
        self.give_up_to(self.window.start() + length);
    }

    /// Takes note of a property that was met, `stand_in` for its value.
    fn note(
        &mut self,
        properties: &Properties,
        level: &mut Open,
        name: &str,
        key: Span,
        stand_in: Value,
    ) {
        level.last = Some(name.to_owned());
        // What is kept is looked at whole.
        if matches!(properties, Properties::Alone) {
            self.check_name(&level.pointer, name, key, &mut level.names);
            if let Some(keys) = &mut level.keys {
                keys.insert(name.to_owned(), stand_in);
            }
        }
    }

    /// Reads the object at the window's start: its properties, and those of long objects in it.
    fn in_parts(&mut self, parts: &Parts, mut properties: Properties) -> io::Result<Flow> {
        let element = self.sink.next_item();
        let outside = self.sink.levels();
        let mut open = vec![self.open(0, parts, &element, 0)];
        self.sink.begin_parts();
        self.pass(&mut properties, 1);
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
            match self.step(0, is_first, levels, |name| object.inner(name)) {
                Step::NeedsMore if !self.window.is_last() => {
                    self.fill()?;
                    continue;
                }
                step if step.end() > sure && self.has_more() => {
                    self.fill()?;
                    continue;
                }
                Step::Member(member) => {
                    let Member { name, key, value } = &member;
                    if self.sink.is_alone()
                        && level.pointer.is_root()
                        && name == OBJECTS
                        && matches!(properties, Properties::Kept(_))
                    {
                        self.report_objects(&member);
                    }
                    self.note(&properties, level, name, *key, Value::Null);
                    match properties {
                        Properties::Alone => self.property(object, level.number, &member),
                        Properties::Kept(_) => self.pass(&mut properties, value.end),
                    }
                }
                Step::Items {
                    name,
                    key,
                    array,
                    number,
                } => {
                    if let Properties::Kept(skeleton) = &properties {
                        self.look_ahead(skeleton, object.path().len() + 1, array);
                    }
                    let container = level.pointer.child(&name);
                    self.note(&properties, level, &name, key, Value::Array(Vec::new()));
                    self.pass(&mut properties, array);
                    properties.stand_in(b"[", self.sink.position());
                    let flow = self.items(container, Place::ItemOf(number), levels)?;
                    if flow != Flow::GoOn {
                        return Ok(flow);
                    }
                    self.sink.set_container(None);
                    properties.stand_in(b"]", self.sink.position());
                }
                Step::Object {
                    name,
                    key,
                    brace,
                    number,
                } => {
                    let inner = self.open(number, parts, &element, brace);
                    self.note(&properties, level, &name, key, Value::Object(Map::new()));
                    self.pass(&mut properties, brace + 1);
                    open.push(inner);
                    is_first = true;
                    continue;
                }
                Step::End(end) => {
                    self.pass(&mut properties, end);
                    if let (Some(level), Properties::Alone) = (open.pop(), &properties) {
                        self.keys(level);
                    }
                }
                Step::NeedsMore | Step::Broken => {
                    let last = level.last.take();
                    self.sink.set_object(level.pointer.clone(), last);
                    return self.broken_part(Before::Properties { levels, is_first });
                }
            }
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

    /// Takes in what is known of an element where an array begins, `array` bytes after the window's
    /// start and in so many objects, whose items are told by that.
    fn look_ahead(&mut self, skeleton: &Skeleton, levels: usize, array: usize) {
        let rest = self.window.rest().get(..array).unwrap_or_default();
        let closing = "}".repeat(levels);
        let (bytes, end) = skeleton.padded(&[rest, b"[]", closing.as_bytes()].concat(), PADDING);
        let mut found = self.nothing();
        let piece = Piece::new(&bytes, 0, end);
        let profile = self.checker.look_ahead(piece, &mut found);
        self.sink.deliver_ahead(skeleton.text_with(&bytes), found);
        self.sink.set_profile(profile);
    }

    /// Reports an array that may be meant to be the elements, in an exported object.
    fn report_objects(&mut self, member: &Member) {
        let start = self.window.start();
        let value = byte(self.window.bytes(), start + member.value.start);
        if value != b'[' {
            return;
        }
        let message = "\"objects\" stands beside \"object\": one of the two is not imported";
        let problem = Problem::new(
            Code::NotAnExport,
            JsonPointer::root().child(OBJECTS),
            message,
        )
        .at(At::Span(Span::new(
            start + member.key.start,
            start + member.key.end,
        )))
        .expected("either exported objects in \"objects\" or one in \"object\"")
        .help("make a file of each; what is in \"objects\" was not checked");
        self.deliver_some(vec![Placed {
            is_from_root: true,
            ..placed(problem, 0, Some(0), None)
        }]);
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
        let Some(keys) = object.keys else {
            return;
        };
        let keys = Value::Object(keys);
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
        let (bytes, end) = skeleton.padded(&[], PADDING);
        let mut found = self.nothing();
        let mut piece = Piece::new(&bytes, 0, end);
        self.checker.element(&mut piece, 0, &mut found);
        let profile = self.checker.profile(&bytes);
        self.sink.settle_shape(&found);
        self.sink.deliver_kept(skeleton.text(), found);
        profile
    }
}
