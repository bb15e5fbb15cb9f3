//! What a developer writes who has no client: `reqwest`, `serde_json` and a struct.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An identity profile. It loses what it does not name.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    id: Option<String>,
    name: Option<String>,
    created: Option<String>,
    modified: Option<String>,
    description: Option<String>,
    owner: Option<Reference>,
    priority: Option<i64>,
    authoritative_source: Reference,
    identity_refresh_required: Option<bool>,
    identity_count: Option<i32>,
    identity_attribute_config: Option<Config>,
    identity_exception_report_reference: Option<Value>,
    has_time_based_attr: Option<bool>,
}

/// An object of an export.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Exported {
    version: Option<i64>,
    #[serde(rename = "self")]
    about: Option<Reference>,
    object: Option<Profile>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    enabled: Option<bool>,
    attribute_transforms: Option<Vec<Mapping>>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    identity_attribute_name: Option<String>,
    transform_definition: Option<Definition>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Definition {
    #[serde(rename = "type")]
    kind: Option<String>,
    /// A transform's attributes differ from type to type.
    attributes: Option<serde_json::Map<String, Value>>,
}
