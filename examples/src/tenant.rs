//! Which tenant is called, and as whom.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use identity_profiles::rt::{Environment, SystemEnvironment};
use identity_profiles::v2024::Client;

/// A client for the tenant that the environment names.
///
/// With a prefix, variables have it before their names: with `SOURCE_` the base URL is in
/// `SOURCE_SAIL_BASE_URL`. `config` is a file of the form of `./config.json`; where it is given
/// nothing else is looked at.
pub fn client(prefix: &'static str, config: Option<&Path>) -> anyhow::Result<Client> {
    let environment = Place { prefix, config };
    let client = Client::builder_from(&environment)
        .and_then(|builder| builder.user_agent("identity-profiles-examples").build());
    match (config, prefix) {
        (Some(config), _) => client.with_context(|| format!("in {}", config.display())),
        (None, "") => Ok(client?),
        (None, _) => client.with_context(|| format!("with {prefix} before each variable's name")),
    }
}

/// Where one of several tenants' settings are.
struct Place<'a> {
    prefix: &'a str,
    config: Option<&'a Path>,
}

impl Environment for Place<'_> {
    fn variable(&self, name: &str) -> Option<OsString> {
        if self.config.is_some() {
            return None;
        }
        SystemEnvironment.variable(&format!("{}{name}", self.prefix))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.config {
            Some(config) if path == Path::new("config.json") => SystemEnvironment.read(config),
            // Two tenants cannot both be the one of the user's files.
            None if self.prefix.is_empty() => SystemEnvironment.read(path),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn home(&self) -> Option<PathBuf> {
        SystemEnvironment.home()
    }
}
