//! Where clients find their settings, as plain data.

use crate::ir;
use crate::resolve::{ConfigurationPlace, ConfigurationSource, ConfiguredValue, Setting};

pub(super) fn source(source: &ConfigurationSource<'_>) -> ir::ConfigurationSource {
    ir::ConfigurationSource {
        place: match source.place {
            ConfigurationPlace::Environment => ir::ConfigurationPlace::Environment,
            ConfigurationPlace::File { path, selection } => ir::ConfigurationPlace::File {
                path: path.to_owned(),
                selection: selection.map(|(name, within)| (name.to_owned(), within.to_owned())),
            },
        },
        values: source.values.iter().map(value).collect(),
    }
}

fn value(value: &ConfiguredValue<'_>) -> ir::ConfiguredValue {
    ir::ConfiguredValue {
        setting: match value.setting {
            Setting::BaseUrl => ir::Setting::BaseUrl,
            Setting::ClientId => ir::Setting::ClientId,
            Setting::ClientSecret => ir::Setting::ClientSecret,
            Setting::BearerToken => ir::Setting::BearerToken,
            Setting::Username => ir::Setting::Username,
            Setting::Password => ir::Setting::Password,
            Setting::ApiKey(scheme) => ir::Setting::ApiKey(scheme.to_owned()),
        },
        at: value.at.to_owned(),
        is_optional: value.is_optional,
        help: value.help.unwrap_or_default().trim().to_owned(),
    }
}
