//! Request bodies, and the media types of bodies in both directions.

use crate::load::Node;

use super::expect::{self, Effect};
use super::http;
use super::operation::OperationReader;

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

/// A request's body.
#[derive(Default)]
pub(super) struct RequestBody<'d> {
    pub(super) content: Vec<MediaType<'d>>,
    pub(super) required: bool,
    pub(super) description: Option<&'d str>,
}

impl<'d> OperationReader<'_, 'd> {
    /// The request body of an operation; one without media types if there is none.
    pub(super) fn request_body(&mut self, operation: Node<'d>) -> RequestBody<'d> {
        let missing = Effect::Missing("the operation takes no body");
        let Some(stated) = operation.get("requestBody") else {
            return RequestBody::default();
        };
        let body = self.references.follow(stated, self.diagnostics);
        let Some(body) =
            body.and_then(|body| expect::an(body, "a request body", missing, self.diagnostics))
        else {
            return RequestBody::default();
        };
        let content = self.content(body);
        let stated = body.get("content");
        if stated.is_none_or(|stated| stated.is_object() && stated.members().len() == 0) {
            let message = "a request body must have \"content\" with a media type".to_owned();
            let at = stated.unwrap_or(body);
            expect::report(at, expect::MALFORMED, message, missing, self.diagnostics);
        }
        let effect = Effect::Imprecise("the body is optional");
        RequestBody {
            content,
            required: expect::flag(body, "required", effect, self.diagnostics) == Some(true),
            description: expect::description(body, self.diagnostics),
        }
    }

    /// The media types of a request body or a response.
    pub(super) fn content(&mut self, holder: Node<'d>) -> Vec<MediaType<'d>> {
        let effect = Effect::Missing("the body is missing");
        let stated = expect::members(holder, "content", effect, self.diagnostics);
        stated
            .filter(|(name, _)| !name.starts_with("x-"))
            .filter_map(|(name, node)| self.media_type(name, node))
            .collect()
    }

    fn media_type(&mut self, name: &'d str, stated: Node<'d>) -> Option<MediaType<'d>> {
        if !http::is_media_type(name) {
            let message = format!("{name:?} is no media type: expected one like application/json");
            let (effect, is_usable) = if http::is_field_value(name) {
                (Effect::Imprecise("it is used as it is written"), true)
            } else {
                (Effect::Missing("this form of the body is missing"), false)
            };
            let code = "invalid-media-type";
            expect::report(stated, code, message, effect, self.diagnostics);
            if !is_usable {
                return None;
            }
        }
        let node = self.references.follow(stated, self.diagnostics);
        let node = node.unwrap_or(stated);
        let effect = Effect::Imprecise("the body is any value");
        if expect::an(node, "a media type", effect, self.diagnostics).is_some() {
            let effect = Effect::Imprecise("each part is encoded as its type says");
            let encodings = expect::members(node, "encoding", effect, self.diagnostics);
            for (_, encoding) in encodings {
                expect::an(encoding, "an encoding", effect, self.diagnostics);
            }
        }
        Some(MediaType {
            node,
            name,
            schema: node.get("schema"),
        })
    }
}
