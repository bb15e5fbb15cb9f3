//! What a JSON Schema says is wrong, in a user's words.
//!
//! [`branches`] finds the form of a union that was meant; the other modules explain the keywords
//! of values, properties, items, sizes and strings. [`schemas`] says what a schema asks for.

mod branches;
mod formats;
mod items;
mod options;
mod properties;
mod schemas;
mod sizes;
mod values;

#[cfg(test)]
mod tests;

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;
use source_text::JsonPointer;

use crate::{Code, finding::Problem, wording};

pub(crate) use options::not_an_option;
pub(crate) use schemas::parts;

/// Turns the errors that `document` has by a schema into problems; `schema` is its source.
pub(crate) fn explain<'a>(
    schema: &Value,
    document: &Value,
    errors: impl IntoIterator<Item = ValidationError<'a>>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for error in errors {
        let broken = Broken {
            root: schema,
            document,
            error: &error,
        };
        broken.explain(&mut problems);
    }
    problems
}

/// A keyword that a value breaks.
#[derive(Clone, Copy)]
struct Broken<'a> {
    /// The document that the keyword stands in.
    root: &'a Value,
    /// What was checked as a whole.
    document: &'a Value,
    error: &'a ValidationError<'a>,
}

impl<'a> Broken<'a> {
    /// Another error of the same check.
    fn with<'b>(&self, error: &'b ValidationError<'b>) -> Broken<'b>
    where
        'a: 'b,
    {
        Broken { error, ..*self }
    }

    /// The value that breaks it.
    fn instance(&self) -> &'a Value {
        self.error.instance().as_ref()
    }

    /// Where that value is.
    fn pointer(&self) -> JsonPointer {
        // The path is escaped as RFC 6901 says, so that it always parses.
        JsonPointer::parse(self.error.instance_path().as_str()).unwrap_or_default()
    }

    /// Where the keyword stands in the schema.
    fn keyword(&self) -> JsonPointer {
        let below = JsonPointer::parse(self.error.schema_path().as_str()).unwrap_or_default();
        // The path is from the nearest schema with an id of its own.
        let resource = self
            .error
            .absolute_keyword_location()
            .and_then(|uri| schemas::resource(self.root, uri.as_str()));
        match resource {
            Some(resource) => resource.join(&below),
            None => below,
        }
    }

    /// The schema that has the keyword; null if it is in another document.
    fn schema(&self) -> &'a Value {
        let parent = self.keyword().parent().unwrap_or_default();
        self.root.pointer(parent.as_str()).unwrap_or(&Value::Null)
    }

    /// A problem with the value.
    fn problem(&self, code: Code, message: impl Into<String>) -> Problem {
        self.problem_at(code, self.pointer(), message)
    }

    /// A problem with another value than the one that breaks the keyword.
    fn problem_at(&self, code: Code, at: JsonPointer, message: impl Into<String>) -> Problem {
        Problem {
            schema: Some(self.keyword()),
            ..Problem::new(code, at, message)
        }
    }

    fn explain(&self, problems: &mut Vec<Problem>) {
        let problem = match self.error.kind() {
            Kind::Type { kind } => values::wrong_type(self, values::names_of(kind)),
            Kind::Enum { options } => {
                let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
                options::not_one_of(self, options)
            }
            Kind::Constant { expected_value } => options::not_the_constant(self, expected_value),
            Kind::Not { schema } => values::excluded(self, schema),
            Kind::FalseSchema => match properties::all_unexpected(self) {
                Some(unexpected) => {
                    problems.extend(unexpected);
                    return;
                }
                None => values::forbidden(self),
            },
            Kind::Required { property } => {
                properties::missing(self, property.as_str().unwrap_or_default())
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                branches::explain(self, context, problems);
                return;
            }
            Kind::OneOfMultipleValid { context } => branches::too_many(self, context),
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                problems.extend(properties::unexpected(self, unexpected));
                return;
            }
            Kind::PropertyNames { error } => properties::wrong_name(self, error),
            Kind::AdditionalItems { limit } => {
                problems.extend(items::beyond(self, *limit));
                return;
            }
            Kind::UnevaluatedItems { unexpected } => {
                problems.extend(items::unevaluated(self, unexpected));
                return;
            }
            Kind::UniqueItems => {
                problems.extend(items::repeated(self));
                return;
            }
            Kind::Contains => items::not_contained(self),
            Kind::Minimum { .. }
            | Kind::Maximum { .. }
            | Kind::ExclusiveMinimum { .. }
            | Kind::ExclusiveMaximum { .. }
            | Kind::MultipleOf { .. } => sizes::out_of_bounds(self),
            Kind::MinLength { .. }
            | Kind::MaxLength { .. }
            | Kind::MinItems { .. }
            | Kind::MaxItems { .. }
            | Kind::MinProperties { .. }
            | Kind::MaxProperties { .. } => sizes::wrong_size(self),
            Kind::Pattern { pattern } => values::unmatched(self, pattern),
            Kind::Format { format } => values::malformed(self, format),
            kind => self.other(kind),
        };
        problems.push(problem);
    }

    /// What the authority could not decide, and keywords that 2020-12 does not check by itself.
    fn other(&self, kind: &Kind) -> Problem {
        let found = wording::found(self.instance());
        let (message, expected) = match kind {
            Kind::ContentEncoding {
                content_encoding: form,
            }
            | Kind::ContentMediaType {
                content_media_type: form,
            } => (
                format!("{found} is no {}", wording::shortened(form)),
                format!("a string that holds {}", wording::shortened(form)),
            ),
            Kind::FromUtf8 { .. } => (
                format!("what {found} encodes is no UTF-8"),
                "text in UTF-8".into(),
            ),
            Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
                let pattern = self.schema().get("pattern").and_then(Value::as_str);
                let pattern = wording::quoted(pattern.unwrap_or_default());
                (
                    format!("whether {found} matches {pattern} could not be decided"),
                    format!("a string that matches {pattern}"),
                )
            }
            kind => (
                format!("{found} breaks the rule \"{}\"", kind.keyword()),
                "a value that the schema allows".into(),
            ),
        };
        self.problem(Code::Other, message).expected(expected)
    }
}
