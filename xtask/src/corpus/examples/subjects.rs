//! What a document has examples of, with the generated type of each.

use std::collections::HashMap;

use oas_codegen::config::Config;
use oas_codegen::diagnostic::Diagnostics;
use oas_codegen::ir::{Crate, JsonSchema, TypeRef};
use oas_codegen::load::{Kind, Limits, Node, ReadFile, load};
use oas_codegen::lower::{Edition, Outputs, lower};
use oas_codegen::resolve::{Api, References, resolve};
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
        api,
        module: None,
        is_default: true,
    };
    let outputs = Outputs { json_schemas: true };
    let config = Config::default();
    let mut editions = [edition];
    let whole = lower(
        &mut editions,
        &references,
        outputs,
        &config,
        &mut diagnostics,
    );
    let composer = Composer::new(&references);
    Some(with_examples(drafts(&editions[0].api, &whole), &composer))
}

/// The named schemas and the bodies for which the generator writes a JSON Schema.
fn drafts<'a, 'd>(api: &Api<'d>, whole: &'a Crate) -> Vec<Draft<'a, 'd>> {
    let mut schemas: HashMap<(&str, String), &JsonSchema> = HashMap::new();
    for schema in whole
        .editions
        .iter()
        .flat_map(|edition| &edition.json_schemas)
    {
        let place = (schema.file.as_str(), schema.pointer.clone());
        // What several operations share is written for each of them.
        schemas.entry(place).or_insert(schema);
    }
    let mut take = |name: Option<&str>, place: Node<'d>, root: Option<Node<'d>>| {
        let schema = schemas.remove(&(place.source().name(), place.pointer()))?;
        Some(Draft {
            name: name.unwrap_or(&schema.name).to_owned(),
            rust: schema.ty.as_ref().and_then(|ty| rust_type(ty, whole)),
            schema,
            root,
            media: name.is_none().then_some(place),
        })
    };
    let mut drafts = Vec::new();
    for (name, node) in &api.schemas {
        drafts.extend(take(Some(name), *node, Some(*node)));
    }
    for operation in &api.operations {
        // An answer to HEAD has no body, whatever is documented (RFC 9110, section 9.3.2).
        let answers = operation
            .responses
            .iter()
            .filter(|_| operation.method != "head");
        let answers = answers.flat_map(|response| &response.content);
        for media in operation.request.iter().chain(answers) {
            drafts.extend(take(None, media.node, media.schema));
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
