//! What a JSON Schema says is wrong, in a user's words.

use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;
use source_text::JsonPointer;

use crate::{
    Code,
    finding::{At, Problem},
    nearest::nearest,
    wording,
};

/// Turns the errors of a schema into problems; `schema` is the schema's source.
pub(crate) fn explain<'a>(
    schema: &Value,
    errors: impl IntoIterator<Item = ValidationError<'a>>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for error in errors {
        explain_one(schema, &error, &mut problems);
    }
    problems
}

fn explain_one(schema: &Value, error: &ValidationError<'_>, problems: &mut Vec<Problem>) {
    let pointer = pointer_of(error);
    let instance = error.instance().as_ref();
    let problem = match error.kind() {
        Kind::Type { kind } => wrong_type(pointer, instance, types_of(kind)),
        Kind::Enum { options } => not_an_option(pointer, instance, options),
        Kind::Constant { expected_value } => {
            let options = Value::Array(vec![expected_value.as_ref().clone()]);
            not_an_option(pointer, instance, &options)
        }
        Kind::Required { property } => missing_property(schema, error, pointer, property),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            explain_branches(schema, error, pointer, context, problems);
            return;
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            problems.extend(
                unexpected
                    .iter()
                    .map(|key| unexpected_property(&pointer, key)),
            );
            return;
        }
        _ => other(schema, error, pointer),
    };
    problems.push(Problem {
        schema: JsonPointer::parse(error.schema_path().as_str()).ok(),
        ..problem
    });
}

fn pointer_of(error: &ValidationError<'_>) -> JsonPointer {
    // The path is escaped as RFC 6901 says, so that it always parses.
    JsonPointer::parse(error.instance_path().as_str()).unwrap_or_default()
}

fn types_of(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(one) => vec![one.as_str()],
        TypeKind::Multiple(many) => many.iter().map(JsonType::as_str).collect(),
    }
}

fn wrong_type(pointer: JsonPointer, instance: &Value, types: Vec<&'static str>) -> Problem {
    let help = type_help(instance, &types);
    let expected = wording::types(types);
    let message = format!("expected {expected}, found {}", wording::found(instance));
    let problem = Problem::new(Code::Type, pointer, message).expected(expected);
    match help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// What to do about a value that would be right in another form.
fn type_help(instance: &Value, types: &[&str]) -> Option<String> {
    let wants = |name: &str| types.contains(&name);
    match instance {
        Value::String(string) => {
            let wanted = if string.parse::<i64>().is_ok() {
                wants("integer") || wants("number")
            } else if string.parse::<f64>().is_ok_and(f64::is_finite) {
                wants("number")
            } else {
                matches!(string.as_str(), "true" | "false") && wants("boolean")
                    || string == "null" && wants("null")
            };
            wanted.then(|| format!("write {string} without the quotes"))
        }
        Value::Number(_) | Value::Bool(_) if wants("string") => {
            Some(format!("put it into double quotes: \"{instance}\""))
        }
        Value::Null => Some("put a value in its place, or remove it if it may be absent".into()),
        Value::Object(_) if wants("array") => Some("put the object into an array: [ … ]".into()),
        Value::Array(items) if wants("object") && items.len() == 1 => {
            Some("write the array's only item without the brackets".into())
        }
        _ => None,
    }
}

/// The problem with a value that is none of `options`, which are an array.
pub(crate) fn not_an_option(pointer: JsonPointer, instance: &Value, options: &Value) -> Problem {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
    let shown: Vec<String> = options.iter().map(option_text).collect();
    let expected = match shown.as_slice() {
        [one] => one.clone(),
        many => format!("one of {}", many.join(", ")),
    };
    let tokens: Vec<_> = pointer.tokens().collect();
    let is_type_of = |parent: &str| matches!(tokens.as_slice(), [.., owner, key] if owner == parent && key == "type");
    let near = instance
        .as_str()
        .and_then(|text| nearest(text, names.iter().copied()));
    let (what, help) = if names == ["IDENTITY"] && is_type_of("owner") {
        (
            "the owner is not an identity: its type is",
            "only an identity can own a profile: put an identity's type, id and name here",
        )
    } else if names == ["SOURCE"] && is_type_of("authoritativeSource") {
        (
            "the authoritative source is not a source: its type is",
            "a profile's identities come from a source: put its type, id and name here",
        )
    } else {
        let what = if names.contains(&"IDENTITY_PROFILE") {
            "unknown DTO type"
        } else {
            "unknown value"
        };
        let help = "write one of the documented values, exactly as they are spelled";
        (what, help)
    };
    let found = instance
        .as_str()
        .map_or_else(|| wording::found(instance), wording::quoted);
    match near {
        Some(near) => {
            let message = format!("{what} {found}; did you mean \"{near}\"?");
            Problem::new(Code::Enum, pointer, message)
                .suggestion(near)
                .help(format!("write \"{near}\""))
        }
        None => Problem::new(Code::Enum, pointer, format!("{what} {found}")).help(help),
    }
    .expected(expected)
}

/// An allowed value: upper-case words stand for themselves, anything else as JSON.
fn option_text(option: &Value) -> String {
    match option {
        Value::String(name)
            if !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') =>
        {
            name.clone()
        }
        other => other.to_string(),
    }
}

fn missing_property(
    schema: &Value,
    error: &ValidationError<'_>,
    pointer: JsonPointer,
    property: &Value,
) -> Problem {
    let name = property.as_str().unwrap_or_default();
    let described = JsonPointer::parse(error.schema_path().as_str())
        .ok()
        .and_then(|keyword| keyword.parent())
        .and_then(|object| schema.pointer(object.child("properties").child(name).as_str()))
        .map(|property| types_in(schema, property))
        .filter(|types| !types.is_empty());
    let expected = match described {
        Some(types) => format!("\"{name}\": {}", wording::types(types)),
        None => format!("a property \"{name}\""),
    };
    let present = error.instance().as_object();
    let similar = present
        .and_then(|members| nearest(name, members.keys().map(String::as_str)))
        .map(|key| {
            format!(
                "rename {} to \"{name}\" if that is what it is",
                wording::quoted(key)
            )
        });
    let help = similar.unwrap_or_else(|| format!("add \"{name}\" to the object that begins here"));
    Problem::new(
        Code::Required,
        pointer,
        format!("property \"{name}\" is missing"),
    )
    .expected(expected)
    .help(help)
}

fn unexpected_property(object: &JsonPointer, key: &str) -> Problem {
    let message = format!("property {} is not allowed here", wording::quoted(key));
    Problem::new(Code::AdditionalProperties, object.child(key), message)
        .at(At::Key)
        .expected("only the documented properties")
        .help("remove it, or correct its name")
}

/// Reports the branch that was meant, and of all branches together if none was.
fn explain_branches(
    schema: &Value,
    error: &ValidationError<'_>,
    pointer: JsonPointer,
    branches: &[Vec<ValidationError<'static>>],
    problems: &mut Vec<Problem>,
) {
    let own_path = error.instance_path();
    let of_other_type = |branch: &&Vec<ValidationError<'static>>| {
        branch.iter().any(|error| {
            error.instance_path() == own_path && matches!(error.kind(), Kind::Type { .. })
        })
    };
    let meant = branches
        .iter()
        .filter(|branch| !of_other_type(branch))
        .min_by_key(|branch| (tag_errors(branch, own_path.as_str()), branch.len()));
    if let Some(branch) = meant {
        for error in branch {
            explain_one(schema, error, problems);
        }
        return;
    }
    let types: Vec<&'static str> = branches
        .iter()
        .flatten()
        .filter(|error| error.instance_path() == own_path)
        .filter_map(|error| match error.kind() {
            Kind::Type { kind } => Some(types_of(kind)),
            _ => None,
        })
        .flatten()
        .collect();
    problems.push(if types.is_empty() {
        other(schema, error, pointer)
    } else {
        wrong_type(pointer, error.instance().as_ref(), types)
    });
}

/// How many fixed values a branch misses in the value itself or its properties: those tell the
/// branches of a union apart.
fn tag_errors(branch: &[ValidationError<'static>], own_path: &str) -> usize {
    branch
        .iter()
        .filter(|error| matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. }))
        .filter(|error| {
            let below = error
                .instance_path()
                .as_str()
                .strip_prefix(own_path)
                .unwrap_or_default();
            below.matches('/').count() <= 1
        })
        .count()
}

/// The errors of keywords that profile schemas have little use for.
fn other(schema: &Value, error: &ValidationError<'_>, pointer: JsonPointer) -> Problem {
    let found = wording::found(error.instance().as_ref());
    let range_or = |bound: String| range(schema, error).unwrap_or(bound);
    let (code, message, expected) = match error.kind() {
        Kind::Minimum { limit } => {
            bound(Code::Minimum, &found, range_or(format!("at least {limit}")))
        }
        Kind::Maximum { limit } => {
            bound(Code::Maximum, &found, range_or(format!("at most {limit}")))
        }
        Kind::ExclusiveMinimum { limit } => {
            bound(Code::Minimum, &found, format!("more than {limit}"))
        }
        Kind::ExclusiveMaximum { limit } => {
            bound(Code::Maximum, &found, format!("less than {limit}"))
        }
        Kind::MultipleOf { multiple_of } => bound(
            Code::MultipleOf,
            &found,
            format!("a multiple of {multiple_of}"),
        ),
        Kind::MinLength { limit } => size(Code::MinLength, *limit),
        Kind::MaxLength { limit } => size(Code::MaxLength, *limit),
        Kind::MinItems { limit } => size(Code::MinItems, *limit),
        Kind::MaxItems { limit } => size(Code::MaxItems, *limit),
        Kind::MinProperties { limit } => size(Code::MinProperties, *limit),
        Kind::MaxProperties { limit } => size(Code::MaxProperties, *limit),
        Kind::Pattern { pattern } => (
            Code::Pattern,
            format!("{found} does not match its pattern"),
            Some(format!(
                "a string that matches {}",
                wording::quoted(pattern)
            )),
        ),
        Kind::Format { format } => (
            Code::Format,
            format!("{found} is not in the form \"{format}\""),
            Some(format!("a string in the form \"{format}\"")),
        ),
        Kind::AnyOf { .. } => (
            Code::AnyOf,
            format!("{found} fits none of the forms it may have"),
            None,
        ),
        Kind::OneOfNotValid { .. } => (
            Code::OneOf,
            format!("{found} fits none of the forms it may have"),
            None,
        ),
        Kind::OneOfMultipleValid { .. } => (
            Code::OneOf,
            format!("{found} fits more than one of the forms it may have"),
            None,
        ),
        kind => (code_of(kind), error.masked().to_string(), None),
    };
    let problem = Problem::new(code, pointer, message);
    match expected {
        Some(expected) => problem.expected(expected),
        None => problem,
    }
}

/// The code of a keyword whose message is the authority's own.
fn code_of(kind: &Kind) -> Code {
    match kind {
        Kind::AdditionalItems { .. } | Kind::UnevaluatedItems { .. } => Code::AdditionalItems,
        Kind::Contains => Code::Contains,
        Kind::FalseSchema => Code::Forbidden,
        Kind::Not { .. } => Code::Not,
        Kind::PropertyNames { .. } => Code::PropertyNames,
        Kind::UniqueItems => Code::UniqueItems,
        _ => Code::Other,
    }
}

fn bound(code: Code, found: &str, expected: String) -> (Code, String, Option<String>) {
    (
        code,
        format!("expected {expected}, found {found}"),
        Some(expected),
    )
}

/// The range whose one end a number is beyond, where the schema states both.
fn range(schema: &Value, error: &ValidationError<'_>) -> Option<String> {
    let keyword = JsonPointer::parse(error.schema_path().as_str()).ok()?;
    let of_number = schema.pointer(keyword.parent()?.as_str())?;
    let (minimum, maximum) = (of_number.get("minimum")?, of_number.get("maximum")?);
    let types = types_in(schema, of_number);
    let kind = if types.contains(&"integer") {
        "integer"
    } else {
        "number"
    };
    let kind = wording::type_name(kind);
    Some(format!("{kind} from {minimum} to {maximum}"))
}

fn size(code: Code, limit: u64) -> (Code, String, Option<String>) {
    let (what, bound, [one, many]) = match code {
        Code::MinLength => ("shorter", "at least", ["character", "characters"]),
        Code::MaxLength => ("longer", "at most", ["character", "characters"]),
        Code::MinItems => ("shorter", "at least", ["item", "items"]),
        Code::MaxItems => ("longer", "at most", ["item", "items"]),
        Code::MinProperties => ("smaller", "at least", ["property", "properties"]),
        _ => ("larger", "at most", ["property", "properties"]),
    };
    let unit = if limit == 1 { one } else { many };
    let message = format!("{what} than {limit} {unit}");
    (code, message, Some(format!("{bound} {limit} {unit}")))
}

/// The JSON types that a schema names for its value, through references and alternatives.
fn types_in<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    parts(root, schema)
        .into_iter()
        .filter_map(|part| part.get("type"))
        .flat_map(|types| match types {
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        })
        .collect()
}

/// A schema and all those that it is put together from: `$ref`, `allOf`, `anyOf`, `oneOf`.
pub(crate) fn parts<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        // References may form a cycle.
        if found.iter().any(|known| std::ptr::eq(*known, schema)) {
            continue;
        }
        found.push(schema);
        let target = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| root.pointer(reference.strip_prefix('#')?));
        waiting.extend(target);
        for keyword in ["allOf", "anyOf", "oneOf"] {
            waiting.extend(
                schema
                    .get(keyword)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Checks an instance against a schema; problems are compared as `code pointer: message`.
    fn check(schema: &Value, instance: &Value, expected: &[&str]) {
        let validator = jsonschema::validator_for(schema).expect("a schema");
        let problems = explain(schema, validator.iter_errors(instance));
        let shown: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}: {}", problem.code, problem.pointer, problem.message))
            .collect();
        assert_eq!(shown, expected, "{schema} {instance}");
    }

    #[test]
    fn a_nullable_reference_is_reported_by_what_it_refers_to() {
        let schema = json!({
            "properties": {"owner": {"anyOf": [{"$ref": "#/$defs/Owner"}, {"type": "null"}]}},
            "$defs": {"Owner": {
                "type": "object", "required": ["id"], "properties": {"type": {"enum": ["IDENTITY"]}},
            }},
        });
        check(&schema, &json!({"owner": null}), &[]);
        check(
            &schema,
            &json!({"owner": {"type": "ROLE"}}),
            &[
                "schema/required /owner: property \"id\" is missing",
                "schema/enum /owner/type: the owner is not an identity: its type is \"ROLE\"",
            ],
        );
        check(
            &schema,
            &json!({"owner": 1}),
            &["schema/type /owner: expected an object or null, found the number 1"],
        );
    }

    #[test]
    fn the_branch_whose_tag_fits_is_the_one_that_was_meant() {
        let branch = |tag: &str, property: &str| {
            json!({
                "type": "object",
                "properties": {"kind": {"const": tag}},
                "required": ["kind", property],
            })
        };
        for keyword in ["anyOf", "oneOf"] {
            let schema =
                json!({ keyword: [branch("a", "x"), branch("b", "y"), {"type": "string"}] });
            check(
                &schema,
                &json!({"kind": "b"}),
                &["schema/required : property \"y\" is missing"],
            );
            check(
                &schema,
                &json!([]),
                &["schema/type : expected an object or a string, found an array"],
            );
        }
    }

    #[test]
    fn alternatives_inside_alternatives_are_followed() {
        let schema = json!({"anyOf": [
            {"type": "null"},
            {"anyOf": [{"type": "integer", "minimum": 5}, {"type": "boolean"}]},
        ]});
        check(
            &schema,
            &json!(3),
            &["schema/minimum : expected at least 5, found the number 3"],
        );
    }

    #[test]
    fn a_value_that_fits_two_forms_where_one_is_allowed_is_reported() {
        let schema = json!({"oneOf": [{"minimum": 1}, {"maximum": 9}]});
        check(
            &schema,
            &json!(5),
            &["schema/one-of : the number 5 fits more than one of the forms it may have"],
        );
    }

    #[test]
    fn other_keywords_have_words_of_their_own() {
        for (schema, instance, expected) in [
            (
                json!({"exclusiveMaximum": 2}),
                json!(2),
                "schema/maximum : expected less than 2, found the number 2",
            ),
            (
                json!({"type": "integer", "minimum": i32::MIN, "maximum": i32::MAX}),
                json!(2_147_483_648_u32),
                "schema/maximum : expected an integer from -2147483648 to 2147483647, found the \
                 number 2147483648",
            ),
            (
                json!({"type": ["integer", "null"], "minimum": i64::MIN, "maximum": i64::MAX}),
                json!(u64::MAX),
                "schema/maximum : expected an integer from -9223372036854775808 to \
                 9223372036854775807, found the number 18446744073709551615",
            ),
            (
                json!({"$ref": "#/$defs/Share", "$defs": {"Share": {"minimum": 0, "maximum": 1.5}}}),
                json!(-1),
                "schema/minimum : expected a number from 0 to 1.5, found the number -1",
            ),
            (
                json!({"multipleOf": 5}),
                json!(7),
                "schema/multiple-of : expected a multiple of 5, found the number 7",
            ),
            (
                json!({"minLength": 1}),
                json!(""),
                "schema/min-length : shorter than 1 character",
            ),
            (
                json!({"maxItems": 1}),
                json!([1, 2]),
                "schema/max-items : longer than 1 item",
            ),
            (
                json!({"pattern": "^a"}),
                json!("b"),
                "schema/pattern : the string \"b\" does not match its pattern",
            ),
            (
                json!({"const": 1}),
                json!(2),
                "schema/enum : unknown value the number 2",
            ),
            (
                json!({"enum": ["RED"]}),
                json!("red"),
                "schema/enum : unknown value \"red\"; did you mean \"RED\"?",
            ),
            (
                json!({"properties": {"a": {}}, "additionalProperties": false}),
                json!({"a": 1, "b/c": 2}),
                "schema/additional-properties /b~1c: property \"b/c\" is not allowed here",
            ),
            (
                json!({"uniqueItems": true}),
                json!([1, 1]),
                "schema/unique-items : value has non-unique elements",
            ),
        ] {
            check(&schema, &instance, &[expected]);
        }
    }

    #[test]
    fn a_missing_property_is_described_by_its_schema() {
        let schema = json!({
            "required": ["a", "b"],
            "properties": {"a": {"$ref": "#/$defs/A"}},
            "$defs": {"A": {"allOf": [{"type": ["string", "null"]}, {"$ref": "#/$defs/A"}]}},
        });
        let schema_without_cycle = json!({"required": ["a", "b"]});
        let validator = jsonschema::validator_for(&schema_without_cycle).expect("a schema");
        let instance = json!({"A": 1});
        let problems = explain(&schema, validator.iter_errors(&instance));
        let expected: Vec<_> = problems
            .iter()
            .filter_map(|p| p.expected.as_deref())
            .collect();
        assert_eq!(expected, ["\"a\": a string or null", "a property \"b\""]);
        assert_eq!(
            problems[0].help.as_deref(),
            Some("rename \"A\" to \"a\" if that is what it is")
        );
    }
}
