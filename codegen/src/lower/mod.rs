//! Stage three, API → IR: types, names, operations, as plain data.
//!
//! It knows Rust's types and names, and nothing of tokens.

mod arrays;
mod configuration;
mod docs;
mod filters;
mod fingerprint;
mod forms;
mod graph;
mod json_schema;
pub(crate) mod names;
mod objects;
mod operations;
mod paging;
mod partial;
mod places;
mod scalars;
mod types;
mod union;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::ir::{self, Presence, Shape, TypeDef, TypeId, TypeRef};
use crate::load::{Node, NodeId};
use crate::resolve::{self, Api, Operation, References};

pub(crate) use graph::mentioned;
pub(crate) use json_schema::JsonSchemaWriter;
use names::Scope;
pub(crate) use operations::essence;
use types::{Hint, Parts, TypeLowering};

/// An API with its place in the crate.
pub struct Edition<'d> {
    /// The API.
    pub api: Api<'d>,
    /// Its module and Cargo feature; `None` if it is the whole crate.
    pub module: Option<String>,
    /// Whether the feature is on by default.
    pub is_default: bool,
}

/// Which optional outputs are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outputs {
    /// JSON Schema files.
    pub json_schemas: bool,
}

/// Modules that a generated crate has besides its groups, and files below `src` that mean a program
/// to Cargo.
const RESERVED_MODULES: [&str; 12] = [
    "operators",
    "types",
    "shared",
    "client",
    "lib",
    "std",
    "core",
    "self_",
    "tests",
    "rt",
    "main",
    "bin",
];
/// Methods that a generated client has besides its operations.
const CLIENT_METHODS: [&str; 7] = [
    "builder",
    "builder_from",
    "builder_from_env",
    "from_env",
    "new",
    "inner",
    "clone",
];
/// Cargo features that a generated crate has besides those of its groups.
pub(crate) const FEATURES: [&str; 3] = ["default", "blocking", "configuration"];

/// Lowers the editions of one crate, and takes from them what it has no more use for.
pub fn lower<'d>(
    editions: &mut [Edition<'d>],
    references: &References<'d>,
    outputs: Outputs,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> ir::Crate {
    let mut types = TypeLowering::new(references, config, diagnostics);
    let mut lowered = Vec::new();
    let mut roots: Vec<Vec<TypeId>> = Vec::new();
    let mut named: Vec<Vec<TypeRef>> = Vec::new();
    for edition in editions.iter() {
        types.set_dialect(edition.api.dialect);
        types.announce_components(&edition.api.schemas);
        types.announce_components(&edition.api.schemas_on_demand);
    }
    for edition in editions.iter_mut() {
        types.set_dialect(edition.api.dialect);
        let schemas = edition.api.schemas.iter();
        let components: Vec<TypeRef> = schemas
            .map(|(name, node)| types.component(name, *node).into_ref())
            .collect();
        roots.push(components.iter().filter_map(TypeRef::named).collect());
        named.push(components);
        lowered.push(edition_operations(edition, outputs, config, &mut types));
        for operation in &edition.api.incoming {
            let message = "the server calls this operation".to_owned();
            let effect = "its types are generated, a handler is not";
            types
                .diagnostics()
                .note(operation.node, "incoming-operation", message, effect);
            let base = operations::id_from_path(operation.method, operation.path);
            let id = operation.id.map_or(base, str::to_owned);
            let incoming = operations::lower(
                &mut types,
                operation,
                id.clone(),
                names::value_name(&id),
                &edition.api.security_schemes,
            );
            let (sent, received) = operations::mentioned(&incoming);
            if let Some(roots) = roots.last_mut() {
                roots.extend(sent);
                roots.extend(received);
            }
        }
        if !outputs.json_schemas {
            // Nothing else looks at them again, and the types still need room.
            edition.api.operations = Vec::new();
            edition.api.incoming = Vec::new();
        }
        types.finish();
    }
    let Parts {
        defs,
        hints,
        origins,
        diagnostics,
    } = types.into_parts();
    let mut whole = ir::Crate {
        editions: lowered,
        unknown_fields: config.unknown_fields,
        extra_derives: config.extra_derives.clone(),
        ..ir::Crate::default()
    };
    whole.types = defs;
    for index in graph::drop_self_variants(&mut whole.types) {
        let message = "a value of this type may be one of itself".to_owned();
        let effect = "that alternative adds nothing and is left out";
        diagnostics.warning(origins[index], "self-alternative", message, effect);
    }
    graph::box_cycles(&mut whole.types);
    note_uses(&mut whole, &roots);
    partial::mark(&mut whole);
    graph::derive(&mut whole.types);
    whole.depth = graph::depth(&whole.types);
    name_types(&mut whole, &hints, config);
    if outputs.json_schemas {
        for (index, edition) in editions.iter().enumerate() {
            let lowered = &whole.editions[index];
            let schemas = json_schemas(edition, references, lowered, &named[index], diagnostics);
            whole.editions[index].json_schemas = schemas;
        }
    }
    whole
}

fn edition_operations<'d>(
    edition: &mut Edition<'d>,
    outputs: Outputs,
    config: &Config,
    types: &mut TypeLowering<'_, 'd>,
) -> ir::Edition {
    let api = &mut edition.api;
    let mut modules = Scope::with(&RESERVED_MODULES);
    // `use pets::*` and `use pets::v1::*` would import a module `pets` in place of the crate.
    let crate_module = config.crate_name.as_ref();
    let crate_module = crate_module.map(|name| name.replace('-', "_"));
    if let Some(name) = &crate_module {
        modules.take(name);
    }
    let mut features = Scope::with(&FEATURES);
    for name in config.features.keys() {
        modules.take(name);
        features.take(name);
    }
    let tags = api.tags.iter().map(|tag| tag.name);
    let feature_names = features.unique_all(tags.clone(), names::feature_name);
    let tags: Vec<String> = tags
        .map(|tag| match &crate_module {
            Some(name) if names::module_name(tag) == *name => format!("{tag} operations"),
            _ => tag.to_owned(),
        })
        .collect();
    let tags = tags.iter().map(String::as_str);
    let module_names = modules.unique_all(tags, names::module_name);
    let mut groups: Vec<ir::Group> = Vec::new();
    for (tag, (module, feature)) in api
        .tags
        .iter()
        .zip(module_names.into_iter().zip(feature_names))
    {
        groups.push(ir::Group {
            module,
            feature,
            tag: tag.name.to_owned(),
            description: docs::with_more(tag.description, tag.node),
            operations: Vec::new(),
        });
    }
    let mut untagged = ir::Group {
        module: modules.unique("operations"),
        feature: features.unique("operations"),
        ..ir::Group::default()
    };
    let (operation_ids, method_names) = method_names(api, config, types.diagnostics());
    for (operation, method_name) in api.operations.iter().zip(&method_names) {
        let base = names::type_name(method_name);
        types.operation_names.insert(operation.node.id(), base);
    }
    let named = operation_ids.iter().zip(method_names);
    for (operation, (id, method_name)) in api.operations.iter_mut().zip(named) {
        // The document's id where it has one; else a name that can be looked for.
        let id = if operation.id == Some(id.as_str()) {
            id.clone()
        } else {
            method_name.clone()
        };
        let lowered = operations::lower(types, operation, id, method_name, &api.security_schemes);
        let group = operation.tags.first().and_then(|tag| {
            let index = api.tags.iter().position(|have| have.name == *tag)?;
            groups.get_mut(index)
        });
        group.unwrap_or(&mut untagged).operations.push(lowered);
        if !outputs.json_schemas {
            // Nothing else looks at them again, and there may be as much of them as of the rest.
            operation.parameters = Vec::new();
            operation.request = Vec::new();
            operation.responses = Vec::new();
        }
    }
    groups.push(untagged);
    groups.retain(|group| !group.operations.is_empty());
    for group in &mut groups {
        group.operations.shrink_to_fit();
    }
    ir::Edition {
        schema_directory: edition.module.clone().unwrap_or_default().replace('_', "-"),
        module: edition.module.clone(),
        is_default: edition.is_default,
        title: api.info.title.trim().to_owned(),
        version: api.info.version.clone(),
        description: docs::with_more(api.info.description, Some(api.node)),
        servers: api.servers.iter().map(server).collect(),
        rate_limit: api.rate_limit,
        security_schemes: api
            .security_schemes
            .iter()
            .map(operations::security_scheme)
            .collect(),
        configuration: api
            .configuration
            .iter()
            .map(configuration::source)
            .collect(),
        other_types: Some(features.unique("other-types")),
        groups,
        json_schemas: Vec::new(),
    }
}

/// The ids of an API's operations and the names of the client's methods for them.
pub(crate) fn method_names(
    api: &Api<'_>,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> (Vec<String>, Vec<String>) {
    let mut ids: HashSet<&str> = HashSet::new();
    let operation_ids: Vec<String> = api
        .operations
        .iter()
        .map(|operation| operation_id(operation, &mut ids, diagnostics))
        .collect();
    let wanted = operation_ids
        .iter()
        .map(|id| config.rename.operations.get(id).unwrap_or(id).as_str());
    // An id that is a method's name already keeps it.
    let mut methods = Scope::with(&CLIENT_METHODS);
    let names = methods.unique_all(wanted, names::value_name);
    (operation_ids, names)
}

fn operation_id<'d>(
    operation: &Operation<'d>,
    ids: &mut HashSet<&'d str>,
    diagnostics: &mut Diagnostics,
) -> String {
    let from_path = operations::id_from_path(operation.method, operation.path);
    match operation.id {
        Some(id) if ids.insert(id) => id.to_owned(),
        Some(id) => {
            let message = format!("the operationId {id:?} is not unique");
            let effect = "the operation is named after its method and path";
            diagnostics.warning(operation.node, "duplicate-operation-id", message, effect);
            from_path
        }
        None => {
            let message = "the operation has no operationId".to_owned();
            let effect = "it is named after its method and path";
            diagnostics.note(operation.node, "missing-operation-id", message, effect);
            from_path
        }
    }
}

pub(crate) fn server(server: &resolve::Server<'_>) -> ir::Server {
    let variables = server.variables.iter();
    ir::Server {
        url: server.url.to_owned(),
        description: server.description.unwrap_or_default().trim().to_owned(),
        variables: variables
            .map(|variable| {
                (
                    variable.name.to_owned(),
                    variable.default.clone(),
                    variable.values.clone(),
                )
            })
            .collect(),
    }
}

/// Notes which editions and groups use which type, and what of it requests and responses need.
fn note_uses(whole: &mut ir::Crate, roots: &[Vec<TypeId>]) {
    let mut sent = BTreeSet::new();
    let mut received = BTreeSet::new();
    for (edition_index, edition) in whole.editions.iter().enumerate() {
        let own = graph::reachable(roots[edition_index].iter().copied(), &whole.types);
        for id in own {
            insert(&mut whole.types[id.0 as usize].editions, edition_index);
        }
        for (group_index, group) in edition.groups.iter().enumerate() {
            let (mut sends, mut receives) = (Vec::new(), Vec::new());
            for operation in &group.operations {
                let (out, back) = operations::mentioned(operation);
                sends.extend(out);
                receives.extend(back);
            }
            let sends = graph::reachable(sends, &whole.types);
            let receives = graph::reachable(receives, &whole.types);
            for id in sends.union(&receives) {
                let def = &mut whole.types[id.0 as usize];
                insert(&mut def.editions, edition_index);
                insert(&mut def.groups, (edition_index, group_index));
            }
            sent.extend(sends);
            received.extend(receives);
        }
    }
    note_unused_components(whole, roots);
    // A property that only one direction has cannot be required in the other.
    for (index, def) in whole.types.iter_mut().enumerate() {
        let id = TypeId(u32::try_from(index).unwrap_or(u32::MAX));
        let Shape::Struct(object) = &mut def.shape else {
            continue;
        };
        for field in &mut object.fields {
            let is_missing = (field.read_only && sent.contains(&id))
                || (field.write_only && received.contains(&id));
            if is_missing {
                field.presence = match field.presence {
                    Presence::Required => Presence::Optional,
                    Presence::Nullable => Presence::OptionalNullable,
                    other => other,
                };
            }
        }
    }
}

/// Inserts into a list that is in order and has nothing twice.
fn insert<T: Ord>(list: &mut Vec<T>, value: T) {
    if let Err(at) = list.binary_search(&value) {
        list.insert(at, value);
    }
}

/// Marks what components need that no operation uses: it belongs to no group.
fn note_unused_components(whole: &mut ir::Crate, roots: &[Vec<TypeId>]) {
    for (edition_index, roots) in roots.iter().enumerate() {
        let is_unused = |id: &TypeId| {
            let groups = &whole.types[id.0 as usize].groups;
            !groups.iter().any(|(edition, _)| *edition == edition_index)
        };
        let unused: Vec<TypeId> = roots.iter().copied().filter(is_unused).collect();
        let unused = graph::reachable(unused, &whole.types);
        let edition = &mut whole.editions[edition_index];
        if unused.is_empty() || edition.groups.is_empty() {
            edition.other_types = None;
        }
        for id in unused {
            let groups = &mut whole.types[id.0 as usize].groups;
            insert(groups, (edition_index, ir::NO_GROUP));
        }
    }
}

/// Gives every type and operation its name: first what the document names, then operations, then
/// what is named after its place.
fn name_types(whole: &mut ir::Crate, hints: &[Hint], config: &Config) {
    let mut scopes: Vec<Scope> = whole
        .editions
        .iter()
        .map(|_| Scope::with(&["Client"]))
        .collect();
    let mut shared = Scope::default();
    let assign = |index: usize, types: &mut [TypeDef], scopes: &mut [Scope], shared: &mut Scope| {
        let hint = &hints[index].text;
        let generated = names::type_name(hint);
        let renamed = config
            .rename
            .types
            .get(hint)
            .or_else(|| config.rename.types.get(&generated));
        let wanted = renamed.map_or_else(|| generated.clone(), |name| names::type_name(name));
        let editions = types[index].editions.clone();
        let is_shared = editions.len() > 1;
        let name = names::numbered(&wanted, |name| {
            editions
                .iter()
                .all(|edition| scopes[*edition].is_free(name))
                && (!is_shared || shared.is_free(name))
        });
        for edition in editions {
            scopes[edition].take(&name);
        }
        if is_shared {
            shared.take(&name);
        }
        types[index].name = name;
    };
    // A schema whose name is a type's name already keeps it.
    let is_own = |index: &usize| names::type_name(&hints[*index].text) == hints[*index].text;
    let named = (0..hints.len()).filter(|index| hints[*index].is_named);
    for index in named.clone().filter(is_own) {
        assign(index, &mut whole.types, &mut scopes, &mut shared);
    }
    for index in named.filter(|index| !is_own(index)) {
        assign(index, &mut whole.types, &mut scopes, &mut shared);
    }
    for (edition, scope) in whole.editions.iter_mut().zip(&mut scopes) {
        for operation in edition
            .groups
            .iter_mut()
            .flat_map(|group| &mut group.operations)
        {
            let base = operation.builder.clone();
            operation.builder = if scope.is_free(&base) {
                scope.unique(&base)
            } else {
                scope.unique(&format!("{base}Request"))
            };
            // Only what is written takes a name.
            let mut take = |name: &mut String, is_written: bool| {
                if is_written {
                    *name = scope.unique(name);
                }
            };
            let has_one_success = operation.has_one_success();
            take(&mut operation.success_name, !has_one_success);
            take(&mut operation.error_name, !operation.errors.is_empty());
            take(&mut operation.headers_name, !operation.headers.is_empty());
            let has_error_headers = !operation.error_headers.is_empty();
            take(&mut operation.error_headers_name, has_error_headers);
            let fields = operation.parameters.iter_mut();
            for fields in fields.filter_map(|parameter| parameter.fields.as_mut()) {
                take(&mut fields.name, true);
            }
            if let Some(body) = &mut operation.body {
                take(&mut body.enum_name, body.required && body.choices.len() > 1);
            }
        }
    }
    for index in (0..hints.len()).filter(|index| !hints[*index].is_named) {
        assign(index, &mut whole.types, &mut scopes, &mut shared);
    }
    name_variants(&mut whole.types);
}

fn name_variants(types: &mut [TypeDef]) {
    let type_names: Vec<String> = types.iter().map(|def| def.name.clone()).collect();
    for def in types {
        let own = def.name.clone();
        let Shape::Union(union) = &mut def.shape else {
            continue;
        };
        let mut scope = Scope::default();
        for variant in &mut union.variants {
            let wanted = variant_name(&variant.ty, &type_names);
            let short = wanted.strip_prefix(own.as_str()).unwrap_or_default();
            let is_name = short.starts_with(|first: char| first.is_ascii_uppercase());
            variant.name =
                scope.unique(&names::variant_name(if is_name { short } else { &wanted }));
        }
        union.unknown = scope.unique("Unknown");
    }
}

fn variant_name(ty: &TypeRef, type_names: &[String]) -> String {
    match ty {
        TypeRef::Any => "Value".to_owned(),
        TypeRef::Bool => "Boolean".to_owned(),
        TypeRef::Integer(_) => "Integer".to_owned(),
        TypeRef::Number => "Number".to_owned(),
        TypeRef::String => "String".to_owned(),
        TypeRef::Uuid => "Uuid".to_owned(),
        TypeRef::DateTime => "DateTime".to_owned(),
        TypeRef::Date => "Date".to_owned(),
        TypeRef::Base64 => "Base64".to_owned(),
        TypeRef::Binary => "Bytes".to_owned(),
        TypeRef::File => "File".to_owned(),
        TypeRef::Multipart => "Multipart".to_owned(),
        TypeRef::List(inner) => format!("{}List", item_name(inner, type_names)),
        TypeRef::Map(inner) if **inner == TypeRef::Any => "Object".to_owned(),
        TypeRef::Map(inner) => format!("{}Map", item_name(inner, type_names)),
        TypeRef::Nullable(inner) => format!("Nullable{}", variant_name(inner, type_names)),
        TypeRef::External(path) => path
            .rsplit("::")
            .next()
            .map(names::type_name)
            .unwrap_or_default(),
        TypeRef::Named(id) => type_names[id.0 as usize].clone(),
    }
}

/// A list whose items may be null is a list all the same.
fn item_name(ty: &TypeRef, type_names: &[String]) -> String {
    match ty {
        TypeRef::Nullable(inner) => variant_name(inner, type_names),
        other => variant_name(other, type_names),
    }
}

/// One JSON Schema for each component, request body and response body of an edition.
fn json_schemas<'d>(
    edition: &Edition<'d>,
    references: &References<'d>,
    lowered: &ir::Edition,
    components: &[TypeRef],
    diagnostics: &mut Diagnostics,
) -> Vec<ir::JsonSchema> {
    let names = definition_names(&edition.api, references, diagnostics);
    let mut writer = JsonSchemaWriter {
        references,
        dialect: edition.api.dialect,
        diagnostics,
        names: &names,
        is_pattern: &|_| true,
    };
    let mut scope = Scope::default();
    let mut schemas = Vec::new();
    let mut write = |name: &str, node: Node<'d>, ty: Option<TypeRef>, place: Node<'d>| {
        // Some file systems take names for the same that differ in case only.
        let stem = names::file_stem(name);
        let name = names::numbered(&stem, |name| scope.is_free(&name.to_lowercase()));
        scope.take(&name.to_lowercase());
        schemas.push(ir::JsonSchema {
            schema: writer.self_contained(node, &name).schema,
            name,
            ty,
            file: place.source().name().to_owned(),
            pointer: place.pointer(),
        });
    };
    for ((name, node), ty) in edition.api.schemas.iter().zip(components) {
        write(&names::type_name(name), *node, Some(ty.clone()), *node);
    }
    let operations: HashMap<(&str, &str), &ir::Operation> = lowered
        .groups
        .iter()
        .flat_map(|group| &group.operations)
        .map(|operation| {
            let key = (operation.http_method.as_str(), operation.path.as_str());
            (key, operation)
        })
        .collect();
    for operation in &edition.api.operations {
        let method = operation.method.to_ascii_uppercase();
        let Some(lowered) = operations.get(&(method.as_str(), operation.path)) else {
            continue;
        };
        let base = names::type_name(&lowered.method_name);
        if let Some((media, essence, schema)) = json_body(&operation.request) {
            let choices = lowered.body.iter().flat_map(|body| &body.choices);
            let sent = choices
                .filter(|choice| choice.kind == ir::BodyKind::Json)
                .find(|choice| choice.media_types.contains(&essence));
            let ty = sent.map(|choice| choice.ty.clone());
            write(&format!("{base}Request"), schema, ty, media.node);
        }
        for response in &operation.responses {
            let Some((media, essence, schema)) = json_body(&response.content) else {
                continue;
            };
            let cases = lowered.successes.iter().chain(&lowered.errors);
            let received = cases
                .filter(|case| case.status == response.status)
                .filter_map(|case| case.payload.as_ref())
                .filter(|payload| payload.kind == ir::BodyKind::Json)
                .find(|payload| payload.media_types.contains(&essence));
            let ty = received.map(|payload| payload.ty.clone());
            let status = operations::status_name(response.status);
            write(&format!("{base}Response{status}"), schema, ty, media.node);
        }
    }
    schemas
}

/// The names under which component schemas stand in the `$defs` of others.
pub(crate) fn definition_names<'d>(
    api: &Api<'d>,
    references: &References<'d>,
    diagnostics: &mut Diagnostics,
) -> HashMap<NodeId, String> {
    let mut names = HashMap::new();
    for (name, node) in &api.schemas {
        if let Some(target) = references.follow(*node, diagnostics) {
            let name = || (*name).to_owned();
            names.entry(target.id()).or_insert_with(name);
        }
    }
    names
}

/// The first JSON form of a body, with its media type's name, and its schema.
fn json_body<'a, 'd>(
    content: &'a [resolve::MediaType<'d>],
) -> Option<(&'a resolve::MediaType<'d>, String, Node<'d>)> {
    let (media, essence) = content
        .iter()
        .map(|media| (media, operations::essence(media.name)))
        .find(|(_, essence)| ir::is_json(essence))?;
    Some((media, essence, media.schema?))
}
