//! Problems to findings: where they are in the file, how bad they are, and how many are listed.

use std::collections::BTreeMap;

use source_text::{JsonPointer, Position, SourceText, Span, frame};

use super::{
    Options,
    element::{Found, Placed, placed},
    position::counts,
    text::{Run, Text},
};
use crate::{
    Code, Finding, MAX_FOUND, ProfileName, Related, Severity, Shape, Summary, decode,
    finding::Grade,
    limit::Limited,
    rules::{Facts, FileProblem, FileRules, Places, Waiting},
};

/// How much of a line is kept on each side of what a finding is about, in bytes.
pub(super) const EXCERPT: usize = 1024;

/// Takes what was found, piece by piece, in the order of the file.
pub(super) struct Sink<'s> {
    options: &'s Options,
    on_finding: &'s mut dyn FnMut(Finding),
    /// Where in the file everything is delivered up to.
    position: Position,
    summary: Summary,
    /// What of each grade was found so far.
    counts: BTreeMap<Grade, usize>,
    /// The pointer of the array that the elements stand in; none if each is a document.
    container: Option<JsonPointer>,
    /// How many items of it begin in what was delivered.
    items: usize,
    /// Where the element stands of which parts are checked.
    whole: Option<Container>,
    /// The pointer of the object that is read property by property.
    object: JsonPointer,
    /// The key of the property of it that was read last.
    last_property: Option<String>,
    rules: FileRules,
    /// Findings behind one that waits for the end of the file, in their order.
    held: Vec<Finding>,
    /// About how many bytes these take.
    held_size: usize,
    /// Those from here on are of the parts of an element, until all of it is known.
    held_parts: Option<usize>,
    /// How many waited for the end of the file before these.
    waiting_before: usize,
    /// How the profile is called of which parts are checked, as far as it is known.
    profile: Option<ProfileName>,
}

/// The array that elements stand in, if they stand in one, and how many items of it there were.
struct Container {
    pointer: Option<JsonPointer>,
    items: usize,
}

/// How many bytes of findings are held back for one before them: more than that are given out, and
/// the one that waits comes after them.
const MAX_HELD: usize = 4 << 20;

impl<'s> Sink<'s> {
    pub(super) fn new(options: &'s Options, on_finding: &'s mut dyn FnMut(Finding)) -> Self {
        Self {
            options,
            on_finding,
            position: Position::START,
            summary: Summary::of(Shape::Unknown),
            counts: BTreeMap::new(),
            container: None,
            items: 0,
            whole: None,
            object: JsonPointer::root(),
            last_property: None,
            rules: FileRules::default(),
            held: Vec::new(),
            held_size: 0,
            held_parts: None,
            waiting_before: 0,
            profile: None,
        }
    }

    /// Gives a finding out, behind those that may still come before it.
    fn give_out(&mut self, finding: Finding) {
        if !self.rules.is_waiting() && self.held_parts.is_none() {
            (self.on_finding)(finding);
            return;
        }
        self.held_size += size_of(&finding);
        self.held.push(finding);
        if self.held_size > MAX_HELD {
            self.give_out_held();
            self.held_parts = self.held_parts.map(|_| 0);
        }
    }

    fn give_out_held(&mut self) {
        self.held_size = 0;
        for finding in std::mem::take(&mut self.held) {
            (self.on_finding)(finding);
        }
    }

    pub(super) fn options(&self) -> &'s Options {
        self.options
    }

    /// An array that has other objects than profiles is said to have them.
    pub(super) fn settle_shape(&mut self, found: &Found) {
        if self.shape() == Shape::Array && found.others > 0 {
            self.set_shape(Shape::MixedArray);
        }
    }

    pub(super) fn set_shape(&mut self, shape: Shape) {
        self.summary.shape = shape;
    }

    pub(super) fn shape(&self) -> Shape {
        self.summary.shape
    }

    /// From now on elements are the items of the array at `container`.
    pub(super) fn set_container(&mut self, container: Option<JsonPointer>) {
        self.container = container;
        self.items = 0;
        self.rules.end_mappings();
    }

    /// From now on what is checked are parts of an element.
    pub(super) fn begin_parts(&mut self) {
        self.whole = Some(Container {
            pointer: self.container.take(),
            items: std::mem::take(&mut self.items),
        });
        self.held_parts = Some(self.held.len());
        self.waiting_before = self.rules.waiting();
    }

    /// From now on findings are of the profile that is called so, as far as that is known.
    pub(super) fn set_profile(&mut self, profile: Option<ProfileName>) {
        self.profile = profile;
    }

    /// Whether what is checked are parts of an element.
    pub(super) fn is_in_parts(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether that element is all that the file holds.
    pub(super) fn is_alone(&self) -> bool {
        let whole = self.whole.as_ref();
        whole.is_some_and(|whole| whole.pointer.is_none())
    }

    /// The pointer of the item that comes next in the array that elements stand in; of the root if
    /// they stand in none.
    pub(super) fn next_item(&self) -> JsonPointer {
        let container = self.container.as_ref();
        container.map_or_else(JsonPointer::root, |container| container.item(self.items))
    }

    /// The parts were checked, and what is checked next is the element itself.
    pub(super) fn end_parts(&mut self) {
        if let Some(Container { pointer, items }) = self.whole.take() {
            self.container = pointer;
            self.items = items;
        }
    }

    /// All is known of the element of which parts were checked; `profile` is how it is called.
    pub(super) fn release_parts(&mut self, profile: Option<&ProfileName>) {
        let first = self.held_parts.take().unwrap_or(self.held.len());
        let of_parts = self.held.get_mut(first..).unwrap_or_default();
        of_parts.sort_by_key(|finding| finding.position.offset);
        if let Some(profile) = profile {
            for finding in of_parts
                .iter_mut()
                .filter(|finding| names_profile(finding.code))
            {
                finding.profile = Some(profile.clone());
            }
            self.rules.name_waiting(self.waiting_before, profile);
        }
        self.profile = None;
        if !self.rules.is_waiting() {
            self.give_out_held();
        }
    }

    /// From now on the object at this place is read property by property, from behind this one on.
    pub(super) fn set_object(&mut self, object: JsonPointer, last_property: Option<String>) {
        self.object = object;
        self.last_property = last_property;
    }

    /// Where the object stands that is read property by property.
    pub(super) fn object(&self) -> &JsonPointer {
        &self.object
    }

    /// The key of the property of that object that was read last.
    pub(super) fn last_property(&self) -> Option<&str> {
        self.last_property.as_deref()
    }

    /// Delivers problems with `bytes[start..]`, which stands at a position that was delivered before.
    pub(super) fn deliver_late(
        &mut self,
        position: Position,
        bytes: &[u8],
        start: usize,
        problems: Vec<Placed>,
    ) {
        let runs = [Run { start, position }];
        self.report_all(Text::new(bytes, &runs), start, bytes.len(), problems);
    }

    /// Delivers what was found in parts of the file that were given up before.
    pub(super) fn deliver_kept(&mut self, text: Text<'_>, found: Found) {
        self.take(text, 0, text.bytes.len(), found);
    }

    /// Delivers what was found in an element of which parts are checked, and not in a part.
    pub(super) fn deliver_ahead(&mut self, text: Text<'_>, found: Found) {
        self.exchange_container();
        self.deliver_kept(text, found);
        self.exchange_container();
    }

    /// Lets what is found be of the element of which parts are checked, or of the parts again.
    fn exchange_container(&mut self) {
        if let Some(whole) = &mut self.whole {
            std::mem::swap(&mut self.container, &mut whole.pointer);
            std::mem::swap(&mut self.items, &mut whole.items);
        }
    }

    /// How many elements begin in what was delivered of the array that they stand in.
    pub(super) fn items(&self) -> usize {
        self.items
    }

    pub(super) fn container(&self) -> Option<&JsonPointer> {
        self.container.as_ref()
    }

    /// How many objects and arrays the elements stand in.
    pub(super) fn levels(&self) -> usize {
        let container = self.container.as_ref();
        container.map_or(0, |container| container.tokens().count() + 1)
    }

    /// How many elements begin in what was delivered.
    pub(super) fn elements(&self) -> usize {
        self.summary.elements
    }

    /// Counts an element that is not JSON to its end, or was checked part by part.
    pub(super) fn begin_element(&mut self) {
        self.summary.elements += 1;
        match &mut self.whole {
            Some(whole) => whole.items += 1,
            None => self.items += 1,
        }
    }

    /// The place in the file up to which everything is delivered.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// Leaves out a byte order mark: it takes no column.
    pub(super) fn skip_mark(&mut self, length: usize) {
        self.position.offset += length;
    }

    /// Delivers what was found in `bytes[from..to]`, where `from` is what was delivered up to.
    ///
    /// What stands around that part of `bytes` is shown with it.
    pub(super) fn deliver(&mut self, bytes: &[u8], from: usize, to: usize, found: Found) {
        let runs = self.runs(from);
        self.position = self.take(Text::new(bytes, &runs), from, to, found);
    }

    /// What is in memory is in one piece, and begins with what is not delivered yet at `from`.
    fn runs(&self, from: usize) -> [Run; 1] {
        [Run {
            start: from,
            position: self.position,
        }]
    }

    /// Takes what was found in a part of a text; tells where that ends.
    fn take(&mut self, text: Text<'_>, from: usize, to: usize, found: Found) -> Position {
        let mut reached = text.cursor().by(found.advance());
        let Found {
            mut problems,
            is_utf8: _,
            elements,
            profiles,
            others,
            facts,
            places,
        } = found;
        let places = match places {
            Some(places) => places.counted_from(self.position),
            None => Places::of(&facts, to, |offset| reached.position(offset)),
        };
        self.compare(text, &facts, &places, &mut problems);
        let (problems, counts) = problems.into_parts();
        self.report(text, from, to, problems);
        for (grade, count) in counts {
            self.count(grade, count);
        }
        self.items += elements;
        if self.whole.is_none() {
            self.summary.elements += elements;
        }
        self.summary.profiles += profiles;
        self.summary.others += others;
        places.end()
    }

    /// Applies the rules that need the whole file.
    fn compare(
        &mut self,
        text: Text<'_>,
        facts: &Facts,
        places: &Places,
        problems: &mut Limited<Placed>,
    ) {
        for problem in self.rules.merge(facts, text.bytes, places) {
            let FileProblem {
                element,
                profile,
                problem,
                related,
                waits,
            } = problem;
            let placed = Placed {
                related,
                ..placed(problem, 0, Some(element), profile)
            };
            match waits {
                None => problems.push(placed.problem.grade(), || placed),
                Some(waiting) => self.wait(text, placed, waiting),
            }
        }
    }

    /// Keeps what the end of the file may confirm.
    fn wait(&mut self, text: Text<'_>, placed: Placed, waiting: Waiting) {
        let Some(severity) = self.options.policy.severity_of(placed.problem.grade()) else {
            return;
        };
        let position = text.position(placed.span.start);
        let finding = self.finding(text, position, severity, placed);
        self.rules.keep(waiting, finding);
    }

    /// Delivers problems in `bytes[from..to]`, which stays undelivered.
    pub(super) fn deliver_some(
        &mut self,
        bytes: &[u8],
        from: usize,
        to: usize,
        problems: Vec<Placed>,
    ) {
        let runs = self.runs(from);
        self.report_all(Text::new(bytes, &runs), from, to, problems);
    }

    /// Reports problems, and counts them.
    fn report_all(&mut self, text: Text<'_>, from: usize, to: usize, problems: Vec<Placed>) {
        let grades = problems.iter().map(|placed| placed.problem.grade());
        let grades: Vec<Grade> = grades.collect();
        self.report(text, from, to, problems);
        for grade in grades {
            self.count(grade, 1);
        }
    }

    /// Counts problems that are not listed.
    pub(super) fn count(&mut self, grade: impl Into<Grade>, count: usize) {
        *self.counts.entry(grade.into()).or_default() += count;
    }

    fn report(&mut self, text: Text<'_>, from: usize, to: usize, mut problems: Vec<Placed>) {
        problems.sort_by(|a, b| {
            let order = |placed: &Placed| {
                let severity = self.options.policy.severity_of(placed.problem.grade());
                (placed.span.start, severity)
            };
            order(a)
                .cmp(&order(b))
                .then_with(|| a.problem.pointer.cmp(&b.problem.pointer))
                .then_with(|| a.problem.message.cmp(&b.problem.message))
        });
        let mut listed: BTreeMap<Grade, usize> = BTreeMap::new();
        let mut cursor = text.cursor();
        for placed in problems {
            let grade = placed.problem.grade();
            let Some(severity) = self.options.policy.severity_of(grade) else {
                continue;
            };
            let listed = listed
                .entry(grade)
                .or_insert_with(|| self.counts.get(&grade).copied().unwrap_or_default());
            *listed += 1;
            if *listed > self.options.limit() {
                continue;
            }
            let start = placed.span.start.clamp(from, to.max(from));
            let position = cursor.position(start);
            let finding = self.finding(text, position, severity, placed);
            self.give_out(finding);
        }
    }

    fn finding(
        &self,
        text: Text<'_>,
        position: Position,
        severity: Severity,
        placed: Placed,
    ) -> Finding {
        let Placed {
            problem,
            span,
            element,
            is_from_root,
            profile,
            related,
        } = placed;
        let pointer = match (&self.container, element) {
            (Some(container), Some(element)) if !is_from_root => {
                let item = container.item(self.items + element);
                item.join(&problem.pointer)
            }
            _ => problem.pointer,
        };
        let of_whole = |element| if self.is_in_parts() { 0 } else { element };
        let element = element.map(|element| self.summary.elements + of_whole(element));
        let of_problem = problem.related.into_iter().map(|(span, message)| Related {
            message,
            position: text.position(span.start),
        });
        let related = of_problem.chain(related).collect();
        Finding {
            code: problem.code,
            severity,
            message: problem.message,
            pointer,
            element,
            profile: profile.or_else(|| {
                let of_parts = self.profile.as_ref();
                of_parts.filter(|_| names_profile(problem.code)).cloned()
            }),
            position,
            end: text.end(span, position),
            found: found(text.bytes, span),
            property: problem.property,
            expected: problem.expected,
            suggestion: problem.suggestion,
            help: problem.help,
            schema: problem.schema.map(|keyword| format!("#{keyword}")),
            schema_place: None,
            related,
            frame: excerpt(text, position, span),
            identity: problem.identity,
        }
    }

    /// The summary of all that was delivered.
    pub(super) fn finish(mut self) -> Summary {
        if self.is_in_parts() {
            self.end_parts();
            self.release_parts(None);
        }
        let mut held = std::mem::take(&mut self.held).into_iter().peekable();
        for finding in std::mem::take(&mut self.rules).finish() {
            let count = self.counts.entry(finding.code.into()).or_default();
            *count += 1;
            if *count > self.options.limit() {
                continue;
            }
            let is_before = |held: &Finding| held.position.offset <= finding.position.offset;
            while let Some(before) = held.next_if(is_before) {
                (self.on_finding)(before);
            }
            (self.on_finding)(finding);
        }
        for finding in held {
            (self.on_finding)(finding);
        }
        for (grade, count) in self.counts {
            let Some(severity) = self.options.policy.severity_of(grade) else {
                continue;
            };
            self.summary.counts.add(severity, count);
            let unlisted = count.saturating_sub(self.options.limit());
            if unlisted > 0 {
                *self.summary.unlisted.entry(grade.code).or_default() += unlisted;
            }
        }
        self.summary
    }
}

/// Whether a finding says which profile it is of: the name may be what is no UTF-8.
fn names_profile(code: Code) -> bool {
    code != Code::InvalidUtf8
}

/// About how many bytes a finding takes.
fn size_of(finding: &Finding) -> usize {
    let texts = [
        &finding.expected,
        &finding.suggestion,
        &finding.help,
        &finding.found,
    ];
    let texts = texts.into_iter().flatten().map(String::len).sum::<usize>();
    let place = finding.pointer.as_str().len() * 2 + finding.frame.len();
    std::mem::size_of::<Finding>() + finding.message.len() + texts + place
}

/// The beginning of what stands in a part of a text; nothing if there is no text.
fn found(bytes: &[u8], span: Span) -> Option<String> {
    let longest = span.start.saturating_add(MAX_FOUND * 4).min(span.end);
    let part = bytes.get(span.start..longest).unwrap_or_default();
    let part = if longest < span.end {
        trim_cut_character(part)
    } else {
        part
    };
    let (part, _) = decode::readable(part);
    (!bytes.is_empty()).then(|| part.chars().take(MAX_FOUND).collect())
}

/// The line that a span begins on, as far as it is in memory and near, with carets under the span.
fn excerpt(text: Text<'_>, position: Position, span: Span) -> String {
    let (bytes, start) = text.around(span.start);
    let span = Span::new(span.start - start, span.end.saturating_sub(start));
    // The window may begin in the middle of the file, but not before it.
    let first = span.start.saturating_sub(position.offset);
    let before = bytes.get(first..span.start).unwrap_or_default();
    let before = before
        .get(before.len().saturating_sub(EXCERPT)..)
        .unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(0, |last| last + 1);
    let mut start = span.start - (before.len() - line).min(span.start);
    // A character that is cut in half would be shown as something that is not there.
    while start < span.start && bytes.get(start).is_some_and(|byte| byte & 0xc0 == 0x80) {
        start += 1;
    }
    let end = bytes.len().min(span.end.saturating_add(EXCERPT)).max(start);
    let text = bytes.get(start..end).unwrap_or_default();
    let text = trim_cut_character(text);
    if text.is_empty() && position.offset == 0 {
        return String::new();
    }
    let (text, _) = decode::readable(text);
    let [characters, units] = counts(bytes.get(start..span.start).unwrap_or_default());
    let back = |column: u32, by: usize| column.saturating_sub(u32::try_from(by).unwrap_or(0));
    let origin = Position {
        line: position.line,
        column: back(position.column, characters),
        utf16_column: back(position.utf16_column, units),
        offset: position.offset - (span.start - start),
    };
    let source = SourceText::part("", text, origin);
    let shown = Span::new(span.start - start, span.end.max(span.start) - start);
    frame(&source, shown, "")
}

/// A text without the beginning of a character at its end.
pub(super) fn trim_cut_character(text: &[u8]) -> &[u8] {
    match std::str::from_utf8(text) {
        Err(error) if error.error_len().is_none() => {
            text.get(..error.valid_up_to()).unwrap_or_default()
        }
        _ => text,
    }
}
