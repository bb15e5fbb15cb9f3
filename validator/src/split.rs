//! A file's text to its elements: the spans of the exported objects in it.

use std::collections::{HashMap, hash_map::Entry};

use source_text::{
    JsonPointer, Span,
    json::{Event, Reader, SyntaxError},
};

use crate::{
    Code, Shape, classify,
    finding::{At, Problem},
    limit::Limited,
    locate, ndjson,
    stranger::Stranger,
    tree, wording,
};

/// One exported object, or what stands in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element {
    /// Counted from 0 over the whole file.
    pub(crate) index: usize,
    /// Its index in the array it stands in; none if it is a document of its own.
    item: Option<usize>,
    pub(crate) span: Span,
}

/// A problem outside of elements that were read to their end.
pub(crate) struct Placed {
    pub(crate) problem: Problem,
    /// The element that it is in nevertheless.
    pub(crate) element: Option<usize>,
}

/// How a text is divided.
pub(crate) struct Layout {
    pub(crate) shape: Shape,
    /// Those read to their end, in the order of the text.
    pub(crate) elements: Vec<Element>,
    /// How many begin in the text.
    pub(crate) begun: usize,
    /// Pointers are from the document's root; in NDJSON, from the line's.
    pub(crate) problems: Limited<Placed>,
    /// The element in which the text stops being JSON; none in NDJSON.
    unfinished: Option<usize>,
    /// The text that was divided.
    body: Span,
    /// The pointer of the array that the elements stand in.
    container: JsonPointer,
    max_depth: usize,
}

/// A property of the document's root.
struct Member {
    name: String,
    key: Span,
    value: Span,
}

/// Divides the part of a text that `body` spans.
pub(crate) fn split(text: &str, body: Span, max_depth: usize) -> Layout {
    let mut layout = Layout::new(body, max_depth);
    let content = text.get(body.range()).unwrap_or_default();
    if content.trim_ascii().is_empty() {
        let problem = Problem::new(Code::Empty, JsonPointer::root(), "the file is empty")
            .at(At::Span(Span::at(body.start)))
            .expected("an export: a JSON array of exported objects")
            .help("the export may have failed; make it again");
        layout.report(problem, None);
    } else if ndjson::begins_as_lines(content) {
        layout.split_lines(text, body);
    } else if layout.split_document(text, body).is_err() && ndjson::holds_lines(text, body) {
        layout = Layout::new(body, max_depth);
        layout.split_lines(text, body);
    }
    layout
}

/// The text is not one JSON document; what is wrong was reported.
struct NoDocument;

impl Layout {
    fn new(body: Span, max_depth: usize) -> Self {
        Self {
            shape: Shape::Unknown,
            elements: Vec::new(),
            begun: 0,
            problems: Limited::new(),
            unfinished: None,
            body,
            container: JsonPointer::root(),
            max_depth,
        }
    }

    /// The pointer of an element from its document's root.
    pub(crate) fn pointer(&self, element: &Element) -> JsonPointer {
        match element.item {
            Some(item) => self.container.item(item),
            None => JsonPointer::root(),
        }
    }

    /// The element that was read to its end and holds the byte at `offset`.
    pub(crate) fn element_at(&self, offset: usize) -> Option<&Element> {
        let after = self
            .elements
            .partition_point(|element| element.span.start <= offset);
        let element = self.elements.get(after.checked_sub(1)?)?;
        (offset < element.span.end).then_some(element)
    }

    /// What is read as one JSON text at `offset`: the document, or the line.
    pub(crate) fn part_at(&self, offset: usize) -> Span {
        match self.shape {
            Shape::Ndjson => self
                .element_at(offset)
                .map_or(Span::at(offset), |element| element.span),
            _ => self.body,
        }
    }

    /// The element in which the text stops being JSON, if `pointer` leads into it.
    ///
    /// It must not lead into an element that was read to its end.
    pub(crate) fn unfinished_element(&self, pointer: &JsonPointer) -> Option<usize> {
        let within = match self.shape {
            Shape::Array | Shape::SpConfig => pointer
                .as_str()
                .strip_prefix(self.container.as_str())
                .is_some_and(|below| below.starts_with('/')),
            _ => true,
        };
        self.unfinished.filter(|_| within)
    }

    fn report(&mut self, problem: Problem, element: Option<usize>) {
        self.problems
            .push(problem.code, || Placed { problem, element });
    }

    fn add(&mut self, item: Option<usize>, span: Span) {
        self.elements.push(Element {
            index: self.begun,
            item,
            span,
        });
        self.begun += 1;
    }

    /// One element a line; a line that is not JSON does not keep the others from being read.
    fn split_lines(&mut self, text: &str, body: Span) {
        self.shape = Shape::Ndjson;
        for span in ndjson::lines(text, body) {
            let mut reader = Reader::within(text, span).with_limits(self.max_depth);
            match reader.find_map(Result::err) {
                None => self.add(None, span),
                Some(error) => {
                    self.syntax_error(text, span, &error, Some(self.begun));
                    self.begun += 1;
                }
            }
        }
    }

    fn split_document(&mut self, text: &str, body: Span) -> Result<(), NoDocument> {
        let mut reader = Reader::within(text, body).with_limits(self.max_depth);
        let mut unfinished = None;
        let result = match reader.next() {
            Some(Ok((Event::ArrayStart, _))) => {
                self.shape = Shape::Array;
                self.read_items(&mut reader, &mut unfinished)
            }
            Some(Ok((Event::ObjectStart, start))) => {
                let mut members = Vec::new();
                let result = self.read_members(&mut reader, &mut members, &mut unfinished);
                let object = result
                    .is_ok()
                    .then(|| Span::new(start.start, reader.offset()));
                self.classify_object(text, &members, object);
                if object.is_none() && matches!(self.shape, Shape::ExportedObject | Shape::Profile)
                {
                    unfinished = Some(self.begun);
                }
                result
            }
            Some(Ok((_, span))) => {
                self.not_an_export(text, span);
                Ok(())
            }
            Some(Err(error)) => Err(error),
            None => Ok(()),
        };
        // What follows the document's end is read too: it may be an error.
        let result = result.and_then(|()| reader.find_map(Result::err).map_or(Ok(()), Err));
        result.map_err(|error| {
            self.begun += usize::from(unfinished.is_some());
            self.unfinished = unfinished;
            self.syntax_error(text, body, &error, unfinished);
            NoDocument
        })
    }

    /// Reads the items of an array whose start was read; `unfinished` tells the one being read.
    fn read_items(
        &mut self,
        reader: &mut Reader<'_>,
        unfinished: &mut Option<usize>,
    ) -> Result<(), SyntaxError> {
        let mut item = 0;
        while let Some(event) = reader.next() {
            let (event, start) = event?;
            if event == Event::ArrayEnd {
                break;
            }
            *unfinished = Some(self.begun);
            let span = start.to(rest_of_value(reader, &event, start)?);
            *unfinished = None;
            self.add(Some(item), span);
            item += 1;
        }
        Ok(())
    }

    /// Reads the properties of an object whose start was read, and the elements in `objects`.
    fn read_members(
        &mut self,
        reader: &mut Reader<'_>,
        members: &mut Vec<Member>,
        unfinished: &mut Option<usize>,
    ) -> Result<(), SyntaxError> {
        while let Some(event) = reader.next() {
            let (Event::Key(name), key) = event? else {
                break;
            };
            let name = name.into_owned();
            let Some(value) = reader.next() else {
                break;
            };
            let (value, start) = value?;
            let is_objects = name == "objects" && value == Event::ArrayStart;
            members.push(Member {
                name,
                key,
                value: start,
            });
            let end = if is_objects {
                self.shape = Shape::SpConfig;
                self.container = JsonPointer::root().child("objects");
                self.read_items(reader, unfinished)?;
                Span::at(reader.offset())
            } else {
                rest_of_value(reader, &value, start)?
            };
            if let Some(member) = members.last_mut() {
                member.value = start.to(end);
            }
        }
        Ok(())
    }

    /// Decides what an object at the document's root is, by its keys.
    ///
    /// `object` is where it stands, if it was read to its end.
    fn classify_object(&mut self, text: &str, members: &[Member], object: Option<Span>) {
        let has = |name: &str| members.iter().any(|member| member.name == name);
        if self.shape == Shape::SpConfig {
            self.check_envelope(text, members);
            return;
        }
        if has("self") || has("object") {
            self.shape = Shape::ExportedObject;
        } else if classify::has_profile_keys(has) {
            self.shape = Shape::Profile;
        } else if let Some(objects) = members.iter().rev().find(|member| member.name == "objects") {
            let pointer = JsonPointer::root().child("objects");
            let message = "\"objects\" is not an array";
            let problem = Problem::new(Code::Type, pointer, message)
                .at(At::Span(Span::new(
                    objects.value.start,
                    objects.value.start + 1,
                )))
                .expected("an array of exported objects")
                .help("put the exported objects into an array");
            self.report(problem, None);
            return;
        } else {
            // A document that breaks off may have had the keys that name its shape further on.
            if let Some(object) = object {
                self.unknown_object(object, members);
            }
            return;
        }
        if let Some(object) = object {
            self.add(None, object);
        }
    }

    /// Keys that occur twice outside of elements.
    fn check_envelope(&mut self, text: &str, members: &[Member]) {
        let mut first_keys = HashMap::new();
        for member in members {
            let pointer = JsonPointer::root().child(&member.name);
            match first_keys.entry(member.name.as_str()) {
                Entry::Vacant(entry) => {
                    entry.insert(member.key);
                }
                Entry::Occupied(entry) => {
                    let problem = tree::duplicate(pointer.clone(), member.key, Some(*entry.get()));
                    self.report(problem, None);
                }
            }
            if member.name == "objects" {
                continue;
            }
            if let Ok(tree) = tree::read(text, member.value, self.max_depth) {
                for mut problem in tree.problems {
                    problem.pointer = pointer.join(&problem.pointer);
                    self.report(problem, None);
                }
            }
        }
    }

    fn not_an_export(&mut self, text: &str, span: Span) {
        let found = text.get(span.range()).unwrap_or_default();
        let message = format!(
            "this is no export: the file holds only {}",
            wording::shortened(found)
        );
        let problem = Problem::new(Code::NotAnExport, JsonPointer::root(), message)
            .at(At::Span(span))
            .expected(EXPORTS)
            .help("check that this is the file you meant");
        self.report(problem, None);
    }

    fn unknown_object(&mut self, object: Span, members: &[Member]) {
        let has = |name: &str| members.iter().any(|member| member.name == name);
        let stranger = Stranger::new(has);
        let message = stranger.as_document();
        let problem = Problem::new(Code::NotAnExport, JsonPointer::root(), message)
            .at(At::Span(Span::new(object.start, object.start + 1)))
            .expected(EXPORTS)
            .help(stranger.help);
        self.report(problem, None);
    }

    fn syntax_error(
        &mut self,
        text: &str,
        span: Span,
        error: &SyntaxError,
        element: Option<usize>,
    ) {
        let code = Code::of_syntax(&error.kind);
        let pointer = locate::where_reading_stops(text, span, self.max_depth);
        let rest = text.get(error.span.end..span.end).unwrap_or_default();
        let mut help = error.help();
        match (self.shape, element) {
            (Shape::Ndjson | Shape::ExportedObject | Shape::Profile, _) => {}
            (_, Some(element)) => {
                help = format!("{help}; element {element} and all after it were not checked");
            }
            (_, None) if rest.bytes().any(|byte| byte.is_ascii_alphanumeric()) => {
                help.push_str("; nothing after this place was checked");
            }
            (_, None) => {}
        }
        let mut problem = Problem::new(code, pointer, error.message())
            .at(At::Span(error.span))
            .expected(error.expected())
            .help(help);
        problem.related.extend(error.related());
        self.report(problem, element);
    }
}

const EXPORTS: &str = "an array of exported objects, a sp-config backup with \"objects\", or one \
    exported object with \"version\", \"self\" and \"object\"";

/// Reads on to the end of the value that began with `event`; returns where it ends.
fn rest_of_value(
    reader: &mut Reader<'_>,
    event: &Event<'_>,
    start: Span,
) -> Result<Span, SyntaxError> {
    if !matches!(event, Event::ObjectStart | Event::ArrayStart) {
        return Ok(start);
    }
    let outside = reader.depth().saturating_sub(1);
    while reader.depth() > outside {
        match reader.next() {
            Some(event) => event?,
            None => break,
        };
    }
    Ok(Span::at(reader.offset()))
}
