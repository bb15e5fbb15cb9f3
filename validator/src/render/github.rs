//! Workflow commands, which GitHub Actions shows as annotations of the files.

use std::io::{self, Write};

use super::{Renderer, Run, Totals, details, last_line, shown_name, unlisted};
use crate::{Finding, Severity, Summary};

/// Writes a command for each finding.
pub struct GitHub<W> {
    output: W,
}

impl<W: Write> GitHub<W> {
    /// A renderer that writes to `output`.
    pub const fn new(output: W) -> Self {
        Self { output }
    }

    fn command(
        &mut self,
        command: &str,
        properties: &[(&str, String)],
        message: &str,
    ) -> io::Result<()> {
        write!(self.output, "::{command}")?;
        let mut separator = ' ';
        for (name, value) in properties {
            write!(self.output, "{separator}{name}={}", property(value))?;
            separator = ',';
        }
        writeln!(self.output, "::{}", data(message))
    }
}

const fn name_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// A message, in which a line end would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which a colon or comma would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The property that names a file; what has no path is named in the message alone.
fn file(name: &str) -> Vec<(&'static str, String)> {
    match name {
        "-" => Vec::new(),
        // Paths are those of the repository, which do not begin so.
        name => vec![("file", name.trim_start_matches("./").to_owned())],
    }
}

impl<W: Write> Renderer for GitHub<W> {
    fn begin(&mut self, _: &Run<'_>) -> io::Result<()> {
        Ok(())
    }

    fn begin_file(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        let (start, end) = (finding.position, finding.end);
        let mut properties = file(name);
        properties.push(("line", start.line.to_string()));
        properties.push(("endLine", end.line.to_string()));
        // Columns are shown only where they are those of one line.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
        properties.push(("title", finding.code.to_string()));
        let message = format!("{}\n{}", finding.message, details(finding));
        self.command(name_of(finding.severity), &properties, message.trim_end())
    }

    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        match outcome {
            Ok(summary) => {
                for (&code, &number) in &summary.unlisted {
                    let mut properties = file(name);
                    properties.push(("title", code.to_string()));
                    self.command("notice", &properties, &unlisted(code, number))?;
                }
                Ok(())
            }
            Err(reason) => {
                let name_shown = shown_name(name);
                let message = format!("{name_shown}: cannot read the file: {reason}");
                self.command("error", &file(name), &message)
            }
        }
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        writeln!(self.output, "{}", last_line(totals))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_a_command() {
        let mut output = Vec::new();
        let hostile = "a%b\r\n::set-env name=x::y";
        let properties = [("file", format!("{hostile},line=1")), ("title", "t".into())];
        GitHub::new(&mut output)
            .command("error", &properties, hostile)
            .expect("a vector takes everything");
        assert_eq!(
            String::from_utf8_lossy(&output),
            "::error file=a%25b%0D%0A%3A%3Aset-env name=x%3A%3Ay%2Cline=1,title=t::\
             a%25b%0D%0A::set-env name=x::y\n"
        );
    }
}
