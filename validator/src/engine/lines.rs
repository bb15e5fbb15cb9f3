//! Files that hold one document a line.

use std::io;

use source_text::{JsonPointer, Span};

use super::{
    diagnosis::{Before, diagnose},
    document::Document,
    element::{Checker, Found, Piece, placed},
    subject::Subject,
};
use crate::{
    Code, Shape, decode,
    finding::{At, Problem},
    json::scan::{byte, skip_space},
    ndjson,
    program::Outcome,
};

/// A line of more bytes than that is one of several documents.
const NEXT_LINE: usize = 64 * 1024;

impl Document<'_> {
    /// Whether the file is newline-delimited JSON, as far as its first two lines tell.
    pub(super) fn is_lines(&self) -> bool {
        match self.options.shape {
            Some(shape) => matches!(shape, Shape::Ndjson | Shape::YamlDocuments),
            None => {
                let (text, _) = decode::readable(self.window.rest());
                ndjson::begins_as_lines(&text, self.window.is_last())
            }
        }
    }

    /// Whether an object at the window's start, which ends after `end` bytes, is the first line of
    /// several that are documents of their own: alone on its line, with another object on the next.
    pub(super) fn is_first_of_lines(&mut self, end: usize) -> io::Result<bool> {
        if self.options.shape.is_some() {
            return Ok(false);
        }
        let object = self.window.rest().get(..end).unwrap_or_default();
        if memchr::memchr(b'\n', object).is_some() {
            return Ok(false);
        }
        let is_object = |first: Option<&u8>| matches!(first, Some(b'{' | 0xef));
        // The file's last line need not be whole.
        while !self.window.is_last() {
            let rest = self.window.rest();
            let second = skip_space(rest, end).min(rest.len());
            let is_whole = rest
                .get(second..)
                .is_some_and(|rest| memchr::memchr(b'\n', rest).is_some());
            if second < rest.len() && (is_whole || !is_object(rest.get(second))) {
                break;
            }
            self.fill()?;
        }
        let rest = self.window.rest();
        let second = skip_space(rest, end).min(rest.len());
        let between = rest.get(end..second).unwrap_or_default();
        Ok(second < rest.len()
            && memchr::memchr(b'\n', between).is_some()
            && (self.is_lines() || self.holds_lines()))
    }

    /// Whether the object that was read up to the window's start began on this line and was alone on
    /// it, and another one is alone on the next.
    pub(super) fn is_followed_by_line(&mut self, line: u32) -> io::Result<bool> {
        if self.options.shape.is_some() || self.sink.position().line != line {
            return Ok(false);
        }
        loop {
            let rest = self.window.rest();
            let next = skip_space(rest, 0).min(rest.len());
            let (between, next) = rest.split_at(next);
            let line_end = memchr::memchr(b'\n', next);
            if line_end.is_some() || self.window.is_last() || next.len() > NEXT_LINE {
                let is_on_next = memchr::memchr(b'\n', between).is_some();
                let line = next
                    .get(..line_end.unwrap_or(next.len()))
                    .unwrap_or_default();
                let is_whole = line.trim_ascii_end().ends_with(b"}") || line.len() > NEXT_LINE;
                return Ok(is_on_next && next.starts_with(b"{") && is_whole);
            }
            self.fill()?;
        }
    }

    /// Whether a document that is broken is better read by its lines.
    pub(super) fn holds_lines(&self) -> bool {
        if self.options.shape.is_some() {
            return false;
        }
        let (text, _) = decode::readable(self.window.rest());
        ndjson::holds_lines(&text, Span::new(0, text.len()))
    }

    /// One element a line; a line that is not JSON does not keep the others from being read.
    pub(super) fn lines(&mut self) -> io::Result<()> {
        self.sink.set_shape(Shape::Ndjson);
        self.sink.set_container(None);
        self.checker.enter(0);
        loop {
            let start = self.window.start();
            let end = self.window.sure_end();
            let mut found = self.nothing();
            let mut at = start;
            while at < end {
                let rest = self.window.bytes().get(at..end).unwrap_or_default();
                let line_end = match memchr::memchr(b'\n', rest) {
                    Some(length) => at + length,
                    None if self.window.is_last() => end,
                    None => break,
                };
                self.line(Span::new(at, line_end), &mut found);
                at = (line_end + 1).min(end);
            }
            self.deliver(at, found);
            if self.window.is_last() {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn line(&mut self, span: Span, found: &mut Found) {
        let bytes = self.window.bytes();
        let line = bytes.get(span.range()).unwrap_or_default();
        let trimmed = line.trim_ascii();
        if trimmed.is_empty() {
            return;
        }
        let start = span.start + (line.len() - line.trim_ascii_start().len());
        let end = start + trimmed.len();
        let mut piece = Piece::new(bytes, start, end);
        if is_array_of_exports(&mut self.checker, piece, start) {
            let problem = Problem::new(
                Code::Type,
                JsonPointer::root(),
                "expected an object, found an array",
            )
            .at(At::Span(Span::new(0, 1)))
            .expected("one exported object")
            .help(
                "put the items of all arrays into one array, or each item on a line of its own \
                 (jq -c '.[]' does that; in YAML: into a document of its own)",
            );
            let index = Some(found.elements);
            found.push(placed(problem, start, index, None));
            found.elements += 1;
            let diagnosis = diagnose(trimmed, Before::Nothing, &self.sink, self.options.max_depth);
            for problem in diagnosis.bad_bytes {
                found.push(placed(problem, start, index, None));
            }
            found
                .problems
                .count(Code::InvalidUtf8, diagnosis.unlisted_bad_bytes);
            return;
        }
        let outcome = self.checker.element(&mut piece, start, found);
        if matches!(outcome, Outcome::Complete { end: after, .. } if after == end) {
            return;
        }
        let is_counted = matches!(outcome, Outcome::Complete { .. });
        if !is_counted {
            found.elements += 1;
        }
        let index = Some(found.elements - 1);
        let diagnosis = diagnose(trimmed, Before::Nothing, &self.sink, self.options.max_depth);
        if diagnosis.syntax.is_none() && diagnosis.bad_bytes.is_empty() && !is_counted {
            // A number or a word at the very end of the line.
            found.elements -= 1;
            self.checker.ask_about(bytes, Span::new(start, end), found);
            return;
        }
        for problem in diagnosis.bad_bytes.into_iter().chain(diagnosis.syntax) {
            found.push(placed(problem, start, index, None));
        }
        found
            .problems
            .count(Code::InvalidUtf8, diagnosis.unlisted_bad_bytes);
    }
}

/// Whether a line is an array where an exported object is due.
fn is_array_of_exports(checker: &mut Checker<'_>, line: Piece<'_>, start: usize) -> bool {
    matches!(checker.subject(), Subject::Exports(_))
        && byte(line.bytes, start) == b'['
        && matches!(
            checker.any(line, start),
            Outcome::Complete { end, .. } if end == line.end
        )
}
