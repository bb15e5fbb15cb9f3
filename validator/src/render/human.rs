//! Text for a person to read.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Renderer, Run, Totals, count, counted, shown_name, unlisted, verdict};
use crate::{Finding, ProfileName, Severity, Shape, Summary, wording};

/// Columns that running text fills at most.
const WIDTH: usize = 100;

/// Writes findings with their code frames, and a line about each file.
pub struct Human<W> {
    output: W,
    colours: bool,
}

impl<W: Write> Human<W> {
    /// A renderer that writes to `output`, with ANSI escape sequences if `colours` is set.
    pub const fn new(output: W, colours: bool) -> Self {
        Self { output, colours }
    }

    fn style(&self, style: Style) -> Style {
        if self.colours { style } else { Style::new() }
    }

    fn of_severity(&self, severity: Severity) -> Style {
        let colour = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        self.style(colour.on_default().bold())
    }

    fn bold(&self) -> Style {
        self.style(Style::new().bold())
    }

    /// The style of what surrounds the text of files.
    fn gutter(&self) -> Style {
        self.style(AnsiColor::Blue.on_default())
    }

    /// A code frame: the margin in one colour, the carets in that of the severity.
    fn frame(&mut self, frame: &str, severity: Severity) -> io::Result<()> {
        let (gutter, carets) = (self.gutter(), self.of_severity(severity));
        for line in frame.lines() {
            // The margin never holds a bar, so that the first one ends it.
            let (margin, text) = line.split_once('|').unwrap_or((line, ""));
            let style = if margin.trim().is_empty() {
                carets
            } else {
                Style::new()
            };
            writeln!(
                self.output,
                "{gutter}{margin}|{gutter:#}{style}{text}{style:#}"
            )?;
        }
        Ok(())
    }

    /// A labelled text, broken between words; later lines are indented under the first.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let bold = self.bold();
        let indent = label.chars().count() + 2;
        let mut column = indent - 1;
        write!(self.output, "{bold}{label}:{bold:#}")?;
        for word in text.split(' ') {
            let length = word.chars().count();
            if column + 1 + length > WIDTH && column > indent {
                write!(self.output, "\n{:indent$}", "")?;
                column = indent;
            } else {
                write!(self.output, " ")?;
                column += 1;
            }
            write!(self.output, "{word}")?;
            column += length;
        }
        writeln!(self.output)
    }
}

impl<W: Write> Renderer for Human<W> {
    fn begin(&mut self, _: &Run<'_>) -> io::Result<()> {
        Ok(())
    }

    fn begin_file(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        let name = shown_name(name);
        let (line, column) = (finding.position.line, finding.position.column);
        let (bold, of_severity) = (self.bold(), self.of_severity(finding.severity));
        writeln!(
            self.output,
            "{bold}{name}:{line}:{column}:{bold:#} \
             {of_severity}{severity}[{code}]{of_severity:#} {bold}{message}{bold:#}",
            severity = finding.severity,
            code = finding.code,
            message = finding.message,
        )?;
        let place = place(finding);
        writeln!(self.output, "at {place}")?;
        self.frame(&finding.frame, finding.severity)?;
        for (label, text) in [("expected", &finding.expected), ("help", &finding.help)] {
            if let Some(text) = text {
                self.labelled(label, text)?;
            }
        }
        for related in &finding.related {
            let (line, column) = (related.position.line, related.position.column);
            let message = format!("{name}:{line}:{column}: {}", related.message);
            let bold = self.bold();
            writeln!(self.output, "{bold}note:{bold:#} {message}")?;
        }
        writeln!(self.output)
    }

    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        // Why a file could not be read is said where errors go, and its number at the end.
        let Ok(summary) = outcome else {
            return Ok(());
        };
        let (name, bold) = (shown_name(name), self.bold());
        for (&code, &number) in &summary.unlisted {
            let more = unlisted(code, number);
            writeln!(
                self.output,
                "{bold}{name}:{bold:#} {more}
"
            )?;
        }
        writeln!(self.output, "{bold}{name}:{bold:#} {}", outline(summary))
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let bold = self.bold();
        writeln!(self.output, "\n{bold}{}{bold:#}", last_line(totals))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Where in the document a finding is, and in whose profile.
fn place(finding: &Finding) -> String {
    let pointer = match finding.pointer.as_str() {
        "" => "the root".to_owned(),
        pointer => wording::visible(pointer),
    };
    let mut inside = Vec::new();
    if let Some(element) = finding.element {
        inside.push(format!("element {element}"));
    }
    if let Some(ProfileName { name, id }) = &finding.profile {
        let name = name.as_deref().map(wording::quoted);
        let id = id.as_deref().map(wording::shortened);
        match (name, id) {
            (Some(name), Some(id)) => inside.push(format!("{name}, id {id}")),
            (Some(name), None) => inside.push(name),
            (None, Some(id)) => inside.push(format!("id {id}")),
            (None, None) => {}
        }
    }
    if inside.is_empty() {
        return pointer;
    }
    format!("{pointer} ({})", inside.join(": "))
}

/// What a file was taken for and how much was found in it.
fn outline(summary: &Summary) -> String {
    let shape = summary.shape;
    let taken_for = match (shape, summary.elements) {
        (Shape::Unknown | Shape::ExportedObject | Shape::Profile, _) => shape.to_string(),
        (_, elements) => format!("{shape}, {}", count(elements, "element")),
    };
    let left_alone = match summary.others {
        0 => String::new(),
        others => format!(" ({} of other types left alone)", count(others, "object")),
    };
    let verdict = verdict(summary.counts);
    let ignored = ignored(summary.ignored);
    format!("{taken_for}{left_alone}: {verdict}{ignored}")
}

fn ignored(number: usize) -> String {
    match number {
        0 => String::new(),
        number => format!(", {number} ignored"),
    }
}

/// What came of all files.
fn last_line(totals: &Totals) -> String {
    let checked = count(totals.files - totals.unreadable, "file");
    let elements = count(totals.elements, "element");
    // A file that nobody could read is not known to be valid.
    let found = match totals.unreadable {
        0 => verdict(totals.counts),
        unreadable => {
            let unreadable = format!("{} could not be read", count(unreadable, "file"));
            match counted(totals.counts) {
                found if found.is_empty() => unreadable,
                found => format!("{found}, {unreadable}"),
            }
        }
    };
    let ignored = ignored(totals.ignored);
    format!("checked {checked} with {elements}: {found}{ignored}")
}
