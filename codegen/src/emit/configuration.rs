//! The part of a client that finds its settings by itself.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{ConfigurationPlace, ConfigurationSource, ConfiguredValue, Edition, Setting};

use super::markdown;

/// The Cargo feature that the items are behind.
pub(super) const FEATURE: &str = "configuration";

/// The methods, and the constant that says where settings are; nothing if the document does not.
pub(super) fn items(edition: &Edition, client_path: &str) -> TokenStream {
    if edition.configuration.is_empty() {
        return TokenStream::new();
    }
    let sources = edition.configuration.iter().map(source_tokens);
    let from_env = markdown::lines(
        [
            "A client with the base URL and the credentials that the program is started with.",
            "",
            "The first of these places that has any of them gives all:",
            "",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain(places(edition))
        .chain([
            String::new(),
            "The error names what is missing, and where.".to_owned(),
            String::new(),
            "```no_run".to_owned(),
            "# fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
            format!("let client = {client_path}::from_env()?;"),
            "# let _ = client;".to_owned(),
            "# Ok(())".to_owned(),
            "# }".to_owned(),
            "```".to_owned(),
        ])
        .collect::<Vec<_>>()
        .iter()
        .map(String::as_str),
    );
    let builder_from_env = markdown::line(
        "Starts a client as [`from_env`](Self::from_env) does, to be configured further.",
    );
    let builder_from = markdown::line(
        "Starts a client with the settings of an environment that need not be the process's own.",
    );
    quote! {
        #[cfg(feature = #FEATURE)]
        impl Client {
            #from_env
            pub fn from_env() -> Result<Self, rt::BuildError> {
                Self::builder_from_env()?.build()
            }

            #builder_from_env
            pub fn builder_from_env() -> Result<rt::ClientBuilder<Self>, rt::BuildError> {
                Self::builder_from(&rt::SystemEnvironment)
            }

            #builder_from
            pub fn builder_from(
                environment: &dyn rt::Environment,
            ) -> Result<rt::ClientBuilder<Self>, rt::BuildError> {
                CONFIGURATION.builder(&DOCUMENT, environment)
            }
        }

        #[cfg(feature = #FEATURE)]
        static CONFIGURATION: rt::Configuration = rt::Configuration {
            sources: &[#(#sources),*],
        };
    }
}

/// The places as a numbered list.
fn places(edition: &Edition) -> Vec<String> {
    let sources = edition.configuration.iter().enumerate();
    sources
        .map(|(index, source)| {
            let values = source.values.iter();
            let values: Vec<String> = values.map(|value| markdown::code(&value.at)).collect();
            let values = values.join(", ");
            let place = match &source.place {
                ConfigurationPlace::Environment => format!("the environment variables {values}"),
                ConfigurationPlace::File { path, selection } => {
                    let path = markdown::code(path);
                    let part = selection.as_ref().map(|(name_at, within)| {
                        let (within, name_at) = (markdown::code(within), markdown::code(name_at));
                        format!(" in the member of {within} that {name_at} names")
                    });
                    let part = part.unwrap_or_default();
                    format!("the file {path}: {values}{part}")
                }
            };
            format!("{}. {place}", index + 1)
        })
        .collect()
}

fn source_tokens(source: &ConfigurationSource) -> TokenStream {
    let values = source.values.iter().map(value_tokens);
    match &source.place {
        ConfigurationPlace::Environment => {
            quote!(rt::ConfigurationSource::Environment { values: &[#(#values),*] })
        }
        ConfigurationPlace::File { path, selection } => {
            let selection = match selection {
                None => quote!(None),
                Some((name_at, within)) => quote! {
                    Some(rt::ConfigurationSelection { name_at: #name_at, within: #within })
                },
            };
            quote! {
                rt::ConfigurationSource::File {
                    path: #path,
                    selection: #selection,
                    values: &[#(#values),*],
                }
            }
        }
    }
}

fn value_tokens(value: &ConfiguredValue) -> TokenStream {
    let ConfiguredValue {
        setting,
        at,
        is_optional,
        help,
    } = value;
    let setting = match setting {
        Setting::BaseUrl => quote!(BaseUrl),
        Setting::ClientId => quote!(ClientId),
        Setting::ClientSecret => quote!(ClientSecret),
        Setting::BearerToken => quote!(BearerToken),
        Setting::Username => quote!(Username),
        Setting::Password => quote!(Password),
        Setting::ApiKey(scheme) => quote!(ApiKey(#scheme)),
    };
    let optional = is_optional.then(|| quote!(.optional()));
    let help = (!help.is_empty()).then(|| quote!(.help(#help)));
    quote!(rt::ConfiguredValue::new(rt::Setting::#setting, #at) #optional #help)
}
