//! Code frames: the offending line with carets under the offending part.

use unicode_width::UnicodeWidthChar;

use crate::{SourceText, Span, is_invisible};

/// Columns of a terminal that a frame fills at most, gutter included.
const MAX_WIDTH: usize = 100;

/// Columns that a tab takes.
const TAB: usize = 4;

/// Draws the line that `span` begins on, with carets under the span and `label` after them.
///
/// ```text
///    |
/// 12 |     "type": "SUORCE",
///    |             ^^^^^^^^ did you mean "SOURCE"?
/// ```
///
/// The part of the span that lies on later lines is not drawn; an empty span gets one caret. Tabs
/// are drawn as spaces, characters that cannot be seen as stand-ins, and a long line is cut to
/// what stands around the span, with `…` where it was cut. The frame ends with a line end.
pub fn frame(source: &SourceText, span: Span, label: &str) -> String {
    let position = source.position(span.start);
    let line = source.line_span(position.line);
    let text = source.line_text(position.line);
    let number = position.line.to_string();
    let gutter = number.len() + 3;

    let start = text.floor_char_boundary(span.start.saturating_sub(line.start));
    let end = text
        .floor_char_boundary(span.end.saturating_sub(line.start))
        .max(start);
    let window = Window::around(text, start, end, MAX_WIDTH.saturating_sub(gutter));

    let margin = " ".repeat(number.len());
    let padding = " ".repeat(window.before);
    let carets = "^".repeat(window.marked.max(1));
    let shown = format!("{number} | {}", window.text);
    let label = label_after(label, gutter + window.before + carets.len(), &margin);
    format!(
        "{margin} |\n{}\n{margin} | {padding}{carets}{label}\n",
        shown.trim_end()
    )
}

/// Cuts a frame without a label to `width` columns, gutter included, keeping what stands around the
/// carets.
///
/// A frame that fits already, and a text that is no frame, are returned as they are.
pub fn narrowed(frame: &str, width: usize) -> String {
    narrower(frame, width).unwrap_or_else(|| frame.to_owned())
}

fn narrower(frame: &str, width: usize) -> Option<String> {
    let columns_of = |text: &str| text.chars().map(width_of).sum::<usize>();
    if frame.lines().all(|line| columns_of(line) <= width) {
        return None;
    }
    let mut lines = frame.lines();
    let above = lines.next()?;
    let (number, text) = lines.next()?.split_once(" | ")?;
    let (margin, carets) = lines.next()?.split_once(" | ")?;
    if lines.next().is_some() {
        return None;
    }
    let before = carets.len() - carets.trim_start_matches(' ').len();
    let start = take_columns(text.chars(), before).bytes;
    let marked = text.get(start..)?;
    let end = start + take_columns(marked.chars(), carets.len() - before).bytes;
    let gutter = number.chars().count() + 3;
    let window = Window::around(text, start, end, width.saturating_sub(gutter));
    let padding = " ".repeat(window.before);
    let carets = "^".repeat(window.marked.max(1));
    let shown = format!("{number} | {}", window.text);
    Some(format!(
        "{above}\n{}\n{margin} | {padding}{carets}\n",
        shown.trim_end()
    ))
}

/// The label as it goes on behind the carets, or on a line of its own if it is too long for that.
fn label_after(label: &str, used: usize, margin: &str) -> String {
    let columns: usize = label.chars().map(width_of).sum();
    let label: String = label.chars().flat_map(drawn).collect();
    match columns {
        0 => String::new(),
        _ if used + 1 + columns > MAX_WIDTH => format!("\n{margin} | {label}"),
        _ => format!(" {label}"),
    }
}

/// The part of a line that is drawn.
struct Window {
    text: String,
    /// Columns before the marked part.
    before: usize,
    /// Columns of the marked part.
    marked: usize,
}

impl Window {
    /// Cuts a line to at most `width` columns, keeping what stands around `start..end`.
    ///
    /// Only as many characters as can be drawn are looked at, however long the line is.
    fn around(text: &str, start: usize, end: usize, width: usize) -> Self {
        let inside = take_columns(text[start..end].chars(), width * 2 / 3);
        let marked_end = start + inside.bytes;
        let after_all = take_columns(text[marked_end..].chars(), width);
        // An ellipsis takes a column on each side that is cut.
        let room = width.saturating_sub(inside.columns + 2);
        let before = room.saturating_sub(after_all.columns).max(room * 2 / 3);
        let before = take_columns(text[..start].chars().rev(), before);
        let after = take_columns(
            text[marked_end..].chars(),
            room.saturating_sub(before.columns),
        );

        let mut drawn_text = String::new();
        let mut columns_before = before.columns;
        if before.bytes < start {
            drawn_text.push('…');
            columns_before += 1;
        }
        let until = marked_end + after.bytes;
        drawn_text.extend(text[start - before.bytes..until].chars().flat_map(drawn));
        if until < text.len() {
            drawn_text.push('…');
        }
        Self {
            text: drawn_text,
            before: columns_before,
            marked: inside.columns,
        }
    }
}

/// A run of characters: its length in the text and on the screen.
#[derive(Default)]
struct Run {
    bytes: usize,
    columns: usize,
}

fn take_columns(characters: impl Iterator<Item = char>, columns: usize) -> Run {
    let mut run = Run::default();
    // Characters of no width must not make the run endless.
    for character in characters.take(columns * 4) {
        let wider = run.columns + width_of(character);
        if wider > columns {
            break;
        }
        run = Run {
            bytes: run.bytes + character.len_utf8(),
            columns: wider,
        };
    }
    run
}

fn width_of(character: char) -> usize {
    match stand_in(character) {
        Some(_) => 1,
        None if character == '\t' => TAB,
        None => character.width().unwrap_or(1),
    }
}

fn drawn(character: char) -> impl Iterator<Item = char> {
    let count = if character == '\t' { TAB } else { 1 };
    let shown = if character == '\t' {
        ' '
    } else {
        stand_in(character).unwrap_or(character)
    };
    std::iter::repeat_n(shown, count)
}

/// What is drawn for a character that cannot be seen or that would change the terminal's state.
fn stand_in(character: char) -> Option<char> {
    match character {
        // Joiners are a part of many scripts and emoji.
        '\t' | '\u{200c}' | '\u{200d}' => None,
        '\0'..='\u{1f}' => char::from_u32(u32::from(character) + 0x2400),
        '\u{7f}' => Some('\u{2421}'),
        other => is_invisible(other).then_some('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, span: (usize, usize), label: &str, expected: &str) {
        let source = SourceText::new("test", text);
        let drawn = frame(&source, Span::new(span.0, span.1), label);
        assert_eq!(drawn, expected, "drawn:\n{drawn}");
    }

    #[test]
    fn carets_stand_under_the_span() {
        check("a: b", (3, 4), "", "  |\n1 | a: b\n  |    ^\n");
        check(
            "a\nname: HR\n",
            (8, 10),
            "a label",
            "  |\n2 | name: HR\n  |       ^^ a label\n",
        );
    }

    #[test]
    fn an_empty_span_and_one_past_the_end_get_one_caret() {
        check("ab", (2, 2), "", "  |\n1 | ab\n  |   ^\n");
        check("ab", (70, 90), "", "  |\n1 | ab\n  |   ^\n");
        check("", (0, 0), "here", "  |\n1 |\n  | ^ here\n");
    }

    #[test]
    fn a_span_over_several_lines_is_drawn_on_its_first() {
        check("{ [\n1\n] }", (2, 7), "", "  |\n1 | { [\n  |   ^\n");
    }

    #[test]
    fn tabs_wide_and_invisible_characters_keep_the_carets_in_place() {
        check(
            "\ta\tb",
            (3, 4),
            "",
            "  |\n1 |     a    b\n  |          ^\n",
        );
        check("人事 x", (7, 8), "", "  |\n1 | 人事 x\n  |      ^\n");
        check(
            "a\u{202e}\u{1b}b",
            (5, 6),
            "",
            "  |\n1 | a\u{fffd}\u{241b}b\n  |    ^\n",
        );
    }

    #[test]
    fn a_long_line_is_cut_to_what_stands_around_the_span() {
        for (before, inside, after) in [(0, 5, 500), (500, 5, 0), (500, 5, 500), (40, 900, 3)] {
            let text = format!(
                "{}{}{}",
                "é".repeat(before),
                "x".repeat(inside),
                "人".repeat(after)
            );
            let source = SourceText::new("test", text);
            let start = before * 2;
            let drawn = frame(&source, Span::new(start, start + inside), "a label");
            let lines: Vec<_> = drawn.lines().collect();
            let column = lines[2].find('^').expect("carets");
            let under: String = lines[1].chars().skip(column).take(5).collect();
            assert_eq!(under, "xxxxx", "{drawn}");
            assert_eq!(lines[1].starts_with("1 | …"), before > 0, "{drawn}");
            for line in lines {
                assert!(
                    line.chars().map(width_of).sum::<usize>() <= MAX_WIDTH,
                    "{drawn}"
                );
            }
        }
    }

    #[test]
    fn a_frame_can_be_cut_further() {
        let text = format!(
            "{}\"人事 {}\": 5{}",
            "a ".repeat(60),
            "x".repeat(9),
            " b".repeat(60)
        );
        let start = text.find('人').expect("it is there");
        let source = SourceText::new("test", text);
        let whole = frame(&source, Span::new(start, start + 6), "");
        assert_eq!(narrowed(&whole, MAX_WIDTH), whole);
        for width in [99, 80, 40, 20] {
            let cut = narrowed(&whole, width);
            let lines: Vec<_> = cut.lines().collect();
            let columns = |text: &str| text.chars().map(width_of).sum::<usize>();
            assert!(lines.iter().all(|line| columns(line) <= width), "{cut}");
            let before = lines[2].split('^').next().expect("carets");
            let (left, _) = lines[1].split_once('人').expect("the marked part");
            assert_eq!(columns(left), before.len(), "{cut}");
            assert!(lines[2].ends_with("^^^^"), "{cut}");
        }
        assert_eq!(narrowed("no frame", 4), "no frame");
        assert_eq!(narrowed("", 4), "");
    }

    #[test]
    fn a_label_that_does_not_fit_stands_on_a_line_of_its_own() {
        let label = "y".repeat(90);
        let expected = format!("  |\n1 | aaaaaaaaaa\n  |         ^^\n  | {label}\n");
        check("aaaaaaaaaa", (8, 10), &label, &expected);
    }
}
