//! Path items: which operations a document states, whether they can be read or not.

use std::collections::HashSet;

use crate::load::{Kind, Node};

use super::api::Api;
use super::expect::{self, Effect};
use super::operation::{Operation, OperationReader};
use super::security::Requirement;
use super::{http, template};

/// The methods that a path item can hold (OpenAPI 3.2, section 4.9.1; `query` is not in 3.1).
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

const OPERATIONS_MISSING: Effect<'static> = Effect::Missing("its operations are missing");
const OPERATION_MISSING: Effect<'static> = Effect::Missing("the operation is missing");

impl<'d> OperationReader<'_, 'd> {
    /// How many operations `paths` states, and those that could be read.
    pub(super) fn paths(
        &mut self,
        root: Node<'d>,
        security: &[Requirement<'d>],
    ) -> (usize, Vec<Operation<'d>>) {
        let (mut stated, mut operations) = (0, Vec::new());
        let Some(paths) = root.get("paths") else {
            return (stated, operations);
        };
        let effect = match paths.kind() {
            Kind::Null => Effect::Imprecise("there are no operations"),
            _ => OPERATIONS_MISSING,
        };
        if expect::of_kind(paths, "paths", Kind::Object, effect, self.diagnostics).is_none() {
            // At least these, so that what is missing counts.
            return (paths.items().len(), operations);
        }
        for (path, item) in paths.members().filter(|(path, _)| !path.starts_with("x-")) {
            let (more, read) = self.path_item(path, item, security);
            if more > 0 {
                self.check_path(path, item);
            }
            stated += more;
            operations.extend(read);
        }
        (stated, operations)
    }

    /// The operations of webhooks.
    pub(super) fn webhooks(
        &mut self,
        root: Node<'d>,
        security: &[Requirement<'d>],
    ) -> Vec<Operation<'d>> {
        let mut operations = Vec::new();
        let effect = Effect::Missing("the webhooks' types are missing");
        for (name, item) in expect::members(root, "webhooks", effect, self.diagnostics) {
            operations.extend(self.path_item(name, item, security).1);
        }
        operations
    }

    /// The operations of callbacks, and of the callbacks of these.
    pub(super) fn callbacks(
        &mut self,
        api: &Api<'d>,
        security: &[Requirement<'d>],
    ) -> Vec<Operation<'d>> {
        let known = api.operations.iter().chain(&api.incoming);
        let mut queue: Vec<Node<'d>> = known.map(|operation| operation.node).collect();
        let mut visited = HashSet::new();
        let mut found = Vec::new();
        let missing = Effect::Missing("the callback's types are missing");
        let mut next = 0;
        while let Some(&operation) = queue.get(next) {
            next += 1;
            let stated = expect::members(operation, "callbacks", missing, self.diagnostics);
            for (_, callback) in stated {
                let callback = self.references.follow(callback, self.diagnostics);
                let callback = callback.and_then(|callback| {
                    expect::an(callback, "a callback", missing, self.diagnostics)
                });
                let Some(callback) = callback.filter(|node| visited.insert(node.id())) else {
                    continue;
                };
                let items = callback.members();
                for (expression, item) in items.filter(|(key, _)| !key.starts_with("x-")) {
                    let (_, mut read) = self.path_item(expression, item, security);
                    for callback in &mut read {
                        callback.called_by = Some(operation);
                    }
                    queue.extend(read.iter().map(|operation| operation.node));
                    found.extend(read);
                }
            }
        }
        found
    }

    /// How many operations a path item states, and those that could be read. One that cannot be
    /// read itself counts as one operation.
    fn path_item(
        &mut self,
        path: &'d str,
        item: Node<'d>,
        security: &[Requirement<'d>],
    ) -> (usize, Vec<Operation<'d>>) {
        if item.is_null() {
            let effect = Effect::Imprecise("it has no operations");
            expect::an(item, "a path item", effect, self.diagnostics);
            return (0, Vec::new());
        }
        let mut items = vec![item];
        let mut stated = 0;
        if item.get("$ref").is_some() {
            match self.references.follow(item, self.diagnostics) {
                Some(target) if target != item => items.push(target),
                Some(_) => {}
                None => stated += 1,
            }
        }
        let mut read = ReadItem {
            path,
            security,
            methods: Vec::new(),
            stated,
            operations: Vec::new(),
        };
        for &item in &items {
            if expect::an(item, "a path item", OPERATIONS_MISSING, self.diagnostics).is_none() {
                read.stated += 1;
                continue;
            }
            for (key, node) in item.members() {
                self.field(key, node, item, &mut read);
            }
        }
        (read.stated, read.operations)
    }

    /// One member of a path item.
    fn field(&mut self, key: &'d str, node: Node<'d>, item: Node<'d>, read: &mut ReadItem<'_, 'd>) {
        if METHODS.contains(&key) {
            self.method(key, node, item, read);
            return;
        }
        if matches!(
            key,
            "$ref" | "summary" | "description" | "servers" | "parameters"
        ) || key.starts_with("x-")
        {
            return;
        }
        if key == "additionalOperations" {
            let missing = OPERATIONS_MISSING;
            for (method, node) in expect::members(item, key, missing, self.diagnostics) {
                if http::is_token(method) && !method.contains(|c: char| c.is_ascii_lowercase()) {
                    self.method(method, node, item, read);
                } else {
                    let message = format!("{method:?} is no method in capitals");
                    self.lost(node, "unknown-method", message, read);
                }
            }
            return;
        }
        let known = METHODS.iter().find(|have| have.eq_ignore_ascii_case(key));
        if let Some(&method) = known {
            let message = format!("a path item has no {key:?}: methods are written in lower case");
            let effect = format!("it is read as {method:?}");
            self.diagnostics
                .warning(node, "method-in-capitals", message, &effect);
            self.method(method, node, item, read);
        } else if node.is_object() {
            let message = format!("{key:?} is no method of OpenAPI");
            self.lost(node, "unknown-method", message, read);
        } else {
            let message = format!("a path item has no {key:?}");
            self.diagnostics
                .warning(node, "unknown-keyword", message, "it is ignored");
        }
    }

    fn method(
        &mut self,
        method: &'d str,
        node: Node<'d>,
        item: Node<'d>,
        read: &mut ReadItem<'_, 'd>,
    ) {
        let same = |have: &&str| have.eq_ignore_ascii_case(method);
        if read.methods.iter().any(same) {
            let message = format!("this path has the method {method:?} already");
            self.lost(node, "duplicate-operation", message, read);
            return;
        }
        read.methods.push(method);
        read.stated += 1;
        let operation = self.operation(read.path, method, node, item, read.security);
        read.operations.extend(operation);
    }

    fn lost(
        &mut self,
        node: Node<'d>,
        code: &'static str,
        message: String,
        read: &mut ReadItem<'_, 'd>,
    ) {
        read.stated += 1;
        expect::report(node, code, message, OPERATION_MISSING, self.diagnostics);
    }

    /// Says what of a path is not as OpenAPI has it (3.1, section 4.8.8.1).
    fn check_path(&mut self, path: &str, item: Node<'d>) {
        let mut note = |message: &str, effect: &str| {
            let message = format!("the path {path:?} {message}");
            self.diagnostics.note(item, "unusual-path", message, effect);
        };
        if !path.starts_with('/') {
            note("does not begin with a slash", "a slash is put before it");
        }
        if path.contains('?') {
            note("holds a query", "it is sent as a query");
        }
        if path.contains('#') {
            note("holds a fragment", "the fragment is not sent");
        }
        let Some(defect) = template::defect(path) else {
            return;
        };
        let effect = if path.contains("{}") {
            Effect::Missing("its operations cannot be called")
        } else {
            Effect::Imprecise("what is no name in braces is sent as it is written")
        };
        let message = format!("the path {path:?} is no template: {defect}");
        expect::report(item, "invalid-path", message, effect, self.diagnostics);
    }
}

/// What was read of a path item so far.
struct ReadItem<'a, 'd> {
    path: &'d str,
    security: &'a [Requirement<'d>],
    methods: Vec<&'d str>,
    stated: usize,
    operations: Vec<Operation<'d>>,
}
