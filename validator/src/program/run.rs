//! A program over the bytes of one element, in one pass.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use std::collections::HashSet;

use super::{Kinds, Node, NodeId, NumberShape, Program, StringShape};
use crate::{
    json::{
        names::{self, NameId, Names},
        scan::{self, Stop, byte, skip_space},
        tape::{Kind, NO_KEY, Tape, Token},
    },
    tree,
};

/// Objects with more members look their keys up in a set.
const MANY_MEMBERS: u32 = 256;

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

/// An object or array whose end was not read yet.
#[derive(Debug, Clone, Copy)]
struct Frame {
    is_object: bool,
    /// The check that its items, or its properties that are not named, go through.
    shape: u32,
    /// Its token on the tape.
    token: u32,
    /// Members or items so far.
    count: u32,
    /// The required properties that were seen.
    required: u64,
    /// A set of name numbers, six bits each, that may say "seen" without need.
    seen: u64,
    /// The key before the next one; of the first, the key of the object itself.
    last_name: NameId,
    /// The key of the object or array itself.
    own_name: NameId,
    /// Where in `Run::sets` the keys of a large object are.
    has_set: bool,
}

/// What one thread needs to run programs; it learns the keys that it meets.
#[derive(Debug)]
pub(crate) struct Run {
    names: Names,
    /// The two keys that came next the last times, by what [`guess_of`] makes of the place.
    guesses: Vec<[NameId; 2]>,
    pub(crate) tape: Vec<Token>,
    frames: Vec<Frame>,
    sets: Vec<HashSet<Box<[u8]>>>,
    has_unnamed: bool,
}

impl Run {
    pub(super) fn new(names: Names) -> Self {
        Self {
            names,
            guesses: vec![[NameId::NONE; 2]; GUESSES],
            tape: Vec::new(),
            frames: Vec::new(),
            sets: Vec::new(),
            has_unnamed: false,
        }
    }

    /// The value that was read last, in the bytes that it was read from.
    pub(crate) fn tape<'t>(&'t self, bytes: &'t [u8]) -> Tape<'t> {
        Tape::new(bytes, &self.tape, &self.names)
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
        self.tape.clear();
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

    #[inline(always)]
    fn value(
        &mut self,
        program: &Program,
        bytes: &[u8],
        start: usize,
        max_depth: usize,
    ) -> Result<(usize, Verdict), Stop> {
        let mut verdict = Verdict::Valid;
        let mut at = start;
        let mut node = program.node(program.root);
        let mut name = NameId::NONE;
        let mut key = NO_KEY;
        loop {
            // A value begins at `at`.
            let first = byte(bytes, at);
            let value_start = offset(at);
            let mut opened = false;
            let kind = match first {
                b'"' => {
                    let text = scan::string(bytes, at + 1)?;
                    if !node.valid.has(Kinds::STRING)
                        || node.string != 0
                            && !program.string(node).takes(
                                bytes.get(at..text.end).unwrap_or_default(),
                                text.has_escapes,
                            )
                    {
                        verdict = Verdict::NotSure;
                    }
                    at = text.end;
                    Kind::String {
                        has_escapes: text.has_escapes,
                    }
                }
                b'{' => {
                    if !node.valid.has(Kinds::OBJECT) {
                        verdict = Verdict::NotSure;
                    }
                    opened = true;
                    Kind::Object
                }
                b'[' => {
                    if !node.valid.has(Kinds::ARRAY) {
                        verdict = Verdict::NotSure;
                    }
                    opened = true;
                    Kind::Array
                }
                b'-' | b'0'..=b'9' => {
                    let number = scan::number(bytes, at)?;
                    let kind = if number.is_plain {
                        Kinds::INTEGER
                    } else {
                        Kinds::FRACTION
                    };
                    if !node.valid.has(kind)
                        || node.number != 0
                            && !program.number(node).takes(
                                bytes.get(at..number.end).unwrap_or_default(),
                                number.is_plain,
                            )
                    {
                        verdict = Verdict::NotSure;
                    }
                    at = number.end;
                    Kind::Number
                }
                _ => {
                    let (word, kinds, kind): (&[u8], _, _) = match first {
                        b'n' => (b"null", Kinds::NULL, Kind::Null),
                        b't' => (b"true", Kinds::TRUE, Kind::Bool),
                        b'f' => (b"false", Kinds::FALSE, Kind::Bool),
                        _ => return Err(Stop { at }),
                    };
                    let end = at + word.len();
                    if bytes.get(at..end) != Some(word) || is_word(byte(bytes, end)) {
                        return Err(Stop { at });
                    }
                    if !node.valid.has(kinds) {
                        verdict = Verdict::NotSure;
                    }
                    at = end;
                    kind
                }
            };
            let token = offset(self.tape.len());
            self.tape.push(Token {
                start: value_start,
                end: offset(at),
                key,
                next: token.saturating_add(1),
                name,
                kind,
            });
            if opened {
                if self.frames.len() >= max_depth {
                    return Err(Stop { at });
                }
                let is_object = kind == Kind::Object;
                self.frames.push(Frame {
                    is_object,
                    shape: if is_object { node.object } else { node.array },
                    token,
                    count: 0,
                    required: 0,
                    seen: 0,
                    last_name: NameId::NONE,
                    own_name: name,
                    has_set: false,
                });
                at = skip_space(bytes, at + 1);
                let close = if is_object { b'}' } else { b']' };
                if byte(bytes, at) != close {
                    if is_object {
                        (at, name, key, node) = self.key(program, bytes, at, &mut verdict)?;
                    } else {
                        key = NO_KEY;
                        node = self.item(program);
                    }
                    continue;
                }
            }
            // A value has ended, or an object or array is to be closed.
            loop {
                if self.frames.is_empty() {
                    return Ok((at, verdict));
                }
                at = skip_space(bytes, at);
                let Some(frame) = self.frames.last() else {
                    return Ok((at, verdict));
                };
                match byte(bytes, at) {
                    b',' => {
                        let is_object = frame.is_object;
                        at = skip_space(bytes, at + 1);
                        if is_object {
                            (at, name, key, node) = self.key(program, bytes, at, &mut verdict)?;
                        } else {
                            key = NO_KEY;
                            name = frame.own_name;
                            node = self.item(program);
                        }
                        break;
                    }
                    b'}' if frame.is_object => {}
                    b']' if !frame.is_object => {}
                    _ => return Err(Stop { at }),
                }
                at += 1;
                if !self.close(program, at) {
                    verdict = Verdict::NotSure;
                }
                if self.frames.is_empty() {
                    return Ok((at, verdict));
                }
            }
        }
    }

    /// Closes the innermost object or array; false if its shape does not hold.
    #[inline(always)]
    fn close(&mut self, program: &Program, end: usize) -> bool {
        let Some(frame) = self.frames.pop() else {
            return true;
        };
        let next = offset(self.tape.len());
        if let Some(token) = self.tape.get_mut(frame.token as usize) {
            token.end = offset(end);
            token.next = next;
        }
        if frame.has_set {
            self.sets.pop();
        }
        if frame.shape == 0 {
            return true;
        }
        let count = frame.count as usize;
        if frame.is_object {
            program
                .objects
                .get(frame.shape as usize)
                .is_some_and(|shape| {
                    frame.required == shape.required
                        && (shape.min_properties..=shape.max_properties).contains(&count)
                })
        } else {
            program
                .arrays
                .get(frame.shape as usize)
                .is_some_and(|shape| (shape.min_items..=shape.max_items).contains(&count))
        }
    }

    /// The check of the next item.
    #[inline(always)]
    fn item<'p>(&mut self, program: &'p Program) -> &'p Node {
        let Some(frame) = self.frames.last_mut() else {
            return program.node(NodeId::ANY);
        };
        let index = frame.count as usize;
        frame.count = frame.count.saturating_add(1);
        let node = match program.arrays.get(frame.shape as usize) {
            Some(shape) => shape.prefix.get(index).copied().unwrap_or(shape.items),
            None => NodeId::ANY,
        };
        program.node(node)
    }

    /// Reads a key and what stands before its value.
    #[inline(always)]
    fn key<'p>(
        &mut self,
        program: &'p Program,
        bytes: &[u8],
        start: usize,
        verdict: &mut Verdict,
    ) -> Result<(usize, NameId, u32, &'p Node), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            return Err(Stop { at: start });
        };
        let place = guess_of(frame.own_name, frame.last_name);
        let guesses = self.guesses.get(place).copied().unwrap_or_default();
        let (name, after) = match self.names.after_colon(guesses[0], bytes, start) {
            Some(after) => (guesses[0], after),
            None => self.other_key(bytes, start, place, guesses, verdict)?,
        };
        let Some(frame) = self.frames.last_mut() else {
            return Err(Stop { at: start });
        };
        frame.last_name = name;
        frame.count = frame.count.saturating_add(1);
        let bit = 1 << (name.0 & 63);
        let node = match program.objects.get(frame.shape as usize) {
            Some(shape) if frame.shape != 0 => match shape.property(name) {
                Some(property) => {
                    frame.required |= property.required;
                    property.node
                }
                None => {
                    let is_signature = matches!(name, names::JWS_HEADER | names::JWS_SIGNATURE);
                    self.has_unnamed |= !is_signature && !shape.properties.is_empty();
                    shape.additional
                }
            },
            _ => NodeId::ANY,
        };
        // A set must be told of every key.
        let is_doubtful = frame.seen & bit != 0 || name == NameId::UNKNOWN || frame.has_set;
        frame.seen |= bit;
        if is_doubtful && self.is_duplicate(bytes, start, name) {
            *verdict = Verdict::NotSure;
        }
        let at = skip_space(bytes, after);
        Ok((at, name, offset(start), program.node(node)))
    }

    /// Reads a key that is not the one that was guessed first, or has space behind it, and the colon.
    #[inline(never)]
    fn other_key(
        &mut self,
        bytes: &[u8],
        start: usize,
        place: usize,
        [first_guess, second_guess]: [NameId; 2],
        verdict: &mut Verdict,
    ) -> Result<(NameId, usize), Stop> {
        let (name, after) = match self.names.after_colon(second_guess, bytes, start) {
            Some(after) => (second_guess, after),
            None => self.new_key(bytes, start, verdict)?,
        };
        if let Some(guesses) = self.guesses.get_mut(place) {
            *guesses = [name, first_guess];
        }
        Ok((name, after))
    }

    /// Reads a key that nobody guessed, and the colon.
    fn new_key(
        &mut self,
        bytes: &[u8],
        start: usize,
        verdict: &mut Verdict,
    ) -> Result<(NameId, usize), Stop> {
        if byte(bytes, start) != b'"' {
            return Err(Stop { at: start });
        }
        let text = scan::string(bytes, start + 1)?;
        let spelling = bytes.get(start..text.end).unwrap_or_default();
        let name = if text.has_escapes {
            // It may be another spelling of a key that is known.
            *verdict = Verdict::NotSure;
            self.respelled(spelling)
        } else {
            self.names.intern(spelling)
        };
        let colon = skip_space(bytes, text.end);
        if byte(bytes, colon) != b':' {
            return Err(Stop { at: colon });
        }
        Ok((name, colon + 1))
    }

    /// The number of a key that is spelled with escapes, if there is one for the plain spelling.
    #[cold]
    #[inline(never)]
    fn respelled(&self, spelling: &[u8]) -> NameId {
        let key = std::str::from_utf8(spelling).map(tree::key);
        let plain = key.map(|key| format!("\"{key}\""));
        let name = plain.ok().and_then(|key| self.names.find(key.as_bytes()));
        name.unwrap_or(NameId::UNKNOWN)
    }

    /// Whether the innermost object has a key already.
    #[cold]
    #[inline(never)]
    fn is_duplicate(&mut self, bytes: &[u8], start: usize, name: NameId) -> bool {
        let Some(frame) = self.frames.last_mut() else {
            return false;
        };
        let spelling = spelling_at(bytes, offset(start)).unwrap_or_default();
        let mut index = frame.token as usize + 1;
        let members = std::iter::from_fn(|| {
            let token = self.tape.get(index)?;
            index = (token.next as usize).max(index + 1);
            Some(*token)
        });
        if frame.count > MANY_MEMBERS {
            if !frame.has_set {
                frame.has_set = true;
                let keys = members.filter_map(|token| spelling_at(bytes, token.key));
                self.sets.push(keys.map(Into::into).collect());
            }
            return match self.sets.last_mut() {
                Some(set) => !set.insert(spelling.into()),
                None => false,
            };
        }
        let mut members = members;
        if name == NameId::UNKNOWN {
            members.any(|token| spelling_at(bytes, token.key) == Some(spelling))
        } else {
            members.any(|token| token.name == name)
        }
    }
}

/// How many places keys are guessed for; those that share a number spoil each other's guesses only.
const GUESSES: usize = 4096;

/// The number of a place in an object: by the key of the object and the key before the next one.
#[inline(always)]
fn guess_of(own_name: NameId, last_name: NameId) -> usize {
    (usize::from(own_name.0) * 61 + usize::from(last_name.0)) % GUESSES
}

/// The key that begins at `start`, with its quotes.
fn spelling_at(bytes: &[u8], start: u32) -> Option<&[u8]> {
    let start = start as usize;
    let end = scan::string(bytes, start + 1).ok()?.end;
    bytes.get(start..end)
}

/// An offset as tapes hold it; no element is as long as 4 GiB.
#[inline(always)]
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Program {
    #[inline(always)]
    fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&Node::NEVER)
    }

    #[inline(always)]
    fn string(&self, node: &Node) -> &StringShape {
        self.strings
            .get(node.string as usize)
            .unwrap_or(&StringShape::FREE)
    }

    #[inline(always)]
    fn number(&self, node: &Node) -> &NumberShape {
        self.numbers
            .get(node.number as usize)
            .unwrap_or(&NumberShape::FREE)
    }
}

impl StringShape {
    /// Whether a string, with its quotes, is certainly valid.
    fn takes(&self, spelling: &[u8], has_escapes: bool) -> bool {
        if has_escapes {
            return false;
        }
        if let Some(options) = &self.options
            && !options.iter().any(|option| **option == *spelling)
        {
            return false;
        }
        if self.min_length == 0 && self.max_length == usize::MAX {
            return true;
        }
        let quotes = 2;
        let characters = spelling.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() - quotes;
        (self.min_length..=self.max_length).contains(&characters)
    }
}

impl NumberShape {
    /// Whether a number is certainly in the range.
    fn takes(&self, wire: &[u8], is_plain: bool) -> bool {
        if self.is_free {
            return true;
        }
        if !is_plain {
            let double = std::str::from_utf8(wire)
                .ok()
                .and_then(|wire| wire.parse().ok());
            return double.is_some_and(|double: f64| self.above < double && double < self.below);
        }
        let (is_negative, digits) = match wire {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        // Eighteen digits always fit.
        if digits.len() > 18 {
            return false;
        }
        let value = digits.iter().try_fold(0_i64, |value, digit| {
            digit
                .is_ascii_digit()
                .then(|| value * 10 + i64::from(digit - b'0'))
        });
        value.is_some_and(|value| {
            let value = if is_negative { -value } else { value };
            (self.minimum..=self.maximum).contains(&value)
        })
    }
}
