//! The client of an edition: its type and what all its operations share.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{Edition, Location, SecurityScheme, SecuritySchemeKind, Server};

use super::{configuration, markdown};

/// The client type of an edition and the constant that describes its document.
pub(super) fn client_items(edition: &Edition, client_path: &str) -> TokenStream {
    let servers = edition.servers.iter().map(server_tokens);
    let variables = operation_variables(edition);
    let schemes = edition.security_schemes.iter().map(scheme_tokens);
    let title = match edition.title.as_str() {
        "" => "the API".to_owned(),
        title => title.replace(['\n', '\r', '`', '[', ']', '<', '>'], " "),
    };
    let docs = markdown::lines([
        format!("The client of {}.", title.trim()).as_str(),
        "",
        "It is cheap to clone; clones share connections, credentials and limits. A single request can",
        "be sent in another way than the client's others: [`rt::CallOptions`].",
        "",
        "```no_run",
        "# fn example() -> Result<(), Box<dyn std::error::Error>> {",
        format!("let client = {client_path}::builder()").as_str(),
        "    .base_url(\"http://127.0.0.1:8080\")",
        format!("    {}", credentials_example(edition)).as_str(),
        "    .build()?;",
        "# Ok(())",
        "# }",
        "```",
    ]);
    let rate_limit = match edition.rate_limit {
        Some((requests, seconds)) => {
            let (requests, seconds) = (
                Literal::u32_unsuffixed(requests),
                Literal::u32_unsuffixed(seconds),
            );
            quote!(Some(rt::RateLimit::per_seconds(#requests, #seconds)))
        }
        None => quote!(None),
    };
    let builder_docs =
        markdown::line("Starts a client; without a base URL it calls the document's first server.");
    let configuration = configuration::items(edition, client_path);
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct Client {
            inner: rt::Client,
        }

        impl Client {
            #builder_docs
            pub fn builder() -> rt::ClientBuilder<Self> {
                rt::ClientBuilder::new(&DOCUMENT)
            }
        }

        impl From<rt::Client> for Client {
            fn from(inner: rt::Client) -> Self {
                Self { inner }
            }
        }

        impl AsRef<rt::Client> for Client {
            fn as_ref(&self) -> &rt::Client {
                &self.inner
            }
        }

        static DOCUMENT: rt::Document = rt::Document {
            servers: &[#(#servers),*],
            operation_variables: &[#(#variables),*],
            security_schemes: &[#(#schemes),*],
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            rate_limit: #rate_limit,
        };

        #configuration
    }
}

/// The credentials of the first security scheme that takes some.
fn credentials_example(edition: &Edition) -> String {
    let of_scheme = |scheme: &SecurityScheme| match &scheme.kind {
        SecuritySchemeKind::OAuth2 { token_url: Some(_) } => {
            Some(".client_credentials(\"id\", \"secret\")".to_owned())
        }
        SecuritySchemeKind::Bearer
        | SecuritySchemeKind::OAuth2 { token_url: None }
        | SecuritySchemeKind::OpenIdConnect => Some(".bearer_token(\"token\")".to_owned()),
        SecuritySchemeKind::Basic => Some(".basic(\"user\", \"password\")".to_owned()),
        SecuritySchemeKind::ApiKey { .. } => Some(format!(".api_key({:?}, \"key\")", scheme.name)),
        SecuritySchemeKind::Other => None,
    };
    let mut examples = edition.security_schemes.iter().filter_map(of_scheme);
    // A document that names no scheme is silent on security.
    examples
        .next()
        .unwrap_or_else(|| ".bearer_token(\"token\")".to_owned())
}

/// The names of variables that only the servers of operations have, each once.
fn operation_variables(edition: &Edition) -> BTreeSet<&str> {
    fn names(servers: &[Server]) -> impl Iterator<Item = &str> {
        let variables = servers.iter().flat_map(|server| &server.variables);
        variables.map(|(name, _, _)| name.as_str())
    }
    let known: BTreeSet<&str> = names(&edition.servers).collect();
    let operations = edition.groups.iter().flat_map(|group| &group.operations);
    operations
        .flat_map(|operation| names(&operation.servers))
        .filter(|name| !known.contains(name))
        .collect()
}

/// A server as a constant.
pub(super) fn server_tokens(server: &Server) -> TokenStream {
    let (url, description) = (&server.url, &server.description);
    let variables = server.variables.iter().map(|(name, default, values)| {
        quote!(rt::ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
    });
    quote! {
        rt::Server { url: #url, description: #description, variables: &[#(#variables),*] }
    }
}

fn scheme_tokens(scheme: &SecurityScheme) -> TokenStream {
    let name = &scheme.name;
    let kind = match &scheme.kind {
        SecuritySchemeKind::Bearer => quote!(HttpBearer),
        SecuritySchemeKind::Basic => quote!(HttpBasic),
        SecuritySchemeKind::ApiKey {
            location,
            parameter,
        } => {
            let location = match location {
                Location::Query => quote!(Query),
                Location::Cookie => quote!(Cookie),
                Location::Header | Location::Path => quote!(Header),
            };
            quote!(ApiKey { location: rt::ApiKeyLocation::#location, name: #parameter })
        }
        SecuritySchemeKind::OAuth2 { token_url } => {
            let url = match token_url {
                Some(url) => quote!(Some(#url)),
                None => quote!(None),
            };
            quote!(OAuth2 { token_url: #url })
        }
        SecuritySchemeKind::OpenIdConnect => quote!(OpenIdConnect),
        SecuritySchemeKind::Other => quote!(Other),
    };
    quote!(rt::SecurityScheme { name: #name, kind: rt::SecuritySchemeKind::#kind })
}
