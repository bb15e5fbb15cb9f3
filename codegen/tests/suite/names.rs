//! Names in arbitrary texts become identifiers that are unique where they stand.

use std::collections::HashSet;

use oas_codegen::cli::with_large_stack;
use oas_codegen::generate;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use syn::{Fields, ImplItem, Item, Visibility};

use crate::support::{Text, input, options, sources};

/// Texts that have collided somewhere: words, cases, signs, digits, scripts, keywords.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-cA-C_ -]{0,4}[0-9]{0,1}",
        2 => "(self|Self|crate|type|Option|String|Client|rt|Extra|extra|new|send|body|Unknown|Empty)[0-9_]{0,1}",
        1 => "[+*<>=!$@#./%&(-]{0,3}[a-b1]{0,2}",
        1 => "\\PC{0,3}",
    ]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(name(), 1..6)
}

/// A document that uses each name wherever a document can name something.
fn document(names: &[String]) -> Value {
    let mut properties = Map::new();
    for name in names {
        properties.insert(name.clone(), json!({"type": "string"}));
    }
    let object = json!({"type": "object", "properties": properties, "required": names});
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for (index, name) in names.iter().enumerate() {
        schemas.insert(name.clone(), object.clone());
        schemas.insert(
            format!("{name} {name}"),
            json!({"type": "string", "enum": names}),
        );
        let parameters: Vec<Value> = names
            .iter()
            .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}))
            .collect();
        let variants: Vec<Value> = names
            .iter()
            .map(|name| json!({"title": name, "type": "object", "required": [name]}))
            .collect();
        let answer = json!({"application/json": {"schema": {"oneOf": variants}}});
        paths.insert(
            format!("/{index}"),
            json!({"get": {
                "operationId": name,
                "tags": [name],
                "parameters": parameters,
                "responses": {"200": {"description": "", "content": answer}},
            }}),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": names.join(" "), "version": names.join("\n")},
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// Fails if two names of one scope are the same.
fn check_unique(scope: &str, names: impl IntoIterator<Item = String>) {
    let mut seen = HashSet::new();
    for name in names {
        assert!(seen.insert(name.clone()), "{name} stands twice in {scope}");
    }
}

fn check_file(path: &str, contents: &str) {
    let file = syn::parse_file(contents).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut types = Vec::new();
    let mut methods = Vec::new();
    for item in file.items {
        match item {
            Item::Struct(item) => {
                if let Fields::Named(fields) = &item.fields {
                    let fields = fields.named.iter().filter_map(|field| field.ident.as_ref());
                    check_unique(&item.ident.to_string(), fields.map(ToString::to_string));
                }
                types.push(item.ident.to_string());
            }
            Item::Enum(item) => {
                let variants = item
                    .variants
                    .iter()
                    .map(|variant| variant.ident.to_string());
                check_unique(&item.ident.to_string(), variants);
                types.push(item.ident.to_string());
            }
            Item::Type(item) => types.push(item.ident.to_string()),
            Item::Mod(item) => types.push(format!("mod {}", item.ident)),
            Item::Impl(item) if item.trait_.is_none() => {
                let own = item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => {
                        Some(method.sig.ident.to_string())
                    }
                    _ => None,
                });
                let holder = type_name(&item.self_ty);
                methods.extend(own.map(|method| format!("{holder}::{method}")));
            }
            _ => {}
        }
    }
    check_unique(path, types);
    check_unique(path, methods);
}

/// The name of a type that is a path.
fn type_name(ty: &syn::Type) -> String {
    match ty {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn check_names(names: &[String]) {
    let text = document(names).to_string();
    let mut options = options("fixture");
    options.json_schemas = true;
    let generated =
        with_large_stack(|| generate(&[input("names")], &options, &Text(text.as_bytes())))
            .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(generated.emitted_operations, generated.stated_operations);
    assert_eq!(generated.stated_operations, names.len());
    let files = generated.files();
    check_unique(
        "the files",
        files.iter().map(|file| file.path.to_lowercase()),
    );
    for file in sources(&files) {
        check_file(&file.path, &file.contents);
    }
}

#[test]
fn files_differ_in_more_than_case() {
    check_names(&["FooBar".to_owned(), "Foobar".to_owned()]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_are_identifiers_and_unique(names in names()) {
        check_names(&names);
    }
}
