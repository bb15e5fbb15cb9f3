//! The kinds of payload and the generated types that they go through.

use cross_crate_tests::json_difference::{Difference, differences};
use identity_profiles::{v3, v3_legacy, v2024};
use oas_runtime::Json;
use serde_json::Value;

/// What a payload is, and so which generated type reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Profile,
    Profiles,
    ExportedObject,
    ExportedObjects,
    ImportResult,
    ErrorResponse,
    Unauthorized,
    TooManyRequests,
}

/// A payload after it went through a type.
pub(crate) type Outcome = Result<Vec<Difference>, String>;

/// JSON text → type → JSON text, and where the two differ as JSON.
type RoundTrip = fn(&str) -> Outcome;

impl Kind {
    /// The kind of a JSON body of an operation.
    pub(crate) fn of_body(operation: &str, status: Option<u16>) -> Option<Self> {
        Some(match (operation, status) {
            ("listIdentityProfiles", Some(200)) => Self::Profiles,
            ("getIdentityProfile", Some(200)) => Self::Profile,
            ("exportIdentityProfiles", Some(200)) | ("importIdentityProfiles", None) => {
                Self::ExportedObjects
            }
            ("importIdentityProfiles", Some(200)) => Self::ImportResult,
            (_, Some(400 | 403 | 404 | 500)) => Self::ErrorResponse,
            (_, Some(401)) => Self::Unauthorized,
            (_, Some(429)) => Self::TooManyRequests,
            _ => return None,
        })
    }

    /// The types of this kind, one for each edition that has it.
    pub(crate) fn editions(self) -> Vec<(&'static str, RoundTrip)> {
        macro_rules! each {
            ($type:ident in $($module:ident)*) => {
                vec![$((edition(stringify!($module)), round_trip::<$module::$type> as RoundTrip)),*]
            };
            ([$type:ident] in $($module:ident)*) => {
                vec![$((edition(stringify!($module)), round_trip::<Vec<$module::$type>> as RoundTrip)),*]
            };
        }
        match self {
            Self::Profile => each!(IdentityProfile in v3 v2024 v3_legacy),
            Self::Profiles => each!([IdentityProfile] in v3 v2024 v3_legacy),
            Self::ExportedObject => each!(IdentityProfileExportedObject in v3 v2024 v3_legacy),
            Self::ExportedObjects => each!([IdentityProfileExportedObject] in v3 v2024 v3_legacy),
            Self::ImportResult => each!(ObjectImportResult in v3 v2024),
            Self::ErrorResponse => each!(ErrorResponse in v3 v2024 v3_legacy),
            Self::Unauthorized => each!(UnauthorizedResponse in v3 v2024 v3_legacy),
            Self::TooManyRequests => each!(TooManyRequestsResponse in v3 v2024 v3_legacy),
        }
    }
}

/// The edition's name, as its document in `spec/` has it.
fn edition(module: &'static str) -> &'static str {
    match module {
        "v3_legacy" => "v3-legacy",
        other => other,
    }
}

/// Goes the way that a client goes: text, value, type, and through `serde` as well.
fn round_trip<T>(text: &str) -> Outcome
where
    T: Json + serde::Serialize + serde::de::DeserializeOwned,
{
    let before: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let typed = T::from_json(before.clone()).map_err(|error| error.to_string())?;
    let written = typed.to_json();
    let by_serde: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let text = serde_json::to_string(&by_serde).map_err(|error| error.to_string())?;
    let again: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if again != written {
        return Err("serde and Json write different values".to_owned());
    }
    Ok(differences(&before, &written))
}

/// Fails unless the payload goes through the type of each edition unchanged, to the last digit.
#[track_caller]
pub(crate) fn check_unchanged(kind: Kind, payload: &Value, name: &str) {
    for (edition, round_trip) in kind.editions() {
        check_edition(edition, round_trip, payload, name);
    }
}

#[track_caller]
pub(crate) fn check_edition(edition: &str, round_trip: RoundTrip, payload: &Value, name: &str) {
    match round_trip(&payload.to_string()) {
        Ok(found) => assert_eq!(found, [], "{name} through {edition}"),
        Err(error) => panic!("{name} through {edition}: {error}\n{payload:#}"),
    }
}
