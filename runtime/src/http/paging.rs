//! What the request for the next page asks.

use serde_json::Value;

use super::{HeaderMap, Operation};

/// How an operation divides its result into pages; plain data, stated by generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// `offset` counts records, `limit` bounds a page. A page shorter than its limit is the last.
    OffsetLimit {
        /// The query parameter for the number of records to skip.
        offset: &'static str,
        /// The query parameter for the number of records wanted.
        limit: &'static str,
        /// The limit that applies when none is given.
        default_limit: u64,
    },
    /// Each page names the one that follows, by a token in its body.
    Cursor {
        /// The query parameter that takes the token.
        parameter: &'static str,
        /// Where the token stands in the body: a JSON Pointer. Absent, null or empty: the last page.
        next: &'static str,
    },
}

/// A page that has come back.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What was called.
    pub operation: &'static Operation,
    /// The records that were skipped before this page.
    pub offset: u64,
    /// The records that were asked for, if the request said how many.
    pub limit: Option<u64>,
    /// The records in this page.
    pub length: u64,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a Value,
}

/// Finds the next page; a client uses [`Paging`] itself, an API with other habits its own.
pub trait Pager: Send + Sync {
    /// The query parameters, name and value, that turn the request for this page into the one for
    /// the next; `None` after the last.
    fn next_page(&self, page: &Page<'_>) -> Option<Vec<(&'static str, String)>>;
}

impl Pager for Paging {
    fn next_page(&self, page: &Page<'_>) -> Option<Vec<(&'static str, String)>> {
        match *self {
            Self::OffsetLimit {
                offset,
                limit,
                default_limit,
            } => {
                let asked = page.limit.unwrap_or(default_limit);
                if page.length == 0 || page.length < asked {
                    return None;
                }
                let next = page.offset.checked_add(page.length)?;
                Some(vec![(offset, next.to_string()), (limit, asked.to_string())])
            }
            Self::Cursor { parameter, next } => {
                let token = super::style::plain_text(page.body.pointer(next)?)?;
                (!token.is_empty()).then(|| vec![(parameter, token)])
            }
        }
    }
}
