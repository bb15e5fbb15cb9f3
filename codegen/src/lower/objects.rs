//! Objects: a field for each property, and one for those that are not listed.

use crate::ir::{Docs, Field, MapField, Presence, Struct, TypeRef};
use crate::load::Node;
use crate::resolve::{Additional, Schema};
use crate::text::Text;

use super::docs;
use super::names::{self, Scope};
use super::types::TypeLowering;

impl<'d> TypeLowering<'_, 'd> {
    /// The properties of an object schema as fields; `hint` is what its types are named after.
    pub(super) fn fill_struct(&mut self, schema: &Schema<'d>, hint: &str) -> Struct {
        let mut scope = Scope::default();
        let wires = schema.properties.iter().map(|(wire, _)| *wire);
        let names = scope.unique_all(wires, names::value_name);
        let mut fields = Vec::with_capacity(schema.properties.len());
        for ((wire, nodes), name) in schema.properties.iter().zip(names) {
            let typed = self.type_of_all(nodes, &format!("{hint} {wire}"));
            let is_true = |key: &str| {
                nodes.iter().any(|node| {
                    node.is_true(key)
                        || self
                            .references
                            .follow(*node, self.diagnostics)
                            .is_some_and(|target| target.is_true(key))
                })
            };
            let (read_only, write_only) = {
                let mut is_true = is_true;
                (is_true("readOnly"), is_true("writeOnly"))
            };
            let required =
                schema.required.contains(wire) && !schema.listed("x-absent-in-practice", wire);
            let nullable = (typed.nullable || schema.listed("x-null-in-practice", wire))
                && typed.ty != TypeRef::Any;
            let mut docs = docs::of_property(nodes);
            if docs.description.is_empty() {
                docs.description = self.target_description(nodes);
            }
            fields.push(Field {
                name,
                wire: schema.node.share(wire),
                ty: typed.ty,
                presence: Presence::of(required, nullable),
                docs,
                boxed: false,
                read_only,
                write_only,
            });
        }
        for wire in &schema.required {
            if schema.properties.iter().any(|(have, _)| have == wire) {
                continue;
            }
            fields.push(Field {
                name: scope.unique(&names::value_name(wire)),
                wire: schema.node.share(wire),
                ty: TypeRef::Any,
                presence: Presence::Required,
                docs: Docs::default(),
                boxed: false,
                read_only: false,
                write_only: false,
            });
        }
        let values = match &schema.additional {
            Additional::Schemas(nodes) => {
                let nodes = nodes.clone();
                let ty = self
                    .type_of_all(&nodes, &format!("{hint} value"))
                    .into_ref();
                (ty != TypeRef::Any).then_some(ty)
            }
            _ => None,
        };
        let name = if values.is_some() {
            "additional_properties"
        } else {
            "extra"
        };
        Struct {
            fields,
            errors: None,
            rest: MapField {
                name: scope.unique(name),
                values,
            },
        }
    }

    /// What the schema that a property refers to says of itself.
    fn target_description(&mut self, nodes: &[Node<'d>]) -> Text {
        let targets = nodes.iter().filter_map(|node| {
            let (target, _) = self.reader().alias_target(*node)?;
            self.references.follow(target, self.diagnostics)
        });
        let mut descriptions = targets.map(|target| docs::of_schema(target).first_paragraph());
        descriptions
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}
