//! Bodies of forms: `multipart/form-data` as a type of its own, whose files are files, and how the
//! properties of a form become text.

use crate::ir::{self, Form, FormEncoding, FormPart, Shape, TypeId, TypeRef};
use crate::load::Node;
use crate::resolve::{Location, MediaType, Style, Types};

use super::docs;
use super::names::{self, Scope};
use super::types::{Draft, TypeLowering};

impl<'d> TypeLowering<'_, 'd> {
    /// The type of a multipart body; the parts themselves where the schema does not list them.
    pub(super) fn multipart_type(&mut self, media: &MediaType<'d>, hint: &str) -> TypeRef {
        let Some(stated) = media.schema else {
            return TypeRef::Multipart;
        };
        let target = self
            .references
            .follow(stated, self.diagnostics)
            .unwrap_or(stated);
        if let Some(id) = self
            .forms
            .get(&(target.id(), media.node.get("encoding").map(Node::id)))
        {
            return TypeRef::Named(*id);
        }
        let Some(schema) = self.reader().read(&[stated], false) else {
            return TypeRef::Multipart;
        };
        if schema.properties.is_empty() || !schema.alternatives.is_empty() {
            return TypeRef::Multipart;
        }
        let hint = match stated
            .get_str("$ref")
            .and_then(|text| text.rsplit('/').next())
        {
            Some(name) => format!("{name} form"),
            None => hint.to_owned(),
        };
        let wires = schema.properties.iter().map(|(wire, _)| *wire);
        let names = Scope::default().unique_all(wires, names::value_name);
        let mut parts = Vec::new();
        for ((wire, nodes), name) in schema.properties.iter().zip(names) {
            let encoding = media.node.get("encoding").and_then(|all| all.get(wire));
            let content_type = encoding.and_then(|encoding| encoding.get_str("contentType"));
            let required = schema.required.contains(wire);
            // Only a part that is JSON can say null, and only a required one has to.
            let says_null = required && content_type.is_some_and(names_json);
            let ty = match self.part_type(nodes, &format!("{hint} {wire}")) {
                TypeRef::Nullable(inner) if !says_null => *inner,
                ty => ty,
            };
            parts.push(FormPart {
                name,
                wire: schema.node.share(wire),
                ty,
                required,
                // A list of media types leaves the choice to the sender.
                content_type: content_type
                    .filter(|text| !text.contains([',', '*']))
                    .unwrap_or_default()
                    .to_owned(),
                docs: docs::of_property(nodes),
            });
        }
        let docs = docs::of_schema(target);
        let id: TypeId = self.draft(
            target,
            Draft {
                hint,
                is_named: false,
                shape: Shape::Form(Form { parts }),
                docs,
            },
        );
        self.forms
            .insert((target.id(), media.node.get("encoding").map(Node::id)), id);
        TypeRef::Named(id)
    }

    fn part_type(&mut self, nodes: &[Node<'d>], hint: &str) -> TypeRef {
        if self.is_binary(nodes) {
            return TypeRef::File;
        }
        if let Some(schema) = self.reader().read(nodes, false)
            && schema.types == Types::ARRAY
            && self.is_binary(&schema.items)
        {
            return TypeRef::List(Box::new(TypeRef::File));
        }
        self.type_of_all(nodes, hint).into_ref()
    }

    /// Whether a form's property is a file: binary text, or text of a media type of its own.
    fn is_binary(&mut self, nodes: &[Node<'d>]) -> bool {
        let Some(schema) = self.reader().read(nodes, false) else {
            return false;
        };
        let has = |key: &str| schema.parts.iter().any(|part| part.get(key).is_some());
        schema.format == Some("binary")
            || schema
                .parts
                .iter()
                .any(|part| part.get_str("type") == Some("file"))
            || (has("contentMediaType") && !has("contentEncoding"))
    }
}

/// Whether one of a list of media types is JSON.
fn names_json(media_types: &str) -> bool {
    media_types.split(',').any(ir::is_json)
}

/// How a form's properties become text, where the document says so (the Encoding Object).
pub(super) fn encodings(media: &MediaType<'_>) -> Vec<FormEncoding> {
    let stated = media
        .node
        .get("encoding")
        .into_iter()
        .flat_map(Node::members);
    stated
        .map(|(name, node)| {
            let style = node.get_str("style").and_then(Style::named);
            let explode = node.get("explode").and_then(Node::as_bool);
            let style = match (style, explode) {
                (None, None) => None,
                (style, explode) => {
                    let style = style.unwrap_or(Style::default_in(Location::Query));
                    Some((style, explode.unwrap_or(style == Style::Form)))
                }
            };
            let allow_reserved = node.is_true("allowReserved");
            let media_type = node.get_str("contentType").unwrap_or_default();
            FormEncoding {
                name: name.to_owned(),
                // What says how it is laid out in a form outweighs the media type (OpenAPI 3.1,
                // section 4.8.15).
                media_type: if style.is_some() || allow_reserved {
                    String::new()
                } else {
                    media_type.to_owned()
                },
                style,
                allow_reserved,
            }
        })
        .collect()
}
