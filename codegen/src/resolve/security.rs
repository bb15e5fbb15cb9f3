//! Security schemes and what operations require of them.

use crate::diagnostic::Diagnostics;
use crate::load::Node;

use super::reference::References;

/// A security scheme that the document defines.
#[derive(Clone, Debug)]
pub struct SecurityScheme<'d> {
    /// The name by which requirements call it.
    pub name: &'d str,
    /// What it is.
    pub kind: SchemeKind<'d>,
    /// `description`
    pub description: Option<&'d str>,
}

/// The kinds of security scheme (OpenAPI 3.1, section 4.8.27).
#[derive(Clone, Debug)]
pub enum SchemeKind<'d> {
    /// `http` with `bearer`
    Bearer,
    /// `http` with `basic`
    Basic,
    /// `apiKey`
    ApiKey {
        /// `header`, `query` or `cookie`
        location: &'d str,
        /// The parameter's name
        parameter: &'d str,
    },
    /// `oauth2`
    OAuth2 {
        /// The token URL of the client credentials flow, if there is one.
        token_url: Option<&'d str>,
    },
    /// `openIdConnect`
    OpenIdConnect,
    /// `mutualTLS` and anything else
    Other,
}

/// One alternative: all of its schemes together. No scheme at all means anonymous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement<'d> {
    /// Scheme names with the scopes that are needed.
    pub schemes: Vec<(&'d str, Vec<&'d str>)>,
}

pub(super) fn schemes<'d>(
    root: Node<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> Vec<SecurityScheme<'d>> {
    let stated = root
        .get("components")
        .and_then(|node| node.get("securitySchemes"));
    let mut schemes = Vec::new();
    for (name, node) in stated.into_iter().flat_map(Node::members) {
        let Some(node) = references.follow(node, diagnostics) else {
            continue;
        };
        let kind = kind(node);
        if matches!(kind, SchemeKind::Other) {
            let message =
                format!("the security scheme {name:?} is of a kind that is not supported");
            let effect = "the client's user has to satisfy it";
            diagnostics.warning(node, "unsupported-security-scheme", message, effect);
        }
        schemes.push(SecurityScheme {
            name,
            kind,
            description: node.get_str("description"),
        });
    }
    schemes
}

fn kind(node: Node<'_>) -> SchemeKind<'_> {
    match node.get_str("type") {
        Some("http") => match node
            .get_str("scheme")
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("bearer") => SchemeKind::Bearer,
            Some("basic") => SchemeKind::Basic,
            _ => SchemeKind::Other,
        },
        Some("apiKey") => match (node.get_str("in"), node.get_str("name")) {
            (Some(location @ ("header" | "query" | "cookie")), Some(parameter)) => {
                SchemeKind::ApiKey {
                    location,
                    parameter,
                }
            }
            _ => SchemeKind::Other,
        },
        Some("oauth2") => SchemeKind::OAuth2 {
            token_url: node
                .get("flows")
                .and_then(|flows| flows.get("clientCredentials"))
                .and_then(|flow| flow.get_str("tokenUrl")),
        },
        Some("openIdConnect") => SchemeKind::OpenIdConnect,
        _ => SchemeKind::Other,
    }
}

pub(super) fn requirements(node: Node<'_>) -> Vec<Requirement<'_>> {
    node.items()
        .map(|requirement| Requirement {
            schemes: requirement
                .members()
                .map(|(name, scopes)| (name, scopes.items().filter_map(Node::as_str).collect()))
                .collect(),
        })
        .collect()
}
