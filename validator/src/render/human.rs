//! Text for a person to read.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use source_text::narrowed;

use super::{Renderer, Run, Totals, last_line, outline, place, shown_name, unlisted};
use crate::{Finding, SchemaPlace, Severity, Summary};

/// Columns that running text and code frames fill at most.
const WIDTH: usize = 100;

/// Columns below which text is left to the terminal to break.
const MIN_WIDTH: usize = 30;

/// Writes findings with their code frames, and a line about each file.
pub struct Human<W> {
    output: W,
    colours: bool,
    width: usize,
}

impl<W: Write> Human<W> {
    /// A renderer that writes to `output`, with ANSI escape sequences if `colours` is set.
    pub const fn new(output: W, colours: bool) -> Self {
        Self {
            output,
            colours,
            width: WIDTH,
        }
    }

    /// The same for a terminal of so many columns, which may be fewer than texts fill elsewhere.
    #[must_use]
    pub fn for_columns(self, columns: usize) -> Self {
        Self {
            width: columns.clamp(MIN_WIDTH, WIDTH),
            ..self
        }
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
        for line in narrowed(frame, self.width).lines() {
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
            if column + 1 + length > self.width && column > indent {
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
        if let Some(SchemaPlace { file, position }) = &finding.schema_place {
            let (file, bold) = (shown_name(file), self.bold());
            let (line, column) = (position.line, position.column);
            writeln!(self.output, "{bold}schema:{bold:#} {file}:{line}:{column}")?;
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
