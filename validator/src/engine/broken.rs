//! What is said of a place where a file stops being JSON, and where reading goes on behind it.

use std::{fmt::Write, io};

use source_text::{JsonPointer, Span};

use super::{
    blocks::Boundary,
    diagnosis::{Before, Diagnosis, diagnose},
    document::{Document, Flow},
    element::{Next, Placed, placed},
    sink::{EXCERPT, trim_cut_character},
};
use crate::{
    Code, Related, Shape,
    finding::{At, Problem},
};

/// How much is read of what is broken before it is read as far as it goes: most errors are near.
const NEAR: usize = 4 * 1024;

/// How far behind a broken item the end of another one is looked for.
const MAX_BROKEN: usize = 4 * 1024 * 1024;

impl Document<'_> {
    /// Reports why reading halted at the window's start. After as many bytes as it returns ends an
    /// item behind that, as it seems; otherwise nothing after it is checked.
    pub(super) fn broken(&mut self, before: Before) -> io::Result<Option<usize>> {
        let diagnosis = self.diagnosis(before)?;
        let boundary = match before {
            _ if self.sink.is_in_parts() => self.boundary.take(),
            Before::Items { next, .. } => {
                // How the file comes must not change what is found.
                while self.window.rest().len() < NEAR && self.has_more() {
                    self.fill()?;
                }
                self.boundary_before(next)
            }
            _ => None,
        };
        let resumed = match boundary {
            Some(boundary) => self.next_end(&boundary, diagnosis.halt)?,
            None => None,
        };
        let goes_on = resumed.is_some();
        let shape = self.sink.shape();
        let is_single = matches!(
            shape,
            Shape::ExportedObject | Shape::Profile | Shape::Payload
        ) && before == Before::Nothing
            || self.sink.is_alone();
        let is_item = matches!(before, Before::Items { next, .. } if next != Next::CommaOrEnd);
        let is_in_element = is_item && diagnosis.is_in_element || self.sink.is_in_parts();
        let element = (is_single || is_in_element).then_some(0);
        let start = self.window.start();
        let mut problems = Vec::new();
        for problem in diagnosis.bad_bytes {
            let is_inside = is_single
                || self.sink.is_in_parts()
                || self.sink.container().is_some_and(|container| {
                    let below = problem.pointer.as_str().strip_prefix(container.as_str());
                    below.is_some_and(|below| below.starts_with('/'))
                });
            problems.push(Placed {
                is_from_root: true,
                ..placed(problem, start, element.filter(|_| is_inside), None)
            });
        }
        let is_explained = !problems.is_empty() || diagnosis.unlisted_bad_bytes > 0;
        // What the fast path cannot read may never pass, even where no reason is known.
        let unexplained = || {
            Problem::new(
                Code::Syntax,
                JsonPointer::root(),
                "this cannot be read as JSON",
            )
            .at(At::Span(Span::at(0)))
        };
        let syntax = diagnosis
            .syntax
            .or_else(|| (!is_explained).then(unexplained));
        if let Some(mut problem) = syntax {
            if let Some(help) = &mut problem.help {
                let rest_of = if self.sink.is_in_parts() {
                    "the rest of "
                } else {
                    ""
                };
                match element {
                    _ if is_single => {}
                    Some(element) if goes_on => {
                        let element = self.sink.elements() + element;
                        let _ = write!(
                            help,
                            "; {rest_of}element {element} was not checked, reading went on after it"
                        );
                    }
                    Some(element) => {
                        let element = self.sink.elements() + element;
                        // Writing to a string cannot fail.
                        let _ = write!(
                            help,
                            "; {rest_of}element {element} and all after it were not checked"
                        );
                    }
                    None if diagnosis.has_rest => {
                        help.push_str("; nothing after this place was checked");
                    }
                    None => {}
                }
            }
            let mut broken = Placed {
                is_from_root: true,
                ..placed(problem, start, element, None)
            };
            if let Some(message) = diagnosis.concerns_container {
                broken.related.push(Related {
                    message,
                    position: self.container_start,
                });
            }
            problems.push(broken);
        }
        self.deliver_some(problems);
        self.sink
            .count(Code::InvalidUtf8, diagnosis.unlisted_bad_bytes);
        if element.is_some() {
            self.sink.begin_element();
        }
        Ok(resumed)
    }

    /// Reports why reading halted in a part of an element, and gives the element up.
    pub(super) fn broken_part(&mut self, before: Before) -> io::Result<Flow> {
        let Some(length) = self.broken(before)? else {
            return Ok(Flow::Stop);
        };
        self.sink.end_parts();
        self.sink.release_parts(None);
        self.give_up_to(self.window.start() + length);
        Ok(Flow::LeftOut)
    }

    /// What stands between the items of an array, as it stands before the one at the window's start.
    pub(super) fn boundary_before(&self, next: Next) -> Option<Boundary> {
        let context = self.window.start().saturating_sub(EXCERPT);
        let bytes = self.window.bytes().get(context..).unwrap_or_default();
        let start = self.window.start() - context;
        let end = self.window.end() - context;
        match next {
            Next::Item => Boundary::before(bytes, start, end),
            Next::FirstItem => Boundary::after_first(bytes, start, end),
            Next::CommaOrEnd => None,
        }
    }

    /// After how many bytes an item ends that another one follows, not before `halt` bytes.
    fn next_end(&mut self, boundary: &Boundary, halt: usize) -> io::Result<Option<usize>> {
        loop {
            let rest = self.window.rest();
            let farthest = halt.saturating_add(MAX_BROKEN);
            let near = rest.get(..farthest).unwrap_or(rest);
            if let Some(length) = boundary.next(near, halt) {
                return Ok(Some(length));
            }
            if near.len() < rest.len() || !self.has_more() {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Why reading halted at the window's start, from as few bytes as tell.
    fn diagnosis(&mut self, before: Before) -> io::Result<Diagnosis> {
        let mut near = NEAR;
        loop {
            while self.window.rest().len() < near && self.has_more() {
                self.fill()?;
            }
            let rest = self.window.rest();
            let part = rest.get(..near).map(trim_cut_character);
            let diagnosis = diagnose(
                part.unwrap_or(rest),
                before,
                &self.sink,
                self.options.max_depth,
            );
            if part.is_none() || !diagnosis.is_at_end {
                return Ok(diagnosis);
            }
            near = near.saturating_mul(16);
        }
    }
}
