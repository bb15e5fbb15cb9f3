//! Typed access to the documented headers of responses.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Crate, HeaderField, Operation, TypeRef};

use super::markdown;
use super::operations::Repeated;
use super::rust::{ident, type_tokens, without_aliases};

/// What two operations must have in common to share the type.
pub(super) fn key(headers: &[HeaderField]) -> Vec<(&str, &TypeRef)> {
    headers
        .iter()
        .map(|header| (header.wire.as_str(), &header.ty))
        .collect()
}

/// The type of the headers of a success, and the items that it needs.
pub(super) fn of_success(
    operation: &Operation,
    whole: &Crate,
    repeated: &Repeated<'_>,
) -> (Option<TokenStream>, TokenStream) {
    if operation.headers.is_empty() {
        return (None, TokenStream::new());
    }
    let name = ident(&operation.headers_name);
    let docs = format!("Headers of the response to [`{}`].", operation.builder);
    let items = match repeated.earlier(&operation.headers_name) {
        Some(have) => {
            let have = ident(have);
            let docs = markdown::line(&docs);
            quote!(#docs pub type #name = #have;)
        }
        None => items(&operation.headers_name, &docs, &operation.headers, whole),
    };
    (Some(quote!(#name)), items)
}

/// What links the documented errors with their headers.
pub(super) fn of_errors(
    operation: &Operation,
    whole: &Crate,
    repeated: &Repeated<'_>,
) -> Option<TokenStream> {
    if operation.error_headers.is_empty() {
        return None;
    }
    let error = ident(&operation.error_name);
    let own = &operation.error_headers_name;
    let (name, items) = if let Some(have) = repeated.earlier(own) {
        (ident(have), TokenStream::new())
    } else {
        let docs = format!("Headers of [`{}`].", operation.error_name);
        let items = items(own, &docs, &operation.error_headers, whole);
        (ident(own), items)
    };
    Some(quote! {
        impl rt::ErrorHeaders for #error {
            type Headers = #name;
        }
        #items
    })
}

fn items(name: &str, docs: &str, headers: &[HeaderField], whole: &Crate) -> TokenStream {
    let getters = headers.iter().map(|header| getter(header, whole));
    let name = ident(name);
    let docs = markdown::line(docs);
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct #name(pub rt::HeaderMap);
        impl #name {
            #(#getters)*
        }
        impl From<rt::HeaderMap> for #name {
            fn from(headers: rt::HeaderMap) -> Self {
                Self(headers)
            }
        }
    }
}

fn getter(header: &HeaderField, whole: &Crate) -> TokenStream {
    let name = ident(&header.name);
    let wire = &header.wire;
    let code = markdown::code(wire);
    let docs = markdown::paragraphs([match header.docs.as_str() {
        "" => &code,
        stated => stated,
    }]);
    let read = match without_aliases(&header.ty, whole) {
        TypeRef::Bool | TypeRef::Integer(_) | TypeRef::String => quote!(header_value),
        TypeRef::List(_) => quote!(header_list),
        _ => quote!(header_typed),
    };
    let ty = type_tokens(&header.ty, whole);
    quote! {
        #docs
        pub fn #name(&self) -> Option<#ty> {
            rt::#read(&self.0, #wire)
        }
    }
}
