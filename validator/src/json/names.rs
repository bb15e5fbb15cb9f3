//! The keys of objects as small numbers.

use std::hash::{BuildHasherDefault, Hasher};

/// A key that is known by a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct NameId(pub(crate) u16);

impl NameId {
    /// No key, such as that of an item or of the root.
    pub(crate) const NONE: Self = Self(0);
    /// A key that has no number because there are too many.
    pub(crate) const UNKNOWN: Self = Self(u16::MAX);

    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

macro_rules! well_known {
    ($($constant:ident = $text:literal,)+) => {
        well_known!(@count 1; $($constant = $text,)+);
        const WELL_KNOWN: &[&str] = &[$($text),+];
    };
    (@count $next:expr; $constant:ident = $text:literal, $($rest:tt)*) => {
        #[doc = concat!("`", $text, "`")]
        #[allow(dead_code, reason = "rules ask for most of them; all are numbered in advance")]
        pub(crate) const $constant: NameId = NameId($next);
        well_known!(@count $next + 1; $($rest)*);
    };
    (@count $next:expr;) => {};
}

well_known! {
    SELF = "self",
    OBJECT = "object",
    VERSION = "version",
    TYPE = "type",
    ID = "id",
    NAME = "name",
    JWS_HEADER = "jwsHeader",
    JWS_SIGNATURE = "jwsSignature",
    OBJECTS = "objects",
    AUTHORITATIVE_SOURCE = "authoritativeSource",
    IDENTITY_ATTRIBUTE_CONFIG = "identityAttributeConfig",
    IDENTITY_EXCEPTION_REPORT_REFERENCE = "identityExceptionReportReference",
    IDENTITY_REFRESH_REQUIRED = "identityRefreshRequired",
    HAS_TIME_BASED_ATTR = "hasTimeBasedAttr",
    IDENTITY_COUNT = "identityCount",
    TECHNICAL_NAME = "technicalName",
    PRIORITY = "priority",
    OWNER = "owner",
    CREATED = "created",
    MODIFIED = "modified",
    DESCRIPTION = "description",
    ENABLED = "enabled",
    ATTRIBUTE_TRANSFORMS = "attributeTransforms",
    IDENTITY_ATTRIBUTE_NAME = "identityAttributeName",
    TRANSFORM_DEFINITION = "transformDefinition",
    ATTRIBUTES = "attributes",
    ATTRIBUTE_NAME = "attributeName",
    SOURCE_NAME = "sourceName",
    SOURCE_ID = "sourceId",
    APPLICATION_ID = "applicationId",
    APPLICATION_NAME = "applicationName",
    INPUT = "input",
    VALUES = "values",
    VALUE = "value",
    EXPRESSION = "expression",
    POSITIVE_CONDITION = "positiveCondition",
    NEGATIVE_CONDITION = "negativeCondition",
    FIRST_DATE = "firstDate",
    SECOND_DATE = "secondDate",
    OPERATOR = "operator",
    SUBSTRING = "substring",
    LENGTH = "length",
    TABLE = "table",
    REGEX = "regex",
    REPLACEMENT = "replacement",
    DELIMITER = "delimiter",
    INDEX = "index",
    BEGIN = "begin",
}

/// Keys whose number is the same in every run, and the one that is none.
pub(crate) const COUNT: usize = WELL_KNOWN.len() + 1;

/// The number of a key that has the same one in every run.
pub(crate) fn well_known(key: &str) -> Option<NameId> {
    let index = WELL_KNOWN.iter().position(|known| *known == key)?;
    u16::try_from(index + 1).ok().map(NameId)
}

/// The key that a constant of this module stands for.
pub(crate) fn text_of(name: NameId) -> &'static str {
    let index = name.index().wrapping_sub(1);
    WELL_KNOWN.get(index).copied().unwrap_or_default()
}

/// How many keys get a number; hostile files hold any number of different ones.
const MAX_NAMES: usize = 4096;

/// A fast hash for short keys; what is kept by it is bounded in number.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeyHasher(u64);

const MULTIPLIER: u64 = 0xf135_7aea_2e62_a9c5;

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.write_u64(u64::from_le_bytes(last) ^ (bytes.len() as u64) << 56);
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(MULTIPLIER);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

type Index = std::collections::HashMap<Box<[u8]>, NameId, BuildHasherDefault<KeyHasher>>;

/// Keys and their numbers, in the spelling they stand with in a text, quotes included.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    spellings: Vec<Box<[u8]>>,
    index: Index,
    /// How many shapes of objects have a number.
    shapes: u32,
}

impl Names {
    /// The names that rules ask for.
    pub(crate) fn well_known() -> Self {
        let mut names = Self {
            spellings: vec![Box::default()],
            index: Index::default(),
            shapes: 0,
        };
        for text in WELL_KNOWN {
            names.intern(format!("\"{text}\"").as_bytes());
        }
        names
    }

    /// The number of a key, which gets one if there is room; `spelling` has its quotes.
    pub(crate) fn intern(&mut self, spelling: &[u8]) -> NameId {
        if let Some(&known) = self.index.get(spelling) {
            return known;
        }
        let Ok(next) = u16::try_from(self.spellings.len()) else {
            return NameId::UNKNOWN;
        };
        if usize::from(next) >= MAX_NAMES {
            return NameId::UNKNOWN;
        }
        let name = NameId(next);
        self.spellings.push(spelling.into());
        self.index.insert(spelling.into(), name);
        name
    }

    /// The number of a key that has one.
    pub(crate) fn find(&self, spelling: &[u8]) -> Option<NameId> {
        self.index.get(spelling).copied()
    }

    /// A key with its quotes; empty for one without a number.
    #[cfg(test)]
    fn spelling(&self, name: NameId) -> &[u8] {
        self.spellings.get(name.index()).map_or(&[], |text| text)
    }

    /// Gives numbers to the shapes of objects of one more program, so that they differ from those
    /// of all others; returns the first.
    pub(crate) fn number_shapes(&mut self, count: usize) -> u32 {
        let first = self.shapes;
        self.shapes = first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
        first
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.spellings.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_names_have_their_numbers() {
        let names = Names::well_known();
        for (name, spelling) in [
            (SELF, "\"self\""),
            (OBJECTS, "\"objects\""),
            (BEGIN, "\"begin\""),
        ] {
            assert_eq!(names.find(spelling.as_bytes()), Some(name), "{spelling}");
            assert_eq!(names.spelling(name), spelling.as_bytes());
            assert_eq!(format!("\"{}\"", text_of(name)), spelling);
            assert_eq!(well_known(text_of(name)), Some(name));
        }
        assert_eq!(names.len(), WELL_KNOWN.len() + 1);
    }

    #[test]
    fn the_number_of_names_is_bounded() {
        let mut names = Names::well_known();
        for index in 0..2 * MAX_NAMES {
            names.intern(format!("\"{index}\"").as_bytes());
        }
        assert_eq!(names.len(), MAX_NAMES);
        assert_eq!(names.intern(b"\"new\""), NameId::UNKNOWN);
        assert_ne!(names.intern(b"\"5\""), NameId::UNKNOWN);
    }
}
