//! What the next page asks.

use oas_runtime as rt;
use rt::Pager as _;

use crate::sample::PLAIN;
use crate::table;

static PAGED: rt::Operation = PLAIN;

#[test]
fn next_pages() {
    const OFFSET: rt::Paging = rt::Paging::OffsetLimit {
        offset: "offset",
        limit: "limit",
        default_limit: 250,
    };
    const CURSOR: rt::Paging = rt::Paging::Cursor {
        parameter: "after",
        next: "/meta/next",
    };
    table::check("paging.txt", |cells| {
        let number = |text: &str| text.parse().ok();
        let body = serde_json::from_str(cells[4]).expect("the fifth cell is JSON");
        let page = rt::Page {
            operation: &PAGED,
            offset: number(cells[1]).unwrap_or(0),
            limit: number(cells[2]),
            length: number(cells[3]).expect("a page has a length"),
            headers: &rt::HeaderMap::new(),
            body: &body,
        };
        let next = if cells[0] == "offset" { OFFSET } else { CURSOR }.next_page(&page);
        let Some(next) = next else {
            return "(last)".to_owned();
        };
        let pairs: Vec<_> = next
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("&")
    });
}
