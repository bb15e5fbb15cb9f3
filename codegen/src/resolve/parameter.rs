//! Parameters of operations.

use crate::load::Node;

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
