//! Something that an import does not take.
//!
//! Objects of 24 types can be exported, and fewer can be imported: `IDENTITY_OBJECT_CONFIG`,
//! `IDENTITY_PROFILE`, `RULE`, `SOURCE`, `TRANSFORM`, `TRIGGER_SUBSCRIPTION`, and `CONNECTOR_RULE`.
//! Others do no harm in a backup, and no import brings them back.
//!
//! An identity profile without its envelope, as some editors save it, cannot be imported either:
//! nothing says what it is.
//!
//! Wrong:
//!
//! ```json
//! {"name": "Employees", "authoritativeSource": {…}, …}
//! ```
//!
//! Right: in an envelope.
//!
//! ```json
//! [{
//!   "version": 1,
//!   "self": {"type": "IDENTITY_PROFILE", "name": "Employees"},
//!   "object": {"name": "Employees", "authoritativeSource": {…}, …}
//! }]
//! ```

use crate::{
    Code,
    finding::Problem,
    json::{names, tape::Node},
    rules::Found,
    wording,
};

/// The types of objects that an import takes.
const IMPORTABLE: [&str; 7] = [
    "CONNECTOR_RULE",
    "IDENTITY_OBJECT_CONFIG",
    "IDENTITY_PROFILE",
    "RULE",
    "SOURCE",
    "TRANSFORM",
    "TRIGGER_SUBSCRIPTION",
];

/// Looks at the type of an object that is no profile; `is_known` tells the documented ones, as any
/// other is an error already.
pub(in crate::rules) fn check_type<'t>(
    dto_type: Node<'t>,
    is_known: impl Fn(&str) -> bool,
    found: &mut Found<'t>,
) {
    let Some(text) = dto_type.text() else {
        return;
    };
    if IMPORTABLE.contains(&text.as_ref()) || !is_known(&text) {
        return;
    }
    let quoted = wording::quoted(&text);
    found.value(dto_type, Code::NotImportable, || {
        Problem::of(
            Code::NotImportable,
            format!("objects of type {quoted} cannot be imported"),
        )
        .expected(format!("one of {}", IMPORTABLE.join(", ")))
        .help("leave the object out of what you import, and make it in the tenant by other means")
    });
}

/// Reports a profile that has no envelope.
pub(in crate::rules) fn check_bare_profile<'t>(profile: Node<'t>, found: &mut Found<'t>) {
    let mut about = String::from("\"type\": \"IDENTITY_PROFILE\"");
    for (key, name) in [("id", names::ID), ("name", names::NAME)] {
        if let Some(text) = profile.get(name).and_then(|value| value.text()) {
            about.push_str(", \"");
            about.push_str(key);
            about.push_str("\": ");
            about.push_str(&wording::quoted(&text));
        }
    }
    let message =
        "this is an identity profile without its envelope, which cannot be imported as it is";
    found.value(profile, Code::NotImportable, || {
        Problem::of(Code::NotImportable, message)
            .expected(
                "an exported object: {\"version\": 1, \"self\": {…}, \"object\": {the profile}}",
            )
            .help(format!(
                "wrap it: [{{\"version\": 1, \"self\": {{{about}}}, \"object\": {{…}}}}]"
            ))
    });
}
