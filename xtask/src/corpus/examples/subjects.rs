//! What a document has examples of, with the generated type of each.

use std::collections::HashMap;

use oas_codegen::config::Config;
use oas_codegen::diagnostic::Diagnostics;
use oas_codegen::ir::{BodyKind, Crate, JsonSchema, TypeRef};
use oas_codegen::load::{Kind, Limits, Node, ReadFile, load};
use oas_codegen::lower::{Edition, Outputs, lower};
use oas_codegen::resolve::{Api, MediaType, References, resolve};
use serde_json::Value;

use super::compose::Composer;
use super::tree::Tree;

/// A named schema or a body, with its generated type and examples of it.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What the schema is called.
    pub(super) name: String,
    /// The type, as it is written where the crate is `api` and its runtime `rt`; or why there is
    /// none.
    pub(super) rust: Result<String, &'static str>,
    /// The schema, 2020-12, self-contained.
    pub(super) schema: Value,
    pub(super) examples: Vec<Example>,
}

/// A value that the document gives as an example, in a value of the subject's schema.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// File, line and pointer.
    pub(super) place: String,
    pub(super) value: Value,
}

/// A subject before its examples are known.
struct Draft<'a, 'd> {
    name: String,
    rust: Option<String>,
    schema: &'a JsonSchema,
    root: Option<Node<'d>>,
    media: Option<Node<'d>>,
}

/// Everything in the document that has a schema and examples, those of parts included.
///
/// `None` if the document cannot be generated from.
pub(super) fn subjects(entry: &str, reader: &dyn ReadFile) -> Option<Vec<Subject>> {
    let mut diagnostics = Diagnostics::default();
    let loaded = load(&[entry], reader, &Limits::default(), &mut diagnostics);
    let references = References::new(&loaded);
    let api = resolve(loaded.documents.root()?, &references, &mut diagnostics)?;
    let edition = Edition {
        api: &api,
        module: None,
        is_default: true,
    };
    let outputs = Outputs { json_schemas: true };
    let config = Config::default();
    let whole = lower(&[edition], &references, outputs, &config, &mut diagnostics);
    let composer = Composer::new(&references);
    let mut drafts = components(&api, &whole);
    drafts.extend(bodies(&api, &whole, drafts.len()));
    Some(with_examples(drafts, &composer))
}

/// The schemas that the document names.
fn components<'a, 'd>(api: &Api<'d>, whole: &'a Crate) -> Vec<Draft<'a, 'd>> {
    let types: HashMap<&str, &str> = whole
        .types
        .iter()
        .filter(|def| !def.editions.is_empty())
        .filter_map(|def| Some((def.schema_name.as_deref()?, def.name.as_str())))
        .collect();
    let pairs = api.schemas.iter().zip(schemas(whole));
    let drafts = pairs.map(|((name, node), schema)| Draft {
        name: (*name).to_owned(),
        rust: types.get(*name).map(|rust| format!("api::{rust}")),
        schema,
        root: Some(*node),
        media: None,
    });
    drafts.collect()
}

fn schemas(whole: &Crate) -> impl Iterator<Item = &JsonSchema> {
    whole
        .editions
        .iter()
        .flat_map(|edition| &edition.json_schemas)
}

/// Bodies of requests and responses, in the order in which the generator writes their schemas:
/// after those of the `components`.
fn bodies<'a, 'd>(api: &Api<'d>, whole: &'a Crate, components: usize) -> Vec<Draft<'a, 'd>> {
    let mut schemas = schemas(whole).skip(components);
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
    let mut drafts = Vec::new();
    let mut add = |content: &[MediaType<'d>], ty: Option<&TypeRef>, is_sent: bool| {
        let Some(media) = json_of(content) else {
            return;
        };
        drafts.extend(schemas.next().filter(|_| is_sent).map(|schema| Draft {
            name: schema.name.clone(),
            rust: ty.and_then(|ty| rust_type(ty, whole)),
            schema,
            root: media.schema,
            media: Some(media.node),
        }));
    };
    for operation in &api.operations {
        let method = operation.method.to_ascii_uppercase();
        let Some(lowered) = operations.get(&(method.as_str(), operation.path)) else {
            continue;
        };
        let sent = lowered.body.iter().flat_map(|body| &body.choices);
        let mut sent = sent.filter(|choice| choice.kind == BodyKind::Json);
        add(
            &operation.request,
            sent.next().map(|choice| &choice.ty),
            true,
        );
        // An answer to HEAD has no body, whatever is documented (RFC 9110, section 9.3.2).
        let has_answer = method != "HEAD";
        for response in &operation.responses {
            let cases = lowered.successes.iter().chain(&lowered.errors);
            let received = cases
                .filter(|case| case.status == response.status)
                .filter_map(|case| case.payload.as_ref())
                .find(|payload| payload.kind == BodyKind::Json);
            let received = received.map(|payload| &payload.ty);
            add(&response.content, received, has_answer);
        }
    }
    drafts
}

fn with_examples<'d>(drafts: Vec<Draft<'_, 'd>>, composer: &Composer<'_, 'd>) -> Vec<Subject> {
    let roots: Vec<_> = drafts.iter().filter_map(|draft| draft.root).collect();
    // A draft without a schema has no root: the tree counts roots, not drafts.
    let owners: Vec<usize> = (0..drafts.len())
        .filter(|index| drafts[*index].root.is_some())
        .collect();
    let tree = Tree::new(&roots, composer);
    let mut subjects: Vec<Subject> = drafts
        .into_iter()
        .map(|draft| Subject {
            examples: draft
                .media
                .map(|media| of_media(media, composer))
                .unwrap_or_default(),
            name: draft.name,
            rust: draft.rust.ok_or("the generator names no type for it"),
            schema: draft.schema.schema.clone(),
        })
        .collect();
    for (index, place) in tree.places.iter().enumerate() {
        let owner = owners.get(place.root).copied();
        let Some(subject) = owner.and_then(|owner| subjects.get_mut(owner)) else {
            continue;
        };
        let stated = of_schema(place.node);
        subject.examples.extend(stated.map(|node| Example {
            place: place_of(node),
            value: composer.lift(&tree, index, node.to_json()),
        }));
    }
    subjects.retain(|subject| !subject.examples.is_empty());
    subjects
}

/// The examples that a media type states: `example`, or the values of `examples`.
fn of_media<'d>(media: Node<'d>, composer: &Composer<'_, 'd>) -> Vec<Example> {
    let named = media.get("examples").into_iter().flat_map(Node::members);
    let named = named
        .filter_map(|(_, node)| composer.follow(node))
        .filter_map(|node| node.get("value"));
    let examples = media.get("example").into_iter().chain(named);
    let examples = examples.map(|node| Example {
        place: place_of(node),
        value: node.to_json(),
    });
    examples.collect()
}

/// The examples that a schema states: `example`, or 3.1's list of `examples`.
fn of_schema(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let list = node
        .get("examples")
        .filter(|list| list.kind() == Kind::Array);
    let list = list.into_iter().flat_map(Node::items);
    node.get("example").into_iter().chain(list)
}

/// The media type whose schema the generator writes for a body.
fn json_of<'a, 'd>(content: &'a [MediaType<'d>]) -> Option<&'a MediaType<'d>> {
    let is_json = |media: &&MediaType<'_>| {
        let essence = media.name.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        essence == "application/json" || essence.ends_with("+json")
    };
    let media = content.iter().find(is_json);
    media.filter(|media| media.schema.is_some())
}

/// File, line and pointer of a node.
fn place_of(node: Node<'_>) -> String {
    let line = node.position().line;
    format!("{}:{line} {}", node.source().name(), node.pointer())
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
