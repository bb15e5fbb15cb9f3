//! Documentation of generated items, from what the document says.

use crate::ir::Docs;
use crate::load::{Kind, Node};
use crate::resolve::Parameter;
use crate::text::Text;

/// The title, if it says anything.
pub(super) fn title(node: Node<'_>) -> Option<&str> {
    node.get_str("title")
        .map(str::trim)
        .filter(|title| !title.is_empty())
}

/// What a schema says of itself.
pub(super) fn of_schema(node: Node<'_>) -> Docs {
    Docs {
        summary: node.share(title(node).unwrap_or_default()),
        description: text(node, "description"),
        notes: constraints(node)
            .into_iter()
            .chain(external_docs(node))
            .collect(),
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
        docs.notes.extend(facts(*node));
        docs.notes.extend(external_docs(*node));
    }
    docs
}

/// Where more is said of an item: its `externalDocs`.
pub(super) fn external_docs(node: Node<'_>) -> Option<String> {
    let docs = node.get("externalDocs")?;
    let url = docs.get_str("url")?.trim();
    let description = text(docs, "description");
    let label = description.trim_end_matches(['.', ':']);
    let label = if label.is_empty() { "More" } else { label };
    (!url.is_empty()).then(|| format!("{label}: {url}"))
}

/// A description, and where more is said.
pub(super) fn with_more(description: Option<&str>, node: Option<Node<'_>>) -> String {
    let description = description.map(|text| text.trim().to_owned());
    let more = node.and_then(external_docs);
    let texts = description.into_iter().filter(|text| !text.is_empty());
    texts.chain(more).collect::<Vec<_>>().join("\n\n")
}

/// What a property's schema says of its values: the default, what is demanded, an example.
fn facts(node: Node<'_>) -> Option<String> {
    let example = node.get("example");
    let example = example.or_else(|| node.get("examples")?.item(0));
    // That a truth may be true needs no example.
    let example = example
        .filter(|example| !example.is_null() && example.as_bool().is_none())
        .and_then(code)
        .map(|code| format!("Example: {code}."));
    let default = node
        .get("default")
        .filter(|default| !default.is_null())
        .and_then(code)
        .map(|code| format!("Default: {code}."));
    let facts = default.into_iter().chain(constraints(node));
    let facts: Vec<String> = facts.chain(example).collect();
    (!facts.is_empty()).then(|| facts.join(" "))
}

/// What a schema demands of values besides their type, where it can be said in a few words.
fn constraints(node: Node<'_>) -> Option<String> {
    let mut said = Vec::new();
    said.extend(bounds(node));
    for (least, most, unit) in [
        ("minLength", "maxLength", "character"),
        ("minItems", "maxItems", "item"),
        ("minProperties", "maxProperties", "property"),
    ] {
        // A tuple says itself how many items it has.
        let is_tuple = node.get("prefixItems").is_some()
            || node
                .get("items")
                .is_some_and(|items| items.kind() == Kind::Array);
        if unit == "item" && is_tuple {
            continue;
        }
        let (least, most) = (number(node, least), number(node, most));
        said.extend(range(least.filter(|least| *least != "0"), most, unit));
    }
    if let Some(factor) = number(node, "multipleOf") {
        said.push(format!("A multiple of {factor}."));
    }
    if node.is_true("uniqueItems") {
        said.push("No item twice.".to_owned());
    }
    if let Some(pattern) = node.get_str("pattern") {
        let is_short = pattern.len() <= 80 && !pattern.contains(['`', '\n', '\r']);
        if is_short && !pattern.is_empty() {
            said.push(format!("Matches `{pattern}`."));
        }
    }
    (!said.is_empty()).then(|| said.join(" "))
}

/// How large a number may be; in OpenAPI 3.0 a flag makes a bound exclusive.
fn bounds(node: Node<'_>) -> Option<String> {
    let bound = |inclusive: &'static str, exclusive: &'static str| {
        let strict = node.is_true(exclusive);
        let stated = number(node, inclusive).map(|bound| (bound, strict));
        stated.or_else(|| number(node, exclusive).map(|bound| (bound, true)))
    };
    let least = bound("minimum", "exclusiveMinimum");
    let most = bound("maximum", "exclusiveMaximum");
    Some(match (least, most) {
        (Some((least, false)), Some((most, false))) => format!("From {least} to {most}."),
        (None, None) => return None,
        (least, most) => {
            let least = least.map(|(bound, strict)| {
                let word = if strict { "more than" } else { "at least" };
                format!("{word} {bound}")
            });
            let most = most.map(|(bound, strict)| {
                let word = if strict { "less than" } else { "at most" };
                format!("{word} {bound}")
            });
            let both: Vec<String> = least.into_iter().chain(most).collect();
            capitalized(&format!("{}.", both.join(", ")))
        }
    })
}

/// How many of something there may be.
fn range(least: Option<&str>, most: Option<&str>, unit: &str) -> Option<String> {
    let of = |number: &str| match (number, unit.strip_suffix('y')) {
        ("1", _) => unit.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{unit}s"),
    };
    Some(match (least, most) {
        (None, None) => return None,
        (Some(least), Some(most)) if least == most => format!("Exactly {least} {}.", of(most)),
        (Some(least), Some(most)) => format!("From {least} to {most} {}.", of(most)),
        (Some(least), None) => format!("At least {least} {}.", of(least)),
        (None, Some(most)) => format!("At most {most} {}.", of(most)),
    })
}

fn number<'d>(node: Node<'d>, key: &str) -> Option<&'d str> {
    node.get(key)?.as_number()
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// What a parameter says of itself.
pub(super) fn of_parameter(parameter: &Parameter<'_>) -> Docs {
    let mut docs = parameter
        .schema
        .map(|schema| of_property(&[schema]))
        .unwrap_or_default();
    if let Some(description) = parameter.description {
        docs.description = parameter.node.share(description.trim());
    }
    docs.deprecated |= parameter.deprecated;
    docs
}

fn text(node: Node<'_>, key: &str) -> Text {
    let stated = node.get_str(key).map(str::trim);
    node.share(stated.unwrap_or_default())
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
    pub fn first_paragraph(&self) -> Text {
        let text = if self.description.is_empty() {
            &self.summary
        } else {
            &self.description
        };
        let first = text.split("\n\n").next();
        text.part(first.unwrap_or_default().trim())
    }

    /// The first line of the documentation.
    pub fn first_line(&self) -> Text {
        let text = if self.summary.is_empty() {
            &self.description
        } else {
            &self.summary
        };
        text.part(text.lines().next().unwrap_or_default())
    }
}
