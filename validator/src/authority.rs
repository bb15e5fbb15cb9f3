//! The JSON Schemas of an edition, and what they say about an element.

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
};

use serde_json::Value;
use source_text::JsonPointer;

use crate::{
    Code, Edition,
    classify::{self, Kind},
    dto_types::{DtoTypes, IDENTITY_PROFILE},
    explain,
    finding::Problem,
    wording,
};

/// Where an element says of which type its object is.
const SELF_TYPE: &str = "/self/type";

/// A text that is no JSON Schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// Which of the schemas.
    name: &'static str,
    reason: String,
}

impl SchemaError {
    pub(crate) fn new(name: &'static str, reason: &impl ToString) -> Self {
        let reason = reason.to_string();
        Self { name, reason }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the schema of {} cannot be used: {}",
            self.name, self.reason
        )
    }
}

impl std::error::Error for SchemaError {}

/// How the authority reads schemas; `formats` tells whether `format` is asserted.
pub(crate) fn options<'r>(formats: bool) -> jsonschema::ValidationOptions<'r> {
    jsonschema::options().should_validate_formats(formats)
}

/// Why a schema cannot be used.
fn reason(error: &jsonschema::ValidationError<'_>) -> String {
    use jsonschema::{ReferencingError, error::ValidationErrorKind};
    match error.kind() {
        ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) => format!(
            "it refers to {uri}, which is no part of it, and no other document is fetched; copy \
             what is meant into \"$defs\""
        ),
        ValidationErrorKind::Referencing(ReferencingError::UnknownSpecification {
            specification,
        }) => format!(
            "its \"$schema\" is {specification}, which is no draft of JSON Schema; leave it out, or \
             write https://json-schema.org/draft/2020-12/schema"
        ),
        _ => error.to_string(),
    }
}

/// A compiled schema and its source, which tells what was expected.
struct Schema {
    validator: jsonschema::Validator,
    source: Value,
}

impl Schema {
    fn compile(name: &'static str, text: &str) -> Result<Self, SchemaError> {
        let error = |reason: String| SchemaError { name, reason };
        let source: Value = serde_json::from_str(text).map_err(|e| error(e.to_string()))?;
        // Ids in real exports come in two forms, and only one of them is a UUID to the letter.
        let validator = options(false)
            .build(&source)
            .map_err(|e| error(reason(&e)))?;
        Ok(Self { validator, source })
    }

    fn problems(&self, instance: &Value) -> Vec<Problem> {
        if self.validator.is_valid(instance) {
            return Vec::new();
        }
        if is_too_deep_to_explain(instance) && has_unions(&self.source) {
            return vec![not_explained(instance)];
        }
        explain::explain(&self.source, instance, self.validator.iter_errors(instance))
    }
}

/// Values that stand in each other deeper than this are explained only if they are few.
const EXPLAINED_DEPTH: usize = 128;
/// The most values, each counted once for every value around it, that are explained beyond.
const EXPLAINED_VALUES: usize = 1 << 20;

/// Whether there is a choice between schemas anywhere in a schema.
fn has_unions(schema: &Value) -> bool {
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => {
                if members.contains_key("oneOf") || members.contains_key("anyOf") {
                    return true;
                }
                waiting.extend(members.values());
            }
            _ => {}
        }
    }
    false
}

/// Whether explaining may take more memory than there is: a union within a union within a union
/// copies what is in it at each level.
fn is_too_deep_to_explain(instance: &Value) -> bool {
    let mut waiting = vec![(0_usize, instance)];
    let (mut deepest, mut values) = (0, 0);
    while let Some((depth, value)) = waiting.pop() {
        deepest = depth.max(deepest);
        values += depth;
        match value {
            Value::Array(items) => waiting.extend(items.iter().map(|item| (depth + 1, item))),
            Value::Object(members) => {
                waiting.extend(members.values().map(|value| (depth + 1, value)));
            }
            _ => {}
        }
    }
    deepest > EXPLAINED_DEPTH && values > EXPLAINED_VALUES
}

/// The problem of a value that is not valid, of which no more is said.
fn not_explained(instance: &Value) -> Problem {
    let found = wording::found(instance);
    let message = format!("{found} is not valid, and too deeply nested to say why");
    Problem::new(Code::Other, JsonPointer::root(), message).help(format!(
        "check a part of it: up to {EXPLAINED_DEPTH} levels are explained whatever their size"
    ))
}

/// What is valid by a schema, and why something is not.
pub(crate) struct PayloadAuthority(Schema);

impl PayloadAuthority {
    /// Compiles a schema, whose formats are asserted.
    pub(crate) fn new(source: Value) -> Result<Self, SchemaError> {
        let validator = options(true)
            .build(&source)
            .map_err(|error| SchemaError::new("the payload", &reason(&error)))?;
        Ok(Self(Schema { validator, source }))
    }

    /// The schema itself.
    pub(crate) fn schema(&self) -> &Value {
        &self.0.source
    }

    /// What is wrong with a value. Pointers are from its root.
    pub(crate) fn problems(&self, value: &Value) -> Vec<Problem> {
        without_consequences(self.0.problems(value))
    }
}

/// What is valid in an edition, and why something is not.
pub(crate) struct Authority {
    exported_object: Schema,
    profile: Schema,
    dto_types: DtoTypes,
    states_nulls: bool,
}

impl Authority {
    /// Compiles the schemas of an edition.
    pub(crate) fn new(edition: Edition) -> Result<Self, SchemaError> {
        let texts = edition.schema_texts();
        let exported_object = Schema::compile("exported objects", texts.exported_object)?;
        let profile = Schema::compile("identity profiles", texts.profile)?;
        let dto_types = DtoTypes::of(edition)?;
        let states_nulls = edition.states_nulls();
        Ok(Self {
            exported_object,
            profile,
            dto_types,
            states_nulls,
        })
    }

    /// What is wrong with an element, and what it was taken for. Pointers are from its root.
    ///
    /// With `takes_for_profile` an object that might be anything is a profile.
    pub(crate) fn check(&self, element: &Value, takes_for_profile: bool) -> (Kind, Vec<Problem>) {
        let kind = classify::classify(element, |name| self.dto_types.knows(name));
        let kind = kind.or_profile(takes_for_profile);
        let mut problems = match kind {
            Kind::NoExport => Vec::new(),
            Kind::BareProfile => self.profile.problems(element),
            _ => self.exported_object.problems(element),
        };
        problems.retain(|problem| !self.is_tolerated(problem, kind, element));
        for problem in &mut problems {
            self.name_all_dto_types(problem, element);
        }
        let mut problems = without_consequences(problems);
        for problem in &mut problems {
            if let Some(help) = help_for(problem, element) {
                problem.help = Some(help.to_owned());
            }
        }
        (kind, problems)
    }

    /// Lets an unknown `self.type` be answered with all types that are taken, of which the schema
    /// may name only a part.
    fn name_all_dto_types(&self, problem: &mut Problem, element: &Value) {
        let pointer = problem.pointer.as_str();
        if problem.code != Code::Enum || pointer != SELF_TYPE {
            return;
        }
        if let Some(found) = element.pointer(pointer) {
            let (meant, names): (_, Vec<Value>) = if classify::holds_profile(element) {
                (Some(IDENTITY_PROFILE), vec![IDENTITY_PROFILE.into()])
            } else {
                let meant = found.as_str().and_then(|name| self.dto_types.meant(name));
                let names = self.dto_types.documented().map(Value::from);
                (meant, names.collect())
            };
            let keyword = problem.schema.take();
            *problem = explain::not_an_option(problem.pointer.clone(), found, &names, meant);
            problem.schema = keyword;
        }
    }

    /// Whether the schema is stricter than the files that servers of this edition write.
    fn is_tolerated(&self, problem: &Problem, kind: Kind, element: &Value) -> bool {
        let pointer = problem.pointer.as_str();
        if kind == Kind::OtherObject && (pointer == "/object" || pointer.starts_with("/object/")) {
            return true;
        }
        let value = element.pointer(pointer);
        if pointer == SELF_TYPE && problem.code == Code::Enum {
            return value
                .and_then(Value::as_str)
                .is_some_and(|name| match kind {
                    // Other objects are left alone, unless their type is no type but a slip.
                    Kind::OtherObject => self.dto_types.meant(name).is_none(),
                    _ => self.dto_types.knows(name),
                });
        }
        let is_property = || {
            let parent = problem.pointer.parent();
            parent.is_some_and(|parent| {
                element
                    .pointer(parent.as_str())
                    .is_some_and(Value::is_object)
            })
        };
        !self.states_nulls && value.is_some_and(Value::is_null) && is_property()
    }
}

/// Help that only one who knows what the property is for can give.
fn help_for(problem: &Problem, element: &Value) -> Option<&'static str> {
    match (
        problem.code,
        problem.message.as_str(),
        problem.help.as_deref(),
    ) {
        // A property that is there under a slightly wrong name has better help already.
        (Code::Required, _, Some(help)) if help.starts_with("rename") => None,
        (Code::Required, "property \"authoritativeSource\" is missing", _) => Some(
            "add the source that the profile's identities come from: {\"type\": \"SOURCE\", \
             \"id\": \"…\", \"name\": \"…\"}",
        ),
        (Code::Required, "property \"name\" is missing", _) => {
            Some("add the profile's name; the property must be there even where it is null")
        }
        (Code::Enum, ..)
            if problem.pointer.as_str() == "/self/type" && classify::holds_profile(element) =>
        {
            Some("write \"IDENTITY_PROFILE\": that is what \"object\" looks like")
        }
        _ => None,
    }
}

/// Drops what a value's wrong type entails, and what two parts of a schema say alike.
fn without_consequences(mut problems: Vec<Problem>) -> Vec<Problem> {
    let wrong_types: HashSet<JsonPointer> = problems
        .iter()
        .filter(|problem| problem.code == Code::Type)
        .map(|problem| problem.pointer.clone())
        .collect();
    let mut seen = HashSet::new();
    problems.retain(|problem| {
        let entailed = problem.code != Code::Type && wrong_types.contains(&problem.pointer);
        !entailed
            && seen.insert((
                problem.code,
                problem.pointer.clone(),
                // What is missing may be said in several ways.
                problem
                    .property
                    .clone()
                    .unwrap_or_else(|| problem.message.clone()),
            ))
    });
    problems
}

/// The values that a schema of exported objects allows for `self.type`.
pub(crate) fn documented_dto_types(schema: &Value) -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    for schema_of_self in property(schema, schema, "self") {
        for schema_of_type in property(schema, schema_of_self, "type") {
            let members = schema_of_type.get("enum").and_then(Value::as_array);
            let names = members.into_iter().flatten().filter_map(Value::as_str);
            types.extend(names.map(ToOwned::to_owned));
        }
    }
    types
}

/// All schemas that apply to a property of what `schema` describes.
fn property<'a>(root: &'a Value, schema: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for part in explain::parts(root, schema) {
        if let Some(schema) = part
            .get("properties")
            .and_then(|properties| properties.get(name))
        {
            found.extend(explain::parts(root, schema));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_of_every_edition_compile() {
        for edition in Edition::ALL {
            let authority = Authority::new(edition).unwrap_or_else(|e| panic!("{edition}: {e}"));
            assert!(authority.dto_types.knows("IDENTITY_PROFILE"), "{edition}");
        }
    }

    #[test]
    fn a_text_that_is_no_schema_is_refused() {
        for text in [
            "",
            "{",
            r#"{"type": "profile"}"#,
            r##"{"$ref": "#/$defs/None"}"##,
        ] {
            assert!(Schema::compile("test", text).is_err(), "{text}");
        }
    }

    #[test]
    fn other_documents_are_not_fetched() {
        for (schema, expected) in [
            (
                serde_json::json!({"$ref": "https://example.com/pet.json#/$defs/Pet"}),
                "the schema of the payload cannot be used: it refers to \
                 https://example.com/pet.json, which is no part of it, and no other document is \
                 fetched; copy what is meant into \"$defs\"",
            ),
            (
                serde_json::json!({"$schema": "https://example.com/dialect"}),
                "the schema of the payload cannot be used: its \"$schema\" is \
                 https://example.com/dialect, which is no draft of JSON Schema; leave it out, or \
                 write https://json-schema.org/draft/2020-12/schema",
            ),
        ] {
            let error = PayloadAuthority::new(schema).err().map(|e| e.to_string());
            assert_eq!(error.as_deref(), Some(expected));
        }
    }
}
