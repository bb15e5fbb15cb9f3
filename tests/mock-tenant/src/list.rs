//! Collections: which profiles, in which order, which page.

use std::borrow::Cow;

use axum::http::HeaderName;
use oas_runtime::filter::{Expression, Sorters};
use url::form_urlencoded;

use crate::answer::{Answer, Answered};
use crate::documented::Documented;
use crate::store::{Profile, Store};
use crate::{Operation, RecordedRequest};

const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
/// The most that a page can hold.
const MAX_LIMIT: usize = 250;

/// What a request asks of a collection.
struct Query<'a> {
    parameters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Query<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.parameters.iter().filter(|(given, _)| given == name);
        named.next().map(|(_, value)| value.as_ref())
    }

    fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, String> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| *number <= most);
        number.ok_or_else(|| {
            let most = if most == usize::MAX {
                String::new()
            } else {
                format!(" to {most}")
            };
            format!("{name} must be an integer from 0{most}, and is {text:?}")
        })
    }

    fn flag(&self, name: &str) -> Result<bool, String> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(text) => Err(format!("{name} must be true or false, and is {text:?}")),
        }
    }
}

/// Answers a list or an export.
pub(crate) fn answer(
    store: &Store,
    operation: Operation,
    documented: &Documented,
    request: &RecordedRequest,
    strict_offset: bool,
    tracking_id: &str,
) -> Answered {
    let page = page(store, documented, request, strict_offset).map_err(|problem| {
        let text = "The request was syntactically correct but its content is semantically invalid.";
        Answer::error_because(400, tracking_id, text, &[problem])
    })?;
    let mut body = vec![b'['];
    for (index, profile) in page.profiles.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        match operation {
            Operation::Export => profile.exported(&mut body),
            _ => body.extend_from_slice(&profile.text),
        }
    }
    body.push(b']');
    let answer = Answer::json_text(200, body);
    Ok(match page.total {
        Some(total) => answer.header(TOTAL_COUNT, total.to_string()),
        None => answer,
    })
}

struct Page<'a> {
    profiles: Vec<&'a Profile>,
    /// If it was asked for.
    total: Option<usize>,
}

/// The error is in words.
fn page<'a>(
    store: &'a Store,
    documented: &Documented,
    request: &RecordedRequest,
    strict_offset: bool,
) -> Result<Page<'a>, String> {
    let parameters = form_urlencoded::parse(request.query().unwrap_or_default().as_bytes());
    let query = Query {
        parameters: parameters.collect(),
    };
    let limit = query.number("limit", MAX_LIMIT, MAX_LIMIT)?;
    let offset = query.number("offset", 0, usize::MAX)?;
    let counts = query.flag("count")?;
    let filter = query.get("filters").map(|text| filter(text, documented));
    let filter = filter.transpose()?;
    let sorters = sorters(query.get("sorters").unwrap_or_default(), documented)?;
    let mut profiles: Vec<&Profile> = store.all().iter().collect();
    if let Some(filter) = filter {
        profiles.retain(|profile| filter.matches(&profile.index));
    }
    if !sorters.sorters().is_empty() {
        profiles.sort_by(|one, other| sorters.compare(&one.index, &other.index));
    }
    let total = profiles.len();
    if strict_offset && offset > 0 && offset >= total {
        return Err("Specified offset is invalid".to_owned());
    }
    Ok(Page {
        profiles: profiles.into_iter().skip(offset).take(limit).collect(),
        total: counts.then_some(total),
    })
}

fn filter(text: &str, documented: &Documented) -> Result<Expression, String> {
    let expression: Expression = text.parse().map_err(|error| format!("filters: {error}"))?;
    for comparison in expression.comparisons() {
        let (field, operator) = (comparison.field(), comparison.operator().to_string());
        let Some(operators) = documented.filters.get(field) else {
            let fields: Vec<&str> = documented.filters.keys().map(String::as_str).collect();
            return Err(format!(
                "filters: {field} cannot be filtered by; the fields are {}",
                fields.join(", ")
            ));
        };
        if !operators.contains(&operator) {
            return Err(format!(
                "filters: {field} does not take {operator}; it takes {}",
                operators.join(", ")
            ));
        }
    }
    Ok(expression)
}

fn sorters(text: &str, documented: &Documented) -> Result<Sorters, String> {
    let sorters: Sorters = text.parse().map_err(|error| format!("sorters: {error}"))?;
    let is_unknown = |field: &str| !documented.sorters.iter().any(|known| known == field);
    let unknown = sorters
        .sorters()
        .iter()
        .find(|sorter| is_unknown(sorter.field()));
    match unknown {
        Some(sorter) => Err(format!(
            "sorters: {} cannot be sorted by; the fields are {}",
            sorter.field(),
            documented.sorters.join(", ")
        )),
        None => Ok(sorters),
    }
}
