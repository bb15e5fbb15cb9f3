//! The page around the findings.

use std::io::{self, Write};

use super::{Escaped, File, Html, Profile, profile_text};
use crate::{
    Code, Counts,
    render::{Totals, count},
};

/// The headings of [`numbers`].
const NUMBERS: &str = "<th class=\"number\">Errors</th><th class=\"number\">Warnings</th>\
                       <th class=\"number\">Notes</th>";

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded and nothing runs, whatever a file holds.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

impl<W: Write> Html<W> {
    pub(super) fn write_page(&mut self, totals: &Totals) -> io::Result<()> {
        let (verdict, class) = self.verdict(totals);
        write!(
            self.output,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{verdict} – export check</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
        )?;
        for (severity, _) in severities(totals.counts) {
            writeln!(
                self.output,
                "<input type=\"checkbox\" class=\"switch\" id=\"show-{severity}\" checked>"
            )?;
        }
        write!(
            self.output,
            "<div class=\"page\">\n<header>\n<p class=\"kind\">Export check</p>\n\
             <h1 class=\"{class}\">{verdict}</h1>\n<p class=\"about\">Held against {}",
            Escaped(&self.checked_against)
        )?;
        if let Some(time) = &self.time {
            write!(self.output, ", {}", Escaped(time))?;
        }
        writeln!(self.output, "</p>\n</header>")?;
        self.write_totals(totals)?;
        self.write_files()?;
        self.write_profiles()?;
        self.write_findings(totals)?;
        self.write_codes()?;
        write!(
            self.output,
            "<footer>Written by validate-export {}</footer>\n</div>\n</body>\n</html>\n",
            env!("CARGO_PKG_VERSION")
        )
    }

    /// The page in one line, and how it looks.
    fn verdict(&self, totals: &Totals) -> (String, &'static str) {
        let failing = totals.counts.at_least(self.fail_on);
        let class = match (totals.unreadable, failing) {
            (0, 0) => "good",
            _ => "bad",
        };
        let Counts {
            errors,
            warnings,
            infos,
        } = totals.counts;
        let mut text = match (errors, warnings, infos) {
            (0, 0, 0) if totals.unreadable == 0 => "Everything is valid".to_owned(),
            (0, 0, 0) => String::new(),
            (0, 0, notes) => format!("Valid, with {}", count(notes, "note")),
            (0, warnings, _) => format!("Valid, with {}", count(warnings, "warning")),
            (errors, ..) => format!("{} to fix", count(errors, "error")),
        };
        if totals.unreadable > 0 {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(&count(totals.unreadable, "file"));
            text.push_str(" not read");
        }
        (text, class)
    }

    fn write_totals(&mut self, totals: &Totals) -> io::Result<()> {
        writeln!(self.output, "<ul class=\"totals\">")?;
        let Counts {
            errors,
            warnings,
            infos,
        } = totals.counts;
        for (number, noun, class, always) in [
            (errors, "error", "error", true),
            (warnings, "warning", "warning", true),
            (infos, "note", "info", false),
            (totals.files, "file", "", true),
            (totals.unreadable, "not read", "error", false),
            (totals.profiles, "profile", "", true),
            (totals.others, "other object", "", false),
            (totals.ignored, "ignored", "", false),
        ] {
            if number == 0 && !always {
                continue;
            }
            let plural = match noun {
                "not read" | "ignored" => "",
                _ if number == 1 => "",
                _ => "s",
            };
            let class = if number == 0 { "" } else { class };
            writeln!(
                self.output,
                "<li class=\"{class}\"><b>{number}</b> {noun}{plural}</li>"
            )?;
        }
        writeln!(self.output, "</ul>")
    }

    fn write_files(&mut self) -> io::Result<()> {
        writeln!(
            self.output,
            "<section>\n<h2>Files</h2>\n<table>\n<thead><tr><th>File</th><th>Taken for</th>\
             {NUMBERS}</tr></thead>\n<tbody>"
        )?;
        for (index, file) in self.files.iter().enumerate() {
            let name = Escaped(&file.name);
            if file.findings.is_empty() {
                write!(self.output, "<tr><td class=\"name\">{name}</td>")?;
            } else {
                write!(
                    self.output,
                    "<tr><td class=\"name\"><a href=\"#file{index}\">{name}</a></td>"
                )?;
            }
            match &file.taken_for {
                Ok(taken_for) => {
                    write!(self.output, "<td>{}", Escaped(taken_for))?;
                    if file.ignored > 0 {
                        write!(self.output, "; {} ignored", file.ignored)?;
                    }
                    writeln!(self.output, "</td>{}</tr>", numbers(file.counts))?;
                }
                Err(reason) => writeln!(
                    self.output,
                    "<td colspan=\"4\" class=\"unread\">Could not be read: {}</td></tr>",
                    Escaped(reason)
                )?,
            }
        }
        writeln!(self.output, "</tbody>\n</table>\n</section>")
    }

    fn write_profiles(&mut self) -> io::Result<()> {
        if self.profiles.length() == 0 {
            return Ok(());
        }
        writeln!(
            self.output,
            "<section>\n<h2>Profiles with findings</h2>\n<table>\n<thead><tr><th>Profile</th>\
             <th>File</th>{NUMBERS}</tr></thead>\n<tbody>"
        )?;
        let all = 0..self.profiles.length();
        self.profiles.copy(all, &mut self.output)?;
        writeln!(self.output, "</tbody>\n</table>\n</section>")
    }

    fn write_findings(&mut self, totals: &Totals) -> io::Result<()> {
        if self.files.iter().all(|file| file.findings.is_empty()) {
            return Ok(());
        }
        writeln!(self.output, "<section>\n<h2>Findings</h2>")?;
        let severities = severities(totals.counts);
        if severities.len() > 1 {
            write!(self.output, "<p class=\"filter\">Show")?;
            for (severity, label) in severities {
                write!(
                    self.output,
                    " <label class=\"{severity}\" for=\"show-{severity}\">{label}</label>"
                )?;
            }
            writeln!(self.output, "</p>")?;
        }
        for (index, file) in self.files.iter().enumerate() {
            let File {
                name,
                findings,
                severity,
                ..
            } = file;
            if !findings.is_empty() {
                let only = severity.map_or(String::new(), |only| format!(" only-{only}"));
                writeln!(
                    self.output,
                    "<section class=\"file{only}\" id=\"file{index}\">\n<h3 class=\"file-name\">{}</h3>",
                    Escaped(name)
                )?;
                self.findings.copy(findings.clone(), &mut self.output)?;
                writeln!(self.output, "</section>")?;
            }
        }
        writeln!(self.output, "</section>")
    }

    fn write_codes(&mut self) -> io::Result<()> {
        if self.codes.is_empty() {
            return Ok(());
        }
        writeln!(
            self.output,
            "<section>\n<h2>What the codes mean</h2>\n<dl class=\"codes\">"
        )?;
        for code in &self.codes {
            write_code(&mut self.output, *code)?;
        }
        writeln!(self.output, "</dl>\n</section>")
    }
}

/// A row of the table of profiles.
pub(super) fn profile_row(profile: &Profile) -> String {
    let Profile {
        file,
        in_file,
        first,
        name,
        counts,
        ..
    } = profile;
    format!(
        "<tr><td class=\"name\"><a href=\"#f{file}-{first}\">{}</a></td>\
         <td class=\"name\">{}</td>{}</tr>\n",
        profile_text(name),
        Escaped(in_file),
        numbers(*counts)
    )
}

fn write_code(output: &mut impl Write, code: Code) -> io::Result<()> {
    let summary = code.summary();
    let summary = Escaped(&summary);
    writeln!(output, "<dt id=\"{code}\">{code}</dt><dd>{summary}.</dd>")
}

/// The severities that occur, and what the filter calls them.
fn severities(counts: Counts) -> Vec<(&'static str, &'static str)> {
    [
        (counts.errors, "error", "Errors"),
        (counts.warnings, "warning", "Warnings"),
        (counts.infos, "info", "Notes"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(_, severity, label)| (severity, label))
    .collect()
}

/// The cells of a table's row that tell numbers of findings.
fn numbers(counts: Counts) -> String {
    [
        (counts.errors, "error"),
        (counts.warnings, "warning"),
        (counts.infos, "info"),
    ]
    .map(|(number, class)| match number {
        0 => "<td class=\"number\">0</td>".to_owned(),
        number => format!("<td class=\"number {class}\">{number}</td>"),
    })
    .concat()
}
