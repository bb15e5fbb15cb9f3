//! What makes a finding the same one in the next run.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

use crate::{Finding, finding::Identity, trail};

/// Tells a finding from others, and is the same when the file was edited elsewhere.
///
/// It is made from the file's name without its folders, the code, the profile's id (or else its
/// name), the way from the element down, in which items of arrays go by their names and not by their
/// numbers, and what stands there or is missing there. Of what several elements have together it is
/// what they have, in whichever of them it is reported. Lines, the order of elements and items, and
/// the words of messages do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of a finding in a file with this path.
    pub fn of(path: &str, finding: &Finding) -> Self {
        let file = path.rsplit(['/', '\\']).next();
        let mut hash = Fnv::new();
        if let Identity::File(text) = &finding.identity {
            hash.add_parts([file, Some(finding.code.as_str()), Some(text)]);
            return Self(hash.0);
        }
        let way = match &finding.identity {
            Identity::Trail(trail) => trail.as_str().to_owned(),
            _ => trail::without_indices(below_element(finding)),
        };
        let profile = finding.profile.as_ref();
        let profile = profile.and_then(|profile| profile.id.as_ref().or(profile.name.as_ref()));
        hash.add_parts([
            file,
            Some(finding.code.as_str()),
            profile.map(String::as_str),
            Some(&way),
            finding.property.as_deref().or(finding.found.as_deref()),
        ]);
        Self(hash.0)
    }
}

/// The pointer from the element that a finding is in.
pub(crate) fn below_element(finding: &Finding) -> &str {
    let pointer = finding.pointer.as_str();
    let Some(element) = finding.element else {
        return pointer;
    };
    let below = match pointer.strip_prefix("/objects/") {
        // Of two arrays of objects the second counts its items anew.
        Some(item) => Some(item.trim_start_matches(|digit: char| digit.is_ascii_digit())),
        None => pointer.strip_prefix(&format!("/{element}")),
    };
    match below {
        Some(below) if below.is_empty() || below.starts_with('/') => below,
        _ => pointer,
    }
}

/// The hash function FNV-1a with 64 bits: the same in every version and on every machine.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add_parts<'a>(&mut self, parts: impl IntoIterator<Item = Option<&'a str>>) {
        for part in parts {
            // A byte that is in no UTF-8 text keeps the parts apart.
            self.add(part.unwrap_or_default().as_bytes());
            self.add(&[0xff]);
        }
    }

    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFingerprint;

impl fmt::Display for NoFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fingerprint has 16 hexadecimal digits")
    }
}

impl std::error::Error for NoFingerprint {}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_one = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u64::from_str_radix(text, 16) {
            Ok(hash) if is_one => Ok(Self(hash)),
            _ => Err(NoFingerprint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edition, Validator};

    fn fingerprints(text: &str) -> Vec<String> {
        let report = Validator::new(Edition::V2024).validate(text.as_bytes());
        let of = |finding: &Finding| Fingerprint::of("b/a.json", finding).to_string();
        report.findings.iter().map(of).collect()
    }

    #[test]
    fn it_stays_where_elements_and_lines_move() {
        let profile =
            r#"{"object": {"name": "HR", "id": "1", "priority": "x", "authoritativeSource": {}}}"#;
        let other = r#"{"object": {"name": "IT", "id": "2", "authoritativeSource": {}}}"#;
        let alone = fingerprints(profile);
        assert_eq!(alone.len(), 1);
        for text in [
            format!("[{profile}]"),
            format!("[\n\n{other},\n  {profile}]"),
            format!(r#"{{"objects": [{other}, {profile}]}}"#),
            format!("{profile}\n{other}\n"),
            profile.replace(r#""HR""#, r#""Human Resources""#),
        ] {
            assert_eq!(fingerprints(&text), alone, "{text}");
        }
        for text in [
            profile.replace(r#""x""#, r#""y""#),
            profile.replace(r#""1""#, r#""3""#),
            profile.replace("priority", "identityCount"),
        ] {
            assert_ne!(fingerprints(&text), alone, "{text}");
        }
    }

    #[test]
    fn it_stays_where_items_move() {
        let profile = |mappings: &[&str]| {
            let mappings = mappings.join(", ");
            format!(
                r#"[{{"object": {{"name": "HR", "authoritativeSource": {{}},
                "identityAttributeConfig": {{"attributeTransforms": [{mappings}]}}}}}}]"#
            )
        };
        let right = r#"{"identityAttributeName": "a", "transformDefinition": {"type": "upper"}}"#;
        let wrong = r#"{"identityAttributeName": "b", "transformDefinition": {"type": "static"}}"#;
        let nested = r#"{"identityAttributeName": "c", "transformDefinition": {"type": "concat",
            "attributes": {"values": ["x", {"type": "split"}]}}}"#;
        let mistyped = r#"{"identityAttributeName": "d", "transformDefinition": 5}"#;
        let mut before = fingerprints(&profile(&[right, wrong, nested, mistyped]));
        let mut after = fingerprints(&profile(&[mistyped, nested, wrong]));
        assert_eq!(before.len(), 4);
        before.sort();
        after.sort();
        assert_eq!(before, after);
        let other = wrong.replace(r#""b""#, r#""e""#);
        assert_ne!(
            fingerprints(&profile(&[wrong])),
            fingerprints(&profile(&[&other]))
        );
    }

    /// It is reported in the one that comes second.
    #[test]
    fn it_stays_where_what_two_elements_share_moves() {
        let profile = |name: &str, rest: &str| {
            format!(r#"{{"object": {{"name": "{name}", "authoritativeSource": {{}}, {rest}}}}}"#)
        };
        let source = |id: &str, name: &str| {
            profile(
                &format!("{id} {name}"),
                &format!(
                    r#""owner": null, "authoritativeSource": {{"id": "{id}", "name": "{name}"}}"#
                ),
            )
            .replace(r#""authoritativeSource": {}, "#, "")
        };
        let reference = r#""identityAttributeConfig": {"attributeTransforms": [{
            "identityAttributeName": "a",
            "transformDefinition": {"type": "reference", "attributes": {"id": "T"}}}]}"#;
        let transform =
            r#"{"self": {"type": "TRANSFORM"}, "object": {"name": "U", "type": "trim"}}"#;
        for elements in [
            [
                profile("A", r#""priority": 1"#),
                profile("B", r#""priority": 1"#),
            ],
            [profile("A", r#""id": "i""#), profile("B", r#""id": "i""#)],
            [profile("A", r#""id": "i""#), profile("A", r#""id": "j""#)],
            [source("s", "HR"), source("s", "AD")],
            [source("s", "HR"), source("t", "HR")],
            [profile("A", reference), profile("B", reference)],
        ] {
            let [first, second] = &elements;
            let one = fingerprints(&format!("[{first}, {second}, {transform}]"));
            let other = fingerprints(&format!("[{second}, {first}, {transform}]"));
            assert_eq!((one.len(), &one), (1, &other), "{first}");
        }
    }

    #[test]
    fn properties_that_are_missing_in_one_object_are_told_apart() {
        let both = fingerprints(r#"{"object": {}}"#);
        assert_eq!(both.len(), 2);
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn it_is_read_as_it_is_written() {
        let text = "00f1e2d3c4b5a697";
        assert_eq!(
            text.parse::<Fingerprint>().map(|it| it.to_string()),
            Ok(text.into())
        );
        for text in ["", "0", "+0f1e2d3c4b5a697", "00f1e2d3c4b5a69g"] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NoFingerprint), "{text}");
        }
    }

    /// Files with fingerprints are kept for years.
    #[test]
    fn it_does_not_change_with_versions() {
        assert_eq!(
            fingerprints("[{\"object\": {\"authoritativeSource\": {}}}]"),
            ["0e1ceaae3587fab5"]
        );
    }
}
