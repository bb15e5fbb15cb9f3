//! Servers and the variables of their URLs.

use crate::diagnostic::Diagnostics;
use crate::load::Node;

use super::expect::{self, Effect};
use super::template;

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

/// The servers that an object names.
pub(super) fn servers<'d>(holder: Node<'d>, diagnostics: &mut Diagnostics) -> Vec<Server<'d>> {
    let effect = Effect::Missing("the servers are missing");
    let stated = expect::items(holder, "servers", effect, diagnostics);
    stated
        .filter_map(|node| server(node, diagnostics))
        .collect()
}

fn server<'d>(node: Node<'d>, diagnostics: &mut Diagnostics) -> Option<Server<'d>> {
    let missing = Effect::Missing("the server is missing");
    let node = expect::an(node, "a server", missing, diagnostics)?;
    let Some(url_node) = node.get("url") else {
        let message = "a server must have a \"url\"".to_owned();
        expect::report(node, expect::MALFORMED, message, missing, diagnostics);
        return None;
    };
    let Some(url) = url_node.as_str() else {
        expect::malformed(url_node, "url", "a string", missing, diagnostics);
        return None;
    };
    if let Some(reason) = unusable(url) {
        let message = format!("{url:?} is no server URL: {reason}");
        expect::report(
            url_node,
            "invalid-server-url",
            message,
            missing,
            diagnostics,
        );
        return None;
    }
    let effect = Effect::Imprecise("the variables have no defaults");
    let declared = expect::members(node, "variables", effect, diagnostics);
    let mut variables: Vec<ServerVariable<'d>> = declared
        .map(|(name, node)| variable(name, node, diagnostics))
        .collect();
    for name in template::names(url) {
        if !variables.iter().any(|have| have.name == name) {
            let message = format!("the server's variable {name:?} is used and not declared");
            let effect = Effect::Imprecise("it is empty unless it is set");
            expect::report(
                url_node,
                "undeclared-server-variable",
                message,
                effect,
                diagnostics,
            );
            variables.push(ServerVariable {
                name,
                default: String::new(),
                values: Vec::new(),
                description: None,
            });
        }
    }
    Some(Server {
        url,
        description: expect::description(node, diagnostics),
        variables,
    })
}

/// Why no request can go to this URL template.
fn unusable(url: &str) -> Option<&'static str> {
    if url.is_empty() {
        return Some("it is empty");
    }
    if template::defect(url).is_some() {
        return Some("its braces do not match");
    }
    // RFC 3986, appendix A; characters beyond ASCII are left to the URL parser.
    let is_refused = |c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`|".contains(c);
    let mut literal = template::literals(url);
    literal
        .any(|text| text.contains(is_refused))
        .then_some("it holds characters that a URL cannot hold")
}

fn variable<'d>(
    name: &'d str,
    node: Node<'d>,
    diagnostics: &mut Diagnostics,
) -> ServerVariable<'d> {
    let empty = Effect::Imprecise("it is empty unless it is set");
    let unbound = Effect::Imprecise("any value may be set");
    let Some(node) = expect::an(node, "a server variable", empty, diagnostics) else {
        return ServerVariable {
            name,
            default: String::new(),
            values: Vec::new(),
            description: None,
        };
    };
    let values: Vec<_> = expect::items(node, "enum", unbound, diagnostics).collect();
    let values: Vec<String> = values
        .into_iter()
        .filter_map(|value| {
            let text = value.scalar_text().map(str::to_owned);
            if text.is_none() {
                let effect = Effect::Imprecise("the value is not listed");
                expect::unexpected(value, "a value of the variable", effect, diagnostics);
            }
            text
        })
        .collect();
    let default = expect::text(node, "default", empty, diagnostics).map(str::to_owned);
    if node.get("default").is_none_or(Node::is_null) {
        let message = format!("the server's variable {name:?} has no \"default\"");
        let effect = match values.first() {
            Some(_) => "the first of its values is taken",
            None => "it is empty unless it is set",
        };
        diagnostics.warning(node, "missing-default", message, effect);
    }
    ServerVariable {
        name,
        default: default
            .or_else(|| values.first().cloned())
            .unwrap_or_default(),
        values,
        description: expect::description(node, diagnostics),
    }
}
