//! Types whose functions are the fields of a filter or of a list of sorters.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Crate, FilterOperator, Group, Operation, Parameter, QueryFields};

use super::markdown;
use super::rust::ident;

/// The sets of operators that fields of the crate take.
pub(super) fn operator_sets(whole: &Crate) -> BTreeSet<&[FilterOperator]> {
    let groups = whole.editions.iter().flat_map(|edition| &edition.groups);
    groups.flat_map(sets_of).collect()
}

/// Whether the group has an operation with a filter.
pub(super) fn has_filter(group: &Group) -> bool {
    sets_of(group).next().is_some()
}

fn sets_of(group: &Group) -> impl Iterator<Item = &[FilterOperator]> {
    let parameters = group.operations.iter().flat_map(|o| &o.parameters);
    let fields = parameters.filter_map(|parameter| parameter.fields.as_ref());
    fields
        .flat_map(|fields| &fields.fields)
        .map(|field| field.operators.as_slice())
        .filter(|operators| !operators.is_empty())
}

fn set_name(operators: &[FilterOperator]) -> Ident {
    let names: Vec<&str> = operators.iter().map(|operator| operator.name).collect();
    ident(&names.concat())
}

fn words(operators: &[FilterOperator]) -> String {
    let words: Vec<&str> = operators.iter().map(|operator| operator.word).collect();
    words.join(", ")
}

/// The module of the sets of operators.
pub(super) fn operators_module(sets: &BTreeSet<&[FilterOperator]>) -> TokenStream {
    let items = sets.iter().map(|operators| {
        let name = set_name(operators);
        let docs = markdown::line(&format!("*{}*", words(operators)));
        let names: Vec<Ident> = operators.iter().map(|o| ident(o.name)).collect();
        quote! {
            #docs
            pub enum #name {}
            impl rt::operators::Set for #name {
                const ALL: &'static [rt::Operator] = &[#(rt::Operator::#names),*];
            }
            #(impl rt::operators::#names for #name {})*
        }
    });
    quote!(#(#items)*)
}

/// The type for the fields of a parameter.
pub(super) fn items(operation: &Operation, parameter: &Parameter) -> TokenStream {
    let Some(fields) = &parameter.fields else {
        return TokenStream::new();
    };
    let name = ident(&fields.name);
    let wire = markdown::code(&parameter.wire);
    let builder = &operation.builder;
    if fields.is_filter {
        let docs = markdown::line(&format!(
            "The fields that {wire} of [`{builder}`] compares, each with its operators."
        ));
        filter_items(&docs, &name, fields)
    } else {
        let docs = markdown::line(&format!(
            "The fields that {wire} of [`{builder}`] sorts by."
        ));
        sorter_items(&docs, &name, fields)
    }
}

fn filter_items(docs: &TokenStream, name: &Ident, fields: &QueryFields) -> TokenStream {
    let functions = fields.fields.iter().map(|field| {
        let (function, wire) = (ident(&field.name), &field.wire);
        let set = set_name(&field.operators);
        let docs = format!("{}: *{}*", markdown::code(wire), words(&field.operators));
        let docs = markdown::line(&docs);
        quote! {
            #docs
            pub const fn #function() -> rt::FilterField<Self, operators::#set> {
                rt::FilterField::new(#wire)
            }
        }
    });
    let stated = fields.fields.iter().map(|field| {
        let function = ident(&field.name);
        quote!(Self::#function().stated())
    });
    let raw_docs = markdown::line("A filter that is sent as it is written.");
    let parse_docs = markdown::line("Reads a filter of these fields and operators.");
    quote! {
        #docs
        pub enum #name {}
        impl #name {
            #(#functions)*

            #raw_docs
            pub fn raw(text: impl Into<String>) -> rt::Filter<Self> {
                rt::Filter::raw(text)
            }

            #parse_docs
            pub fn parse(text: &str) -> Result<rt::Filter<Self>, rt::FilterError> {
                rt::Filter::parse(text)
            }
        }
        impl rt::FilterFields for #name {
            const FIELDS: &'static [(&'static str, &'static [rt::Operator])] = &[#(#stated),*];
        }
    }
}

fn sorter_items(docs: &TokenStream, name: &Ident, fields: &QueryFields) -> TokenStream {
    let functions = fields.fields.iter().map(|field| {
        let (function, wire) = (ident(&field.name), &field.wire);
        let docs = markdown::line(&format!("By {}.", markdown::code(wire)));
        quote! {
            #docs
            pub const fn #function() -> rt::SortField<Self> {
                rt::SortField::new(#wire)
            }
        }
    });
    let raw_docs = markdown::line("Sorters that are sent as they are written.");
    quote! {
        #docs
        pub enum #name {}
        impl #name {
            #(#functions)*

            #raw_docs
            pub fn raw(text: impl Into<String>) -> rt::SortField<Self> {
                rt::SortField::raw(text)
            }
        }
    }
}

/// The type of an argument for these fields, and the expression for what is sent.
pub(super) fn argument(fields: &QueryFields, name: &Ident) -> (TokenStream, TokenStream) {
    let ty = ident(&fields.name);
    if fields.is_filter {
        (quote!(rt::Filter<#ty>), quote!(#name.to_string()))
    } else {
        let ty = quote!(impl IntoIterator<Item = rt::SortField<#ty>>);
        (ty, quote!(rt::sorters(#name)))
    }
}
