//! Types: structs, open enumerations, unions, aliases, and how each is read and written.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{
    Crate, Enumeration, Field, Presence, Shape, Struct, TupleItem, TypeDef, TypeId, TypeRef, Union,
    UnknownFields, Variant,
};

use super::markdown;
use super::rust::{
    argument, field_of_argument, field_type, ident, number, type_tokens, without_aliases,
};

/// The items of one type.
pub(super) fn type_items(def: &TypeDef, whole: &Crate) -> TokenStream {
    let docs = markdown::docs(&def.docs);
    match &def.shape {
        Shape::Struct(object) => struct_items(def, object, &docs, whole),
        Shape::Enum(enumeration) => enum_items(def, enumeration, &docs),
        Shape::Union(union) => union_items(def, union, &docs, whole),
        Shape::Alias(target) => {
            let name = ident(&def.name);
            let target = type_tokens(target, whole);
            let docs = or_else(docs, "Another name for this type.");
            quote! {
                #docs
                pub type #name = #target;
            }
        }
        Shape::Tuple(items) => tuple_items(def, items, &docs, whole),
        Shape::Newtype(target) => newtype_items(def, target, &docs, whole),
        Shape::Form(form) => super::forms::form_items(def, form, whole),
    }
}

/// Whether the type is one of its own that needs serde's traits.
pub(super) fn needs_serde(def: &TypeDef) -> bool {
    !matches!(def.shape, Shape::Alias(_) | Shape::Form(_))
}

/// The generated types that a type's items name.
pub(super) fn names_used(def: &TypeDef) -> BTreeSet<TypeId> {
    crate::lower::mentioned(&def.shape).into_iter().collect()
}

/// Whether a type's items name `BTreeMap`.
pub(super) fn uses_map(def: &TypeDef) -> bool {
    match &def.shape {
        Shape::Struct(object) => {
            object.rest.values.is_some() || object.fields.iter().any(|field| has_map(&field.ty))
        }
        Shape::Union(union) => union.variants.iter().any(|variant| has_map(&variant.ty)),
        Shape::Tuple(items) => items.iter().any(|item| has_map(&item.ty)),
        Shape::Alias(ty) | Shape::Newtype(ty) => has_map(ty),
        Shape::Form(form) => form.parts.iter().any(|part| has_map(&part.ty)),
        Shape::Enum(_) => false,
    }
}

/// Whether a type is written with `BTreeMap`.
pub(super) fn has_map(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Map(_) => true,
        TypeRef::List(inner) | TypeRef::Nullable(inner) => has_map(inner),
        _ => false,
    }
}

fn or_else(docs: TokenStream, text: &str) -> TokenStream {
    if docs.is_empty() {
        markdown::line(text)
    } else {
        docs
    }
}

fn struct_items(def: &TypeDef, object: &Struct, docs: &TokenStream, whole: &Crate) -> TokenStream {
    let name = ident(&def.name);
    let rest = ident(&object.rest.name);
    let rest_type = match &object.rest.values {
        Some(values) => {
            let values = type_tokens(values, whole);
            quote!(BTreeMap<String, #values>)
        }
        None => quote!(rt::Extra),
    };
    let fields = object.fields.iter().map(|field| {
        let docs = markdown::docs(&field.docs);
        let name = ident(&field.name);
        let ty = field_type(&field.ty, field.presence, field.boxed, whole);
        quote!(#docs pub #name: #ty,)
    });
    let reads = object.fields.iter().map(|field| {
        let name = ident(&field.name);
        let wire = &field.wire;
        let read = match field.presence {
            Presence::Required => match blank(&field.ty, whole) {
                Some(Blank::Default) => quote!(required(#wire)),
                Some(Blank::Text) if !field.boxed => quote!(required_text(#wire)),
                _ => quote!(try_required(#wire)?),
            },
            Presence::Nullable => quote!(required(#wire)),
            Presence::Optional => quote!(optional(#wire)),
            Presence::OptionalNullable => quote!(optional_nullable(#wire)),
        };
        quote!(#name: fields.#read,)
    });
    let writes = object.fields.iter().map(|field| {
        let name = ident(&field.name);
        let write = match field.presence {
            Presence::Required | Presence::Nullable => quote!(required),
            Presence::Optional => quote!(optional),
            Presence::OptionalNullable => quote!(optional_nullable),
        };
        let wire = &field.wire;
        quote!(.#write(#wire, &self.#name))
    });
    let policy = match &object.rest.values {
        Some(_) => UnknownFields::Keep,
        None => whole.unknown_fields,
    };
    let keeps_rest = policy == UnknownFields::Keep;
    let (read_rest, end_write, rest_docs) = match &object.rest.values {
        Some(_) => (
            quote!(fields.flatten_map()),
            quote!(flatten_map(&self.#rest)),
            "Properties that the schema does not list.",
        ),
        None if keeps_rest => (
            quote!(fields.rest()),
            quote!(rest(&self.#rest)),
            "Properties that the schema does not list, kept as they came.",
        ),
        None => (TokenStream::new(), quote!(finish()), ""),
    };
    let rest_docs = markdown::line(rest_docs);
    let rest_field = keeps_rest.then(|| quote!(#rest_docs pub #rest: #rest_type,));
    let rest_read = keeps_rest.then(|| quote!(#rest: #read_rest,));
    let start_read = if object.fields.is_empty() && policy == UnknownFields::Ignore {
        quote!(let fields = rt::Fields::new(value);)
    } else {
        quote!(let mut fields = rt::Fields::new(value);)
    };
    let deny = (policy == UnknownFields::Deny).then(|| quote!(fields.deny_unknown();));
    let derive_default = def.derives.default.then(|| quote!(, Default));
    let extra_derives: Vec<TokenStream> = whole
        .extra_derives
        .iter()
        .filter_map(|path| path.parse().ok())
        .collect();
    let partial = super::partial::items(def, object);
    let new = constructor(&name, object, keeps_rest.then_some(&rest), whole)
        .filter(|_| !def.derives.default);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq #derive_default #(, #extra_derives)*)]
        pub struct #name {
            #(#fields)*
            #rest_field
        }
        #new
        #partial
        impl rt::Json for #name {
            fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                #start_read
                let read = Self { #(#reads)* #rest_read };
                #deny
                fields.finish(read)
            }

            fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                rt::FieldsWriter::new(out) #(#writes)* .#end_write;
            }
        }
    }
}

/// What stands for a required property that could not be read, until the error is given out.
enum Blank {
    /// The type's `Default`.
    Default,
    /// The enumeration's variant of an unknown, empty text.
    Text,
}

/// The stand-in for a type, if it has one that is no more than that.
fn blank(ty: &TypeRef, whole: &Crate) -> Option<Blank> {
    match without_aliases(ty, whole) {
        TypeRef::Multipart | TypeRef::File | TypeRef::External(_) => None,
        TypeRef::Named(id) => {
            let def = whole.type_def(id);
            match &def.shape {
                Shape::Enum(enumeration) if enumeration.base == TypeRef::String => {
                    Some(Blank::Text)
                }
                Shape::Struct(_) if def.derives.default => Some(Blank::Default),
                _ => None,
            }
        }
        _ => Some(Blank::Default),
    }
}

fn constructor(
    name: &proc_macro2::Ident,
    object: &Struct,
    rest: Option<&proc_macro2::Ident>,
    whole: &Crate,
) -> Option<TokenStream> {
    let is_required =
        |field: &Field| matches!(field.presence, Presence::Required | Presence::Nullable);
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    let mut has_constant = false;
    for field in &object.fields {
        let name = ident(&field.name);
        if !is_required(field) {
            values.push(quote!(#name: Default::default(),));
            continue;
        }
        if let Some(constant) = constant(field, whole) {
            has_constant = true;
            values.push(quote!(#name: #constant,));
            continue;
        }
        if field.presence == Presence::Nullable || field.boxed {
            let mut inner = type_tokens(&field.ty, whole);
            if field.boxed {
                inner = quote!(Box<#inner>);
            }
            if field.presence == Presence::Nullable {
                inner = quote!(rt::Nullable<#inner>);
            }
            arguments.push(quote!(#name: impl Into<#inner>));
            values.push(quote!(#name: #name.into(),));
        } else {
            let (ty, _) = argument(&field.ty, &name, whole);
            arguments.push(quote!(#name: #ty));
            values.push(field_of_argument(&field.ty, &name, whole));
        }
    }
    if arguments.is_empty() && !has_constant {
        return None;
    }
    let docs = markdown::line(if has_constant {
        "With what is required; constants have their value, everything else is absent."
    } else {
        "With what is required; everything else is absent."
    });
    let rest = rest.map(|rest| quote!(#rest: Default::default()));
    let default = arguments.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    Some(quote! {
        impl #name {
            #docs
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values)* #rest }
            }
        }
        #default
    })
}

/// The one value of a required property whose schema lists only one.
fn constant(field: &Field, whole: &Crate) -> Option<TokenStream> {
    let TypeRef::Named(id) = without_aliases(&field.ty, whole) else {
        return None;
    };
    let def = whole.type_def(id);
    match &def.shape {
        Shape::Enum(Enumeration { values, .. }) if values.len() == 1 => {
            let written = type_tokens(&field.ty, whole);
            let variant = ident(&values[0].name);
            let value = quote!(#written::#variant);
            (field.presence == Presence::Required && !field.boxed).then_some(value)
        }
        _ => None,
    }
}

fn enum_items(def: &TypeDef, enumeration: &Enumeration, docs: &TokenStream) -> TokenStream {
    let name = ident(&def.name);
    let unknown = ident(&enumeration.unknown);
    let docs = or_else(docs.clone(), "One of a list of values.");
    let unknown_docs = markdown::line("A value that the document does not list, kept as it came.");
    let variants = enumeration.values.iter().map(|value| {
        let variant = ident(&value.name);
        let text = match &value.value {
            serde_json::Value::String(text) if text.is_empty() => "The empty text.".to_owned(),
            serde_json::Value::String(text) if text.trim().is_empty() => {
                markdown::code(&format!("{text:?}"))
            }
            serde_json::Value::String(text) => markdown::code(text),
            other => markdown::code(&other.to_string()),
        };
        let docs = markdown::line(&text);
        let about = (!value.docs.is_empty()).then(|| {
            let gap = markdown::lines([""]);
            let about = markdown::paragraphs([value.docs.as_str()]);
            quote!(#gap #about)
        });
        quote!(#docs #about #variant,)
    });
    match &enumeration.base {
        TypeRef::String => {
            let texts: Vec<&str> = enumeration
                .values
                .iter()
                .map(|v| v.value.as_str().unwrap_or_default())
                .collect();
            let names: Vec<_> = enumeration.values.iter().map(|v| ident(&v.name)).collect();
            let known_docs = markdown::line("The listed values, in the document's order.");
            let text_docs = markdown::line("The value on the wire.");
            quote! {
                #docs
                #[derive(Clone)]
                pub enum #name {
                    #(#variants)*
                    #unknown_docs
                    #unknown(String),
                }
                impl #name {
                    #known_docs
                    pub const LISTED: &'static [&'static str] = &[#(#texts),*];

                    #text_docs
                    pub fn as_str(&self) -> &str {
                        match self {
                            #(Self::#names => #texts,)*
                            Self::#unknown(other) => other,
                        }
                    }
                }
                impl From<&str> for #name {
                    fn from(text: &str) -> Self {
                        match text {
                            #(#texts => Self::#names,)*
                            other => Self::#unknown(other.to_owned()),
                        }
                    }
                }
                rt::text_enum!(#name);
            }
        }
        TypeRef::Integer(_) => {
            let numbers: Vec<_> = enumeration
                .values
                .iter()
                .map(|value| number(value.value.as_i64().unwrap_or_default()))
                .collect();
            let names: Vec<_> = enumeration.values.iter().map(|v| ident(&v.name)).collect();
            let number_docs = markdown::line("The value on the wire.");
            quote! {
                #docs
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                pub enum #name {
                    #(#variants)*
                    #unknown_docs
                    #unknown(i64),
                }
                impl #name {
                    #number_docs
                    pub fn as_i64(self) -> i64 {
                        match self {
                            #(Self::#names => #numbers,)*
                            Self::#unknown(other) => other,
                        }
                    }
                }
                impl From<i64> for #name {
                    fn from(number: i64) -> Self {
                        match number {
                            #(#numbers => Self::#names,)*
                            other => Self::#unknown(other),
                        }
                    }
                }
                impl rt::Json for #name {
                    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                        rt::Json::read(value).map(|number: i64| Self::from(number))
                    }

                    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                        out.number(self.as_i64());
                    }
                }
            }
        }
        _ => {
            let texts: Vec<String> = enumeration
                .values
                .iter()
                .map(|v| v.value.to_string())
                .collect();
            let names: Vec<_> = enumeration.values.iter().map(|v| ident(&v.name)).collect();
            quote! {
                #docs
                #[derive(Clone, Debug, PartialEq)]
                pub enum #name {
                    #(#variants)*
                    #unknown_docs
                    #unknown(rt::Value),
                }
                impl rt::Json for #name {
                    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                        Ok(match value.to_string().as_str() {
                            #(#texts => Self::#names,)*
                            _ => Self::#unknown(value.to_value()),
                        })
                    }

                    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                        match self {
                            #(Self::#names => out.literal(#texts),)*
                            Self::#unknown(other) => out.value(other),
                        }
                    }
                }
            }
        }
    }
}

fn union_items(def: &TypeDef, union: &Union, docs: &TokenStream, whole: &Crate) -> TokenStream {
    let name = ident(&def.name);
    let unknown = ident(&union.unknown);
    let docs = or_else(docs.clone(), "One of several types.");
    let unknown_docs = markdown::line("None of the types, kept as it came.");
    let types: Vec<_> = union
        .variants
        .iter()
        .map(|variant| {
            let ty = type_tokens(&variant.ty, whole);
            if variant.boxed { quote!(Box<#ty>) } else { ty }
        })
        .collect();
    let names: Vec<_> = union
        .variants
        .iter()
        .map(|variant| ident(&variant.name))
        .collect();
    let variants =
        union
            .variants
            .iter()
            .zip(names.iter().zip(&types))
            .map(|(variant, (name, ty))| {
                let docs = markdown::paragraphs([variant.docs.as_str()]);
                let docs = or_else(docs, &format!("As `{}`.", variant.name));
                quote!(#docs #name(#ty),)
            });
    let shapes = union.variants.iter().map(shape);
    let discriminator = match &union.discriminator {
        Some(property) => quote!(Some(#property)),
        None => quote!(None),
    };
    let indexes = (0..).map(number);
    let conversions = conversions(def, union, whole);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
            #unknown_docs
            #unknown(rt::Value),
        }
        impl #name {
            const SHAPES: &'static [rt::Shape] = &[#(#shapes),*];
        }
        impl rt::Json for #name {
            fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                for candidate in rt::candidates(value, Self::SHAPES, #discriminator) {
                    let read = match candidate {
                        #(#indexes => rt::Json::read(value).map(Self::#names),)*
                        _ => break,
                    };
                    if read.is_ok() {
                        return read;
                    }
                }
                Ok(Self::#unknown(value.to_value()))
            }

            fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                match self {
                    #(Self::#names(value) => rt::Json::write(value, out),)*
                    Self::#unknown(value) => out.value(value),
                }
            }
        }
        #(#conversions)*
    }
}

/// `From` for each variant whose type no other variant has under another name.
fn conversions(def: &TypeDef, union: &Union, whole: &Crate) -> Vec<TokenStream> {
    let name = ident(&def.name);
    let mut taken = Vec::new();
    let mut conversions = Vec::new();
    for variant in &union.variants {
        let target = without_aliases(&variant.ty, whole);
        if taken.contains(&target) {
            continue;
        }
        taken.push(target);
        let mut ty = type_tokens(&variant.ty, whole);
        if variant.boxed {
            ty = quote!(Box<#ty>);
        }
        let variant = ident(&variant.name);
        conversions.push(quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#variant(value)
                }
            }
        });
    }
    conversions
}

/// How many fields `rt::Shape` has.
const SHAPE_FIELDS: usize = 5;

/// What tells a variant from the others, as a constant; what it does not need is left out.
fn shape(variant: &Variant) -> TokenStream {
    let mut parts = Vec::new();
    if !variant.json_types.is_empty() {
        let types = &variant.json_types;
        parts.push(quote!(types: &[#(#types),*],));
    }
    if !variant.required.is_empty() {
        let names = &variant.required;
        parts.push(quote!(required: &[#(#names),*],));
    }
    if !variant.properties.is_empty() {
        let names = &variant.properties;
        parts.push(quote!(properties: &[#(#names),*],));
    }
    if !variant.constants.is_empty() {
        let constants = variant.constants.iter().map(|(name, values)| {
            let values = values.iter().map(serde_json::Value::to_string);
            quote!((#name, &[#(#values),*]))
        });
        parts.push(quote!(constants: &[#(#constants),*],));
    }
    if !variant.tags.is_empty() {
        let tags = &variant.tags;
        parts.push(quote!(tags: &[#(#tags),*],));
    }
    let rest = (parts.len() < SHAPE_FIELDS).then(|| quote!(..rt::Shape::ANY));
    quote!(rt::Shape { #(#parts)* #rest })
}

fn tuple_items(
    def: &TypeDef,
    items: &[TupleItem],
    docs: &TokenStream,
    whole: &Crate,
) -> TokenStream {
    let name = ident(&def.name);
    let types = items.iter().map(|item| {
        let ty = type_tokens(&item.ty, whole);
        if item.boxed { quote!(Box<#ty>) } else { ty }
    });
    let docs = or_else(docs.clone(), "An array whose items have a type each.");
    let length = proc_macro2::Literal::usize_unsuffixed(items.len());
    let takes = items.iter().map(|_| quote!(items.take()?));
    let places = (0..items.len()).map(proc_macro2::Literal::usize_unsuffixed);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name(#(pub #types),*);

        impl rt::Json for #name {
            fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                let mut items = rt::Items::new(value, #length)?;
                Ok(Self(#(#takes),*))
            }

            fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                rt::ItemsWriter::new(out) #(.item(&self.#places))* .finish();
            }
        }
    }
}

fn newtype_items(
    def: &TypeDef,
    target: &TypeRef,
    docs: &TokenStream,
    whole: &Crate,
) -> TokenStream {
    let name = ident(&def.name);
    let target = type_tokens(target, whole);
    let derive_default = def.derives.default.then(|| quote!(, Default));
    let docs = or_else(docs.clone(), "A type that holds itself.");
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq #derive_default)]
        pub struct #name(pub #target);

        impl rt::Json for #name {
            fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
                rt::Json::read(value).map(Self)
            }

            fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
                rt::Json::write(&self.0, out);
            }
        }
    }
}
