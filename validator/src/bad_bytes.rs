//! Bytes that are no UTF-8, as problems with the values they stand in.

use source_text::{JsonPointer, Span};

use crate::{
    Code,
    finding::{At, Problem},
    limit::{Limited, MAX_FINDINGS_PER_CODE},
    locate,
    located::Located,
    split::Layout,
};

/// Longest sequence of bytes that a message repeats.
const MAX_SHOWN: usize = 8;

/// Adds a problem for each part of a file that is no UTF-8; `invalid` are in ascending order.
pub(crate) fn report(
    bytes: &[u8],
    text: &str,
    invalid: &[Span],
    layout: &Layout,
    located: &mut Limited<Located>,
) {
    let kept = invalid.get(..=MAX_FINDINGS_PER_CODE).unwrap_or(invalid);
    let mut places = places(text, kept, layout).into_iter();
    for &span in invalid {
        located.push(Code::InvalidUtf8, || {
            let (pointer, element) = places.next().unwrap_or_default();
            Located::new(not_utf8(bytes, span, pointer), element)
        });
    }
}

/// The pointer and the element of each part.
fn places(text: &str, invalid: &[Span], layout: &Layout) -> Vec<(JsonPointer, Option<usize>)> {
    // A line of newline-delimited JSON is read alone; a document at one go.
    let mut places = Vec::with_capacity(invalid.len());
    let mut rest = invalid;
    while let Some(first) = rest.first() {
        let part = layout.part_at(first.start);
        let here = rest.partition_point(|span| span.start < part.end).max(1);
        let (of_part, after) = rest.split_at(here);
        let pointers = locate::pointers_at(text, part, of_part);
        places.extend(of_part.iter().zip(pointers).map(|(span, pointer)| {
            let element = layout.element_at(span.start);
            match (pointer, element) {
                (Some(pointer), Some(element)) => (pointer, Some(element.index)),
                (Some(pointer), None) => {
                    let element = layout.unfinished_element(&pointer);
                    (pointer, element)
                }
                // Not in a string, or after the place where reading stopped.
                (None, Some(element)) => (layout.pointer(element), Some(element.index)),
                (None, None) => (JsonPointer::root(), None),
            }
        }));
        rest = after;
    }
    places
}

fn not_utf8(bytes: &[u8], span: Span, pointer: JsonPointer) -> Problem {
    let found = bytes.get(span.range()).unwrap_or_default();
    let mut shown: Vec<String> = found
        .iter()
        .take(MAX_SHOWN)
        .map(|byte| format!("{byte:02X}"))
        .collect();
    if found.len() > MAX_SHOWN {
        shown.push("…".into());
    }
    let message = match shown.as_slice() {
        [byte] => format!("byte {byte} is not valid UTF-8 here"),
        bytes => format!("bytes {} are not valid UTF-8", bytes.join(" ")),
    };
    Problem::new(Code::InvalidUtf8, pointer, message)
        .at(At::Span(span))
        .expected("text in UTF-8")
        .help("the file may be in Latin-1 or Windows-1252, or damaged; save it again as UTF-8")
}
