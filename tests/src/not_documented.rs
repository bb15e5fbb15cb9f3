//! What the document of an operation does not state does not compile.
//!
//! What it states does:
//!
//! ```
//! use test_clients::collections::{Client, ListPetsFilter, ListPetsSorter};
//!
//! fn list(client: &Client) {
//!     let _ = client
//!         .list_pets()
//!         .filters(ListPetsFilter::id().eq(7).and(ListPetsFilter::name().starts_with("C")))
//!         .sorters([ListPetsSorter::name().descending()]);
//! }
//! ```
//!
//! A field that cannot be filtered by:
//!
//! ```compile_fail,E0599
//! test_clients::collections::ListPetsFilter::weight();
//! ```
//!
//! An operator that the field does not take:
//!
//! ```compile_fail,E0599
//! test_clients::collections::ListPetsFilter::id().starts_with("7");
//! ```
//!
//! A field that cannot be sorted by:
//!
//! ```compile_fail,E0599
//! test_clients::collections::ListPetsSorter::weight();
//! ```
//!
//! A filter of another operation:
//!
//! ```compile_fail,E0308
//! use test_clients::collections::{Client, ListPetsFilter};
//!
//! fn list(client: &Client) {
//!     let _ = client.list_toys(ListPetsFilter::name().eq("ball"));
//! }
//! ```
//!
//! Two operations' filters in one:
//!
//! ```compile_fail,E0308
//! use test_clients::collections::{ListPetsFilter, ListToysFilter};
//!
//! let _ = ListPetsFilter::name().eq("a").and(ListToysFilter::name().eq("b"));
//! ```
//!
//! A text in place of a filter:
//!
//! ```compile_fail,E0308
//! fn list(client: &test_clients::collections::Client) {
//!     let _ = client.list_pets().filters("name eq \"Cat\"");
//! }
//! ```
