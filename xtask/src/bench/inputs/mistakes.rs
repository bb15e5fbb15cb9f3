//! What is wrong with the elements that are.

use serde_json::{Map, Value, json};

use super::random::{Random, Stream};

/// One mistake in an exported profile, which stays well-formed JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    AttributesAnArray,
    EnabledAText,
    FractionalCount,
    MappingsAnObject,
    NameANumber,
    NoAuthoritativeSource,
    NoName,
    NullAttributeName,
    OwnerNotIdentity,
    PriorityAText,
    SourceNotSource,
    UnknownDtoType,
}

impl Mistake {
    pub(super) const ALL: [Self; 12] = [
        Self::AttributesAnArray,
        Self::EnabledAText,
        Self::FractionalCount,
        Self::MappingsAnObject,
        Self::NameANumber,
        Self::NoAuthoritativeSource,
        Self::NoName,
        Self::NullAttributeName,
        Self::OwnerNotIdentity,
        Self::PriorityAText,
        Self::SourceNotSource,
        Self::UnknownDtoType,
    ];

    /// The mistake of the element with this index, where one of `every` elements has one.
    pub(super) fn of(index: u64, every: u64) -> Option<Self> {
        let every = every.max(1);
        let block = index / every;
        // One in each block, at a place of its own, so that there is no beat to predict.
        let place = Random::new(Stream::Mistake, block).below(every);
        let kind = usize::try_from(block % 12).unwrap_or_default();
        (index % every == place).then(|| Self::ALL[kind])
    }

    /// Makes the mistake in an exported profile.
    pub(super) fn make(self, element: &mut Value) {
        match self {
            Self::AttributesAnArray => {
                let definition = &mut mapping(element)["transformDefinition"];
                definition["attributes"] = json!(["attributeName", "sourceId"]);
            }
            Self::EnabledAText => {
                element["object"]["identityAttributeConfig"]["enabled"] = json!("true");
            }
            Self::FractionalCount => element["object"]["identityCount"] = json!(12.5),
            Self::MappingsAnObject => {
                element["object"]["identityAttributeConfig"]["attributeTransforms"] = json!({});
            }
            Self::NameANumber => element["object"]["name"] = json!(4711),
            Self::NoAuthoritativeSource => remove(element, "authoritativeSource"),
            Self::NoName => remove(element, "name"),
            Self::NullAttributeName => mapping(element)["identityAttributeName"] = Value::Null,
            Self::OwnerNotIdentity => {
                element["object"]["owner"] = json!({
                    "id": "5f1d7c3b9e8a4d62b0c4f7a1e2d3c4b5",
                    "name": "IAM Team",
                    "type": "GOVERNANCE_GROUP",
                });
            }
            Self::PriorityAText => element["object"]["priority"] = json!("high"),
            Self::SourceNotSource => {
                element["object"]["authoritativeSource"]["type"] = json!("APPLICATION");
            }
            Self::UnknownDtoType => element["self"]["type"] = json!("IDENTITY_PROFILES"),
        }
    }
}

/// A mapping in the middle of a profile's.
fn mapping(element: &mut Value) -> &mut Value {
    let mappings = &mut element["object"]["identityAttributeConfig"]["attributeTransforms"];
    let middle = mappings.as_array().map_or(0, |mappings| mappings.len() / 2);
    &mut mappings[middle]
}

fn remove(element: &mut Value, key: &str) {
    element["object"]
        .as_object_mut()
        .unwrap_or(&mut Map::new())
        .remove(key);
}
