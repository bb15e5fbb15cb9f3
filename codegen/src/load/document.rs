//! Documents as arenas of positioned nodes.
//!
//! Every value of every loaded file is one [`Node`]: a small handle that knows its bytes in the
//! source, its parent and its children. Nothing is expanded: a YAML alias is the anchor's own
//! node, and a `$ref` is an ordinary member until the resolve stage follows it.

use std::fmt::Write as _;
use std::sync::Arc;

use source_text::{Position, SourceText};

use crate::text::Text;

/// Identifies a node across all loaded files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    file: u32,
    index: u32,
}

/// A piece of text that stands in the source as it is, or had escapes and is kept apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextRef {
    /// Where it starts in the source, or its index among the texts that are kept apart.
    start: u32,
    /// How long it is, or [`KEPT_APART`].
    len: u32,
}

/// No text is that long: the source would not be read.
const KEPT_APART: u32 = u32::MAX;

impl TextRef {
    pub(super) fn in_source(start: u32, len: u32) -> Self {
        Self { start, len }
    }

    pub(super) fn kept_apart(index: u32) -> Self {
        Self {
            start: index,
            len: KEPT_APART,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) key: TextRef,
    pub(super) key_start: u32,
    pub(super) value: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// The number as JSON text.
    Number(TextRef),
    String(TextRef),
    Array {
        first: u32,
        len: u32,
    },
    Object {
        first: u32,
        len: u32,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(super) value: Value,
    pub(super) start: u32,
    /// The containing node; the root is its own parent.
    pub(super) parent: u32,
}

/// The nodes of one file, children by index.
#[derive(Debug, Default)]
pub(super) struct Arena {
    pub(super) nodes: Vec<NodeData>,
    pub(super) items: Vec<u32>,
    pub(super) members: Vec<Member>,
    /// The texts that are kept apart, one behind the other.
    pub(super) apart: Arc<String>,
    /// Where each of them ends.
    pub(super) ends: Vec<u32>,
    pub(super) root: u32,
}

impl Arena {
    pub(super) fn text<'a>(&'a self, source: &'a str, text: TextRef) -> &'a str {
        let start = text.start as usize;
        match text.len {
            KEPT_APART => {
                let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
                let before = start.checked_sub(1).map_or(0, end);
                self.apart.get(before..end(start)).unwrap_or_default()
            }
            len => source.get(start..start + len as usize).unwrap_or_default(),
        }
    }
}

/// One loaded file.
#[derive(Debug)]
pub struct File {
    pub(super) source: SourceText,
    pub(super) arena: Arena,
}

impl File {
    fn text(&self, text: TextRef) -> &str {
        self.arena.text(self.source.text(), text)
    }

    /// A text of this file without a copy.
    fn share(&self, text: &str) -> Option<Text> {
        Text::part_of(self.source.shared_text(), text)
            .or_else(|| Text::part_of(&self.arena.apart, text))
    }

    /// The file's text, with its name and lines.
    pub fn source(&self) -> &SourceText {
        &self.source
    }
}

/// All files that a document consists of; the first is the entry.
#[derive(Debug, Default)]
pub struct Documents {
    pub(super) files: Vec<File>,
}

impl Documents {
    /// The root of the entry document.
    pub fn root(&self) -> Option<Node<'_>> {
        self.file_root(0)
    }

    /// The root of the file with this index.
    pub fn file_root(&self, file: usize) -> Option<Node<'_>> {
        let root = self.files.get(file)?.arena.root;
        let file = u32::try_from(file).ok()?;
        Some(Node {
            documents: self,
            id: NodeId { file, index: root },
        })
    }

    /// The loaded files in load order.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The index of the file with this name.
    pub fn file_named(&self, name: &str) -> Option<usize> {
        self.files
            .iter()
            .position(|file| file.source.name() == name)
    }

    /// The node with this id.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node {
            documents: self,
            id,
        }
    }
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A number
    Number,
    /// A string
    String,
    /// An array
    Array,
    /// An object
    Object,
}

impl Kind {
    /// The kind with an article, for messages.
    pub fn with_article(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A value in a loaded file.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    documents: &'a Documents,
    id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.source().name(), self.pointer())
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl<'a> Node<'a> {
    fn file(self) -> &'a File {
        &self.documents.files[self.id.file as usize]
    }

    fn data(self) -> NodeData {
        self.file().arena.nodes[self.id.index as usize]
    }

    fn sibling(self, index: u32) -> Self {
        Self {
            documents: self.documents,
            id: NodeId {
                file: self.id.file,
                index,
            },
        }
    }

    /// The node's identity.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The arena that the node lives in.
    pub fn documents(self) -> &'a Documents {
        self.documents
    }

    /// The index of the node's file.
    pub fn file_index(self) -> usize {
        self.id.file as usize
    }

    /// The node's file.
    pub fn source(self) -> &'a SourceText {
        &self.file().source
    }

    /// A text that stands in the node's file as one that outlives the document; any other text is
    /// copied.
    pub fn share(self, text: &str) -> Text {
        self.file().share(text).unwrap_or_else(|| text.into())
    }

    /// The root of the node's file.
    #[must_use]
    pub fn file_root(self) -> Self {
        self.sibling(self.file().arena.root)
    }

    /// Where the node starts.
    pub fn position(self) -> Position {
        self.source().position(self.data().start as usize)
    }

    /// What the node is.
    pub fn kind(self) -> Kind {
        match self.data().value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array { .. } => Kind::Array,
            Value::Object { .. } => Kind::Object,
        }
    }

    /// Whether the node is an object.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether the node is null.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The string, if the node is one.
    pub fn as_str(self) -> Option<&'a str> {
        match self.data().value {
            Value::String(text) => Some(self.file().text(text)),
            _ => None,
        }
    }

    /// The boolean, if the node is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.data().value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number's JSON text, if the node is one.
    pub fn as_number(self) -> Option<&'a str> {
        match self.data().value {
            Value::Number(text) => Some(self.file().text(text)),
            _ => None,
        }
    }

    /// The text of a string, number, boolean or null.
    pub fn scalar_text(self) -> Option<&'a str> {
        match self.data().value {
            Value::String(text) | Value::Number(text) => Some(self.file().text(text)),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            Value::Null => Some("null"),
            Value::Array { .. } | Value::Object { .. } => None,
        }
    }

    /// The items of an array; nothing for any other node.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'a>> + Clone {
        let (first, len) = match self.data().value {
            Value::Array { first, len } => (first as usize, len as usize),
            _ => (0, 0),
        };
        self.file().arena.items[first..first + len]
            .iter()
            .map(move |&index| self.sibling(index))
    }

    /// The members of an object in document order; nothing for any other node.
    pub fn members(self) -> impl ExactSizeIterator<Item = (&'a str, Node<'a>)> + Clone {
        self.raw_members()
            .iter()
            .map(move |member| (self.file().text(member.key), self.sibling(member.value)))
    }

    fn raw_members(self) -> &'a [Member] {
        match self.data().value {
            Value::Object { first, len } => {
                &self.file().arena.members[first as usize..(first + len) as usize]
            }
            _ => &[],
        }
    }

    /// The member of this name, if the node is an object that has it.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        let file = self.file();
        let member = self
            .raw_members()
            .iter()
            .find(|member| file.text(member.key) == key)?;
        Some(self.sibling(member.value))
    }

    /// The string member of this name.
    pub fn get_str(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// Whether the member of this name is `true`.
    pub fn is_true(self, key: &str) -> bool {
        self.get(key).and_then(Node::as_bool) == Some(true)
    }

    /// The item at this index, if the node is an array that long.
    pub fn item(self, index: usize) -> Option<Node<'a>> {
        self.items().nth(index)
    }

    /// The RFC 6901 pointer from the file's root.
    pub fn pointer(self) -> String {
        let mut steps = Vec::new();
        let mut node = self;
        loop {
            let parent = node.sibling(node.data().parent);
            if parent == node {
                break;
            }
            steps.push(parent.step_to(node));
            node = parent;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            let _ = write!(pointer, "/{}", step.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }

    /// The name by which this node holds the child: a member's key or an item's index.
    fn step_to(self, child: Node<'a>) -> String {
        let file = self.file();
        if let Some(member) = self
            .raw_members()
            .iter()
            .find(|m| m.value == child.id.index)
        {
            return file.text(member.key).to_owned();
        }
        self.items()
            .position(|item| item == child)
            .map_or_else(String::new, |i| i.to_string())
    }

    /// The key that holds this node in its parent, if it is a member of an object.
    pub fn key(self) -> Option<&'a str> {
        let parent = self.parent()?;
        let file = self.file();
        let member = parent
            .raw_members()
            .iter()
            .find(|m| m.value == self.id.index)?;
        Some(file.text(member.key))
    }

    /// Where the key that holds this node starts, or the node itself where there is none.
    pub fn key_position(self) -> Position {
        let start = self.parent().and_then(|parent| {
            parent
                .raw_members()
                .iter()
                .find(|m| m.value == self.id.index)
                .map(|m| m.key_start)
        });
        self.source()
            .position(start.unwrap_or(self.data().start) as usize)
    }

    /// The containing node.
    pub fn parent(self) -> Option<Node<'a>> {
        let parent = self.sibling(self.data().parent);
        (parent != self).then_some(parent)
    }

    /// The node as a plain JSON value.
    ///
    /// Numbers that do not fit `serde_json` become the nearest that does.
    pub fn to_json(self) -> serde_json::Value {
        match self.kind() {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool => serde_json::Value::Bool(self.as_bool() == Some(true)),
            Kind::Number => number_to_json(self.as_number().unwrap_or("0")),
            Kind::String => serde_json::Value::String(self.as_str().unwrap_or_default().to_owned()),
            Kind::Array => serde_json::Value::Array(self.items().map(Node::to_json).collect()),
            Kind::Object => serde_json::Value::Object(
                self.members()
                    .map(|(key, value)| (key.to_owned(), value.to_json()))
                    .collect(),
            ),
        }
    }
}

fn number_to_json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| {
        let nearest = if text.starts_with('-') {
            f64::MIN
        } else {
            f64::MAX
        };
        serde_json::json!(nearest)
    })
}
