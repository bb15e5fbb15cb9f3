//! The document as a whole.

use crate::diagnostic::Diagnostics;
use crate::load::Node;

use super::Dialect;
use super::configuration::{self, ConfigurationSource};
use super::expect::{self, Effect};
use super::operation::{Operation, OperationReader};
use super::reference::References;
use super::security::{self, SecurityScheme};
use super::servers::{Server, servers};

/// An API as its document describes it.
pub struct Api<'d> {
    /// The rules of the document's version.
    pub dialect: Dialect,
    /// The document's root.
    pub node: Node<'d>,
    /// The document's own description.
    pub info: Info<'d>,
    /// Servers in order; empty if the document names none.
    pub servers: Vec<Server<'d>>,
    /// Tags in the order in which they are declared, then in that of their first use.
    pub tags: Vec<Tag<'d>>,
    /// `x-rate-limit`: requests, and the seconds in which there may be as many.
    pub rate_limit: Option<(u32, u32)>,
    /// Security schemes that the document defines.
    pub security_schemes: Vec<SecurityScheme<'d>>,
    /// Where clients find their settings, the place that is looked at first before the others.
    pub configuration: Vec<ConfigurationSource<'d>>,
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

/// A group of operations.
#[derive(Clone, Debug)]
pub struct Tag<'d> {
    /// The tag.
    pub name: &'d str,
    /// `description`
    pub description: Option<&'d str>,
    /// Where it is declared.
    pub node: Option<Node<'d>>,
}

/// Reads the document whose root is `root`; `None` if it is no OpenAPI 3 document.
pub fn resolve<'d>(
    root: Node<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> Option<Api<'d>> {
    let dialect = dialect(root, diagnostics)?;
    let effect = Effect::Missing("nothing in it is generated");
    let components = expect::object(root, "components", effect, diagnostics);
    let schemes = components.map(|node| security::schemes(node, references, diagnostics));
    let schemes = schemes.unwrap_or_default();
    let mut api = Api {
        dialect,
        node: root,
        info: info(root, diagnostics),
        servers: servers(root, diagnostics),
        rate_limit: rate_limit(root, diagnostics),
        tags: declared_tags(root, diagnostics),
        configuration: configuration::sources(root, references, &schemes, diagnostics),
        security_schemes: schemes,
        operations: Vec::new(),
        incoming: Vec::new(),
        schemas: components.map_or_else(Vec::new, |node| schemas(node, diagnostics)),
        schemas_on_demand: Vec::new(),
        stated_operations: 0,
    };
    let effect = "operations that state none require none";
    let default_security = security::requirements(root, effect, diagnostics).unwrap_or_default();
    let mut reader = OperationReader {
        references,
        diagnostics,
        is_incoming: false,
    };
    (api.stated_operations, api.operations) = reader.paths(root, &default_security);
    reader.is_incoming = true;
    api.incoming = reader.webhooks(root, &default_security);
    let callbacks = reader.callbacks(&api, &default_security);
    api.incoming.extend(callbacks);
    add_used_tags(&mut api);
    Some(api)
}

/// How many requests the API takes: `x-rate-limit: {requests: 100, seconds: 10}`.
fn rate_limit(root: Node<'_>, diagnostics: &mut Diagnostics) -> Option<(u32, u32)> {
    let effect = Effect::Imprecise("the client keeps no rate limit");
    let limit = expect::object(root, "x-rate-limit", effect, diagnostics)?;
    let mut count = |key: &str| {
        let node = limit.get(key).unwrap_or(limit);
        let count = limit.get(key).and_then(Node::as_number);
        let count = count.and_then(|text| text.parse::<u32>().ok());
        let count = count.filter(|count| *count > 0);
        if count.is_none() {
            let message = format!("{key:?} of \"x-rate-limit\" must be an integer from 1");
            expect::report(node, expect::MALFORMED, message, effect, diagnostics);
        }
        count
    };
    let (requests, seconds) = (count("requests"), count("seconds"));
    requests.zip(seconds)
}

/// The named schemas; also looks at what else there is to refer to.
fn schemas<'d>(components: Node<'d>, diagnostics: &mut Diagnostics) -> Vec<(&'d str, Node<'d>)> {
    // What refers to them says what it lacks.
    let effect = Effect::Imprecise("what refers to it is unknown");
    for key in [
        "responses",
        "parameters",
        "requestBodies",
        "headers",
        "callbacks",
        "pathItems",
    ] {
        expect::object(components, key, effect, diagnostics);
    }
    let effect = Effect::Missing("the schemas are missing");
    let named = expect::members(components, "schemas", effect, diagnostics);
    named
        .filter(|(name, node)| {
            if name.is_empty() {
                let message = "a schema must have a name".to_owned();
                let effect = "it is generated only where something refers to it";
                diagnostics.warning(*node, "missing-name", message, effect);
            }
            !name.is_empty()
        })
        .collect()
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
                "of what is new in it only the methods are read",
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

fn info<'d>(root: Node<'d>, diagnostics: &mut Diagnostics) -> Info<'d> {
    let effect = Effect::Imprecise("the package has no description");
    let Some(info) = expect::object(root, "info", effect, diagnostics) else {
        return Info::default();
    };
    let mut text = |key: &str| expect::text(info, key, effect, diagnostics);
    Info {
        title: text("title").unwrap_or_default(),
        version: text("version").unwrap_or_default().to_owned(),
        description: text("description"),
    }
}

fn declared_tags<'d>(root: Node<'d>, diagnostics: &mut Diagnostics) -> Vec<Tag<'d>> {
    let mut tags: Vec<Tag<'d>> = Vec::new();
    let effect = Effect::Imprecise("groups have neither order nor description");
    for tag in expect::items(root, "tags", effect, diagnostics) {
        let effect = Effect::Imprecise("the group has no description");
        let Some(tag) = expect::an(tag, "a tag", effect, diagnostics) else {
            continue;
        };
        let Some(name) = expect::text(tag, "name", effect, diagnostics) else {
            if tag.get("name").is_none_or(Node::is_null) {
                let message = "a tag must have a \"name\"".to_owned();
                expect::report(tag, expect::MALFORMED, message, effect, diagnostics);
            }
            continue;
        };
        if !tags.iter().any(|have| have.name == name) {
            tags.push(Tag {
                name,
                description: expect::description(tag, diagnostics),
                node: Some(tag),
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
                    node: None,
                });
            }
        }
    }
}
