//! Findings as output, one module a format.

pub mod github;
pub mod html;
pub mod human;
mod indent;
pub mod json;
pub mod junit;
pub mod sarif;
mod spool;

use std::{fmt::Write, io};

use serde::Serialize;

use crate::{
    Code, Counts, Finding, Policy, ProfileName, Report, Severity, Shape, Summary, wording,
};

/// What is the same for all files of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What the files are held against, in a few words: `edition v2024`.
    pub checked_against: &'a str,
    /// How bad the findings of each code are.
    pub policy: &'a Policy,
    /// The least severity that makes a run fail.
    pub fail_on: Severity,
    /// When the run began, for people; `None` to leave it out.
    pub time: Option<&'a str>,
}

/// Writes what is found while it is found.
///
/// [`begin`](Self::begin) is called once, then for each file [`begin_file`](Self::begin_file), its
/// findings in their order and [`end_file`](Self::end_file), and [`finish`](Self::finish) at last.
/// All of them return the errors of the writer that the renderer was made with.
pub trait Renderer {
    /// Begins the output.
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()>;

    /// Begins a file; `name` is what the output calls it, `-` for the standard input.
    fn begin_file(&mut self, name: &str) -> io::Result<()>;

    /// Takes a finding of the file that was begun last.
    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()>;

    /// Ends a file: with what there is to say of it as a whole, or why it could not be read to its
    /// end.
    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()>;

    /// Ends the output.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;

    /// Passes on what is written so far.
    fn flush(&mut self) -> io::Result<()>;

    /// Takes a report that is there as a whole.
    fn report(&mut self, name: &str, report: &Report) -> io::Result<()> {
        self.begin_file(name)?;
        for finding in &report.findings {
            self.finding(name, finding)?;
        }
        self.end_file(name, Ok(&report.summary))
    }
}

/// Counts over all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Files that were to be checked.
    pub files: usize,
    /// Those that could not be read.
    pub unreadable: usize,
    /// Elements that begin in them.
    pub elements: usize,
    /// Those that were held against the schema of identity profiles.
    pub profiles: usize,
    /// Those of other types, of which only the envelope is checked.
    pub others: usize,
    /// Findings of each severity, those that are not listed with them.
    pub counts: Counts,
    /// Findings that are not listed.
    pub unlisted: usize,
    /// Findings that an ignore list names; they are neither listed nor in the counts.
    pub ignored: usize,
}

impl Totals {
    /// Adds what came of one more file.
    pub fn add(&mut self, outcome: Result<&Summary, &str>) {
        self.files += 1;
        let Ok(summary) = outcome else {
            self.unreadable += 1;
            return;
        };
        self.elements += summary.elements;
        self.profiles += summary.profiles;
        self.others += summary.others;
        self.counts.errors += summary.counts.errors;
        self.counts.warnings += summary.counts.warnings;
        self.counts.infos += summary.counts.infos;
        self.unlisted += summary.unlisted.values().sum::<usize>();
        self.ignored += summary.ignored;
    }
}

/// What people are told of the name of a file.
pub(crate) fn shown_name(name: &str) -> String {
    match name.strip_prefix('-') {
        Some("") => "<stdin>".into(),
        // An entry of an archive.
        Some(entry) if entry.starts_with("!/") => format!("<stdin>{}", wording::visible(entry)),
        _ => wording::visible(name),
    }
}

/// A number and its noun: `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        many => format!("{many} {noun}s"),
    }
}

/// That there are more findings of a code than are listed.
fn unlisted(code: Code, number: usize) -> String {
    let verb = if number == 1 { "is" } else { "are" };
    let findings = count(number, "finding");
    format!("{findings} more of {code} {verb} not listed: --max-findings says how many are")
}

/// Numbers of findings that are not 0: `1 error, 2 warnings`; empty if there are none.
fn counted(counts: Counts) -> String {
    let Counts {
        errors,
        warnings,
        infos,
    } = counts;
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning"), (infos, "note")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    parts.join(", ")
}

/// What the counts of a file or a run come to: `valid`, `valid, 1 warning`, `2 errors`.
fn verdict(counts: Counts) -> String {
    match (counts.errors, counted(counts)) {
        (0, found) if found.is_empty() => "valid".into(),
        (0, found) => format!("valid, {found}"),
        (_, found) => found,
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

/// What more there is to say of a finding, a line each.
fn details(finding: &Finding) -> String {
    let mut details = format!("at {}\n", place(finding));
    for (label, text) in [("expected", &finding.expected), ("help", &finding.help)] {
        if let Some(text) = text {
            // Writing to a string cannot fail.
            let _ = writeln!(details, "{label}: {text}");
        }
    }
    details
}

/// What a file was taken for, and what of it was left alone.
fn taken_for(summary: &Summary) -> String {
    let shape = summary.shape;
    let shape = match (shape, summary.elements) {
        (Shape::Unknown | Shape::ExportedObject | Shape::Profile, _) => shape.to_string(),
        (_, elements) => format!("{shape}, {}", count(elements, "element")),
    };
    let left_alone = match summary.others {
        0 => String::new(),
        others => format!(" ({} of other types left alone)", count(others, "object")),
    };
    format!("{shape}{left_alone}")
}

/// What a file was taken for and how much was found in it.
fn outline(summary: &Summary) -> String {
    let taken_for = taken_for(summary);
    // What the options let pass is not valid by anything.
    let verdict = match summary.shape {
        Shape::Unknown if summary.counts == Counts::default() => "not checked".to_owned(),
        _ => verdict(summary.counts),
    };
    format!("{taken_for}: {verdict}{}", ignored(summary.ignored))
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
