//! What files are checked against: an edition of the API, or a schema of another.

use std::io::Write;

use super::{Stop, arguments::Arguments};
use crate::{Finding, Validator};

/// What files are checked against.
pub(super) struct Against {
    pub(super) validator: Validator,
    /// What to call it: `edition v2024`.
    pub(super) name: String,
    /// Says of a finding where in the document its schema stands.
    pub(super) placed: Box<dyn Fn(Finding) -> Finding>,
}

/// What the arguments ask for. What is said of a document goes to `errors`.
#[cfg_attr(
    not(feature = "spec"),
    expect(clippy::unnecessary_wraps, reason = "a document may be unusable")
)]
pub(super) fn against(arguments: &Arguments, errors: &mut dyn Write) -> Result<Against, Stop> {
    #[cfg(feature = "spec")]
    if let Some(against) = super::document::against(&arguments.spec, errors)? {
        return Ok(against);
    }
    let _ = errors;
    let edition = arguments.checks.edition;
    Ok(Against {
        validator: Validator::new(edition),
        name: format!("edition {edition}"),
        placed: Box::new(|finding| finding),
    })
}
