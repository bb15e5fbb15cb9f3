//! Which objects can be checked property by property, and which arrays item by item.

use serde_json::Value;

use crate::program::{Program, target};

/// Keywords that constrain nothing.
const SAYS_NOTHING: &[&str] = &[
    "$schema",
    "$defs",
    "$comment",
    "title",
    "description",
    "examples",
    "example",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "discriminator",
    "externalDocs",
    "xml",
];

/// Keywords that concern the keys of an object, or the value of one property alone.
const OF_PROPERTIES: &[&str] = &[
    "type",
    "properties",
    "additionalProperties",
    "required",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "dependentRequired",
];

/// Keywords that concern each item of an array alone.
const OF_ITEMS: &[&str] = &["type", "items"];

/// How many schemas are looked at for one value: references may lead in circles.
const MOST_PARTS: usize = 64;

/// Programs for the properties of an object that need not be in memory whole.
pub(crate) struct Members {
    /// Of the items of arrays that are checked item by item.
    items: Vec<(String, Program)>,
    /// Of all values of the properties that are described.
    described: Vec<(String, Program)>,
    /// Of the values of all others.
    additional: Program,
}

impl Members {
    /// None if the schema at `root`, which is compiled to `program`, says of an object what only all
    /// of it can tell.
    pub(super) fn new(root: &Value, program: &Program) -> Option<Self> {
        let parts = parts(root, root, OF_PROPERTIES)?;
        let all = |keyword: &'static str| parts.iter().filter_map(move |part| part.get(keyword));
        let mut names: Vec<&String> = all("properties")
            .filter_map(Value::as_object)
            .flat_map(serde_json::Map::keys)
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut described = Vec::new();
        let mut items = Vec::new();
        for name in names {
            let of_value = program.of_property(name)?;
            let mut schemas = parts.iter().filter_map(|part| {
                let own = part.get("properties").and_then(|all| all.get(name));
                own.or_else(|| part.get("additionalProperties"))
            });
            if schemas.all(|schema| self::parts(root, schema, OF_ITEMS).is_some())
                && let Some(of_items) = of_value.of_items()
            {
                items.push((name.clone(), of_items));
            }
            described.push((name.clone(), of_value));
        }
        Some(Self {
            items,
            described,
            additional: program.of_additional()?,
        })
    }

    /// The number of a property whose value is checked item by item if it is an array.
    pub(super) fn with_items(&self, name: &str) -> Option<usize> {
        self.items.iter().position(|(known, _)| known == name)
    }

    /// A property by its number, and the program of its items.
    pub(super) fn items(&self, number: usize) -> Option<(&str, &Program)> {
        let (name, program) = self.items.get(number)?;
        Some((name, program))
    }

    /// The program of a property's value.
    pub(super) fn value(&self, name: &str) -> &Program {
        let described = self.described.iter().find(|(known, _)| known == name);
        described.map_or(&self.additional, |(_, program)| program)
    }
}

/// Whether a schema is one of arrays and says nothing but what their items are, so that an array is
/// valid if each of its items is valid alone in one.
pub(super) fn is_of_items_only(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "array")
        && schema.get("items").is_some_and(Value::is_object)
        && parts(schema, schema, OF_ITEMS).is_some_and(|parts| parts.len() == 1)
}

/// The schemas that a value must fit where it must fit `schema`: itself, and by `$ref` and `allOf`
/// others. None if one of them has another keyword than `keywords`.
fn parts<'s>(root: &'s Value, schema: &'s Value, keywords: &[&str]) -> Option<Vec<&'s Value>> {
    let mut parts = Vec::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        if parts.len() == MOST_PARTS {
            return None;
        }
        if *schema == Value::Bool(true) {
            continue;
        }
        for (keyword, value) in schema.as_object()? {
            match keyword.as_str() {
                "$ref" => waiting.push(target(root, value.as_str()?)?),
                "allOf" => waiting.extend(value.as_array()?),
                known if keywords.contains(&known) || SAYS_NOTHING.contains(&known) => {}
                extension if extension.starts_with("x-") => {}
                _ => return None,
            }
        }
        parts.push(schema);
    }
    Some(parts)
}
