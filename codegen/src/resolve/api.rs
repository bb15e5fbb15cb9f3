//! The document as a whole.

use crate::diagnostic::Diagnostics;
use crate::load::Node;

use super::Dialect;
use super::operation::{self, Operation, OperationReader};
use super::reference::References;
use super::security::{self, Requirement, SecurityScheme};

/// An API as its document describes it.
pub struct Api<'d> {
    /// The rules of the document's version.
    pub dialect: Dialect,
    /// The document's own description.
    pub info: Info<'d>,
    /// Servers in order; empty if the document names none.
    pub servers: Vec<Server<'d>>,
    /// Tags in the order in which they are declared, then in that of their first use.
    pub tags: Vec<Tag<'d>>,
    /// Security schemes that the document defines.
    pub security_schemes: Vec<SecurityScheme<'d>>,
    /// Operations in document order.
    pub operations: Vec<Operation<'d>>,
    /// Operations of webhooks and callbacks, which the API's clients receive.
    pub incoming: Vec<Operation<'d>>,
    /// Named schemas of `components`.
    pub schemas: Vec<(&'d str, Node<'d>)>,
    /// Named schemas that are generated only where something refers to them.
    pub schemas_on_demand: Vec<(&'d str, Node<'d>)>,
    /// How many operations the document states.
    pub stated_operations: usize,
}

/// The `info` object.
#[derive(Debug, Default)]
pub struct Info<'d> {
    /// `title`
    pub title: &'d str,
    /// `version`, any text
    pub version: String,
    /// `description`
    pub description: Option<&'d str>,
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server<'d> {
    /// The URL template.
    pub url: &'d str,
    /// `description`
    pub description: Option<&'d str>,
    /// The template's variables.
    pub variables: Vec<ServerVariable<'d>>,
}

/// A variable of a server's URL.
#[derive(Clone, Debug)]
pub struct ServerVariable<'d> {
    /// The name in the template.
    pub name: &'d str,
    /// `default`
    pub default: String,
    /// `enum`; empty if any value may stand.
    pub values: Vec<String>,
    /// `description`
    pub description: Option<&'d str>,
}

/// A group of operations.
#[derive(Clone, Debug)]
pub struct Tag<'d> {
    /// The tag.
    pub name: &'d str,
    /// `description`
    pub description: Option<&'d str>,
}

/// The methods that a path item can hold (OpenAPI 3.1, section 4.8.9.1).
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Reads the document whose root is `root`; `None` if it is no OpenAPI 3 document.
pub fn resolve<'d>(
    root: Node<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> Option<Api<'d>> {
    let dialect = dialect(root, diagnostics)?;
    let security_schemes = security::schemes(root, references, diagnostics);
    let mut reader = OperationReader {
        references,
        diagnostics,
    };
    let default_security = root.get("security").map(|node| reader.requirements(node));
    let mut api = Api {
        dialect,
        info: info(root),
        servers: operation::servers(root),
        tags: declared_tags(root),
        security_schemes,
        operations: Vec::new(),
        incoming: Vec::new(),
        schemas: Vec::new(),
        schemas_on_demand: Vec::new(),
        stated_operations: 0,
    };
    let default_security = default_security.unwrap_or_default();
    for (path, item) in root.get("paths").into_iter().flat_map(Node::members) {
        if path.starts_with("x-") {
            continue;
        }
        let (stated, operations) = path_item(&mut reader, path, item, &default_security);
        api.stated_operations += stated;
        api.operations.extend(operations);
    }
    for (name, item) in root.get("webhooks").into_iter().flat_map(Node::members) {
        let (_, operations) = path_item(&mut reader, name, item, &default_security);
        api.incoming.extend(operations);
    }
    let callbacks: Vec<_> = api
        .operations
        .iter()
        .filter_map(|op| op.node.get("callbacks"))
        .collect();
    for callbacks in callbacks {
        for (_, callback) in callbacks.members() {
            let Some(callback) = references.follow(callback, reader.diagnostics) else {
                continue;
            };
            for (expression, item) in callback.members().filter(|(key, _)| !key.starts_with("x-")) {
                let (_, operations) = path_item(&mut reader, expression, item, &default_security);
                api.incoming.extend(operations);
            }
        }
    }
    if let Some(schemas) = root.get("components").and_then(|node| node.get("schemas")) {
        api.schemas = schemas
            .members()
            .filter(|(name, _)| !name.is_empty())
            .collect();
    }
    add_used_tags(&mut api);
    Some(api)
}

fn dialect(root: Node<'_>, diagnostics: &mut Diagnostics) -> Option<Dialect> {
    let version = root.get("openapi").and_then(Node::scalar_text);
    match version {
        Some(version) if version.starts_with("3.0") => Some(Dialect::V30),
        Some(version) if version.starts_with("3.1") => Some(Dialect::V31),
        Some(version) if version.starts_with("3.") => {
            let message = format!("OpenAPI {version} is read by the rules of 3.1");
            diagnostics.warning(
                root,
                "unknown-version",
                message,
                "what is new in it is ignored",
            );
            Some(Dialect::V31)
        }
        Some("3") => Some(Dialect::V30),
        other => {
            let message = match (other, root.get("swagger")) {
                (Some(version), _) => format!("OpenAPI {version:?} is not supported"),
                (None, Some(_)) => "Swagger 2 is not supported: convert it to OpenAPI 3".to_owned(),
                (None, None) => {
                    "this is not an OpenAPI document: \"openapi\" is missing".to_owned()
                }
            };
            diagnostics.error(root, "not-openapi", message, "nothing is generated");
            None
        }
    }
}

fn info(root: Node<'_>) -> Info<'_> {
    let Some(info) = root.get("info") else {
        return Info::default();
    };
    Info {
        title: info
            .get("title")
            .and_then(Node::scalar_text)
            .unwrap_or_default(),
        version: info
            .get("version")
            .and_then(Node::scalar_text)
            .unwrap_or_default()
            .to_owned(),
        description: info.get_str("description"),
    }
}

fn declared_tags(root: Node<'_>) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag<'_>> = Vec::new();
    for tag in root.get("tags").into_iter().flat_map(Node::items) {
        let Some(name) = tag.get("name").and_then(Node::scalar_text) else {
            continue;
        };
        if !tags.iter().any(|have| have.name == name) {
            tags.push(Tag {
                name,
                description: tag.get_str("description"),
            });
        }
    }
    tags
}

fn add_used_tags(api: &mut Api<'_>) {
    for operation in api.operations.iter().chain(&api.incoming) {
        for &name in &operation.tags {
            if !api.tags.iter().any(|tag| tag.name == name) {
                api.tags.push(Tag {
                    name,
                    description: None,
                });
            }
        }
    }
}

/// How many operations a path item states, and those that could be read.
fn path_item<'d>(
    reader: &mut OperationReader<'_, 'd>,
    path: &'d str,
    item: Node<'d>,
    security: &[Requirement<'d>],
) -> (usize, Vec<Operation<'d>>) {
    let mut items = vec![item];
    if References::of(item).is_some() {
        match reader.references.follow(item, reader.diagnostics) {
            Some(target) => items.push(target),
            None => return (0, Vec::new()),
        }
    }
    let mut stated = 0;
    let mut operations = Vec::new();
    for &item in &items {
        if !item.is_object() {
            let message = format!("expected a path item, found {}", item.kind().with_article());
            reader.diagnostics.error(
                item,
                "malformed-path-item",
                message,
                "its operations are missing",
            );
            continue;
        }
        for (key, node) in item.members() {
            if METHODS.contains(&key) {
                stated += 1;
                operations.extend(reader.operation(path, key, node, item, security));
            }
        }
    }
    (stated, operations)
}
