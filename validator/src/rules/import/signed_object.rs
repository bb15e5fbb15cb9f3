//! An object that is signed, and must not be edited.
//!
//! Some objects, rules above all, are exported with a signature: `jwsSignature` is not null. An
//! import checks it, and refuses the object if anything in it was changed. There is nothing wrong
//! with such an object; it is said so that nobody edits it.
//!
//! Reported:
//!
//! ```json
//! {
//!   "self": {"type": "RULE", "name": "Build Map"},
//!   "object": {"name": "Build Map"},
//!   "jwsHeader": "eyJhbGciOiJFUzI1NiJ9",
//!   "jwsSignature": "cbvjeLOIJajrJ2"
//! }
//! ```
//!
//! Not reported:
//!
//! ```json
//! {
//!   "self": {"type": "RULE", "name": "Build Map"},
//!   "object": {"name": "Build Map"},
//!   "jwsHeader": null,
//!   "jwsSignature": null
//! }
//! ```
//!
//! What to do: import the object as it was exported. Changes are made in the tenant it is from, which signs it anew.

use crate::{Code, finding::Problem, json::tape::Node, rules::Found};

/// Looks at the value of `jwsSignature`.
pub(in crate::rules) fn check<'t>(signature: Node<'t>, found: &mut Found<'t>) {
    if signature.is_null() {
        return;
    }
    let message = "this object is signed: an import refuses it once it was edited";
    found.value(signature, Code::SignedObject, || {
        Problem::of(Code::SignedObject, message)
            .expected("the object as it was exported")
            .help("import the object as it is; make changes in the tenant and export it again")
    });
}
