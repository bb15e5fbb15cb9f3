//! Operations with everything they need: parameters merged, bodies, responses, servers, security.

use crate::diagnostic::Diagnostics;
use crate::load::Node;

use super::body::{MediaType, RequestBody};
use super::expect::{self, Effect};
use super::parameter::Parameter;
use super::reference::References;
use super::responses::Response;
use super::security::{self, Requirement};
use super::servers::{Server, servers};

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// The operation whose callback it is.
    pub called_by: Option<Node<'d>>,
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

impl Operation<'_> {
    /// Whether the text is the operation's method and path: `GET /pets/{id}`; of a webhook, method
    /// and name.
    pub fn is_at(&self, route: &str) -> bool {
        let start = route.find(|c: char| c == '/' || c.is_whitespace());
        let (method, path) = route.split_at(start.unwrap_or(route.len()));
        method.eq_ignore_ascii_case(self.method) && path.trim() == self.path
    }
}

/// What an operation sends and what comes back.
#[derive(Clone, Debug)]
pub struct Messages<'d> {
    /// Media types of the request body; empty if there is none.
    pub request: Vec<MediaType<'d>>,
    /// Responses in document order.
    pub responses: Vec<Response<'d>>,
}

/// Reads the messages of an operation again, for what there is to say of these alone.
pub fn messages<'d>(
    operation: &Operation<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> Messages<'d> {
    let mut reader = OperationReader {
        references,
        diagnostics,
        is_incoming: false,
    };
    Messages {
        request: reader.request_body(operation.node).content,
        responses: reader.responses(operation.node),
    }
}

/// Reads operations and what belongs to them.
pub(super) struct OperationReader<'a, 'd> {
    pub(super) references: &'a References<'d>,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Whether the operations are ones that the API calls: webhooks and callbacks.
    pub(super) is_incoming: bool,
}

impl<'d> OperationReader<'_, 'd> {
    /// The operation that `node` states for the path item `item`.
    pub(super) fn operation(
        &mut self,
        path: &'d str,
        method: &'d str,
        node: Node<'d>,
        item: Node<'d>,
        security: &[Requirement<'d>],
    ) -> Option<Operation<'d>> {
        let node = self.references.follow(node, self.diagnostics)?;
        let effect = Effect::Missing("the operation is missing");
        let node = expect::an(node, "an operation", effect, self.diagnostics)?;
        let mut own_servers = servers(node, self.diagnostics);
        if own_servers.is_empty() {
            own_servers = servers(item, self.diagnostics);
        }
        let inherited = "what the document requires is required here";
        let stated_security = security::requirements(node, inherited, self.diagnostics);
        let RequestBody {
            content: request,
            required: request_required,
            description: request_description,
        } = self.request_body(node);
        let unnamed = Effect::Imprecise("it is named after its method and path");
        let id = expect::text(node, "operationId", unnamed, self.diagnostics);
        let undocumented = Effect::Imprecise("the documentation lacks it");
        let mut text = |key: &str| {
            let own = expect::text(node, key, undocumented, self.diagnostics);
            own.filter(|text| !text.is_empty())
                .or_else(|| item.get_str(key))
        };
        let (summary, description) = (text("summary"), text("description"));
        let effect = Effect::Imprecise("it is not deprecated");
        let deprecated = expect::flag(node, "deprecated", effect, self.diagnostics) == Some(true);
        Some(Operation {
            node,
            called_by: None,
            method,
            path,
            id: id.filter(|id| !id.is_empty()),
            tags: self.tags(node),
            summary,
            description,
            deprecated,
            parameters: self.parameters(path, node, item),
            request,
            request_required,
            request_description,
            responses: self.responses(node),
            security: stated_security.unwrap_or_else(|| security.to_vec()),
            servers: own_servers,
        })
    }

    fn tags(&mut self, node: Node<'d>) -> Vec<&'d str> {
        let effect = Effect::Imprecise("the operation is grouped as if it had no tags");
        let stated = expect::items(node, "tags", effect, self.diagnostics);
        let effect = Effect::Imprecise("the tag is ignored");
        stated
            .filter_map(|tag| {
                let name = tag.scalar_text();
                if name.is_none() {
                    expect::unexpected(tag, "a tag's name", effect, self.diagnostics);
                }
                name
            })
            .collect()
    }
}
