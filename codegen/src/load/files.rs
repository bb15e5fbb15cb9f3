//! Loads a document's entry file and every file that its references reach.

use std::collections::{HashMap, HashSet};

use source_text::{Position, SourceText};

use super::document::{Documents, File, Node};
use super::parsed::{ParseError, Parsed};
use super::{Limits, json, yaml};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};

/// Where files come from, so that the core does no input or output itself.
pub trait ReadFile {
    /// The bytes of the file with this name, or why they cannot be had.
    ///
    /// A name is a path relative to where the entry was named, with `/` between its parts, or an
    /// `http:` or `https:` URL without fragment.
    fn read(&self, name: &str) -> Result<Vec<u8>, String>;
}

/// A loaded document and the references that led nowhere.
#[derive(Debug)]
pub struct Load {
    /// All files; empty if the entry could not be read.
    pub documents: Documents,
    /// Files that are referred to and could not be loaded, with the reason.
    pub missing: HashMap<String, String>,
}

/// Loads the entries and, transitively, every file that a `$ref` in them names.
pub fn load(
    entries: &[&str],
    reader: &dyn ReadFile,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Load {
    let mut documents = Documents::default();
    let mut missing = HashMap::new();
    let mut queue: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
    let mut known: HashSet<String> = queue.iter().cloned().collect();
    let mut next = 0;
    while let Some(name) = queue.get(next).cloned() {
        next += 1;
        if documents.files.len() >= limits.files {
            missing.insert(name, format!("more than {} files", limits.files));
            continue;
        }
        match load_file(&name, reader, limits, diagnostics) {
            Ok(file) => {
                documents.files.push(file);
                let root = documents.file_root(documents.files.len() - 1);
                for target in root.map(referenced_files).unwrap_or_default() {
                    if known.insert(target.clone()) {
                        queue.push(target);
                    }
                }
            }
            Err(reason) => {
                if next <= entries.len() {
                    diagnostics.push(whole_file(&name, Severity::Error, "unreadable", &reason));
                }
                missing.insert(name, reason);
            }
        }
    }
    Load { documents, missing }
}

fn load_file(
    name: &str,
    reader: &dyn ReadFile,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Result<File, String> {
    let bytes = reader.read(name)?;
    if bytes.len() > limits.file_size {
        return Err(format!(
            "{} bytes are more than the limit of {}",
            bytes.len(),
            limits.file_size
        ));
    }
    let text = decode(name, bytes, diagnostics);
    let source = SourceText::new(name, text);
    let parsed = parse(&source, limits).map_err(|error| {
        let message = error.message(limits);
        diagnostics.push(in_file(
            &source,
            error.offset(),
            Severity::Error,
            error.code(),
            &message,
        ));
        message
    })?;
    for duplicate in parsed.duplicates {
        let message = format!("the key {:?} stands here a second time", duplicate.key);
        let mut diagnostic = in_file(
            &source,
            duplicate.offset,
            Severity::Warning,
            "duplicate-key",
            &message,
        );
        "the last value is used".clone_into(&mut diagnostic.effect);
        diagnostics.push(diagnostic);
    }
    for (offset, note) in parsed.notes {
        diagnostics.push(in_file(&source, offset, Severity::Warning, "yaml", &note));
    }
    Ok(File {
        source,
        arena: parsed.arena,
    })
}

/// JSON where the text begins like JSON, else YAML; what is not quite JSON may still be YAML.
fn parse(source: &SourceText, limits: &Limits) -> Result<Parsed, ParseError> {
    let text = source.text();
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text, limits);
    }
    match json::parse(text, limits) {
        Err(error @ ParseError::Syntax { .. }) => {
            let offset = error.offset();
            let mut parsed = yaml::parse(text, limits).map_err(|_| error)?;
            parsed.notes.push((
                offset,
                "not JSON from here on; the file is read as YAML".into(),
            ));
            Ok(parsed)
        }
        result => result,
    }
}

fn decode(name: &str, bytes: Vec<u8>, diagnostics: &mut Diagnostics) -> String {
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        diagnostics.push(whole_file(
            name,
            Severity::Warning,
            "not-utf8",
            "the file is not UTF-8; each invalid byte is read as U+FFFD",
        ));
        String::from_utf8_lossy(error.as_bytes()).into_owned()
    });
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// A diagnostic about a file as a whole.
fn whole_file(name: &str, severity: Severity, code: &'static str, message: &str) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        message: message.to_owned(),
        effect: String::new(),
        file: name.to_owned(),
        position: Position {
            line: 1,
            column: 1,
            offset: 0,
        },
        pointer: String::new(),
    }
}

fn in_file(
    source: &SourceText,
    offset: usize,
    severity: Severity,
    code: &'static str,
    message: &str,
) -> Diagnostic {
    let position = source.position(offset);
    Diagnostic {
        position,
        ..whole_file(source.name(), severity, code, message)
    }
}

/// The files that `$ref`s below the node name, resolved against its file.
fn referenced_files(root: Node<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut stack = vec![root];
    let mut seen = HashSet::new();
    while let Some(node) = stack.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        for (key, value) in node.members() {
            if key == "$ref" {
                let file = value
                    .as_str()
                    .and_then(|reference| reference.split('#').next());
                if let Some(file) = file.filter(|file| !file.is_empty()) {
                    let target = resolve_path(root.source().name(), file);
                    if !found.contains(&target) {
                        found.push(target);
                    }
                }
            } else {
                stack.push(value);
            }
        }
        stack.extend(node.items());
    }
    found.sort_unstable();
    found
}

/// The name of a file that `base` refers to as `reference`: a relative reference (RFC 3986,
/// section 5.2) between names that are paths or URLs; percent escapes are decoded in paths.
pub fn resolve_path(base: &str, reference: &str) -> String {
    if reference.contains("://") {
        return reference.to_owned();
    }
    let reference = if base.contains("://") {
        reference.to_owned()
    } else {
        percent_decode(reference)
    };
    if reference.starts_with('/') {
        let origin = base.split_once("://").and_then(|(scheme, rest)| {
            rest.split('/')
                .next()
                .map(|host| format!("{scheme}://{host}"))
        });
        return origin.unwrap_or_default() + &reference;
    }
    let (prefix, path) = match base.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            (format!("{scheme}://{host}/"), path)
        }
        None if base.starts_with('/') => ("/".to_owned(), &base[1..]),
        None => (String::new(), base),
    };
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !prefix.is_empty() => {}
            part => parts.push(part),
        }
    }
    prefix + &parts.join("/")
}

/// Decodes `%XX` escapes (RFC 3986, section 2.1); what is no escape stays.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escape = (bytes[index] == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = escape {
            decoded.push(byte);
            index += 3;
        } else {
            decoded.push(bytes[index]);
            index += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{percent_decode, resolve_path};

    #[test]
    fn references_resolve_against_their_file() {
        let cases = [
            ("spec/v3.yaml", "schemas/A.yaml", "spec/schemas/A.yaml"),
            ("spec/schemas/A.yaml", "./B.yaml", "spec/schemas/B.yaml"),
            ("spec/schemas/A.yaml", "../v3.yaml", "spec/v3.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("../a.yaml", "../b.yaml", "../../b.yaml"),
            ("/abs/a.yaml", "b%20c.yaml", "/abs/b c.yaml"),
            (
                "https://h.example/x/a.yaml",
                "../b.yaml",
                "https://h.example/b.yaml",
            ),
            (
                "https://h.example/x/a.yaml",
                "/b.yaml",
                "https://h.example/b.yaml",
            ),
            (
                "a.yaml",
                "https://h.example/b.yaml",
                "https://h.example/b.yaml",
            ),
        ];
        for (base, reference, resolved) in cases {
            assert_eq!(
                resolve_path(base, reference),
                resolved,
                "{base} + {reference}"
            );
        }
    }

    #[test]
    fn percent_escapes_decode_and_stray_percents_stay() {
        assert_eq!(percent_decode("a%7Bid%7d%"), "a{id}%");
        assert_eq!(percent_decode("100%zz"), "100%zz");
        assert_eq!(percent_decode("%ff"), "%ff");
    }
}
