//! Operations with everything they need: parameters merged, bodies, responses, servers, security.

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

use super::api::{Server, ServerVariable};
use super::parameter::{Location, Parameter, Style};
use super::reference::References;
use super::security::{self, Requirement};

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// The HTTP method in lower case.
    pub method: &'d str,
    /// The path template, or a webhook's name.
    pub path: &'d str,
    /// `operationId`, if there is a usable one.
    pub id: Option<&'d str>,
    /// `tags`
    pub tags: Vec<&'d str>,
    /// `summary`
    pub summary: Option<&'d str>,
    /// `description`
    pub description: Option<&'d str>,
    /// `deprecated`
    pub deprecated: bool,
    /// Path item's and operation's parameters, merged.
    pub parameters: Vec<Parameter<'d>>,
    /// Media types of the request body; empty if there is none.
    pub request: Vec<MediaType<'d>>,
    /// Whether a request must have a body.
    pub request_required: bool,
    /// The body's `description`.
    pub request_description: Option<&'d str>,
    /// Responses in document order.
    pub responses: Vec<Response<'d>>,
    /// Alternatives of security requirements; empty if none is required.
    pub security: Vec<Requirement<'d>>,
    /// Servers that replace the document's; empty if the document's hold.
    pub servers: Vec<Server<'d>>,
}

/// A response's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// One status code
    Code(u16),
    /// `1XX` to `5XX`
    Range(u8),
    /// Every status that is not stated
    Default,
}

impl Status {
    fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("default") {
            return Some(Self::Default);
        }
        if let Some(class) = text.strip_suffix("XX").or_else(|| text.strip_suffix("xx")) {
            return class
                .parse()
                .ok()
                .filter(|class| (1..=5).contains(class))
                .map(Self::Range);
        }
        text.parse()
            .ok()
            .filter(|code| (100..=999).contains(code))
            .map(Self::Code)
    }

    /// Whether a response of this status is a success.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// Its status.
    pub status: Status,
    /// `description`
    pub description: Option<&'d str>,
    /// Declared headers.
    pub headers: Vec<Header<'d>>,
    /// Media types of the body; empty if there is none.
    pub content: Vec<MediaType<'d>>,
}

/// A declared response header.
#[derive(Clone, Debug)]
pub struct Header<'d> {
    /// The header's name.
    pub name: &'d str,
    /// `description`
    pub description: Option<&'d str>,
    /// The value's schema.
    pub schema: Option<Node<'d>>,
}

/// A media type of a body.
#[derive(Clone, Debug)]
pub struct MediaType<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// Its name as the document has it.
    pub name: &'d str,
    /// The body's schema.
    pub schema: Option<Node<'d>>,
}

pub(super) struct OperationReader<'a, 'd> {
    pub(super) references: &'a References<'d>,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl<'d> OperationReader<'_, 'd> {
    pub(super) fn requirements(&mut self, node: Node<'d>) -> Vec<Requirement<'d>> {
        if node.kind() != Kind::Array {
            self.malformed(node, "security", "an array", "no security is assumed");
        }
        security::requirements(node)
    }

    pub(super) fn operation(
        &mut self,
        path: &'d str,
        method: &'d str,
        node: Node<'d>,
        item: Node<'d>,
        security: &[Requirement<'d>],
    ) -> Option<Operation<'d>> {
        let node = self.references.follow(node, self.diagnostics)?;
        if !node.is_object() {
            self.malformed(node, method, "an operation", "the operation is missing");
            return None;
        }
        let mut own_servers = servers(node);
        if own_servers.is_empty() {
            own_servers = servers(item);
        }
        let stated_security = node.get("security").map(|node| self.requirements(node));
        let body = node
            .get("requestBody")
            .and_then(|body| self.references.follow(body, self.diagnostics));
        let text = |key: &str| {
            let own = node.get_str(key);
            own.filter(|text| !text.is_empty())
                .or_else(|| item.get_str(key))
        };
        Some(Operation {
            node,
            method,
            path,
            id: node
                .get("operationId")
                .and_then(Node::scalar_text)
                .filter(|id| !id.is_empty()),
            tags: node
                .get("tags")
                .into_iter()
                .flat_map(Node::items)
                .filter_map(Node::scalar_text)
                .collect(),
            summary: text("summary"),
            description: text("description"),
            deprecated: node.is_true("deprecated"),
            parameters: self.parameters(path, node, item),
            request: body.map(|body| self.content(body)).unwrap_or_default(),
            request_required: body.is_some_and(|body| body.is_true("required")),
            request_description: body.and_then(|body| body.get_str("description")),
            responses: self.responses(node),
            security: stated_security.unwrap_or_else(|| security.to_vec()),
            servers: own_servers,
        })
    }

    fn parameters(&mut self, path: &'d str, node: Node<'d>, item: Node<'d>) -> Vec<Parameter<'d>> {
        let mut parameters: Vec<Parameter<'d>> = Vec::new();
        for (level, holder) in [(0, item), (1, node)] {
            let mut own: Vec<Parameter<'d>> = Vec::new();
            for stated in holder.get("parameters").into_iter().flat_map(Node::items) {
                let Some(parameter) = self.parameter(stated) else {
                    continue;
                };
                let same = |have: &Parameter<'d>| {
                    have.name == parameter.name && have.location == parameter.location
                };
                if own.iter().any(same) {
                    let message = format!(
                        "the {} parameter {:?} stands here a second time",
                        parameter.location.as_str(),
                        parameter.name
                    );
                    self.diagnostics.warning(
                        stated,
                        "duplicate-parameter",
                        message,
                        "the first is used",
                    );
                    continue;
                }
                if level == 1 {
                    parameters.retain(|have| !same(have));
                }
                own.push(parameter);
            }
            parameters.append(&mut own);
        }
        self.check_path_parameters(path, node, &mut parameters);
        parameters
    }

    fn parameter(&mut self, stated: Node<'d>) -> Option<Parameter<'d>> {
        let node = self.references.follow(stated, self.diagnostics)?;
        let effect = "the parameter is missing";
        let Some(name) = node
            .get("name")
            .and_then(Node::scalar_text)
            .filter(|name| !name.is_empty())
        else {
            self.malformed(node, "name", "a parameter's name", effect);
            return None;
        };
        let Some(location) = node.get_str("in").and_then(Location::named) else {
            let message = "a parameter's \"in\" must be path, query, header or cookie".to_owned();
            self.diagnostics
                .error(node, "malformed-parameter", message, effect);
            return None;
        };
        if location == Location::Header
            && ["accept", "content-type", "authorization"]
                .contains(&name.to_ascii_lowercase().as_str())
        {
            // OpenAPI 3.1, section 4.8.12.1: such a definition shall be ignored.
            let message = format!("a parameter cannot define the header {name:?}");
            let effect = "ignored: media types and security say it";
            self.diagnostics
                .note(node, "reserved-header", message, effect);
            return None;
        }
        let content = node
            .get("content")
            .and_then(|content| content.members().next());
        let style = match node.get("style") {
            None => Style::default_in(location),
            Some(style) => style.as_str().and_then(Style::named).unwrap_or_else(|| {
                self.malformed(
                    style,
                    "style",
                    "a parameter style",
                    "the default style is used",
                );
                Style::default_in(location)
            }),
        };
        let explode = node
            .get("explode")
            .and_then(Node::as_bool)
            .unwrap_or(style == Style::Form);
        Some(Parameter {
            node,
            name,
            location,
            required: location == Location::Path || node.is_true("required"),
            deprecated: node.is_true("deprecated"),
            description: node.get_str("description"),
            style,
            explode,
            allow_reserved: node.is_true("allowReserved"),
            schema: match content {
                Some((_, media)) => media.get("schema"),
                None => node.get("schema"),
            },
            media_type: content.map(|(name, _)| name),
        })
    }

    /// Makes the parameters agree with the path's template.
    fn check_path_parameters(
        &mut self,
        path: &'d str,
        node: Node<'d>,
        parameters: &mut Vec<Parameter<'d>>,
    ) {
        let used = template_parameters(path);
        parameters.retain(|parameter| {
            let is_used = parameter.location != Location::Path || used.contains(&parameter.name);
            if !is_used {
                let message = format!("the path {path:?} has no {{{}}}", parameter.name);
                self.diagnostics.warning(
                    parameter.node,
                    "unused-path-parameter",
                    message,
                    "the parameter is missing",
                );
            }
            is_used
        });
        for name in used {
            let is_declared = |parameter: &Parameter<'d>| {
                parameter.location == Location::Path && parameter.name == name
            };
            if parameters.iter().any(is_declared) {
                continue;
            }
            let message = format!("the path parameter {name:?} is used and not declared");
            self.diagnostics.warning(
                node,
                "undeclared-path-parameter",
                message,
                "it is taken to be a string",
            );
            parameters.push(Parameter {
                node,
                name,
                location: Location::Path,
                required: true,
                deprecated: false,
                description: None,
                style: Style::Simple,
                explode: false,
                allow_reserved: false,
                schema: None,
                media_type: None,
            });
        }
    }

    fn content(&mut self, holder: Node<'d>) -> Vec<MediaType<'d>> {
        let stated = holder.get("content").into_iter().flat_map(Node::members);
        let mut content = Vec::new();
        for (name, node) in stated {
            if name.starts_with("x-") {
                continue;
            }
            let node = self
                .references
                .follow(node, self.diagnostics)
                .unwrap_or(node);
            content.push(MediaType {
                node,
                name,
                schema: node.get("schema"),
            });
        }
        content
    }

    fn responses(&mut self, operation: Node<'d>) -> Vec<Response<'d>> {
        let mut responses: Vec<Response<'d>> = Vec::new();
        for (key, stated) in operation
            .get("responses")
            .into_iter()
            .flat_map(Node::members)
        {
            if key.starts_with("x-") {
                continue;
            }
            let Some(status) = Status::parse(key) else {
                let message =
                    format!("{key:?} is no status: expected a code, 1XX to 5XX or default");
                self.diagnostics.error(
                    stated,
                    "malformed-status",
                    message,
                    "the response is missing",
                );
                continue;
            };
            let Some(node) = self.references.follow(stated, self.diagnostics) else {
                continue;
            };
            if responses.iter().any(|have| have.status == status) {
                continue;
            }
            let headers = node.get("headers").into_iter().flat_map(Node::members);
            let headers: Vec<_> = headers
                .filter_map(|(name, header)| {
                    let header = self.references.follow(header, self.diagnostics)?;
                    Some(Header {
                        name,
                        description: header.get_str("description"),
                        schema: header.get("schema"),
                    })
                })
                .filter(|header| !header.name.eq_ignore_ascii_case("content-type"))
                .collect();
            responses.push(Response {
                node,
                status,
                description: node.get_str("description"),
                headers,
                content: self.content(node),
            });
        }
        responses
    }

    fn malformed(&mut self, node: Node<'d>, key: &str, expected: &str, effect: &str) {
        let found = node.kind().with_article();
        let message = format!("{key:?} must be {expected}, found {found}");
        self.diagnostics.error(node, "malformed", message, effect);
    }
}

/// The servers that an object names.
pub(super) fn servers(holder: Node<'_>) -> Vec<Server<'_>> {
    let stated = holder.get("servers").into_iter().flat_map(Node::items);
    stated
        .filter_map(|server| {
            let url = server.get_str("url")?;
            let variables = server.get("variables").into_iter().flat_map(Node::members);
            Some(Server {
                url,
                description: server.get_str("description"),
                variables: variables
                    .map(|(name, node)| server_variable(name, node))
                    .collect(),
            })
        })
        .collect()
}

fn server_variable<'d>(name: &'d str, node: Node<'d>) -> ServerVariable<'d> {
    let text = |node: Node<'d>| node.scalar_text().unwrap_or_default().to_owned();
    ServerVariable {
        name,
        default: node.get("default").map(text).unwrap_or_default(),
        values: node
            .get("enum")
            .into_iter()
            .flat_map(Node::items)
            .map(text)
            .collect(),
        description: node.get_str("description"),
    }
}

/// The names in a path template's braces, each once.
pub(super) fn template_parameters(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    names
}
