//! Where clients find their base URL and credentials.

/// A place where clients find settings.
#[derive(Clone, Debug)]
pub struct ConfigurationSource {
    /// Which place it is.
    pub place: ConfigurationPlace,
    /// What is there.
    pub values: Vec<ConfiguredValue>,
}

/// The kinds of place.
#[derive(Clone, Debug)]
pub enum ConfigurationPlace {
    /// Environment variables
    Environment,
    /// A file
    File {
        /// Its path; `~/` stands for the home folder.
        path: String,
        /// Pointers to the name of the set of settings that is in force, and to the object that
        /// holds the sets by name.
        selection: Option<(String, String)>,
    },
}

/// A setting and where it stands.
#[derive(Clone, Debug)]
pub struct ConfiguredValue {
    /// What it is.
    pub setting: Setting,
    /// The variable's name, or the JSON Pointer in the file.
    pub at: String,
    /// Whether a place without it is complete.
    pub is_optional: bool,
    /// What to tell a user who lacks it; may be empty.
    pub help: String,
}

/// What a client can be configured with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Where the API is served, without the path of the document's server
    BaseUrl,
    /// The client's id for the client credentials flow
    ClientId,
    /// The client's secret for the client credentials flow
    ClientSecret,
    /// A token to send as it is
    BearerToken,
    /// The user for HTTP Basic
    Username,
    /// The password for HTTP Basic
    Password,
    /// The key for the API key scheme of this name
    ApiKey(String),
}
