//! Parameters: of a path item and its operation together, in agreement with the path.

use crate::load::Node;

use super::expect::{self, Effect};
use super::operation::OperationReader;
use super::{http, template};

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// In the path template
    Path,
    /// In the query string
    Query,
    /// In a request header
    Header,
    /// In the `Cookie` header
    Cookie,
}

impl Location {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "path" => Self::Path,
            "query" => Self::Query,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// The word that the document uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a parameter's value becomes text (OpenAPI 3.1, section 4.8.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// `matrix`
    Matrix,
    /// `label`
    Label,
    /// `simple`
    Simple,
    /// `form`
    Form,
    /// `spaceDelimited`
    SpaceDelimited,
    /// `pipeDelimited`
    PipeDelimited,
    /// `deepObject`
    DeepObject,
}

impl Style {
    /// The style of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "matrix" => Self::Matrix,
            "label" => Self::Label,
            "simple" => Self::Simple,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }

    /// Whether parameters of this location have the style (OpenAPI 3.1, section 4.8.12.3).
    fn fits(self, location: Location) -> bool {
        match self {
            Self::Matrix | Self::Label => location == Location::Path,
            Self::Simple => matches!(location, Location::Path | Location::Header),
            Self::Form => matches!(location, Location::Query | Location::Cookie),
            Self::SpaceDelimited | Self::PipeDelimited | Self::DeepObject => {
                location == Location::Query
            }
        }
    }

    /// The style of parameters that state none.
    pub fn default_in(location: Location) -> Self {
        match location {
            Location::Path | Location::Header => Self::Simple,
            Location::Query | Location::Cookie => Self::Form,
        }
    }
}

/// A parameter with its defaults filled in.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the document states each of them apart"
)]
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    /// Where it stands.
    pub node: Node<'d>,
    /// The name on the wire.
    pub name: &'d str,
    /// Where it goes.
    pub location: Location,
    /// Whether a request must have it.
    pub required: bool,
    /// `deprecated`
    pub deprecated: bool,
    /// `description`
    pub description: Option<&'d str>,
    /// `style`, or the location's own
    pub style: Style,
    /// `explode`, or the style's own
    pub explode: bool,
    /// `allowReserved`
    pub allow_reserved: bool,
    /// The value's schema.
    pub schema: Option<Node<'d>>,
    /// The media type, if the value is serialised by `content` rather than by a style.
    pub media_type: Option<&'d str>,
}

impl<'d> OperationReader<'_, 'd> {
    /// The parameters of a path item and its operation; the operation's win.
    pub(super) fn parameters(
        &mut self,
        path: &'d str,
        node: Node<'d>,
        item: Node<'d>,
    ) -> Vec<Parameter<'d>> {
        let mut parameters: Vec<Parameter<'d>> = Vec::new();
        for (level, holder) in [(0, item), (1, node)] {
            let mut own: Vec<Parameter<'d>> = Vec::new();
            let effect = Effect::Missing("the parameters are missing");
            for stated in expect::items(holder, "parameters", effect, self.diagnostics) {
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
        let missing = Effect::Missing("the parameter is missing");
        let node = self.references.follow(stated, self.diagnostics)?;
        let node = expect::an(node, "a parameter", missing, self.diagnostics)?;
        let name = node.get("name").and_then(Node::scalar_text);
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            let message = "a parameter must have a \"name\" that is a string".to_owned();
            let at = node.get("name").unwrap_or(node);
            expect::report(at, expect::MALFORMED, message, missing, self.diagnostics);
            return None;
        };
        let Some(location) = node.get_str("in").and_then(Location::named) else {
            let message = "a parameter's \"in\" must be path, query, header or cookie".to_owned();
            let at = node.get("in").unwrap_or(node);
            expect::report(at, expect::MALFORMED, message, missing, self.diagnostics);
            return None;
        };
        if location == Location::Header && !self.is_usable_header(name, node) {
            return None;
        }
        let mut flag = |key: &str, effect: &str| {
            expect::flag(node, key, Effect::Imprecise(effect), self.diagnostics)
        };
        let required = flag("required", "the parameter is optional") == Some(true);
        let deprecated = flag("deprecated", "it is not deprecated") == Some(true);
        let allow_reserved = flag("allowReserved", "reserved characters are escaped") == Some(true);
        let explode = flag("explode", "the style's own is used");
        let style = self.style(node, location);
        let (schema, media_type) = self.value(name, node);
        Some(Parameter {
            node,
            name,
            location,
            required: required || location == Location::Path,
            deprecated,
            description: expect::description(node, self.diagnostics),
            style,
            explode: explode.unwrap_or(style == Style::Form),
            allow_reserved,
            schema,
            media_type,
        })
    }

    fn is_usable_header(&mut self, name: &str, node: Node<'d>) -> bool {
        if !http::is_token(name) {
            let message = format!("{name:?} is no header's name");
            let effect = "the parameter is missing";
            self.diagnostics
                .error(node, "invalid-header-name", message, effect);
            return false;
        }
        let lower = name.to_ascii_lowercase();
        let is_reserved = ["accept", "content-type", "authorization"].contains(&lower.as_str());
        if is_reserved {
            // OpenAPI 3.1, section 4.8.12.1: such a definition shall be ignored.
            let message = format!("a parameter cannot define the header {name:?}");
            let effect = "ignored: media types and security say it";
            self.diagnostics
                .note(node, "reserved-header", message, effect);
        }
        !is_reserved
    }

    fn style(&mut self, node: Node<'d>, location: Location) -> Style {
        let default = Style::default_in(location);
        let Some(stated) = node.get("style") else {
            return default;
        };
        let effect = Effect::Imprecise("the default style is used");
        let Some(name) = stated.as_str() else {
            expect::malformed(stated, "style", "a string", effect, self.diagnostics);
            return default;
        };
        let message = match Style::named(name) {
            Some(style) if style.fits(location) => return style,
            Some(_) => format!("{} parameters have no style {name:?}", location.as_str()),
            None => format!("{name:?} is no parameter style"),
        };
        let code = "unsupported-style";
        expect::report(stated, code, message, effect, self.diagnostics);
        default
    }

    /// The schema of a parameter's value, and the media type where `content` states it.
    fn value(&mut self, name: &str, node: Node<'d>) -> (Option<Node<'d>>, Option<&'d str>) {
        let text = Effect::Imprecise("it is taken to be a string");
        let schema = node.get("schema");
        let mut content = expect::members(node, "content", text, self.diagnostics);
        let Some((media_type, media)) = content.next() else {
            let is_empty = node.get("content").is_none_or(Node::is_object);
            if schema.is_none() && is_empty {
                let message =
                    format!("the parameter {name:?} has neither \"schema\" nor \"content\"");
                let code = "missing-schema";
                expect::report(node, code, message, text, self.diagnostics);
            }
            return (schema, None);
        };
        for (other, node) in content {
            let message = format!("a parameter has one media type, {other:?} is another");
            let effect = "the first is used";
            self.diagnostics
                .warning(node, "several-media-types", message, effect);
        }
        if let Some(schema) = schema {
            let message = format!("the parameter {name:?} has both \"schema\" and \"content\"");
            let effect = "\"content\" is used";
            self.diagnostics
                .warning(schema, "schema-and-content", message, effect);
        }
        let media = self.references.follow(media, self.diagnostics);
        let media =
            media.and_then(|media| expect::an(media, "a media type", text, self.diagnostics));
        (
            media.and_then(|media| media.get("schema")),
            Some(media_type),
        )
    }

    /// Makes the parameters agree with the path's template. What an API calls itself has a name or
    /// an expression for a path.
    fn check_path_parameters(
        &mut self,
        path: &'d str,
        node: Node<'d>,
        parameters: &mut Vec<Parameter<'d>>,
    ) {
        if self.is_incoming {
            return;
        }
        let used = template::names(path);
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
            // In `/search?term={term}` a parameter of the query has its place in the path.
            let query = path.split_once('?').map_or("", |(_, query)| query);
            let in_query = parameters
                .iter_mut()
                .find(|parameter| parameter.location == Location::Query && parameter.name == name);
            if let Some(parameter) = in_query.filter(|_| template::names(query).contains(&name)) {
                parameter.location = Location::Path;
                parameter.required = true;
                parameter.style = Style::Simple;
                parameter.explode = false;
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
}
