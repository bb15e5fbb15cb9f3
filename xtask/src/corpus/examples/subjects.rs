//! What a document has examples of, with the generated type of each.

use std::collections::HashMap;

use oas_codegen::config::Config;
use oas_codegen::diagnostic::Diagnostics;
use oas_codegen::ir::{BodyKind, Crate, TypeRef};
use oas_codegen::load::{Kind, Limits, Node, load};
use oas_codegen::lower::{Edition, Outputs, lower};
use oas_codegen::resolve::{Api, MediaType, References, resolve};
use serde_json::Value;

use super::compose::Composer;

/// A schema with a generated type, and examples of it.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What the schema is called.
    pub(super) name: String,
    /// The type, as it is written where the crate is `api` and its runtime `rt`; or why there is none.
    pub(super) rust: Result<String, &'static str>,
    /// The schema, 2020-12, self-contained.
    pub(super) schema: Value,
    /// What the document states.
    pub(super) examples: Vec<Example>,
    /// What can be put together from the examples of the schema's parts: each list holds the best
    /// candidate first, and the ones to fall back to if the schema does not accept it.
    pub(super) composed: Vec<Vec<Example>>,
}

/// A value that the document gives as an example.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// File, line and pointer.
    pub(super) place: String,
    pub(super) value: Value,
}

/// Everything in the document that has a schema, a generated type and examples.
///
/// `read` is how files are read. `None` if the document cannot be generated from.
pub(super) fn subjects(
    entry: &str,
    read: &dyn oas_codegen::load::ReadFile,
) -> Option<Vec<Subject>> {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(&[entry], read, &Limits::default(), &mut diagnostics);
    let references = References::new(&loaded);
    let root = loaded.documents.root()?;
    let api = resolve(root, &references, &mut diagnostics)?;
    let edition = Edition {
        api: &api,
        module: None,
        is_default: true,
    };
    let outputs = Outputs { json_schemas: true };
    let config = Config::default();
    let whole = lower(&[edition], &references, outputs, &config, &mut diagnostics);
    let mut collector = Collector {
        whole: &whole,
        composer: Composer::new(&references),
        references: &references,
        diagnostics: Diagnostics::default(),
        referring: HashMap::new(),
    };
    Some(collector.collect(&api))
}

struct Collector<'a, 'd> {
    whole: &'a Crate,
    composer: Composer<'a, 'd>,
    references: &'a References<'d>,
    diagnostics: Diagnostics,
    /// Examples beside references to a component, by the component's node.
    referring: HashMap<oas_codegen::load::NodeId, Vec<Example>>,
}

impl<'d> Collector<'_, 'd> {
    fn collect(&mut self, api: &Api<'d>) -> Vec<Subject> {
        for (_, node) in &api.schemas {
            self.find_referring(*node);
        }
        for operation in &api.operations {
            self.find_referring(operation.node);
        }
        let mut subjects = self.components(api);
        let bodies = self.bodies(api, subjects.len());
        subjects.extend(bodies);
        subjects
    }

    fn components(&mut self, api: &Api<'d>) -> Vec<Subject> {
        let types: HashMap<&str, &str> = self
            .whole
            .types
            .iter()
            .filter(|def| !def.editions.is_empty())
            .filter_map(|def| Some((def.schema_name.as_deref()?, def.name.as_str())))
            .collect();
        let schemas = self.whole.editions.iter().flat_map(|e| &e.json_schemas);
        let pairs: Vec<_> = api.schemas.iter().zip(schemas).collect();
        let mut subjects = Vec::new();
        for ((name, node), schema) in pairs {
            let mut examples = stated_in(*node);
            let target = self.references.follow(*node, &mut self.diagnostics);
            if let Some(found) = target.and_then(|t| self.referring.remove(&t.id())) {
                examples.extend(found);
            }
            let rust = types.get(*name).map(|rust| format!("api::{rust}"));
            subjects.push(Subject {
                name: (*name).to_owned(),
                rust: rust.ok_or("the generator names no type for this schema"),
                schema: schema.schema.clone(),
                examples,
                composed: self.composer.of(*node),
            });
        }
        subjects
    }

    /// Bodies in the order in which the generator writes their schemas.
    fn bodies(&mut self, api: &Api<'d>, components: usize) -> Vec<Subject> {
        let whole = self.whole;
        let mut schemas = whole
            .editions
            .iter()
            .flat_map(|edition| &edition.json_schemas)
            .skip(components);
        let operations: HashMap<(&str, &str), _> = whole
            .editions
            .iter()
            .flat_map(|edition| &edition.groups)
            .flat_map(|group| &group.operations)
            .map(|operation| {
                let key = (operation.http_method.as_str(), operation.path.as_str());
                (key, operation)
            })
            .collect();
        let mut subjects = Vec::new();
        for operation in &api.operations {
            let method = operation.method.to_ascii_uppercase();
            let Some(lowered) = operations.get(&(method.as_str(), operation.path)) else {
                continue;
            };
            let sent = lowered.body.iter().flat_map(|body| &body.choices);
            let sent = sent
                .filter(|choice| choice.kind == BodyKind::Json)
                .map(|choice| &choice.ty)
                .next();
            if let Some(media) = json_of(&operation.request)
                && let Some(schema) = schemas.next()
            {
                subjects.push(self.body(schema, &media, sent));
            }
            for response in &operation.responses {
                let Some(media) = json_of(&response.content) else {
                    continue;
                };
                let Some(schema) = schemas.next() else {
                    continue;
                };
                let cases = lowered.successes.iter().chain(&lowered.errors);
                let received = cases
                    .filter(|case| case.status == response.status)
                    .filter_map(|case| case.payload.as_ref())
                    .find(|payload| payload.kind == BodyKind::Json)
                    .map(|payload| &payload.ty);
                subjects.push(self.body(schema, &media, received));
            }
        }
        subjects
    }

    fn body(
        &mut self,
        schema: &oas_codegen::ir::JsonSchema,
        media: &MediaType<'d>,
        ty: Option<&TypeRef>,
    ) -> Subject {
        let mut examples: Vec<Example> =
            media.node.get("example").map(example).into_iter().collect();
        for (_, named) in media
            .node
            .get("examples")
            .into_iter()
            .flat_map(Node::members)
        {
            let named = self.references.follow(named, &mut self.diagnostics);
            examples.extend(named.and_then(|node| node.get("value")).map(example));
        }
        let inline = media.schema.filter(|node| References::of(*node).is_none());
        examples.extend(inline.into_iter().flat_map(stated_in));
        let rust = ty.and_then(|ty| rust_type(ty, self.whole));
        Subject {
            name: schema.name.clone(),
            rust: rust.ok_or("the operation has no JSON type for this body"),
            schema: schema.schema.clone(),
            examples,
            composed: inline
                .map(|node| self.composer.of(node))
                .unwrap_or_default(),
        }
    }

    /// Examples that stand beside a reference to a component, or beside an `allOf` of just one.
    fn find_referring(&mut self, root: Node<'d>) {
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            let is_schema = node.get("schema").is_none();
            let alone = match node.get("allOf") {
                Some(all) if all.items().len() == 1 && node.get("properties").is_none() => {
                    all.item(0)
                }
                _ => Some(node),
            };
            let reference = alone.filter(|node| References::of(*node).is_some());
            if is_schema && let Some(reference) = reference {
                let examples = stated_in(node);
                let target = if examples.is_empty() {
                    None
                } else {
                    self.references.follow(reference, &mut self.diagnostics)
                };
                if let Some(target) = target {
                    self.referring
                        .entry(target.id())
                        .or_default()
                        .extend(examples);
                }
            }
            let members = node.members().filter(|(key, _)| {
                !matches!(*key, "example" | "examples" | "default" | "enum" | "const")
            });
            stack.extend(members.map(|(_, child)| child));
            stack.extend(node.items());
        }
    }
}

/// The media type whose schema the generator writes for a body.
fn json_of<'d>(content: &[MediaType<'d>]) -> Option<MediaType<'d>> {
    let is_json = |media: &&MediaType<'d>| {
        let essence = media.name.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        essence == "application/json" || essence.ends_with("+json")
    };
    content
        .iter()
        .find(is_json)
        .filter(|media| media.schema.is_some())
        .cloned()
}

/// The examples that a schema states: `example`, or 3.1's list of `examples`.
fn stated_in(node: Node<'_>) -> Vec<Example> {
    let list = node
        .get("examples")
        .filter(|list| list.kind() == Kind::Array);
    let list = list.into_iter().flat_map(Node::items);
    node.get("example")
        .into_iter()
        .chain(list)
        .map(example)
        .collect()
}

fn example(node: Node<'_>) -> Example {
    Example {
        place: place(node),
        value: node.to_json(),
    }
}

/// File, line and pointer of a node.
pub(super) fn place(node: Node<'_>) -> String {
    format!(
        "{}:{} {}",
        node.source().name(),
        node.position().line,
        node.pointer()
    )
}

/// A type as it is written where the crate is `api` and its runtime `rt`; `None` if its values are
/// not JSON.
fn rust_type(ty: &TypeRef, whole: &Crate) -> Option<String> {
    Some(match ty {
        TypeRef::Any => "rt::Value".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::Integer(integer) => integer.as_str().to_owned(),
        TypeRef::Number => "rt::Number".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::Uuid => "rt::UuidText".to_owned(),
        TypeRef::DateTime => "rt::DateTimeText".to_owned(),
        TypeRef::Date => "rt::DateText".to_owned(),
        TypeRef::Base64 => "rt::Base64".to_owned(),
        TypeRef::List(inner) => format!("Vec<{}>", rust_type(inner, whole)?),
        TypeRef::Map(inner) => format!(
            "std::collections::BTreeMap<String, {}>",
            rust_type(inner, whole)?
        ),
        TypeRef::Nullable(inner) => format!("rt::Nullable<{}>", rust_type(inner, whole)?),
        TypeRef::Named(id) => format!("api::{}", whole.type_def(*id).name),
        _ => return None,
    })
}
