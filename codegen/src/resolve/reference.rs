//! Follows `$ref`: to anything that a JSON Pointer reaches, in any loaded file.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostics;
use crate::load::{Documents, Load, Missing, Node, NodeId, percent_decode, resolve_path};

use super::configuration::EXTENSION;
use super::expect::{self, Effect};
use super::identifiers::Identifiers;

/// At how many places one reference that leads nowhere is reported.
const REPORTED_PLACES: usize = 100;

/// How many references may follow each other.
const MAX_CHAIN: usize = 400;

/// Resolves references and remembers what it resolved.
pub struct References<'d> {
    documents: &'d Documents,
    missing: &'d HashMap<String, Missing>,
    identifiers: Identifiers<'d>,
    /// By what they start from and text.
    cache: RefCell<HashMap<(NodeId, &'d str), Target>>,
    anchors: RefCell<HashMap<NodeId, HashMap<&'d str, NodeId>>>,
}

type Target = Result<NodeId, DeadEnd>;

/// A reference that leads nowhere.
struct DeadEnd {
    code: &'static str,
    message: String,
    /// The places at which it is reported.
    reported: HashSet<NodeId>,
}

impl DeadEnd {
    fn unresolved(message: String) -> Self {
        Self {
            code: "unresolved-reference",
            message,
            reported: HashSet::new(),
        }
    }

    fn report(&mut self, holder: Node<'_>, diagnostics: &mut Diagnostics) {
        let stated = holder.get("$ref").or_else(|| holder.get("$dynamicRef"));
        let at = stated.unwrap_or(holder);
        if self.reported.len() >= REPORTED_PLACES || !self.reported.insert(at.id()) {
            return;
        }
        let mut message = self.message.clone();
        if self.reported.len() == REPORTED_PLACES {
            message.push_str("; further places with this reference are not reported");
        }
        diagnostics.error(at, self.code, message, lost_with(holder));
    }
}

/// What the output lacks if the reference in `holder` leads nowhere, by where it stands.
fn lost_with(holder: Node<'_>) -> &'static str {
    let key = holder.key();
    let parent = holder.parent();
    // An item of an array is what the array is.
    let collection = match key {
        Some(_) => parent.and_then(Node::key),
        None => parent
            .and_then(Node::key)
            .filter(|key| matches!(*key, "parameters" | EXTENSION)),
    };
    match (collection, key) {
        (Some("properties" | "patternProperties" | "schemas" | "$defs" | "definitions"), _) => {
            "type widened to any value"
        }
        (Some("paths" | "pathItems"), _) => "its operations are missing",
        (Some("webhooks"), _) => "the webhook's types are missing",
        (Some("callbacks"), _) => "the callback's types are missing",
        (Some("parameters"), _) => "the parameter is missing",
        (Some("responses"), _) => "the response is missing",
        (Some("headers"), _) => "the header is missing",
        (Some("requestBodies"), _) | (_, Some("requestBody")) => "the operation takes no body",
        (Some("content"), _) => "the body is any value",
        (Some("securitySchemes"), _) => "the security scheme is missing",
        (Some(EXTENSION), _) => "clients do not look there",
        (_, Some(EXTENSION)) => "clients are not configured by their environment",
        (_, Some("discriminator")) => "the value is not mapped",
        _ => "type widened to any value",
    }
}

impl<'d> References<'d> {
    /// Resolves among the files of this load.
    pub fn new(load: &'d Load) -> Self {
        Self {
            documents: &load.documents,
            missing: &load.missing,
            identifiers: Identifiers::new(&load.documents),
            cache: RefCell::default(),
            anchors: RefCell::default(),
        }
    }

    /// The node's `$ref`, if it is a reference.
    ///
    /// A `$dynamicRef` leads where it does if nothing extends the schema: to the anchor of its own
    /// document.
    pub fn of(node: Node<'d>) -> Option<&'d str> {
        node.get_str("$ref").or_else(|| node.get_str("$dynamicRef"))
    }

    /// Follows the chain of references that starts at `node`; a node that is none is returned.
    ///
    /// `None` if the chain is broken or a cycle; a diagnostic says so.
    pub fn follow(&self, node: Node<'d>, diagnostics: &mut Diagnostics) -> Option<Node<'d>> {
        let mut current = node;
        let mut visited = Vec::new();
        while let Some(stated) = current.get("$ref").or_else(|| current.get("$dynamicRef")) {
            let Some(reference) = stated.as_str() else {
                let effect = Effect::Missing(lost_with(current));
                expect::malformed(stated, "$ref", "a string", effect, diagnostics);
                return None;
            };
            if visited.contains(&current.id()) {
                let message = format!("the reference {reference:?} leads back to itself");
                diagnostics.error(node, "reference-cycle", message, lost_with(node));
                return None;
            }
            if visited.len() >= MAX_CHAIN {
                let message = format!("more than {MAX_CHAIN} references follow each other");
                diagnostics.error(node, "too-deep", message, lost_with(node));
                return None;
            }
            visited.push(current.id());
            current = self.target(current, reference, diagnostics)?;
        }
        Some(current)
    }

    /// The node that the `$ref` in `node` names, one step far.
    pub fn target(
        &self,
        node: Node<'d>,
        reference: &'d str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Node<'d>> {
        let resource = self.identifiers.resource(node);
        let base = resource.unwrap_or_else(|| node.file_root());
        let key = (base.id(), reference);
        let mut cache = self.cache.borrow_mut();
        let target = cache
            .entry(key)
            .or_insert_with(|| self.look_up(node, base, reference).map(Node::id));
        match target {
            Ok(id) => Some(self.documents.node(*id)),
            Err(dead_end) => {
                dead_end.report(node, diagnostics);
                None
            }
        }
    }

    /// Lets what leads nowhere be reported at places where it was reported before.
    pub fn report_again(&self) {
        for target in self.cache.borrow_mut().values_mut() {
            if let Err(dead_end) = target {
                dead_end.reported.clear();
            }
        }
    }

    fn look_up(
        &self,
        node: Node<'d>,
        base: Node<'d>,
        reference: &'d str,
    ) -> Result<Node<'d>, DeadEnd> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let root = if file.is_empty() {
            base
        } else {
            self.root_of(node, file)
                .or_else(|dead_end| self.identifiers.named(node, file).ok_or(dead_end))?
        };
        let fragment = percent_decode(fragment);
        let Some(pointer) = fragment.strip_prefix('/') else {
            if fragment.is_empty() {
                return Ok(root);
            }
            let anchor = self.anchor(root, &fragment);
            return anchor
                .or_else(|| self.anchor(root.file_root(), &fragment))
                .ok_or_else(|| {
                    let message = format!("{reference:?}: there is no anchor {fragment:?}");
                    DeadEnd::unresolved(message)
                });
        };
        if let Some(target) = walk(root, pointer) {
            return Ok(target);
        }
        // `#/` is a member without a name; where there is none, the whole file is meant.
        if pointer.is_empty() {
            return Ok(root);
        }
        // Many a schema has an `$id` and means the whole document all the same.
        if let Some(target) = walk(root.file_root(), pointer) {
            return Ok(target);
        }
        // A fragment file that refers to `#/components/…` means the document that includes it.
        if file.is_empty()
            && let Some(target) = self.documents.root().and_then(|entry| walk(entry, pointer))
        {
            return Ok(target);
        }
        let message = format!("{reference:?}: {}", how_far(root, pointer));
        Err(DeadEnd::unresolved(message))
    }

    fn root_of(&self, node: Node<'d>, file: &str) -> Result<Node<'d>, DeadEnd> {
        let name = resolve_path(node.source().name(), file);
        self.documents
            .file_named(&name)
            .and_then(|index| self.documents.file_root(index))
            .ok_or_else(|| match self.missing.get(&name) {
                Some(Missing { code, reason }) => DeadEnd {
                    code,
                    ..DeadEnd::unresolved(format!("cannot load {name:?}: {reason}"))
                },
                None => DeadEnd::unresolved(format!("{name:?} was not loaded")),
            })
    }

    fn anchor(&self, root: Node<'d>, name: &str) -> Option<Node<'d>> {
        let mut anchors = self.anchors.borrow_mut();
        let in_file = anchors
            .entry(root.id())
            .or_insert_with(|| anchors_below(root));
        in_file.get(name).map(|id| self.documents.node(*id))
    }
}

fn anchors_below(root: Node<'_>) -> HashMap<&str, NodeId> {
    let mut found = HashMap::new();
    let mut stack = vec![root];
    let mut seen = HashSet::new();
    while let Some(node) = stack.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        for key in ["$anchor", "$dynamicAnchor", "$id"] {
            if let Some(anchor) = node.get_str(key) {
                found
                    .entry(anchor.trim_start_matches('#'))
                    .or_insert_with(|| node.id());
            }
        }
        stack.extend(node.members().map(|(_, value)| value));
        stack.extend(node.items());
    }
    found
}

fn walk<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    pointer.split('/').try_fold(root, step)
}

fn step<'d>(node: Node<'d>, token: &str) -> Option<Node<'d>> {
    let token = token.replace("~1", "/").replace("~0", "~");
    if node.is_object() {
        node.get(&token)
    } else {
        // RFC 6901, section 4: digits, without leading zeros.
        let is_index = token == "0" || !token.starts_with(['0', '+']);
        node.item(token.parse().ok().filter(|_| is_index)?)
    }
}

/// Says how far a pointer gets.
fn how_far(root: Node<'_>, pointer: &str) -> String {
    let mut node = root;
    for token in pointer.split('/') {
        match step(node, token) {
            Some(next) => node = next,
            None => {
                let place = node.pointer();
                let place = if place.is_empty() { "the root" } else { &place };
                return format!("{place} has no {token:?}");
            }
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::{REPORTED_PLACES, References};
    use crate::diagnostic::Diagnostics;
    use crate::load::{Limits, Node, ReadFile, load};

    struct Text(String);

    impl ReadFile for Text {
        fn read(&self, _: &str) -> Result<Vec<u8>, String> {
            Ok(self.0.clone().into_bytes())
        }
    }

    /// The code and effect of what is said of each item of a list of references.
    fn check(items: &str) -> Vec<(&'static str, String)> {
        let mut diagnostics = Diagnostics::default();
        let text = Text(format!("{{\"list\": [{items}]}}"));
        let load = load(&["a.json"], &text, &Limits::default(), &mut diagnostics);
        let references = References::new(&load);
        let list = load.documents.root().and_then(|root| root.get("list"));
        for item in list.into_iter().flat_map(Node::items) {
            // Each place is reported once, however often it is met.
            assert!(references.follow(item, &mut diagnostics).is_none());
            assert!(references.follow(item, &mut diagnostics).is_none());
        }
        let all = diagnostics.into_sorted();
        all.into_iter().map(|d| (d.code, d.message)).collect()
    }

    #[test]
    fn references_that_lead_nowhere_are_reported_where_they_stand() {
        let cases = [
            (
                r##"{"$ref": "#/x"}, {"$ref": "#/x"}"##,
                ["unresolved-reference"; 2],
            ),
            (
                r##"{"$ref": "#/list/00"}, {"$ref": "#y"}"##,
                ["unresolved-reference"; 2],
            ),
            (
                r##"{"$ref": "#/list/1"}, {"$ref": "#/list/0"}"##,
                ["reference-cycle"; 2],
            ),
            (r#"{"$ref": 7}, {"$ref": null}"#, ["malformed"; 2]),
        ];
        for (items, expected) in cases {
            let found: Vec<_> = check(items).into_iter().map(|(code, _)| code).collect();
            assert_eq!(found, expected, "{items}");
        }
    }

    #[test]
    fn a_reference_is_reported_at_a_limited_number_of_places() {
        let found = check(&vec![r##"{"$ref": "#/nowhere"}"##; REPORTED_PLACES + 20].join(","));
        assert_eq!(found.len(), REPORTED_PLACES);
        assert!(
            found
                .last()
                .is_some_and(|(_, message)| message.contains("further places"))
        );
    }
}
