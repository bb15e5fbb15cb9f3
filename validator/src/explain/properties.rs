//! Properties that are missing, not allowed, or have a name that is not.

use jsonschema::ValidationError;
use serde_json::Value;

use super::{Broken, schemas};
use crate::{
    Code,
    finding::{At, Problem},
    nearest::nearest,
    wording,
};

/// Most names that "expected" lists.
const MAX_NAMES: usize = 20;

/// A property that `required` or `dependentRequired` asks for.
pub(super) fn missing(broken: &Broken<'_>, name: &str) -> Problem {
    let described = schemas::property(broken.root, broken.schema(), name);
    let fixed = schemas::fixed_values(&described).map(|values| schemas::one_of(&values));
    let types = || {
        let types = described
            .iter()
            .flat_map(|part| schemas::types_in(broken.root, part));
        let types = wording::types(types);
        (!types.is_empty()).then_some(types)
    };
    let quoted = wording::quoted(name);
    let expected = match fixed.or_else(types) {
        Some(described) => format!("{quoted}: {described}"),
        None => format!("a property {quoted}"),
    };
    let help = match misspelt(broken, name) {
        Some(key) => format!(
            "rename {} to {quoted} if that is what it is",
            wording::quoted(key)
        ),
        None => format!("add {quoted} to the object that begins here"),
    };
    let asking = asking_for(broken, name);
    let (code, message) = if asking.is_empty() {
        (Code::Required, format!("property {quoted} is missing"))
    } else {
        let verb = if asking.len() == 1 { "needs" } else { "need" };
        let asking = asking.join(" and ");
        (
            Code::DependentRequired,
            format!("property {quoted} is missing, which {asking} {verb}"),
        )
    };
    broken
        .problem(code, message)
        .property(name)
        .expected(expected)
        .help(help)
}

/// The key of the object that was probably meant to be `name`.
fn misspelt<'a>(broken: &Broken<'a>, name: &str) -> Option<&'a str> {
    let members = broken.instance().as_object()?;
    let described = schemas::property_names(broken.root, broken.schema());
    // A key that is documented is meant as it stands.
    let unknown = members
        .keys()
        .map(String::as_str)
        .filter(|key| described.binary_search(key).is_err());
    nearest(name, unknown)
}

/// The properties of the object whose presence asks for `name`, in quotes.
fn asking_for(broken: &Broken<'_>, name: &str) -> Vec<String> {
    let keyword = broken.keyword();
    let is_dependent = keyword
        .last()
        .is_some_and(|last| last == "dependentRequired" || last == "dependencies");
    if !is_dependent {
        return Vec::new();
    }
    let dependencies = broken
        .root
        .pointer(keyword.as_str())
        .and_then(Value::as_object);
    dependencies
        .into_iter()
        .flatten()
        .filter(|(asking, _)| broken.instance().get(asking.as_str()).is_some())
        .filter(|(_, needed)| {
            let needed = needed.as_array();
            needed.is_some_and(|needed| needed.iter().any(|needed| needed == name))
        })
        .map(|(asking, _)| wording::quoted(asking))
        .collect()
}

/// Properties that are not among those that are described.
pub(super) fn unexpected<'a>(
    broken: &'a Broken<'_>,
    keys: &'a [String],
) -> impl Iterator<Item = Problem> + 'a {
    let object = broken.pointer();
    let described = schemas::property_names(broken.root, broken.schema());
    let free: Vec<&str> = described
        .iter()
        .copied()
        .filter(|name| broken.instance().get(name).is_none())
        .collect();
    let rule = broken.root.pointer(broken.keyword().as_str());
    // What the keyword asks of other properties, if it does not forbid them.
    let asked = rule
        .filter(|rule| !matches!(rule, Value::Bool(_)))
        .map(|rule| schemas::describe(broken.root, rule));
    let expected = match (&asked, described.as_slice()) {
        (Some(asked), _) => format!("in properties that are not described: {asked}"),
        (None, []) => "no properties beyond those that are described".into(),
        (None, names) if names.len() <= MAX_NAMES => {
            let names: Vec<String> = names.iter().map(|name| wording::quoted(name)).collect();
            format!("only the documented properties: {}", names.join(", "))
        }
        (None, _) => "only the documented properties".into(),
    };
    keys.iter().map(move |key| {
        let quoted = wording::quoted(key);
        let at = object.child(key);
        if asked.is_some() {
            let message = format!("property {quoted} is not of the form of other properties");
            return broken
                .problem_at(Code::AdditionalProperties, at, message)
                .expected(expected.clone());
        }
        let message = format!("property {quoted} is not allowed here");
        let problem = broken
            .problem_at(Code::AdditionalProperties, at, message)
            .at(At::Key)
            .expected(expected.clone());
        match nearest(key, free.iter().copied()) {
            Some(near) => problem.did_you_mean(near, "rename it to"),
            None => problem.help("remove it, or correct its name"),
        }
    })
}

/// All properties of an object that may have none, of which the authority names one and not where
/// it is.
pub(super) fn all_unexpected(broken: &Broken<'_>) -> Option<Vec<Problem>> {
    if broken.keyword().last()? != "additionalProperties" {
        return None;
    }
    let object = broken.document.pointer(broken.pointer().as_str())?;
    let keys: Vec<String> = object.as_object()?.keys().cloned().collect();
    Some(unexpected(broken, &keys).collect())
}

/// A key that breaks `propertyNames`.
pub(super) fn wrong_name(broken: &Broken<'_>, error: &ValidationError<'_>) -> Problem {
    let name = error.instance().as_str().unwrap_or_default();
    let mut inner = Vec::new();
    broken.with(error).explain(&mut inner);
    let quoted = wording::quoted(name);
    let at = broken.pointer().child(name);
    let inner = inner.into_iter().next();
    let reason = inner.as_ref().map_or_else(
        || "it must be another one".into(),
        |inner| inner.message.replace("the string ", ""),
    );
    let problem = broken
        .problem_at(
            Code::PropertyNames,
            at,
            format!("the name of property {quoted} is not allowed: {reason}"),
        )
        .at(At::Key)
        .help("rename the property, or remove it");
    let (expected, suggestion) =
        inner.map_or((None, None), |inner| (inner.expected, inner.suggestion));
    Problem {
        expected: Some(match expected {
            Some(size) if size.starts_with("at ") => format!("a name of {size}"),
            Some(expected) => format!("a name that is {expected}"),
            None => "another name".into(),
        }),
        suggestion,
        ..problem
    }
}
