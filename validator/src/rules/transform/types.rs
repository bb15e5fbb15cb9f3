//! The types of transforms and the attributes that each needs.

use crate::json::names::{self, NameId};

/// A type of transforms.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    /// Of each group one attribute must be there.
    pub(super) needs: &'static [&'static [NameId]],
}

/// The type with this name.
pub(super) fn find(name: &str) -> Option<&'static Type> {
    let index = TYPES.binary_search_by(|known| known.name.cmp(name)).ok()?;
    TYPES.get(index)
}

/// The names of all types, in their order.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|known| known.name)
}

/// The names of all types and of the attributes that they need.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let attributes = TYPES
        .iter()
        .flat_map(|known| known.needs)
        .copied()
        .flatten();
    names().chain(attributes.map(|name| names::text_of(*name)))
}

pub(super) const ACCOUNT_ATTRIBUTE: &Type = &Type {
    name: "accountAttribute",
    needs: &[
        &[names::ATTRIBUTE_NAME],
        &[
            names::SOURCE_NAME,
            names::SOURCE_ID,
            names::APPLICATION_ID,
            names::APPLICATION_NAME,
        ],
    ],
};

pub(super) const REFERENCE: &Type = &Type {
    name: "reference",
    needs: &[&[names::ID]],
};

const fn free(name: &'static str) -> Type {
    Type { name, needs: &[] }
}

const fn needing(name: &'static str, needs: &'static [&'static [NameId]]) -> Type {
    Type { name, needs }
}

/// All types, sorted by name.
static TYPES: [Type; 36] = [
    needing(ACCOUNT_ATTRIBUTE.name, ACCOUNT_ATTRIBUTE.needs),
    free("base64Decode"),
    free("base64Encode"),
    needing("concat", &[&[names::VALUES]]),
    needing(
        "conditional",
        &[
            &[names::EXPRESSION],
            &[names::POSITIVE_CONDITION],
            &[names::NEGATIVE_CONDITION],
        ],
    ),
    needing(
        "dateCompare",
        &[
            &[names::FIRST_DATE],
            &[names::SECOND_DATE],
            &[names::OPERATOR],
            &[names::POSITIVE_CONDITION],
            &[names::NEGATIVE_CONDITION],
        ],
    ),
    free("dateFormat"),
    needing("dateMath", &[&[names::EXPRESSION]]),
    free("decomposeDiacriticalMarks"),
    free("displayName"),
    free("e164phone"),
    needing("firstValid", &[&[names::VALUES]]),
    needing(
        "identityAttribute",
        &[&[names::NAME, names::ATTRIBUTE_NAME]],
    ),
    needing("indexOf", &[&[names::SUBSTRING]]),
    free("iso3166"),
    needing("join", &[&[names::VALUES]]),
    needing("lastIndexOf", &[&[names::SUBSTRING]]),
    needing("leftPad", &[&[names::LENGTH]]),
    needing("lookup", &[&[names::TABLE]]),
    free("lower"),
    free("normalizeNames"),
    free("randomAlphaNumeric"),
    free("randomNumeric"),
    needing(REFERENCE.name, REFERENCE.needs),
    needing("replace", &[&[names::REGEX], &[names::REPLACEMENT]]),
    needing("replaceAll", &[&[names::TABLE]]),
    free("rfc5646"),
    needing("rightPad", &[&[names::LENGTH]]),
    needing("rule", &[&[names::NAME, names::ID]]),
    needing("split", &[&[names::DELIMITER], &[names::INDEX]]),
    needing("static", &[&[names::VALUE]]),
    needing("substring", &[&[names::BEGIN]]),
    free("trim"),
    free("upper"),
    free("usernameGenerator"),
    free("uuid"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_found_by_their_names() {
        assert!(names().is_sorted());
        for name in names() {
            assert_eq!(find(name).map(|known| known.name), Some(name));
        }
        assert!(find("account").is_none() && find("").is_none());
    }
}
