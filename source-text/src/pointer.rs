//! JSON Pointers: RFC 6901.

use std::{borrow::Cow, error::Error, fmt};

/// A JSON Pointer (RFC 6901): `""` is the whole document, `/a~1b/0` the first item under `a/b`.
///
/// It is kept in its text form, which sorts and compares as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct JsonPointer(String);

/// A text that is no JSON Pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointerError {
    offset: usize,
    reason: &'static str,
}

impl PointerError {
    /// Where the text stops being a pointer, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a JSON Pointer: {} (at byte {})",
            self.reason, self.offset
        )
    }
}

impl Error for PointerError {}

impl JsonPointer {
    /// The pointer to the whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads a pointer's text form: RFC 6901, section 3.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if !text.is_empty() && !text.starts_with('/') {
            let reason = "it must be empty or begin with \"/\"";
            return Err(PointerError { offset: 0, reason });
        }
        for (offset, _) in text.match_indices('~') {
            if !matches!(text.as_bytes().get(offset + 1), Some(b'0' | b'1')) {
                let reason = "\"~\" must be followed by 0 (for \"~\") or 1 (for \"/\")";
                return Err(PointerError { offset, reason });
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Goes down to the member of an object.
    pub fn push(&mut self, key: &str) {
        self.0.push('/');
        self.0.push_str(&Self::escape(key));
    }

    /// Goes down to the item of an array, counted from 0.
    pub fn push_index(&mut self, index: usize) {
        self.0.push('/');
        self.0.push_str(&index.to_string());
    }

    /// Goes up to the parent; false, and nothing done, at the root.
    pub fn pop(&mut self) -> bool {
        match self.0.rfind('/') {
            Some(at) => {
                self.0.truncate(at);
                true
            }
            None => false,
        }
    }

    /// The pointer to a member of what this one points to.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        let mut child = self.clone();
        child.push(key);
        child
    }

    /// The pointer to an item of what this one points to, counted from 0.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut child = self.clone();
        child.push_index(index);
        child
    }

    /// The pointer to what holds this; none for the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// `below`, read from where this pointer leads, as a pointer from the document's root.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(format!("{}{}", self.0, below.0))
    }

    /// The keys and indices on the way from the root, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(Self::unescape)
    }

    /// The last key or index, unescaped; none for the root.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.0
            .rfind('/')
            .map(|at| Self::unescape(&self.0[at + 1..]))
    }

    /// Whether it points to the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One key as it stands in a pointer: `~` becomes `~0`, `/` becomes `~1`.
    pub fn escape(key: &str) -> Cow<'_, str> {
        if key.contains(['~', '/']) {
            Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
        } else {
            Cow::Borrowed(key)
        }
    }

    /// The key that a pointer's part stands for: RFC 6901, section 4.
    pub fn unescape(token: &str) -> Cow<'_, str> {
        if token.contains('~') {
            // In this order "~01" stays "~1" and does not become "/".
            Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
        } else {
            Cow::Borrowed(token)
        }
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for JsonPointer {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_6901_section_5_are_read() {
        let examples: [(&str, &[&str]); 12] = [
            ("", &[]),
            ("/foo", &["foo"]),
            ("/foo/0", &["foo", "0"]),
            ("/", &[""]),
            ("/a~1b", &["a/b"]),
            ("/c%d", &["c%d"]),
            ("/e^f", &["e^f"]),
            ("/g|h", &["g|h"]),
            ("/i\\j", &["i\\j"]),
            ("/k\"l", &["k\"l"]),
            ("/ ", &[" "]),
            ("/m~0n", &["m~n"]),
        ];
        for (text, tokens) in examples {
            let pointer = JsonPointer::parse(text).expect(text);
            assert_eq!(pointer.tokens().collect::<Vec<_>>(), tokens, "{text}");
            let mut built = JsonPointer::root();
            for token in tokens {
                built.push(token);
            }
            assert_eq!(built, pointer);
        }
    }

    #[test]
    fn escaping_is_undone_in_the_right_order() {
        for key in ["~1", "~01", "~", "/", "~~//", "a~1/b", ""] {
            let mut pointer = JsonPointer::root();
            pointer.push(key);
            assert_eq!(pointer.last().as_deref(), Some(key));
            assert_eq!(pointer.tokens().count(), 1);
            assert_eq!(JsonPointer::parse(pointer.as_str()), Ok(pointer));
        }
    }

    #[test]
    fn a_text_that_is_no_pointer_is_refused_with_its_place() {
        for (text, offset) in [("a", 0), ("/a~", 2), ("/~2", 1), ("#/a", 0)] {
            let error = JsonPointer::parse(text).expect_err(text);
            assert_eq!(error.offset(), offset, "{error}");
        }
    }

    #[test]
    fn going_down_and_up_comes_back() {
        let mut pointer = JsonPointer::root();
        pointer.push("objects");
        pointer.push_index(3);
        assert_eq!(pointer.to_string(), "/objects/3");
        assert_eq!(pointer.child("a/b").as_str(), "/objects/3/a~1b");
        assert_eq!(pointer.item(0).parent().as_ref(), Some(&pointer));
        assert_eq!(
            JsonPointer::root().child("x").join(&pointer).as_str(),
            "/x/objects/3"
        );
        assert!(pointer.pop() && pointer.pop());
        assert!(pointer.is_root() && !pointer.pop() && pointer.parent().is_none());
        assert!(pointer.last().is_none());
    }
}
