//! A schema of an OpenAPI document as what files are checked against.

use std::{fmt::Write as _, io::Write};

use clap::{CommandFactory, error::ErrorKind};
use oas_codegen::cli::{Disk, with_large_stack};

use super::{Stop, against::Against, arguments::Arguments};
use crate::{
    Validator,
    spec::{self, Diagnostic, Schema, SpecError, schema},
};

/// How many diagnostics about a document are shown.
const SHOWN_DIAGNOSTICS: usize = 20;

/// The schema that is asked for, if one is. What of it does not count as it is written is said.
pub(super) fn against(
    arguments: &spec::Arguments,
    errors: &mut dyn Write,
) -> Result<Option<Against>, Stop> {
    let selection = arguments.selection().map_err(|message| {
        let mut command = Arguments::command();
        command.error(ErrorKind::MissingRequiredArgument, message)
    })?;
    let Some(selection) = selection else {
        return Ok(None);
    };
    let disk = Disk {
        remote_cache: arguments.remote_cache.clone(),
    };
    let made = with_large_stack(|| {
        let made = schema(&disk, &selection)?;
        let validator = Validator::from_schema(&made.value);
        Ok((made, validator))
    });
    let (made, validator) = made
        .map_err(|reason| format!("error: {reason}\n"))?
        .map_err(|error| refusal(&error))?;
    let Schema {
        title,
        diagnostics,
        places,
        ..
    } = made;
    // Where this cannot be written, the report still tells what was found.
    let _ = errors.write_all(listed(&diagnostics).as_bytes());
    let name = format!("{title} of {}", selection.document);
    let validator = validator.map_err(|error| format!("error: {name}: {error}\n"))?;
    Ok(Some(Against {
        validator,
        name,
        placed: Box::new(move |finding| places.placed(finding)),
    }))
}

/// Why there is no schema, for people.
fn refusal(error: &SpecError) -> String {
    let diagnostics = listed(error.diagnostics());
    match error {
        SpecError::Document(_) => {
            format!("{diagnostics}error: the document cannot be used\n")
        }
        error => format!("{diagnostics}error: {error}\n"),
    }
}

fn listed(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(SHOWN_DIAGNOSTICS) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{diagnostic}");
    }
    let more = diagnostics.len().saturating_sub(SHOWN_DIAGNOSTICS);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more about the document");
    }
    text
}
