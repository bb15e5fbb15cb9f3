//! What a schema is named after that the document names only by its place.
//!
//! A schema that stands inline and is referred to by its place is one type, whichever use is met
//! first: so a place has the name that the inline schema has.

use crate::ir::is_json;
use crate::load::Node;
use crate::resolve::{MediaType, Status};

use super::operations::{essence, id_from_path, status_name};
use super::types::TypeLowering;

/// The name of a schema that a reference leads to.
pub(super) struct PlaceName {
    /// The name.
    pub(super) name: String,
    /// Whether the document itself gives it: a component's, a file's or a definition's.
    pub(super) is_stated: bool,
}

impl PlaceName {
    fn stated(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            is_stated: true,
        }
    }

    fn made(name: String) -> Self {
        Self {
            name,
            is_stated: false,
        }
    }
}

impl<'d> TypeLowering<'_, 'd> {
    /// A component's name, a file's stem, or what the way to the schema says.
    pub(super) fn place_name(&mut self, node: Node<'d>) -> PlaceName {
        if let Some(name) = self.component_names.get(&node.id()) {
            return PlaceName::stated(name);
        }
        let Some(parent) = node.parent() else {
            let file = node.source().name().rsplit('/').next().unwrap_or_default();
            return PlaceName::stated(file.split('.').next().unwrap_or(file));
        };
        let Some(key) = node.key() else {
            return PlaceName::made(self.item_name(node, parent));
        };
        let suffix = match parent.key() {
            Some("properties") => key,
            Some("patternProperties") => "value",
            Some("$defs" | "definitions" | "schemas") => return PlaceName::stated(key),
            _ => match key {
                "schema" => return PlaceName::made(self.body_name(parent)),
                "items" | "contains" | "additionalItems" | "unevaluatedItems" => "item",
                "additionalProperties" | "unevaluatedProperties" => "value",
                "not" | "if" | "then" | "else" | "propertyNames" => key,
                _ => return PlaceName::stated(key),
            },
        };
        // What holds the keyword `properties` is the schema.
        let owner = match parent.key() {
            Some("properties" | "patternProperties") => parent.parent().unwrap_or(parent),
            _ => parent,
        };
        PlaceName::made(format!("{} {suffix}", self.place_name(owner).name))
    }

    /// The name of a schema in a list of schemas.
    fn item_name(&mut self, node: Node<'d>, list: Node<'d>) -> String {
        let Some(owner) = list.parent() else {
            return "item".to_owned();
        };
        let name = self.place_name(owner).name;
        let siblings: Vec<Node<'d>> = list.items().collect();
        let index = siblings.iter().position(|have| *have == node);
        let number = index.unwrap_or_default() + 1;
        match list.key() {
            Some("oneOf" | "anyOf") => {
                let hint = match self.reader().read(&[owner], false) {
                    Some(schema) => self.variant_hint(node, &siblings, &schema, number - 1),
                    None => format!("variant {number}"),
                };
                format!("{name} {hint}")
            }
            Some("allOf") => format!("{name} part {number}"),
            _ => format!("{name} item {number}"),
        }
    }

    /// The name of the schema in a media type, a parameter or a header.
    fn body_name(&mut self, holder: Node<'d>) -> String {
        let stated = holder.get_str("name");
        let parent = holder.parent();
        match parent.and_then(Node::key) {
            Some("content") => {
                let content = parent.and_then(|content| Some((content, content.parent()?)));
                match content {
                    Some((content, owner)) => self.content_name(holder, content, owner),
                    None => "body".to_owned(),
                }
            }
            // A list of an operation's, or of a path item's.
            Some("parameters") if holder.key().is_none() => {
                let owner = parent.and_then(Node::parent);
                let base = owner.map(|owner| self.operation_name(owner));
                let base = base.unwrap_or_default();
                format!("{base} {}", stated.unwrap_or("parameter"))
            }
            _ => holder.key().or(stated).unwrap_or("value").to_owned(),
        }
    }

    /// The name of the body of a request or a response, where `content` is `owner`'s.
    fn content_name(&mut self, media: Node<'d>, content: Node<'d>, owner: Node<'d>) -> String {
        let names: Vec<&str> = content.members().map(|(name, _)| name).collect();
        let word = media
            .key()
            .map(|name| media_word(name, &names))
            .unwrap_or_default();
        let holder = owner.parent();
        let kind = holder.and_then(Node::key).unwrap_or_default();
        if owner.key() == Some("requestBody") {
            let base = holder.map(|operation| self.operation_name(operation));
            let media_type = media.key().unwrap_or_default();
            return request_name(&base.unwrap_or_default(), media_type, &names);
        }
        let key = owner.key().unwrap_or_default();
        let operation = holder.and_then(Node::parent);
        match (kind, operation) {
            ("responses", Some(operation)) if operation.key() != Some("components") => {
                let statuses = holder.into_iter().flat_map(Node::members);
                let statuses: Vec<Status> =
                    statuses.filter_map(|(key, _)| Status::parse(key)).collect();
                let base = self.operation_name(operation);
                let status = Status::parse(key).unwrap_or(Status::Default);
                response_name(&base, status, &statuses, &word)
            }
            ("responses", _) => with_ending(&words(&[key, &word]), "response"),
            ("requestBodies", _) => with_ending(&words(&[key, &word]), "body"),
            _ => words(&[key, &word]),
        }
    }

    /// What the types of an operation are named after; a path item is named by its path.
    fn operation_name(&self, operation: Node<'d>) -> String {
        if let Some(base) = self.operation_names.get(&operation.id()) {
            return base.clone();
        }
        if let Some(id) = operation.get_str("operationId") {
            return id.to_owned();
        }
        let key = operation.key().unwrap_or_default();
        match operation.parent().and_then(Node::key) {
            Some(path) if path.starts_with('/') => id_from_path(key, path),
            _ => id_from_path("", key),
        }
    }

    /// The name of a body's schema that stands in a component, where every operation that uses
    /// the component finds it.
    pub(super) fn shared_body_name(&mut self, media: &MediaType<'d>) -> Option<String> {
        let owner = media.node.parent()?.parent()?;
        let list = owner.parent()?;
        let is_component = matches!(list.key(), Some("requestBodies" | "responses"))
            && list.parent().and_then(Node::key) == Some("components");
        is_component.then(|| self.body_name(media.node))
    }
}

/// What a request's body of one media type is named after. The plain name is that of the choice
/// where there are several.
pub(super) fn request_name(base: &str, media_type: &str, all: &[&str]) -> String {
    let word = media_word(media_type, all);
    let is_json = all.len() > 1 && word.is_empty() && is_json(media_type);
    words(&[base, if is_json { "json" } else { &word }, "body"])
}

/// What a response's body is named after: the first success is simply the response.
pub(super) fn response_name(base: &str, status: Status, all: &[Status], word: &str) -> String {
    let first_success = all.iter().find(|status| status.is_success());
    let is_main = match first_success {
        Some(first) => *first == status,
        None => status == Status::Default,
    };
    if is_main {
        words(&[base, word, "response"])
    } else {
        words(&[base, &status_name(status), word])
    }
}

/// What tells the body of this media type from those of the others: nothing for JSON, or for the
/// first where none is JSON.
pub(super) fn media_word(name: &str, all: &[&str]) -> String {
    let main = all.iter().find(|name| is_json(name)).or(all.first());
    if main.is_none_or(|main| *main == name) {
        return String::new();
    }
    let essence = essence(name);
    let (class, subtype) = essence.split_once('/').unwrap_or(("", &essence));
    match (class, subtype) {
        ("multipart", _) => "multipart".to_owned(),
        (_, "x-www-form-urlencoded") => "form".to_owned(),
        (_, "event-stream") => "event".to_owned(),
        ("text", "plain") | ("*", "*") => class.replace('*', "any"),
        _ => {
            let bare = subtype.strip_prefix("vnd.").unwrap_or(subtype);
            let bare = bare.split_once('+').map_or(bare, |(name, _)| name);
            bare.replace('*', class)
        }
    }
}

/// The words that are not empty.
fn words(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// The name, ending in this word.
fn with_ending(name: &str, ending: &str) -> String {
    if name.to_ascii_lowercase().ends_with(ending) {
        name.to_owned()
    } else {
        format!("{name} {ending}")
    }
}
