//! A program over the bytes of one element, in one pass.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use std::collections::HashSet;

use super::{
    Kinds, Node, NodeId, Program,
    keys::{Holder, Keys, PlaceId, Step},
};
use crate::json::{
    names::{NameId, Names},
    scan::{self, Stop, byte},
    tape::{Kind, NO_KEY, NO_TOKEN, Tape, Token},
};

/// Objects with more members look their keys up in a set.
const MANY_MEMBERS: u32 = 256;

/// How many values a tape has room for at first.
const TAPE: usize = 1024;

/// What a program says about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is valid.
    Valid,
    /// It is JSON; whether it is valid is for the authority to say.
    NotSure,
}

/// How far a program came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The value ends before `end`.
    Complete { end: usize, verdict: Verdict },
    /// The bytes end before the value does.
    Incomplete,
    /// The text is not JSON, or is nested too deeply.
    Broken,
}

/// What a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Nothing,
    Array,
    Object,
}

/// An object or array whose end was not read yet.
#[derive(Debug, Clone, Copy)]
struct Frame {
    container: Container,
    /// Where in `Run::sets` the keys of a large object are.
    has_set: bool,
    /// Of an object the place before its next key, of an array that before the first key of its
    /// items, if they all have the same.
    place: PlaceId,
    /// The key of the object or array itself.
    own_name: NameId,
    /// The check that its items, or its properties that are not named, go through.
    shape: u32,
    /// Its token on the tape.
    token: u32,
    /// Members or items so far.
    count: u32,
    /// The required properties that were seen.
    required: u64,
    /// The bits of the keys that were seen.
    seen: u64,
}

impl Frame {
    /// What the root stands in.
    const OUTSIDE: Self = Self {
        container: Container::Nothing,
        has_set: false,
        place: PlaceId::NOWHERE,
        own_name: NameId::NONE,
        shape: 0,
        token: 0,
        count: 0,
        required: 0,
        seen: 0,
    };
}

/// What one thread needs to run programs; it learns the keys that it meets.
#[derive(Debug)]
pub(crate) struct Run {
    keys: Keys,
    /// What is behind the first `length` is of values that were read before.
    tape: Vec<Token>,
    length: usize,
    frames: Vec<Frame>,
    sets: Vec<HashSet<Box<[u8]>>>,
    has_unnamed: bool,
}

impl Run {
    pub(super) fn new(names: Names) -> Self {
        Self {
            keys: Keys::new(names),
            tape: vec![NO_TOKEN; TAPE],
            length: 0,
            frames: Vec::new(),
            sets: Vec::new(),
            has_unnamed: false,
        }
    }

    /// The value that was read last, in the bytes that it was read from.
    pub(crate) fn tape<'t>(&'t self, bytes: &'t [u8]) -> Tape<'t> {
        let tokens = self.tape.get(..self.length).unwrap_or_default();
        Tape::new(bytes, tokens, &self.keys.names)
    }

    /// Whether the value that was read last has a property, in an object whose properties the schema
    /// names, that is none of these; the keys of signatures aside.
    pub(crate) fn has_unnamed_properties(&self) -> bool {
        self.has_unnamed
    }

    /// Runs a program over the value that begins at `start`, where no white space may be.
    ///
    /// The text ends before `end` and is followed by [`PADDING`](crate::json::PADDING). If the value
    /// is complete, the tape holds it.
    pub(crate) fn check(
        &mut self,
        program: &Program,
        bytes: &[u8],
        start: usize,
        end: usize,
        max_depth: usize,
    ) -> Outcome {
        self.length = 0;
        self.keys.begin();
        self.frames.clear();
        self.sets.clear();
        self.has_unnamed = false;
        match self.value(program, bytes, start, max_depth) {
            // A number may go on behind the end.
            Ok((after, _)) if after > end || after == end && !is_closed(bytes, after) => {
                Outcome::Incomplete
            }
            Ok((end, verdict)) => Outcome::Complete { end, verdict },
            Err(stop) if stop.at >= end.saturating_sub(12) && is_cut(bytes, stop.at, end) => {
                Outcome::Incomplete
            }
            Err(_) => Outcome::Broken,
        }
    }

    fn value(
        &mut self,
        program: &Program,
        bytes: &[u8],
        start: usize,
        max_depth: usize,
    ) -> Result<(usize, Verdict), Stop> {
        let Self {
            keys,
            tape,
            length,
            frames,
            sets,
            has_unnamed,
        } = self;
        let place_of = |rest: &[u8]| bytes.len() - rest.len();
        let stop = |rest: &[u8]| Stop { at: place_of(rest) };
        let mut is_sure = true;
        // What follows is read from the front of `rest`, and noted in `tokens[count]`.
        let mut rest = bytes.get(start..).unwrap_or_default();
        let mut tokens = tape.as_mut_slice();
        let mut count = 0;
        let mut frame = Frame::OUTSIDE;
        // Of the value that `rest` begins with.
        let mut node = program.node(program.root);
        let mut name = NameId::NONE;
        let mut key = NO_KEY;
        let mut place = PlaceId::NOWHERE;
        let mut step = 0;
        loop {
            let value = rest;
            // Padding follows the text.
            let Some(chunk) = value.first_chunk() else {
                return Err(stop(value));
            };
            let first = chunk[0];
            let token = count;
            count += 1;
            if tokens.len() <= token {
                tokens = with_room(tape);
            }
            let Some(noted) = tokens.get_mut(token) else {
                return Err(stop(value));
            };
            noted.start = offset(place_of(value));
            noted.key = key;
            noted.next = 0;
            noted.name = name;
            let mut chunk = chunk;
            let is_member = if first == b'"' {
                let (after, has_escapes) = scan::after_string(value, chunk).map_err(stop)?;
                rest = after;
                noted.end = offset(place_of(rest));
                noted.kind = Kind::String { has_escapes };
                if !node.valid.has(Kinds::STRING)
                    || node.string != 0
                        && !program.string(node).takes(taken(value, rest), has_escapes)
                {
                    is_sure = false;
                }
                false
            } else if first == b'{' {
                noted.kind = Kind::Object;
                is_sure &= node.valid.has(Kinds::OBJECT);
                if frames.len() >= max_depth {
                    return Err(stop(value));
                }
                frames.push(frame);
                let shape = node.object;
                if place == PlaceId::NOWHERE {
                    place = keys.enter(program, step, shape, name);
                }
                frame = Frame {
                    container: Container::Object,
                    place,
                    own_name: name,
                    shape,
                    token: offset(token),
                    ..Frame::OUTSIDE
                };
                if chunk[1] == b'"' {
                    true
                } else {
                    let inside = scan::after_spaces(value.get(1..).unwrap_or_default());
                    let is_empty = inside.first() == Some(&b'}');
                    if is_empty {
                        rest = inside;
                    }
                    !is_empty
                }
            } else if first == b'[' {
                noted.kind = Kind::Array;
                is_sure &= node.valid.has(Kinds::ARRAY);
                if frames.len() >= max_depth {
                    return Err(stop(value));
                }
                frames.push(frame);
                frame = Frame {
                    container: Container::Array,
                    own_name: name,
                    shape: node.array,
                    token: offset(token),
                    ..Frame::OUTSIDE
                };
                rest = scan::after_spaces(value.get(1..).unwrap_or_default());
                if rest.first() != Some(&b']') {
                    frame.place = items_place(keys, program, frame.shape, name);
                    (key, place, step) = (NO_KEY, frame.place, 0);
                    node = item(program, frame.shape, frame.count);
                    frame.count += 1;
                    continue;
                }
                false
            } else if matches!(first, b' ' | b'\n' | b'\r' | b'\t') && !frames.is_empty() {
                rest = scan::after_spaces(value);
                count = token;
                continue;
            } else {
                let (after, kinds, kind) = if matches!(first, b'-' | b'0'..=b'9') {
                    let number = scan::number(bytes, place_of(value))?;
                    let after = bytes.get(number.end..).unwrap_or_default();
                    let is_held = node.number == 0
                        || program
                            .number(node)
                            .takes(taken(value, after), number.is_plain);
                    is_sure &= is_held;
                    let kinds = if number.is_plain {
                        Kinds::INTEGER
                    } else {
                        Kinds::FRACTION
                    };
                    (after, kinds, Kind::Number)
                } else {
                    word(value).ok_or_else(|| stop(value))?
                };
                rest = after;
                noted.end = offset(place_of(rest));
                noted.kind = kind;
                is_sure &= node.valid.has(kinds);
                false
            };
            if !is_member {
                // A value has ended, or an object or array is to be closed.
                let is_item = loop {
                    let Some(ahead) = rest.first_chunk() else {
                        return Err(stop(rest));
                    };
                    chunk = ahead;
                    let first = chunk[0];
                    if frame.container == Container::Object {
                        if first == b',' {
                            break false;
                        }
                        if first != b'}' {
                            rest = spaces(rest).map_err(stop)?;
                            continue;
                        }
                    } else if frame.container == Container::Array {
                        if first == b',' {
                            break true;
                        }
                        if first != b']' {
                            rest = spaces(rest).map_err(stop)?;
                            continue;
                        }
                    } else {
                        *length = count;
                        let verdict = if is_sure {
                            Verdict::Valid
                        } else {
                            Verdict::NotSure
                        };
                        return Ok((place_of(rest), verdict));
                    }
                    rest = rest.get(1..).unwrap_or_default();
                    if let Some(token) = tokens.get_mut(frame.token as usize) {
                        token.end = offset(place_of(rest));
                        token.next = offset(count);
                    }
                    if frame.has_set {
                        sets.pop();
                    }
                    is_sure &= holds(program, frame);
                    frame = frames.pop().unwrap_or(Frame::OUTSIDE);
                };
                if is_item {
                    rest = scan::after_spaces(rest.get(1..).unwrap_or_default());
                    (key, place, step, name) = (NO_KEY, frame.place, 0, frame.own_name);
                    node = item(program, frame.shape, frame.count);
                    frame.count += 1;
                    continue;
                }
            }
            // A member follows the comma or the bracket that `rest` begins with.
            step = Keys::expected(frame.place);
            let Some(mut next) = keys.step(step) else {
                return Err(stop(rest));
            };
            match next.after(rest, chunk) {
                Some(after) => {
                    key = offset(place_of(rest)) + 1;
                    rest = after;
                }
                None => {
                    let holder = Holder {
                        place: frame.place,
                        own_name: frame.own_name,
                        shape: frame.shape,
                    };
                    let other = keys.other(program, holder, rest).map_err(stop)?;
                    step = other.step;
                    key = offset(place_of(other.quote));
                    rest = other.value;
                    is_sure &= !other.has_escapes;
                    next = keys.step(step).unwrap_or(Step::EMPTY);
                }
            }
            let is_doubtful = frame.seen & next.bit != 0;
            frame.seen |= next.bit;
            frame.required |= next.required;
            frame.count += 1;
            frame.place = next.next;
            *has_unnamed |= next.is_unnamed;
            (name, place, node) = (next.name, next.inner, &next.node);
            if is_doubtful {
                let members = Members {
                    tokens: tokens.get(..count).unwrap_or_default(),
                    object: frame.token,
                };
                if frame.count > MANY_MEMBERS {
                    if !frame.has_set {
                        frame.has_set = true;
                        // The set must be told of every key.
                        frame.seen = u64::MAX;
                        sets.push(members.spellings(bytes));
                    }
                    is_sure &= insert(sets, bytes, key);
                } else {
                    is_sure &= !members.contain(bytes, key, name);
                }
            }
        }
    }
}

/// What follows the white space that a text begins with; the error is a text that begins with none.
#[cold]
fn spaces(rest: &[u8]) -> Result<&[u8], &[u8]> {
    match rest {
        [b' ' | b'\n' | b'\r' | b'\t', ..] => Ok(scan::after_spaces(rest)),
        _ => Err(rest),
    }
}

/// The place before the first key of the items of an array under `name`, if they are objects of one
/// shape.
#[inline(never)]
fn items_place(keys: &mut Keys, program: &Program, shape: u32, name: NameId) -> PlaceId {
    match program.arrays.get(shape as usize) {
        Some(shape) if shape.prefix.is_empty() => {
            let of_items = program.node(shape.items).object;
            keys.enter(program, 0, of_items, name)
        }
        _ => PlaceId::NOWHERE,
    }
}

/// The check of the item of an array with this index.
#[inline(always)]
fn item(program: &Program, shape: u32, index: u32) -> &Node {
    let node = match program.arrays.get(shape as usize) {
        Some(shape) => *shape.prefix.get(index as usize).unwrap_or(&shape.items),
        None => NodeId::ANY,
    };
    program.node(node)
}

/// Whether the shape of an object or array holds that is closed.
#[inline(always)]
fn holds(program: &Program, frame: Frame) -> bool {
    if frame.shape == 0 {
        return true;
    }
    let (shape, count) = (frame.shape as usize, frame.count as usize);
    if frame.container == Container::Object {
        program.objects.get(shape).is_some_and(|shape| {
            frame.required == shape.required
                && (shape.min_properties..=shape.max_properties).contains(&count)
        })
    } else {
        program
            .arrays
            .get(shape)
            .is_some_and(|shape| (shape.min_items..=shape.max_items).contains(&count))
    }
}

/// Makes room for more tokens on a tape that is full.
#[cold]
#[inline(never)]
fn with_room(tape: &mut Vec<Token>) -> &mut [Token] {
    tape.resize(2 * tape.len().max(TAPE), NO_TOKEN);
    tape
}

/// The members so far of the innermost object.
struct Members<'t> {
    tokens: &'t [Token],
    /// The token of the object.
    object: u32,
}

impl<'t> Members<'t> {
    fn iter(&self) -> impl Iterator<Item = &'t Token> {
        let tokens = self.tokens;
        let mut index = self.object as usize + 1;
        std::iter::from_fn(move || {
            let token = tokens.get(index)?;
            index = (token.next as usize).max(index + 1);
            Some(token)
        })
    }

    /// Whether there is one with the key that begins at `key`, and has this name.
    #[cold]
    #[inline(never)]
    fn contain(&self, bytes: &[u8], key: u32, name: NameId) -> bool {
        if name == NameId::UNKNOWN {
            let spelling = spelling_at(bytes, key);
            self.iter()
                .any(|token| spelling_at(bytes, token.key) == spelling)
        } else {
            self.iter().any(|token| token.name == name)
        }
    }

    /// All their keys.
    #[cold]
    #[inline(never)]
    fn spellings(&self, bytes: &[u8]) -> HashSet<Box<[u8]>> {
        let keys = self.iter().map(|token| spelling_at(bytes, token.key));
        keys.map(Into::into).collect()
    }
}

/// Adds a key to the set of the innermost object; false if it is there already.
#[cold]
#[inline(never)]
fn insert(sets: &mut [HashSet<Box<[u8]>>], bytes: &[u8], key: u32) -> bool {
    match sets.last_mut() {
        Some(set) => set.insert(spelling_at(bytes, key).into()),
        None => true,
    }
}

/// The key that begins at `start`, with its quotes.
fn spelling_at(bytes: &[u8], start: u32) -> &[u8] {
    let start = start as usize;
    let end = scan::string(bytes, start + 1).map_or(start, |text| text.end);
    bytes.get(start..end).unwrap_or_default()
}

/// The word that a text begins with, its kinds, and what follows it.
fn word(text: &[u8]) -> Option<(&[u8], Kinds, Kind)> {
    let (after, kinds, kind) = match text {
        [b'n', b'u', b'l', b'l', after @ ..] => (after, Kinds::NULL, Kind::Null),
        [b't', b'r', b'u', b'e', after @ ..] => (after, Kinds::TRUE, Kind::Bool),
        [b'f', b'a', b'l', b's', b'e', after @ ..] => (after, Kinds::FALSE, Kind::Bool),
        _ => return None,
    };
    let goes_on = |&next: &u8| next.is_ascii_alphanumeric() || next == b'_';
    (!after.first().is_some_and(goes_on)).then_some((after, kinds, kind))
}

/// The part of `text` before `rest`, which it ends with.
fn taken<'b>(text: &'b [u8], rest: &[u8]) -> &'b [u8] {
    text.get(..text.len() - rest.len()).unwrap_or_default()
}

/// An offset as tapes hold it; no element is as long as 4 GiB.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "elements are shorter")]
fn offset(at: usize) -> u32 {
    at as u32
}

/// Whether a value that ends where the bytes do cannot go on.
fn is_closed(bytes: &[u8], end: usize) -> bool {
    matches!(
        end.checked_sub(1).map(|last| byte(bytes, last)),
        Some(b'}' | b']' | b'"')
    )
}

/// Whether reading stopped because the bytes end: nothing but white space, or the beginning of a
/// word or an escape, is between the place and the end.
fn is_cut(bytes: &[u8], at: usize, end: usize) -> bool {
    if at >= end {
        return true;
    }
    let rest = bytes.get(at..end).unwrap_or_default();
    rest.starts_with(b"\\")
        || [b"null".as_slice(), b"true", b"false"]
            .iter()
            .any(|word| word.starts_with(rest))
}
