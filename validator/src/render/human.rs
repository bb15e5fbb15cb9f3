//! Text for a person to read.

use std::io::{self, Write};

use super::{Checked, Summary};
use crate::{Finding, Shape, wording};

/// Columns that running text fills at most.
const WIDTH: usize = 100;

/// Writes the findings of one file, or why it could not be read.
pub fn write_file(output: &mut dyn Write, checked: &Checked) -> io::Result<()> {
    let name = match checked.path.as_str() {
        "-" => "<stdin>",
        path => path,
    };
    match &checked.outcome {
        Err(error) => writeln!(output, "{name}: error: cannot read the file: {error}"),
        Ok(report) => {
            for finding in &report.findings {
                write_finding(output, name, finding)?;
            }
            writeln!(output, "{name}: {}", outline(&report.summary))
        }
    }
}

fn write_finding(output: &mut dyn Write, name: &str, finding: &Finding) -> io::Result<()> {
    let Finding {
        code,
        severity,
        message,
        position,
        ..
    } = finding;
    let (line, column) = (position.line, position.column);
    writeln!(
        output,
        "{name}:{line}:{column}: {severity}[{code}] {message}"
    )?;
    let pointer = match finding.pointer.as_str() {
        "" => "the root".to_owned(),
        pointer => wording::visible(pointer),
    };
    match finding.element {
        Some(element) => writeln!(output, "at {pointer} (element {element})")?,
        None => writeln!(output, "at {pointer}")?,
    }
    output.write_all(finding.frame.as_bytes())?;
    for (label, text) in [("expected", &finding.expected), ("help", &finding.help)] {
        if let Some(text) = text {
            output.write_all(wrapped(label, text).as_bytes())?;
        }
    }
    for related in &finding.related {
        let (line, column) = (related.position.line, related.position.column);
        writeln!(output, "note: {name}:{line}:{column}: {}", related.message)?;
    }
    writeln!(output)
}

/// What a file was taken for and how much was found in it.
fn outline(summary: &crate::Summary) -> String {
    let shape = summary.shape;
    let taken_for = match (shape, summary.elements) {
        (Shape::Unknown | Shape::ExportedObject | Shape::Profile, _) => shape.to_string(),
        (_, elements) => format!("{shape}, {}", count(elements, "element")),
    };
    let skipped = match summary.others {
        0 => String::new(),
        others => format!(" ({} of other types left alone)", count(others, "object")),
    };
    format!(
        "{taken_for}{skipped}: {}",
        totals(summary.counts.errors, summary.counts.warnings)
    )
}

/// Writes the last line: what came of all files.
pub fn write_summary(output: &mut dyn Write, summary: Summary) -> io::Result<()> {
    let checked = count(summary.files - summary.unreadable, "file");
    let elements = count(summary.elements, "element");
    // A file that nobody could read is not known to be valid.
    let totals = match (summary.unreadable, summary.errors, summary.warnings) {
        (0, errors, warnings) => totals(errors, warnings),
        (unreadable, errors, warnings) => {
            let parts = [(errors, "error"), (warnings, "warning")];
            let mut found: Vec<String> = parts
                .into_iter()
                .filter(|(number, _)| *number > 0)
                .map(|(number, noun)| count(number, noun))
                .collect();
            found.push(format!("{} could not be read", count(unreadable, "file")));
            found.join(", ")
        }
    };
    writeln!(output, "\nchecked {checked} with {elements}: {totals}")
}

fn totals(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, 0) => "valid".into(),
        (0, warnings) => format!("valid, {}", count(warnings, "warning")),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => {
            format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
        }
    }
}

fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    }
}

/// A labelled text, broken between words; later lines are indented under the first.
fn wrapped(label: &str, text: &str) -> String {
    let mut output = format!("{label}:");
    let indent = output.chars().count() + 1;
    let mut column = output.chars().count();
    for word in text.split(' ') {
        let length = word.chars().count();
        if column + 1 + length > WIDTH && column > indent {
            output.push('\n');
            output.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            output.push(' ');
            column += 1;
        }
        output.push_str(word);
        column += length;
    }
    output.push('\n');
    output
}
