//! Which item stands in which file.
//!
//! A type stands beside the operations of the one group that uses it; what several groups use is
//! in the edition's `types`, what several editions use in the crate's `shared`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{TokenStreamExt as _, quote};

use crate::ir::{BodyKind, Crate, Edition, Group, Operation, Shape, TypeDef, TypeId, TypeRef};

use super::plan::PlannedFile;
use super::rust::{ident, is_caseless};
use super::{client, filters, manifest, markdown, models, operations, paging};
use crate::lower::names::Scope;

/// The module that a type stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    Shared,
    Types { edition: usize },
    Group { edition: usize, group: usize },
}

/// Where everything stands.
pub(super) struct Layout<'a> {
    whole: &'a Crate,
    homes: BTreeMap<TypeId, Home>,
    /// The types of each module, by name.
    held: BTreeMap<Home, Vec<TypeId>>,
}

fn home(def: &TypeDef) -> Option<Home> {
    let mut editions = def.editions.iter();
    let edition = *editions.next()?;
    if editions.next().is_some() {
        return Some(Home::Shared);
    }
    let mut groups = def.groups.iter();
    Some(match (groups.next(), groups.next()) {
        (Some((_, group)), None) if *group != crate::ir::NO_GROUP => Home::Group {
            edition,
            group: *group,
        },
        _ => Home::Types { edition },
    })
}

/// A module behind a gate, whose types are named beside it.
struct GatedModule {
    features: Vec<String>,
    name: String,
}

impl<'a> Layout<'a> {
    pub(super) fn new(whole: &'a Crate) -> Self {
        let ids = (0..whole.types.len())
            .filter_map(|index| u32::try_from(index).ok())
            .map(TypeId);
        let homes: BTreeMap<TypeId, Home> = ids
            .filter_map(|id| home(whole.type_def(id)).map(|home| (id, home)))
            .collect();
        let mut held: BTreeMap<Home, Vec<TypeId>> = BTreeMap::new();
        for (id, home) in &homes {
            held.entry(*home).or_default().push(*id);
        }
        for ids in held.values_mut() {
            ids.sort_by_key(|id| &whole.type_def(*id).name);
        }
        Self { whole, homes, held }
    }

    /// The Rust files of the crate.
    pub(super) fn source_files(&'a self) -> Vec<PlannedFile<'a>> {
        let mut files = Vec::new();
        for (index, edition) in self.whole.editions.iter().enumerate() {
            self.edition_files(index, edition, &mut files);
        }
        let shared = self.at_home(Home::Shared);
        if !shared.is_empty() {
            let docs = vec!["Types that several editions of the API have in common."];
            let path = "src/shared.rs".to_owned();
            files.push(self.types_file(path, docs, shared.to_vec(), Vec::new()));
        }
        let sets = filters::operator_sets(self.whole);
        if !sets.is_empty() {
            let path = "src/operators.rs".to_owned();
            files.push(PlannedFile::rust(path, 1, move |_| {
                let docs =
                    ["The operators that fields of filters take: a type for each set of them."];
                let docs = inner(markdown::paragraphs(docs));
                let items = filters::operators_module(&sets);
                quote!(#docs use crate::rt; #items)
            }));
        }
        if self.whole.has_edition_modules() {
            files.push(PlannedFile::rust("src/lib.rs".to_owned(), 1, |_| {
                self.crate_root()
            }));
        }
        files
    }

    fn at_home(&self, home: Home) -> &[TypeId] {
        self.held.get(&home).map(Vec::as_slice).unwrap_or_default()
    }

    fn edition_path(&self, edition: usize) -> String {
        match &self.whole.editions[edition].module {
            Some(module) => format!("crate::{module}"),
            None => "crate".to_owned(),
        }
    }

    fn home_path(&self, home: Home) -> String {
        match home {
            Home::Shared => "crate::shared".to_owned(),
            Home::Types { edition } => format!("{}::types", self.edition_path(edition)),
            Home::Group { edition, group } => {
                let module = &self.whole.editions[edition].groups[group].module;
                format!("{}::{module}", self.edition_path(edition))
            }
        }
    }

    /// `use` items for the types that a file names and does not hold.
    fn imports(&self, used: &BTreeSet<TypeId>, held: &[TypeId]) -> TokenStream {
        let mut by_home: BTreeMap<Home, Vec<&str>> = BTreeMap::new();
        for id in used {
            let Some(home) = self.homes.get(id) else {
                continue;
            };
            if !held.contains(id) {
                by_home
                    .entry(*home)
                    .or_default()
                    .push(&self.whole.type_def(*id).name);
            }
        }
        let imports = by_home.into_iter().map(|(home, mut names)| {
            names.sort_unstable();
            let path = path_tokens(&self.home_path(home));
            let names = names.into_iter().map(ident);
            quote!(use #path::{#(#names),*};)
        });
        quote!(#(#imports)*)
    }

    /// A file of types; `modules` are items that stand before them.
    fn types_file(
        &'a self,
        path: String,
        docs: Vec<&'a str>,
        ids: Vec<TypeId>,
        modules: Vec<GatedModule>,
    ) -> PlannedFile<'a> {
        // The head, each type, and what serde needs.
        let pieces = ids.len() + 2;
        PlannedFile::rust(path, pieces, move |index| {
            if index == 0 {
                return self.types_head(&docs, &ids, &modules);
            }
            match ids.get(index - 1) {
                Some(id) => models::type_items(self.whole.type_def(*id), self.whole),
                None => self.serde_items(&ids),
            }
        })
    }

    fn types_head(&self, docs: &[&str], ids: &[TypeId], modules: &[GatedModule]) -> TokenStream {
        let defs: Vec<&TypeDef> = ids.iter().map(|id| self.whole.type_def(*id)).collect();
        let used: BTreeSet<TypeId> = defs
            .iter()
            .flat_map(|def| models::names_used(def))
            .collect();
        let imports = self.imports(&used, ids);
        let uses_map = defs.iter().any(|def| models::uses_map(def));
        let import_map = uses_map.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        let needs_runtime = defs
            .iter()
            .any(|def| models::needs_serde(def) || aliases_runtime(def));
        let import_runtime = needs_runtime.then(|| {
            quote!(
                use crate::rt;
            )
        });
        let docs = inner(markdown::paragraphs(docs.iter().copied()));
        let modules = modules.iter().map(|module| {
            let gate = feature_gate(&module.features);
            let name = ident(&module.name);
            quote!(#gate mod #name; #gate pub use #name::*;)
        });
        quote! {
            #docs
            #import_map
            #import_runtime
            #imports
            #(#modules)*
        }
    }

    fn serde_items(&self, ids: &[TypeId]) -> TokenStream {
        let defs = ids.iter().map(|id| self.whole.type_def(*id));
        let own: Vec<_> = defs
            .filter(|def| models::needs_serde(def))
            .map(|def| ident(&def.name))
            .collect();
        if own.is_empty() {
            return TokenStream::new();
        }
        quote!(rt::impl_serde!(#(#own),*);)
    }

    fn edition_files(
        &'a self,
        index: usize,
        edition: &'a Edition,
        files: &mut Vec<PlannedFile<'a>>,
    ) {
        let directory = match &edition.module {
            Some(module) => format!("src/{module}/"),
            None => "src/".to_owned(),
        };
        let has_types = self.edition_types(index, edition, &directory, files);
        for (group_index, group) in edition.groups.iter().enumerate() {
            self.group_files(index, group_index, group, &directory, files);
        }
        let path = match &edition.module {
            Some(module) => format!("src/{module}.rs"),
            None => "src/lib.rs".to_owned(),
        };
        files.push(PlannedFile::rust(path, 1, move |_| {
            self.edition_root(index, edition, has_types)
        }));
    }

    /// The types that several groups use: in one file what all groups need, and in a file behind
    /// a feature gate what only some need.
    fn edition_types(
        &'a self,
        index: usize,
        edition: &Edition,
        directory: &str,
        files: &mut Vec<PlannedFile<'a>>,
    ) -> bool {
        let all = self.at_home(Home::Types { edition: index });
        if all.is_empty() {
            return false;
        }
        let mut always = Vec::new();
        let mut gated: BTreeMap<Vec<usize>, Vec<TypeId>> = BTreeMap::new();
        for id in all {
            let groups = self
                .whole
                .type_def(*id)
                .groups
                .iter()
                .map(|(_, group)| *group);
            let groups: Vec<usize> = groups.collect();
            let operations = groups
                .iter()
                .filter(|group| **group != crate::ir::NO_GROUP)
                .count();
            let is_gated =
                edition.module.is_none() && !groups.is_empty() && operations < edition.groups.len();
            if is_gated {
                gated.entry(groups).or_default().push(*id);
            } else {
                always.push(*id);
            }
        }
        let docs = vec!["Types that no group of operations has to itself."];
        let mut scope = Scope::default();
        let mut modules = Vec::new();
        for (groups, ids) in gated {
            let module = |group: usize| match edition.groups.get(group) {
                Some(group) => group.module.as_str(),
                None => "other",
            };
            // A keyword's underscore would stand beside another one, which no name has.
            let first = module(groups[0]).trim_end_matches('_');
            let name = scope.unique(&match groups.as_slice() {
                [_] => format!("{first}_types"),
                [_, second] => format!("{first}_and_{}", module(*second)),
                several => format!("{first}_and_{}_more", several.len() - 1),
            });
            let path = format!("{directory}types/{name}.rs");
            files.push(self.types_file(path, docs.clone(), ids, Vec::new()));
            let features = groups
                .iter()
                .filter_map(|group| match edition.groups.get(*group) {
                    Some(group) => Some(group.feature.clone()),
                    None => edition.other_types.clone(),
                })
                .collect();
            modules.push(GatedModule { features, name });
        }
        let path = format!("{directory}types.rs");
        files.push(self.types_file(path, docs, always, modules));
        true
    }

    fn client_path(&self, edition: &Edition) -> String {
        let krate = self.whole.name.replace('-', "_");
        match &edition.module {
            Some(module) => format!("{krate}::{module}::Client"),
            None => format!("{krate}::Client"),
        }
    }

    fn group_files(
        &'a self,
        edition_index: usize,
        group_index: usize,
        group: &'a Group,
        directory: &str,
        files: &mut Vec<PlannedFile<'a>>,
    ) {
        let home = Home::Group {
            edition: edition_index,
            group: group_index,
        };
        let own = self.at_home(home);
        if !own.is_empty() {
            let path = format!("{directory}{}/types.rs", group.module);
            files.push(self.types_file(path, group_docs(group).to_vec(), own.to_vec(), Vec::new()));
        }
        let client_path = self.client_path(&self.whole.editions[edition_index]);
        let repeated = operations::Repeated::of(group);
        let path = format!("{directory}{}.rs", group.module);
        let pieces = group.operations.len() + 1;
        files.push(PlannedFile::rust(path, pieces, move |index| {
            match index.checked_sub(1) {
                None => self.group_head(edition_index, group, own),
                Some(index) => operations::operation_items(
                    &group.operations[index],
                    &repeated,
                    &client_path,
                    self.whole,
                ),
            }
        }));
    }

    fn operators_module(&self) -> Option<TokenStream> {
        let sets = filters::operator_sets(self.whole);
        (!sets.is_empty()).then(|| {
            quote!(
                pub mod operators;
            )
        })
    }

    fn group_head(&self, edition_index: usize, group: &Group, own: &[TypeId]) -> TokenStream {
        let types_module = (!own.is_empty()).then(|| {
            quote!(
                mod types;
                pub use types::*;
            )
        });
        let operations = group.operations.iter();
        let parts = operations.clone().flat_map(|operation| {
            let record = paging::record(operation, self.whole);
            let item = paging::item(operation, self.whole);
            record.into_iter().chain(item).filter_map(TypeRef::named)
        });
        let used: BTreeSet<TypeId> = operations.clone().flat_map(named_in).chain(parts).collect();
        let imports = self.imports(&used, own);
        let has_map = group
            .operations
            .iter()
            .flat_map(types_in)
            .any(models::has_map);
        let import_map = has_map.then(|| {
            quote!(
                use std::collections::BTreeMap;
            )
        });
        let client = path_tokens(&self.edition_path(edition_index));
        let operators = filters::has_filter(group).then(|| {
            quote!(
                use crate::operators;
            )
        });
        let docs = inner(markdown::paragraphs(group_docs(group)));
        quote! {
            #docs
            #import_map
            use crate::rt;
            use #client::Client;
            #operators
            #imports
            #types_module
        }
    }

    fn edition_root(&self, index: usize, edition: &Edition, has_types: bool) -> TokenStream {
        let version = match edition.version.as_str() {
            "" => String::new(),
            version => format!("Version {version}."),
        };
        let title = match edition.title.as_str() {
            "" => "A generated client.",
            title => title,
        };
        let depth_note = self.depth_note().unwrap_or_default();
        let docs = [title, &edition.description, &version, &depth_note];
        let docs = inner(markdown::paragraphs(docs));
        let is_root = edition.module.is_none();
        let front_page = is_root.then(|| self.front_page());
        let lints = is_root.then(|| self.crate_attributes());
        let brought = is_root.then(|| self.brought_crates());
        let runtime = if is_root {
            runtime_reexport()
        } else {
            quote!(
                use crate::rt;
            )
        };
        let types = has_types.then(|| {
            quote!(
                pub mod types;
                #[allow(unused_imports)]
                pub use types::*;
            )
        });
        let groups = edition.groups.iter().map(|group| {
            let module = ident(&group.module);
            let feature = is_root.then(|| feature_gate(std::slice::from_ref(&group.feature)));
            quote!(#feature pub mod #module; #feature pub use #module::*;)
        });
        let operators = is_root.then(|| self.operators_module()).flatten();
        let shared: Vec<_> = self
            .at_home(Home::Shared)
            .iter()
            .map(|id| self.whole.type_def(*id))
            .filter(|def| def.editions.contains(&index))
            .map(|def| ident(&def.name))
            .collect();
        let shared = (!shared.is_empty()).then(|| quote!(pub use crate::shared::{#(#shared),*};));
        let client = client::client_items(edition, &self.client_path(edition));
        quote! {
            #front_page
            #docs
            #lints
            #(#groups)*
            #operators
            #types
            #shared
            #runtime
            #brought
            #client
        }
    }

    /// How deep the compiler has to follow types, if that is deeper than it does by itself.
    ///
    /// It takes some steps from a type to the next, and takes 128 steps for endless.
    fn recursion_limit(&self) -> Option<String> {
        const USUAL_DEPTH: usize = 48;
        const STEPS: usize = 8;
        let limit = self.whole.depth.saturating_mul(STEPS);
        (self.whole.depth > USUAL_DEPTH).then(|| limit.next_power_of_two().to_string())
    }

    /// What a program needs whose compiler has to follow types that deep.
    fn depth_note(&self) -> Option<String> {
        let limit = self.recursion_limit()?;
        Some(format!(
            "Types stand in each other so often here that a program which uses them may need \
             `#![recursion_limit = \"{limit}\"]` at its root."
        ))
    }

    /// What holds for the whole crate.
    fn crate_attributes(&self) -> TokenStream {
        let limit = self.recursion_limit();
        let limit = limit.map(|limit| quote!(#![recursion_limit = #limit]));
        let caseless = self
            .has_caseless_variants()
            .then(|| quote!(#![allow(bindings_with_variant_name)]));
        quote! {
            #![forbid(unsafe_code)]
            #![allow(clippy::all, clippy::pedantic)]
            #caseless
            #limit
        }
    }

    /// Whether a value of an enumeration has a name that a parameter could have too.
    fn has_caseless_variants(&self) -> bool {
        self.whole.types.iter().any(|def| match &def.shape {
            Shape::Enum(enumeration) => {
                let mut values = enumeration.values.iter();
                values.any(|value| is_caseless(&value.name))
            }
            _ => false,
        })
    }

    /// What the user has the documentation start with, and a gap to what follows.
    fn front_page(&self) -> TokenStream {
        match self.whole.front_page.trim() {
            "" => TokenStream::new(),
            page => inner(markdown::lines(page.lines().chain([""]))),
        }
    }

    fn crate_root(&self) -> TokenStream {
        let shared = self.at_home(Home::Shared);
        let editions: Vec<&Edition> = self.whole.editions.iter().collect();
        let mut lines = if self.whole.front_page.is_empty() {
            let description = self.whole.description.trim_end_matches('.');
            vec![format!("{description}."), String::new()]
        } else {
            vec!["# Features".to_owned(), String::new()]
        };
        lines.push("Each edition of the API is a module and a Cargo feature:".to_owned());
        lines.push(String::new());
        for edition in &editions {
            let module = edition.module.as_deref().unwrap_or_default();
            let state = if edition.is_default {
                "on by default"
            } else {
                "off by default"
            };
            let mut title = Vec::new();
            markdown::escape(&edition.title, |line| title.push(line.to_owned()));
            lines.push(format!("- `{module}`: {}, {state}", title.join(" ")));
        }
        lines.extend([
            String::new(),
            "What else can be turned on or off:".to_owned(),
            String::new(),
        ]);
        for feature in manifest::runtime_features(self.whole) {
            let (name, brings) = (feature.name, feature.brings);
            let state = if feature.is_default { "on" } else { "off" };
            lines.push(format!("- `{name}`: {brings}, {state} by default"));
        }
        for feature in &self.whole.features {
            let (name, brings) = (&feature.name, &feature.brings);
            lines.push(format!("- `{name}`: {brings}, off by default"));
        }
        if let Some(note) = self.depth_note() {
            lines.extend([String::new(), note]);
        }
        let docs = inner(markdown::lines(lines.iter().map(String::as_str)));
        let lints = self.crate_attributes();
        let runtime = runtime_reexport();
        let shared = (!shared.is_empty()).then(|| {
            let users: BTreeSet<usize> = shared
                .iter()
                .flat_map(|id| &self.whole.type_def(*id).editions)
                .copied()
                .collect();
            let features: Vec<String> = users
                .iter()
                .filter_map(|index| editions[*index].module.clone())
                .collect();
            let gate = feature_gate(&features);
            quote!(#gate #[rustfmt::skip] pub mod shared;)
        });
        let operators = self.operators_module();
        let operators = operators.map(|module| quote!(#[rustfmt::skip] #module));
        let modules = editions.iter().filter_map(|edition| {
            let module = edition.module.as_ref()?;
            let gate = feature_gate(std::slice::from_ref(module));
            let module = ident(module);
            Some(quote!(#gate #[rustfmt::skip] pub mod #module;))
        });
        let front_page = self.front_page();
        let brought = self.brought_crates();
        quote! {
            #front_page
            #docs
            #lints
            #operators
            #shared
            #(#modules)*
            #runtime
            #brought
        }
    }

    /// The crates that features bring, each as a module.
    fn brought_crates(&self) -> TokenStream {
        let brought = self.whole.features.iter().map(|feature| {
            let gate = feature_gate(std::slice::from_ref(&feature.name));
            let docs = markdown::line(&format!(
                "The crate `{}`: {}.",
                feature.package, feature.brings
            ));
            let module = ident(&feature.name);
            let package = feature.package.replace('-', "_");
            let name = (package != feature.name).then(|| quote!(as #module));
            let package = ident(&package);
            quote!(#docs #gate pub use ::#package #name;)
        });
        quote!(#(#brought)*)
    }
}

fn group_docs(group: &Group) -> [&str; 2] {
    let title = if group.tag.is_empty() {
        "Operations without a tag."
    } else {
        &group.tag
    };
    [title, &group.description]
}

fn runtime_reexport() -> TokenStream {
    let docs = markdown::line("The runtime: values, errors, and how a client is set up.");
    quote!(#docs pub use ::oas_runtime as rt;)
}

fn feature_gate(features: &[String]) -> TokenStream {
    match features {
        [] => TokenStream::new(),
        [feature] => quote!(#[cfg(feature = #feature)]),
        features => quote!(#[cfg(any(#(feature = #features),*))]),
    }
}

/// Outer documentation attributes as inner ones.
fn inner(docs: TokenStream) -> TokenStream {
    let mut tokens = TokenStream::new();
    for token in docs {
        let is_hash =
            matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#');
        tokens.append(token);
        if is_hash {
            tokens.append(proc_macro2::Punct::new('!', proc_macro2::Spacing::Alone));
        }
    }
    tokens
}

fn path_tokens(path: &str) -> TokenStream {
    let mut segments = path.split("::").map(ident);
    let first = segments.next();
    quote!(#first #(::#segments)*)
}

fn aliases_runtime(def: &TypeDef) -> bool {
    fn of(ty: &TypeRef) -> bool {
        match ty {
            TypeRef::List(inner) | TypeRef::Map(inner) => of(inner),
            TypeRef::Bool | TypeRef::Integer(_) | TypeRef::String | TypeRef::Named(_) => false,
            _ => true,
        }
    }
    match &def.shape {
        Shape::Alias(ty) => of(ty),
        Shape::Form(_) => true,
        _ => false,
    }
}

fn types_in(operation: &Operation) -> Vec<&TypeRef> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    let bodies = operation
        .body
        .iter()
        .flat_map(|body| &body.choices)
        .map(|choice| &choice.ty);
    let cases = operation.successes.iter().chain(&operation.errors);
    let payloads = cases
        .filter_map(|case| case.payload.as_ref())
        .filter(|payload| payload.kind != BodyKind::Events)
        .map(|payload| &payload.ty);
    let headers = operation.headers.iter().chain(&operation.error_headers);
    let headers = headers.map(|header| &header.ty);
    let sent = parameters.chain(bodies);
    sent.chain(payloads).chain(headers).collect()
}

fn named_in(operation: &Operation) -> Vec<TypeId> {
    types_in(operation)
        .into_iter()
        .filter_map(TypeRef::named)
        .collect()
}
