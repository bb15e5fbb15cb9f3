//! An element of the export has no `object`.
//!
//! `object` is what an import takes; `self` only says which one it is. An element without it does
//! nothing, and was probably cut off when the file was edited.
//!
//! Wrong:
//!
//! ```json
//! [{"version": 1, "self": {"type": "IDENTITY_PROFILE", "name": "Employees"}}]
//! ```
//!
//! Right:
//!
//! ```json
//! [{
//!   "version": 1,
//!   "self": {"type": "IDENTITY_PROFILE", "name": "Employees"},
//!   "object": {"name": "Employees", "authoritativeSource": {"name": "HR"}}
//! }]
//! ```
//!
//! What to do: put the profile into `object`, or remove the element.

use crate::{Code, finding::Problem, json::tape::Node, rules::Found};

pub(in crate::rules) fn check<'t>(element: Node<'t>, found: &mut Found<'t>) {
    let message = "this element has no \"object\": there is nothing to import";
    found.value(element, Code::MissingObject, || {
        Problem::of(Code::MissingObject, message)
            .property("object")
            .expected("\"version\", \"self\" and \"object\"")
            .help("put the profile into \"object\", or remove the element")
    });
}
