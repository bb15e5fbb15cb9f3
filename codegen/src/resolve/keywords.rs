//! Of which kind the values of a schema's keywords are (JSON Schema 2020-12 and OpenAPI's own; 3.0
//! has some of them in an older form, which is taken too).

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

use super::Dialect;
use super::expect::{self, Effect};

const IGNORED: Effect<'static> = Effect::Imprecise("the keyword is ignored");

/// Reports each keyword whose value is of another kind.
pub(super) fn check(schema: Node<'_>, diagnostics: &mut Diagnostics) {
    for (keyword, value) in schema.members() {
        if let Some(expected) = expected(keyword, value) {
            let is_empty = value.kind() == Kind::Array && value.items().len() == 0;
            let found = match value.as_number() {
                Some(number) if is_numeric(keyword) => number,
                _ if is_empty => "an empty array",
                _ => value.kind().with_article(),
            };
            let message = format!("{keyword:?} must be {expected}, found {found}");
            expect::report(value, expect::MALFORMED, message, IGNORED, diagnostics);
            continue;
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
            "required" => {
                let effect = Effect::Imprecise("no property is required by it");
                for name in value.items().filter(|name| name.as_str().is_none()) {
                    expect::unexpected(name, "a property's name", effect, diagnostics);
                }
            }
            _ => {}
        }
    }
}

/// Reports each keyword that the types cannot follow.
pub(super) fn check_support(schema: Node<'_>, dialect: Dialect, diagnostics: &mut Diagnostics) {
    for (keyword, value) in schema.members() {
        if expected(keyword, value).is_none() {
            unsupported(keyword, value, dialect, diagnostics);
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
        "maximum" | "minimum" => (kind == Kind::Number, "a number"),
        "multipleOf" => (number(value).is_some_and(|n| n > 0.0), "a number above 0"),
        _ if is_numeric(keyword) => (
            number(value).is_some_and(|n| n >= 0.0 && n.fract() == 0.0),
            "a whole number of at least 0",
        ),
        // OpenAPI 3.0 has booleans here.
        "exclusiveMaximum" | "exclusiveMinimum" => {
            (matches!(kind, Kind::Number | Kind::Bool), "a number")
        }
        "properties" | "patternProperties" | "discriminator" | "$defs" | "externalDocs"
        | "dependentSchemas" | "dependentRequired" => (kind == Kind::Object, "an object"),
        // `required: true` on a property is OpenAPI 2's or a habit; it binds nothing here.
        "required" => (kind == Kind::Array, "an array of names"),
        "enum" => (kind == Kind::Array, "an array"),
        "prefixItems" | "oneOf" | "anyOf" | "allOf" => {
            (is_filled, "an array of one or more schemas")
        }
        // JSON Schema before 2020-12 has tuples here.
        "items" => (is_filled || is_schema(value), "a schema"),
        "not"
        | "additionalProperties"
        | "propertyNames"
        | "contains"
        | "if"
        | "then"
        | "else"
        | "unevaluatedProperties"
        | "unevaluatedItems"
        | "contentSchema" => (is_schema(value), "a schema or a boolean"),
        "type" => (kind == Kind::String || is_filled, "a type's name"),
        _ => return None,
    };
    (!is_right).then_some(expected)
}

/// Whether the keyword counts or measures something.
fn is_numeric(keyword: &str) -> bool {
    matches!(
        keyword,
        "multipleOf"
            | "maxLength"
            | "minLength"
            | "maxItems"
            | "minItems"
            | "maxProperties"
            | "minProperties"
            | "maxContains"
            | "minContains"
    )
}

fn number(node: Node<'_>) -> Option<f64> {
    node.as_number()?.parse().ok()
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
