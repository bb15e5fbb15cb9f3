//! Where a client's settings come from: environment variables, and files of the user.
//!
//! Generated code states the places ([`Configuration`]); [`Configuration::builder`] reads them, in
//! order. The first place that has any of the settings gives all of them, so that credentials for
//! one server never go to another: what is missing there is an error, not a reason to look further.

mod document;
mod environment;
mod source;

use std::fmt::Write as _;

use secrecy::ExposeSecret as _;
use url::Url;

use crate::http::{BuildError, Client, ClientBuilder, Document, HAS_USER, has_user};

pub use environment::{Environment, SystemEnvironment};
use source::{Found, Settings};

/// Where an API's clients find their settings.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// The places, the one that is looked at first before the others.
    pub sources: &'static [ConfigurationSource],
}

/// A place with settings.
#[derive(Clone, Copy, Debug)]
pub enum ConfigurationSource {
    /// Environment variables.
    Environment {
        /// What each variable holds; [`at`](ConfiguredValue::at) is its name.
        values: &'static [ConfiguredValue],
    },
    /// A file: JSON if its name ends with `.json`, else YAML.
    File {
        /// Its path: `~/` stands for the home folder; other relative paths start at the working
        /// folder.
        path: &'static str,
        /// Which part of the file holds the settings, if it has several sets of them.
        selection: Option<ConfigurationSelection>,
        /// What it holds; [`at`](ConfiguredValue::at) is a JSON Pointer (RFC 6901), from the root
        /// or from the selected part.
        values: &'static [ConfiguredValue],
    },
}

/// How a file says which of its sets of settings is in force.
#[derive(Clone, Copy, Debug)]
pub struct ConfigurationSelection {
    /// The JSON Pointer of the name of the set in force.
    pub name_at: &'static str,
    /// The JSON Pointer of the object that holds the sets by name. The name counts in any case of its
    /// letters, unless two sets differ in that alone.
    pub within: &'static str,
}

/// A setting and its place.
#[derive(Clone, Copy, Debug)]
pub struct ConfiguredValue {
    /// What it is.
    pub setting: Setting,
    /// The variable's name, or the JSON Pointer in the file.
    pub at: &'static str,
    /// Whether a place without it is complete.
    pub is_optional: bool,
    /// What to tell a user who lacks it; may be empty.
    pub help: &'static str,
}

impl ConfiguredValue {
    /// A setting that a place must have.
    pub const fn new(setting: Setting, at: &'static str) -> Self {
        Self {
            setting,
            at,
            is_optional: false,
            help: "",
        }
    }

    /// The same, where a place without it is complete.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// The same, with what to tell a user who lacks it.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }
}

/// What can be configured from outside of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setting {
    /// Where the API is served, without the path of the document's server
    /// ([`ClientBuilder::origin`]).
    BaseUrl,
    /// The client's id for OAuth 2.0's client credentials flow.
    ClientId,
    /// The client's secret for OAuth 2.0's client credentials flow.
    ClientSecret,
    /// A bearer token ([`ClientBuilder::bearer_token`]).
    BearerToken,
    /// The user for the basic scheme ([`ClientBuilder::basic`]).
    Username,
    /// The password for the basic scheme.
    Password,
    /// The key for the API key scheme of this name ([`ClientBuilder::api_key`]).
    ApiKey(&'static str),
}

impl Configuration {
    /// A client with the settings of the first place that has any.
    ///
    /// # Errors
    ///
    /// No place has any; the first that has lacks one; a file that is there cannot be read. The
    /// error names the variable, or the file and the place in it. It never holds a value.
    pub fn builder<C: From<Client>>(
        &self,
        document: &'static Document,
        environment: &dyn Environment,
    ) -> Result<ClientBuilder<C>, BuildError> {
        let settings = self.settings(environment).map_err(BuildError::new)?;
        apply(ClientBuilder::new(document), &settings).map_err(BuildError::new)
    }

    fn settings(&self, environment: &dyn Environment) -> Result<Settings, String> {
        let mut passed_over = Vec::new();
        for source in self.sources {
            match source.find(environment)? {
                Found::Settings(settings) => return Ok(settings),
                Found::Nothing(why) => passed_over.push(why),
            }
        }
        let mut message = String::from("no settings are found");
        for (index, why) in passed_over.iter().enumerate() {
            let separator = if index == 0 { ": " } else { "; " };
            let _ = write!(message, "{separator}{why}");
        }
        message.push_str(
            ". Give them in one of these places, or start with `Client::builder` and give them there",
        );
        Err(message)
    }
}

fn apply<C: From<Client>>(
    mut builder: ClientBuilder<C>,
    settings: &Settings,
) -> Result<ClientBuilder<C>, String> {
    let secret = |setting| settings.get(setting).map(|given| given.value.clone());
    let text = |setting| secret(setting).map(|value| value.expose_secret().to_owned());
    if let Some(given) = settings.get(Setting::BaseUrl) {
        let url = given.value.expose_secret();
        // The value is not shown: a secret may have been put in its place.
        let place = &given.place;
        let wrong = |why: &str| {
            format!("{place} is no absolute URL ({why}); expected one like https://host")
        };
        let read = Url::parse(url.trim()).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(read.scheme(), "http" | "https") {
            return Err(wrong("it is not http or https"));
        }
        if has_user(&read) {
            return Err(format!("{place} {HAS_USER}"));
        }
        builder = builder.origin(url);
    }
    if let (Some(id), Some(secret)) = (text(Setting::ClientId), secret(Setting::ClientSecret)) {
        builder = builder.client_credentials(id, secret);
    }
    if let Some(token) = secret(Setting::BearerToken) {
        builder = builder.bearer_token(token);
    }
    if let (Some(user), Some(password)) = (text(Setting::Username), secret(Setting::Password)) {
        builder = builder.basic(user, password);
    }
    for given in settings.all() {
        if let Setting::ApiKey(scheme) = given.setting {
            builder = builder.api_key(scheme, given.value.clone());
        }
    }
    Ok(builder)
}
