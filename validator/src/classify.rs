//! Which schema an element is held against.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    ProfileName,
    dto_types::IDENTITY_PROFILE,
    json::{names, tape::Node},
};

/// Keys that only identity profiles have, of all that stand at the top of exported objects.
const PROFILE_KEYS: &[&str] = &[
    "authoritativeSource",
    "identityAttributeConfig",
    "identityExceptionReportReference",
    "identityRefreshRequired",
    "hasTimeBasedAttr",
];

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An exported identity profile, or something that must be taken for one.
    ExportedProfile,
    /// A profile under a `self.type` that names another type.
    MislabelledProfile,
    /// An exported object of another type: only its envelope is checked.
    OtherObject,
    /// A profile without an envelope.
    BareProfile,
    /// An object that is neither an exported object nor a profile.
    NoExport,
}

impl Kind {
    /// A profile in the place of an object that is not known to be one, if it is to be taken for one.
    pub(crate) fn or_profile(self, takes_for_profile: bool) -> Self {
        match self {
            Self::NoExport if takes_for_profile => Self::BareProfile,
            kind => kind,
        }
    }
}

/// Classifies an element; `is_known` tells the DTO types of all editions.
pub(crate) fn classify(element: &Value, is_known: impl Fn(&str) -> bool) -> Kind {
    let Some(members) = element.as_object() else {
        return Kind::ExportedProfile;
    };
    let has = |key: &str| members.contains_key(key);
    if !has("self") && !has("object") {
        return if has_profile_keys(has) {
            Kind::BareProfile
        } else {
            Kind::NoExport
        };
    }
    match element.pointer("/self/type").and_then(Value::as_str) {
        None | Some(IDENTITY_PROFILE) => Kind::ExportedProfile,
        Some(_) if !holds_profile(element) => Kind::OtherObject,
        Some(name) if is_known(name) => Kind::MislabelledProfile,
        // The unknown name is an error already, and says what to write in its place.
        Some(_) => Kind::ExportedProfile,
    }
}

/// Classifies an element as [`classify`] does, without its value.
pub(crate) fn classify_node(element: Node<'_>, is_known: impl Fn(&str) -> bool) -> Kind {
    if !element.is_object() {
        return Kind::ExportedProfile;
    }
    let has_profile_keys = |object: Node<'_>| {
        has_profile_keys(|key| {
            let name = object.name_of(key);
            name.is_some_and(|name| object.get(name).is_some())
        })
    };
    let about = element.get(names::SELF);
    let object = element.get(names::OBJECT);
    if about.is_none() && object.is_none() {
        return if has_profile_keys(element) {
            Kind::BareProfile
        } else {
            Kind::NoExport
        };
    }
    let dto_type = about.and_then(|about| about.get(names::TYPE));
    if dto_type.is_none_or(|dto_type| dto_type.is_text(IDENTITY_PROFILE)) {
        return Kind::ExportedProfile;
    }
    let Some(name) = dto_type.and_then(|dto_type| dto_type.text()) else {
        return Kind::ExportedProfile;
    };
    match name {
        name if name == IDENTITY_PROFILE => Kind::ExportedProfile,
        _ if !object.is_some_and(has_profile_keys) => Kind::OtherObject,
        name if is_known(&name) => Kind::MislabelledProfile,
        _ => Kind::ExportedProfile,
    }
}

/// How an element names its profile, if it does.
pub(crate) fn profile_name(element: &Value) -> Option<ProfileName> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let keys = ["object", "self", "name", "id"];
    name_by(element, keys, |holder, key| holder.get(key), text)
}

/// How an element names its profile, as [`profile_name`] does, without its value.
pub(crate) fn name_of(element: Node<'_>) -> Option<ProfileName> {
    let text = |value: Node<'_>| value.text().map(Cow::into_owned);
    let keys = [names::OBJECT, names::SELF, names::NAME, names::ID];
    name_by(element, keys, |holder, key| holder.get(key), text)
}

/// How an element names its profile: in its `object`, or in `self` if not there; where it has neither,
/// it is the profile.
fn name_by<E: Copy, K: Copy>(
    element: E,
    [object, about, name, id]: [K; 4],
    get: impl Fn(E, K) -> Option<E>,
    text: impl Fn(E) -> Option<String>,
) -> Option<ProfileName> {
    let holders = match [object, about].map(|key| get(element, key)) {
        [None, None] => [Some(element), None],
        exported => exported,
    };
    let of = |key| {
        let values = holders.into_iter().flatten();
        let mut texts = values.filter_map(|holder| text(get(holder, key)?));
        texts.find(|text| !text.is_empty())
    };
    let (name, id) = (of(name), of(id));
    (name.is_some() || id.is_some()).then_some(ProfileName { name, id })
}

/// Whether an element's `object` has what no other type of object has.
pub(crate) fn holds_profile(element: &Value) -> bool {
    element
        .get("object")
        .and_then(Value::as_object)
        .is_some_and(|object| has_profile_keys(|key| object.contains_key(key)))
}

/// Whether the keys of an object are those of an identity profile; `has` tells which it has.
pub(crate) fn has_profile_keys(has: impl Fn(&str) -> bool) -> bool {
    // Lifecycle states count identities too, and always have a technical name.
    PROFILE_KEYS.iter().any(|key| has(key)) || has("identityCount") && !has("technicalName")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(element: &Value, expected: Kind) {
        let known = ["IDENTITY_PROFILE", "SOURCE", "LIFECYCLE_STATE"];
        assert_eq!(
            classify(element, |name| known.contains(&name)),
            expected,
            "{element}"
        );
    }

    #[test]
    fn every_key_of_profiles_tells_one() {
        for key in PROFILE_KEYS.iter().chain(&["identityCount"]) {
            let profile = json!({ *key: null });
            check(
                &json!({"self": {"type": "SOURCE"}, "object": profile}),
                Kind::MislabelledProfile,
            );
            check(
                &json!({"self": {"type": "ZZZ"}, "object": profile}),
                Kind::ExportedProfile,
            );
            check(&profile, Kind::BareProfile);
        }
        let state = json!({"technicalName": "active", "identityCount": 1});
        check(
            &json!({"self": {"type": "LIFECYCLE_STATE"}, "object": state}),
            Kind::OtherObject,
        );
        check(&state, Kind::NoExport);
    }

    #[test]
    fn an_object_that_does_not_look_like_a_profile_goes_by_its_type() {
        for object in [json!({"name": "HR"}), json!({}), json!(1)] {
            let typed = |dto_type: Value| json!({"self": {"type": dto_type}, "object": object});
            check(&typed(json!("IDENTITY_PROFILE")), Kind::ExportedProfile);
            check(&typed(json!(null)), Kind::ExportedProfile);
            check(&typed(json!("SOURCE")), Kind::OtherObject);
            check(&typed(json!("ZZZ")), Kind::OtherObject);
            check(
                &json!({"self": {}, "object": object}),
                Kind::ExportedProfile,
            );
            check(&json!({"object": object}), Kind::ExportedProfile);
        }
        check(
            &json!({"self": {"type": "IDENTITY_PROFILE"}}),
            Kind::ExportedProfile,
        );
        check(&json!({}), Kind::NoExport);
        check(&json!({"version": 1}), Kind::NoExport);
        check(&json!(null), Kind::ExportedProfile);
    }
}
