//! The documentation example of an operation: a call that compiles.

use std::fmt::Write as _;

use crate::ir::{BodyKind, Crate, Integer, Operation, TypeRef};

use super::paging;
use super::rust::{is_caseless, type_tokens, without_aliases};

/// The lines of the example; `client_path` is the path of the client's type.
pub(super) fn example(operation: &Operation, client_path: &str, whole: &Crate) -> Vec<String> {
    let mut hidden = Vec::new();
    let mut arguments = Vec::new();
    let module = client_path
        .rsplit_once("::")
        .map_or(client_path, |(module, _)| module);
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        if let Some(fields) = &parameter.fields {
            let raw = format!("{module}::{}::raw({:?})", fields.name, "…");
            let argument = if fields.is_filter {
                raw
            } else {
                format!("[{raw}]")
            };
            arguments.push(argument);
            continue;
        }
        match literal(&without_aliases(&parameter.ty, whole), &parameter.wire) {
            Some(literal) => arguments.push(literal),
            None => {
                hidden.push((
                    parameter.name.clone(),
                    qualified(&parameter.ty, module, whole),
                ));
                arguments.push(parameter.name.clone());
            }
        }
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let ty = match body.choices.as_slice() {
            [only] if only.kind == BodyKind::Text => "String".to_owned(),
            [only] => qualified(&only.ty, module, whole),
            _ => format!("{module}::{}", body.enum_name),
        };
        hidden.push((body.name.clone(), ty));
        arguments.push(body.name.clone());
    }
    let mut signature = format!("client: &{client_path}");
    let has_caseless = hidden.iter().any(|(name, _)| is_caseless(name));
    for (name, ty) in hidden {
        let _ = write!(signature, ", {name}: {ty}");
    }
    let allow = if operation.docs.deprecated {
        "# #[allow(deprecated)]"
    } else {
        ""
    };
    let mut lines = vec![String::new(), "```no_run".to_owned()];
    if !allow.is_empty() {
        lines.push(allow.to_owned());
    }
    if has_caseless {
        lines.push("# #[allow(bindings_with_variant_name)]".to_owned());
    }
    lines.extend([format!(
        "# async fn example({signature}) -> Result<(), Box<dyn std::error::Error>> {{"
    )]);
    let call = format!("client.{}({})", operation.method_name, arguments.join(", "));
    lines.extend(if paging::record(operation, whole).is_some() {
        [
            format!("let mut items = {call}.stream();"),
            "while let Some(item) = items.next().await? {".to_owned(),
            "    println!(\"{item:?}\");".to_owned(),
            "}".to_owned(),
        ]
        .to_vec()
    } else {
        [
            format!("let response = {call}.send().await?;"),
            "println!(\"{:?}\", response.body);".to_owned(),
        ]
        .to_vec()
    });
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

fn literal(ty: &TypeRef, wire: &str) -> Option<String> {
    Some(match ty {
        TypeRef::Bool => "true".to_owned(),
        TypeRef::Integer(Integer::I8 | Integer::U8) => "1".to_owned(),
        TypeRef::Integer(_) => "10".to_owned(),
        TypeRef::Number => "1.5".to_owned(),
        TypeRef::Uuid => "\"2c91808568c529c60168cca6f90c1313\"".to_owned(),
        TypeRef::DateTime => "\"2024-05-28T14:07:17Z\"".to_owned(),
        TypeRef::Date => "\"2024-05-28\"".to_owned(),
        TypeRef::String => format!("{wire:?}"),
        _ => return None,
    })
}

/// A type as it is written outside of the crate.
fn qualified(ty: &TypeRef, module: &str, whole: &Crate) -> String {
    let runtime = module.split("::").next().unwrap_or_default();
    match ty {
        TypeRef::Named(id) => format!("{module}::{}", whole.type_def(*id).name),
        TypeRef::List(inner) => format!("Vec<{}>", qualified(inner, module, whole)),
        TypeRef::Map(inner) => {
            format!(
                "std::collections::BTreeMap<String, {}>",
                qualified(inner, module, whole)
            )
        }
        TypeRef::Nullable(inner) => {
            format!(
                "{runtime}::rt::Nullable<{}>",
                qualified(inner, module, whole)
            )
        }
        TypeRef::Bool | TypeRef::Integer(_) | TypeRef::String => type_tokens(ty, whole).to_string(),
        other => {
            let tokens = type_tokens(other, whole).to_string().replace(' ', "");
            format!("{runtime}::{tokens}")
        }
    }
}
