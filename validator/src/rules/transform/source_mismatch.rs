//! One source goes by two names in the file, or one name stands for two sources.
//!
//! Transforms name the source they read from twice, by `sourceId` and `sourceName`, and so does the
//! authoritative source of a profile. Where the two disagree with other places of the file, one of
//! them was changed and not the other, or parts of exports of two tenants were put together: the
//! import may take the value from another source than was meant, or from none.
//!
//! Wrong:
//!
//! ```json
//! "attributeTransforms": [
//!   {"identityAttributeName": "email", "transformDefinition": {"type": "accountAttribute", "attributes": {
//!     "attributeName": "mail", "sourceId": "2c9180835d191a86015d28455b4b232a", "sourceName": "HR"
//!   }}},
//!   {"identityAttributeName": "city", "transformDefinition": {"type": "accountAttribute", "attributes": {
//!     "attributeName": "city", "sourceId": "2c9180835d191a86015d28455b4b232a", "sourceName": "AD"
//!   }}}
//! ]
//! ```
//!
//! Right:
//!
//! ```json
//! "attributeTransforms": [
//!   {"identityAttributeName": "email", "transformDefinition": {"type": "accountAttribute", "attributes": {
//!     "attributeName": "mail", "sourceId": "2c9180835d191a86015d28455b4b232a", "sourceName": "HR"
//!   }}},
//!   {"identityAttributeName": "city", "transformDefinition": {"type": "accountAttribute", "attributes": {
//!     "attributeName": "city", "sourceId": "2c9180835d191a86015d28455b4b232a", "sourceName": "HR"
//!   }}}
//! ]
//! ```
//!
//! Each pair of an id and a name is reported where it stands first. The first 4,096 pairs of a file are
//! compared.
//!
//! What to do: look up in the tenant which source has the id, and write its name and its id wherever it is meant. An
//! id with hyphens or in upper case is the same id.

use crate::{Code, finding::Problem, wording};

/// A source whose id stood with another name before.
pub(in crate::rules) fn two_names(id: &str, name: &str, first: &str) -> Problem {
    let [id, name, first] = [id, name, first].map(wording::quoted);
    Problem::of(
        Code::SourceMismatch,
        format!("the source with the id {id} is called {name} here, and {first} before"),
    )
    .expected(first)
    .help("write the same name wherever the id is the same, or correct the id")
}

/// A source whose name stood with another id before.
pub(in crate::rules) fn two_ids(name: &str, id: &str, first: &str) -> Problem {
    let [name, id, first] = [name, id, first].map(wording::quoted);
    Problem::of(
        Code::SourceMismatch,
        format!("the source {name} has the id {id} here, and {first} before"),
    )
    .expected(first)
    .help("write the same id wherever the name is the same, or correct the name")
}
