//! The check of one element: the fast path first, the authority where that is not sure.

use serde_json::Value;
use source_text::{JsonPointer, Position, Span};

use super::{
    Options,
    position::{advance, advance_over_text},
    stack,
    subject::{Exports, Subject},
    text::{self, Text},
};
use crate::{
    Code, ProfileName, Related, Shape, bad_bytes,
    classify::{self, Kind},
    decode,
    finding::{At, Identity, Problem},
    json::scan::{byte, skip_space},
    limit::Limited,
    locate,
    program::{Outcome, Program, Run, Subschema, Verdict},
    rules::{self, Facts, Looking, Places, Rules},
    trail,
    tree::{self, Tree},
    wording,
};

/// A problem and where it is.
#[derive(Debug)]
pub(super) struct Placed {
    /// Its pointer is from the root of the element, or of the document if it is in none.
    pub(super) problem: Problem,
    /// In the bytes that were checked.
    pub(super) span: Span,
    /// Counted from 0 in what was checked.
    pub(super) element: Option<usize>,
    /// The problem's pointer is from the document's root nevertheless.
    pub(super) is_from_root: bool,
    pub(super) profile: Option<ProfileName>,
    /// Places that explain it and are not in the bytes that were checked.
    pub(super) related: Vec<Related>,
}

/// What was found in a run of elements.
pub(super) struct Found {
    pub(super) problems: Limited<Placed>,
    /// All bytes of it are known to be UTF-8.
    pub(super) is_utf8: bool,
    /// Elements that begin there.
    pub(super) elements: usize,
    pub(super) profiles: usize,
    pub(super) others: usize,
    /// What the elements tell that only the whole file makes sense of.
    pub(super) facts: Facts,
    /// Where these stand, counted from the beginning of the run, if that was counted with it.
    pub(super) places: Option<Places>,
}

impl Found {
    /// Nothing yet; of each code at most `limit` problems are kept, and all are counted.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            problems: Limited::new(limit),
            is_utf8: false,
            elements: 0,
            profiles: 0,
            others: 0,
            facts: Facts::default(),
            places: None,
        }
    }

    /// Counts where the facts stand in `bytes`, from its `start` on up to `end`.
    pub(super) fn locate(&mut self, bytes: &[u8], start: usize, end: usize) {
        let runs = [text::Run {
            start,
            position: Position::START,
        }];
        let mut reached = Text::new(bytes, &runs).cursor().by(self.advance());
        let position = |offset| reached.position(offset);
        self.places = Some(Places::of(&self.facts, end, position));
    }

    /// How lines are counted in the run.
    pub(super) fn advance(&self) -> fn(&mut Position, &[u8]) {
        if self.is_utf8 {
            advance_over_text
        } else {
            advance
        }
    }

    pub(super) fn push(&mut self, placed: Placed) {
        self.problems.push(placed.problem.grade(), || placed);
    }
}

/// What stands where reading goes on in an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    FirstItem,
    CommaOrEnd,
    Item,
}

/// Why reading items came to a halt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// The array's closing bracket was read.
    Closed,
    /// The bytes end; more of them may go on.
    NeedsMore,
    /// The text is not JSON here, or is nested too deeply.
    Broken,
}

/// What one thread needs to check elements.
pub(super) struct Checker<'v> {
    subject: &'v Subject,
    run: Run,
    /// How many objects and arrays may be open in the document.
    depth_of_document: usize,
    /// How many of them may be open in a value that is checked.
    max_depth: usize,
    /// How many problems of each code are listed.
    limit: usize,
    /// Whether an object that might be anything is a profile, because the user says so.
    takes_for_profile: bool,
    looking: Looking,
    place: Place,
    /// How many bytes an exported object among others may have to be checked at one go.
    longest: usize,
}

/// How much longer an exported object among others may be than one alone to be checked at one go: most
/// are not so long, and one that is needs no more memory than the blocks of several threads.
const AMONG_OTHERS: usize = 4;

/// What the elements are that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// They stand alone.
    Alone,
    /// Items of an array.
    Item,
    /// Items of an array that is a [part](super::parts::Parts) of an element, by its number.
    ItemOf(usize),
    /// A property of an object that is a part of a payload, by its number, in an object of its own.
    PropertyOf(usize),
}

/// Bytes to check, with their padding.
#[derive(Clone, Copy)]
pub(super) struct Piece<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) end: usize,
    /// Up to here they are known to be UTF-8.
    valid_to: usize,
}

/// How many bytes behind an element are looked at with it: one by one costs more.
const AHEAD: usize = 16 * 1024;

impl<'b> Piece<'b> {
    pub(super) fn new(bytes: &'b [u8], start: usize, end: usize) -> Self {
        Self {
            bytes,
            end,
            valid_to: start,
        }
    }

    /// Whether an element is UTF-8; they are asked about in the order of the text.
    fn is_utf8(&mut self, element: Span) -> bool {
        if element.end > self.valid_to {
            let from = self.valid_to.max(element.start);
            let to = element.end.saturating_add(AHEAD).min(self.end);
            let text = self.bytes.get(from..to).unwrap_or_default();
            let valid = match simdutf8::compat::from_utf8(text) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            };
            self.valid_to = from + valid;
        }
        element.end <= self.valid_to
    }
}

impl<'v> Checker<'v> {
    pub(super) fn new(subject: &'v Subject, options: &Options) -> Self {
        Self {
            subject,
            run: subject.start(),
            depth_of_document: options.max_depth,
            max_depth: options.max_depth,
            limit: options.limit(),
            takes_for_profile: options.shape == Some(Shape::Profile),
            looking: Looking::by(&options.policy, options.limit()),
            place: Place::Alone,
            longest: options.at_once.saturating_mul(AMONG_OTHERS),
        }
    }

    /// What was found before anything is checked.
    pub(super) fn nothing(&self) -> Found {
        Found::new(self.limit)
    }

    pub(super) fn subject(&self) -> &'v Subject {
        self.subject
    }

    /// From now on values are checked that stand in this many objects and arrays.
    pub(super) fn enter(&mut self, levels: usize) {
        let place = if levels > 0 {
            Place::Item
        } else {
            Place::Alone
        };
        self.enter_as(place, levels);
    }

    /// The same, and what they are.
    pub(super) fn enter_as(&mut self, place: Place, levels: usize) {
        self.max_depth = self.depth_of_document.saturating_sub(levels);
        self.place = place;
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// How many bytes the element at `at` may have to be checked at one go, if it can be divided.
    pub(super) fn longest(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let is_among_others =
            matches!(self.subject, Subject::Exports(_)) && self.place == Place::Item;
        (is_among_others && byte(bytes, at) == b'{').then_some(self.longest)
    }

    /// Checks the items of an array from `at` on, which is moved on to where reading halted.
    pub(super) fn items(
        &mut self,
        mut piece: Piece<'_>,
        at: &mut usize,
        next: &mut Next,
        found: &mut Found,
    ) -> Halt {
        // What stands between items is ASCII, or reading halts there.
        found.is_utf8 = true;
        loop {
            let here = skip_space(piece.bytes, *at);
            if here >= piece.end {
                *at = piece.end;
                return Halt::NeedsMore;
            }
            match (byte(piece.bytes, here), *next) {
                (b']', Next::FirstItem | Next::CommaOrEnd) => {
                    *at = here + 1;
                    return Halt::Closed;
                }
                (b',', Next::CommaOrEnd) => {
                    let item = skip_space(piece.bytes, here + 1);
                    if item >= piece.end {
                        return Halt::NeedsMore;
                    }
                    // A comma with no item after it is where the error is.
                    if byte(piece.bytes, item) == b']' {
                        return Halt::Broken;
                    }
                    *at = item;
                    *next = Next::Item;
                }
                (_, Next::CommaOrEnd) => return Halt::Broken,
                (_, Next::FirstItem | Next::Item) => {
                    *at = here;
                    match self.element(&mut piece, here, found) {
                        Outcome::Complete { end, .. } => {
                            *at = end;
                            *next = Next::CommaOrEnd;
                        }
                        Outcome::Incomplete => return Halt::NeedsMore,
                        Outcome::Broken => return Halt::Broken,
                    }
                }
            }
        }
    }

    /// How far the value at `at` goes, whatever it is.
    pub(super) fn any(&mut self, piece: Piece<'_>, at: usize) -> Outcome {
        self.try_program(self.subject.any(), piece, at)
    }

    /// Checks the element that begins at `at`; counts it if it is complete.
    pub(super) fn element(
        &mut self,
        piece: &mut Piece<'_>,
        at: usize,
        found: &mut Found,
    ) -> Outcome {
        // However the file comes, the same bytes decide.
        let longest = self.longest(piece.bytes, at).unwrap_or(usize::MAX);
        let at_one_go = Piece {
            end: piece.end.min(at.saturating_add(longest)),
            ..*piece
        };
        let outcome = self.try_program(self.subject.program(self.place), at_one_go, at);
        let Outcome::Complete { end, verdict } = outcome else {
            return outcome;
        };
        let is_utf8 = piece.is_utf8(Span::new(at, end));
        found.is_utf8 &= is_utf8;
        let (is_sure, kind) = match (self.subject, self.place) {
            (Subject::Exports(exports), Place::Alone | Place::Item) => {
                let kind = self.kind(exports, piece.bytes);
                let is_sure = is_utf8
                    && match kind {
                        Kind::ExportedProfile => verdict == Verdict::Valid,
                        Kind::OtherObject => {
                            let other_object = &exports.other_object;
                            verdict == Verdict::Valid
                                || self.holds((other_object, other_object.root()), *piece, at)
                        }
                        _ => false,
                    };
                match kind {
                    _ if !is_sure => {}
                    Kind::OtherObject => found.others += 1,
                    _ => found.profiles += 1,
                }
                (is_sure, Some(kind))
            }
            _ => (is_utf8 && verdict == Verdict::Valid, None),
        };
        if !is_sure {
            let span = Span::new(at, end);
            if !self.ask_authority(piece.bytes, span, found) {
                return Outcome::Broken;
            }
        }
        if let Subject::Exports(exports) = self.subject {
            let is_plain = is_sure && !self.run.has_unnamed_properties();
            self.apply_rules(exports, piece.bytes, kind, is_plain, found);
        }
        found.elements += 1;
        outcome
    }

    /// Applies the rules to what was read last, an element of this kind or a part of a profile;
    /// `is_plain` tells that it is valid and all its properties are documented.
    fn apply_rules(
        &self,
        exports: &Exports,
        bytes: &[u8],
        kind: Option<Kind>,
        is_plain: bool,
        found: &mut Found,
    ) {
        let tape = self.run.tape(bytes);
        let Some(root) = tape.root() else {
            return;
        };
        let element = rules::Element {
            root,
            kind: kind.unwrap_or(Kind::ExportedProfile),
            index: found.elements,
            is_plain,
        };
        let rules = exports.rules();
        let facts = &mut found.facts;
        let problems = match kind {
            Some(_) => rules.check(element, self.looking, facts),
            None => rules.check_mapping(element, self.looking, facts),
        };
        if problems.is_empty() {
            return;
        }
        let profile = kind.and_then(|_| element.profile());
        let place = |problem| placed(problem, 0, Some(element.index), profile.clone());
        let problems = problems.map(|kept| kept.into_iter().map(place).collect());
        found
            .problems
            .absorb(problems, |placed| placed.problem.grade());
    }

    fn try_program(
        &mut self,
        program: (&Program, Subschema),
        piece: Piece<'_>,
        at: usize,
    ) -> Outcome {
        self.run
            .check(program, piece.bytes, at, piece.end, self.max_depth)
    }

    fn holds(&mut self, program: (&Program, Subschema), piece: Piece<'_>, at: usize) -> bool {
        let outcome = self.try_program(program, piece, at);
        matches!(
            outcome,
            Outcome::Complete {
                verdict: Verdict::Valid,
                ..
            }
        )
    }

    fn kind(&self, exports: &Exports, bytes: &[u8]) -> Kind {
        match self.run.tape(bytes).root() {
            Some(root) => {
                let kind = classify::classify_node(root, |name| exports.knows(name));
                kind.or_profile(self.takes_for_profile)
            }
            None => Kind::ExportedProfile,
        }
    }

    /// Checks an element that only the authority can read, and counts it.
    pub(super) fn ask_about(&self, bytes: &[u8], span: Span, found: &mut Found) {
        self.ask_authority(bytes, span, found);
        found.elements += 1;
    }

    /// Takes in of an element whose beginning is known what its parts are told by: the source of its
    /// identities, and how it is called.
    pub(super) fn look_ahead(
        &mut self,
        piece: Piece<'_>,
        found: &mut Found,
    ) -> Option<ProfileName> {
        let program = self.subject.program(Place::Alone);
        if !matches!(
            self.try_program(program, piece, 0),
            Outcome::Complete { .. }
        ) {
            return None;
        }
        if let Some(root) = self.run.tape(piece.bytes).root() {
            Rules::source(root, &mut found.facts);
        }
        self.profile(piece.bytes)
    }

    /// How the profile is called that was read last, if it is one.
    pub(super) fn profile(&self, bytes: &[u8]) -> Option<ProfileName> {
        let root = self.run.tape(bytes);
        let root = root.root()?;
        match self.subject {
            Subject::Exports(exports) if self.kind(exports, bytes) != Kind::OtherObject => {
                classify::name_of(root)
            }
            _ => None,
        }
    }

    /// Checks a property that stands in an object of its own from `base` of what is delivered on;
    /// the object is part number `number` of a payload.
    pub(super) fn property(&mut self, number: usize, alone: &[u8], base: usize, found: &mut Found) {
        let place = Place::PropertyOf(number);
        self.enter_as(place, self.subject.way(place).levels());
        self.ask(alone, base, found);
    }

    /// Whether the fast path is sure of the value at `at`, which must fit a subschema and is so many
    /// `levels` down, and what it stands in is UTF-8.
    pub(super) fn holds_alone(
        &mut self,
        subschema: Subschema,
        levels: usize,
        mut piece: Piece<'_>,
        at: usize,
        whole: Span,
    ) -> bool {
        let (program, _) = self.subject.program(Place::Alone);
        self.enter(levels);
        self.holds((program, subschema), piece, at) && piece.is_utf8(whole)
    }

    /// What is wrong with an object that is a part of a payload, but for the values in it.
    pub(super) fn problems_with_keys(&self, number: usize, object: Value) -> Vec<Problem> {
        let way = self.subject.way(Place::PropertyOf(number));
        let root = way.around(object);
        let way = way.pointer();
        let Ok(mut problems) = stack::with_room_for(2 * self.subject.levels(), || {
            let Answer { problems, .. } = self.answer(&root);
            problems
        }) else {
            return Answer::too_deep(1).problems;
        };
        problems.retain(|problem| problem.pointer == way);
        for problem in &mut problems {
            problem.identity = Identity::Trail(way.clone());
        }
        problems
    }

    /// What the authority says of a value.
    fn answer(&self, value: &Value) -> Answer {
        match self.subject {
            Subject::Exports(exports) => {
                let (kind, problems) = exports.authority().check(value, self.takes_for_profile);
                Answer {
                    problems,
                    kind: Some(kind),
                    profile: classify::profile_name(value),
                }
            }
            Subject::Payload(payload) => Answer {
                problems: payload.authority().problems(value),
                kind: None,
                profile: None,
            },
        }
    }

    /// Finds what is wrong with an element; false if it cannot be read after all.
    fn ask_authority(&self, bytes: &[u8], span: Span, found: &mut Found) -> bool {
        let element = bytes.get(span.range()).unwrap_or_default();
        self.ask(element, span.start, found)
    }

    /// The same for an element that begins at `base` of what is delivered.
    fn ask(&self, element: &[u8], base: usize, found: &mut Found) -> bool {
        let (text, invalid) = decode::readable(element);
        let whole = Span::new(0, text.len());
        let Ok(tree) = tree::read(&text, whole, self.max_depth, self.limit) else {
            return false;
        };
        let Tree {
            value,
            mut problems,
            unlisted,
            depth,
        } = tree;
        // The schema is that of what holds it.
        let way = self.subject.way(self.place);
        let levels = way.levels();
        let depth = depth + levels;
        let root = way.around(value);
        let way = way.pointer();
        let room = depth.max(1).saturating_mul(self.subject.levels());
        let Answer {
            problems: from_schema,
            kind,
            profile,
        } = match stack::with_room_for(room, || self.answer(&root)) {
            Ok(answer) => answer,
            Err(_) => Answer::too_deep(depth),
        };
        // What is wrong with what was made up around it is not in the file.
        let from_schema = from_schema.into_iter().filter(|problem| match self.place {
            Place::PropertyOf(_) => problem.pointer.tokens().count() > levels,
            _ => problem.pointer.tokens().count() >= levels,
        });
        problems.extend(from_schema.map(|problem| Problem {
            pointer: below(levels, &problem.pointer),
            ..problem
        }));
        let item = match self.place {
            Place::Item => root.pointer(way.as_str()),
            _ => None,
        };
        for problem in &mut problems {
            let trail = match item {
                Some(item) => trail::trail(item, &problem.pointer),
                None => trail::trail(&root, &way.join(&problem.pointer)),
            };
            problem.identity = Identity::Trail(trail);
        }
        tree::dismantle(root);
        match kind {
            _ if !matches!(self.place, Place::Alone | Place::Item) => {}
            Some(Kind::OtherObject) => found.others += 1,
            Some(Kind::NoExport) | None => {}
            Some(_) => found.profiles += 1,
        }
        let profile = profile.filter(|_| kind != Some(Kind::OtherObject) && !problems.is_empty());
        let index = Some(found.elements);
        let bad_bytes = bad_bytes::problems(element, &text, whole, &invalid, self.limit);
        let unlisted_bad_bytes = invalid.len() - bad_bytes.len();
        // Pointers are from what is delivered with them.
        let from_root = |pointer: &JsonPointer| match self.place {
            Place::PropertyOf(_) => way.join(pointer),
            _ => pointer.clone(),
        };
        for mut problem in bad_bytes {
            problem.pointer = from_root(&problem.pointer);
            found
                .problems
                .push(Code::InvalidUtf8, || placed(problem, base, index, None));
        }
        found.problems.count(Code::InvalidUtf8, unlisted_bad_bytes);
        let spans = locate::locate(&text, whole, &problems);
        for (mut problem, span_in_text) in problems.into_iter().zip(spans) {
            let written = text.get(span_in_text.range()).unwrap_or_default();
            wording::name_as_written(&mut problem, written);
            problem.at = At::Span(span_in_text);
            problem.pointer = from_root(&problem.pointer);
            found.problems.push(problem.grade(), || {
                placed(problem, base, index, profile.clone())
            });
        }
        found.problems.count(Code::DuplicateKey, unlisted);
        true
    }
}

/// A pointer as one from some levels further down.
fn below(levels: usize, pointer: &JsonPointer) -> JsonPointer {
    let mut below = JsonPointer::root();
    for token in pointer.tokens().skip(levels) {
        below.push(&token);
    }
    below
}

/// What the authority says of an element.
struct Answer {
    problems: Vec<Problem>,
    /// What an element of an export was taken for.
    kind: Option<Kind>,
    profile: Option<ProfileName>,
}

impl Answer {
    /// The answer where there is no memory for so deep a stack.
    fn too_deep(depth: usize) -> Self {
        let message = format!("nested {depth} levels deep, more than can be checked here");
        let problem = Problem::new(Code::TooDeep, JsonPointer::root(), message)
            .expected("fewer levels")
            .help("such depth is usually a fault of the program that wrote the file");
        Self {
            problems: vec![problem],
            kind: None,
            profile: None,
        }
    }
}

/// A problem whose spans count from `base`.
pub(super) fn placed(
    mut problem: Problem,
    base: usize,
    element: Option<usize>,
    profile: Option<ProfileName>,
) -> Placed {
    let span = match problem.at {
        At::Span(span) => span,
        _ => Span::default(),
    };
    for (related, _) in &mut problem.related {
        *related = shifted(*related, base);
    }
    Placed {
        problem,
        span: shifted(span, base),
        element,
        is_from_root: false,
        profile,
        related: Vec::new(),
    }
}

fn shifted(span: Span, base: usize) -> Span {
    Span::new(span.start + base, span.end + base)
}
