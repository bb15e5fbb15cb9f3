//! Which fields a collection is filtered and sorted by, and with which operators.
//!
//! A document states them by `x-filter-operators` and `x-sortable-fields` on the parameter. Without
//! these they are read from the description of a parameter that is called `filters` or `sorters`,
//! where that has a form that leaves no doubt: lines of `**field**: *eq, in*`, and one list of
//! `**field, field**` behind a colon.

use crate::ir::{FilterOperator, Location, QueryField, QueryFields, TypeRef};
use crate::load::{Kind, Node};
use crate::resolve::Parameter;

use super::names::{self, Scope};
use super::types::TypeLowering;

/// Functions that the type of a list of fields has besides its fields.
const FUNCTIONS: [&str; 2] = ["raw", "parse"];

/// The fields of a parameter that is a filter or a list of sorters.
pub(super) fn of_parameter<'d>(
    types: &mut TypeLowering<'_, 'd>,
    parameter: &Parameter<'d>,
    ty: &TypeRef,
    base: &str,
) -> Option<QueryFields> {
    let stated = parameter.node.get("x-filter-operators");
    let sortable = parameter.node.get("x-sortable-fields");
    let is_text = *ty == TypeRef::String
        && parameter.location == Location::Query
        && parameter.media_type.is_none();
    let wires = if !is_text {
        if let Some(extension) = stated.or(sortable) {
            let message = "the parameter is no text in the query".to_owned();
            warn(types, extension, message);
        }
        return None;
    } else if let Some(stated) = stated {
        operators_of(types, stated)?
    } else if let Some(sortable) = sortable {
        sortable_of(types, sortable)?
    } else {
        let description = parameter.description.unwrap_or_default();
        match parameter.name {
            "filters" | "filter" => described_filters(description)?,
            "sorters" | "sorter" => described_sorters(description)?,
            _ => return None,
        }
    };
    let is_filter = wires.iter().any(|(_, operators)| !operators.is_empty());
    let word = if is_filter { "Filter" } else { "Sorter" };
    let name = match parameter.name {
        "filters" | "filter" | "sorters" | "sorter" => format!("{base}{word}"),
        other => format!("{base}{}{word}", names::type_name(other)),
    };
    let mut scope = Scope::with(&FUNCTIONS);
    let texts = wires.iter().map(|(wire, _)| wire.as_str());
    let names = scope.unique_all(texts, names::value_name);
    let fields = names.into_iter().zip(wires);
    Some(QueryFields {
        name,
        is_filter,
        fields: fields
            .map(|(name, (wire, operators))| QueryField {
                name,
                wire,
                operators,
            })
            .collect(),
    })
}

/// Fields with the operators that they take; none for a field to sort by.
type Wires = Vec<(String, Vec<FilterOperator>)>;

fn warn<'d>(types: &mut TypeLowering<'_, 'd>, node: Node<'d>, message: String) {
    let effect = "the parameter is taken as if that were not stated";
    types
        .diagnostics()
        .warning(node, "unusable-filter-fields", message, effect);
}

fn operators_of<'d>(types: &mut TypeLowering<'_, 'd>, stated: Node<'d>) -> Option<Wires> {
    let mut wires = Wires::new();
    for (field, words) in stated.members() {
        let mut operators = Vec::new();
        for word in words.items() {
            let text = word.as_str().unwrap_or_default();
            let Some(operator) = FilterOperator::of(text) else {
                let message = format!("{text:?} is no operator of filters");
                warn(types, word, message);
                return None;
            };
            operators.push(operator);
        }
        if !is_field(field) || operators.is_empty() {
            let message = format!("{field:?} is no field with operators");
            warn(types, words, message);
            return None;
        }
        wires.push((field.to_owned(), in_order(operators)));
    }
    if wires.is_empty() {
        warn(types, stated, "there are no fields".to_owned());
        return None;
    }
    Some(wires)
}

fn sortable_of<'d>(types: &mut TypeLowering<'_, 'd>, stated: Node<'d>) -> Option<Wires> {
    let mut wires = Wires::new();
    let items = (stated.kind() == Kind::Array).then(|| stated.items());
    for item in items.into_iter().flatten() {
        let field = item.as_str().unwrap_or_default();
        if !is_field(field) {
            warn(types, item, format!("{field:?} is no field"));
            return None;
        }
        if !wires.iter().any(|(have, _)| have == field) {
            wires.push((field.to_owned(), Vec::new()));
        }
    }
    if wires.is_empty() {
        warn(types, stated, "there are no fields".to_owned());
        return None;
    }
    Some(wires)
}

/// Each operator once, by its word.
fn in_order(mut operators: Vec<FilterOperator>) -> Vec<FilterOperator> {
    operators.sort_unstable();
    operators.dedup();
    operators
}

/// The fields of a description in which every line with bold text is one field and its operators.
fn described_filters(description: &str) -> Option<Wires> {
    let mut wires = Wires::new();
    for line in description.lines().map(str::trim) {
        if !line.contains("**") {
            continue;
        }
        let (field, rest) = line.strip_prefix("**")?.split_once("**")?;
        let rest = rest.trim_start().trim_start_matches(':').trim();
        let words = rest.strip_prefix('*')?.strip_suffix('*')?;
        let operators: Option<Vec<FilterOperator>> = words
            .split(',')
            .map(|word| FilterOperator::of(word.trim()))
            .collect();
        if !is_field(field) || wires.iter().any(|(have, _)| have == field) {
            return None;
        }
        wires.push((field.to_owned(), in_order(operators?)));
    }
    (!wires.is_empty()).then_some(wires)
}

/// The fields of a description in which one paragraph ends with a colon and a list of bold names,
/// and no other bold text is anything but one of them.
fn described_sorters(description: &str) -> Option<Wires> {
    let mut fields: Vec<&str> = Vec::new();
    let mut others = Vec::new();
    for paragraph in description.split("\n\n") {
        // The odd parts are between asterisks.
        let mut bold = paragraph.split("**").skip(1).step_by(2).peekable();
        if bold.peek().is_none() {
            continue;
        }
        let names = bold.flat_map(|part| part.split(',')).map(str::trim);
        let head = paragraph.split("**").next().unwrap_or_default();
        let between = paragraph.split("**").skip(2).step_by(2);
        let is_list = head.trim_end().ends_with(':')
            && between
                .into_iter()
                .all(|text| matches!(text.trim(), "" | "," | "."));
        if !is_list {
            others.extend(names);
        } else if fields.is_empty() {
            fields.extend(names);
        } else {
            return None;
        }
    }
    let is_known = |name: &&str| fields.contains(name);
    let is_right = fields.iter().all(|field| is_field(field)) && others.iter().all(is_known);
    if fields.is_empty() || !is_right {
        return None;
    }
    let mut wires = Wires::new();
    for field in fields {
        if !wires.iter().any(|(have, _)| have == field) {
            wires.push((field.to_owned(), Vec::new()));
        }
    }
    Some(wires)
}

/// Whether the runtime takes the text for a field: a word that nothing else in a filter looks like.
fn is_field(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_.-:$@/".contains(c);
    let is_word = ["and", "or", "not", "pr"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_alphabetic() || "_$@".contains(c))
        && text.chars().all(is_part)
        && !is_word
}
