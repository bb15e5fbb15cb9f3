//! What is said of a document that is JSON and no export.

use std::io;

use source_text::{JsonPointer, Span};

use super::{
    diagnosis::Before,
    document::{Document, Flow, Member},
    element::{Piece, Placed, placed},
    envelope::OBJECTS,
};
use crate::{
    Code, bad_bytes, decode,
    finding::{At, Problem},
    json::scan::byte,
    nearest::nearest,
    program::Outcome,
    stranger::Stranger,
    wording,
};

const EXPORTS: &str = "an array of exported objects, a sp-config backup with \"objects\", or one \
    exported object with \"version\", \"self\" and \"object\"";

const WRITE_ARRAY: &str = "put the exported objects into an array";

/// What is to be done where nothing else is known.
const CHECK_FILE: &str = "check that this is the file you meant";

impl Document<'_> {
    /// An object at the root that is neither an element nor an envelope; it ends after `end` bytes.
    pub(super) fn unknown_object(&mut self, members: &[Member], end: usize) {
        let start = self.window.start();
        if let Some(objects) = members.iter().rev().find(|member| member.name == OBJECTS) {
            let span = Span::new(objects.value.start + start, objects.value.end + start);
            let value = self.window.bytes().get(span.range()).unwrap_or_default();
            let (found, length, help) = match value {
                [b'{', ..] => (
                    "an object",
                    1,
                    "put it into an array: [ before it, and ] behind it",
                ),
                [b'"', ..] => ("a string", span.len(), WRITE_ARRAY),
                [b'n', ..] => ("null", span.len(), WRITE_ARRAY),
                [b't' | b'f', ..] => ("a boolean", span.len(), WRITE_ARRAY),
                _ => ("a number", span.len(), WRITE_ARRAY),
            };
            let pointer = JsonPointer::root().child(OBJECTS);
            let message = format!("\"objects\" is not an array: found {found}");
            let problem = Problem::new(Code::Type, pointer, message)
                .at(At::Span(Span::new(span.start, span.start + length)))
                .expected("an array of exported objects")
                .help(help);
            self.leave_out(start + end, Some(problem));
            return;
        }
        let has = |name: &str| members.iter().any(|member| member.name == name);
        let stranger = Stranger::new(has);
        let help = if stranger.is_known() {
            None
        } else {
            self.array_of_objects(members)
        };
        let problem = Problem::new(
            Code::NotAnExport,
            JsonPointer::root(),
            stranger.as_document(),
        )
        .at(At::Span(Span::new(start, start + 1)))
        .expected(EXPORTS)
        .help(help.unwrap_or_else(|| stranger.help.to_owned()));
        self.leave_out(start + end, Some(problem));
    }

    /// Gives up a value that begins at the window's start and is not held against anything, for the
    /// reason that `problem` says if it is not said yet: that its bytes are UTF-8 must be known.
    pub(super) fn leave_out(&mut self, end: usize, problem: Option<Problem>) {
        let value = self.window.bytes().get(self.window.start()..end);
        let value = value.unwrap_or_default();
        let (text, invalid) = decode::readable(value);
        let whole = Span::new(0, text.len());
        let (mut problems, unlisted) = self.bad_bytes(value, &text, whole, &invalid);
        problems.extend(problem.map(|problem| Placed {
            is_from_root: true,
            ..placed(problem, 0, None, None)
        }));
        self.report_bad_bytes((problems, unlisted));
        self.give_up_to(end);
    }

    /// What is to be done with an array in an object that has no "objects", if it may be meant: under a
    /// name that is nearly that, or the only one.
    fn array_of_objects(&self, members: &[Member]) -> Option<String> {
        let start = self.window.start();
        let is_array =
            |member: &&Member| byte(self.window.bytes(), start + member.value.start) == b'[';
        let mut arrays = members.iter().filter(is_array);
        let names = arrays.clone().map(|member| member.name.as_str());
        if let Some(near) = nearest(OBJECTS, names) {
            return Some(format!("rename {} to \"{OBJECTS}\"", wording::quoted(near)));
        }
        let (only, None) = (arrays.next()?, arrays.next()) else {
            return None;
        };
        let name = wording::quoted(&only.name);
        Some(format!(
            "if the exported objects are in {name}, save that array alone"
        ))
    }

    /// The parts of a value at the window's start that are no UTF-8, and how many there are more.
    fn bad_bytes(
        &self,
        bytes: &[u8],
        text: &str,
        span: Span,
        invalid: &[Span],
    ) -> (Vec<Placed>, usize) {
        let start = self.window.start();
        let limit = self.options.limit();
        let problems = bad_bytes::problems(bytes, text, span, invalid, limit);
        let unlisted = invalid.len() - problems.len();
        let problems = problems.into_iter();
        let listed = problems.map(|problem| placed(problem, start, None, None));
        (listed.collect(), unlisted)
    }

    fn report_bad_bytes(&mut self, (listed, unlisted): (Vec<Placed>, usize)) {
        self.deliver_some(listed);
        self.sink.count(Code::InvalidUtf8, unlisted);
    }

    /// A root that is neither object nor array, or no JSON at all.
    pub(super) fn scalar(&mut self) -> io::Result<Flow> {
        while !self.window.is_last() {
            let (start, end) = (self.window.start(), self.window.end());
            let piece = Piece::new(self.window.bytes(), start, end);
            match self.checker.any(piece, start) {
                Outcome::Incomplete => self.fill()?,
                Outcome::Complete { .. } | Outcome::Broken => break,
            }
        }
        let rest = self.window.rest();
        let (text, invalid) = decode::readable(rest);
        let mut reader = source_text::json::Reader::new(&text);
        if let Some(Ok((_, span))) = reader.next() {
            let start = self.window.start();
            let inside = invalid.partition_point(|part| part.start < span.end);
            let invalid = invalid.get(..inside).unwrap_or_default();
            let bad_bytes = self.bad_bytes(rest, &text, span, invalid);
            let found = text.get(span.range()).unwrap_or_default();
            let message = format!(
                "this is no export: the file holds only {}",
                wording::shortened(found)
            );
            let is_document = serde_json::from_str(found)
                .is_ok_and(|text: String| text.trim_start().starts_with(['[', '{']));
            let help = if is_document {
                "the JSON stands in a string: decode that once (jq fromjson does)"
            } else {
                CHECK_FILE
            };
            let end = start + span.end;
            let problem = Problem::new(Code::NotAnExport, JsonPointer::root(), message)
                .at(At::Span(Span::new(start, end)))
                .expected(EXPORTS)
                .help(help);
            self.report(problem);
            self.report_bad_bytes(bad_bytes);
            self.give_up_to(end);
            return Ok(Flow::GoOn);
        }
        if self.holds_lines() {
            self.lines()?;
        } else {
            self.broken(Before::Nothing)?;
        }
        Ok(Flow::Stop)
    }
}
