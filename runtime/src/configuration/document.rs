//! Texts in a JSON or YAML file, by JSON Pointer.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};

/// A file that is JSON or YAML throughout.
///
/// It is walked anew for each text and not read as a tree: a tree would take an unquoted id of
/// digits for a number, and lose some.
pub(super) struct File {
    bytes: Vec<u8>,
    is_json: bool,
    /// YAML may be nothing at all.
    is_empty: bool,
}

/// What stands where a text is expected, and is none.
pub(super) struct NotText;

impl File {
    /// Checks that it can be read; the error says what is wrong and holds nothing of it.
    pub(super) fn parse(mut bytes: Vec<u8>, is_json: bool) -> Result<Self, String> {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        if bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        let mut file = Self {
            bytes,
            is_json,
            is_empty: false,
        };
        let (format, place) = if is_json {
            let read = serde_json::from_slice::<IgnoredAny>(&file.bytes);
            let place = read.err().map(|error| Some((error.line(), error.column())));
            ("JSON", place)
        } else {
            let read = serde_yaml::from_slice::<Option<IgnoredAny>>(&file.bytes);
            file.is_empty = matches!(read, Ok(None));
            let place = read.err().map(|error| {
                let place = error.location();
                place.map(|place| (place.line(), place.column()))
            });
            ("YAML", place)
        };
        match place {
            None => Ok(file),
            Some(None) => Err(format!("it is no {format}")),
            Some(Some((line, column))) => Err(format!(
                "it is no {format} from line {line}, column {column} on"
            )),
        }
    }

    /// The text at the place that these tokens lead to; `None` if there is nothing, or null.
    pub(super) fn text(&self, tokens: &[String]) -> Result<Option<String>, NotText> {
        if self.is_empty {
            return Ok(None);
        }
        let walk = Walk(tokens);
        if self.is_json {
            let mut reader = serde_json::Deserializer::from_slice(&self.bytes);
            walk.deserialize(&mut reader).map_err(|_| NotText)
        } else {
            let reader = serde_yaml::Deserializer::from_slice(&self.bytes);
            walk.deserialize(reader).map_err(|_| NotText)
        }
    }
}

impl File {
    /// The name of the member, of the object that these tokens lead to, that is meant by a name: the
    /// one that is the same, else the only one that differs in the case of its letters alone.
    pub(super) fn member(&self, object: &[String], name: &str) -> Option<String> {
        let mut names = Vec::new();
        let walk = Names(object, &mut names);
        // An object that cannot be read has no members.
        if self.is_json {
            let mut reader = serde_json::Deserializer::from_slice(&self.bytes);
            walk.deserialize(&mut reader).ok()?;
        } else {
            let reader = serde_yaml::Deserializer::from_slice(&self.bytes);
            walk.deserialize(reader).ok()?;
        }
        if names.iter().any(|have| have == name) {
            return Some(name.to_owned());
        }
        let lower = name.to_lowercase();
        names.retain(|have| have.to_lowercase() == lower);
        names.dedup();
        match names.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}

/// Goes down to an object and takes the names of its members.
struct Names<'t>(&'t [String], &'t mut Vec<String>);

impl<'de> DeserializeSeed<'de> for Names<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = members.next_key()? {
            match self.0.split_first() {
                Some((token, rest)) if *token == key => {
                    members.next_value_seed(Names(rest, self.1))?;
                }
                Some(_) => {
                    members.next_value::<IgnoredAny>()?;
                }
                None => {
                    members.next_value::<IgnoredAny>()?;
                    self.1.push(key);
                }
            }
        }
        Ok(())
    }
}

/// The reference tokens of a JSON Pointer (RFC 6901).
pub(super) fn tokens(pointer: &str) -> Vec<String> {
    let unescape = |token: &str| token.replace("~1", "/").replace("~0", "~");
    pointer.split('/').skip(1).map(unescape).collect()
}

/// The JSON Pointer of reference tokens.
pub(super) fn pointer(tokens: &[String]) -> String {
    let escape = |token: &String| format!("/{}", token.replace('~', "~0").replace('/', "~1"));
    tokens.iter().map(escape).collect()
}

/// Goes down from a value to the text that the tokens lead to.
struct Walk<'t>(&'t [String]);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        if self.0.is_empty() {
            let text = Option::<Text>::deserialize(value)?;
            Ok(text.map(|Text(text)| text))
        } else {
            value.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(Text(key)) = members.next_key()? {
            match self.0.split_first() {
                Some((token, rest)) if *token == key => {
                    found = members.next_value_seed(Walk(rest))?;
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let Some((token, rest)) = self.0.split_first() else {
            return Err(A::Error::custom("no text"));
        };
        let wanted: Option<usize> = token.parse().ok();
        let mut found = None;
        for index in 0.. {
            if Some(index) == wanted {
                match items.next_element_seed(Walk(rest))? {
                    Some(text) => found = text,
                    None => break,
                }
            } else if items.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }

    // There is nothing below any other value.

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A text as it is written: YAML's plain scalars are not taken for numbers.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        String::deserialize(value).map(Self)
    }
}
