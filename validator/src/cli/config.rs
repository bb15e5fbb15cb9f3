//! Options that stand in a file.

#![expect(
    clippy::disallowed_methods,
    reason = "the program reads files; the core does not"
)]

use std::{
    ffi::OsString,
    fmt::Write,
    ops::Range,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgAction, CommandFactory, ValueHint};
use source_text::{SourceText, Span, frame};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::arguments::{Arguments, Parsed, is_configurable};
use crate::nearest::nearest;

/// What a configuration file is called.
pub(super) const NAME: &str = "validate-export.toml";

/// The nearest file of a name: in the current folder or in one above it.
pub(super) fn nearest_file(name: &str) -> Option<PathBuf> {
    let here = PathBuf::from(name);
    if here.is_file() {
        return Some(here);
    }
    let folder = std::env::current_dir().ok()?;
    folder
        .ancestors()
        .skip(1)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Reads a configuration file: the arguments that say the same, each after the id of its option.
///
/// # Errors
///
/// Everything that is wrong with it, as a text for people.
pub(super) fn read(path: &Path) -> Result<Vec<(String, OsString)>, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("error: cannot read the configuration {name}: {error}\n"))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut reader = Reader::new(folder);
    let table = match DeTable::parse(&text) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            reader.problem(error.span().unwrap_or_default(), error.message());
            DeTable::new()
        }
    };
    let mut entries: Vec<_> = table.iter().collect();
    // In the order of the file, in which the last one counts.
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        reader.entry(key.get_ref(), key.span(), value);
    }
    if reader.problems.is_empty() {
        let all = alone(reader.arguments.iter().map(|(_, argument)| argument));
        return match Parsed::parse(&all) {
            Ok(_) => Ok(reader.arguments),
            Err(error) => Err(format!("{name}: error: {}\n", essence(&error))),
        };
    }
    let source = SourceText::new(name.to_string(), text.as_str());
    let mut shown = String::new();
    for (span, message) in reader.problems {
        let place = source.position(span.start);
        let frame = frame(&source, span, "");
        // Writing to a string cannot fail.
        let _ = write!(
            shown,
            "{name}:{line}:{column}: error: {message}\n{frame}",
            line = place.line,
            column = place.column,
        );
    }
    Err(shown)
}

struct Reader<'a> {
    folder: &'a Path,
    options: Vec<Arg>,
    arguments: Vec<(String, OsString)>,
    problems: Vec<(Span, String)>,
}

impl<'a> Reader<'a> {
    fn new(folder: &'a Path) -> Self {
        let mut command = Arguments::command();
        command.build();
        let options = command
            .get_arguments()
            .filter(|option| is_configurable(option));
        Self {
            folder,
            options: options.cloned().collect(),
            arguments: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.problems.push((span.into(), message.into()));
    }

    fn push(&mut self, option: &Arg, argument: OsString) {
        self.arguments.push((option.get_id().to_string(), argument));
    }

    fn entry(&mut self, key: &str, span: Range<usize>, value: &Spanned<DeValue<'_>>) {
        let option = self
            .options
            .iter()
            .find(|option| option.get_long() == Some(key));
        let Some(option) = option.cloned() else {
            let keys = self.options.iter().filter_map(Arg::get_long);
            let message = match nearest(key, keys) {
                Some(near) => format!("there is no option {key:?}; did you mean {near:?}?"),
                None => format!("there is no option {key:?}; --help names all"),
            };
            return self.problem(span, message);
        };
        match (option.get_action(), value.get_ref()) {
            (ArgAction::SetTrue, DeValue::Boolean(true)) => {
                self.push(&option, format!("--{key}").into());
            }
            (ArgAction::SetTrue, DeValue::Boolean(false)) => {}
            (ArgAction::Set, DeValue::Boolean(switch)) if is_switch(&option) => {
                self.push(&option, format!("--{key}={switch}").into());
            }
            (ArgAction::Set, _) if is_switch(&option) => {
                self.problem(value.span(), "expected true or false");
            }
            (ArgAction::SetTrue, _) => self.problem(value.span(), "expected true or false"),
            (ArgAction::Append, DeValue::Array(items)) => {
                for item in items {
                    self.value(&option, item);
                }
            }
            (ArgAction::Append, DeValue::String(_)) | (ArgAction::Set, _) => {
                self.value(&option, value);
            }
            _ => self.problem(value.span(), "expected an array of strings"),
        }
    }

    /// Takes the value of an option, if it is one that the option has on the command line.
    fn value(&mut self, option: &Arg, value: &Spanned<DeValue<'_>>) {
        let key = option.get_long().unwrap_or_default();
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
            _ => return self.problem(value.span(), "expected a string or an integer"),
        };
        let is_path = matches!(
            option.get_value_hint(),
            ValueHint::FilePath | ValueHint::DirPath
        );
        let mut argument = OsString::from(format!("--{key}="));
        if is_path && text != "-" {
            // Paths lead on from where the file is, wherever the program runs.
            argument.push(self.folder.join(&text));
        } else {
            argument.push(&text);
        }
        match Parsed::parse(&alone([&argument])) {
            Ok(_) => self.push(option, argument),
            Err(error) => self.problem(value.span(), essence(&error)),
        }
    }
}

/// Whether an option may stand without its value, which is true or false.
fn is_switch(option: &Arg) -> bool {
    let values = option.get_num_args();
    values.is_some_and(|values| values.min_values() == 0 && values.max_values() == 1)
}

/// A command line with these arguments and a file.
pub(super) fn alone<'a>(arguments: impl IntoIterator<Item = &'a OsString>) -> Vec<OsString> {
    let mut line = vec![OsString::new()];
    line.extend(arguments.into_iter().cloned());
    line.extend(["--".into(), "file".into()]);
    line
}

/// What a usage error says, without what only helps on a command line.
fn essence(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let end = text
        .find("\n\nUsage:")
        .or_else(|| text.find("\n\nFor more"));
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or(text);
    let lines: Vec<&str> = text
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("; ")
}
