//! Schemas, instances and spellings made from a list of choices, which a property test shrinks.

use serde_json::{Map, Value, json};

/// Names of properties; some need escapes in JSON, in pointers or in both.
const NAMES: [&str; 8] = ["a", "name", "type", "é", "x/y", "~", "", "qu\"ote"];

const TEXTS: [&str; 7] = ["", "a", "name", "null", "😀é", "2026-11-23", "line\nbreak"];

const TYPES: [&str; 7] = [
    "object", "array", "string", "integer", "number", "boolean", "null",
];

const DEFINITIONS: [&str; 3] = ["first", "second", "third"];

/// Numbers as JSON texts may spell them.
const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "1.0",
    "2.5",
    "1e1",
    "-0",
    "-0.0",
    "9007199254740993",
    "9223372036854775808",
    "-9223372036854775809",
    "1e400",
];

/// Bounds of numbers in schemas.
const BOUNDS: [&str; 6] = ["0", "1", "2.5", "-1", "9223372036854775807", "1e18"];

/// Choices that were made in advance; when there are no more, the first of everything is taken.
pub(super) struct Choices<'c> {
    rest: &'c [u8],
}

/// Where in a schema one stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    /// References may lead to these only, lest they go in a circle with nothing between.
    first_definition: usize,
}

impl Place {
    /// The place of a property or an item: references may lead anywhere again.
    fn inside(self) -> Self {
        Self {
            depth: self.depth + 1,
            first_definition: 0,
        }
    }

    fn beside(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }
}

impl<'c> Choices<'c> {
    pub(super) fn new(rest: &'c [u8]) -> Self {
        Self { rest }
    }

    /// A number below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let Some((&first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        usize::from(first) % count
    }

    fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.below(options.len())]
    }

    /// A schema of the dialect, with definitions.
    pub(super) fn schema(&mut self) -> Value {
        let mut definitions = Map::new();
        for (index, name) in DEFINITIONS.into_iter().enumerate() {
            let place = Place {
                depth: 1,
                first_definition: index + 1,
            };
            definitions.insert(name.to_owned(), self.part(place));
        }
        let place = Place {
            depth: 0,
            first_definition: 0,
        };
        let mut schema = Map::new();
        for _ in 0..3 {
            if let Value::Object(part) = self.part(place) {
                schema = part;
                break;
            }
        }
        schema.insert("$defs".to_owned(), Value::Object(definitions));
        Value::Object(schema)
    }

    fn part(&mut self, place: Place) -> Value {
        if place.depth > 4 {
            return json!({"type": self.of(&TYPES)});
        }
        let mut schema = Map::new();
        match self.below(20) {
            0 => return Value::Bool(true),
            1 => return Value::Bool(false),
            2..=6 => self.object_keywords(&mut schema, place),
            7 | 8 => self.array_keywords(&mut schema, place),
            9 => self.number_keywords(&mut schema),
            10 => self.string_keywords(&mut schema),
            11 => {
                schema.insert("enum".to_owned(), self.options());
            }
            12 => {
                schema.insert("const".to_owned(), self.value(2));
            }
            13 | 14 if place.first_definition < DEFINITIONS.len() => {
                let name = self.of(&DEFINITIONS[place.first_definition..]);
                schema.insert("$ref".to_owned(), format!("#/$defs/{name}").into());
            }
            15 => self.branches(&mut schema, "allOf", place),
            16 => self.branches(&mut schema, "anyOf", place),
            17 => self.branches(&mut schema, "oneOf", place),
            18 => {
                schema.insert(
                    "anyOf".to_owned(),
                    json!([self.part(place.beside()), {"type": "null"}]),
                );
            }
            _ => self.other_keyword(&mut schema, place),
        }
        // Most schemas say more than one thing.
        match self.below(6) {
            0 => {
                schema.insert("type".to_owned(), self.of(&TYPES).into());
            }
            1 => {
                let types = json!([self.of(&TYPES), "null"]);
                schema.insert("type".to_owned(), types);
            }
            2 => self.string_keywords(&mut schema),
            3 => self.number_keywords(&mut schema),
            _ => {}
        }
        if schema.get("type") == Some(&json!(["null", "null"])) {
            schema.insert("type".to_owned(), "null".into());
        }
        Value::Object(schema)
    }

    fn object_keywords(&mut self, schema: &mut Map<String, Value>, place: Place) {
        let mut properties = Map::new();
        for _ in 0..self.below(4) {
            let name = self.of(&NAMES).to_owned();
            properties.insert(name, self.part(place.inside()));
        }
        let mut required: Vec<&str> = (0..self.below(3)).map(|_| self.of(&NAMES)).collect();
        required.sort_unstable();
        required.dedup();
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        match self.below(5) {
            0 => {
                schema.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            1 => {
                let additional = self.part(place.inside());
                schema.insert("additionalProperties".to_owned(), additional);
            }
            2 => {
                schema.insert("minProperties".to_owned(), self.below(3).into());
            }
            3 => {
                schema.insert("maxProperties".to_owned(), self.below(4).into());
            }
            _ => {}
        }
        schema.insert("type".to_owned(), "object".into());
    }

    fn array_keywords(&mut self, schema: &mut Map<String, Value>, place: Place) {
        if self.once_in(3) {
            let prefix: Vec<Value> = (0..=self.below(2))
                .map(|_| self.part(place.inside()))
                .collect();
            schema.insert("prefixItems".to_owned(), prefix.into());
        }
        if !self.once_in(4) {
            schema.insert("items".to_owned(), self.part(place.inside()));
        }
        if self.once_in(3) {
            schema.insert("minItems".to_owned(), self.below(3).into());
        }
        if self.once_in(3) {
            schema.insert("maxItems".to_owned(), self.below(4).into());
        }
        schema.insert("type".to_owned(), "array".into());
    }

    fn number_keywords(&mut self, schema: &mut Map<String, Value>) {
        let keyword = self.of(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
        let bound = serde_json::from_str(self.of(&BOUNDS)).expect("a number");
        schema.insert(keyword.to_owned(), bound);
    }

    fn string_keywords(&mut self, schema: &mut Map<String, Value>) {
        let keyword = self.of(&["minLength", "maxLength"]);
        schema.insert(keyword.to_owned(), self.below(4).into());
    }

    fn branches(&mut self, schema: &mut Map<String, Value>, keyword: &str, place: Place) {
        let branches: Vec<Value> = (0..=self.below(3))
            .map(|_| self.part(place.beside()))
            .collect();
        schema.insert(keyword.to_owned(), branches.into());
    }

    /// What the fast path does not look at.
    fn other_keyword(&mut self, schema: &mut Map<String, Value>, place: Place) {
        let (keyword, value) = match self.below(10) {
            0 => ("not", self.part(place.beside())),
            1 => ("if", self.part(place.beside())),
            2 => ("pattern", "^[a-n]".into()),
            3 => ("format", "date".into()),
            4 => ("uniqueItems", true.into()),
            5 => ("multipleOf", 2.into()),
            6 => ("propertyNames", json!({"maxLength": 3})),
            7 => ("patternProperties", json!({"a": self.part(place.inside())})),
            8 => ("dependentRequired", json!({"a": ["name"]})),
            _ => ("contains", self.part(place.inside())),
        };
        schema.insert(keyword.to_owned(), value);
        if keyword == "if" {
            schema.insert("then".to_owned(), self.part(place.beside()));
        }
    }

    fn options(&mut self) -> Value {
        let mut options: Vec<Value> = Vec::new();
        for _ in 0..=self.below(3) {
            let option = match self.below(3) {
                0 => self.value(1),
                _ => self.of(&TEXTS).into(),
            };
            // Those that are equal are one to the schema, and to the one that is compiled.
            if !options.contains(&option) {
                options.push(option);
            }
        }
        options.into()
    }

    /// Any value.
    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Null,
            1 => Value::Bool(self.once_in(2)),
            2 => (self.below(5)).into(),
            3 | 4 => self.of(&TEXTS).into(),
            5 => (0..self.below(3)).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| (self.of(&NAMES).to_owned(), self.value(depth - 1)))
                .collect(),
        }
    }

    /// A value that a schema probably takes, and sometimes any other.
    pub(super) fn instance(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        if self.once_in(10) || depth > 8 {
            return self.value(2);
        }
        let Some(schema) = schema.as_object() else {
            return self.value(1);
        };
        let pointer = schema.get("$ref").and_then(Value::as_str);
        if let Some(target) = pointer.and_then(|pointer| root.pointer(pointer.get(1..)?)) {
            return self.instance(root, target, depth + 1);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = schema.get(keyword).and_then(Value::as_array);
            if let Some(branches) = branches.filter(|branches| !branches.is_empty()) {
                let branch = &branches[self.below(branches.len())];
                return self.instance(root, branch, depth + 1);
            }
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(options) = schema.get("enum").and_then(Value::as_array) {
            return options[self.below(options.len())].clone();
        }
        let name = match schema.get("type") {
            Some(Value::String(name)) => name.as_str(),
            Some(Value::Array(names)) => names[self.below(names.len())].as_str().unwrap_or(""),
            _ => "",
        };
        match name {
            "object" => self.object(root, schema, depth),
            "array" => self.array(root, schema, depth),
            "string" => self.of(&TEXTS).into(),
            "integer" => self.below(5).into(),
            "number" => serde_json::from_str(self.of(&NUMBERS[..13])).expect("a number"),
            "boolean" => Value::Bool(self.once_in(2)),
            "null" => Value::Null,
            _ => self.value(2),
        }
    }

    fn object(&mut self, root: &Value, schema: &Map<String, Value>, depth: usize) -> Value {
        let mut object = Map::new();
        let required = schema.get("required").and_then(Value::as_array);
        let required: Vec<&str> = required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, schema) in properties.into_iter().flatten() {
            if required.contains(&name.as_str()) || !self.once_in(3) {
                object.insert(name.clone(), self.instance(root, schema, depth + 1));
            }
        }
        let additional = schema.get("additionalProperties").unwrap_or(&Value::Null);
        for name in required {
            if !object.contains_key(name) && !self.once_in(8) {
                let value = self.instance(root, additional, depth + 1);
                object.insert(name.to_owned(), value);
            }
        }
        if self.once_in(4) {
            let value = self.instance(root, additional, depth + 1);
            object.insert(self.of(&NAMES).to_owned(), value);
        }
        Value::Object(object)
    }

    fn array(&mut self, root: &Value, schema: &Map<String, Value>, depth: usize) -> Value {
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        let items = schema.get("items").unwrap_or(&Value::Null);
        let count = self.below(4);
        (0..count)
            .map(|index| {
                let of_item = prefix.and_then(|prefix| prefix.get(index)).unwrap_or(items);
                self.instance(root, of_item, depth + 1)
            })
            .collect()
    }

    /// A value as some program may write it: numbers in other forms, and sometimes a key twice.
    pub(super) fn text(&mut self, value: &Value) -> String {
        match value {
            Value::Number(_) if self.once_in(6) => self.of(&NUMBERS).to_owned(),
            Value::Number(number) if number.is_u64() && self.once_in(4) => format!("{number}.0"),
            Value::String(text) if self.once_in(5) => {
                format!("\"{}\"", text.replace('"', "\\u0022").replace('\n', "\\n"))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.text(item)).collect();
                format!("[{}]", items.join(","))
            }
            Value::Object(members) => {
                let mut texts: Vec<String> = Vec::new();
                for (key, value) in members {
                    let times = 1 + usize::from(self.once_in(40));
                    for _ in 0..times {
                        let value = self.text(value);
                        texts.push(format!("{}:{value}", Value::from(key.as_str())));
                    }
                }
                if !texts.is_empty() {
                    let start = self.below(texts.len());
                    texts.rotate_left(start);
                }
                format!("{{{}}}", texts.join(","))
            }
            other => other.to_string(),
        }
    }
}
