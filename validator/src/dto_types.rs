//! The types of exported objects: what is known of the values of `self.type`.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

use crate::{Edition, SchemaError, authority::documented_dto_types, nearest::nearest};

/// The DTO type of identity profiles.
pub(crate) const IDENTITY_PROFILE: &str = "IDENTITY_PROFILE";

/// The types of objects that an import takes.
pub(crate) const IMPORTABLE: [&str; 7] = [
    "CONNECTOR_RULE",
    "IDENTITY_OBJECT_CONFIG",
    IDENTITY_PROFILE,
    "RULE",
    "SOURCE",
    "TRANSFORM",
    "TRIGGER_SUBSCRIPTION",
];

/// The types that any edition documents, or that an import takes.
///
/// Editions name different ones, none of them all, and backups hold those of every edition.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let schemas = Edition::ALL.into_iter().flat_map(Edition::exported_object);
    let mut known: BTreeSet<String> = schemas
        .flat_map(|schema| documented_dto_types(&schema))
        .collect();
    known.extend(IMPORTABLE.map(ToOwned::to_owned));
    known
});

/// The types that an edition documents, those of its successor with them.
#[derive(Debug)]
pub(crate) struct DtoTypes(BTreeSet<String>);

impl DtoTypes {
    /// Those of an edition.
    pub(crate) fn of(edition: Edition) -> Result<Self, SchemaError> {
        let mut documented = documented_dto_types(&edition.exported_object()?);
        if let Some(successor) = edition.successor() {
            documented.extend(documented_dto_types(&successor.exported_object()?));
        }
        Ok(Self(documented))
    }

    /// The documented ones, in their order.
    pub(crate) fn documented(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a type is one of any edition.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.0.contains(name) || KNOWN.contains(name)
    }

    /// The type that was meant by one that is not known; none for a known one, and for one that may
    /// be newer than the documents.
    pub(crate) fn meant(&self, name: &str) -> Option<&'static str> {
        if self.knows(name) {
            return None;
        }
        let near = nearest(name, KNOWN.iter().map(String::as_str))?;
        // A slip of the pen adds no word: `ROLE_TEMPLATE` is no misspelt `ROLE`.
        (words(name) <= words(near)).then_some(near)
    }

    /// Lets a schema take the types too that only the successor documents or only an import takes.
    pub(crate) fn add_to(&self, schema: &mut Value) {
        match schema {
            Value::Object(members) => {
                if let Some(Value::Array(names)) = members.get_mut("enum")
                    && names.iter().any(|name| name == IDENTITY_PROFILE)
                {
                    let all = self.documented().chain(IMPORTABLE).map(Value::from);
                    let others: Vec<Value> = all.filter(|name| !names.contains(name)).collect();
                    names.extend(others);
                }
                members.values_mut().for_each(|member| self.add_to(member));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.add_to(item)),
            _ => {}
        }
    }
}

fn words(name: &str) -> usize {
    name.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(edition: Edition) -> DtoTypes {
        DtoTypes::of(edition).expect("the schemas are whole")
    }

    #[test]
    fn types_of_all_editions_and_of_imports_are_known_in_each() {
        for edition in Edition::ALL {
            let types = types(edition);
            let count = match edition {
                Edition::V3Legacy => 26 + 14,
                _ => 24,
            };
            assert_eq!(types.documented().count(), count, "{edition}");
            for name in ["ACCOUNT", "CLUSTER", "SEGMENT"]
                .into_iter()
                .chain(IMPORTABLE)
            {
                assert!(types.knows(name), "{edition}: {name}");
                assert_eq!(types.meant(name), None, "{edition}: {name}");
            }
        }
    }

    #[test]
    fn a_slip_is_told_from_a_new_type() {
        let types = types(Edition::V2024);
        for (name, expected) in [
            ("IDENTITY_PROFIL", Some(IDENTITY_PROFILE)),
            ("identityProfile", Some(IDENTITY_PROFILE)),
            ("CONNECTOR_RUL", Some("CONNECTOR_RULE")),
            ("source", Some("SOURCE")),
            ("ROLE_V2", None),
            ("RECOMMENDATION", None),
            ("", None),
        ] {
            assert_eq!(types.meant(name), expected, "{name}");
        }
    }

    #[test]
    fn schemas_are_made_to_take_what_imports_take() {
        let mut schema = Edition::V3Legacy.exported_object().expect("it is whole");
        let types = types(Edition::V3Legacy);
        types.add_to(&mut schema);
        let taken = documented_dto_types(&schema);
        let all = types.documented().chain(IMPORTABLE);
        assert_eq!(taken, all.map(ToOwned::to_owned).collect());
    }
}
