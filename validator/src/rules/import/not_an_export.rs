//! The file is JSON, and no export of identity profiles.
//!
//! An import takes exported objects: `{"version": …, "self": {…}, "object": {…}}`. They come as an
//! array, as the `objects` of a sp-config backup, one to a file, or one to a line. What this file
//! holds in their place is none of these; often it is what the API answered when an export failed,
//! or the status of an export job that was saved before the job was done.
//!
//! Wrong:
//!
//! ```json
//! {"detailCode": "403 Forbidden", "trackingId": "b21b1f7ce4da4d639f2c62a57171b427", "messages": []}
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
//! What to do: make the export again and look at the status of the answer; of an export job, get the result once it is complete.

use crate::{Code, finding::Problem, json::tape::Node, rules::Found, stranger::Stranger};

/// Reports an object that stands where an exported object is due.
pub(in crate::rules) fn check<'t>(element: Node<'t>, found: &mut Found<'t>) {
    if !element.is_object() {
        return;
    }
    let keys: Vec<_> = element.children().filter_map(|child| child.key()).collect();
    let stranger = Stranger::new(|name| keys.iter().any(|key| key == name));
    let message = stranger.as_element();
    found.value(element, Code::NotAnExport, || {
        Problem::of(Code::NotAnExport, message)
            .expected("an exported object with \"version\", \"self\" and \"object\"")
            .help(stranger.help)
    });
}
