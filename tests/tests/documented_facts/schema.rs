//! A resolved schema seen as a documentation page shows it: a flat list of fields, and an example.

use serde_json::{Map, Value as Json, json};
use serde_yaml::{Mapping, Value};

/// The name that the pages print for "any key" of a map.
pub(crate) const ANY_KEY: &str = "property name*";

/// One property, as a page lists it.
#[derive(Debug, Default, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The names from the schema's root down to it, with dots between.
    pub(crate) path: String,
    /// How many objects it is nested in, from 0.
    pub(crate) depth: usize,
    /// The format where there is one, else the type; `any` where there is neither.
    pub(crate) ty: String,
    pub(crate) nullable: bool,
    pub(crate) required: bool,
    pub(crate) described: bool,
    /// Enum members as text, `null` included.
    pub(crate) values: Vec<String>,
    pub(crate) default: Option<Json>,
    pub(crate) example: Option<Json>,
}

impl Field {
    /// Whether the pages print it as an object: with its name, and its fields below it.
    pub(crate) fn is_object(&self) -> bool {
        self.ty.starts_with("object")
    }
}

/// All fields of an object schema, or of an array's items, depth first.
pub(crate) fn fields(schema: &Value, with_read_only: bool) -> Vec<Field> {
    let mut out = Vec::new();
    collect(&merged(schema), with_read_only, "", 0, &mut out);
    out
}

fn collect(schema: &Mapping, with_read_only: bool, path: &str, depth: usize, out: &mut Vec<Field>) {
    if let Some(items) = schema.get("items") {
        return collect(&merged(items), with_read_only, path, depth, out);
    }
    let required: Vec<&str> = texts(schema.get("required"));
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
    {
        let property = merged(property);
        if is_true(&property, "readOnly") && !with_read_only {
            continue;
        }
        let name = name.as_str().unwrap_or_default();
        let mut field = field(name, &property, depth);
        field.required = required.contains(&name);
        field.path = match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        let path = field.path.clone();
        out.push(field);
        collect(&property, with_read_only, &path, depth + 1, out);
    }
    if schema.contains_key("additionalProperties") {
        out.push(Field {
            name: ANY_KEY.to_owned(),
            depth,
            ty: "any".to_owned(),
            described: described(schema),
            // A page prints the example of a map below the map's only line.
            example: schema.get("example").map(to_json),
            ..Field::default()
        });
    }
}

fn field(name: &str, schema: &Mapping, depth: usize) -> Field {
    let is_map = schema.contains_key("additionalProperties");
    let members = schema.get("enum").and_then(Value::as_sequence);
    Field {
        name: name.to_owned(),
        depth,
        path: String::new(),
        ty: type_name(schema),
        nullable: is_true(schema, "nullable"),
        required: false,
        described: described(schema),
        values: members
            .into_iter()
            .flatten()
            .map(|member| plain(&to_json(member)))
            .collect(),
        default: schema.get("default").map(to_json),
        example: schema.get("example").filter(|_| !is_map).map(to_json),
    }
}

fn type_name(schema: &Mapping) -> String {
    let text = |key| schema.get(key).and_then(Value::as_str);
    match (text("format"), text("type")) {
        (Some(format), _) => format.to_owned(),
        (None, Some("array")) => {
            let items = schema.get("items").map(merged).unwrap_or_default();
            format!("{}[]", type_name(&items))
        }
        (None, Some(ty)) => ty.to_owned(),
        (None, None) => "any".to_owned(),
    }
}

/// The schema with its `allOf` members merged into it; what stands beside `allOf` wins.
fn merged(schema: &Value) -> Mapping {
    let Some(schema) = schema.as_mapping() else {
        return Mapping::new();
    };
    let mut out = Mapping::new();
    for member in schema
        .get("allOf")
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
    {
        for (key, value) in merged(member) {
            merge(&mut out, key, value);
        }
    }
    for (key, value) in schema
        .iter()
        .filter(|(key, _)| key.as_str() != Some("allOf"))
    {
        merge(&mut out, key.clone(), value.clone());
    }
    out
}

fn merge(into: &mut Mapping, key: Value, value: Value) {
    match (into.get_mut(&key), value) {
        (Some(Value::Mapping(old)), Value::Mapping(new)) if key.as_str() == Some("properties") => {
            old.extend(new);
        }
        (Some(Value::Sequence(old)), Value::Sequence(new)) if key.as_str() == Some("required") => {
            old.extend(new);
        }
        (_, value) => drop(into.insert(key, value)),
    }
}

/// The example that documentation generators build from the examples of a schema's properties.
pub(crate) fn example(schema: &Value, with_read_only: bool) -> Result<Json, String> {
    let schema = merged(schema);
    if let Some(example) = schema.get("example") {
        return Ok(to_json(example));
    }
    match type_name(&schema).as_str() {
        "object" => {
            let mut out = Map::new();
            for (name, property) in schema
                .get("properties")
                .and_then(Value::as_mapping)
                .into_iter()
                .flatten()
            {
                if is_true(&merged(property), "readOnly") && !with_read_only {
                    continue;
                }
                let name = name.as_str().unwrap_or_default();
                let value = example(property, with_read_only)
                    .map_err(|error| format!("{name}: {error}"))?;
                out.insert(name.to_owned(), value);
            }
            Ok(Json::Object(out))
        }
        array if array.ends_with("[]") => {
            let items = schema.get("items").ok_or("an array without items")?;
            Ok(json!([example(items, with_read_only)?]))
        }
        other => Err(format!("a schema of type {other} has no example")),
    }
}

/// The value as a page prints it: a string without quotes, anything else as JSON.
pub(crate) fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// The same value as JSON.
pub(crate) fn to_json(value: &Value) -> Json {
    serde_json::to_value(value)
        .unwrap_or_else(|error| panic!("spec/ holds what JSON cannot: {error}"))
}

/// The strings of a sequence.
pub(crate) fn texts(value: Option<&Value>) -> Vec<&str> {
    value
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn described(schema: &Mapping) -> bool {
    schema
        .get("description")
        .and_then(Value::as_str)
        .is_some_and(|text| !text.trim().is_empty())
}

fn is_true(schema: &Mapping, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool).unwrap_or(false)
}
