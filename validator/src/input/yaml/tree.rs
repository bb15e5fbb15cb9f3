//! The parser's events to a tree in flat lists.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, StructureStyle, Tag, options};
use source_text::{
    Span,
    yaml::{Plain, plain},
};

use super::{MAX_DEPTH, YamlError, YamlErrorKind, advice};
use crate::Code;

/// A place in [`Tree::nodes`].
pub(super) type Id = usize;

/// All documents of a text.
#[derive(Default)]
pub(super) struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) items: Vec<Id>,
    pub(super) members: Vec<Member>,
    /// What JSON has no form for.
    pub(super) problems: HashMap<Id, (Code, String)>,
    /// The documents that are not empty.
    pub(super) roots: Vec<Id>,
}

impl Tree<'_> {
    /// The text of a key, or of another string.
    pub(super) fn text_of(&self, node: Id) -> Option<&str> {
        match &self.nodes[node].value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

pub(super) struct Node<'a> {
    pub(super) value: Value<'a>,
    /// In the text; a collection begins where its bracket or its first part does.
    pub(super) span: Span,
}

pub(super) enum Value<'a> {
    /// `null`, `true` or `false`.
    Word(&'static str),
    /// A number as JSON writes it.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    /// The part of [`Tree::items`] that is its own.
    Sequence(Range<usize>),
    /// The part of [`Tree::members`] that is its own.
    Mapping(Range<usize>),
    /// What stands at an anchor.
    Alias(Id),
}

#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) key: Id,
    pub(super) value: Id,
    /// The alias of the mapping that it was merged from.
    pub(super) merged_by: Option<Id>,
}

/// A collection whose end has not come.
struct Open {
    node: Id,
    is_flow: bool,
    /// Items, or keys and values in turn.
    parts: Vec<Id>,
}

/// What a merged member costs, in bytes of what aliases may add: the work goes with their number.
const MEMBER: u64 = 64;

/// Reads all documents of a text.
pub(super) fn read(text: &str, max_aliases: u64) -> Result<Tree<'_>, YamlError> {
    let options = options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader = Reader {
        tree: Tree {
            text,
            ..Tree::default()
        },
        open: Vec::new(),
        anchors: HashMap::new(),
        merge_keys: HashSet::new(),
        merged: 0,
        max_merged: max_aliases,
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| {
            let at = offset(text, *error.marker());
            let kind = match error.kind() {
                ErrorKind::RecursionLimitExceeded => YamlErrorKind::TooDeep,
                ErrorKind::UnknownAnchor => {
                    syntax("there is no anchor of this name before it", error.kind())
                }
                kind => syntax(&error.info(), kind),
            };
            advice::cause(text, at, error.kind()).unwrap_or(YamlError {
                kind,
                span: Span::at(at),
            })
        })?;
        let span = Span::new(offset(text, span.start), offset(text, span.end));
        reader.event(event, span)?;
    }
    Ok(reader.tree)
}

/// What the parser says of a text that is no YAML.
fn syntax(message: &str, kind: &ErrorKind) -> YamlErrorKind {
    YamlErrorKind::Syntax {
        message: message.to_owned(),
        help: advice::help(kind),
    }
}

struct Reader<'a> {
    tree: Tree<'a>,
    open: Vec<Open>,
    anchors: HashMap<usize, Id>,
    /// Keys that are `<<` without quotes.
    merge_keys: HashSet<Id>,
    /// What merge keys stand for, in bytes.
    merged: u64,
    max_merged: u64,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>, span: Span) -> Result<(), YamlError> {
        match event {
            Event::DocumentStart(..) => self.anchors.clear(),
            Event::MappingStart(style, anchor, tag) => {
                self.start(Value::Mapping(0..0), style, anchor, tag.as_deref(), span);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.start(Value::Sequence(0..0), style, anchor, tag.as_deref(), span);
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(span)?,
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag.as_deref(), span);
            }
            Event::Alias(anchor) => {
                let Some(&target) = self.anchors.get(&anchor) else {
                    let kind = syntax("an alias without an anchor", &ErrorKind::UnknownAnchor);
                    return Err(YamlError { kind, span });
                };
                if self.open.iter().any(|open| open.node == target) {
                    let kind = YamlErrorKind::Cycle;
                    return Err(YamlError { kind, span });
                }
                let node = self.push(Value::Alias(target), span);
                self.attach(node);
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, value: Value<'a>, span: Span) -> Id {
        self.tree.nodes.push(Node { value, span });
        self.tree.nodes.len() - 1
    }

    fn attach(&mut self, node: Id) {
        match self.open.last_mut() {
            Some(open) => open.parts.push(node),
            None => self.tree.roots.push(node),
        }
    }

    /// Whether the next node is a mapping's key.
    fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| {
            let is_mapping = matches!(self.tree.nodes[open.node].value, Value::Mapping(_));
            is_mapping && open.parts.len().is_multiple_of(2)
        })
    }

    fn start(
        &mut self,
        value: Value<'a>,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let node = self.push(value, span);
        self.anchors.insert(anchor, node);
        self.report_tag(node, tag);
        self.open.push(Open {
            node,
            is_flow: style == StructureStyle::Flow,
            parts: Vec::new(),
        });
    }

    fn end(&mut self, span: Span) -> Result<(), YamlError> {
        let Some(Open {
            node,
            is_flow,
            parts,
        }) = self.open.pop()
        else {
            return Ok(());
        };
        let last = parts.last().map(|&last| self.tree.nodes[last].span.end);
        let start = self.tree.nodes[node].span.start;
        // Where a block ends the parser knows only when it has seen what follows.
        let end = if is_flow {
            span.end
        } else {
            last.unwrap_or(start)
        };
        self.tree.nodes[node].span.end = end.max(start);
        if matches!(self.tree.nodes[node].value, Value::Sequence(_)) {
            let first = self.tree.items.len();
            self.tree.items.extend(parts);
            self.tree.nodes[node].value = Value::Sequence(first..self.tree.items.len());
        } else {
            let members = self.members(&parts)?;
            let first = self.tree.members.len();
            self.tree.members.extend(members);
            self.tree.nodes[node].value = Value::Mapping(first..self.tree.members.len());
        }
        self.attach(node);
        Ok(())
    }

    /// A mapping's own members, and those that merge keys bring and it has not itself.
    fn members(&mut self, parts: &[Id]) -> Result<Vec<Member>, YamlError> {
        let (mut members, mut merges) = (Vec::with_capacity(parts.len() / 2), Vec::new());
        for pair in parts.chunks_exact(2) {
            let (key, value) = (pair[0], pair[1]);
            if self.merge_keys.remove(&key) {
                merges.push(value);
                continue;
            }
            members.push(Member {
                key: self.key(key),
                value,
                merged_by: None,
            });
        }
        if merges.is_empty() {
            return Ok(members);
        }
        let mut sources = Vec::new();
        for merge in merges {
            match self.tree.nodes[self.target(merge)].value {
                Value::Sequence(ref items) => sources.extend(&self.tree.items[items.clone()]),
                _ => sources.push(merge),
            }
        }
        let mut known: HashSet<String> = members
            .iter()
            .filter_map(|member| self.tree.text_of(member.key))
            .map(str::to_owned)
            .collect();
        for source in sources {
            let target = self.target(source);
            let Value::Mapping(ref merged) = self.tree.nodes[target].value else {
                let message = "a merge key (<<) brings in something that is no mapping".to_owned();
                self.tree
                    .problems
                    .insert(source, (Code::YamlMerge, message));
                // It is written out so that the problem has a place.
                let key = self.push(Value::String("<<".into()), self.tree.nodes[source].span);
                members.push(Member {
                    key,
                    value: source,
                    merged_by: None,
                });
                continue;
            };
            let merged = self.tree.members[merged.clone()].to_vec();
            self.merged += MEMBER * merged.len() as u64;
            if self.merged > self.max_merged {
                return Err(YamlError {
                    kind: YamlErrorKind::Aliases {
                        limit: self.max_merged,
                    },
                    span: self.tree.nodes[source].span,
                });
            }
            let alias = (source != target).then_some(source);
            for member in merged {
                let is_new = self
                    .tree
                    .text_of(member.key)
                    .is_some_and(|key| known.insert(key.to_owned()));
                if is_new {
                    members.push(Member {
                        merged_by: alias.or(member.merged_by),
                        ..member
                    });
                }
            }
        }
        Ok(members)
    }

    /// A key of JSON, which is a text, for a key of YAML.
    fn key(&mut self, key: Id) -> Id {
        let span = self.tree.nodes[key].span;
        let target = self.target(key);
        let written = |span: Span| self.tree.text.get(span.range()).unwrap_or_default();
        let text = match &self.tree.nodes[target].value {
            Value::String(_) if target == key => return key,
            Value::String(text) => text.clone(),
            Value::Sequence(_) | Value::Mapping(_) => {
                let text = written(span).trim();
                let message = "a key that is a list or a mapping".to_owned();
                // The node that stands for it comes next.
                let node = self.tree.nodes.len();
                self.tree.problems.insert(node, (Code::YamlKey, message));
                text.into()
            }
            // Its text and not its value: two keys that are written differently are two keys.
            _ => written(self.tree.nodes[target].span).into(),
        };
        self.push(Value::String(text), span)
    }

    /// What a node is, when it is not an alias.
    fn target(&self, node: Id) -> Id {
        match self.tree.nodes[node].value {
            Value::Alias(target) => target,
            _ => node,
        }
    }

    fn scalar(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) {
        let is_plain = style == ScalarStyle::Plain;
        let is_empty_document = self.open.is_empty() && is_plain && span.is_empty();
        if is_empty_document && tag.is_none() && anchor == 0 {
            return;
        }
        let is_merge = is_plain && tag.is_none() && text == "<<" && self.expects_key();
        let core = tag.and_then(Tag::core_suffix);
        let mut problem = None;
        let value = match core {
            Some("null" | "bool" | "int" | "float") => match plain_value(text) {
                Ok(value) if fits(&value, core) => value,
                Ok(Value::String(text) | Value::Number(text)) | Err(text) => {
                    let tag = core.unwrap_or_default();
                    let message = format!("{text:?} is not what the tag !!{tag} says");
                    problem = Some((Code::YamlTag, message));
                    Value::String(text)
                }
                Ok(value) => {
                    let tag = core.unwrap_or_default();
                    let message = format!("this is not what the tag !!{tag} says");
                    problem = Some((Code::YamlTag, message));
                    value
                }
            },
            None if is_plain && tag.is_none_or(is_unknown) => match plain_value(text) {
                Ok(value) => value,
                Err(text) => {
                    let message = format!("{text} is a number that JSON does not have");
                    problem = Some((Code::NotFinite, message));
                    Value::Word("null")
                }
            },
            // `!!str`, `!`, and types that JSON has strings for, such as `!!timestamp`.
            _ => Value::String(text),
        };
        // A block goes up to what follows after it.
        let written = self.tree.text.get(span.range()).unwrap_or_default();
        let span = Span::new(
            span.start,
            span.start + written.trim_end_matches([' ', '\t', '\r', '\n']).len(),
        );
        let node = self.push(value, span);
        self.anchors.insert(anchor, node);
        if is_merge {
            self.merge_keys.insert(node);
        }
        if let Some(problem) = problem {
            self.tree.problems.insert(node, problem);
        }
        self.report_tag(node, tag);
        self.attach(node);
    }

    /// Reports a tag that means something to the program only that it is from.
    fn report_tag(&mut self, node: Id, tag: Option<&Tag>) {
        if let Some(tag) = tag.filter(|tag| is_unknown(tag)) {
            let message = format!("the tag \"{tag}\" says something that JSON cannot");
            self.tree.problems.insert(node, (Code::YamlTag, message));
        }
    }
}

/// Whether a tag is none of YAML's own.
fn is_unknown(tag: &Tag) -> bool {
    let is_of_yaml = format!("{}{}", tag.handle(), tag.suffix()).starts_with("tag:yaml.org,2002:");
    !is_of_yaml && !is_non_specific(tag)
}

/// Whether a tag is a lone `!`, which makes a string of a scalar.
fn is_non_specific(tag: &Tag) -> bool {
    tag.handle().is_empty() && tag.suffix() == "!" || tag.handle() == "!" && tag.suffix().is_empty()
}

/// The value of a scalar without quotes; its text back where JSON has no such number.
fn plain_value(text: Cow<'_, str>) -> Result<Value<'_>, Cow<'_, str>> {
    let number = match plain(&text) {
        Plain::Null => return Ok(Value::Word("null")),
        Plain::Bool(true) => return Ok(Value::Word("true")),
        Plain::Bool(false) => return Ok(Value::Word("false")),
        Plain::NotFinite => return Err(text),
        Plain::String => return Ok(Value::String(text)),
        Plain::Number(Cow::Borrowed(_)) => None,
        Plain::Number(Cow::Owned(number)) => Some(number),
    };
    Ok(Value::Number(number.map_or(text, Cow::Owned)))
}

/// Whether a value is of the type that a tag of the core schema names.
fn fits(value: &Value<'_>, tag: Option<&str>) -> bool {
    match (value, tag) {
        (Value::Word("null"), Some("null"))
        | (Value::Word("true" | "false"), Some("bool"))
        | (Value::Number(_), Some("float")) => true,
        (Value::Number(number), Some("int")) => !number.contains(['.', 'e', 'E']),
        _ => false,
    }
}

/// Bytes before a marker: the parser counts them as it reads from a string.
fn offset(text: &str, marker: Marker) -> usize {
    text.floor_char_boundary(marker.byte_offset().unwrap_or(0))
}
