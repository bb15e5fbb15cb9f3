//! JUnit's XML, which most CI servers show: a suite for each file, a test case for each finding.
//!
//! A finding that makes the run fail is a failure; any other is a test case that passed and tells it
//! as its output. A file with no findings has one test case that passed.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use super::{Renderer, Run, Totals, details, shown_name, spool::Spool, unlisted};
use crate::{Code, Finding, Policy, Severity, Summary, wording};

/// Writes the suite of a file when the file ends: its numbers stand before its test cases.
pub struct JUnit<W> {
    output: W,
    fail_on: Severity,
    policy: Policy,
    cases: Spool,
    /// How bad the findings of each code are in the file.
    worst: BTreeMap<Code, Severity>,
    tests: usize,
    failures: usize,
}

impl<W: Write> JUnit<W> {
    /// A renderer that writes to `output`.
    pub fn new(output: W) -> Self {
        Self {
            output,
            fail_on: Severity::Error,
            policy: Policy::default(),
            cases: Spool::new(),
            worst: BTreeMap::new(),
            tests: 0,
            failures: 0,
        }
    }

    /// Adds a test case that found something.
    fn case(
        &mut self,
        attributes: &str,
        severity: Severity,
        code: Code,
        message: &str,
        text: &str,
    ) -> io::Result<()> {
        self.tests += 1;
        let case = if severity <= self.fail_on {
            self.failures += 1;
            format!(
                "    <testcase {attributes}>\n      \
                 <failure type=\"{code}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                escaped(&wording::visible(message)),
                escaped(text),
            )
        } else {
            format!(
                "    <testcase {attributes}>\n      \
                 <system-out>{}</system-out>\n    </testcase>\n",
                escaped(text),
            )
        };
        self.cases.push(&case)
    }

    fn suite(&mut self, name: &str, errors: usize) -> io::Result<()> {
        let (tests, failures) = (self.tests, self.failures);
        writeln!(
            self.output,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" \
             errors=\"{errors}\" skipped=\"0\">",
            escaped(name),
        )?;
        self.cases.copy(0..self.cases.length(), &mut self.output)?;
        writeln!(self.output, "  </testsuite>")
    }
}

/// A text for elements, and for attributes where it is one line.
///
/// Characters that XML cannot hold, escaped or not, are shown as Unicode's replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

impl<W: Write> Renderer for JUnit<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.fail_on = run.fail_on;
        self.policy = run.policy.clone();
        writeln!(
            self.output,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"validate-export\">"
        )
    }

    fn begin_file(&mut self, _: &str) -> io::Result<()> {
        self.cases.clear()?;
        self.worst.clear();
        (self.tests, self.failures) = (0, 0);
        Ok(())
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        let name = shown_name(name);
        let Finding {
            code,
            severity,
            message,
            position,
            ..
        } = finding;
        let (line, column) = (position.line, position.column);
        let place = match finding.pointer.as_str() {
            "" => "the root",
            pointer => pointer,
        };
        let attributes = format!(
            "classname=\"{file}\" name=\"{code} at {place} ({line}:{column})\" file=\"{file}\" \
             line=\"{line}\"",
            file = escaped(&name),
            place = escaped(&wording::visible(place)),
        );
        let text = format!(
            "{name}:{line}:{column}: {severity}[{code}] {message}\n{}{}",
            finding.frame,
            details(finding)
        );
        let worst = self.worst.entry(*code).or_insert(*severity);
        *worst = (*worst).min(*severity);
        self.case(&attributes, *severity, *code, message, text.trim_end())
    }

    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        let name = shown_name(name);
        let file = escaped(&name);
        let summary = match outcome {
            Ok(summary) => summary,
            Err(reason) => {
                self.tests += 1;
                self.cases.push(&format!(
                    "    <testcase classname=\"{file}\" name=\"can be read\" file=\"{file}\">\n      \
                     <error type=\"unreadable\" message=\"{}\"/>\n    </testcase>\n",
                    escaped(&wording::visible(reason)),
                ))?;
                return self.suite(&name, 1);
            }
        };
        for (&code, &number) in &summary.unlisted {
            let attributes =
                format!("classname=\"{file}\" name=\"more of {code}\" file=\"{file}\"");
            let listed = self.worst.get(&code).copied();
            let severity = listed.or_else(|| self.policy.severity(code));
            let text = unlisted(code, number);
            self.case(
                &attributes,
                severity.unwrap_or(Severity::Info),
                code,
                &text,
                &text,
            )?;
        }
        if self.tests == 0 {
            self.tests = 1;
            self.cases.push(&format!(
                "    <testcase classname=\"{file}\" name=\"is valid\" file=\"{file}\"/>\n"
            ))?;
        }
        self.suite(&name, 0)
    }

    fn finish(&mut self, _: &Totals) -> io::Result<()> {
        writeln!(self.output, "</testsuites>")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_nothing_that_xml_does_not_have() {
        assert_eq!(
            escaped("a<b> & \"c\"\t\u{0}\u{b}\u{1f}\u{7f}\u{fffe}😀\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;\t\u{fffd}\u{fffd}\u{fffd}\u{7f}\u{fffd}😀\n"
        );
    }
}
