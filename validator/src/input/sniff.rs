//! What a file is, by its first bytes and its name.

use super::Kind;
use crate::decode::begins_as_yaml;

/// How many bytes at the start of a file tell what it is: a block of a tar archive.
pub(super) const HEAD: usize = 512;

/// Extensions of texts that are inputs.
const TEXTS: [&str; 5] = ["json", "ndjson", "jsonl", "yaml", "yml"];

/// Extensions of archives that are not opened.
const ARCHIVES: [&str; 6] = ["tar", "tgz", "7z", "rar", "zst", "bz2"];

/// What the first bytes of a file tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Gzip,
    Zip,
    /// A format that is named and not read.
    Foreign(&'static str),
    /// Text, or what is to be taken for it.
    Text,
}

/// Names a file's content by its first bytes.
pub(super) fn content(head: &[u8]) -> Content {
    match head {
        [0x1f, 0x8b, ..] => Content::Gzip,
        // A file's header, or the directory's end in an archive of no files.
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Content::Zip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Content::Foreign("zstd"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Content::Foreign("bzip2"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Content::Foreign("xz"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Content::Foreign("7z"),
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Content::Foreign("rar"),
        _ if head.get(257..262) == Some(b"ustar") => Content::Foreign("tar"),
        _ => Content::Text,
    }
}

/// The last extension of a name in lower case, and what stands before it.
fn extension(name: &str) -> Option<(&str, String)> {
    let (stem, extension) = name.rsplit_once('.')?;
    // What begins with the dot is a hidden file's name.
    let has_stem = !stem.is_empty() && !stem.ends_with(['/', '\\']);
    (has_stem && !extension.contains(['/', '\\'])).then(|| (stem, extension.to_ascii_lowercase()))
}

/// The extension of a text, packed as gzip or not.
fn text_extension(name: &str) -> Option<String> {
    let (stem, last) = extension(name)?;
    if last != "gz" {
        return Some(last);
    }
    extension(stem).map(|(_, inner)| inner)
}

/// Whether a name is one of a text to check.
pub(super) fn is_text_name(name: &str) -> bool {
    text_extension(name).is_some_and(|last| TEXTS.contains(&last.as_str()))
}

/// Whether a name is one of a zip archive.
pub(super) fn is_zip_name(name: &str) -> bool {
    extension(name).is_some_and(|(_, last)| last == "zip")
}

/// The format of an archive that its name gives away; gzip is none.
pub(super) fn archive_name(name: &str) -> Option<&'static str> {
    let last = text_extension(name)?;
    if last == "zip" {
        return Some("zip");
    }
    ARCHIVES.into_iter().find(|&archive| archive == last)
}

/// Whether files and folders of this name are left out where nobody names them.
pub(super) fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || name == "node_modules"
}

/// The language of a text: by its name, or else by how it begins.
pub(super) fn kind(name: &str, head: &[u8]) -> Kind {
    match text_extension(name).as_deref() {
        Some("yaml" | "yml") => Kind::Yaml,
        Some("json" | "ndjson" | "jsonl") => Kind::Json,
        _ if begins_as_yaml(head) => Kind::Yaml,
        _ => Kind::Json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_inputs_from_other_files() {
        for name in [
            "a.json",
            "A.JSON",
            "x/a.ndjson",
            "a.b.yml",
            "a.jsonl.gz",
            "a.yaml.GZ",
        ] {
            assert!(is_text_name(name), "{name}");
        }
        for name in [
            "a",
            "a.gz",
            "json",
            ".json",
            "x/.json",
            "a.json.zip",
            "a.json/b",
            "a.txt",
        ] {
            assert!(!is_text_name(name), "{name}");
        }
        assert_eq!(archive_name("x/a.tar.gz"), Some("tar"));
        assert_eq!(archive_name("a.ZIP"), Some("zip"));
        assert_eq!(archive_name("a.json.gz"), None);
    }

    #[test]
    fn a_text_without_an_extension_is_told_by_its_beginning() {
        for text in [
            "---\na: 1",
            "# comment",
            "\n- name: x",
            "name: x",
            "self:\n  a: 1",
            "%YAML 1.2",
        ] {
            assert_eq!(kind("-", text.as_bytes()), Kind::Yaml, "{text:?}");
        }
        for text in [
            "",
            "{}",
            "[1]",
            "\"name\": 1",
            "hello",
            "12",
            "http://x",
            "{a: 1}",
        ] {
            assert_eq!(kind("-", text.as_bytes()), Kind::Json, "{text:?}");
        }
        assert_eq!(kind("a.json", b"name: x"), Kind::Json);
        assert_eq!(kind("a.yml.gz", b"{}"), Kind::Yaml);
    }
}
