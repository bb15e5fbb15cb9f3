//! Ids, which are one and the same in two forms.

use std::borrow::Cow;

/// Where a UUID of 36 characters has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// A UUID as 32 digits in lower case, with which it is compared; any other text as it is.
///
/// Tenants write ids without hyphens, and documents show them with hyphens.
#[inline]
pub(super) fn comparable(id: &[u8]) -> Cow<'_, [u8]> {
    match id.len() {
        32 if has_no_upper_case(id) => Cow::Borrowed(id),
        32 | 36 => other_form(id),
        _ => Cow::Borrowed(id),
    }
}

/// Whether no byte can be a letter in upper case: these lack the bit that digits and letters in lower
/// case have.
#[inline]
fn has_no_upper_case(id: &[u8]) -> bool {
    const BIT: u64 = u64::from_ne_bytes([0x20; 8]);
    let (words, _) = id.as_chunks::<8>();
    let all = words
        .iter()
        .fold(BIT, |all, word| all & u64::from_ne_bytes(*word));
    all == BIT
}

fn other_form(id: &[u8]) -> Cow<'_, [u8]> {
    let is_hyphenated = id.len() == 36;
    let mut plain = Vec::with_capacity(32);
    for (index, byte) in id.iter().enumerate() {
        if is_hyphenated && HYPHENS.contains(&index) {
            if *byte != b'-' {
                return Cow::Borrowed(id);
            }
        } else if byte.is_ascii_hexdigit() {
            plain.push(byte.to_ascii_lowercase());
        } else {
            return Cow::Borrowed(id);
        }
    }
    Cow::Owned(plain)
}

/// Whether two texts are one id.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    comparable(one.as_bytes()) == comparable(other.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_uuid_are_one_id() {
        let id = "2c9180835d191a86015d28455b4b232a";
        for other in [
            id,
            "2C9180835D191A86015D28455B4B232A",
            "2c918083-5d19-1a86-015d-28455b4b232a",
            "2C918083-5d19-1a86-015d-28455b4b232A",
        ] {
            assert!(is_same(id, other), "{other}");
        }
        for other in [
            "",
            "2c9180835d191a86015d28455b4b232b",
            "2c91808-35d19-1a86-015d-28455b4b232a",
            "2c918083-5d19-1a86-015d-28455b4b232g",
        ] {
            assert!(!is_same(id, other), "{other}");
        }
    }

    #[test]
    fn other_texts_are_compared_as_they_are() {
        let name = "A name that has 32 characters, A";
        assert_eq!(name.len(), 32);
        assert!(is_same(name, name) && !is_same(name, &name.to_lowercase()));
        assert!(!is_same("ID12345", "id12345"));
    }
}
