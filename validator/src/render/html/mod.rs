//! One HTML page for anyone to open: nothing is loaded, nothing runs, and it can be printed.

mod page;

use std::{
    fmt::Write as _,
    io::{self, Write},
    ops::Range,
};

use unicode_width::UnicodeWidthChar;

use super::{Renderer, Run, Totals, shown_name, spool::Spool, taken_for, unlisted};
use crate::{Code, Counts, Finding, ProfileName, Severity, Summary, wording};

/// Writes the page when all files are done: what comes first is the sum of them.
pub struct Html<W> {
    output: W,
    checked_against: String,
    time: Option<String>,
    fail_on: Severity,
    files: Vec<File>,
    /// The rows of profiles, and the one that findings are still of.
    profiles: Spool,
    profile: Option<Profile>,
    /// The codes that occur, which the page explains.
    codes: Vec<Code>,
    /// The findings of all files.
    findings: Spool,
    /// Where those of the file that was begun last begin.
    first: u64,
    listed: usize,
}

/// A row of the table of files, and the findings in it.
struct File {
    name: String,
    /// What it was taken for, or why it could not be read.
    taken_for: Result<String, String>,
    counts: Counts,
    ignored: usize,
    /// Where they are in those of all files.
    findings: Range<u64>,
    /// The severity of all findings, where it is one.
    severity: Option<Severity>,
}

/// A row of the table of profiles.
struct Profile {
    file: usize,
    /// What the file is called.
    in_file: String,
    element: usize,
    name: ProfileName,
    counts: Counts,
    /// The number of its first finding in its file.
    first: usize,
}

impl<W: Write> Html<W> {
    /// A renderer that writes to `output`.
    pub fn new(output: W) -> Self {
        Self {
            output,
            checked_against: String::new(),
            time: None,
            fail_on: Severity::Error,
            files: Vec::new(),
            profiles: Spool::new(),
            profile: None,
            codes: Vec::new(),
            findings: Spool::new(),
            first: 0,
            listed: 0,
        }
    }

    fn count_profile(&mut self, in_file: &str, finding: &Finding) -> io::Result<()> {
        let (Some(element), Some(name)) = (finding.element, &finding.profile) else {
            return Ok(());
        };
        let file = self.files.len();
        let last = self.profile.as_mut();
        let known = last.filter(|last| last.file == file && last.element == element);
        if let Some(profile) = known {
            profile.counts.add(finding.severity, 1);
            return Ok(());
        }
        self.end_profile()?;
        let mut counts = Counts::default();
        counts.add(finding.severity, 1);
        self.profile = Some(Profile {
            file,
            in_file: shown_name(in_file),
            element,
            name: name.clone(),
            counts,
            first: self.listed,
        });
        Ok(())
    }

    /// Adds the row of the last profile: there are no more findings of it.
    fn end_profile(&mut self) -> io::Result<()> {
        match self.profile.take() {
            Some(profile) => self.profiles.push(&page::profile_row(&profile)),
            None => Ok(()),
        }
    }

    /// A finding as the page shows it.
    fn card(&self, finding: &Finding) -> Result<String, std::fmt::Error> {
        let (file, number) = (self.files.len(), self.listed);
        let mut text = String::new();
        let card = &mut text;
        let severity = finding.severity;
        let code = finding.code;
        let (line, column) = (finding.position.line, finding.position.column);
        write!(
            card,
            "<article class=\"finding {severity}\" id=\"f{file}-{number}\">\n\
             <h3><span class=\"badge {severity}\">{label}</span> {message}</h3>\n\
             <p class=\"place\"><a class=\"anchor\" href=\"#f{file}-{number}\">Line {line}, column {column}</a>",
            label = label_of(severity),
            message = Escaped(&finding.message),
        )?;
        if let Some(profile) = &finding.profile {
            write!(card, " <span>{}</span>", profile_text(profile))?;
        }
        let pointer = wording::visible(finding.pointer.as_str());
        if !pointer.is_empty() {
            write!(card, " <code>{}</code>", Escaped(&pointer))?;
        }
        writeln!(card, " <a class=\"code\" href=\"#{code}\">{code}</a></p>")?;
        if !finding.frame.is_empty() {
            frame(card, &finding.frame)?;
        }
        let parts = [
            ("Expected", &finding.expected),
            ("What to do", &finding.help),
        ];
        if parts.iter().any(|(_, text)| text.is_some()) {
            card.push_str("<dl>");
            for (label, text) in parts {
                if let Some(text) = text {
                    write!(card, "<dt>{label}</dt><dd>{}</dd>", Escaped(text))?;
                }
            }
            card.push_str("</dl>\n");
        }
        for related in &finding.related {
            let (line, column) = (related.position.line, related.position.column);
            let message = Escaped(&related.message);
            writeln!(
                card,
                "<p class=\"related\">Line {line}, column {column}: {message}</p>"
            )?;
        }
        card.push_str("</article>\n");
        Ok(text)
    }
}

/// The line of a code frame, with what stands above the carets marked in it: a line that is too long
/// for a screen can be broken.
fn frame(card: &mut String, frame: &str) -> std::fmt::Result {
    let mut lines = frame.lines().filter_map(|line| line.split_once('|'));
    let Some((number, text)) = lines.find(|(margin, _)| !margin.trim().is_empty()) else {
        return Ok(());
    };
    let carets = lines.next().map_or("", |(_, carets)| carets);
    let from = carets.find('^').unwrap_or_default();
    let to = carets.rfind('^').map_or(0, |last| last + 1);
    let [before, marked, after] = split_at_columns(text, from, to);
    let number = number.trim();
    writeln!(
        card,
        "<pre><span class=\"line\">{number}</span><code>{}<mark>{}</mark>{}</code></pre>",
        Escaped(before.trim_start_matches(' ')),
        Escaped(if marked.is_empty() { "\u{a0}" } else { marked }),
        Escaped(after)
    )
}

/// A text in three parts: up to a column of the screen, up to another, and the rest.
fn split_at_columns(text: &str, from: usize, to: usize) -> [&str; 3] {
    let offset_of = |wanted: usize| {
        let mut column = 0;
        let mut characters = text.char_indices();
        let found = characters.find(|&(_, character)| {
            let is_there = column >= wanted;
            column += character.width().unwrap_or(1);
            is_there
        });
        found.map_or(text.len(), |(offset, _)| offset)
    };
    let (from, to) = (offset_of(from), offset_of(to));
    let (before, rest) = text.split_at(from);
    let (marked, after) = rest.split_at(to.saturating_sub(from));
    [before, marked, after]
}

/// The severity of findings that all have the same.
const fn only_severity(counts: Counts) -> Option<Severity> {
    match (counts.errors, counts.warnings, counts.infos) {
        (1.., 0, 0) => Some(Severity::Error),
        (0, 1.., 0) => Some(Severity::Warning),
        (0, 0, 1..) => Some(Severity::Info),
        _ => None,
    }
}

const fn label_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Info => "Note",
    }
}

fn profile_text(profile: &ProfileName) -> String {
    let name = profile.name.as_deref().map(wording::visible);
    let id = profile.id.as_deref().map(wording::shortened);
    match (name, id) {
        (Some(name), Some(id)) => format!("{} ({})", Escaped(&name), Escaped(&id)),
        (Some(text), None) | (None, Some(text)) => Escaped(&text).to_string(),
        (None, None) => String::new(),
    }
}

/// A text with nothing in it that HTML would take for markup, in elements and in attributes.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\0' => f.write_str("\u{fffd}")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

impl<W: Write> Renderer for Html<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        run.checked_against.clone_into(&mut self.checked_against);
        self.time = run.time.map(ToOwned::to_owned);
        self.fail_on = run.fail_on;
        Ok(())
    }

    fn begin_file(&mut self, _: &str) -> io::Result<()> {
        self.first = self.findings.length();
        self.listed = 0;
        Ok(())
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        self.listed += 1;
        self.count_profile(name, finding)?;
        if !self.codes.contains(&finding.code) {
            self.codes.push(finding.code);
        }
        let card = self.card(finding).map_err(io::Error::other)?;
        self.findings.push(&card)
    }

    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        let (taken_for, counts, ignored) = match outcome {
            Ok(summary) => {
                for (&code, &number) in &summary.unlisted {
                    let text = unlisted(code, number);
                    let text = format!("<p class=\"more\">{}.</p>\n", Escaped(&text));
                    self.findings.push(&text)?;
                }
                (Ok(taken_for(summary)), summary.counts, summary.ignored)
            }
            Err(reason) => (Err(reason.to_owned()), Counts::default(), 0),
        };
        self.files.push(File {
            name: shown_name(name),
            taken_for,
            severity: only_severity(counts),
            counts,
            ignored,
            findings: self.first..self.findings.length(),
        });
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.end_profile()?;
        self.codes.sort_unstable();
        self.write_page(totals)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(frame_text: &str, expected: &str) {
        let mut card = String::new();
        frame(&mut card, frame_text).expect("a string takes everything");
        let code = card.split("<code>").nth(1).unwrap_or_default();
        assert_eq!(code.split("</code>").next(), Some(expected), "{frame_text}");
    }

    #[test]
    fn what_stands_above_the_carets_is_marked() {
        check("  |\n1 | a: b\n  |    ^\n", "a: <mark>b</mark>");
        check(
            "  |\n1 |   a: 七<, c\n  |      ^^^\n",
            "a: <mark>七&lt;</mark>, c",
        );
        check("  |\n1 | a\n  |  ^\n", "a<mark>\u{a0}</mark>");
        check("  |\n1 |\n  | ^\n", "<mark>\u{a0}</mark>");
        check("  |\n1 | a | ^\n  |     ^\n", "a | <mark>^</mark>");
    }
}
