//! What a file is: its shape, where its elements begin, and what is wrong outside of them.

use std::io::{self, Read};

use source_text::{JsonPointer, Position, Span};

use super::{
    Options,
    blocks::Boundary,
    diagnosis::Before,
    element::{Checker, Found, Halt, Next, Piece, Place, Placed, placed},
    envelope::inner_of_envelope,
    forced, parallel,
    parts::Inner,
    sink::Sink,
    subject::Subject,
    window::Window,
};
use crate::{
    Code, Finding, Shape, Summary, classify, decode,
    finding::{At, Problem},
    json::scan::{self, byte, skip_space},
    program::Outcome,
    tree,
};

/// The key of what an exported object holds.
pub(super) const OBJECT: &str = "object";

/// The check of one file.
pub(super) struct Document<'d> {
    pub(super) subject: &'d Subject,
    reader: &'d mut (dyn Read + Send),
    pub(super) window: Window,
    pub(super) checker: Checker<'d>,
    pub(super) sink: Sink<'d>,
    pub(super) options: &'d Options,
    /// Where the bracket of the array of elements is.
    pub(super) container_start: Position,
    /// How many threads check elements, once that was asked for.
    threads: Option<usize>,
    /// What stands between the element whose parts are checked and the next.
    pub(super) boundary: Option<Boundary>,
}

/// Whether there is more of the file to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    GoOn,
    /// What follows cannot be read, or was read already.
    Stop,
    /// The element of which parts were checked is broken, and was left out.
    LeftOut,
}

/// A property of an object that is read property by property.
pub(super) struct Member {
    pub(super) name: String,
    /// These count from where the window begins.
    pub(super) key: Span,
    pub(super) value: Span,
}

/// What comes next in such an object.
pub(super) enum Step {
    Member(Member),
    /// A property with an array of elements, which has this number among its parts: where its key and
    /// its bracket are.
    Items {
        name: String,
        key: Span,
        array: usize,
        number: usize,
    },
    /// A property with a long object that has this number among the parts: where its key and its
    /// brace are.
    Object {
        name: String,
        key: Span,
        brace: usize,
        number: usize,
    },
    /// After the closing bracket.
    End(usize),
    NeedsMore,
    Broken,
}

impl Step {
    /// After how many bytes from the window's start on it ends.
    pub(super) fn end(&self) -> usize {
        match self {
            Self::Member(member) => member.value.end,
            Self::Items { array: bracket, .. } | Self::Object { brace: bracket, .. } => bracket + 1,
            Self::End(end) => *end,
            Self::NeedsMore | Self::Broken => 0,
        }
    }
}

impl<'d> Document<'d> {
    pub(super) fn new(
        subject: &'d Subject,
        reader: &'d mut (dyn Read + Send),
        options: &'d Options,
        on_finding: &'d mut dyn FnMut(Finding),
    ) -> Self {
        Self {
            subject,
            reader,
            window: Window::new(options.window),
            checker: Checker::new(subject, options),
            sink: Sink::new(options, on_finding),
            options,
            container_start: Position::START,
            threads: None,
            boundary: None,
        }
    }

    pub(super) fn check(mut self) -> io::Result<Summary> {
        while self.window.rest().len() < decode::SAMPLE && self.has_more() {
            self.fill()?;
        }
        if let Some(problem) = decode::other_format(self.window.rest()) {
            self.sink
                .deliver_some(&[], 0, 0, vec![placed(problem, 0, None, None)]);
            return Ok(self.sink.finish());
        }
        if self.window.rest().starts_with(decode::MARK) {
            let mark = decode::MARK.len();
            let problem = decode::byte_order_mark();
            self.deliver_one(placed(problem, self.window.start(), None, None));
            self.sink.skip_mark(mark);
            self.window.give_up_to(self.window.start() + mark);
        }
        if self.skip_space()? {
            self.document()?;
        } else {
            self.empty();
        }
        Ok(self.sink.finish())
    }

    fn document(&mut self) -> io::Result<()> {
        if self.is_lines() {
            return self.lines();
        }
        let start = self.window.start();
        let other = |shape| forced::other_bracket(shape, self.first_byte(), start);
        if let Some(problem) = self.options.shape.and_then(other) {
            self.report(problem);
            return self.unchecked();
        }
        let flow = match (self.first_byte(), self.subject) {
            (b'[', Subject::Exports(_)) => self.array()?,
            (b'[', Subject::Payload(payload)) if payload.splits_arrays() => self.array()?,
            (b'{', Subject::Exports(_)) => self.root_object()?,
            (_, Subject::Exports(_)) => self.scalar()?,
            (_, Subject::Payload(_)) => self.whole()?,
        };
        match flow {
            Flow::GoOn => self.after_document(),
            Flow::Stop | Flow::LeftOut => Ok(()),
        }
    }

    /// Reads a document that is not held against anything: that it is JSON must be known.
    fn unchecked(&mut self) -> io::Result<()> {
        loop {
            let start = self.window.start();
            let piece = Piece::new(self.window.bytes(), start, self.window.end());
            match self.checker.any(piece, start) {
                Outcome::Complete { end, .. } => {
                    self.leave_out(end, None);
                    return self.after_document();
                }
                Outcome::Incomplete if !self.window.is_last() => self.fill()?,
                Outcome::Incomplete | Outcome::Broken if self.is_text() => return Ok(()),
                Outcome::Incomplete | Outcome::Broken => {
                    return self.broken(Before::Nothing).map(drop);
                }
            }
        }
    }

    /// Whether the rest is one JSON text: also a number or a word at the very end of the file, after
    /// which the fast path waits for more.
    fn is_text(&self) -> bool {
        let (text, _) = decode::readable(self.window.rest());
        source_text::json::Reader::new(&text)
            .with_limits(self.options.max_depth)
            .all(|event| event.is_ok())
    }

    pub(super) fn fill(&mut self) -> io::Result<()> {
        self.window.fill(self.reader)
    }

    pub(super) fn first_byte(&self) -> u8 {
        byte(self.window.bytes(), self.window.start())
    }

    /// Gives up what is white space; false at the end of the file.
    fn skip_space(&mut self) -> io::Result<bool> {
        loop {
            let at = skip_space(self.window.bytes(), self.window.start()).min(self.window.end());
            self.give_up_to(at);
            if at < self.window.end() {
                return Ok(true);
            }
            if self.window.is_last() {
                return Ok(false);
            }
            self.fill()?;
        }
    }

    /// Delivers what was found up to `at` and gives the bytes up.
    pub(super) fn deliver(&mut self, at: usize, found: Found) {
        let (start, bytes) = (self.window.start(), self.window.text());
        self.sink.deliver(bytes, start, at, found);
        self.window.give_up_to(at);
    }

    pub(super) fn give_up_to(&mut self, at: usize) {
        let nothing = self.nothing();
        self.deliver(at, nothing);
    }

    pub(super) fn nothing(&self) -> Found {
        self.checker.nothing()
    }

    pub(super) fn deliver_one(&mut self, placed: Placed) {
        self.deliver_some(vec![placed]);
    }

    /// Delivers problems with what is in the window, which stays undelivered.
    pub(super) fn deliver_some(&mut self, problems: Vec<Placed>) {
        let (start, end) = (self.window.start(), self.window.end());
        self.sink
            .deliver_some(self.window.text(), start, end, problems);
    }

    /// Reports a problem with the document as such.
    pub(super) fn report(&mut self, problem: Problem) {
        self.deliver_one(Placed {
            is_from_root: true,
            ..placed(problem, 0, None, None)
        });
    }

    fn empty(&mut self) {
        let (expected, help) = match self.subject {
            Subject::Exports(_) => (
                "an export: a JSON array of exported objects",
                "the export may have failed; make it again",
            ),
            Subject::Payload(_) => (
                "a JSON value",
                "the file may not have been written; make it again",
            ),
        };
        let problem = Problem::new(Code::Empty, JsonPointer::root(), "the file is empty")
            .at(At::Span(Span::at(self.window.start())))
            .expected(expected)
            .help(help);
        self.report(problem);
    }

    /// An array of elements at the root; its bracket is the first byte.
    fn array(&mut self) -> io::Result<Flow> {
        let shape = match self.subject {
            Subject::Exports(_) => Shape::Array,
            Subject::Payload(_) => Shape::Payload,
        };
        self.sink.set_shape(shape);
        self.items(JsonPointer::root(), Place::Item, 0)
    }

    /// The items of an array whose bracket is the first byte, in so many objects.
    pub(super) fn items(
        &mut self,
        container: JsonPointer,
        place: Place,
        levels: usize,
    ) -> io::Result<Flow> {
        self.container_start = self.sink.position();
        self.sink.set_container(Some(container));
        self.checker.enter_as(place, self.sink.levels());
        let mut next = Next::FirstItem;
        let mut is_first_window = levels == 0;
        let mut bracket = 1;
        loop {
            let start = self.window.start();
            let mut at = start + std::mem::take(&mut bracket);
            let mut found = self.nothing();
            let piece = Piece::new(self.window.bytes(), start, self.window.sure_end());
            let halt = self.checker.items(piece, &mut at, &mut next, &mut found);
            match halt {
                Halt::Closed => {
                    self.sink.settle_shape(&found);
                    self.deliver(at, found);
                    return Ok(Flow::GoOn);
                }
                Halt::NeedsMore if next != Next::CommaOrEnd && self.is_long_element(at - start) => {
                    is_first_window = false;
                    self.sink.settle_shape(&found);
                    self.deliver(at, found);
                    let array_start = self.container_start;
                    self.boundary = self.boundary_before(next);
                    if self.exported_in_parts()? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                    self.boundary = None;
                    self.container_start = array_start;
                    self.checker.enter_as(place, self.sink.levels());
                    next = Next::CommaOrEnd;
                }
                Halt::NeedsMore if !self.window.is_last() => {
                    self.sink.settle_shape(&found);
                    if at > start {
                        is_first_window = false;
                    }
                    self.deliver(at, found);
                    let reached = self.sink.position();
                    next = self.on_all_threads(next);
                    // What was read before reading failed is checked before that is told.
                    let has_rest = self.window.has_failed() && self.sink.position() != reached;
                    if !has_rest {
                        self.fill()?;
                    }
                }
                Halt::NeedsMore | Halt::Broken => {
                    if is_first_window && self.holds_lines() {
                        self.lines()?;
                        return Ok(Flow::Stop);
                    }
                    is_first_window = false;
                    self.sink.settle_shape(&found);
                    self.deliver(at, found);
                    let before = Before::Items { next, levels };
                    if self.sink.is_in_parts() {
                        return self.broken_part(before);
                    }
                    let Some(length) = self.broken(before)? else {
                        return Ok(Flow::Stop);
                    };
                    self.give_up_to(self.window.start() + length);
                    next = Next::CommaOrEnd;
                }
            }
        }
    }

    /// Whether there may be more to read behind the window.
    pub(super) fn has_more(&self) -> bool {
        !self.window.is_last() && !self.window.has_failed()
    }

    /// Checks items on several threads, as long as it is plain where one ends.
    fn on_all_threads(&mut self, next: Next) -> Next {
        let (start, end) = (self.window.start(), self.window.end());
        if self.options.threads == 1 || next != Next::Item {
            return next;
        }
        let Some(boundary) = Boundary::before(self.window.bytes(), start, end) else {
            return next;
        };
        let threads = *self.threads.get_or_insert_with(|| self.options.threads());
        if threads < 2 {
            return next;
        }
        parallel::items(
            &mut self.checker,
            &mut self.window,
            self.reader,
            &mut self.sink,
            &boundary,
            threads,
            next,
        )
    }

    /// An object at the root: an envelope, an exported object or a profile.
    fn root_object(&mut self) -> io::Result<Flow> {
        let (subject, shape) = (self.subject, self.options.shape);
        let mut members = Vec::new();
        // From the root's first byte, which moves when the window is filled.
        let mut at = 1;
        let mut is_first = true;
        loop {
            match self.step(at, is_first, 1, |name| inner_of_root(subject, shape, name)) {
                Step::Member(member) => {
                    at = member.value.end;
                    is_first = false;
                    members.push(member);
                }
                Step::Items { key, array, .. } => return self.envelope(&members, key, array),
                Step::Object { .. } => {
                    self.sink.set_shape(Shape::ExportedObject);
                    let line = self.sink.position().line;
                    let flow = self.exported_in_parts()?;
                    if flow != Flow::GoOn || !self.is_followed_by_line(line)? {
                        return Ok(flow);
                    }
                    self.lines()?;
                    return Ok(Flow::Stop);
                }
                Step::End(end) => return self.single(&members, end),
                Step::NeedsMore if !self.window.is_last() => self.fill()?,
                Step::NeedsMore | Step::Broken => {
                    if self.holds_lines() {
                        self.lines()?;
                        return Ok(Flow::Stop);
                    }
                    let has = |name: &str| members.iter().any(|member| member.name == name);
                    if has("self") || has("object") {
                        self.sink.set_shape(Shape::ExportedObject);
                    } else if classify::has_profile_keys(has) {
                        self.sink.set_shape(Shape::Profile);
                    }
                    self.broken(Before::Nothing)?;
                    return Ok(Flow::Stop);
                }
            }
        }
    }

    /// The next member of an object, `at` bytes after the window's start and so many levels down;
    /// `inner` tells how values are divided.
    pub(super) fn step(
        &mut self,
        at: usize,
        is_first: bool,
        levels: usize,
        inner: impl Fn(&str) -> Inner,
    ) -> Step {
        let start = self.window.start();
        let end = self.window.end();
        let piece = Piece::new(self.window.bytes(), start, end);
        let bytes = piece.bytes;
        let relative = |span: Span| Span::new(span.start - start, span.end - start);
        let mut at = skip_space(bytes, start + at);
        let more_or_broken = |at: usize| {
            if at >= end {
                Step::NeedsMore
            } else {
                Step::Broken
            }
        };
        match byte(bytes, at) {
            b'}' => return Step::End(at + 1 - start),
            b',' if !is_first => at = skip_space(bytes, at + 1),
            _ if !is_first => return more_or_broken(at),
            _ => {}
        }
        if byte(bytes, at) != b'"' {
            return more_or_broken(at);
        }
        let key = match scan::string(bytes, at + 1) {
            Ok(text) => Span::new(at, text.end),
            Err(_) => return more_or_broken(end),
        };
        let (spelling, _) = decode::readable(bytes.get(key.range()).unwrap_or_default());
        let name = tree::key(&spelling);
        let colon = skip_space(bytes, key.end);
        if byte(bytes, colon) != b':' {
            return more_or_broken(colon);
        }
        let value = skip_space(bytes, colon + 1);
        let opening = byte(bytes, value);
        let may_be_long = end - value.min(end) > self.options.at_once || self.has_more();
        let inner = match opening {
            b'[' => inner(&name),
            b'{' if may_be_long => inner(&name),
            _ => Inner::Whole,
        };
        match (opening, inner) {
            (b'[', Inner::Items(number)) => {
                return Step::Items {
                    name,
                    key: relative(key),
                    array: value - start,
                    number,
                };
            }
            (b'{', Inner::Object(number)) => {
                self.checker.enter(levels);
                match self.is_long(value - start, self.options.at_once) {
                    Some(true) => {
                        return Step::Object {
                            name,
                            key: relative(key),
                            brace: value - start,
                            number,
                        };
                    }
                    Some(false) => {}
                    None => return Step::NeedsMore,
                }
            }
            _ => {}
        }
        self.checker.enter(levels);
        let piece = Piece::new(self.window.bytes(), start, end);
        match self.checker.any(piece, value) {
            Outcome::Complete { end, .. } => Step::Member(Member {
                name,
                key: relative(key),
                value: relative(Span::new(value, end)),
            }),
            Outcome::Incomplete => Step::NeedsMore,
            Outcome::Broken => Step::Broken,
        }
    }

    /// An object at the root that is an element itself, or no export; it ends after `end` bytes.
    fn single(&mut self, members: &[Member], end: usize) -> io::Result<Flow> {
        if self.is_first_of_lines(end)? {
            self.lines()?;
            return Ok(Flow::Stop);
        }
        let start = self.window.start();
        let has = |name: &str| members.iter().any(|member| member.name == name);
        let other = |shape| forced::other_keys(shape, has, start);
        if let Some(problem) = self.options.shape.and_then(other) {
            self.leave_out(start + end, Some(problem));
            return Ok(Flow::GoOn);
        }
        let forced = self
            .options
            .shape
            .filter(|shape| matches!(shape, Shape::ExportedObject | Shape::Profile));
        let shape = if let Some(forced) = forced {
            forced
        } else if has("self") || has("object") {
            Shape::ExportedObject
        } else if classify::has_profile_keys(has) {
            Shape::Profile
        } else {
            self.unknown_object(members, end);
            return Ok(Flow::GoOn);
        };
        self.sink.set_shape(shape);
        self.checker.enter(0);
        let mut found = self.nothing();
        let mut piece = Piece::new(self.window.bytes(), start, self.window.end());
        self.checker.element(&mut piece, start, &mut found);
        self.deliver(start + end, found);
        Ok(Flow::GoOn)
    }

    /// A payload that is one element.
    fn whole(&mut self) -> io::Result<Flow> {
        self.sink.set_shape(Shape::Payload);
        if let Some(parts) = self.subject.parts()
            && self.is_long_object(self.options.at_once)?
        {
            let line = self.sink.position().line;
            let flow = self.payload_in_parts(parts)?;
            if flow != Flow::GoOn || !self.is_followed_by_line(line)? {
                return Ok(flow);
            }
            self.lines()?;
            return Ok(Flow::Stop);
        }
        loop {
            let start = self.window.start();
            let mut found = self.nothing();
            let mut piece = Piece::new(self.window.bytes(), start, self.window.end());
            match self.checker.element(&mut piece, start, &mut found) {
                Outcome::Complete { end, .. } => {
                    if self.first_byte() == b'{' && self.is_first_of_lines(end - start)? {
                        self.lines()?;
                        return Ok(Flow::Stop);
                    }
                    // The window may begin elsewhere now.
                    let end = self.window.start() + (end - start);
                    self.deliver(end, found);
                    return Ok(Flow::GoOn);
                }
                Outcome::Incomplete if !self.window.is_last() => self.fill()?,
                Outcome::Incomplete | Outcome::Broken => {
                    if self.is_text() {
                        let span =
                            Span::new(start, start + self.window.rest().trim_ascii_end().len());
                        self.checker
                            .ask_about(self.window.bytes(), span, &mut found);
                        self.deliver(self.window.end(), found);
                        return Ok(Flow::GoOn);
                    }
                    if self.holds_lines() {
                        self.lines()?;
                    } else {
                        self.broken(Before::Nothing)?;
                    }
                    return Ok(Flow::Stop);
                }
            }
        }
    }

    /// What follows the end of the document.
    fn after_document(&mut self) -> io::Result<()> {
        if self.skip_space()? {
            self.broken(Before::Document)?;
        }
        Ok(())
    }
}

/// How a property of an object at the root is divided, which may be an envelope or an element.
fn inner_of_root(subject: &Subject, shape: Option<Shape>, name: &str) -> Inner {
    let root = || subject.parts().and_then(|parts| parts.object(0));
    match inner_of_envelope(shape, name) {
        // A long "self" may be that of anything: what is an export has an "object".
        Inner::Whole
            if name == OBJECT && shape.is_none_or(|shape| shape == Shape::ExportedObject) =>
        {
            root().map_or(Inner::Whole, |root| root.inner(name))
        }
        inner => inner,
    }
}
