//! Loads a document's entry file and every file that its references reach.

use std::collections::{BTreeSet, HashMap, HashSet};

use source_text::{Position, SourceText};

use super::document::{Documents, File, Node};
use super::encoding::decode;
use super::names::resolve_path;
use super::parsed::{Noted, ParseError, Parsed};
use super::{Limits, json, yaml};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::text::Text;

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
    pub missing: HashMap<String, Missing>,
}

/// Why a file is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The stable code of the diagnostic at what refers to the file.
    pub code: &'static str,
    /// The reason.
    pub reason: String,
}

/// Why a file was not loaded, and whether a diagnostic says so already.
struct Unloaded {
    missing: Missing,
    said: bool,
}

impl Unloaded {
    fn unsaid(code: &'static str, reason: String) -> Self {
        Self {
            missing: Missing { code, reason },
            said: false,
        }
    }

    fn said(reason: String) -> Self {
        Self {
            said: true,
            ..Self::unsaid("unresolved-reference", reason)
        }
    }
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
        let effect = if next < entries.len() {
            "nothing is generated from it"
        } else {
            "what refers to this file is unknown"
        };
        next += 1;
        let loaded = if documents.files.len() >= limits.files {
            let reason = format!("there are more than {} files", limits.files);
            Err(Unloaded::unsaid("too-many-files", reason))
        } else {
            load_file(&name, reader, limits, effect, diagnostics)
        };
        match loaded {
            Ok(file) => {
                documents.files.push(file);
                let root = documents.file_root(documents.files.len() - 1);
                for target in root.map(referenced_files).unwrap_or_default() {
                    if known.insert(target.clone()) {
                        queue.push(target);
                    }
                }
            }
            Err(Unloaded { missing: why, said }) => {
                // What refers to a file has a place to say it at, an entry has not.
                if !said && next <= entries.len() {
                    let code = match why.code {
                        "unresolved-reference" => "unreadable",
                        code => code,
                    };
                    diagnostics.push(Diagnostic {
                        effect: effect.into(),
                        ..whole_file(&name, Severity::Error, code, &why.reason)
                    });
                }
                missing.insert(name, why);
            }
        }
    }
    Load { documents, missing }
}

/// Loads one file; `effect` is what it costs if it cannot be read.
fn load_file(
    name: &str,
    reader: &dyn ReadFile,
    limits: &Limits,
    effect: &str,
    diagnostics: &mut Diagnostics,
) -> Result<File, Unloaded> {
    let bytes = reader
        .read(name)
        .map_err(|reason| Unloaded::unsaid("unresolved-reference", reason))?;
    if bytes.len() > limits.file_size {
        let (have, limit) = (bytes.len(), limits.file_size);
        let reason = format!("the file has {have} bytes, the limit is {limit}");
        return Err(Unloaded::unsaid("too-large", reason));
    }
    let decoded = decode(bytes);
    let source = SourceText::new(name, decoded.text);
    let mut say = |offset, severity, code, message: &str, effect: &str| {
        diagnostics.push(Diagnostic {
            position: source.position(offset),
            effect: effect.into(),
            ..whole_file(name, severity, code, message)
        });
    };
    if let Some((offset, message)) = decoded.invalid {
        let effect = "each invalid sequence is read as U+FFFD";
        say(
            offset,
            Severity::Warning,
            "invalid-encoding",
            message,
            effect,
        );
    }
    let parsed = parse(&source, limits).map_err(|error| {
        let message = error.message(limits);
        say(
            error.offset(),
            Severity::Error,
            error.code(),
            &message,
            effect,
        );
        Unloaded::said(message)
    })?;
    for duplicate in parsed.duplicates {
        let message = format!("the key {:?} stands here a second time", duplicate.key);
        let effect = "the last value is used";
        let offset = duplicate.offset;
        say(offset, Severity::Warning, "duplicate-key", &message, effect);
    }
    for (offset, noted) in parsed.notes {
        let (code, message, effect) = noted.said();
        say(offset, Severity::Warning, code, message, effect);
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
            parsed.notes.push((offset, Noted::NotJson));
            Ok(parsed)
        }
        result => result,
    }
}

/// A diagnostic about a file as a whole.
fn whole_file(name: &str, severity: Severity, code: &'static str, message: &str) -> Diagnostic {
    Diagnostic {
        code,
        severity,
        message: message.to_owned(),
        effect: Text::default(),
        file: name.into(),
        position: Position::START,
        pointer: String::new(),
    }
}

/// The files that `$ref`s below the node name, resolved against its file.
fn referenced_files(root: Node<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
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
                    found.insert(resolve_path(root.source().name(), file));
                }
            } else {
                stack.push(value);
            }
        }
        stack.extend(node.items());
    }
    found
}
