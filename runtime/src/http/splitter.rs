//! A JSON array, cut into its items as its bytes come.

use std::fmt;

/// Cuts the text of a JSON array into the texts of its items.
///
/// It knows where an item ends, not whether the item is JSON: whoever reads the item finds that out.
#[derive(Debug)]
pub(super) struct Splitter {
    state: State,
    /// The part of an item that earlier pieces had.
    begun: Vec<u8>,
    /// Items that are whole.
    items: u64,
    /// Bytes that are done with.
    offset: u64,
    /// Where the item starts that is under way, or was last whole.
    start: u64,
    /// The longest item, in bytes.
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing but space has come; so many bytes of a byte order mark.
    Start(usize),
    /// Behind the bracket: an item or the end.
    Open,
    /// Behind a comma: an item.
    Comma,
    Item(Item),
    /// Behind an item: a comma or the end.
    Behind,
    /// Behind the array: nothing but space.
    End,
}

/// Where in an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item {
    /// Brackets that are open.
    depth: usize,
    in_string: bool,
    /// The last byte was a backslash.
    is_escaped: bool,
    /// A number or a word, which ends before what cannot be part of it.
    is_bare: bool,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A place where the text is no array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The item, from 0.
    pub(super) index: u64,
    /// The byte of the body, from 0.
    pub(super) offset: u64,
    pub(super) problem: Problem,
}

impl Fault {
    /// Whether there is something else in place of an array.
    pub(super) fn is_no_array(&self) -> bool {
        matches!(
            self.problem,
            Problem::Expected(AN_ARRAY, _) | Problem::Ended(AN_ARRAY)
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Expected(&'static str, u8),
    /// The body ends inside of the array.
    Ended(&'static str),
    /// The item is longer than this.
    TooLong(usize),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what, found) if found.is_ascii_graphic() => {
                write!(f, "expected {what}, found `{}`", char::from(*found))
            }
            Self::Expected(what, found) => write!(f, "expected {what}, found byte {found:#04x}"),
            Self::Ended(what) => write!(f, "the body ends; expected {what}"),
            Self::TooLong(limit) => write!(f, "the item is longer than {limit} bytes"),
        }
    }
}

const AN_ARRAY: &str = "an array";
const AN_ITEM: &str = "an item";
const AN_ITEM_OR_END: &str = "an item or `]`";
const COMMA_OR_END: &str = "`,` or `]`";
const THE_END: &str = "nothing behind the array";

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl Splitter {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            state: State::Start(0),
            begun: Vec::new(),
            items: 0,
            offset: 0,
            start: 0,
            limit,
        }
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// The number of the item that was last whole, from 0, and the byte at which it starts.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.items.saturating_sub(1), self.start)
    }

    /// Takes bytes off the front of the piece: up to the end of an item, which `read` gets, or all.
    pub(super) fn next<T>(
        &mut self,
        piece: &mut &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, Fault> {
        // Where in the piece the item under way starts.
        let mut from = 0;
        let mut at = 0;
        let bytes = *piece;
        while let Some(&byte) = bytes.get(at) {
            if let State::Item(item) = &mut self.state {
                let end = item.end_at(bytes, &mut at);
                let length = self.begun.len() + (at - from);
                if length > self.limit {
                    return Err(self.fault(self.start, Problem::TooLong(self.limit)));
                }
                if !end {
                    continue;
                }
                self.state = State::Behind;
                self.items += 1;
                self.offset += at as u64;
                *piece = &bytes[at..];
                let text = &bytes[from..at];
                if self.begun.is_empty() {
                    return Ok(Some(read(text)));
                }
                let mut whole = std::mem::take(&mut self.begun);
                whole.extend_from_slice(text);
                let value = read(&whole);
                whole.clear();
                // The next item that is cut needs room too.
                self.begun = whole;
                return Ok(Some(value));
            }
            let expected = match self.state {
                State::Start(seen) if BYTE_ORDER_MARK.get(seen) == Some(&byte) => {
                    self.state = State::Start(seen + 1);
                    at += 1;
                    continue;
                }
                _ if is_space(byte) => {
                    at += 1;
                    continue;
                }
                State::Start(0 | 3) if byte == b'[' => {
                    self.state = State::Open;
                    at += 1;
                    continue;
                }
                State::Open | State::Behind if byte == b']' => {
                    self.state = State::End;
                    at += 1;
                    continue;
                }
                State::Behind if byte == b',' => {
                    self.state = State::Comma;
                    at += 1;
                    continue;
                }
                State::Open | State::Comma if !matches!(byte, b',' | b':' | b']' | b'}') => {
                    self.start = self.offset + at as u64;
                    self.state = State::Item(Item::starting_with(byte));
                    from = at;
                    at += 1;
                    continue;
                }
                State::Start(_) => AN_ARRAY,
                State::Open => AN_ITEM_OR_END,
                State::Comma => AN_ITEM,
                State::Behind => COMMA_OR_END,
                State::End | State::Item(_) => THE_END,
            };
            let place = self.offset + at as u64;
            return Err(self.fault(place, Problem::Expected(expected, byte)));
        }
        if matches!(self.state, State::Item(_)) {
            self.begun.extend_from_slice(&bytes[from..]);
        }
        self.offset += bytes.len() as u64;
        *piece = &[];
        Ok(None)
    }

    /// Checks that the array is whole, after the last piece.
    pub(super) fn end(&self) -> Result<(), Fault> {
        let expected = match self.state {
            State::End => return Ok(()),
            State::Start(_) => AN_ARRAY,
            State::Open => AN_ITEM_OR_END,
            State::Comma => AN_ITEM,
            State::Item(_) => "the rest of the item",
            State::Behind => COMMA_OR_END,
        };
        Err(self.fault(self.offset, Problem::Ended(expected)))
    }

    fn fault(&self, offset: u64, problem: Problem) -> Fault {
        Fault {
            index: self.items,
            offset,
            problem,
        }
    }
}

impl Item {
    fn starting_with(byte: u8) -> Self {
        Self {
            depth: usize::from(matches!(byte, b'[' | b'{')),
            in_string: byte == b'"',
            is_escaped: false,
            is_bare: !matches!(byte, b'[' | b'{' | b'"'),
        }
    }

    /// Goes on from `at` to the end of the item, or of the bytes; whether it is the item's.
    fn end_at(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            if self.is_bare {
                if is_space(byte) || matches!(byte, b',' | b']' | b'}' | b'[' | b'{' | b'"') {
                    return true;
                }
                *at += 1;
                continue;
            }
            *at += 1;
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' if self.in_string => self.is_escaped = true,
                b'"' => self.in_string = !self.in_string,
                _ if self.in_string => {}
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 && !self.in_string {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::Splitter;

    /// The items of a text that comes in pieces of these sizes, in turn.
    fn split(text: &[u8], sizes: &[usize], limit: usize) -> Result<Vec<Value>, String> {
        let mut splitter = Splitter::new(limit);
        let mut items = Vec::new();
        let mut rest = text;
        let mut sizes = sizes.iter().cycle();
        while !rest.is_empty() {
            let size = sizes.next().copied().unwrap_or(1).clamp(1, rest.len());
            let (mut piece, more) = rest.split_at(size);
            rest = more;
            while !piece.is_empty() {
                let read = |item: &[u8]| serde_json::from_slice(item);
                let next = splitter.next(&mut piece, read);
                let next = next.map_err(|fault| {
                    format!(
                        "item {} byte {}: {}",
                        fault.index, fault.offset, fault.problem
                    )
                })?;
                if let Some(item) = next {
                    let (index, start) = splitter.place();
                    items
                        .push(item.map_err(|error| format!("item {index} from {start}: {error}"))?);
                }
            }
        }
        let end = splitter.end();
        end.map_err(|f| format!("item {} byte {}: {}", f.index, f.offset, f.problem))?;
        Ok(items)
    }

    #[test]
    fn faults_say_where() {
        let cases = [
            ("[]", "0 items"),
            (" \n[ 1 , \"a]\" ,[{}] ]\r\n", "3 items"),
            ("\u{feff}[true]", "1 items"),
            ("", "item 0 byte 0: the body ends; expected an array"),
            ("{}", "item 0 byte 0: expected an array, found `{`"),
            (
                "\u{feff}\u{feff}[]",
                "item 0 byte 3: expected an array, found byte 0xef",
            ),
            ("null", "item 0 byte 0: expected an array, found `n`"),
            ("[1,]", "item 1 byte 3: expected an item, found `]`"),
            ("[,1]", "item 0 byte 1: expected an item or `]`, found `,`"),
            ("[1 2]", "item 1 byte 3: expected `,` or `]`, found `2`"),
            (
                "[\"a\"\"b\"]",
                "item 1 byte 4: expected `,` or `]`, found `\"`",
            ),
            (
                "[1",
                "item 0 byte 2: the body ends; expected the rest of the item",
            ),
            ("[1 ", "item 1 byte 3: the body ends; expected `,` or `]`"),
            (
                "[\"a",
                "item 0 byte 3: the body ends; expected the rest of the item",
            ),
            (
                "[{\"a\": \"]\\\"\"",
                "item 0 byte 12: the body ends; expected the rest of the item",
            ),
            ("[1,", "item 1 byte 3: the body ends; expected an item"),
            ("[", "item 0 byte 1: the body ends; expected an item or `]`"),
            (
                "[1] x",
                "item 1 byte 4: expected nothing behind the array, found `x`",
            ),
            (
                "[1][2]",
                "item 1 byte 3: expected nothing behind the array, found `[`",
            ),
            (
                "[[1,2,3,4,5,6,7,8,9,0]]",
                "item 0 byte 1: the item is longer than 16 bytes",
            ),
            (
                "[1, nul]",
                "item 1 from 4: EOF while parsing a value at line 1 column 3",
            ),
            (
                "[1, {]]",
                "item 1 from 4: key must be a string at line 1 column 2",
            ),
        ];
        for (text, expected) in cases {
            for size in 1..5 {
                let found = split(text.as_bytes(), &[size], 16);
                let found =
                    found.map_or_else(|error| error, |items| format!("{} items", items.len()));
                assert_eq!(found, expected, "{text:?} in pieces of {size}");
            }
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
            "[\\[\\]{}\",\\\\:]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let text = "[a\\[\\]{}\",\\\\]{0,3}";
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((text, inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(
            items in proptest::collection::vec(values(), 0..6),
            is_pretty in any::<bool>(),
            sizes in proptest::collection::vec(1_usize..20, 1..5),
        ) {
            let whole = Value::from(items.clone());
            let text = if is_pretty {
                serde_json::to_vec_pretty(&whole)
            } else {
                serde_json::to_vec(&whole)
            };
            prop_assert_eq!(split(&text.expect("values are JSON"), &sizes, usize::MAX), Ok(items));
        }

        #[test]
        fn what_is_no_array_is_refused(
            text in "[\\[\\]{}\",\\\\:0-9a \n]{0,12}",
            size in 1_usize..5,
        ) {
            let expected = serde_json::from_str::<Vec<Value>>(&text).ok();
            prop_assert_eq!(split(text.as_bytes(), &[size], usize::MAX).ok(), expected);
        }
    }
}
