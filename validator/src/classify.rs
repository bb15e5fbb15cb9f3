//! Which schema an element is held against.

use serde_json::Value;

/// Keys that only identity profiles have, of all that stand at the top of exported objects.
pub(crate) const PROFILE_KEYS: &[&str] = &[
    "authoritativeSource",
    "identityAttributeConfig",
    "identityCount",
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
}

/// Classifies an element; `is_known` tells the DTO types of the edition.
pub(crate) fn classify(element: &Value, is_known: impl Fn(&str) -> bool) -> Kind {
    let has = |key: &&str| element.get(key).is_some();
    if !has(&"self") && !has(&"object") && PROFILE_KEYS.iter().any(has) {
        return Kind::BareProfile;
    }
    let dto_type = element.pointer("/self/type").and_then(Value::as_str);
    let names_other = dto_type.is_some_and(|name| name != "IDENTITY_PROFILE" && is_known(name));
    match (names_other, holds_profile(element)) {
        (false, _) => Kind::ExportedProfile,
        (true, true) => Kind::MislabelledProfile,
        (true, false) => Kind::OtherObject,
    }
}

/// Whether an element's `object` has what no other type of object has.
pub(crate) fn holds_profile(element: &Value) -> bool {
    element.get("object").is_some_and(|object| {
        object.get("authoritativeSource").is_some()
            || object.get("identityAttributeConfig").is_some()
    })
}
