//! Two identity profiles of the file have the same id.
//!
//! An import goes by ids: of two profiles with one id it can keep only one, and which one is not
//! documented. This comes of putting two exports of the same tenant together, or of copying a
//! profile to make a second one of it.
//!
//! Wrong:
//!
//! ```json
//! [
//!   {"object": {"id": "2c91808a7813090a017814121919ecca", "name": "Employees", "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"id": "2c91808a7813090a017814121919ecca", "name": "Contractors", "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! Right: each profile with an id of its own. A copy that is to become a new profile has no `id`,
//! neither in `object` nor in `self`.
//!
//! ```json
//! [
//!   {"object": {"id": "2c91808a7813090a017814121919ecca", "name": "Employees", "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"name": "Contractors", "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! Two profiles that share their id are not reported for their names and priorities too. Of very
//! large files the first 786,432 ids, names and priorities are remembered, together.
//!
//! What to do: remove the profile that is there twice, or the id of the copy.

use crate::{Code, finding::Problem, wording};

pub(in crate::rules) fn problem(id: &str) -> Problem {
    let message = format!(
        "another profile of this file has the id {} too",
        wording::quoted(id)
    );
    Problem::of(Code::DuplicateId, message)
        .expected("an id that no other profile has")
        .help("remove one of the two, or the id of the one that is to be a new profile")
}
