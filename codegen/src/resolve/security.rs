//! Security schemes and what operations require of them.

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

use super::expect::{self, Effect};
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
    /// Where it stands.
    pub node: Node<'d>,
    /// Scheme names with the scopes that are needed.
    pub schemes: Vec<(&'d str, Vec<&'d str>)>,
}

pub(super) fn schemes<'d>(
    components: Node<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> Vec<SecurityScheme<'d>> {
    let effect = Effect::Missing("the client knows no way to authenticate");
    let stated = expect::members(components, "securitySchemes", effect, diagnostics);
    let mut schemes = Vec::new();
    for (name, node) in stated {
        let Some(node) = references.follow(node, diagnostics) else {
            continue;
        };
        let described = expect::an(node, "a security scheme", UNSATISFIED, diagnostics);
        schemes.push(SecurityScheme {
            name,
            kind: described.map_or(SchemeKind::Other, |node| kind(name, node, diagnostics)),
            description: expect::description(node, diagnostics),
        });
    }
    schemes
}

const UNSATISFIED: Effect<'static> = Effect::Imprecise("the client's user has to satisfy it");

fn kind<'d>(name: &str, node: Node<'d>, diagnostics: &mut Diagnostics) -> SchemeKind<'d> {
    let mut required = |key: &'static str| {
        let value = node.get_str(key);
        if value.is_none() {
            let message = format!("the security scheme {name:?} needs a text {key:?}");
            let at = node.get(key).unwrap_or(node);
            expect::report(at, expect::MALFORMED, message, UNSATISFIED, diagnostics);
        }
        value
    };
    let Some(stated) = required("type") else {
        return SchemeKind::Other;
    };
    let known = match stated {
        "http" => match required("scheme").map(str::to_ascii_lowercase).as_deref() {
            Some("bearer") => Some(SchemeKind::Bearer),
            Some("basic") => Some(SchemeKind::Basic),
            Some(_) => None,
            None => return SchemeKind::Other,
        },
        "apiKey" => match (required("in"), required("name")) {
            (Some(location @ ("header" | "query" | "cookie")), Some(parameter)) => {
                Some(SchemeKind::ApiKey {
                    location,
                    parameter,
                })
            }
            (Some(_), Some(_)) => None,
            _ => return SchemeKind::Other,
        },
        "oauth2" => Some(SchemeKind::OAuth2 {
            token_url: token_url(node, diagnostics),
        }),
        "openIdConnect" => Some(SchemeKind::OpenIdConnect),
        _ => None,
    };
    known.unwrap_or_else(|| {
        let message = format!("the security scheme {name:?} is of a kind that is not supported");
        let code = "unsupported-security-scheme";
        expect::report(node, code, message, UNSATISFIED, diagnostics);
        SchemeKind::Other
    })
}

/// The token URL of the client credentials flow.
fn token_url<'d>(node: Node<'d>, diagnostics: &mut Diagnostics) -> Option<&'d str> {
    let effect = Effect::Imprecise("a token has to be given to the client");
    let flows = expect::object(node, "flows", effect, diagnostics)?;
    let flow = expect::object(flows, "clientCredentials", effect, diagnostics)?;
    expect::text(flow, "tokenUrl", effect, diagnostics)
}

/// The requirements that an object states; `None` if it states none that can be read, which costs
/// `effect`.
pub(super) fn requirements<'d>(
    holder: Node<'d>,
    effect: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Requirement<'d>>> {
    let stated = holder.get("security")?;
    let effect = Effect::Missing(effect);
    let stated = expect::of_kind(stated, "security", Kind::Array, effect, diagnostics)?;
    let effect = Effect::Missing("the alternative is missing");
    let mut requirements = Vec::new();
    for node in stated.items() {
        if let Some(node) = expect::an(node, "a security requirement", effect, diagnostics) {
            let schemes = node.members();
            requirements.push(Requirement {
                node,
                schemes: schemes
                    .map(|(name, stated)| (name, scopes(name, stated, diagnostics)))
                    .collect(),
            });
        }
    }
    // Requirements of which none can be read are not the same as none at all.
    (!requirements.is_empty() || stated.items().len() == 0).then_some(requirements)
}

fn scopes<'d>(name: &str, stated: Node<'d>, diagnostics: &mut Diagnostics) -> Vec<&'d str> {
    let effect = Effect::Imprecise("no scopes are asked for");
    let stated = expect::of_kind(stated, name, Kind::Array, effect, diagnostics);
    let effect = Effect::Imprecise("the scope is not asked for");
    let items = stated.into_iter().flat_map(Node::items);
    items
        .filter_map(|scope| {
            if scope.as_str().is_none() {
                expect::unexpected(scope, "a scope", effect, diagnostics);
            }
            scope.as_str()
        })
        .collect()
}
