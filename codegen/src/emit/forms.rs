//! Types of multipart bodies.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Crate, Form, FormPart, TypeDef, TypeRef, is_json};

use super::markdown;
use super::rust::{argument, field_of_argument, ident, type_tokens};

/// The items of a multipart body's type.
pub(super) fn form_items(def: &TypeDef, form: &Form, whole: &Crate) -> TokenStream {
    let name = ident(&def.name);
    let docs = match markdown::docs(&def.docs) {
        docs if docs.is_empty() => markdown::line("The parts of a multipart body."),
        docs => docs,
    };
    let fields = form.parts.iter().map(|part| {
        let docs = markdown::docs(&part.docs);
        let name = ident(&part.name);
        let ty = type_tokens(&part.ty, whole);
        let ty = if part.required {
            ty
        } else {
            quote!(Option<#ty>)
        };
        quote!(#docs pub #name: #ty,)
    });
    let adds = form.parts.iter().map(add_part);
    let derive_default = def.derives.default.then(|| quote!(, Default));
    let new = constructor(form, whole).map(|new| quote!(impl #name { #new }));
    quote! {
        #docs
        #[derive(Clone, Debug #derive_default)]
        pub struct #name {
            #(#fields)*
        }
        #new
        impl From<#name> for rt::Multipart {
            fn from(form: #name) -> Self {
                let mut parts = rt::Multipart::new();
                #(#adds)*
                parts
            }
        }
    }
}

fn add_part(part: &FormPart) -> TokenStream {
    let name = ident(&part.name);
    let wire = &part.wire;
    let content_type = &part.content_type;
    let add = |value: TokenStream, ty: &TypeRef| match ty {
        TypeRef::File => quote!(parts.file(#wire, #value);),
        TypeRef::List(inner) if **inner == TypeRef::File => {
            quote!(for file in #value { parts.file(#wire, file); })
        }
        TypeRef::String if !content_type.is_empty() => {
            quote!(parts.text(#wire, #value, #content_type);)
        }
        _ if is_json(content_type) => quote!(parts.json(#wire, &#value, #content_type);),
        _ => quote!(parts.value(#wire, &#value);),
    };
    if part.required {
        return add(quote!(form.#name), &part.ty);
    }
    let add = add(quote!(value), &part.ty);
    quote!(if let Some(value) = form.#name { #add })
}

fn constructor(form: &Form, whole: &Crate) -> Option<TokenStream> {
    if !form.parts.iter().any(|part| part.required) {
        return None;
    }
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for part in &form.parts {
        let name = ident(&part.name);
        if part.required {
            let (ty, _) = argument(&part.ty, &name, whole);
            arguments.push(quote!(#name: #ty));
            values.push(field_of_argument(&part.ty, &name, whole));
        } else {
            values.push(quote!(#name: None,));
        }
    }
    let docs = markdown::line("With the parts that are required.");
    Some(quote! {
        #docs
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values)* }
        }
    })
}
