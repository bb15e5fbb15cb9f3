//! Texts that stay where the document has them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text, mostly a part of a larger one that it keeps alive.
///
/// What a document says of its parts is half of many documents, and most of it goes into the
/// output as it is: types and operations that hold copies would double it.
#[derive(Clone, Default)]
pub struct Text {
    /// The text that this is a part of; none: it is empty.
    whole: Option<Arc<String>>,
    start: u32,
    len: u32,
}

impl Text {
    /// This text, if it is a part of that one in memory too.
    pub(crate) fn part_of(whole: &Arc<String>, part: &str) -> Option<Self> {
        let start = part
            .as_ptr()
            .addr()
            .checked_sub(whole.as_ptr().addr())
            .filter(|start| start + part.len() <= whole.len())?;
        let start = u32::try_from(start).ok()?;
        let len = u32::try_from(part.len()).ok()?;
        Some(Self {
            whole: Some(Arc::clone(whole)),
            start,
            len,
        })
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        let Some(whole) = &self.whole else {
            return "";
        };
        let start = self.start as usize;
        let part = whole.get(start..start + self.len as usize);
        part.unwrap_or_default()
    }

    /// A part of this text.
    #[must_use]
    pub fn part(&self, part: &str) -> Self {
        let whole = self.whole.as_ref();
        let shared = whole.and_then(|whole| Self::part_of(whole, part));
        shared.unwrap_or_else(|| part.into())
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        match u32::try_from(text.len()) {
            Ok(len) => Self {
                whole: Some(Arc::new(text)),
                start: 0,
                len,
            },
            Err(_) => Self::default(),
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Text;

    #[test]
    fn a_part_shares_the_whole_and_other_texts_do_not() {
        let whole = Arc::new("some text".to_owned());
        for part in ["some text", "text", ""] {
            let at = whole.find(part).unwrap_or_default();
            let shared = Text::part_of(&whole, &whole[at..at + part.len()]);
            assert_eq!(shared.as_deref(), Some(part));
        }
        assert_eq!(Text::part_of(&whole, "text"), None);
        let text = Text::from("some text");
        assert_eq!(text.part(&text[5..]).as_str(), "text");
        assert_eq!(text.part("other").as_str(), "other");
        assert_eq!(Text::default().as_str(), "");
    }
}
