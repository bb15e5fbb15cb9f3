//! Methods for results that come page by page, or item by item.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{BodyKind, Crate, Operation, Paging, Shape, Status, TypeRef, pointer_steps};

use super::markdown;
use super::rust::type_tokens;

/// The type of the records of an operation's pages.
pub(super) fn record<'a>(operation: &'a Operation, whole: &'a Crate) -> Option<&'a TypeRef> {
    let paging = operation.paging.as_ref()?;
    let mut ty = body(operation)?;
    for step in pointer_steps(&paging.items) {
        let Shape::Struct(object) = &whole.type_def(resolved(ty, whole).named()?).shape else {
            return None;
        };
        let mut fields = object.fields.iter();
        ty = &fields.find(|field| field.wire.as_str() == step)?.ty;
    }
    item_of(ty, whole)
}

/// The type of the items of an operation's success, if that is nothing but a JSON array.
pub(super) fn item<'a>(operation: &'a Operation, whole: &'a Crate) -> Option<&'a TypeRef> {
    item_of(body(operation)?, whole)
}

fn body(operation: &Operation) -> Option<&TypeRef> {
    let [only] = operation.successes.as_slice() else {
        return None;
    };
    let payload = only.payload.as_ref()?;
    (payload.kind == BodyKind::Json).then_some(&payload.ty)
}

fn item_of<'a>(ty: &'a TypeRef, whole: &'a Crate) -> Option<&'a TypeRef> {
    match resolved(ty, whole) {
        TypeRef::List(item) => Some(item),
        _ => None,
    }
}

/// The type that the outermost aliases lead to.
fn resolved<'a>(mut ty: &'a TypeRef, whole: &'a Crate) -> &'a TypeRef {
    while let TypeRef::Named(id) = ty
        && let Shape::Alias(target) = &whole.type_def(*id).shape
    {
        ty = target;
    }
    ty
}

/// What the operation's description says of its pages.
pub(super) fn description(operation: &Operation, whole: &Crate) -> TokenStream {
    let Some(paging) = operation
        .paging
        .as_ref()
        .filter(|_| record(operation, whole).is_some())
    else {
        return quote!(None);
    };
    let Paging { limit, offset, .. } = paging;
    let number = |number: Option<u64>| match number.map(proc_macro2::Literal::u64_unsuffixed) {
        Some(number) => quote!(Some(#number)),
        None => quote!(None),
    };
    let (max_limit, default_limit) = (number(paging.max_limit), number(paging.default_limit));
    let default_offset = number(paging.default_offset);
    let text = |text: &Option<crate::text::Text>| match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    };
    let (count, total) = (text(&paging.count), text(&paging.total));
    quote! {
        Some(&rt::Paging {
            limit: #limit,
            offset: #offset,
            max_limit: #max_limit,
            default_limit: #default_limit,
            default_offset: #default_offset,
            count: #count,
            total: #total,
        })
    }
}

/// The methods that send page by page and item by item.
pub(super) fn methods(
    operation: &Operation,
    error: &TokenStream,
    decode_error: &TokenStream,
    headers: Option<&TokenStream>,
    whole: &Crate,
) -> TokenStream {
    let pages = operation.paging.as_ref().zip(record(operation, whole));
    let pages = pages.map(|(paging, record)| {
        let record = type_tokens(record, whole);
        let status = proc_macro2::Literal::u16_unsuffixed(paging.status);
        let read = match paging.items.as_str() {
            "" => quote!(rt::RawResponse::json),
            items => quote!(|response| response.json_at(#items)),
        };
        let docs = markdown::line("Sends a request for each page, when it is asked for.");
        let stream_docs =
            markdown::line("Sends a request for each page, and hands out its records.");
        quote! {
            #docs
            pub fn pages(self) -> rt::Pages<#record, #error #headers> {
                self.request.pages(#status, #read, #decode_error)
            }

            #stream_docs
            pub fn stream(self) -> rt::ItemStream<#record, #error #headers> {
                self.pages().items()
            }
        }
    });
    let items = item(operation, whole).map(|item| {
        let item = type_tokens(item, whole);
        let statuses: Option<Vec<_>> = operation
            .successes
            .iter()
            .map(|case| match case.status {
                Status::Code(code) => Some(proc_macro2::Literal::u16_unsuffixed(code)),
                _ => None,
            })
            .collect();
        let statuses = statuses.unwrap_or_default();
        let docs =
            markdown::line("Sends the request; the items of a success are read as they come.");
        quote! {
            #docs
            pub fn send_items(self) -> rt::Sending<rt::BodyItems<#item>, #error #headers> {
                self.request.items(&[#(#statuses),*], #decode_error)
            }
        }
    });
    quote!(#pages #items)
}
