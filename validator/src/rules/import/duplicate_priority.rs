//! Two identity profiles of the file have the same priority.
//!
//! Where an identity matches several profiles, the one with the lower number wins. With the same
//! number in two of them, which one wins is not documented.
//!
//! Wrong:
//!
//! ```json
//! [
//!   {"object": {"name": "Employees", "priority": 10, "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"name": "Contractors", "priority": 10, "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! Right:
//!
//! ```json
//! [
//!   {"object": {"name": "Employees", "priority": 10, "authoritativeSource": {"name": "HR"}}},
//!   {"object": {"name": "Contractors", "priority": 20, "authoritativeSource": {"name": "HR"}}}
//! ]
//! ```
//!
//! It is a warning: no document says that priorities must differ, and profiles of separate sources
//! may never meet in one identity.
//!
//! What to do: give each profile a priority of its own, the more important one the lower number.

use crate::{Code, finding::Problem, wording};

pub(in crate::rules) fn problem(priority: &str) -> Problem {
    let priority = wording::shortened(priority);
    Problem::of(
        Code::DuplicatePriority,
        format!("another profile of this file has the priority {priority} too"),
    )
    .expected("a priority that no other profile has")
    .help("give one of the two another number; the lower one wins")
}
