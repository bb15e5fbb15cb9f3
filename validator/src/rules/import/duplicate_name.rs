//! Two identity profiles of the file have the same name.
//!
//! People and other objects know a profile by its name, and an import of a second profile with the
//! name of an existing one either fails or changes the existing one.
//!
//! Wrong:
//!
//! ```json
//! [
//!   {"object": {"id": "2c91808a7813090a017814121919ecca", "name": "Employees", "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"id": "2c9180855d191c59015d28583727245a", "name": "Employees", "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! Right:
//!
//! ```json
//! [
//!   {"object": {"id": "2c91808a7813090a017814121919ecca", "name": "Employees", "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"id": "2c9180855d191c59015d28583727245a", "name": "Contractors", "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! Names are compared letter by letter. A name that is null is none.
//!
//! What to do: rename one of the two, in `object` and in `self`, or remove it.

use crate::{Code, finding::Problem, wording};

pub(in crate::rules) fn problem(name: &str) -> Problem {
    let name = wording::quoted(name);
    Problem::of(
        Code::DuplicateName,
        format!("another profile of this file has the name {name} too"),
    )
    .expected("a name that no other profile has")
    .help("rename one of the two, or remove it")
}
