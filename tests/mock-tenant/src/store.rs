//! The profiles of a tenant.

use std::collections::HashMap;

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::world::World;

/// What the server manages; an import cannot set it.
const MANAGED: [&str; 3] = [
    "identityCount",
    "identityRefreshRequired",
    "hasTimeBasedAttr",
];
/// What filters and sorters look at.
const INDEXED: [&str; 6] = ["id", "name", "priority", "created", "modified", "owner"];

/// A profile, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// What filters and sorters look at.
    pub(crate) index: Value,
    /// The whole, as JSON.
    pub(crate) text: Bytes,
}

impl Profile {
    fn new(value: &Value) -> Self {
        let indexed = INDEXED
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), value.get(name)?.clone())));
        Self {
            index: Value::Object(indexed.collect()),
            text: value.to_string().into(),
        }
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.index[name].as_str().unwrap_or_default()
    }

    /// The profile in its envelope, as JSON.
    pub(crate) fn exported(&self, text: &mut Vec<u8>) {
        let about = json!({
            "type": "IDENTITY_PROFILE",
            "id": self.index["id"],
            "name": self.index["name"],
        });
        text.extend_from_slice(b"{\"version\":1,\"self\":");
        text.extend_from_slice(about.to_string().as_bytes());
        text.extend_from_slice(b",\"object\":");
        text.extend_from_slice(&self.text);
        text.push(b'}');
    }

    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.text).unwrap_or_default()
    }
}

/// All profiles, in the order in which they were created.
#[derive(Debug)]
pub(crate) struct Store {
    profiles: Vec<Profile>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    random: Random,
}

impl Store {
    /// So many profiles, made up.
    pub(crate) fn made_up(world: &World, seed: u64, count: usize) -> Self {
        let mut store = Self {
            profiles: Vec::with_capacity(count),
            by_id: HashMap::new(),
            by_name: HashMap::new(),
            random: Random::new(!seed),
        };
        for number in 0..count {
            store.put(None, &world.profile(seed, number));
        }
        store
    }

    pub(crate) fn all(&self) -> &[Profile] {
        &self.profiles
    }

    /// The profile with this id, whatever its hyphens and case.
    pub(crate) fn get(&self, id: &str) -> Option<&Profile> {
        self.profiles.get(*self.by_id.get(&plain(id))?)
    }

    /// Creates a profile, or changes the one with its id, or else its name; id and name of it.
    ///
    /// Of what is already there the id, the time of creation and what the server manages stay.
    pub(crate) fn import(&mut self, object: &Map<String, Value>, now: &str) -> (String, Value) {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let by_id = text("id").and_then(|id| self.by_id.get(&plain(id)));
        let by_name = || text("name").and_then(|name| self.by_name.get(name));
        let at = by_id.or_else(by_name).copied();
        let existing = at.and_then(|at| self.profiles.get(at)).map(Profile::value);
        let kept = |name: &str| {
            existing
                .as_ref()
                .and_then(|existing| existing.get(name))
                .cloned()
        };
        let id = kept("id").unwrap_or_else(|| Value::String(self.random.id()));
        let mut profile = object.clone();
        profile.insert("id".to_owned(), id.clone());
        let created = kept("created").unwrap_or_else(|| now.into());
        profile.insert("created".to_owned(), created);
        profile.insert("modified".to_owned(), now.into());
        for name in MANAGED {
            let value = kept(name).unwrap_or_else(|| match name {
                "identityCount" => 0.into(),
                _ => false.into(),
            });
            profile.insert(name.to_owned(), value);
        }
        let name = profile.get("name").cloned().unwrap_or_default();
        self.put(at, &Value::Object(profile));
        (id.as_str().unwrap_or_default().to_owned(), name)
    }

    fn put(&mut self, at: Option<usize>, value: &Value) {
        let profile = Profile::new(value);
        let at = at.unwrap_or(self.profiles.len());
        if let Some(before) = self.profiles.get(at)
            && self.by_name.get(before.field("name")) == Some(&at)
        {
            self.by_name.remove(before.field("name"));
        }
        self.by_id.insert(plain(profile.field("id")), at);
        if profile.index["name"].is_string() {
            self.by_name.insert(profile.field("name").to_owned(), at);
        }
        match self.profiles.get_mut(at) {
            Some(place) => *place = profile,
            None => self.profiles.push(profile),
        }
    }
}

/// An id by which both of its forms are found.
fn plain(id: &str) -> String {
    id.chars()
        .filter(|character| *character != '-')
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_changes_the_profile_that_has_the_id_or_the_name() {
        let world = World::new(1);
        let mut store = Store::made_up(&world, 1, 3);
        let second = store.all()[1].value();
        let mut import = |object: Value| {
            let object = object.as_object().expect("an object").clone();
            store.import(&object, "2026-01-01T00:00:00Z").0
        };
        let id = second["id"].as_str().expect("an id");
        let hyphens = format!("{}-{}", &id[..8], &id[8..]).to_uppercase();
        assert_eq!(import(json!({"id": hyphens, "name": "renamed"})), id);
        assert_eq!(import(json!({"name": "renamed", "extra": 1})), id);
        let new = import(json!({"id": "of another tenant", "name": second["name"]}));
        assert_ne!(new, id);
        assert_eq!(store.all().len(), 4);
        let changed = store.get(id).expect("it is there").value();
        assert_eq!(changed["extra"], 1);
        assert_eq!(changed["created"], second["created"]);
        assert_eq!(changed["identityCount"], second["identityCount"]);
        assert_eq!(changed["modified"], "2026-01-01T00:00:00Z");
    }
}
