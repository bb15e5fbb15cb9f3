//! What the program says of itself: its codes, its options for shells, its manual page.

use std::io::{self, Write};

use clap::CommandFactory;
use serde_json::json;

use super::arguments::{About, Arguments, Format, Other};
use crate::{Code, render::json::SCHEMA};

/// Does what a command asks for.
pub(super) fn other(command: &Other, output: &mut dyn Write) -> io::Result<()> {
    match command {
        Other::Completions { shell } => {
            let mut command = Arguments::command();
            let name = command.get_name().to_owned();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, name, &mut script);
            output.write_all(&script)
        }
        Other::Man => output.write_all(&manual_page()?),
    }
}

/// What only the manual page says, as roff.
const EXIT_STATUS: &str = r#".SH "EXIT STATUS"
.TP
0
nothing was found that is as bad as \-\-fail\-on says
.TP
1
something was
.TP
2
the command line or the configuration is wrong, or a file could not be read
.SH FILES
.TP
validate\-export.toml
options by their long names, in the current folder or in one above it
.TP
\&.validate\-export\-ignore
findings that are not reported, in the same places
"#;

fn manual_page() -> io::Result<Vec<u8>> {
    let page = clap_mangen::Man::new(Arguments::command());
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    page.render_subcommands_section(&mut text)?;
    text.extend(EXIT_STATUS.bytes());
    Ok(text)
}

/// Answers a question, if the options ask one; false if they do not.
pub(super) fn answer(about: &About, format: Format, output: &mut dyn Write) -> io::Result<bool> {
    if let Some(code) = about.explain {
        explain(code, output)?;
    } else if about.list_rules {
        list_rules(format, output)?;
    } else if about.print_schema {
        output.write_all(SCHEMA.as_bytes())?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn explain(code: Code, output: &mut dyn Write) -> io::Result<()> {
    let always = if code.is_always_an_error() {
        "always "
    } else {
        ""
    };
    writeln!(output, "{code} ({always}{})\n", default_of(code))?;
    writeln!(output, "{}", code.page().trim_end())?;
    if code.is_always_an_error() {
        writeln!(output, "\n{ALWAYS_AN_ERROR}")?;
    }
    Ok(())
}

/// Why some codes have no other severity.
const ALWAYS_AN_ERROR: &str = "\
What cannot be read is not checked. So this is an error whatever --allow, --warn and the
configuration say, and an ignore file does not hide it.";

/// How bad a finding is unless the user says otherwise, or `off`.
fn default_of(code: Code) -> String {
    if code.is_on_by_default() {
        code.default_severity().to_string()
    } else {
        "off".to_owned()
    }
}

fn list_rules(format: Format, output: &mut dyn Write) -> io::Result<()> {
    if format == Format::Json {
        let rule = |code: &Code| {
            json!({
                "code": code,
                "severity": default_of(*code),
                "always": code.is_always_an_error(),
                "summary": code.summary(),
            })
        };
        let rules: Vec<_> = Code::ALL.iter().map(rule).collect();
        serde_json::to_writer_pretty(&mut *output, &rules)?;
        return writeln!(output);
    }
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max();
    let width = width.unwrap_or_default();
    for code in Code::ALL {
        let mut severity = default_of(*code);
        if code.is_always_an_error() {
            severity.push('*');
        }
        writeln!(
            output,
            "{:width$}  {severity:7}  {}",
            code.as_str(),
            code.summary()
        )?;
    }
    Ok(())
}
