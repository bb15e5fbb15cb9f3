//! What an import makes of an export file.

pub(super) mod duplicate_attribute;
pub(super) mod duplicate_id;
pub(super) mod duplicate_name;
pub(super) mod duplicate_priority;
pub(super) mod incomplete_mapping;
pub(super) mod missing_object;
pub(super) mod not_an_export;
pub(super) mod not_importable;
pub(super) mod read_only;
pub(super) mod self_mismatch;
pub(super) mod signed_object;
pub(super) mod unknown_field;
