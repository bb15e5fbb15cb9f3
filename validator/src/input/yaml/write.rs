//! The tree to JSON text.

use std::{
    collections::{BTreeMap, HashSet},
    fmt::Write as _,
    ops::Range,
};

use source_text::{JsonPointer, Span};

use super::{
    Converted, Places, Problem, YamlError, YamlErrorKind,
    tree::{Id, Tree, Value},
};
use crate::{Code, MAX_FINDINGS_PER_CODE};

/// What is to be written next.
enum Step {
    /// The rest of a sequence's items, and how many were before them.
    Items {
        left: Range<usize>,
        count: usize,
        end: Span,
    },
    /// The rest of a mapping's members.
    Members {
        left: Range<usize>,
        is_first: bool,
        end: Span,
    },
    /// The end of what an alias stands for.
    AliasEnd,
}

/// A place on the way from the root to what is written.
enum Part {
    Item(usize),
    Key(Id),
}

/// Writes a tree, one line for each document.
pub(super) fn write(tree: &Tree<'_>, max_aliases: u64) -> Result<Converted, YamlError> {
    let mut writer = Writer {
        tree,
        json: String::new(),
        places: Places::default(),
        problems: Vec::new(),
        counts: BTreeMap::new(),
        reported: HashSet::new(),
        steps: Vec::new(),
        path: Vec::new(),
        aliases: Vec::new(),
        expanded: 0,
        max_aliases,
    };
    for (index, &root) in tree.roots.iter().enumerate() {
        if index > 0 {
            writer.json.push('\n');
        }
        writer.document(root)?;
    }
    Ok(Converted {
        json: writer.json,
        places: writer.places,
        problems: writer.problems,
        counts: writer.counts,
    })
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    json: String,
    places: Places,
    problems: Vec<Problem>,
    counts: BTreeMap<Code, usize>,
    /// Nodes whose problem is known.
    reported: HashSet<Id>,
    steps: Vec<Step>,
    /// One for each open collection.
    path: Vec<Part>,
    /// The aliases that are being written out, with where that began in the JSON text.
    aliases: Vec<(usize, Span)>,
    /// Bytes that aliases stand for, those aside that are being written out.
    expanded: u64,
    max_aliases: u64,
}

impl Writer<'_, '_> {
    fn document(&mut self, root: Id) -> Result<(), YamlError> {
        self.value(root)?;
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Items {
                    mut left,
                    count,
                    end,
                } => {
                    self.path.pop();
                    let Some(item) = left.next() else {
                        self.token("]", end)?;
                        continue;
                    };
                    if count > 0 {
                        self.json.push(',');
                    }
                    self.steps.push(Step::Items {
                        left,
                        count: count + 1,
                        end,
                    });
                    self.path.push(Part::Item(count));
                    self.value(self.tree.items[item])?;
                }
                Step::Members {
                    mut left,
                    is_first,
                    end,
                } => {
                    self.path.pop();
                    let Some(member) = left.next() else {
                        self.token("}", end)?;
                        continue;
                    };
                    if !is_first {
                        self.json.push(',');
                    }
                    self.steps.push(Step::Members {
                        left,
                        is_first: false,
                        end,
                    });
                    let member = self.tree.members[member];
                    if let Some(alias) = member.merged_by {
                        self.start_alias(self.tree.nodes[alias].span);
                    }
                    self.path.push(Part::Key(member.key));
                    self.value(member.key)?;
                    self.json.push(':');
                    self.value(member.value)?;
                }
                Step::AliasEnd => self.end_alias(),
            }
        }
        Ok(())
    }

    /// Writes a scalar, or a collection's bracket and what is to be done about its parts.
    fn value(&mut self, mut node: Id) -> Result<(), YamlError> {
        let tree = self.tree;
        self.report(node);
        if let Value::Alias(target) = tree.nodes[node].value {
            self.start_alias(tree.nodes[node].span);
            node = target;
            self.report(node);
        }
        let span = tree.nodes[node].span;
        match &tree.nodes[node].value {
            Value::Word(text) => self.token(text, span)?,
            Value::Number(text) => self.token(text, span)?,
            Value::String(text) => {
                self.token("", span)?;
                quote(&mut self.json, text);
            }
            Value::Sequence(items) => {
                self.token("[", self.opening(span.start))?;
                self.path.push(Part::Item(0));
                self.steps.push(Step::Items {
                    left: items.clone(),
                    count: 0,
                    end: Span::at(span.end),
                });
            }
            Value::Mapping(members) => {
                self.token("{", self.opening(span.start))?;
                self.path.push(Part::Item(0));
                self.steps.push(Step::Members {
                    left: members.clone(),
                    is_first: true,
                    end: Span::at(span.end),
                });
            }
            // An alias has no anchor, so none leads here.
            Value::Alias(_) => self.token("null", span)?,
        }
        Ok(())
    }

    /// Where a collection begins: at its bracket, or before its first part.
    fn opening(&self, start: usize) -> Span {
        match self.tree.text.as_bytes().get(start) {
            Some(b'[' | b'{') => Span::new(start, start + 1),
            _ => Span::at(start),
        }
    }

    /// Writes a token, or remembers where the one begins that is to be written.
    fn token(&mut self, text: &str, yaml: Span) -> Result<(), YamlError> {
        let Ok(at) = u32::try_from(self.json.len()) else {
            let kind = YamlErrorKind::TooLarge;
            return Err(YamlError { kind, span: yaml });
        };
        self.places.token(at, yaml);
        self.json.push_str(text);
        match self.aliases.first() {
            Some(&(start, span)) if self.expanded_with(start) > self.max_aliases => {
                let limit = self.max_aliases;
                let kind = YamlErrorKind::Aliases { limit };
                Err(YamlError { kind, span })
            }
            _ => Ok(()),
        }
    }

    fn expanded_with(&self, start: usize) -> u64 {
        self.expanded + (self.json.len() - start) as u64
    }

    fn start_alias(&mut self, alias: Span) {
        self.aliases.push((self.json.len(), alias));
        self.steps.push(Step::AliasEnd);
    }

    fn end_alias(&mut self) {
        let Some((start, alias)) = self.aliases.pop() else {
            return;
        };
        // The outermost alias is what stands where a reader looks for the value.
        if self.aliases.is_empty() {
            self.expanded = self.expanded_with(start);
            self.places.expansion(start, self.json.len(), alias);
        }
    }

    /// Reports what JSON has no form for, once however often an alias stands for it.
    fn report(&mut self, node: Id) {
        let Some((code, message)) = self.tree.problems.get(&node) else {
            return;
        };
        if !self.reported.insert(node) {
            return;
        }
        let count = self.counts.entry(*code).or_default();
        *count += 1;
        if *count > MAX_FINDINGS_PER_CODE {
            return;
        }
        let mut pointer = JsonPointer::root();
        for part in &self.path {
            match part {
                Part::Item(index) => pointer.push_index(*index),
                Part::Key(key) => pointer.push(self.tree.text_of(*key).unwrap_or_default()),
            }
        }
        self.problems.push(Problem {
            help: None,
            code: *code,
            message: message.clone(),
            pointer,
            span: self.tree.nodes[node].span,
        });
    }
}

/// Writes a text as JSON does.
fn quote(json: &mut String, text: &str) {
    json.push('"');
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        json.push_str(&text[written..at]);
        written = at + 1;
        json.push_str(escape);
        if escape.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(json, "\\u{byte:04x}");
        }
    }
    json.push_str(&text[written..]);
    json.push('"');
}
