//! Newline-delimited JSON: how it is recognised, and its lines.

use source_text::{
    Span,
    json::{Event, Reader, SyntaxErrorKind},
};

/// The lines that are not blank, without the white space around them.
pub(crate) fn lines(text: &str, body: Span) -> impl Iterator<Item = Span> {
    let content = text.get(body.range()).unwrap_or_default();
    let mut next = body.start;
    content
        .split_inclusive('\n')
        .map(move |line| {
            let start = next + (line.len() - line.trim_ascii_start().len());
            next += line.len();
            Span::new(start, start + line.trim_ascii().len())
        })
        .filter(|span| !span.is_empty())
}

/// Whether the first two lines can only be two documents of their own, of which either may be
/// broken: both begin as objects, the second cannot go on after the first in a document of several
/// lines, and does not go on itself on the next line, as far as `text` tells.
pub(crate) fn begins_as_lines(text: &str, is_whole: bool) -> bool {
    let mut lines = lines(text, Span::new(0, text.len()));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    let content = |line: Span| text.get(line.range()).unwrap_or_default();
    content(first).starts_with('{')
        // Files with a mark each were joined.
        && content(second).trim_start_matches('\u{feff}').starts_with('{')
        && !goes_on(content(first))
        && !(is_cut_off(text, second) && is_begun(text, second, is_whole))
}

/// Whether a line that leaves something open is the first one of a document of several lines;
/// `is_whole` tells that the text is, so that none follows after its last line.
fn is_begun(text: &str, line: Span, is_whole: bool) -> bool {
    let is_last = text
        .get(line.end..)
        .is_none_or(|rest| rest.trim_ascii().is_empty());
    if is_last {
        return !is_whole;
    }
    let mut reader = Reader::within(text, Span::new(line.start, text.len()));
    while let Some(Ok(_)) = reader.next() {
        if reader.depth() == 0 {
            return true;
        }
    }
    goes_on(text.get(line.range()).unwrap_or_default())
}

/// Whether a text that is no document is better read by its lines: at least half of them are whole
/// objects, one after the first among them.
pub(crate) fn holds_lines(text: &str, body: Span) -> bool {
    let mut lines = lines(text, body);
    let Some(first) = lines.next() else {
        return false;
    };
    let is_first_whole = is_object(text, first);
    let content = text.get(first.range()).unwrap_or_default();
    if goes_on(content) || content.starts_with('[') && is_cut_off(text, first) {
        return false;
    }
    let (whole, all) = lines.fold((0_usize, 1_usize), |(whole, all), line| {
        (whole + usize::from(is_object(text, line)), all + 1)
    });
    whole > 0 && 2 * (whole + usize::from(is_first_whole)) >= all
}

/// Whether a line leaves open what the next one goes on with.
fn goes_on(line: &str) -> bool {
    line.ends_with(['{', '[', ',', ':'])
}

fn is_object(text: &str, line: Span) -> bool {
    let mut reader = Reader::within(text, line);
    matches!(reader.next(), Some(Ok((Event::ObjectStart, _)))) && reader.all(|event| event.is_ok())
}

/// Whether a line is JSON as far as it goes and ends with something open.
fn is_cut_off(text: &str, line: Span) -> bool {
    let error = Reader::within(text, line).find_map(Result::err);
    error.is_some_and(|error| matches!(error.kind, SyntaxErrorKind::Truncated { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let body = Span::new(0, text.len());
        assert_eq!(holds_lines(text, body), expected, "{text}");
    }

    #[test]
    fn two_lines_tell_whether_they_are_documents() {
        for (text, expected) in [
            ("{}\n{}", true),
            ("{}\n\n {}\r\n", true),
            ("{x}\n{y}", true),
            ("{} {}\n{}", true),
            ("{}\n{\"a\": [1", true),
            ("{}\n{\"a\": [1\n{}", true),
            ("{\"a\": {}\n{}", true),
            ("{}\n{\n}\n", false),
            ("{}\n{\n\"a\": x\n}\n", false),
            ("{}\n{\"a\": {}\n, \"b\": 1}\n", false),
            ("{\n}\n{\n}\n", false),
            ("{\"a\": [\n{}", false),
            ("[]\n{}", false),
            ("{}", false),
        ] {
            assert_eq!(begins_as_lines(text, true), expected, "{text}");
        }
        assert!(!begins_as_lines("{}\n{\"a\": [1", false));
    }

    #[test]
    fn lines_that_are_whole_objects_are_read_alone() {
        check("xx\n{}", true);
        check("[1]\n{}", true);
        check("[x]\n{}", true);
        check("xx\n\n  {}\r\n", true);
        check("{}\n[1]\n{}", true);
        check("{\"a\": \n{}\n{}", false);
        check("{\"a\": \"\n{}\n{}", true);
        check("xx\nyy\n{}\n{}", true);
        check("xx\nyy\nzz\n{}\n{}", false);
    }

    #[test]
    fn a_document_that_is_broken_is_not_read_by_its_lines() {
        check("", false);
        check("[\n{}\n{}\n{}\n]", false);
        check("[{}\n{}\n{}\n]", false);
        check("{\"objects\": [\n{}\n{}\n{}\n]}", false);
        check("{}\n}", false);
        check("[]\n[]", false);
        check("[\n  {},\n  {}\n]\nxx", false);
        check("{\n  \"a\": {}\n  \"b\": {}\n}", false);
    }
}
