//! Documentation of generated items, from what the document says.

use crate::ir::Docs;
use crate::load::{Kind, Node};

/// The title, if it says anything.
pub(super) fn title(node: Node<'_>) -> Option<&str> {
    node.get_str("title")
        .map(str::trim)
        .filter(|title| !title.is_empty())
}

/// What a schema says of itself.
pub(super) fn of_schema(node: Node<'_>) -> Docs {
    Docs {
        summary: title(node).unwrap_or_default().to_owned(),
        description: text(node, "description"),
        notes: Vec::new(),
        deprecated: node.is_true("deprecated"),
    }
}

/// What a property's schemas say of it.
pub(super) fn of_property(nodes: &[Node<'_>]) -> Docs {
    let mut docs = Docs::default();
    for node in nodes {
        if docs.description.is_empty() {
            docs.description = text(*node, "description");
        }
        docs.deprecated |= node.is_true("deprecated");
        if node.is_true("readOnly") {
            docs.notes
                .push("Read-only: responses have it, requests leave it out.".to_owned());
        }
        if node.is_true("writeOnly") {
            docs.notes
                .push("Write-only: requests have it, responses leave it out.".to_owned());
        }
        if let Some(default) = node.get("default").filter(|default| !default.is_null()) {
            docs.notes
                .extend(code(default).map(|code| format!("Default: {code}.")));
        }
    }
    docs
}

/// What a parameter says of itself.
pub(super) fn of_parameter(description: Option<&str>, schema: Option<Node<'_>>) -> Docs {
    let mut docs = schema
        .map(|schema| of_property(&[schema]))
        .unwrap_or_default();
    if let Some(description) = description {
        description.trim().clone_into(&mut docs.description);
    }
    docs
}

fn text(node: Node<'_>, key: &str) -> String {
    node.get_str(key)
        .map(str::trim)
        .unwrap_or_default()
        .to_owned()
}

/// A short value as inline code.
fn code(value: Node<'_>) -> Option<String> {
    let text = match value.kind() {
        Kind::Array | Kind::Object => value.to_json().to_string(),
        Kind::String => format!("{:?}", value.as_str().unwrap_or_default()),
        _ => value.scalar_text().unwrap_or_default().to_owned(),
    };
    let is_short = text.len() <= 80 && !text.contains(['`', '\n']);
    is_short.then(|| format!("`{text}`"))
}

impl Docs {
    /// The first paragraph of the description, or the title.
    pub fn first_paragraph(&self) -> String {
        let text = if self.description.is_empty() {
            &self.summary
        } else {
            &self.description
        };
        text.split("\n\n")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    }

    /// The first line of the documentation.
    pub fn first_line(&self) -> String {
        let text = if self.summary.is_empty() {
            &self.description
        } else {
            &self.summary
        };
        text.lines().next().unwrap_or_default().to_owned()
    }
}
