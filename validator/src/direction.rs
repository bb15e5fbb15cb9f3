//! Requests and responses: `readOnly` and `writeOnly` made to count.
//!
//! To JSON Schema both are annotations. OpenAPI gives them a meaning (3.0.3, section 4.7.24.2): a
//! request has no properties that are read-only, a response none that are write-only, and
//! `required` binds each in the other direction only.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap, HashSet},
};

use clap::ValueEnum;
use serde_json::{Map, Value, json};

/// Which way a payload goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum Direction {
    /// To the server: properties that are read-only must not be there
    Request,
    /// From the server: properties that are write-only must not be there
    Response,
}

impl Direction {
    /// The keyword of properties that this direction does not have.
    const fn keyword(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }

    /// The schema in which properties of the other direction are refused and never required.
    ///
    /// `schema` is complete in itself: its references lead to its `$defs`. Of a property that a
    /// part of several alternatives marks, none of them requires it.
    #[must_use]
    pub fn apply(self, schema: &Value) -> Value {
        self.directed(schema, Marked::Refused).0
    }

    /// The schema in which properties of the other direction are never required, and perhaps
    /// refused; and which definition each of its definitions is a form of, where a name is new.
    pub(crate) fn directed(
        self,
        schema: &Value,
        marked: Marked,
    ) -> (Value, HashMap<String, String>) {
        let keyword = self.keyword();
        if !mentions(schema, keyword) {
            return (schema.clone(), HashMap::new());
        }
        let no_definitions = Map::new();
        let definitions = schema.get("$defs").and_then(Value::as_object);
        let mut rewriter = Rewriter {
            keyword,
            marked,
            definitions: definitions.unwrap_or(&no_definitions),
            names: HashMap::new(),
            taken: HashSet::new(),
            marks: RefCell::default(),
            queue: Vec::new(),
        };
        let mut whole = rewriter.schema(schema, &Mode::directed());
        let mut definitions = Map::new();
        while let Some((name, target, mode)) = rewriter.queue.pop() {
            let definition = rewriter.schema(target, &mode);
            definitions.insert(name, definition);
        }
        if let Some(whole) = whole.as_object_mut()
            && !definitions.is_empty()
        {
            definitions.sort_keys();
            whole.insert("$defs".to_owned(), Value::Object(definitions));
        }
        let forms = rewriter.names.into_iter();
        let forms = forms.map(|((of, _), name)| (name, of.to_owned()));
        (whole, forms.filter(|(name, of)| name != of).collect())
    }

    /// The direction in which a schema refuses a property, if that is why it refuses everything.
    ///
    /// Such a schema is what [`apply`](Self::apply) puts in the place of a property's: it has the
    /// `readOnly` or `writeOnly` beside a `not` of which everything is valid.
    pub(crate) fn refused_by(schema: &Value) -> Option<Self> {
        let nothing = json!({});
        let refuses_all = schema.get("not") == Some(&nothing);
        let mut both = [Self::Request, Self::Response].into_iter();
        both.find(|direction| refuses_all && has_mark(schema, direction.keyword()))
    }
}

/// What becomes of properties that a direction should not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Marked {
    /// They may be there: OpenAPI says that they should not be sent, not that they must not.
    Taken,
    /// They are an error.
    Refused,
}

/// How many alternatives may stand in each other where a mark is looked for.
const MAX_NESTED_ALTERNATIVES: usize = 32;

/// Keywords that hold one schema for the value itself.
const IN_PLACE: [&str; 2] = ["then", "else"];
/// Keywords that hold schemas of which one must hold.
const ALTERNATIVES: [&str; 2] = ["oneOf", "anyOf"];
/// Keywords that hold one schema for parts of the value.
const FOR_PARTS: [&str; 4] = ["items", "contains", "unevaluatedItems", "contentSchema"];
/// Keywords that hold one schema for properties that have no other.
const FOR_PROPERTIES: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];

/// What becomes of a schema.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Mode {
    /// It stays as it is: it is a condition, not a description.
    Condition,
    /// It describes what goes in one direction; these names, which other parts of the same
    /// description mark, are not required.
    Directed { unrequired: BTreeSet<String> },
}

impl Mode {
    fn directed() -> Self {
        Self::Directed {
            unrequired: BTreeSet::new(),
        }
    }

    /// The names that are left of a list of those that are required.
    fn still_required(&self, names: &[Value]) -> Vec<Value> {
        let is_unrequired = |name: &Value| match self {
            Self::Condition => false,
            Self::Directed { unrequired } => {
                name.as_str().is_some_and(|name| unrequired.contains(name))
            }
        };
        let left = names.iter().filter(|name| !is_unrequired(name));
        left.cloned().collect()
    }
}

struct Rewriter<'a> {
    keyword: &'static str,
    marked: Marked,
    definitions: &'a Map<String, Value>,
    /// What each definition is called in each of its forms.
    names: HashMap<(&'a str, Mode), String>,
    taken: HashSet<String>,
    /// Which schemas of properties were looked at, and whether they are marked.
    marks: RefCell<HashMap<*const Value, bool>>,
    /// Definitions that are still to be written.
    queue: Vec<(String, &'a Value, Mode)>,
}

impl<'a> Rewriter<'a> {
    fn schema(&mut self, schema: &'a Value, mode: &Mode) -> Value {
        let Value::Object(members) = schema else {
            return schema.clone();
        };
        let mode = &self.with_own_marks(schema, mode);
        let mut written = Map::new();
        for (key, value) in members {
            if let Some(value) = self.keyword(key, value, mode) {
                written.insert(key.clone(), value);
            }
        }
        Value::Object(written)
    }

    fn keyword(&mut self, key: &str, value: &'a Value, mode: &Mode) -> Option<Value> {
        let is_condition = *mode == Mode::Condition;
        // A part of the value is described anew.
        let of_part = match mode {
            Mode::Condition => Mode::Condition,
            Mode::Directed { .. } => Mode::directed(),
        };
        Some(match (key, value) {
            ("$defs", _) => return None,
            ("$ref", Value::String(reference)) => Value::String(self.reference(reference, mode)),
            ("discriminator", Value::Object(members)) => {
                let mut members = members.clone();
                if let Some(Value::Object(mapping)) = members.get_mut("mapping") {
                    for target in mapping.values_mut() {
                        *target = self.mapped(target, mode);
                    }
                }
                Value::Object(members)
            }
            ("required", Value::Array(names)) => {
                let left = mode.still_required(names);
                if left.is_empty() {
                    return None;
                }
                Value::Array(left)
            }
            ("dependentRequired", Value::Object(lists)) => lists
                .iter()
                .map(|(name, list)| {
                    let list = match list {
                        Value::Array(names) => Value::Array(mode.still_required(names)),
                        other => other.clone(),
                    };
                    (name.clone(), list)
                })
                .collect(),
            ("not" | "if", _) => self.schema(value, &Mode::Condition),
            ("allOf", Value::Array(parts)) => {
                let parts = parts.iter().map(|part| self.schema(part, mode));
                parts.collect()
            }
            ("dependentSchemas", Value::Object(parts)) => {
                let parts = parts.iter();
                parts
                    .map(|(name, part)| (name.clone(), self.schema(part, mode)))
                    .collect()
            }
            ("properties" | "patternProperties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, schema)| (name.clone(), self.property(schema, is_condition, &of_part)))
                .collect(),
            ("prefixItems", Value::Array(items)) => items
                .iter()
                .map(|item| self.schema(item, &of_part))
                .collect(),
            (key, Value::Array(alternatives)) if ALTERNATIVES.contains(&key) => alternatives
                .iter()
                .map(|alternative| {
                    if is_presence_test(alternative) {
                        self.schema(alternative, &Mode::Condition)
                    } else {
                        self.schema(alternative, mode)
                    }
                })
                .collect(),
            (key, _) if IN_PLACE.contains(&key) => self.schema(value, mode),
            (key, _) if FOR_PARTS.contains(&key) => self.schema(value, &of_part),
            (key, _) if FOR_PROPERTIES.contains(&key) => {
                self.property(value, is_condition, &of_part)
            }
            _ => value.clone(),
        })
    }

    /// The schema of a property: one that refuses every value if the direction does not have it.
    fn property(&mut self, schema: &'a Value, is_condition: bool, mode: &Mode) -> Value {
        if is_condition || self.marked == Marked::Taken || !self.is_marked(schema, 0) {
            return self.schema(schema, mode);
        }
        let mut refused = Map::new();
        for key in ["title", "description", "deprecated"] {
            if let Some(value) = schema.get(key) {
                refused.insert(key.to_owned(), value.clone());
            }
        }
        refused.insert(self.keyword.to_owned(), Value::Bool(true));
        refused.insert("not".to_owned(), json!({}));
        Value::Object(refused)
    }

    /// The mode with what the schema itself says of the value that it describes.
    fn with_own_marks(&self, schema: &'a Value, mode: &Mode) -> Mode {
        match mode {
            Mode::Condition => Mode::Condition,
            Mode::Directed { unrequired } => Mode::Directed {
                unrequired: unrequired.union(&self.marked(schema)).cloned().collect(),
            },
        }
    }

    /// The properties that a schema marks of the value that it describes.
    fn marked(&self, schema: &'a Value) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for part in self.parts(schema, true) {
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, schema) in properties.into_iter().flatten() {
                if !names.contains(name) && self.is_marked(schema, 0) {
                    names.insert(name.clone());
                }
            }
        }
        names
    }

    fn mapped(&mut self, target: &Value, mode: &Mode) -> Value {
        match target.as_str() {
            Some(reference) => Value::String(self.reference(reference, mode)),
            None => target.clone(),
        }
    }

    /// The reference to the definition in the form that this mode needs.
    fn reference(&mut self, reference: &str, mode: &Mode) -> String {
        let Some((name, target)) = self.definition(reference) else {
            return reference.to_owned();
        };
        let mode = match mode {
            // What it does not require, or marks itself, needs no form of its own.
            Mode::Directed { unrequired } if !unrequired.is_empty() => {
                let (required, marked) = (self.required(target), self.marked(target));
                let is_needed = |name: &&String| {
                    required.contains(name.as_str()) && !marked.contains(name.as_str())
                };
                let needed = unrequired.iter().filter(is_needed);
                Mode::Directed {
                    unrequired: needed.cloned().collect(),
                }
            }
            mode => mode.clone(),
        };
        self.named(name, target, mode)
    }

    fn named(&mut self, name: &'a str, target: &'a Value, mode: Mode) -> String {
        if let Some(known) = self.names.get(&(name, mode.clone())) {
            return format!("#/$defs/{known}");
        }
        let numbered = (2..).map(|number: u64| format!("{name}-{number}"));
        let is_free = |candidate: &String| {
            let is_other = candidate != name && self.definitions.contains_key(candidate);
            !is_other && !self.taken.contains(candidate)
        };
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let chosen = candidates.find(is_free).unwrap_or_default();
        self.taken.insert(chosen.clone());
        self.names.insert((name, mode.clone()), chosen.clone());
        self.queue.push((chosen.clone(), target, mode));
        format!("#/$defs/{chosen}")
    }

    fn definition(&self, reference: &str) -> Option<(&'a str, &'a Value)> {
        let name = reference.strip_prefix("#/$defs/")?;
        let (name, schema) = self.definitions.get_key_value(name)?;
        Some((name.as_str(), schema))
    }

    /// The names that a schema may require of the value that it describes.
    fn required(&self, schema: &'a Value) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        for part in self.parts(schema, true) {
            let required = part.get("required").and_then(Value::as_array);
            let dependent = part.get("dependentRequired").and_then(Value::as_object);
            let dependent = dependent.into_iter().flat_map(Map::values);
            let lists = required
                .into_iter()
                .chain(dependent.filter_map(Value::as_array));
            names.extend(lists.flatten().filter_map(Value::as_str));
        }
        names
    }

    /// Whether the schema of a property says that the direction does not have it.
    fn is_marked(&self, schema: &'a Value, depth: usize) -> bool {
        let identity = std::ptr::from_ref(schema);
        if let Some(known) = self.marks.borrow().get(&identity) {
            return *known;
        }
        if depth > MAX_NESTED_ALTERNATIVES {
            return false;
        }
        let parts = self.parts(schema, false);
        let is_null = |schema: &Value| schema.get("type").is_some_and(|name| name == "null");
        let is_marked = parts.iter().any(|part| {
            let mut all = ALTERNATIVES
                .iter()
                .filter_map(|key| part.get(key)?.as_array());
            has_mark(part, self.keyword)
                || all.any(|alternatives| {
                    let values = alternatives.iter().filter(|schema| !is_null(schema));
                    let mut values = values.peekable();
                    values.peek().is_some()
                        && values.all(|schema| self.is_marked(schema, depth + 1))
                })
        });
        self.marks.borrow_mut().insert(identity, is_marked);
        is_marked
    }

    /// The schema and what else it says of the value itself: what must hold, and, if wanted, what
    /// may.
    fn parts(&self, schema: &'a Value, with_alternatives: bool) -> Vec<&'a Value> {
        let mut parts = vec![schema];
        let mut seen = HashSet::new();
        let mut next = 0;
        while let Some(&part) = parts.get(next) {
            next += 1;
            let reference = part.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|reference| self.definition(reference));
            if let Some((name, target)) = target
                && seen.insert(name)
            {
                parts.push(target);
            }
            let list = |key: &str| {
                part.get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
            };
            parts.extend(list("allOf"));
            if with_alternatives {
                parts.extend(ALTERNATIVES.into_iter().flat_map(list));
                parts.extend(IN_PLACE.iter().filter_map(|key| part.get(key)));
                let dependent = part.get("dependentSchemas").and_then(Value::as_object);
                parts.extend(dependent.into_iter().flat_map(Map::values));
            }
        }
        parts
    }
}

/// Whether a schema says nothing but which properties are there: what is required by it is what it
/// is told by.
fn is_presence_test(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        let is_known = |key: &String| {
            matches!(
                key.as_str(),
                "required" | "not" | "type" | "title" | "description"
            )
        };
        members.contains_key("required") && members.keys().all(is_known)
    })
}

fn has_mark(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword).and_then(Value::as_bool) == Some(true)
}

/// Whether the mark stands anywhere in a schema.
fn mentions(schema: &Value, keyword: &str) -> bool {
    let mut stack = vec![schema];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(members) => {
                if has_mark(value, keyword) {
                    return true;
                }
                stack.extend(members.values());
            }
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    false
}
