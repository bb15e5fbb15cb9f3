//! The form of a union that was meant, of all that a value fails.
//!
//! It is the one that the schema's `discriminator` names, or else the one whose fixed values
//! (`const`, `enum`) the value has, or else the nearest: of a type that fits, with the fewest errors
//! and properties that it does not describe. The others are summed up in the help.

use std::cmp::Reverse;

use jsonschema::{JsonType, ValidationError, error::ValidationErrorKind as Kind};
use serde_json::{Map, Value};

use super::{Broken, options, schemas, values};
use crate::{Code, finding::Problem, wording};

/// Most other forms that the help names.
const MAX_OTHERS: usize = 3;

type Errors = [ValidationError<'static>];

/// One form of a union.
#[derive(Clone, Copy)]
struct Branch<'a> {
    index: usize,
    /// Null if it is in another document.
    schema: &'a Value,
    errors: &'a Errors,
}

impl Branch<'_> {
    /// What to call it: its name, or what it asks for, or its number in the list.
    fn label(&self, root: &Value) -> String {
        schemas::name(self.schema)
            .or_else(|| schemas::describe_within(root, self.schema, 1))
            .unwrap_or_else(|| format!("form {}", self.index + 1))
    }

    /// Whether it fails as the value is of another type.
    fn is_of_other_type(&self, place: &str) -> bool {
        let own = self
            .errors
            .iter()
            .filter(|error| error.instance_path().as_str() == place);
        let mut others = own.map(|error| {
            let found = JsonType::from(error.instance().as_ref());
            let differs = |option: &Value| JsonType::from(option) != found;
            match error.kind() {
                Kind::Type { .. } => true,
                Kind::Enum { options } => options
                    .as_array()
                    .is_some_and(|options| options.iter().all(differs)),
                Kind::Constant { expected_value } => differs(expected_value),
                _ => false,
            }
        });
        others.any(|differs| differs)
    }

    /// How many of the value's properties it describes.
    fn known_properties(&self, broken: &Broken<'_>) -> usize {
        let names = schemas::property_names(broken.root, self.schema);
        names
            .iter()
            .filter(|name| broken.instance().get(name).is_some())
            .count()
    }

    /// How many of the value's properties it neither describes nor refuses.
    fn strange_properties(&self, broken: &Broken<'_>, known: usize) -> usize {
        if schemas::describes_other_properties(broken.root, self.schema) {
            return 0;
        }
        let all = broken.instance().as_object().map_or(0, Map::len);
        all.saturating_sub(known + self.refused_properties())
    }

    /// How many properties of the value are said to be too many.
    fn refused_properties(&self) -> usize {
        let refused = self.errors.iter().map(|error| match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => unexpected.len(),
            _ => 0,
        });
        refused.max().unwrap_or_default()
    }

    /// How far a value is from it; the nearest is the least.
    fn distance(&self, broken: &Broken<'_>) -> impl Ord + use<> {
        let place = broken.error.instance_path().as_str();
        let is_ruled_out = self
            .errors
            .iter()
            .any(|error| matches!(error.kind(), Kind::FalseSchema));
        let depth = |error: &ValidationError<'_>| {
            let below = error.instance_path().as_str().strip_prefix(place);
            below.unwrap_or_default().matches('/').count()
        };
        // Fixed values near the top tell the forms of a union apart.
        let is_tag = |error: &&ValidationError<'_>| {
            matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. }) && depth(error) <= 1
        };
        let tags = self.errors.iter().filter(is_tag).count();
        let deepest = self.errors.iter().map(depth).max().unwrap_or_default();
        let known = self.known_properties(broken);
        let refused = self.refused_properties();
        let errors = self.errors.len() + refused.saturating_sub(1);
        let strange = self.strange_properties(broken, known);
        (
            is_ruled_out,
            tags,
            errors + strange,
            Reverse(known),
            Reverse(deepest),
        )
    }
}

/// The forms of the union that a value fails.
fn branches<'a>(
    broken: &Broken<'a>,
    context: &'a [Vec<ValidationError<'static>>],
) -> Vec<Branch<'a>> {
    let schemas = broken.root.pointer(broken.keyword().as_str());
    let schemas = schemas
        .and_then(Value::as_array)
        .filter(|schemas| schemas.len() == context.len());
    context
        .iter()
        .enumerate()
        .map(|(index, errors)| Branch {
            index,
            schema: schemas
                .and_then(|schemas| schemas.get(index))
                .unwrap_or(&Value::Null),
            errors,
        })
        .collect()
}

/// Explains why a value fits none of the forms of a union, by the form that was meant.
pub(super) fn explain<'a>(
    broken: &Broken<'a>,
    context: &'a [Vec<ValidationError<'static>>],
    problems: &mut Vec<Problem>,
) {
    let branches = branches(broken, context);
    let tagged = broken.instance().as_object().and_then(|members| {
        by_discriminator(broken, &branches, members).or_else(|| by_tag(broken, &branches, members))
    });
    match tagged {
        Some(Choice::Branch(index, because)) => {
            report(broken, &branches, index, Some(&because), problems);
        }
        Some(Choice::Tag(problem)) => problems.push(*problem),
        None => nearest(broken, &branches, problems),
    }
}

/// What a tag tells.
enum Choice {
    /// Which form was meant, and why.
    Branch(usize, String),
    /// The tag itself is wrong.
    Tag(Box<Problem>),
}

/// Follows the `discriminator` that OpenAPI puts beside a union.
fn by_discriminator(
    broken: &Broken<'_>,
    branches: &[Branch<'_>],
    members: &Map<String, Value>,
) -> Option<Choice> {
    let discriminator = broken.schema().get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let tags: Vec<(&str, Option<String>)> = mapping
        .into_iter()
        .flatten()
        .filter_map(|(tag, target)| Some((tag.as_str(), last_segment(target.as_str()?))))
        .collect();
    let tag = members.get(property).and_then(Value::as_str);
    let meant = tag.and_then(|tag| {
        let mapped = tags.iter().find(|(name, _)| *name == tag);
        let target = mapped
            .and_then(|(_, target)| target.as_deref())
            .unwrap_or(tag);
        branches
            .iter()
            .position(|branch| schemas::name(branch.schema).as_deref() == Some(target))
    });
    if let (Some(index), Some(tag)) = (meant, tag) {
        return Some(Choice::Branch(index, because(property, &tag.into())));
    }
    let names: Vec<Value> = if tags.is_empty() {
        let names = branches.iter().map(|branch| schemas::name(branch.schema));
        names
            .map(|name| name.map(Value::from))
            .collect::<Option<_>>()?
    } else {
        tags.iter().map(|(tag, _)| (*tag).into()).collect()
    };
    Some(wrong_tag(broken, members, property, &names))
}

/// The name at the end of a reference, or a name itself.
fn last_segment(reference: &str) -> Option<String> {
    reference.rsplit('/').next().map(ToOwned::to_owned)
}

/// Goes by the property whose fixed values tell the forms apart.
fn by_tag(
    broken: &Broken<'_>,
    branches: &[Branch<'_>],
    members: &Map<String, Value>,
) -> Option<Choice> {
    let place = broken.error.instance_path().as_str();
    let fitting: Vec<&Branch<'_>> = branches
        .iter()
        .filter(|branch| !branch.is_of_other_type(place))
        .collect();
    let tag = fitting.iter().find_map(|branch| {
        let names = schemas::property_names(broken.root, branch.schema);
        names
            .into_iter()
            .find(|name| tells_apart(broken.root, &fitting, name))
    })?;
    let allowed = |branch: &Branch<'_>| values_of(broken.root, branch, tag);
    let Some(value) = members.get(tag) else {
        let options: Vec<Value> = fitting.iter().flat_map(|branch| allowed(branch)).collect();
        let all_require = fitting.iter().all(|branch| {
            branch.errors.iter().any(|error| {
                error.instance_path().as_str() == place
                    && matches!(error.kind(), Kind::Required { property } if property == tag)
            })
        });
        return all_require.then(|| wrong_tag(broken, members, tag, &options));
    };
    let meant = fitting
        .iter()
        .filter(|branch| allowed(branch).contains(value))
        .min_by_key(|branch| branch.distance(broken));
    Some(match meant {
        Some(branch) => Choice::Branch(branch.index, because(tag, value)),
        None => {
            let options: Vec<Value> = fitting.iter().flat_map(|branch| allowed(branch)).collect();
            wrong_tag(broken, members, tag, &options)
        }
    })
}

/// Whether all forms have fixed values for a property, and not all the same.
fn tells_apart(root: &Value, branches: &[&Branch<'_>], property: &str) -> bool {
    let mut values = branches
        .iter()
        .map(|branch| values_of(root, branch, property));
    let first = values.next().unwrap_or_default();
    let mut differ = false;
    let all_fixed = !first.is_empty()
        && values.all(|values| {
            differ |= values != first;
            !values.is_empty()
        });
    all_fixed && differ
}

/// The only values that a form allows for a property; none if it does not name them.
fn values_of(root: &Value, branch: &Branch<'_>, property: &str) -> Vec<Value> {
    let described = schemas::property(root, branch.schema, property);
    let values = schemas::fixed_values(&described).unwrap_or_default();
    values.into_iter().cloned().collect()
}

/// A tag that is missing, or leads to no form.
fn wrong_tag(
    broken: &Broken<'_>,
    members: &Map<String, Value>,
    tag: &str,
    options: &[Value],
) -> Choice {
    let allowed: Vec<&Value> = options.iter().collect();
    let expected = schemas::one_of(&allowed);
    let quoted = wording::quoted(tag);
    let problem = match members.get(tag) {
        Some(value) => Problem {
            schema: Some(broken.keyword()),
            ..options::not_an_option(broken.pointer().child(tag), value, options, None)
        },
        None => broken
            .problem(
                Code::Required,
                format!("property {quoted} is missing, which tells the forms of this object apart"),
            )
            .property(tag)
            .expected(format!("{quoted}: {expected}"))
            .help(format!("add {quoted} to the object that begins here")),
    };
    Choice::Tag(Box::new(problem))
}

fn because(tag: &str, value: &Value) -> String {
    let value = match value.as_str() {
        Some(text) => wording::quoted(text),
        None => wording::shortened(&value.to_string()),
    };
    format!("{} is {value}", wording::quoted(tag))
}

/// Reports the errors of the form that is nearest, or of all if they fail alike.
fn nearest(broken: &Broken<'_>, branches: &[Branch<'_>], problems: &mut Vec<Problem>) {
    let place = broken.error.instance_path().as_str();
    let fitting: Vec<&Branch<'_>> = branches
        .iter()
        .filter(|branch| !branch.is_of_other_type(place))
        .collect();
    if fitting.is_empty() {
        problems.push(of_no_type(broken, branches, place));
    } else if let Some(options) = all_fixed(&fitting, place) {
        problems.push(options::not_one_of(broken, &options));
        let of_other_types = |branch: &&Branch<'_>| branch.is_of_other_type(place);
        let others = others(broken, branches.iter().filter(of_other_types));
        add_help(problems.last_mut(), &list_after(OTHER_FORMS, &others));
    } else if let Some(names) = all_lacking(broken, &fitting, place) {
        problems.push(one_of_many_missing(broken, &names));
    } else {
        let nearest = fitting.iter().min_by_key(|branch| branch.distance(broken));
        match nearest {
            Some(branch) => report(broken, branches, branch.index, None, problems),
            None => problems.push(none_fits(broken, branches)),
        }
    }
}

/// A value whose type is that of no form.
fn of_no_type(broken: &Broken<'_>, branches: &[Branch<'_>], place: &str) -> Problem {
    let (mut types, mut options) = (Vec::new(), Vec::new());
    for error in branches.iter().flat_map(|branch| branch.errors) {
        if error.instance_path().as_str() != place {
            continue;
        }
        match error.kind() {
            Kind::Type { kind } => types.extend(values::names_of(kind)),
            Kind::Enum { options: some } => options.extend(some.as_array().into_iter().flatten()),
            Kind::Constant { expected_value } => options.push(expected_value.as_ref()),
            _ => {}
        }
    }
    // That null would do need not be said twice.
    options.retain(|option| !(option.is_null() && types.contains(&"null")));
    match (types.as_slice(), options.as_slice()) {
        ([], []) => none_fits(broken, branches),
        (_, []) => values::wrong_type(broken, types),
        _ => {
            let mut forms = vec![schemas::one_of(&options)];
            if !types.is_empty() {
                forms.push(wording::types(types));
            }
            let expected = forms.join(" or ");
            let found = wording::found(broken.instance());
            broken
                .problem(Code::Enum, format!("expected {expected}, found {found}"))
                .expected(expected)
        }
    }
}

/// The values that the forms allow, if each is nothing but a list of them.
fn all_fixed(branches: &[&Branch<'_>], place: &str) -> Option<Vec<Value>> {
    let mut options = Vec::new();
    for branch in branches {
        let [error] = branch.errors else {
            return None;
        };
        if error.instance_path().as_str() != place {
            return None;
        }
        match error.kind() {
            Kind::Enum { options: some } => options.extend(some.as_array()?.iter().cloned()),
            Kind::Constant { expected_value } => options.push(expected_value.as_ref().clone()),
            _ => return None,
        }
    }
    Some(options)
}

/// The properties that the forms lack, if each lacks one and nothing else.
fn all_lacking(broken: &Broken<'_>, branches: &[&Branch<'_>], place: &str) -> Option<Vec<String>> {
    let mut known = branches
        .iter()
        .map(|branch| branch.known_properties(broken));
    let first = known.next()?;
    if known.any(|number| number != first) {
        return None;
    }
    let names: Option<Vec<String>> = branches
        .iter()
        .map(|branch| match branch.errors {
            [error] if error.instance_path().as_str() == place => match error.kind() {
                Kind::Required { property } => property.as_str().map(wording::quoted),
                _ => None,
            },
            _ => None,
        })
        .collect();
    names.filter(|names| names.len() > 1)
}

fn one_of_many_missing(broken: &Broken<'_>, names: &[String]) -> Problem {
    let alternatives = wording::alternatives(names);
    broken
        .problem(
            code_of(broken),
            format!("property {alternatives} is missing: one of them must be here"),
        )
        .expected(format!("an object with {alternatives}"))
        .help("add one of them to the object that begins here")
}

fn none_fits(broken: &Broken<'_>, branches: &[Branch<'_>]) -> Problem {
    let found = wording::found(broken.instance());
    broken
        .problem(
            code_of(broken),
            format!("{found} fits none of the forms it may have"),
        )
        .expected(all_forms(broken, branches))
}

/// A value that fits more than one form where only one is allowed.
pub(super) fn too_many(broken: &Broken<'_>, context: &[Vec<ValidationError<'static>>]) -> Problem {
    let branches = branches(broken, context);
    let fitting: Vec<String> = branches
        .iter()
        .filter(|branch| branch.errors.is_empty())
        .take(MAX_OTHERS + 1)
        .map(|branch| branch.label(broken.root))
        .collect();
    let found = wording::found(broken.instance());
    let all = match fitting.as_slice() {
        [many @ .., last] if !many.is_empty() => format!(": {} and {last}", many.join(", ")),
        _ => String::new(),
    };
    broken
        .problem(
            Code::OneOf,
            format!("{found} fits more than one of the forms it may have{all}"),
        )
        .expected(format!(
            "exactly one form: {}",
            all_forms(broken, &branches)
        ))
        .help("change it so that it fits one form only")
}

/// The forms of a union as alternatives.
fn all_forms(broken: &Broken<'_>, branches: &[Branch<'_>]) -> String {
    let mut forms: Vec<String> = branches
        .iter()
        .take(MAX_OTHERS + 1)
        .map(|branch| branch.label(broken.root))
        .collect();
    let left_out = branches.len() - forms.len();
    if left_out > 0 {
        forms.push(format!("{left_out} more"));
    }
    wording::alternatives(&forms)
}

fn code_of(broken: &Broken<'_>) -> Code {
    match broken.error.kind() {
        Kind::AnyOf { .. } => Code::AnyOf,
        _ => Code::OneOf,
    }
}

/// Reports the errors of one form; the help of the first says why it is this one.
fn report(
    broken: &Broken<'_>,
    branches: &[Branch<'_>],
    index: usize,
    because: Option<&str>,
    problems: &mut Vec<Problem>,
) {
    let first = problems.len();
    let Some(meant) = branches.get(index) else {
        return;
    };
    for error in meant.errors {
        broken.with(error).explain(problems);
    }
    let others = others(
        broken,
        branches.iter().filter(|branch| branch.index != index),
    );
    let note = match because {
        Some(because) => {
            let label = meant.label(broken.root);
            let others = list_after("; other forms: ", &others);
            format!("{TAKEN_FOR}{label}, as {because}{others}")
        }
        None => list_after(OTHER_FORMS, &others),
    };
    match problems.get_mut(first) {
        Some(problem) => add_help(Some(problem), &note),
        None => problems.push(none_fits(broken, branches)),
    }
}

const OTHER_FORMS: &str = "other forms that may stand here: ";
const TAKEN_FOR: &str = "it is taken for ";

/// Adds to what is to be done about a problem, unless a union within this one has added to it: what
/// stands nearest to the mistake tells most.
fn add_help(problem: Option<&mut Problem>, note: &str) {
    let is_silent = |problem: &&mut Problem| {
        let help = problem.help.as_deref().unwrap_or_default();
        !note.is_empty()
            && ![OTHER_FORMS, TAKEN_FOR]
                .iter()
                .any(|note| help.contains(note))
    };
    if let Some(problem) = problem.filter(is_silent) {
        problem.help = Some(match problem.help.take() {
            Some(help) => format!("{help}; {note}"),
            None => note.to_owned(),
        });
    }
}

fn list_after(words: &str, others: &[String]) -> String {
    if others.is_empty() {
        String::new()
    } else {
        format!("{words}{}", others.join(", "))
    }
}

/// Forms that were not meant, each with the first reason why the value does not fit.
fn others<'a>(broken: &Broken<'_>, branches: impl Iterator<Item = &'a Branch<'a>>) -> Vec<String> {
    let others: Vec<&Branch<'_>> = branches
        // That null would do need not be said to one who wrote a value.
        .filter(|branch| !is_null(branch.schema) && *branch.schema != Value::Bool(false))
        .collect();
    let mut texts: Vec<String> = others
        .iter()
        .take(MAX_OTHERS)
        .map(|branch| {
            let label = branch.label(broken.root);
            match reason(broken, branch) {
                Some(reason) => format!("{label} (not fitting: {reason})"),
                None => label,
            }
        })
        .collect();
    if others.len() > texts.len() {
        texts.push(format!("and {} more", others.len() - texts.len()));
    }
    texts
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
}

/// Why a value does not fit a form, by its first error; none if the form's label says it.
fn reason(broken: &Broken<'_>, branch: &Branch<'_>) -> Option<String> {
    let error = branch.errors.first()?;
    let place = broken.error.instance_path().as_str();
    let below = error.instance_path().as_str().strip_prefix(place)?;
    let is_named = schemas::name(branch.schema).is_some();
    let message = match error.kind() {
        Kind::Type { .. } if below.is_empty() => return None,
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => "it fits none of its forms".to_owned(),
        _ if below.is_empty() && !is_named => return None,
        _ => {
            let mut problems = Vec::new();
            broken.with(error).explain(&mut problems);
            problems.into_iter().next()?.message
        }
    };
    Some(match below {
        "" => message,
        below => format!("at {}, {message}", wording::shortened(below)),
    })
}
