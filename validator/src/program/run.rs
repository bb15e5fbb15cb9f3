//! A program over the bytes of one element, in one pass.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use std::{collections::HashSet, hint::cold_path, num::NonZeroU32};

use super::{
    Kinds, Program, Subschema,
    keys::{Holder, Keys, PlaceId, Seen},
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
#[repr(u16)]
enum Container {
    Nothing,
    Array,
    Object,
}

/// An object or array whose end was not read yet.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// The required properties that were seen.
    required: u64,
    seen: Seen,
    /// The check that its items, or its properties that are not named, go through.
    shape: u32,
    /// Its token on the tape.
    token: u32,
    /// Members or items so far.
    count: u32,
    /// Of an object the place before its next key, of an array that before the first key of its
    /// items, if they all have the same.
    place: PlaceId,
    container: Container,
}

impl Frame {
    /// What the root stands in.
    const OUTSIDE: Self = Self {
        required: 0,
        seen: Seen::UNUSUAL,
        shape: 0,
        token: 0,
        count: 0,
        place: PlaceId::NOWHERE,
        container: Container::Nothing,
    };
}

/// The keys of an object that has many.
#[derive(Debug)]
struct LargeObject {
    /// Its token on the tape.
    token: u32,
    keys: HashSet<Box<[u8]>>,
}

/// What one thread needs to run programs; it learns the keys that it meets.
#[derive(Debug)]
pub(crate) struct Run {
    keys: Keys,
    /// What is behind the first `length` is of values that were read before.
    tape: Vec<Token>,
    length: usize,
    /// What is open, by depth; the first is what the root stands in.
    frames: Vec<Frame>,
    /// Those of the objects that are open, from the outermost on.
    large: Vec<LargeObject>,
    is_sure: bool,
    has_unnamed: bool,
}

impl Run {
    pub(super) fn new(names: Names) -> Self {
        Self {
            keys: Keys::new(names),
            tape: vec![NO_TOKEN; TAPE],
            length: 0,
            frames: vec![Frame::OUTSIDE],
            large: Vec::new(),
            is_sure: true,
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

    /// Holds the value that begins at `start`, where no white space may be, against a subschema of a
    /// program.
    ///
    /// The text ends before `end` and is followed by [`PADDING`](crate::json::PADDING). If the value
    /// is complete, the tape holds it.
    pub(crate) fn check(
        &mut self,
        (program, subschema): (&Program, Subschema),
        bytes: &[u8],
        start: usize,
        end: usize,
        max_depth: usize,
    ) -> Outcome {
        self.length = 0;
        self.keys.begin();
        self.frames.truncate(max_depth.saturating_add(1));
        self.large.clear();
        self.is_sure = true;
        self.has_unnamed = false;
        match self.value((program, subschema), bytes, start, max_depth) {
            // A number may go on behind the end.
            Ok(after) if after > end || after == end && !is_closed(bytes, after) => {
                Outcome::Incomplete
            }
            Ok(end) => Outcome::Complete {
                end,
                verdict: if self.is_sure {
                    Verdict::Valid
                } else {
                    Verdict::NotSure
                },
            },
            Err(stop) if stop.at >= end.saturating_sub(12) && is_cut(bytes, stop.at, end) => {
                Outcome::Incomplete
            }
            Err(_) => Outcome::Broken,
        }
    }

    /// Reads a value; gives back where it ends.
    fn value(
        &mut self,
        (program, subschema): (&Program, Subschema),
        bytes: &[u8],
        start: usize,
        max_depth: usize,
    ) -> Result<usize, Stop> {
        let Self {
            keys,
            tape,
            length,
            frames,
            large,
            is_sure,
            has_unnamed,
        } = self;
        let place_of = |rest: &[u8]| bytes.len() - rest.len();
        let stop = |rest: &[u8]| Stop { at: place_of(rest) };
        // What follows is read from the front of `rest`, and noted in `tokens[count]`.
        let mut rest = bytes.get(start..).unwrap_or_default();
        let mut tokens = tape.as_mut_slice();
        let mut count = 0;
        // What the value stands in that `rest` begins with.
        let mut depth = 0;
        let Some(mut frame) = frames.first_mut() else {
            return Err(stop(rest));
        };
        // Where the key of the value is, and the step that leads to it.
        let mut key = NO_KEY;
        let mut step = keys.root(program, subschema);
        let mut next = keys.step(step);
        loop {
            let value = rest;
            // Padding follows the text.
            let Some(mut chunk) = value.first_chunk() else {
                return Err(stop(value));
            };
            if tokens.len() <= count {
                tokens = with_room(tape);
                continue;
            }
            let start = offset(place_of(value));
            let mut is_member = false;
            if chunk[0] == b'"' {
                let (after, has_escapes) = scan::after_string(value, chunk).map_err(stop)?;
                rest = after;
                let token = Token {
                    start,
                    end: offset(place_of(rest)),
                    key,
                    index: offset(count),
                    extent: NonZeroU32::MIN,
                    name: next.name,
                    kind: Kind::String { has_escapes },
                };
                note(tokens, count, token);
                if !next.node.free.has(Kinds::STRING)
                    && !program.takes_string(&next.node, taken(value, rest), has_escapes)
                {
                    *is_sure = false;
                }
            } else if chunk[0] == b'{' {
                if !next.node.valid.has(Kinds::OBJECT) {
                    *is_sure = false;
                }
                note(
                    tokens,
                    count,
                    Token::open(offset(count), start, key, next.name, Kind::Object),
                );
                let (shape, mut place) = (next.node.object, next.inner);
                if place == PlaceId::NOWHERE {
                    place = keys.enter(program, step, shape);
                }
                depth += 1;
                frame = open(frames, depth, max_depth).ok_or_else(|| stop(value))?;
                *frame = Frame {
                    container: Container::Object,
                    place,
                    shape,
                    token: offset(count),
                    ..Frame::OUTSIDE
                };
                is_member = true;
                if chunk[1] != b'"' {
                    let inside = scan::after_spaces(value.get(1..).unwrap_or_default());
                    if inside.first() == Some(&b'}') {
                        rest = inside;
                        is_member = false;
                    }
                }
            } else {
                cold_path();
                match other_value(bytes, value).map_err(stop)? {
                    Other::Space(_) if depth == 0 => return Err(stop(value)),
                    Other::Space(after) => {
                        rest = after;
                        continue;
                    }
                    Other::Scalar { after, kinds, kind } => {
                        rest = after;
                        let mut token = Token::open(offset(count), start, key, next.name, kind);
                        token.end = offset(place_of(rest));
                        note(tokens, count, token);
                        if !next.node.free.has(kinds)
                            && !program.takes_scalar(&next.node, taken(value, rest), kinds)
                        {
                            *is_sure = false;
                        }
                    }
                    Other::Array(after) => {
                        rest = after;
                        if !next.node.valid.has(Kinds::ARRAY) {
                            *is_sure = false;
                        }
                        note(
                            tokens,
                            count,
                            Token::open(offset(count), start, key, next.name, Kind::Array),
                        );
                        let (shape, own_name) = (next.node.array, next.name);
                        depth += 1;
                        frame = open(frames, depth, max_depth).ok_or_else(|| stop(value))?;
                        *frame = Frame {
                            container: Container::Array,
                            place: keys.items(program, shape, own_name),
                            shape,
                            token: offset(count),
                            count: 1,
                            ..Frame::OUTSIDE
                        };
                        if rest.first() != Some(&b']') {
                            count += 1;
                            key = NO_KEY;
                            step = keys.item(program, shape, 0, own_name, frame.place);
                            next = keys.step(step);
                            continue;
                        }
                        frame.count = 0;
                    }
                }
            }
            count += 1;
            // A value has ended, or an object or array is to be closed.
            if !is_member {
                loop {
                    let Some(ahead) = rest.first_chunk() else {
                        return Err(stop(rest));
                    };
                    chunk = ahead;
                    if frame.container == Container::Object {
                        if chunk[0] == b',' {
                            break;
                        }
                        if chunk[0] != b'}' {
                            rest = after_some_spaces(rest).map_err(stop)?;
                            continue;
                        }
                    } else if frame.container == Container::Array {
                        if chunk[0] == b',' {
                            break;
                        }
                        if chunk[0] != b']' {
                            rest = after_some_spaces(rest).map_err(stop)?;
                            continue;
                        }
                    } else {
                        *length = count;
                        return Ok(place_of(rest));
                    }
                    rest = rest.get(1..).unwrap_or_default();
                    if let Some(token) = tokens.get_mut(frame.token as usize) {
                        token.end = offset(place_of(rest));
                        let extent = offset(count) - frame.token;
                        token.extent = NonZeroU32::new(extent).unwrap_or(NonZeroU32::MIN);
                    }
                    if frame.shape != 0 && !holds(program, frame) {
                        *is_sure = false;
                    }
                    if frame.count > MANY_MEMBERS {
                        let token = frame.token;
                        large.pop_if(|object| object.token == token);
                    }
                    depth -= 1;
                    let Some(outer) = frames.get_mut(depth) else {
                        return Err(stop(rest));
                    };
                    frame = outer;
                }
            }
            if frame.container == Container::Array {
                rest = scan::after_spaces(rest.get(1..).unwrap_or_default());
                let own_name = own_name(tokens, frame);
                key = NO_KEY;
                step = keys.item(program, frame.shape, frame.count, own_name, frame.place);
                next = keys.step(step);
                frame.count += 1;
                continue;
            }
            // A member follows the comma or the bracket that `rest` begins with.
            let [first, second] = Keys::expected(frame.place);
            (step, next) = (first, keys.step(first));
            let mut after = next.after(rest, chunk);
            if after.is_none() && chunk[1] == b'"' {
                (step, next) = (second, keys.step(second));
                after = next.after(rest, chunk);
            }
            match after {
                Some(after) => {
                    key = offset(place_of(rest)) + 1;
                    rest = after;
                }
                None => {
                    let holder = Holder {
                        place: frame.place,
                        own_name: own_name(tokens, frame),
                        shape: frame.shape,
                    };
                    let other = keys.other(program, holder, rest).map_err(stop)?;
                    step = other.step;
                    key = offset(place_of(other.quote));
                    rest = other.value;
                    if other.has_escapes {
                        *is_sure = false;
                    }
                    next = keys.step(step);
                }
            }
            let seen = frame.seen;
            frame.seen = seen.with(next.seen);
            frame.required |= next.required;
            frame.count += 1;
            frame.place = next.next;
            if seen.meets(next.seen) {
                cold_path();
                *has_unnamed |= next.is_unnamed;
                let members = Members {
                    bytes,
                    tokens: tokens.get(..count).unwrap_or_default(),
                    object: frame.token,
                };
                if seen.may_hold(next.seen) && !members.lack(key, next.name, frame.count, large) {
                    *is_sure = false;
                }
                if frame.count > MANY_MEMBERS {
                    // The set must be told of every key.
                    frame.seen = Seen::ALL;
                }
            }
        }
    }
}

/// Notes a token; there is room for it.
#[inline(always)]
fn note(tokens: &mut [Token], at: usize, token: Token) {
    if let Some(place) = tokens.get_mut(at) {
        *place = token;
    }
}

/// The frame of an object or array that is as deep as this; none if it is one too many.
#[inline(always)]
fn open(frames: &mut Vec<Frame>, depth: usize, max_depth: usize) -> Option<&mut Frame> {
    if depth >= frames.len() {
        cold_path();
        if depth > max_depth {
            return None;
        }
        frames.push(Frame::OUTSIDE);
    }
    frames.get_mut(depth)
}

/// The key of an object or array.
#[inline(always)]
fn own_name(tokens: &[Token], frame: &Frame) -> NameId {
    let token = tokens.get(frame.token as usize);
    token.map_or(NameId::NONE, |token| token.name)
}

/// What follows the white space that a text begins with; the error is a text that begins with none.
#[inline(never)]
fn after_some_spaces(rest: &[u8]) -> Result<&[u8], &[u8]> {
    match rest {
        [b' ' | b'\n' | b'\r' | b'\t', ..] => Ok(scan::after_spaces(rest)),
        _ => Err(rest),
    }
}

/// What is neither a string nor an object.
enum Other<'b> {
    /// White space, and what follows it.
    Space(&'b [u8]),
    Scalar {
        after: &'b [u8],
        kinds: Kinds,
        kind: Kind,
    },
    /// The first item of an array, or its closing bracket.
    Array(&'b [u8]),
}

/// Reads what is neither a string nor an object, an array up to its first item; the error is from
/// where on it is no JSON.
#[inline(never)]
fn other_value<'b>(bytes: &'b [u8], value: &'b [u8]) -> Result<Other<'b>, &'b [u8]> {
    let (after, kinds, kind) = match value {
        [b'[', inside @ ..] => return Ok(Other::Array(scan::after_spaces(inside))),
        [b' ' | b'\n' | b'\r' | b'\t', ..] => {
            return Ok(Other::Space(scan::after_spaces(value)));
        }
        [b'-' | b'0'..=b'9', ..] => {
            let from = |at: usize| bytes.get(at..).unwrap_or_default();
            let number = scan::number(bytes, bytes.len() - value.len());
            let number = number.map_err(|stop| from(stop.at))?;
            let kinds = if number.is_plain {
                Kinds::INTEGER
            } else {
                Kinds::FRACTION
            };
            (from(number.end), kinds, Kind::Number)
        }
        [b'n', b'u', b'l', b'l', after @ ..] => (after, Kinds::NULL, Kind::Null),
        [b't', b'r', b'u', b'e', after @ ..] => (after, Kinds::TRUE, Kind::Bool),
        [b'f', b'a', b'l', b's', b'e', after @ ..] => (after, Kinds::FALSE, Kind::Bool),
        _ => return Err(value),
    };
    let goes_on = |&next: &u8| next.is_ascii_alphanumeric() || next == b'_';
    if after.first().is_some_and(goes_on) {
        return Err(value);
    }
    Ok(Other::Scalar { after, kinds, kind })
}

/// Whether the shape of an object or array holds that is closed.
#[inline(always)]
fn holds(program: &Program, frame: &Frame) -> bool {
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
    bytes: &'t [u8],
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
            index += token.extent.get() as usize;
            Some(token)
        })
    }

    /// Whether there is none with the key that begins at `key` and has this name, which makes them
    /// `count`.
    #[cold]
    #[inline(never)]
    fn lack(&self, key: u32, name: NameId, count: u32, large: &mut Vec<LargeObject>) -> bool {
        let spelling = spelling_at(self.bytes, key);
        if count <= MANY_MEMBERS {
            return !match name {
                NameId::UNKNOWN => self
                    .iter()
                    .any(|token| spelling_at(self.bytes, token.key) == spelling),
                name => self.iter().any(|token| token.name == name),
            };
        }
        if large.last().is_none_or(|last| last.token != self.object) {
            let keys = self.iter().map(|token| spelling_at(self.bytes, token.key));
            large.push(LargeObject {
                token: self.object,
                keys: keys.map(Into::into).collect(),
            });
        }
        large
            .last_mut()
            .is_some_and(|last| last.keys.insert(spelling.into()))
    }
}

/// The key that begins at `start`, with its quotes.
fn spelling_at(bytes: &[u8], start: u32) -> &[u8] {
    let start = start as usize;
    let end = scan::string(bytes, start + 1).map_or(start, |text| text.end);
    bytes.get(start..end).unwrap_or_default()
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
