//! The editions of the API whose schemas files are checked against.

use std::{fmt, str::FromStr};

use crate::SchemaError;

/// An edition of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Edition {
    /// v3 as it is now.
    V3,
    /// v2024; its profile schemas are those of v3.
    #[default]
    V2024,
    /// An early edition of v3, which requires nothing and says nothing about null.
    V3Legacy,
}

/// The text is the name of no edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEdition(String);

impl fmt::Display for UnknownEdition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Edition::ALL.map(Edition::name).join(", ");
        write!(f, "unknown edition {:?}; expected one of {names}", self.0)
    }
}

impl std::error::Error for UnknownEdition {}

/// The text of the JSON Schemas (2020-12) that an edition's files are held against.
pub(crate) struct SchemaTexts {
    /// Of one element of an export: `{version, self, object}`.
    pub(crate) exported_object: &'static str,
    /// Of an identity profile alone.
    pub(crate) profile: &'static str,
}

macro_rules! schema_texts {
    ($edition:literal) => {
        SchemaTexts {
            exported_object: include_str!(concat!(
                "../../generated/schemas/",
                $edition,
                "/IdentityProfileExportedObject.schema.json"
            )),
            profile: include_str!(concat!(
                "../../generated/schemas/",
                $edition,
                "/IdentityProfile.schema.json"
            )),
        }
    };
}

static V3_SCHEMAS: SchemaTexts = schema_texts!("v3");
static V2024_SCHEMAS: SchemaTexts = schema_texts!("v2024");
static V3_LEGACY_SCHEMAS: SchemaTexts = schema_texts!("v3-legacy");

impl Edition {
    /// All editions.
    pub const ALL: [Self; 3] = [Self::V3, Self::V2024, Self::V3Legacy];

    /// The edition's name on the command line: `v3`, `v2024`, `v3-legacy`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V2024 => "v2024",
            Self::V3Legacy => "v3-legacy",
        }
    }

    /// Whether the edition says which properties may be null.
    ///
    /// Files from real tenants hold nulls in most profiles, so where the documents are silent a
    /// null is taken for an absent property.
    pub(crate) const fn states_nulls(self) -> bool {
        !matches!(self, Self::V3Legacy)
    }

    /// The edition that took this one's place: the types of objects it knows are known here too.
    pub(crate) const fn successor(self) -> Option<Self> {
        match self {
            Self::V3Legacy => Some(Self::V3),
            Self::V3 | Self::V2024 => None,
        }
    }

    /// The JSON Schema of one element of an export.
    pub(crate) fn exported_object(self) -> Result<serde_json::Value, SchemaError> {
        let text = self.schema_texts().exported_object;
        serde_json::from_str(text).map_err(|error| SchemaError::new("exported objects", &error))
    }

    /// The JSON Schema of an identity profile.
    pub(crate) fn profile(self) -> Result<serde_json::Value, SchemaError> {
        let text = self.schema_texts().profile;
        serde_json::from_str(text).map_err(|error| SchemaError::new("identity profiles", &error))
    }

    pub(crate) const fn schema_texts(self) -> &'static SchemaTexts {
        match self {
            Self::V3 => &V3_SCHEMAS,
            Self::V2024 => &V2024_SCHEMAS,
            Self::V3Legacy => &V3_LEGACY_SCHEMAS,
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|edition| edition.name() == name)
            .ok_or_else(|| UnknownEdition(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for edition in Edition::ALL {
            assert_eq!(edition.to_string().parse(), Ok(edition));
        }
        let error = "v4".parse::<Edition>().expect_err("there is no v4");
        let message = error.to_string();
        assert_eq!(
            message,
            "unknown edition \"v4\"; expected one of v3, v2024, v3-legacy"
        );
    }
}
