//! Which objects can be checked property by property, and which arrays item by item.

use std::{
    collections::{BTreeMap, VecDeque},
    iter,
};

use serde_json::Value;
use source_text::JsonPointer;

use crate::program::{Program, Subschema, target};

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

/// Those of them that concern the keys.
const OF_KEYS: &[&str] = &[
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

/// How many objects within objects are looked at: schemas may refer to themselves.
const MOST_OBJECTS: usize = 64;

/// What need not be in memory whole: objects that can be checked property by property, and arrays in
/// them that can be checked item by item.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The first is the root.
    objects: Vec<ObjectPart>,
    arrays: Vec<ArrayPart>,
}

/// An object whose properties can be checked one by one.
#[derive(Debug)]
pub(super) struct ObjectPart {
    /// The keys that lead to it.
    path: Vec<String>,
    /// The properties that are described.
    described: Vec<(String, Described)>,
    /// Of the values of all others.
    additional: Subschema,
    /// Something is said of its keys.
    constrains_keys: bool,
}

/// What is known of the value of a property.
#[derive(Debug, Clone, Copy)]
struct Described {
    subschema: Subschema,
    inner: Inner,
}

/// How the value of a property may be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// Not at all.
    Whole,
    /// An object by its properties: its number.
    Object(usize),
    /// An array by its items: its number.
    Items(usize),
}

/// An array whose items can be checked one by one.
#[derive(Debug)]
pub(super) struct ArrayPart {
    /// The keys that lead to it.
    pub(super) path: Vec<String>,
    /// Of the items.
    pub(super) items: Subschema,
}

impl Parts {
    /// None if the schema at `root`, which is compiled to `program`, says of an object what only all
    /// of it can tell.
    pub(super) fn new(root: &Value, program: &Program) -> Option<Self> {
        let mut objects = Vec::new();
        let mut arrays = Vec::new();
        let mut waiting = VecDeque::from([(Vec::new(), vec![root], program.root())]);
        while let Some((path, schemas, subschema)) = waiting.pop_front() {
            let mut described = Vec::new();
            let parts = parts(root, &schemas, OF_PROPERTIES)?;
            for (name, schemas) in properties(&parts) {
                let subschema = program.property(subschema, name)?;
                let of_items = program.items(subschema);
                let path = || path.iter().cloned().chain([name.to_owned()]).collect();
                let is_object = || {
                    program.is_of_objects(subschema)
                        && self::parts(root, &schemas, OF_PROPERTIES).is_some()
                };
                let inner = if let Some(items) = of_items
                    && self::parts(root, &schemas, OF_ITEMS).is_some()
                {
                    let path = path();
                    arrays.push(ArrayPart { path, items });
                    Inner::Items(arrays.len() - 1)
                } else if objects.len() + waiting.len() + 1 < MOST_OBJECTS && is_object() {
                    waiting.push_back((path(), schemas, subschema));
                    Inner::Object(objects.len() + waiting.len())
                } else {
                    Inner::Whole
                };
                described.push((name.to_owned(), Described { subschema, inner }));
            }
            objects.push(ObjectPart {
                path,
                described,
                additional: program.additional(subschema)?,
                constrains_keys: parts
                    .iter()
                    .any(|part| OF_KEYS.iter().any(|keyword| part.get(*keyword).is_some())),
            });
        }
        Some(Self { objects, arrays })
    }

    pub(super) fn object(&self, number: usize) -> Option<&ObjectPart> {
        self.objects.get(number)
    }

    pub(super) fn array(&self, number: usize) -> Option<&ArrayPart> {
        self.arrays.get(number)
    }
}

impl ObjectPart {
    /// The keys that lead to it.
    pub(super) fn path(&self) -> &[String] {
        &self.path
    }

    /// Where it stands.
    pub(super) fn pointer(&self) -> JsonPointer {
        let keys = &self.path;
        Way {
            keys,
            is_item: false,
        }
        .pointer()
    }

    /// Whether something is said of its keys.
    pub(super) fn constrains_keys(&self) -> bool {
        self.constrains_keys
    }

    /// How the value of a property may be divided.
    pub(super) fn inner(&self, name: &str) -> Inner {
        self.described(name)
            .map_or(Inner::Whole, |known| known.inner)
    }

    /// What the value of a property must fit.
    pub(super) fn value(&self, name: &str) -> Subschema {
        self.described(name)
            .map_or(self.additional, |known| known.subschema)
    }

    fn described(&self, name: &str) -> Option<&Described> {
        let known = self.described.iter().find(|(known, _)| known == name);
        known.map(|(_, described)| described)
    }
}

/// The way from the root to a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'p> {
    pub(super) keys: &'p [String],
    /// It goes on to an item of the array that the keys lead to.
    pub(super) is_item: bool,
}

impl Way<'_> {
    /// How many levels down the part is.
    pub(super) fn levels(&self) -> usize {
        self.keys.len() + usize::from(self.is_item)
    }

    pub(super) fn pointer(&self) -> JsonPointer {
        let mut pointer = JsonPointer::root();
        for key in self.keys {
            pointer.push(key);
        }
        if self.is_item {
            pointer.push_index(0);
        }
        pointer
    }

    /// A root that holds a value there, and nothing else.
    pub(super) fn around(&self, value: Value) -> Value {
        let value = if self.is_item {
            Value::Array(vec![value])
        } else {
            value
        };
        self.keys.iter().rev().fold(value, |value, key| {
            Value::Object(iter::once((key.clone(), value)).collect())
        })
    }
}

/// The properties that schemas describe, each with all schemas that its value must fit.
fn properties<'s>(parts: &[&'s Value]) -> BTreeMap<&'s str, Vec<&'s Value>> {
    let own = |part: &'s Value| part.get("properties").and_then(Value::as_object);
    let names = parts.iter().filter_map(|part| own(part));
    let names = names.flat_map(|all| all.keys());
    let schemas = |name: &str| {
        let schemas = parts.iter().filter_map(|part| {
            let own = own(part).and_then(|all| all.get(name));
            own.or_else(|| part.get("additionalProperties"))
        });
        schemas.collect()
    };
    names.map(|name| (name.as_str(), schemas(name))).collect()
}

/// Whether a schema is one of arrays and says nothing but what their items are, so that an array is
/// valid if each of its items is valid alone in one.
pub(super) fn is_of_items_only(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "array")
        && schema.get("items").is_some_and(Value::is_object)
        && parts(schema, &[schema], OF_ITEMS).is_some_and(|parts| parts.len() == 1)
}

/// The schemas that a value must fit where it must fit all of `schemas`: these, and by `$ref` and
/// `allOf` others. None if one of them has another keyword than `keywords`.
fn parts<'s>(root: &'s Value, schemas: &[&'s Value], keywords: &[&str]) -> Option<Vec<&'s Value>> {
    let mut parts = Vec::new();
    let mut waiting = schemas.to_vec();
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Edition, json::names::Names, program::compile, rules::MAPPINGS};

    fn parts(schema: &Value) -> Option<Parts> {
        Parts::new(schema, &compile(schema, true, Names::well_known()))
    }

    #[test]
    fn mappings_are_the_only_arrays_of_exported_objects() {
        for edition in Edition::ALL {
            let schema = edition.exported_object().expect("a schema");
            let parts = parts(&schema).expect("an object that can be divided");
            let paths: Vec<_> = parts.arrays.iter().map(|array| &array.path).collect();
            assert_eq!(paths, [&MAPPINGS.map(str::to_owned).to_vec()], "{edition}");
        }
    }

    #[test]
    fn schemas_that_refer_to_themselves_come_to_an_end() {
        let schema = json!({
            "type": "object",
            "properties": {
                "left": { "$ref": "#" },
                "right": { "$ref": "#" },
                "all": { "type": "array", "items": { "$ref": "#" } },
            },
        });
        let parts = parts(&schema).expect("an object that can be divided");
        assert_eq!(parts.objects.len(), MOST_OBJECTS);
        for (number, object) in parts.objects.iter().enumerate() {
            for name in ["left", "right"] {
                if let Inner::Object(inner) = object.inner(name) {
                    let path = [object.path(), &[name.to_owned()]].concat();
                    assert_eq!(parts.objects[inner].path(), path, "{name} of {number}");
                }
            }
        }
    }

    #[test]
    fn what_only_all_of_an_object_tells_keeps_it_whole() {
        for keyword in [
            "oneOf",
            "anyOf",
            "patternProperties",
            "unevaluatedProperties",
        ] {
            let inner = json!({ "type": "object", keyword: {}, "properties": { "a": {} } });
            assert!(parts(&inner).is_none(), "{keyword}");
            let outer = json!({ "type": "object", "properties": { "inner": inner } });
            let parts = parts(&outer).expect("an object that can be divided");
            assert_eq!(parts.objects[0].inner("inner"), Inner::Whole, "{keyword}");
        }
    }
}
