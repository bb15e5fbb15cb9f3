//! The tree → lines of at most [`WIDTH`] columns, where brackets give a place to break them.

use std::fmt::Write as _;

use super::spacing::is_keyword;
use super::tree::{Attribute, Element, End, Group, Kind, Node};

/// How wide a line may be, in bytes; words are not broken.
const WIDTH: usize = 100;
const INDENT: &str = "    ";

pub(super) struct Printer {
    out: String,
    line_start: usize,
    depth: usize,
    /// What the last item at the top was, if there was one.
    last: Option<Sort>,
}

/// What decides whether an empty line stands between two items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    InnerDoc,
    InnerAttribute,
    Import,
    Module,
    Other,
}

/// A line was full before all was printed on it.
struct Full;

impl Printer {
    pub(super) fn beginning_with(header: &str) -> Self {
        Self {
            out: header.to_owned(),
            line_start: header.len(),
            depth: 0,
            last: None,
        }
    }

    pub(super) fn going_on() -> Self {
        Self {
            out: String::new(),
            line_start: 0,
            depth: 0,
            last: Some(Sort::Other),
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Items at the top of the file.
    pub(super) fn items(&mut self, items: &[Element]) {
        for item in items {
            let sort = sort(item);
            if self.last.is_some_and(|last| needs_gap(last, sort, item)) {
                self.out.push('\n');
            }
            self.last = Some(sort);
            self.element(item, Kind::Items);
        }
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.line_start = self.out.len();
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str(INDENT);
        }
    }

    fn column(&self) -> usize {
        self.out.len() - self.line_start
    }

    /// An element on lines of its own.
    fn element(&mut self, element: &Element, within: Kind) {
        for attribute in &element.attributes {
            match attribute {
                Attribute::Doc { text, is_inner } => {
                    for line in text.split('\n') {
                        self.indent();
                        self.out.push_str(if *is_inner { "//!" } else { "///" });
                        self.out.push_str(line);
                        self.new_line();
                    }
                }
                Attribute::Other(nodes) => {
                    self.indent();
                    self.nodes(nodes, 0);
                    self.new_line();
                }
            }
        }
        if element.nodes.is_empty() {
            return;
        }
        self.indent();
        let end = end(element, within);
        if within != Kind::Arms || !self.arm(&element.nodes) {
            self.nodes(&element.nodes, end.len());
            self.out.push_str(end);
        }
        self.new_line();
    }

    /// An arm in braces, if its expression fits on a line of its own and not beside the pattern.
    fn arm(&mut self, nodes: &[Node]) -> bool {
        let Some(arrow) = nodes.iter().position(is_arrow) else {
            return false;
        };
        let (pattern, expression) = nodes.split_at(arrow + 1);
        let start = self.out.len();
        let is_broken = self.flat_nodes(pattern, WIDTH - 2).is_ok() && {
            let expression_start = self.out.len();
            let fits_beside = self.flat_nodes(expression, WIDTH - 2).is_ok();
            self.out.truncate(expression_start);
            !fits_beside
        };
        if is_broken {
            self.out.push_str(" {");
            let line_start = self.line_start;
            self.new_line();
            self.depth += 1;
            self.indent();
            let fits = self.flat_nodes(expression, WIDTH).is_ok();
            self.depth -= 1;
            if fits {
                self.new_line();
                self.indent();
                self.out.push('}');
                return true;
            }
            self.line_start = line_start;
        }
        self.out.truncate(start);
        false
    }

    /// Parts on one line if they and `tail` more columns fit, else with brackets broken.
    fn nodes(&mut self, nodes: &[Node], tail: usize) {
        let start = self.out.len();
        if self.flat_nodes(nodes, WIDTH.saturating_sub(tail)).is_ok() {
            return;
        }
        self.out.truncate(start);
        if let Some(first) = chain_start(nodes) {
            return self.chain(nodes, first, tail);
        }
        let mut index = 0;
        while let Some(node) = nodes.get(index) {
            let before = index.checked_sub(1).map(|before| &nodes[before]);
            if space_before(before, node) {
                self.out.push(' ');
            }
            match node {
                Node::Word(word) => {
                    let _ = write!(self.out, "{word}");
                }
                Node::Operator(operator) => {
                    self.out.push_str(operator.text);
                    if let Some(length) = type_arguments(operator.text, &nodes[index + 1..]) {
                        let arguments = &nodes[index + 1..][..length];
                        let after = &nodes[index + 1 + length..];
                        self.type_arguments(arguments, after, tail);
                        index += length;
                    }
                }
                Node::Group(group) => {
                    let after = &nodes[index + 1..];
                    let tail = self.width_to_next_group(after, tail);
                    self.group(group, tail);
                }
            }
            index += 1;
        }
    }

    /// Calls after each other, one a line; the first stands at `first`.
    fn chain(&mut self, nodes: &[Node], first: usize, tail: usize) {
        self.nodes(&nodes[..first], 0);
        self.depth += 1;
        let mut start = first;
        while start < nodes.len() {
            let next = nodes[start + 1..].iter().position(is_dot);
            let end = next.map_or(nodes.len(), |next| start + 1 + next);
            self.new_line();
            self.indent();
            self.nodes(
                &nodes[start..end],
                if end == nodes.len() { tail } else { 0 },
            );
            start = end;
        }
        self.depth -= 1;
    }

    /// What stands between `<` and `>`, one a line if it and what comes `after` is too much.
    fn type_arguments(&mut self, arguments: &[Node], after: &[Node], tail: usize) {
        let tail = self.width_to_next_group(after, tail);
        let start = self.out.len();
        if self
            .flat_nodes(arguments, WIDTH.saturating_sub(tail))
            .is_ok()
        {
            return;
        }
        self.out.truncate(start);
        self.new_line();
        self.depth += 1;
        for argument in at_commas(arguments) {
            self.indent();
            self.nodes(argument, 1);
            self.out.push(',');
            self.new_line();
        }
        self.depth -= 1;
        self.indent();
    }

    /// How much must stand on the line that a group ends on: everything before the next group.
    fn width_to_next_group(&mut self, nodes: &[Node], tail: usize) -> usize {
        let is_group = |node: &Node| matches!(node, Node::Group(_));
        let next = nodes.iter().position(is_group);
        let (upto, after) = match next {
            Some(next) => (next, 2),
            None => (nodes.len(), tail),
        };
        let start = self.out.len();
        let _ = self.flat_nodes(&nodes[..upto], usize::MAX);
        let width = self.out.len() - start;
        self.out.truncate(start);
        width + after
    }

    fn group(&mut self, group: &Group, tail: usize) {
        let start = self.out.len();
        if self.flat_group(group, WIDTH.saturating_sub(tail)).is_ok() {
            return;
        }
        self.out.truncate(start);
        let (open, close) = brackets(group.kind);
        if let [only] = group.elements.as_slice()
            && is_hugged(group.kind, only)
        {
            self.out.push_str(open);
            self.nodes(&only.nodes, close.len() + tail);
            self.out.push_str(close);
            return;
        }
        self.out.push_str(open.trim_end());
        self.new_line();
        self.depth += 1;
        for (index, element) in group.elements.iter().enumerate() {
            if group.kind == Kind::Items && index > 0 {
                self.new_line();
            }
            self.element(element, group.kind);
        }
        self.depth -= 1;
        self.indent();
        self.out.push_str(close.trim_start());
    }

    fn flat_nodes(&mut self, nodes: &[Node], width: usize) -> Result<(), Full> {
        for (index, node) in nodes.iter().enumerate() {
            if space_before(index.checked_sub(1).map(|before| &nodes[before]), node) {
                self.out.push(' ');
            }
            match node {
                Node::Word(word) => {
                    let _ = write!(self.out, "{word}");
                }
                Node::Operator(operator) => self.out.push_str(operator.text),
                Node::Group(group) => self.flat_group(group, width)?,
            }
            if self.column() > width {
                return Err(Full);
            }
        }
        Ok(())
    }

    fn flat_group(&mut self, group: &Group, width: usize) -> Result<(), Full> {
        let (open, close) = brackets(group.kind);
        if group.elements.is_empty() {
            self.out.push_str(open.trim_end());
            self.out.push_str(close.trim_start());
            return Ok(());
        }
        if matches!(
            group.kind,
            Kind::Fields | Kind::Arms | Kind::Block | Kind::Items
        ) {
            return Err(Full);
        }
        self.out.push_str(open);
        for (index, element) in group.elements.iter().enumerate() {
            if !element.attributes.is_empty() {
                return Err(Full);
            }
            if index > 0 {
                self.out.push_str(", ");
            }
            self.flat_nodes(&element.nodes, width)?;
        }
        if group.kind == Kind::Single {
            self.out.push(',');
        }
        self.out.push_str(close);
        if self.column() > width {
            return Err(Full);
        }
        Ok(())
    }
}

fn is_dot(node: &Node) -> bool {
    matches!(node, Node::Operator(operator) if operator.text == ".")
}

fn is_arrow(node: &Node) -> bool {
    matches!(node, Node::Operator(operator) if operator.text == "=>")
}

/// Where the calls of a chain of several begin, if the parts end with one and are no arm.
fn chain_start(nodes: &[Node]) -> Option<usize> {
    let is_call = |call: &[Node]| {
        matches!(
            call,
            [dot, Node::Word(_), Node::Group(group)]
                if is_dot(dot) && group.kind == Kind::Parentheses
        )
    };
    let calls = nodes.rchunks(3).take_while(|call| is_call(call)).count();
    let first = nodes.len() - 3 * calls;
    (calls > 1 && !nodes[..first].iter().any(is_arrow)).then_some(first)
}

/// How many parts stand between a `<` and its `>`, if there are several arguments.
fn type_arguments(operator: &str, after: &[Node]) -> Option<usize> {
    if operator != "<" {
        return None;
    }
    let mut depth = 1_usize;
    let mut several = false;
    for (index, node) in after.iter().enumerate() {
        let Node::Operator(operator) = node else {
            continue;
        };
        match operator.text {
            "<" => depth += 1,
            ">" if depth == 1 => return several.then_some(index),
            ">" => depth -= 1,
            "," => several = true,
            _ => {}
        }
    }
    None
}

/// The arguments between commas that are in no brackets of their own.
fn at_commas(nodes: &[Node]) -> Vec<&[Node]> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, node) in nodes.iter().enumerate() {
        let Node::Operator(operator) = node else {
            continue;
        };
        match operator.text {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(&nodes[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&nodes[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Parentheses | Kind::MacroArguments | Kind::Single => ("(", ")"),
        Kind::Brackets => ("[", "]"),
        Kind::Imports => ("{", "}"),
        Kind::Values | Kind::Fields | Kind::Arms | Kind::Block | Kind::Items => ("{ ", " }"),
    }
}

/// Whether the only element of a group that is broken stays beside its brackets.
fn is_hugged(kind: Kind, only: &Element) -> bool {
    matches!(
        kind,
        Kind::Parentheses | Kind::MacroArguments | Kind::Brackets
    ) && only.attributes.is_empty()
        && matches!(only.nodes.last(), Some(Node::Group(_)))
}

/// What is written after an element that stands on lines of its own.
fn end(element: &Element, within: Kind) -> &'static str {
    match within {
        Kind::Items | Kind::Block => match element.end {
            End::Semicolon => ";",
            End::Comma | End::Nothing => "",
        },
        Kind::MacroArguments => match element.end {
            End::Comma => ",",
            End::Semicolon | End::Nothing => "",
        },
        Kind::Arms => match element.nodes.last() {
            Some(Node::Group(group)) if group.kind == Kind::Block => "",
            _ => ",",
        },
        // The rest of a value takes no comma.
        Kind::Values => match element.nodes.first() {
            Some(Node::Operator(operator)) if operator.text == ".." => "",
            _ => ",",
        },
        _ => ",",
    }
}

fn space_before(before: Option<&Node>, node: &Node) -> bool {
    let Some(before) = before else {
        return false;
    };
    let right = match before {
        Node::Word(_) | Node::Group(_) => true,
        Node::Operator(operator) => operator.right,
    };
    let left = match node {
        Node::Word(_) => true,
        Node::Operator(operator) => operator.left,
        Node::Group(group) => match group.kind {
            Kind::Parentheses | Kind::MacroArguments | Kind::Single | Kind::Brackets => {
                match before {
                    Node::Word(word) => is_keyword(word),
                    Node::Operator(operator) => operator.text != ">",
                    Node::Group(_) => false,
                }
            }
            _ => true,
        },
    };
    left && right
}

fn sort(item: &Element) -> Sort {
    let is_inner =
        |attribute: &Attribute| matches!(attribute, Attribute::Doc { is_inner: true, .. });
    if item.nodes.is_empty() {
        return if item.attributes.iter().any(is_inner) {
            Sort::InnerDoc
        } else {
            Sort::InnerAttribute
        };
    }
    let mut words = item.nodes.iter().filter_map(|node| match node {
        Node::Word(word) => Some(word.to_string()),
        _ => None,
    });
    if item.end != End::Semicolon {
        return Sort::Other;
    }
    match (words.next().as_deref(), words.next().as_deref()) {
        (Some("use"), _) => Sort::Import,
        (Some("mod"), _) | (Some("pub"), Some("mod" | "use")) => Sort::Module,
        _ => Sort::Other,
    }
}

/// Whether an empty line stands between two items: not between imports, modules, or lines of
/// documentation, unless the second begins with a gate of its own.
fn needs_gap(last: Sort, sort: Sort, item: &Element) -> bool {
    if last != sort || sort == Sort::Other {
        return true;
    }
    let is_outer = |attribute: &Attribute| match attribute {
        Attribute::Doc { is_inner, .. } => !is_inner,
        Attribute::Other(nodes) => {
            matches!(nodes.get(1), Some(Node::Group(group)) if is_gate(group))
        }
    };
    sort == Sort::Module && item.attributes.iter().any(is_outer)
}

fn is_gate(group: &Group) -> bool {
    let first = group
        .elements
        .first()
        .and_then(|element| element.nodes.first());
    matches!(first, Some(Node::Word(word)) if word.to_string() == "cfg")
}
