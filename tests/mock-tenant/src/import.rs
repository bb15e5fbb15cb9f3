//! What an import makes of its body.

use axum::http::header::CONTENT_TYPE;
use export_validator::{Finding, Report, Severity, Validator};
use serde_json::{Map, Value, json};

use crate::RecordedRequest;
use crate::answer::{Answer, Answered};
use crate::store::Store;
use crate::world::{Reference, World};

/// What is said of an import.
#[derive(Default)]
struct Outcome {
    infos: Vec<Value>,
    warnings: Vec<Value>,
    errors: Vec<Value>,
    imported: Vec<Value>,
}

/// Creates or updates the profiles of a body.
pub(crate) fn answer(
    store: &mut Store,
    world: &World,
    validator: &Validator,
    request: &RecordedRequest,
    now: &str,
    tracking_id: &str,
) -> Answered {
    let refused = |problem: String| {
        let text = "The request was syntactically correct but its content is semantically invalid.";
        Answer::error_because(400, tracking_id, text, &[problem])
    };
    let is_json = request
        .header(CONTENT_TYPE.as_str())
        .is_some_and(|value| value.starts_with("application/json"));
    if !is_json {
        return Err(refused("the body must be application/json".to_owned()));
    }
    let elements: Vec<Value> = serde_json::from_slice(&request.body)
        .map_err(|error| refused(format!("the body is no array of JSON: {error}")))?;
    let report = validator.validate(&request.body);
    let of_file = |finding: &&Finding| {
        finding.element.is_none() && finding.severity == Severity::Error && !elements.is_empty()
    };
    if let Some(finding) = report.findings.iter().find(of_file) {
        return Err(refused(finding.message.clone()));
    }
    let mut result = Outcome::default();
    for (index, element) in elements.iter().enumerate() {
        let is_valid = result.take_findings(index, &report, validator, element);
        result.import(index, element, is_valid, store, world, now);
    }
    Ok(Answer::json(200, &result.into_json()))
}

impl Outcome {
    /// Whether no finding keeps the element from being imported.
    fn take_findings(
        &mut self,
        index: usize,
        report: &Report,
        validator: &Validator,
        element: &Value,
    ) -> bool {
        let findings = report.findings.iter();
        let findings = findings.filter(|finding| finding.element == Some(index));
        let mut is_valid = true;
        for finding in findings {
            is_valid &= finding.severity != Severity::Error;
            self.take_finding(finding);
        }
        if is_valid && !report.summary.unlisted.is_empty() {
            // Of codes that are found often, not every finding is listed.
            let alone = json!([element]).to_string();
            let alone = validator.validate(alone.as_bytes());
            let errors = alone.findings.iter();
            for finding in errors.filter(|finding| finding.severity == Severity::Error) {
                is_valid = false;
                self.take_finding(finding);
            }
        }
        is_valid
    }

    fn take_finding(&mut self, finding: &Finding) {
        let facts = json!({
            "code": finding.code.as_str(),
            "pointer": finding.pointer.as_str(),
            "line": finding.position.line,
        });
        match finding.severity {
            // Errors of real tenants that are not about references have no key either.
            Severity::Error => self.errors.push(json!({
                "key": null,
                "text": finding.message,
                "detail": facts,
            })),
            Severity::Warning => {
                let message = message("VALIDATION", &finding.message, &facts);
                self.warnings.push(message);
            }
            Severity::Info => self
                .infos
                .push(message("VALIDATION", &finding.message, &facts)),
        }
    }

    fn import(
        &mut self,
        index: usize,
        element: &Value,
        is_valid: bool,
        store: &mut Store,
        world: &World,
        now: &str,
    ) {
        let kind = element.pointer("/self/type").and_then(Value::as_str);
        if let Some(kind) = kind
            && kind != "IDENTITY_PROFILE"
            && element.pointer("/object/authoritativeSource").is_none()
        {
            let text = format!("Object of type {kind} is not imported by this endpoint");
            self.warnings
                .push(message("UNSUPPORTED_TYPE", &text, &json!({"index": index})));
            return;
        }
        let (true, Some(object)) = (is_valid, element.get("object").and_then(Value::as_object))
        else {
            return;
        };
        let unresolved = unresolved(object, world);
        let name = object.get("name").and_then(Value::as_str).unwrap_or("null");
        if !unresolved.is_empty() {
            for (kind, id, name) in unresolved {
                let text = format!(
                    "Unable to resolve reference for object [type: {kind}, id: {id}, name: {name}]"
                );
                let details = json!({"index": index});
                self.errors
                    .push(message("UNKNOWN_REFERENCE_RESOLVER", &text, &details));
            }
            let text = format!("Identity profile {name} was not imported");
            self.infos
                .push(message("NOT_IMPORTED", &text, &json!({"index": index})));
            return;
        }
        let (id, name) = store.import(object, now);
        self.imported
            .push(json!({"type": "IDENTITY_PROFILE", "id": id, "name": name}));
    }

    fn into_json(self) -> Value {
        json!({
            "infos": self.infos,
            "warnings": self.warnings,
            "errors": self.errors,
            "importedObjects": self.imported,
        })
    }
}

fn message(key: &str, text: &str, details: &Value) -> Value {
    json!({"key": key, "text": text, "details": details})
}

/// What an object refers to and the tenant does not have: type, id and name.
fn unresolved(object: &Map<String, Value>, world: &World) -> Vec<(&'static str, String, String)> {
    let mut missing = Vec::new();
    let mut resolve = |kind: &'static str, known: &[Reference], id: &Value, name: &Value| {
        let (id, name) = (id.as_str(), name.as_str());
        if id.is_none() && name.is_none() {
            return;
        }
        let is_it = |known: &Reference| {
            id.is_some_and(|id| known.id == id) || name.is_some_and(|name| known.name == name)
        };
        if !known.iter().any(is_it) {
            let or_null = |text: Option<&str>| text.unwrap_or("null").to_owned();
            missing.push((kind, or_null(id), or_null(name)));
        }
    };
    let null = Value::Null;
    let of = |value: Option<&Value>, name: &str| {
        value
            .and_then(|value| value.get(name))
            .cloned()
            .unwrap_or_default()
    };
    let source = object.get("authoritativeSource");
    resolve(
        "SOURCE",
        &world.sources,
        &of(source, "id"),
        &of(source, "name"),
    );
    let owner = object.get("owner");
    resolve(
        "IDENTITY",
        &world.identities,
        &of(owner, "id"),
        &of(owner, "name"),
    );

    let named = |names: &[String]| -> Vec<Reference> {
        let reference = |name: &String| Reference {
            id: name.clone(),
            name: name.clone(),
        };
        names.iter().map(reference).collect()
    };
    let (transforms, attributes) = (named(&world.transforms), named(&world.attributes));
    let mut open: Vec<&Value> = object.get("identityAttributeConfig").into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                open.extend(members.values());
                let attributes_of = members.get("attributes");
                match members.get("type").and_then(Value::as_str) {
                    Some("accountAttribute") => {
                        let id = of(attributes_of, "sourceId");
                        resolve(
                            "SOURCE",
                            &world.sources,
                            &id,
                            &of(attributes_of, "sourceName"),
                        );
                    }
                    Some("reference") => {
                        let id = of(attributes_of, "id");
                        resolve("TRANSFORM", &transforms, &null, &id);
                    }
                    Some("rule") => {
                        let id = of(attributes_of, "id");
                        resolve("RULE", &world.rules, &id, &of(attributes_of, "name"));
                    }
                    _ => {}
                }
                if let Some(name) = members.get("identityAttributeName") {
                    resolve("IDENTITY_ATTRIBUTE", &attributes, &null, name);
                }
            }
            _ => {}
        }
    }
    missing
}
