//! Types and identifiers as tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::ir::{Crate, Presence, Shape, TypeRef};
use crate::text::Text;

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.as_str().to_tokens(tokens);
    }
}

/// An identifier that the allocator gave out.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Whether a name has no letter with a case: then a parameter can have the name of a value.
pub(super) fn is_caseless(name: &str) -> bool {
    !name.chars().any(|c| c.is_uppercase() || c.is_lowercase())
}

/// A number without a suffix.
pub(super) fn number(value: i64) -> Literal {
    Literal::i64_unsuffixed(value)
}

/// A type as it is written where generated types are in scope.
pub(super) fn type_tokens(ty: &TypeRef, whole: &Crate) -> TokenStream {
    match ty {
        TypeRef::Any => quote!(rt::Value),
        TypeRef::Bool => quote!(bool),
        TypeRef::Integer(integer) => {
            let name = ident(integer.as_str());
            quote!(#name)
        }
        TypeRef::Number => quote!(rt::Number),
        TypeRef::String => quote!(String),
        TypeRef::Uuid => quote!(rt::UuidText),
        TypeRef::DateTime => quote!(rt::DateTimeText),
        TypeRef::Date => quote!(rt::DateText),
        TypeRef::Base64 => quote!(rt::Base64),
        TypeRef::Binary => quote!(rt::Bytes),
        TypeRef::Multipart => quote!(rt::Multipart),
        TypeRef::File => quote!(rt::File),
        TypeRef::List(inner) => {
            let inner = type_tokens(inner, whole);
            quote!(Vec<#inner>)
        }
        TypeRef::Map(inner) => {
            let inner = type_tokens(inner, whole);
            quote!(BTreeMap<String, #inner>)
        }
        TypeRef::Nullable(inner) => {
            let inner = type_tokens(inner, whole);
            quote!(rt::Nullable<#inner>)
        }
        TypeRef::External(path) => path.parse().unwrap_or_default(),
        TypeRef::Named(id) => {
            let name = ident(&whole.type_def(*id).name);
            quote!(#name)
        }
    }
}

/// The type of a field.
pub(super) fn field_type(
    ty: &TypeRef,
    presence: Presence,
    boxed: bool,
    whole: &Crate,
) -> TokenStream {
    let mut inner = type_tokens(ty, whole);
    if boxed {
        inner = quote!(Box<#inner>);
    }
    match presence {
        Presence::Required => inner,
        Presence::Nullable => quote!(rt::Nullable<#inner>),
        Presence::Optional => quote!(Option<#inner>),
        Presence::OptionalNullable => quote!(rt::OptionalNullable<#inner>),
    }
}

/// The type that is left once aliases are followed.
pub(super) fn without_aliases(ty: &TypeRef, whole: &Crate) -> TypeRef {
    match ty {
        TypeRef::Named(id) => match &whole.type_def(*id).shape {
            Shape::Alias(target) => without_aliases(target, whole),
            _ => ty.clone(),
        },
        TypeRef::List(inner) => TypeRef::List(Box::new(without_aliases(inner, whole))),
        TypeRef::Map(inner) => TypeRef::Map(Box::new(without_aliases(inner, whole))),
        TypeRef::Nullable(inner) => TypeRef::Nullable(Box::new(without_aliases(inner, whole))),
        other => other.clone(),
    }
}

/// Whether an argument of this type is taken as anything that becomes it.
pub(super) fn takes_into(ty: &TypeRef, whole: &Crate) -> bool {
    matches!(
        without_aliases(ty, whole),
        TypeRef::String
            | TypeRef::Uuid
            | TypeRef::DateTime
            | TypeRef::Date
            | TypeRef::Number
            | TypeRef::Binary
            | TypeRef::File
    )
}

/// A value that is taken as an [`argument`], in the literal of what has a field of its name.
pub(super) fn field_of_argument(ty: &TypeRef, name: &Ident, whole: &Crate) -> TokenStream {
    if takes_into(ty, whole) {
        quote!(#name: #name.into(),)
    } else {
        quote!(#name,)
    }
}

/// An argument's type, and the expression that makes a value of it.
pub(super) fn argument(ty: &TypeRef, name: &Ident, whole: &Crate) -> (TokenStream, TokenStream) {
    let tokens = type_tokens(ty, whole);
    if takes_into(ty, whole) {
        (quote!(impl Into<#tokens>), quote!(#name.into()))
    } else {
        (tokens, quote!(#name))
    }
}
