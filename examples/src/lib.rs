//! What the example programs share: which tenant, what a validator finds, what an import says.
//!
//! The programs are in `src/bin`: `list`, `export`, `import` and `copy`. Each shows one use of the
//! client from its options to its exit status; `cargo run -p identity-profiles-examples --bin list --
//! --help` tells how it is called.

mod checks;
mod imports;
mod tenant;

pub use checks::{check_file, check_objects, objects_of};
pub use imports::{Imported, import_in_batches};
pub use tenant::client;
