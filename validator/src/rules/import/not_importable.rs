//! Something that an import does not take.
//!
//! Objects of 24 types can be exported, and fewer can be imported: `IDENTITY_OBJECT_CONFIG`,
//! `IDENTITY_PROFILE`, `RULE`, `SOURCE`, `TRANSFORM`, `TRIGGER_SUBSCRIPTION`, and `CONNECTOR_RULE`.
//! Backups are full of the others, which do no harm there: an import leaves them out and goes on with
//! the rest. So they are warnings.
//!
//! An identity profile without its envelope, as some editors save it, is an error: nothing says what it
//! is, so an import refuses it, and with it all that was meant to be imported.
//!
//! Wrong:
//!
//! ```json
//! {"name": "Employees", "authoritativeSource": {"type": "SOURCE", "name": "HR"}}
//! ```
//!
//! Right: in an envelope.
//!
//! ```json
//! [{
//!   "version": 1,
//!   "self": {"type": "IDENTITY_PROFILE", "name": "Employees"},
//!   "object": {"name": "Employees", "authoritativeSource": {"type": "SOURCE", "name": "HR"}}
//! }]
//! ```
//!
//! What to do: wrap the profile as above. Leave objects of other types out of what is imported, and
//! make them in the tenant by other means. `--allow import/not-importable` silences both;
//! `--strict` makes errors of the warnings too.

use crate::{
    Code, Severity,
    dto_types::{DtoTypes, IMPORTABLE},
    finding::{Grade, Problem},
    json::{names, tape::Node},
    rules::Found,
    wording,
};

/// Objects of other types are what backups are made of: an import leaves them out and goes on.
const OF_TYPES: Grade = Grade {
    code: Code::NotImportable,
    severity: Severity::Warning,
};

/// Looks at the type of an object that is no profile; one that is misspelt is an error already.
pub(in crate::rules) fn check_type<'t>(
    dto_type: Node<'t>,
    types: &DtoTypes,
    found: &mut Found<'t>,
) {
    let Some(text) = dto_type.text() else {
        return;
    };
    if IMPORTABLE.contains(&text.as_ref()) || types.meant(&text).is_some() {
        return;
    }
    found.value(dto_type, OF_TYPES, || {
        let quoted = wording::quoted(&text);
        let message = if types.knows(&text) {
            format!("objects of type {quoted} cannot be imported")
        } else {
            format!("objects of type {quoted} are not documented: no import is known to take them")
        };
        Problem::of(Code::NotImportable, message)
            .expected(format!("one of {}", IMPORTABLE.join(", ")))
            .help(
                "leave the object out of what you import, and make it in the tenant by other means",
            )
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
