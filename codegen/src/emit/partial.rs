//! The method that tells a success from one with errors inside.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Presence, Struct, TypeDef};

use super::markdown;
use super::rust::ident;

/// The method; nothing for objects that hold no errors.
pub(super) fn items(def: &TypeDef, object: &Struct) -> TokenStream {
    let Some(errors) = object.errors.and_then(|index| object.fields.get(index)) else {
        return TokenStream::new();
    };
    let name = ident(&def.name);
    let field = ident(&errors.name);
    let errors = match errors.presence {
        Presence::Required => quote!(&value.#field),
        Presence::Optional => quote!(value.#field.as_deref().unwrap_or_default()),
        Presence::Nullable | Presence::OptionalNullable => {
            quote!(value.#field.value().map(Vec::as_slice).unwrap_or_default())
        }
    };
    let docs = markdown::lines([
        "This, if there are no errors in it; else the errors, which keep it.",
        "",
        "Where the server answers with a success although a part of the work failed, `?` after this \
         does not let it be missed.",
    ]);
    quote! {
        impl #name {
            #docs
            pub fn into_result(self) -> Result<Self, rt::PartialFailure<Self>> {
                rt::PartialFailure::check(self, |value| #errors)
            }
        }
    }
}
