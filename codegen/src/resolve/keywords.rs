//! Of which kind the values of a schema's keywords are (JSON Schema 2020-12 and OpenAPI's own; 3.0
//! has some of them in an older form, which is taken too).

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

use super::Dialect;
use super::expect::{self, Effect};

const IGNORED: Effect<'static> = Effect::Imprecise("the keyword is ignored");

/// Reports each keyword whose value is of another kind, and each that the types cannot follow.
pub(super) fn check(schema: Node<'_>, dialect: Dialect, diagnostics: &mut Diagnostics) {
    for (keyword, value) in schema.members() {
        let kind = value.kind();
        let (is_right, expected) = match keyword {
            "title" | "description" => {
                // Null describes nothing.
                (matches!(kind, Kind::String | Kind::Null), "a string")
            }
            "format" | "pattern" | "contentEncoding" | "contentMediaType" | "$ref" | "$anchor"
            | "$id" => (kind == Kind::String, "a string"),
            "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => {
                (kind == Kind::Bool, "a boolean")
            }
            "maximum" | "minimum" | "multipleOf" | "maxLength" | "minLength" | "maxItems"
            | "minItems" | "maxProperties" | "minProperties" => (kind == Kind::Number, "a number"),
            "exclusiveMaximum" | "exclusiveMinimum" => {
                (matches!(kind, Kind::Number | Kind::Bool), "a number")
            }
            "properties" | "patternProperties" | "discriminator" | "$defs" => {
                (kind == Kind::Object, "an object")
            }
            // `required: true` on a property is OpenAPI 2's or a habit; it binds nothing here.
            "required" => (kind == Kind::Array, "an array of names"),
            "enum" => (kind == Kind::Array, "an array"),
            "prefixItems" | "oneOf" | "anyOf" | "allOf" => {
                let is_filled = kind == Kind::Array && value.items().len() > 0;
                (is_filled, "an array of one or more schemas")
            }
            "items" => match kind {
                // JSON Schema before 2020-12: a tuple.
                Kind::Array => (value.items().len() > 0, "a schema"),
                _ => (is_schema(value), "a schema"),
            },
            "not" | "additionalProperties" => (is_schema(value), "a schema or a boolean"),
            "type" => (matches!(kind, Kind::String | Kind::Array), "a type's name"),
            _ => {
                unsupported(keyword, value, dialect, diagnostics);
                continue;
            }
        };
        if !is_right {
            if kind == Kind::Array && value.items().len() == 0 {
                let message = format!("{keyword:?} must be {expected}, found an empty array");
                expect::report(value, expect::MALFORMED, message, IGNORED, diagnostics);
            } else {
                expect::malformed(value, keyword, expected, IGNORED, diagnostics);
            }
        }
    }
}

fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Bool)
}

/// Keywords that may state properties or types, which generated types then lack.
fn unsupported(keyword: &str, value: Node<'_>, dialect: Dialect, diagnostics: &mut Diagnostics) {
    let is_unsupported = match keyword {
        "$dynamicRef" | "$recursiveRef" | "if" | "then" | "else" | "dependentSchemas" => {
            dialect == Dialect::V31
        }
        "unevaluatedProperties" => dialect == Dialect::V31 && value.members().len() > 0,
        _ => false,
    };
    if is_unsupported {
        let message = format!("types do not follow {keyword:?}");
        let effect = "what only it states is taken as any value";
        diagnostics.warning(value, "unsupported-keyword", message, effect);
    }
}
