//! The early documents carry their whole operation as JSON in their front matter: it is compared
//! with `v3-legacy` node by node, in both directions.

use serde_json::{Value as Json, json};

use crate::document::Document;
use crate::schema::to_json;

/// A place where the documentation contradicts itself or real data, and what was decided.
struct Decision {
    at: &'static str,
    documented: Json,
    ours: Json,
    reason: &'static str,
}

fn decisions() -> Vec<Decision> {
    vec![
        Decision {
            at: "/security/0",
            documented: json!({"bearerAuth": ["idn:identity-profile:read"]}),
            ours: json!({"oauth2": ["idn:identity-profile:read"]}),
            reason: "the page names a scheme that it does not define; the one that it defines is oauth2",
        },
        Decision {
            at: "**/transformDefinition/properties/attributes/additionalProperties",
            documented: json!({"type": "object"}),
            ours: json!(true),
            reason: "the page's own example of `attributes` holds strings",
        },
    ]
}

/// What `spec/` states in addition to the front matter, and why. Descriptions and `x-` extensions
/// may stand anywhere.
const ADDITIONS: &[(&str, &str)] = &[
    (
        "/responses/200/headers",
        "the count parameter's prose promises X-Total-Count",
    ),
    (
        "/responses/429/headers",
        "the response's prose promises Retry-After",
    ),
    (
        "/securitySchemes/oauth2/flows/*/scopes/idn:identity-profile:*",
        "a scope must be declared where it is used",
    ),
];

/// Compares front matter with `v3-legacy`, and remembers which exceptions were needed.
pub(crate) struct Comparison {
    decisions: Vec<(Decision, bool)>,
    additions: Vec<(&'static str, bool)>,
    pub(crate) differences: Vec<String>,
}

impl Comparison {
    pub(crate) fn new() -> Self {
        Self {
            decisions: decisions()
                .into_iter()
                .map(|decision| (decision, false))
                .collect(),
            additions: ADDITIONS.iter().map(|(at, _)| (*at, false)).collect(),
            differences: Vec::new(),
        }
    }

    /// Compares one page, the text of a whole file, with the operation it documents.
    pub(crate) fn page(&mut self, text: &str, document: &Document) -> Result<(), String> {
        let mut documented = front_matter(text)?;
        let postman = documented
            .as_object_mut()
            .and_then(|map| map.remove("postman"));
        documented["summary"] = json!(sidebar_label(text)?);
        self.differences
            .extend(derived_from(&postman.unwrap_or_default(), &documented));

        let (path, method) = (
            text_at(&documented, "/path")?,
            text_at(&documented, "/method")?,
        );
        let mut ours = to_json(document.get(&["paths", path, method])?);
        ours["path"] = json!(path);
        ours["method"] = json!(method);
        ours["servers"] = to_json(document.get(&["servers"])?);
        ours["securitySchemes"] = to_json(document.get(&["components", "securitySchemes"])?);
        ours["info"] = to_json(document.get(&["info"])?);
        self.nodes(&documented, &ours, "");
        Ok(())
    }

    /// Reports the exceptions that no page needed.
    pub(crate) fn unused_exceptions(&mut self) {
        for (decision, used) in &self.decisions {
            if !used {
                let Decision { at, reason, .. } = decision;
                self.differences.push(format!(
                    "the decision at {at} ({reason}) applies nowhere: take it out"
                ));
            }
        }
        for (at, used) in &self.additions {
            if !used {
                self.differences
                    .push(format!("the addition {at} applies nowhere: take it out"));
            }
        }
    }

    fn nodes(&mut self, documented: &Json, ours: &Json, at: &str) {
        if self.is_decided(documented, ours, at) {
            return;
        }
        match (documented, ours) {
            (Json::Object(left), Json::Object(right)) => {
                for (key, value) in left {
                    let at = child(at, key);
                    match right.get(key) {
                        Some(other) if is_prose(&at) => self.prose(value, other, &at),
                        Some(other) => self.nodes(value, other, &at),
                        None => self
                            .differences
                            .push(format!("{at}: documented as {value}, not in spec/")),
                    }
                }
                for key in right.keys().filter(|key| !left.contains_key(*key)) {
                    let at = child(at, key);
                    self.addition(&at);
                }
            }
            (Json::Array(left), Json::Array(right)) if left.len() == right.len() => {
                for (index, (left, right)) in left.iter().zip(right).enumerate() {
                    self.nodes(left, right, &format!("{at}/{index}"));
                }
            }
            _ if documented == ours => {}
            _ => self.differences.push(format!(
                "{at}: documented as {documented}, in spec/ as {ours}"
            )),
        }
    }

    fn is_decided(&mut self, documented: &Json, ours: &Json, at: &str) -> bool {
        let decision = self.decisions.iter_mut().find(|(decision, _)| {
            matches(decision.at, at) && decision.documented == *documented && decision.ours == *ours
        });
        decision.map(|(_, used)| *used = true).is_some()
    }

    fn addition(&mut self, at: &str) {
        if is_description(at) || matches("**/x-*", at) {
            return;
        }
        match self
            .additions
            .iter_mut()
            .find(|(pattern, _)| matches(pattern, at))
        {
            Some((_, used)) => *used = true,
            None => self
                .differences
                .push(format!("{at}: in spec/, not documented")),
        }
    }

    /// Prose is in our own words, but the links and the emphasised terms in it are facts.
    fn prose(&mut self, documented: &Json, ours: &Json, at: &str) {
        let (Some(documented), Some(ours)) = (documented.as_str(), ours.as_str()) else {
            self.differences
                .push(format!("{at}: a text on both sides was expected"));
            return;
        };
        if ours.trim().is_empty() {
            self.differences
                .push(format!("{at}: the description is empty"));
        }
        let terms = [
            links(documented),
            emphasised(documented),
            constants(documented),
        ];
        for term in terms.into_iter().flatten() {
            if !ours.contains(term) {
                self.differences
                    .push(format!("{at}: the description lost `{term}`"));
            }
        }
    }
}

fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Whether a text stands there that is ours to word.
fn is_prose(at: &str) -> bool {
    is_description(at) || matches("/securitySchemes/oauth2/flows/*/scopes/*", at)
}

/// Whether it is a description, and no property of that name.
fn is_description(at: &str) -> bool {
    at.ends_with("/description") && !at.ends_with("/properties/description")
}

/// Whether a JSON Pointer has the form of `pattern`: `*` ends a key in any way, `**` at the start is
/// any number of keys.
fn matches(pattern: &str, pointer: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let keys: Vec<&str> = pointer.split('/').collect();
    let (pattern, keys) = match pattern.split_first() {
        Some((&"**", rest)) => (rest, &keys[keys.len().saturating_sub(rest.len())..]),
        _ => (&pattern[..], &keys[..]),
    };
    let is_key = |(want, key): (&&str, &&str)| match want.strip_suffix('*') {
        Some(start) => key.starts_with(start),
        None => want == key,
    };
    pattern.len() == keys.len() && pattern.iter().zip(keys).all(is_key)
}

fn links(prose: &str) -> Vec<&str> {
    let starts = prose
        .match_indices("https://")
        .map(|(start, _)| &prose[start..]);
    starts
        .map(|rest| rest.split([')', ' ', '\n']).next().unwrap_or(rest))
        .collect()
}

/// The words in capitals that people do not write, such as `ORG_ADMIN`.
fn constants(prose: &str) -> Vec<&str> {
    let words = prose.split(|c: char| !c.is_ascii_uppercase() && c != '_');
    words
        .filter(|word| word.contains('_') && word.len() > 2)
        .collect()
}

/// What stands in `*…*`, `**…**` or backticks, outside of links.
fn emphasised(prose: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for mark in ['*', '`'] {
        let inside = prose
            .split(mark)
            .enumerate()
            .filter(|(index, _)| index % 2 == 1);
        out.extend(inside.map(|(_, term)| term).filter(|term| !term.is_empty()));
    }
    // `**term**` splits into "", "term", "": the term is at an even index, between two empty ones.
    let bold = prose
        .split("**")
        .enumerate()
        .filter(|(index, _)| index % 2 == 1);
    out.extend(bold.map(|(_, term)| term));
    out
}

fn front_matter(text: &str) -> Result<Json, String> {
    let start = text
        .find(" api: ")
        .ok_or("no ` api: ` in the front matter")?
        + " api: ".len();
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter();
    let value = values.next().ok_or("no JSON after ` api: `")?;
    value.map_err(|error| format!("the front matter is not JSON: {error}"))
}

fn sidebar_label(text: &str) -> Result<&str, String> {
    let label = text
        .split_once("sidebar_label: ")
        .and_then(|(_, rest)| rest.split_once(" hide_title:"));
    label
        .map(|(label, _)| label)
        .ok_or_else(|| "no sidebar_label in the front matter".to_owned())
}

fn text_at<'a>(value: &'a Json, pointer: &str) -> Result<&'a str, String> {
    value
        .pointer(pointer)
        .and_then(Json::as_str)
        .ok_or_else(|| format!("no text at {pointer}"))
}

/// Where the `postman` block, a rendering of the operation, says something else than the operation.
///
/// What follows from the rest of the front matter is compared with that, so that leaving the block
/// out of the comparison with `spec/` loses nothing.
fn derived_from(postman: &Json, operation: &Json) -> Vec<String> {
    let names = |place: &str| -> Vec<Json> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters
            .filter(|parameter| parameter["in"] == place)
            .map(|parameter| parameter["name"].clone())
            .collect()
    };
    let keys = |list: &Json| -> Vec<Json> {
        list.as_array()
            .into_iter()
            .flatten()
            .map(|entry| entry["key"].clone())
            .collect()
    };
    let path: Vec<String> = operation["path"]
        .as_str()
        .unwrap_or_default()
        .split('/')
        .skip(1)
        .map(|part| {
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                Some(name) => format!(":{name}"),
                None => part.to_owned(),
            }
        })
        .collect();
    let media_types: Vec<&String> = operation["responses"]["200"]["content"]
        .as_object()
        .into_iter()
        .flat_map(|map| map.keys())
        .collect();
    let method = operation["method"]
        .as_str()
        .unwrap_or_default()
        .to_uppercase();
    let pairs = [
        ("name", &postman["name"], operation["summary"].clone()),
        (
            "description",
            &postman["description"]["content"],
            operation["description"].clone(),
        ),
        ("method", &postman["method"], json!(method)),
        ("url.path", &postman["url"]["path"], json!(path)),
        (
            "url.query",
            &json!(keys(&postman["url"]["query"])),
            json!(names("query")),
        ),
        (
            "url.variable",
            &json!(keys(&postman["url"]["variable"])),
            json!(names("path")),
        ),
        (
            "header",
            &json!([postman["header"][0]["key"], postman["header"][0]["value"]]),
            json!(["Accept", media_types.first()]),
        ),
    ]
    .map(|(what, found, expected)| {
        (*found != expected)
            .then(|| format!("postman.{what} is {found}, the operation says {expected}"))
    });
    pairs.into_iter().flatten().collect()
}
