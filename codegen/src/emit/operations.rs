//! Operations: a description as a constant, a method of the client, a request builder, and what
//! the responses are read as.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{
    Body, BodyKind, Crate, FormEncoding, Group, Location, Operation, Parameter, Payload,
    RequestBody, ResponseCase, SecurityUse, Status, Style, TypeRef, is_json,
};

use super::client::server_tokens;
use super::examples::example;
use super::filters;
use super::headers;
use super::markdown;
use super::paging;
use super::rust::{argument, ident, type_tokens};

/// What operations of a module have as an earlier one has it, so that equal parts are written once.
#[derive(Default)]
pub(super) struct Repeated<'a> {
    /// The earlier name, by an operation's own.
    names: BTreeMap<&'a str, &'a str>,
}

impl<'a> Repeated<'a> {
    pub(super) fn of(group: &'a Group) -> Self {
        let mut repeated = Self::default();
        let mut errors = Vec::new();
        let mut headers = Vec::new();
        for operation in &group.operations {
            if !operation.headers.is_empty() {
                let key = headers::key(&operation.headers);
                repeated.note(key, &operation.headers_name, &mut headers);
            }
            if operation.errors.is_empty() {
                continue;
            }
            let error_headers = headers::key(&operation.error_headers);
            let key = (case_keys(&operation.errors), error_headers.clone());
            let is_new = repeated.note(key, &operation.error_name, &mut errors);
            if is_new && !operation.error_headers.is_empty() {
                repeated.note(error_headers, &operation.error_headers_name, &mut headers);
            }
        }
        repeated
    }

    /// Notes a use of what the key stands for; whether it is the first.
    fn note<K: PartialEq>(
        &mut self,
        key: K,
        name: &'a str,
        earlier: &mut Vec<(K, &'a str)>,
    ) -> bool {
        let have = earlier.iter().find(|(have, _)| *have == key);
        if let Some((_, have)) = have {
            self.names.insert(name, have);
            return false;
        }
        earlier.push((key, name));
        true
    }

    /// The earlier item that is the same as the one of this name.
    pub(super) fn earlier(&self, name: &str) -> Option<&'a str> {
        self.names.get(name).copied()
    }
}

type CaseKey<'a> = (Status, &'a str, Option<(BodyKind, &'a TypeRef)>);

fn case_keys(cases: &[ResponseCase]) -> Vec<CaseKey<'_>> {
    cases
        .iter()
        .map(|case| {
            let payload = case
                .payload
                .as_ref()
                .map(|payload| (payload.kind, &payload.ty));
            (case.status, case.name.as_str(), payload)
        })
        .collect()
}

/// The items of one operation.
pub(super) fn operation_items(
    operation: &Operation,
    repeated: &Repeated<'_>,
    client_path: &str,
    whole: &Crate,
) -> TokenStream {
    let constant = constant(operation, whole);
    let method = method(operation, client_path, whole);
    let builder = builder(operation, whole, repeated);
    quote! {
        #constant
        impl Client {
            #method
        }
        #builder
    }
}

fn constant_name(operation: &Operation) -> Ident {
    let name = operation.method_name.trim_end_matches('_');
    let constant = name.to_uppercase();
    // Without letters that have a case, the constant would be taken where a parameter is named.
    if constant == name {
        return ident(&format!("{constant}_OPERATION"));
    }
    ident(&constant)
}

fn constant(operation: &Operation, whole: &Crate) -> TokenStream {
    let name = constant_name(operation);
    let (id, path) = (&operation.id, &operation.path);
    let method = match operation.http_method.as_str() {
        "GET" => quote!(rt::Method::Get),
        "HEAD" => quote!(rt::Method::Head),
        "POST" => quote!(rt::Method::Post),
        "PUT" => quote!(rt::Method::Put),
        "PATCH" => quote!(rt::Method::Patch),
        "DELETE" => quote!(rt::Method::Delete),
        "OPTIONS" => quote!(rt::Method::Options),
        "TRACE" => quote!(rt::Method::Trace),
        other => quote!(rt::Method::Other(#other)),
    };
    let security = operation.security.iter().map(|alternative| {
        let uses = alternative.iter().map(security_use);
        quote!(&[#(#uses),*])
    });
    let accept = accept(operation);
    let paging = paging::description(operation, whole);
    let servers = operation.servers.iter().map(server_tokens);
    quote! {
        const #name: rt::Operation = rt::Operation {
            id: #id,
            method: #method,
            path: #path,
            security: &[#(#security),*],
            accept: #accept,
            servers: &[#(#servers),*],
            paging: #paging,
        };
    }
}

fn security_use(security: &SecurityUse) -> TokenStream {
    let (scheme, scopes) = (&security.scheme, &security.scopes);
    quote!(rt::SecurityUse { scheme: #scheme, scopes: &[#(#scopes),*] })
}

/// The media types that responses are documented in, the success's first.
fn accept(operation: &Operation) -> String {
    let mut accepted: Vec<&str> = Vec::new();
    let cases = operation.successes.iter().chain(&operation.errors);
    for payload in cases.filter_map(|case| case.payload.as_ref()) {
        for media_type in &payload.media_types {
            if !accepted.contains(&media_type.as_str()) {
                accepted.push(media_type);
            }
        }
    }
    accepted.join(", ")
}

fn method(operation: &Operation, client_path: &str, whole: &Crate) -> TokenStream {
    let docs = operation_docs(operation);
    let example = markdown::lines(
        example(operation, client_path, whole)
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>(),
    );
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated]));
    let name = ident(&operation.method_name);
    let builder = ident(&operation.builder);
    let constant = constant_name(operation);
    let required: Vec<&Parameter> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .collect();
    let mut arguments = Vec::new();
    let mut calls = Vec::new();
    for parameter in required {
        let name = ident(&parameter.name);
        let (ty, value) = parameter_argument(parameter, &name, whole);
        arguments.push(quote!(#name: #ty));
        calls.push(set_parameter(parameter, &quote!(request), &value));
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        let name = ident(&body.name);
        match body.choices.as_slice() {
            [only] => {
                let (ty, value) = argument(&only.ty, &name, whole);
                arguments.push(quote!(#name: #ty));
                calls.push(set_body(only, &quote!(request), &value));
            }
            _ => {
                let ty = ident(&body.enum_name);
                arguments.push(quote!(#name: #ty));
                calls.push(quote!(#name.set(&mut request);));
            }
        }
    }
    let body = if calls.is_empty() {
        quote!(#builder { request: self.inner.request(&#constant) })
    } else {
        quote! {
            let mut request = self.inner.request(&#constant);
            #(#calls)*
            #builder { request }
        }
    };
    quote! {
        #docs
        #example
        #deprecated
        pub fn #name(&self, #(#arguments),*) -> #builder {
            #body
        }
    }
}

fn operation_docs(operation: &Operation) -> TokenStream {
    let mut more = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let words: Vec<&str> = parameter.docs.description.split_whitespace().collect();
        let about = words.join(" ");
        if !about.is_empty() {
            more.push(format!("`{}`: {about}", parameter.name));
        }
    }
    let scopes: Vec<String> = operation
        .security
        .iter()
        .flatten()
        .flat_map(|security| &security.scopes)
        .map(|scope| markdown::code(scope))
        .collect();
    if !scopes.is_empty() {
        more.push(format!("Scopes: {}.", scopes.join(", ")));
    }
    let stated = markdown::text_of(&operation.docs).into_iter();
    let text = markdown::paragraphs(stated.chain(more.iter().map(String::as_str)));
    let route = markdown::code(&format!("{} {}", operation.http_method, operation.path));
    let route = markdown::lines(if text.is_empty() {
        vec![route.as_str()]
    } else {
        vec!["", route.as_str()]
    });
    quote!(#text #route)
}

fn encoding_tokens(encoding: &FormEncoding) -> TokenStream {
    let (name, reserved) = (&encoding.name, encoding.allow_reserved);
    let media_type = &encoding.media_type;
    let style = match encoding.style {
        Some((style, explode)) => {
            let style = style_tokens(style, explode);
            quote!(Some(#style))
        }
        None => quote!(None),
    };
    quote! {
        rt::Encoding {
            name: #name,
            style: #style,
            media_type: #media_type,
            allow_reserved: #reserved,
        }
    }
}

fn style_tokens(style: Style, explode: bool) -> TokenStream {
    match style {
        Style::Form => quote!(rt::Style::Form { explode: #explode }),
        Style::SpaceDelimited => quote!(rt::Style::SpaceDelimited { explode: #explode }),
        Style::PipeDelimited => quote!(rt::Style::PipeDelimited { explode: #explode }),
        Style::DeepObject => quote!(rt::Style::DeepObject),
        Style::Simple => quote!(rt::Style::Simple { explode: #explode }),
        Style::Label => quote!(rt::Style::Label { explode: #explode }),
        Style::Matrix => quote!(rt::Style::Matrix { explode: #explode }),
    }
}

/// A parameter's type as an argument, and the expression that makes what is sent of it.
fn parameter_argument(
    parameter: &Parameter,
    name: &Ident,
    whole: &Crate,
) -> (TokenStream, TokenStream) {
    match &parameter.fields {
        Some(fields) => filters::argument(fields, name),
        None => argument(&parameter.ty, name, whole),
    }
}

fn set_parameter(parameter: &Parameter, request: &TokenStream, value: &TokenStream) -> TokenStream {
    let wire = &parameter.wire;
    if let Some(media_type) = &parameter.media_type {
        let set = match parameter.location {
            Location::Path => quote!(path_content),
            Location::Query => quote!(query_content),
            Location::Header => quote!(header_content),
            Location::Cookie => quote!(cookie_content),
        };
        return quote!(#request.#set(#wire, #media_type, &#value););
    }
    let style = style_tokens(parameter.style, parameter.explode);
    let set = match (parameter.location, parameter.allow_reserved) {
        (Location::Path, _) => quote!(path),
        (Location::Query, false) => quote!(query),
        (Location::Query, true) => quote!(query_reserved),
        (Location::Header, _) => quote!(header),
        (Location::Cookie, _) => quote!(cookie),
    };
    quote!(#request.#set(#wire, &#value, #style);)
}

fn set_body(body: &Body, request: &TokenStream, value: &TokenStream) -> TokenStream {
    let media_type = &body.media_type;
    match body.kind {
        BodyKind::Json => quote!(#request.json(&#value, #media_type);),
        BodyKind::Form => {
            let encodings = body.encodings.iter().map(encoding_tokens);
            quote!(#request.form(&#value, &[#(#encodings),*]);)
        }
        BodyKind::Multipart => match body.ty {
            TypeRef::Multipart => quote!(#request.multipart(#value);),
            _ => quote!(#request.multipart(#value.into());),
        },
        BodyKind::Text | BodyKind::Events => quote!(#request.text(#value, #media_type);),
        BodyKind::Bytes => quote!(#request.bytes(#value, #media_type);),
    }
}

fn builder(operation: &Operation, whole: &Crate, repeated: &Repeated<'_>) -> TokenStream {
    let name = ident(&operation.builder);
    let title = format!(
        "A request of [{}](Client::{}).",
        markdown::code(&operation.id),
        operation.method_name
    );
    let docs = markdown::line(&title);
    let mut setters: Vec<TokenStream> = operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| setter(parameter, whole))
        .collect();
    let mut body_items = None;
    if let Some(body) = &operation.body {
        if body.required && body.choices.len() > 1 {
            body_items = Some(body_enum(body, whole));
        } else if !body.required {
            setters.extend(body_setters(body, whole));
        }
    }
    setters.extend(operation.body.as_ref().and_then(media_type_setter));
    let (headers, header_items) = headers::of_success(operation, whole, repeated);
    let (error, decode_error, error_items) = error(operation, whole, repeated);
    let (success, send, success_items) = success(operation, &decode_error, whole);
    let send_docs = markdown::line("Sends the request.");
    let headers = headers.map(|headers| quote!(, #headers));
    let send_parts = paging::methods(operation, &error, &decode_error, headers.as_ref(), whole);
    let parameters = operation.parameters.iter();
    let field_items = parameters.map(|parameter| filters::items(operation, parameter));
    let streams = operation.successes.iter().any(|case| {
        let kind = case.payload.as_ref().map(|payload| payload.kind);
        matches!(kind, Some(BodyKind::Bytes | BodyKind::Events))
    });
    let send_stream = streams.then(|| {
        let docs = markdown::line("Sends the request; the body of a success is read as it comes.");
        let events = events_docs(operation, whole);
        quote! {
            #docs
            #events
            pub fn send_stream(self) -> rt::Streaming<#error #headers> {
                self.request.stream(#decode_error)
            }
        }
    });
    quote! {
        #docs
        #[must_use = "a request does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct #name {
            request: rt::Request,
        }
        impl #name {
            #(#setters)*

            #send_docs
            pub fn send(self) -> rt::Sending<#success, #error #headers> {
                self.request.#send
            }

            #send_parts

            #send_stream
        }
        impl AsMut<rt::Request> for #name {
            fn as_mut(&mut self) -> &mut rt::Request {
                &mut self.request
            }
        }
        #(#field_items)*
        #body_items
        #success_items
        #error_items
        #header_items
    }
}

/// What the events of a success are, where the document says so.
fn events_docs(operation: &Operation, whole: &Crate) -> Option<TokenStream> {
    let payloads = operation
        .successes
        .iter()
        .filter_map(|case| case.payload.as_ref());
    let event = payloads
        .filter(|payload| payload.kind == BodyKind::Events)
        .find_map(|payload| {
            let id = payload.ty.named()?;
            Some(&whole.type_def(id).name)
        })?;
    let text =
        format!("`into_events()` takes the body apart; the data of each event reads as `{event}`.");
    Some(markdown::lines(["", text.as_str()]))
}

fn setter(parameter: &Parameter, whole: &Crate) -> TokenStream {
    let mut docs = parameter.docs.clone();
    if docs.summary.is_empty() && docs.description.is_empty() {
        docs.summary = format!(
            "The {} parameter {}.",
            parameter.location.as_str(),
            markdown::code(&parameter.wire)
        )
        .into();
    }
    let docs = markdown::docs(&docs);
    let name = ident(&parameter.name);
    let (ty, value) = parameter_argument(parameter, &name, whole);
    let set = set_parameter(parameter, &quote!(self.request), &value);
    quote! {
        #docs
        pub fn #name(mut self, #name: #ty) -> Self {
            #set
            self
        }
    }
}

fn body_setters(body: &RequestBody, whole: &Crate) -> Vec<TokenStream> {
    let setters = body.choices.iter().map(|choice| {
        let docs = match markdown::docs(&body.docs) {
            docs if docs.is_empty() => markdown::line(&format!(
                "The request body, as {}.",
                markdown::code(&choice.media_type)
            )),
            docs => docs,
        };
        let name = ident(&choice.setter);
        let (ty, value) = argument(&choice.ty, &name, whole);
        let set = set_body(choice, &quote!(self.request), &value);
        quote! {
            #docs
            pub fn #name(mut self, #name: #ty) -> Self {
                #set
                self
            }
        }
    });
    setters.collect()
}

/// The setter for the media type of a body whose media type the document leaves open.
fn media_type_setter(body: &RequestBody) -> Option<TokenStream> {
    let (name, stated) = body.media_type.as_ref()?;
    let stated: Vec<String> = stated.iter().map(|name| markdown::code(name)).collect();
    let docs = markdown::line(&format!(
        "The media type of the body: {}.",
        stated.join(", ")
    ));
    let name = ident(name);
    Some(quote! {
        #docs
        pub fn #name(mut self, media_type: &str) -> Self {
            self.request.body_media_type(media_type);
            self
        }
    })
}

fn body_enum(body: &RequestBody, whole: &Crate) -> TokenStream {
    let name = ident(&body.enum_name);
    let docs = match markdown::docs(&body.docs) {
        docs if docs.is_empty() => markdown::line("A request body, by media type."),
        docs => docs,
    };
    let variants = body.choices.iter().map(|choice| {
        let docs = markdown::line(&markdown::code(&choice.media_type));
        let name = ident(&choice.name);
        let ty = type_tokens(&choice.ty, whole);
        quote!(#docs #name(#ty),)
    });
    let arms = body.choices.iter().map(|choice| {
        let name = ident(&choice.name);
        let set = set_body(choice, &quote!(request), &quote!(body));
        quote!(Self::#name(body) => { #set })
    });
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            fn set(self, request: &mut rt::Request) {
                match self { #(#arms)* }
            }
        }
    }
}

/// The success's type, the request's method that sends and reads it, and the items it needs.
fn success(
    operation: &Operation,
    decode_error: &TokenStream,
    whole: &Crate,
) -> (TokenStream, TokenStream, TokenStream) {
    let cases = &operation.successes;
    match cases.first() {
        // Nothing is documented: whatever comes is handed out as it is.
        None => {
            let decode = quote! {
                |response| match response.status() {
                    200..=299 => Ok(response.bytes().clone()),
                    _ => response.undocumented(),
                }
            };
            (
                quote!(rt::Bytes),
                quote!(send(#decode, #decode_error)),
                TokenStream::new(),
            )
        }
        Some(first) if operation.has_one_success() => {
            let ty = match &first.payload {
                Some(payload) => payload_type(payload, whole),
                None => quote!(()),
            };
            let patterns = cases.iter().map(|case| status_pattern(case.status, true));
            let send = match send_one(cases) {
                Some(send) => quote!(#send(#(#patterns),*, #decode_error)),
                None => {
                    let read = read_payload(first, None);
                    let decode = quote! {
                        |response| match response.status() {
                            #(#patterns)|* => #read,
                            _ => response.undocumented(),
                        }
                    };
                    quote!(send(#decode, #decode_error))
                }
            };
            (ty, send, TokenStream::new())
        }
        Some(_) => {
            let name = ident(&operation.success_name);
            let docs = format!(
                "What [`{}::send`] answers when it succeeds.",
                operation.builder
            );
            let items = cases_enum(&name, &docs, cases, true, whole);
            (
                quote!(#name),
                quote!(send(#name::from_response, #decode_error)),
                items,
            )
        }
    }
}

/// The request's method for a success of one status, where there is one: it spares each operation
/// a closure.
fn send_one(cases: &[ResponseCase]) -> Option<TokenStream> {
    let [only] = cases else {
        return None;
    };
    let kind = only.payload.as_ref().map(|payload| payload.kind);
    match (only.status, kind) {
        (Status::Code(_), Some(BodyKind::Json)) => Some(quote!(send_json)),
        (Status::Code(_), None) => Some(quote!(send_empty)),
        _ => None,
    }
}

fn error(
    operation: &Operation,
    whole: &Crate,
    repeated: &Repeated<'_>,
) -> (TokenStream, TokenStream, TokenStream) {
    if operation.errors.is_empty() {
        let infallible = quote!(std::convert::Infallible);
        return (
            infallible,
            quote!(rt::RawResponse::undocumented),
            TokenStream::new(),
        );
    }
    let name = ident(&operation.error_name);
    let docs = format!(
        "What [`{}::send`] answers when it fails.",
        operation.builder
    );
    let items = if let Some(have) = repeated.earlier(&operation.error_name) {
        let have = ident(have);
        let docs = markdown::line(&docs);
        quote!(#docs pub type #name = #have;)
    } else {
        let cases = cases_enum(&name, &docs, &operation.errors, false, whole);
        let headers = headers::of_errors(operation, whole, repeated);
        quote!(#cases #headers)
    };
    (quote!(#name), quote!(#name::from_response), items)
}

fn cases_enum(
    name: &Ident,
    docs: &str,
    cases: &[ResponseCase],
    is_success: bool,
    whole: &Crate,
) -> TokenStream {
    let docs = markdown::line(docs);
    let variants = cases.iter().map(|case| {
        let text = match case.status {
            Status::Code(code) => format!("{code}"),
            Status::Range(class) => format!("{class}XX"),
            Status::Default => "Any other status".to_owned(),
        };
        let about = case.docs.lines().next().unwrap_or_default();
        let text = if about.is_empty() {
            text
        } else {
            format!("{text}: {about}")
        };
        let docs = markdown::paragraphs([text.as_str()]);
        let name = ident(&case.name);
        match &case.payload {
            Some(payload) => {
                let ty = payload_type(payload, whole);
                quote!(#docs #name(#ty),)
            }
            None => quote!(#docs #name,),
        }
    });
    let mut sorted: Vec<&ResponseCase> = cases.iter().collect();
    sorted.sort_by_key(|case| case.status);
    let has_default = sorted
        .iter()
        .any(|case| case.status == Status::Default && !is_success);
    let arms = sorted.iter().enumerate().map(|(index, case)| {
        let pattern = status_pattern(case.status, is_success);
        let read = read_payload(case, Some(&ident(&case.name)));
        // Of several media types the last stands for whatever else the server sends.
        let more = sorted
            .get(index + 1)
            .is_some_and(|next| next.status == case.status);
        let guard = case.payload.as_ref().filter(|_| more).map(|payload| {
            let same = sorted.iter().filter(|other| other.status == case.status);
            let json = same.filter_map(|other| other.payload.as_ref());
            let is_only_json = payload.kind == BodyKind::Json
                && json.filter(|other| other.kind == BodyKind::Json).count() == 1;
            // The one JSON body stands for whatever is built on JSON.
            let stated = payload.media_types.iter();
            let stated = stated.filter(|media_type| !(is_only_json && is_json(media_type)));
            let stated = stated.map(|media_type| quote!(response.is_media_type(#media_type)));
            let json = is_only_json.then(|| quote!(response.is_json()));
            let checks = json.into_iter().chain(stated);
            quote!(if #(#checks)||*)
        });
        quote!(#pattern #guard => #read,)
    });
    let otherwise = (!has_default).then(|| quote!(_ => response.undocumented(),));
    let (response, read) = match sorted.as_slice() {
        [only] if has_default => {
            let is_read = only.payload.is_some();
            let response = ident(if is_read { "response" } else { "_response" });
            (response, read_payload(only, Some(&ident(&only.name))))
        }
        _ => {
            let read = quote! {
                match response.status() {
                    #(#arms)*
                    #otherwise
                }
            };
            (ident("response"), read)
        }
    };
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            fn from_response(#response: &rt::RawResponse) -> Result<Self, rt::BodyError> {
                #read
            }
        }
    }
}

/// The type in which a whole body is handed out: events are its text until they are taken apart.
fn payload_type(payload: &Payload, whole: &Crate) -> TokenStream {
    match payload.kind {
        BodyKind::Events => quote!(String),
        _ => type_tokens(&payload.ty, whole),
    }
}

fn status_pattern(status: Status, is_success: bool) -> TokenStream {
    let literal = |code: u16| proc_macro2::Literal::u16_unsuffixed(code);
    match status {
        Status::Code(code) => {
            let code = literal(code);
            quote!(#code)
        }
        Status::Range(class) => {
            let first = literal(u16::from(class) * 100);
            let last = literal(u16::from(class) * 100 + 99);
            quote!(#first..=#last)
        }
        Status::Default if is_success => quote!(200..=299),
        Status::Default => quote!(_),
    }
}

fn read_payload(case: &ResponseCase, variant: Option<&Ident>) -> TokenStream {
    let Some(payload) = &case.payload else {
        return match variant {
            Some(variant) => quote!(Ok(Self::#variant)),
            None => quote!(Ok(())),
        };
    };
    let read = match payload.kind {
        BodyKind::Json | BodyKind::Form | BodyKind::Multipart => quote!(response.json()),
        BodyKind::Text | BodyKind::Events => quote!(response.text()),
        BodyKind::Bytes => quote!(Ok(response.bytes().clone())),
    };
    match (variant, payload.kind) {
        (Some(variant), BodyKind::Bytes) => quote!(Ok(Self::#variant(response.bytes().clone()))),
        (Some(variant), _) => quote!(#read.map(Self::#variant)),
        (None, _) => read,
    }
}
