//! A property that only the server sets.
//!
//! The server gives a profile its `id`, and says when it was `created` and `modified`; an import
//! does not change them. Every export has them, and a file that has them is fine to import, so this
//! is off unless it is asked for: in a file that is kept under version control they change with
//! every export, and without them the differences are those that matter.
//!
//! Reported, if this is on:
//!
//! ```json
//! {"object": {"name": "Employees", "created": "2015-05-28T14:07:17Z", "authoritativeSource": {"name": "HR"}}}
//! ```
//!
//! Not reported:
//!
//! ```json
//! {"object": {"name": "Employees", "authoritativeSource": {"name": "HR"}}}
//! ```
//!
//! What to do: `--warn import/read-only` switches it on by its full name; a group switches nothing on. Remove what it
//! names from files that are kept for comparing.

use crate::{Code, finding::Problem, json::tape::Node, rules::Found, wording};

/// Reports a property that the schema calls read-only.
pub(in crate::rules) fn report<'t>(property: Node<'t>, found: &mut Found<'t>) {
    let quoted = wording::quoted(&property.key().unwrap_or_default());
    found.key(property, Code::ReadOnlyProperty, || {
        Problem::of(
            Code::ReadOnlyProperty,
            format!("only the server sets {quoted}: an import leaves it out"),
        )
        .expected(format!("an object without {quoted}"))
        .help("remove it, if the file is kept for comparing")
    });
}
