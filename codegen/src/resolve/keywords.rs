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
        match expected(keyword, value) {
            None => {}
            Some(expected) if value.kind() == Kind::Array && value.items().len() == 0 => {
                let message = format!("{keyword:?} must be {expected}, found an empty array");
                expect::report(value, expect::MALFORMED, message, IGNORED, diagnostics);
                continue;
            }
            Some(expected) => {
                expect::malformed(value, keyword, expected, IGNORED, diagnostics);
                continue;
            }
        }
        match keyword {
            "properties" | "patternProperties" | "$defs" => {
                for (_, value) in value.members() {
                    check_kind(value, diagnostics);
                }
            }
            "allOf" | "oneOf" | "anyOf" | "prefixItems" | "items" => {
                for value in value.items() {
                    check_kind(value, diagnostics);
                }
            }
            _ => unsupported(keyword, value, dialect, diagnostics),
        }
    }
}

/// Reports what stands in a schema's place and is none.
pub(super) fn check_kind(node: Node<'_>, diagnostics: &mut Diagnostics) -> bool {
    if !is_schema(node) {
        let effect = Effect::Imprecise("type widened to any value");
        expect::unexpected(node, "a schema", effect, diagnostics);
    }
    is_schema(node)
}

/// Whether the value is of a kind that the keyword can have; true for keywords that are not known.
pub fn is_well_formed(keyword: &str, value: Node<'_>) -> bool {
    expected(keyword, value).is_none()
}

/// What the keyword must be, if the value is something else.
fn expected(keyword: &str, value: Node<'_>) -> Option<&'static str> {
    let kind = value.kind();
    let is_filled = kind == Kind::Array && value.items().len() > 0;
    let (is_right, expected) = match keyword {
        // Null describes nothing.
        "title" | "description" => (matches!(kind, Kind::String | Kind::Null), "a string"),
        "format" | "pattern" | "contentEncoding" | "contentMediaType" | "$ref" | "$anchor"
        | "$id" => (kind == Kind::String, "a string"),
        "nullable" | "deprecated" | "readOnly" | "writeOnly" | "uniqueItems" => {
            (kind == Kind::Bool, "a boolean")
        }
        "maximum" | "minimum" | "multipleOf" | "maxLength" | "minLength" | "maxItems"
        | "minItems" | "maxProperties" | "minProperties" => (kind == Kind::Number, "a number"),
        // OpenAPI 3.0 has booleans here.
        "exclusiveMaximum" | "exclusiveMinimum" => {
            (matches!(kind, Kind::Number | Kind::Bool), "a number")
        }
        "properties" | "patternProperties" | "discriminator" | "$defs" | "externalDocs" => {
            (kind == Kind::Object, "an object")
        }
        // `required: true` on a property is OpenAPI 2's or a habit; it binds nothing here.
        "required" => (kind == Kind::Array, "an array of names"),
        "enum" => (kind == Kind::Array, "an array"),
        "prefixItems" | "oneOf" | "anyOf" | "allOf" => {
            (is_filled, "an array of one or more schemas")
        }
        // JSON Schema before 2020-12 has tuples here.
        "items" => (is_filled || is_schema(value), "a schema"),
        "not" | "additionalProperties" => (is_schema(value), "a schema or a boolean"),
        "type" => (kind == Kind::String || is_filled, "a type's name"),
        _ => return None,
    };
    (!is_right).then_some(expected)
}

fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Bool)
}

/// Whether a schema says what values are, rather than which of them are valid.
fn tells_types(schema: Node<'_>) -> bool {
    const TELLING: [&str; 9] = [
        "$ref",
        "type",
        "properties",
        "items",
        "prefixItems",
        "additionalProperties",
        "allOf",
        "oneOf",
        "anyOf",
    ];
    TELLING.iter().any(|key| schema.get(key).is_some())
}

/// Keywords that state properties or types which generated types then lack. `if` alone states none.
fn unsupported(keyword: &str, value: Node<'_>, dialect: Dialect, diagnostics: &mut Diagnostics) {
    let is_unsupported = match keyword {
        "$recursiveRef" => true,
        "then" | "else" => tells_types(value),
        "dependentSchemas" => value.members().any(|(_, value)| tells_types(value)),
        _ => false,
    };
    if is_unsupported && dialect == Dialect::V31 {
        let message = format!("types do not follow {keyword:?}");
        let effect = "what only it states is taken as any value";
        diagnostics.warning(value, "unsupported-keyword", message, effect);
    }
}
