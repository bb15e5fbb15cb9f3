//! `self` and `object` disagree about what is exported.
//!
//! `self` names the type, the id and the name of what stands in `object`, and an import goes by it:
//! a profile under another type is taken for something else, and one whose id or name differs may
//! be written over another profile. It comes of copying an element and changing only one half.
//!
//! Wrong:
//!
//! ```json
//! {
//!   "self": {"type": "SOURCE", "name": "Employees"},
//!   "object": {"name": "Contractors", "authoritativeSource": {"name": "HR"}}
//! }
//! ```
//!
//! Right:
//!
//! ```json
//! {
//!   "self": {"type": "IDENTITY_PROFILE", "name": "Contractors"},
//!   "object": {"name": "Contractors", "authoritativeSource": {"name": "HR"}}
//! }
//! ```
//!
//! What to do: write in `self` what `object` has. Ids that differ only in hyphens or case are the same.

use crate::{
    Code,
    finding::Problem,
    json::tape::Node,
    rules::{Found, ids},
    wording,
};

/// Compares a property of `self` with the same one of `object`; null and other values say nothing.
pub(in crate::rules) fn check_text<'t>(
    property: &str,
    of_self: Option<Node<'t>>,
    of_object: Option<Node<'t>>,
    found: &mut Found<'t>,
) {
    let (Some(of_self), Some(of_object)) = (of_self, of_object) else {
        return;
    };
    if of_self.raw() == of_object.raw() {
        return;
    }
    let (Some(about), Some(text)) = (of_self.text(), of_object.text()) else {
        return;
    };
    if about == text || property == "id" && ids::is_same(&about, &text) {
        return;
    }
    let quoted = wording::quoted(&text);
    found.value(of_self, Code::SelfMismatch, || {
        Problem::of(
            Code::SelfMismatch,
            format!(
                "\"self\" says that the {property} is {}, and \"object\" has {quoted}",
                wording::quoted(&about)
            ),
        )
        .expected(quoted)
        .help(format!(
            "write the same {property} in both: the import goes by \"self\""
        ))
        .related(
            of_object.span(),
            format!("the {property} in \"object\" is here"),
        )
    });
}

/// Reports a profile under the type of other objects.
pub(in crate::rules) fn check_type<'t>(dto_type: Node<'t>, found: &mut Found<'t>) {
    let text = dto_type.text().unwrap_or_default();
    found.value(dto_type, Code::SelfMismatch, || {
        Problem::of(
            Code::SelfMismatch,
            format!(
                "an identity profile under the DTO type {}",
                wording::quoted(&text)
            ),
        )
        .expected("IDENTITY_PROFILE")
        .suggestion(wording::json("IDENTITY_PROFILE"))
        .help("write \"IDENTITY_PROFILE\": the import goes by \"self.type\"")
    });
}
