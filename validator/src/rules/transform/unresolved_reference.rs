//! A transform refers to one that is not in the file.
//!
//! A `reference` names another transform of the tenant; its `id` is that transform's name. The file
//! carries transforms, and the one that is named is not among them: it must exist in the tenant
//! already, or the import of what refers to it fails. Files without any transform are not looked at,
//! as all that they refer to must be in the tenant anyway. It is for information only.
//!
//! Reported, at the first place of each name:
//!
//! ```json
//! [
//!   {"self": {"type": "TRANSFORM"}, "object": {"name": "Lower case", "type": "lower"}},
//!   {"object": {
//!     "name": "Employees",
//!     "authoritativeSource": {"name": "HR"},
//!     "identityAttributeConfig": {"attributeTransforms": [{
//!       "identityAttributeName": "email",
//!       "transformDefinition": {"type": "reference", "attributes": {"id": "Trim"}}
//!     }]}
//!   }}
//! ]
//! ```
//!
//! Not reported:
//!
//! ```json
//! [
//!   {"self": {"type": "TRANSFORM"}, "object": {"name": "Trim", "type": "trim"}},
//!   {"object": {
//!     "name": "Employees",
//!     "authoritativeSource": {"name": "HR"},
//!     "identityAttributeConfig": {"attributeTransforms": [{
//!       "identityAttributeName": "email",
//!       "transformDefinition": {"type": "reference", "attributes": {"id": "Trim"}}
//!     }]}
//!   }}
//! ]
//! ```
//!
//! What to do: make sure that the tenant has the transform, or add it to the file. A reference holds the name of a
//! transform, not its id, and letters in upper and lower case differ.

use crate::{Code, Finding, finding::Problem, wording};

pub(in crate::rules) fn problem(name: &str) -> Problem {
    let quoted = wording::quoted(name);
    Problem::of(
        Code::UnresolvedReference,
        format!("the transform {quoted} is referred to and is not in this file"),
    )
    .expected("the name of a transform of the file or the tenant")
    .help(format!(
        "make sure that the tenant has a transform {quoted}, or add it to the file"
    ))
}

/// The finding where the file has a transform whose name is nearly that.
pub(in crate::rules) fn misspelt(finding: Finding, near: &str) -> Finding {
    let quoted = wording::quoted(near);
    Finding {
        message: format!("{}; did you mean {quoted}?", finding.message),
        suggestion: Some(wording::json(near)),
        help: Some(format!(
            "write {quoted}, or make sure that the tenant has the other one"
        )),
        ..finding
    }
}

/// The finding where the file has a transform whose id that is.
pub(in crate::rules) fn by_id(finding: Finding, name: &str) -> Finding {
    let quoted = wording::quoted(name);
    Finding {
        message: format!(
            "{}; did you mean {quoted}, which has this id?",
            finding.message
        ),
        suggestion: Some(wording::json(name)),
        help: Some(format!(
            "write {quoted}: a reference holds the transform's name"
        )),
        ..finding
    }
}
