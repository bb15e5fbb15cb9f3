//! What version control leaves in a file that it could not merge.

/// What is wrong with a file that has a marker.
pub(crate) const MESSAGE: &str = "a marker of a merge conflict";

/// What to do about it.
pub(crate) const HELP: &str =
    "resolve the conflict first: keep one of the two sides, and remove the markers";

/// What begins the lines around both sides; the first of them comes first.
const MARKERS: [&str; 4] = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];

/// Whether a text begins with a line that is a marker.
pub(crate) fn is_marker(text: &str) -> bool {
    MARKERS.into_iter().any(|marker| is_line(text, marker))
}

/// Where the first conflict begins, if it does so in these lines.
pub(crate) fn first(lines: &str) -> Option<usize> {
    let mut start = 0;
    for line in lines.split_inclusive('\n') {
        if is_line(line, MARKERS[0]) {
            return Some(start);
        }
        start += line.len();
    }
    None
}

fn is_line(text: &str, marker: &str) -> bool {
    let rest = text.strip_prefix(marker);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']))
}
