//! Compares a rendered page with the operation in `spec/` that it documents.

use serde_json::Value as Json;
use serde_yaml::Value;

use crate::document::{Document, get};
use crate::fields;
use crate::page::{Page, Parameters, Response, json_value, possible_values, schema_lines};
use crate::schema::{self, plain, texts, to_json};

/// How a page shows the fields of a schema.
#[derive(Clone, Copy)]
pub(crate) enum FieldList {
    /// Objects by name, other fields by their description only.
    Unnamed,
    /// Objects closed, other fields with default and example.
    Closed,
}

/// One operation and the page about it.
pub(crate) struct Documented<'a> {
    page: Page<'a>,
    document: &'a Document,
    operation: &'a Value,
    method: String,
    path: String,
    pub(crate) differences: Vec<String>,
}

impl<'a> Documented<'a> {
    /// Finds the operation by the page's method and path; checks title, server and description.
    pub(crate) fn find(text: &'a str, document: &'a Document) -> Result<Self, String> {
        let page = Page::new(text);
        let (title, method, target) = page.request_line()?;
        let server = text_of(document.get(&["servers"])?.get(0), "url");
        let tenant = text_of(
            document
                .get(&["servers"])?
                .get(0)
                .and_then(|server| server.get("variables")?.get("tenant")),
            "default",
        );
        let base = server.replace("{tenant}", tenant);
        let path = target.strip_prefix(&base).unwrap_or(target).to_owned();
        let operation = document.get(&["paths", &path, &method])?;
        let mut differences = Vec::new();
        if text_of(Some(operation), "summary") != title {
            differences.push(format!(
                "the title is `{title}`, in spec/ `{}`",
                text_of(Some(operation), "summary")
            ));
        }
        if text_of(Some(operation), "description").is_empty() {
            differences.push("the operation has no description".to_owned());
        }
        Ok(Self {
            page,
            document,
            operation,
            method,
            path,
            differences,
        })
    }

    /// Bounds, defaults, filter operators and sortable fields.
    ///
    /// `shows_false` tells whether this kind of page prints a default of `false`.
    pub(crate) fn query_parameters(&mut self, shows_false: bool) -> Result<(), String> {
        let Parameters {
            maxima,
            defaults,
            filters,
            sorters,
        } = self.page.query_parameters()?;
        let ours: Vec<&Value> = get(self.operation, &["parameters"])?
            .as_sequence()
            .into_iter()
            .flatten()
            .collect();
        let schema_key = |key: &str| -> Vec<String> {
            let values = ours
                .iter()
                .filter_map(|parameter| parameter.get("schema")?.get(key));
            values.map(|value| plain(&to_json(value))).collect()
        };
        let our_defaults: Vec<String> = schema_key("default")
            .into_iter()
            .filter(|value| shows_false || value != "false")
            .collect();
        let extension = |name: &str, key: &str| -> Json {
            let parameter = ours
                .iter()
                .find(|parameter| text_of(Some(parameter), "name") == name);
            parameter
                .and_then(|parameter| parameter.get(key))
                .map_or(Json::Null, to_json)
        };
        self.same("the largest values", &maxima, &schema_key("maximum"));
        self.same("the defaults", &defaults, &our_defaults);
        self.same(
            "filter operators",
            &serde_json::json!(filters),
            &extension("filters", "x-filter-operators"),
        );
        self.same(
            "sortable fields",
            &serde_json::json!(sorters),
            &extension("sorters", "x-sortable-fields"),
        );
        for parameter in &ours {
            if text_of(Some(parameter), "description").is_empty() {
                self.differences.push(format!(
                    "parameter {} has no description",
                    text_of(Some(parameter), "name")
                ));
            }
        }
        if self
            .page
            .lines
            .iter()
            .any(|line| line.contains("X-Total-Count response header"))
        {
            self.header("200", "X-Total-Count", "integer");
        }
        Ok(())
    }

    /// Status codes, and of each response its description, headers, fields and examples.
    pub(crate) fn responses(&mut self, list: FieldList) -> Result<(), String> {
        let codes = self.page.status_codes();
        let ours: Vec<String> =
            self.document
                .keys(&["paths", &self.path, &self.method, "responses"])?;
        self.same(
            "status codes",
            &codes,
            &ours.iter().map(String::as_str).collect(),
        );
        let responses = self.page.responses()?;
        self.same("the number of responses", &responses.len(), &codes.len());
        for (code, response) in codes.iter().zip(&responses) {
            self.response(code, response, list)
                .map_err(|error| format!("{code}: {error}"))?;
        }
        Ok(())
    }

    fn response(
        &mut self,
        code: &str,
        documented: &Response<'_>,
        list: FieldList,
    ) -> Result<(), String> {
        let ours = get(self.operation, &["responses", code])?;
        if text_of(Some(ours), "description").is_empty() {
            self.differences.push(format!(
                "{code}: no description, the page says `{}`",
                documented.prose
            ));
        }
        if documented.prose.contains("Retry-After header") {
            self.header(code, "Retry-After", "string");
        }
        let content = get(ours, &["content", documented.media_type])?;
        let schema = get(content, &["schema"])?;
        let our_fields = schema::fields(schema, true);
        let found = match list {
            FieldList::Unnamed => fields::unnamed(&documented.schema, &our_fields),
            FieldList::Closed => fields::closed(&documented.schema, &our_fields),
        };
        self.differences.extend(
            found
                .into_iter()
                .map(|difference| format!("{code}: {difference}")),
        );
        self.importable(&documented.schema, schema);

        let mut examples = documented.examples.iter();
        let (_, generated) = examples.next().ok_or("no example")?;
        self.same(
            &format!("{code}: the example from the schema"),
            generated,
            &schema::example(schema, true)?,
        );
        if code == "200" {
            self.is_listed(code, content, None, generated);
        }
        for (summary, value) in examples {
            self.is_listed(code, content, Some(summary), value);
        }
        Ok(())
    }

    /// The request body: its fields, and the example that stands in the page more than once.
    pub(crate) fn request_body(&mut self, text: &str) -> Result<(), String> {
        let body = get(self.operation, &["requestBody"])?;
        self.same(
            "a required body",
            &self.page.lines.contains(&"Body arrayrequired"),
            &(body.get("required") == Some(&Value::Bool(true))),
        );
        let content = get(body, &["content", "application/json"])?;
        let schema = get(content, &["schema"])?;
        self.same("the body's type", &"array", &text_of(Some(schema), "type"));
        let lines = self
            .page
            .between("Body arrayrequired", "Responses")?
            .to_vec();
        self.differences
            .extend(fields::full(&lines, &schema::fields(schema, false)));

        let starts = text.match_indices("\n[\n").map(|(at, _)| at + 1);
        let in_code = text.match_indices("`[\n").map(|(at, _)| at + 1);
        let starts: Vec<usize> = starts.chain(in_code).collect();
        self.same("the number of example bodies", &starts.len(), &2);
        for start in starts {
            let (value, _) = json_value(&text[start..])?;
            self.same("the example body", &value, &schema::example(schema, false)?);
            self.is_listed("request", content, None, &value);
        }
        Ok(())
    }

    /// The fields of the one response on a page that shows only that.
    pub(crate) fn only_response(&mut self) -> Result<(), String> {
        let schema = get(
            self.operation,
            &["responses", "200", "content", "application/json", "schema"],
        )?;
        let lines = self.page.between("Schema", "Authorization: ")?.to_vec();
        self.differences
            .extend(fields::full(&lines, &schema::fields(schema, true)));
        Ok(())
    }

    /// The scheme, its scopes, and whose token it takes.
    pub(crate) fn authorization(&mut self) -> Result<(), String> {
        let text = self.page.lines.join("\n");
        let (_, rest) = text
            .split_once("Authorization: ")
            .ok_or("no line `Authorization: `")?;
        let (scheme, rest) = rest
            .split_once("\ntype: ")
            .ok_or("no type of authorization")?;
        let (kind, rest) = rest.split_once("scopes: ").ok_or("no scopes")?;
        let scopes: Vec<&str> = rest
            .lines()
            .next()
            .unwrap_or_default()
            .split(", ")
            .collect();
        let security = get(self.operation, &["security"])?
            .get(0)
            .ok_or("no security")?;
        self.same("scopes", &scopes, &texts(security.get(scheme)));
        let flows = self
            .document
            .get(&["components", "securitySchemes", scheme, "flows"])?;
        for (flow, value) in flows.as_mapping().into_iter().flatten() {
            for scope in scopes.iter().filter(|scope| {
                value
                    .get("scopes")
                    .and_then(|scopes| scopes.get(*scope))
                    .is_none()
            }) {
                self.differences
                    .push(format!("scope {scope} is not declared in flow {flow:?}"));
            }
        }
        let kinds: &[&str] = match kind.trim() {
            "Client Credentials" => &["application", "user"],
            "Personal Access Token" => &["user"],
            other => return Err(format!("unknown type of authorization `{other}`")),
        };
        self.same(
            "whose token",
            &kinds.to_vec(),
            &texts(self.operation.get("x-token-kinds")),
        );
        Ok(())
    }

    /// The types that can be imported are a sentence on the page and data in `spec/`.
    fn importable(&mut self, lines: &[&str], schema: &Value) {
        let lines = schema_lines(lines);
        let Some(at) = lines
            .iter()
            .position(|line| line.contains("Import is currently only possible"))
        else {
            return;
        };
        let members = possible_values(&lines[at - 1]).unwrap_or_default();
        let words = lines[at].split(|c: char| !c.is_ascii_uppercase() && c != '_');
        let named: Vec<&str> = words
            .filter(|word| members.iter().any(|member| member == word))
            .collect();
        let ours = get(
            schema,
            &[
                "items",
                "properties",
                "self",
                "properties",
                "type",
                "x-importable",
            ],
        );
        self.same("importable types", &named, &texts(ours.ok()));
    }

    fn is_listed(&mut self, at: &str, content: &Value, summary: Option<&str>, value: &Json) {
        let examples = content
            .get("examples")
            .and_then(Value::as_mapping)
            .into_iter()
            .flatten();
        let mut examples = examples.map(|(_, example)| example);
        let same = |example: &Value| {
            summary.is_none_or(|summary| text_of(Some(example), "summary") == summary)
                && example.get("value").map(to_json).as_ref() == Some(value)
        };
        if !examples.any(same) {
            let summary = summary.unwrap_or("without a summary");
            self.differences.push(format!(
                "{at}: the example ({summary}) is not among those in spec/: {value}"
            ));
        }
    }

    fn header(&mut self, code: &str, name: &str, ty: &str) {
        let schema = get(
            self.operation,
            &["responses", code, "headers", name, "schema"],
        )
        .ok();
        if text_of(schema, "type") != ty {
            self.differences
                .push(format!("{code}: no header {name} of type {ty} is declared"));
        }
    }

    fn same<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, documented: &T, ours: &T) {
        if documented != ours {
            self.differences.push(format!(
                "{what}: documented as {documented:?}, in spec/ {ours:?}"
            ));
        }
    }
}

fn text_of<'a>(value: Option<&'a Value>, key: &str) -> &'a str {
    value
        .and_then(|value| value.get(key))
        .and_then(Value::as_str)
        .unwrap_or_default()
}
