//! One place with settings: what it holds, and what it lacks.

use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::document::{self, File};
use super::{ConfigurationSelection, ConfigurationSource, ConfiguredValue, Environment, Setting};

/// The settings of one place.
pub(super) struct Settings(Vec<Given>);

/// A setting that is given.
pub(super) struct Given {
    pub(super) setting: Setting,
    /// Where, in words.
    pub(super) place: String,
    pub(super) value: SecretString,
}

impl Settings {
    pub(super) fn get(&self, setting: Setting) -> Option<&Given> {
        self.all().find(|given| given.setting == setting)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Given> {
        self.0.iter()
    }
}

/// What looking at a place comes to.
pub(super) enum Found {
    /// It has all that it must have.
    Settings(Settings),
    /// It has nothing, for this reason.
    Nothing(String),
}

/// A setting that was looked for.
struct LookedFor {
    stated: &'static ConfiguredValue,
    /// Its place, as a user would write it.
    place: String,
    value: Option<SecretString>,
}

impl ConfigurationSource {
    pub(super) fn find(&self, environment: &dyn Environment) -> Result<Found, String> {
        match self {
            Self::Environment { values } => in_variables(values, environment),
            Self::File {
                path,
                selection,
                values,
            } => in_file(path, selection.as_ref(), values, environment),
        }
    }
}

fn in_variables(
    values: &'static [ConfiguredValue],
    environment: &dyn Environment,
) -> Result<Found, String> {
    let mut looked_for = Vec::new();
    for stated in values {
        let value = environment.variable(stated.at).map(|value| {
            let text = value.into_string();
            text.map_err(|_| {
                format!(
                    "the environment variable `{}` is no Unicode text",
                    stated.at
                )
            })
        });
        looked_for.push(LookedFor {
            stated,
            place: stated.at.to_owned(),
            // An empty variable is how a shell or a container takes one away.
            value: value
                .transpose()?
                .filter(|text| !text.is_empty())
                .map(Into::into),
        });
    }
    let describe = |name: &str| format!("the environment variable `{name}`");
    complete(looked_for, describe, |missing, present| {
        let (what, is, it) = match missing.len() {
            1 => ("the environment variable", "is", "it"),
            _ => ("the environment variables", "are", "them"),
        };
        let are = if present.len() == 1 { "is" } else { "are" };
        format!(
            "{what} {} {is} not set, but {} {are}; settings are taken from one place together, \
             so set {it} too",
            quoted(&missing),
            quoted(&present),
        )
    })
    .map(|settings| match settings {
        Some(settings) => Found::Settings(settings),
        None => {
            let names: Vec<&str> = values.iter().map(|value| value.at).collect();
            let is = if names.len() == 1 { "is" } else { "are" };
            Found::Nothing(format!(
                "the environment variables {} {is} not set",
                quoted(&names)
            ))
        }
    })
}

fn in_file(
    stated_path: &'static str,
    selection: Option<&ConfigurationSelection>,
    values: &'static [ConfiguredValue],
    environment: &dyn Environment,
) -> Result<Found, String> {
    let Some(path) = resolve_home(stated_path, environment) else {
        return Ok(Found::Nothing(format!(
            "the home folder is not known, so `{stated_path}` cannot be looked for"
        )));
    };
    let from = if path.is_relative() { "./" } else { "" };
    let shown = format!("{from}{}", path.display());
    let bytes = match environment.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if is_absence(&error) => {
            return Ok(Found::Nothing(format!("there is no file {shown}")));
        }
        Err(error) => return Err(format!("{shown} cannot be read: {error}")),
    };
    let is_json = path
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let file =
        File::parse(bytes, is_json).map_err(|why| format!("{shown} cannot be read: {why}"))?;
    let text = |tokens: &[String]| {
        file.text(tokens)
            .map(|text| text.filter(|text| !text.is_empty()))
            .map_err(|_| {
                let at = document::pointer(tokens);
                format!("`{at}` in {shown} must be a text")
            })
    };
    let mut root = Vec::new();
    if let Some(selection) = selection {
        let name_at = document::tokens(selection.name_at);
        let Some(name) = text(&name_at)? else {
            return Ok(Found::Nothing(format!(
                "{shown} does not say in `{}` which part of `{}` is in force",
                selection.name_at, selection.within
            )));
        };
        root = document::tokens(selection.within);
        root.push(file.member(&root, &name).unwrap_or(name));
    }
    let mut looked_for = Vec::new();
    for stated in values {
        let tokens: Vec<String> = root
            .iter()
            .cloned()
            .chain(document::tokens(stated.at))
            .collect();
        looked_for.push(LookedFor {
            stated,
            place: document::pointer(&tokens),
            value: text(&tokens)?.map(Into::into),
        });
    }
    let places: Vec<String> = looked_for.iter().map(|one| one.place.clone()).collect();
    let describe = |at: &str| format!("`{at}` in {shown}");
    complete(looked_for, describe, |missing, present| {
        let is = if missing.len() == 1 { "is" } else { "are" };
        let are = if present.len() == 1 { "is" } else { "are" };
        format!(
            "{} {is} missing in {shown}, where {} {are} given; settings are taken from one place \
             together",
            quoted(&missing),
            quoted(&present),
        )
    })
    .map(|settings| match settings {
        Some(settings) => Found::Settings(settings),
        None => Found::Nothing(format!("{shown} has none of {}", quoted(&places))),
    })
}

/// The settings of a place, if it has any; the error says which it lacks, beside which it has.
fn complete(
    looked_for: Vec<LookedFor>,
    describe: impl Fn(&str) -> String,
    say: impl FnOnce(Vec<&str>, Vec<&str>) -> String,
) -> Result<Option<Settings>, String> {
    let has = |one: &&LookedFor| one.value.is_some();
    if !looked_for.iter().any(|one| has(&one)) {
        return Ok(None);
    }
    let lacks = |one: &&LookedFor| one.value.is_none() && !one.stated.is_optional;
    let missing: Vec<&LookedFor> = looked_for.iter().filter(lacks).collect();
    if missing.is_empty() {
        let given = looked_for.into_iter().filter_map(|one| {
            Some(Given {
                setting: one.stated.setting,
                place: describe(&one.place),
                value: one.value?,
            })
        });
        return Ok(Some(Settings(given.collect())));
    }
    let present = looked_for.iter().filter(has);
    let mut message = say(
        missing.iter().map(|one| one.place.as_str()).collect(),
        present.map(|one| one.place.as_str()).collect(),
    );
    let mut said = Vec::new();
    for help in missing.iter().map(|one| one.stated.help) {
        if !help.is_empty() && !said.contains(&help) {
            said.push(help);
            message.push_str(". ");
            message.push_str(help.trim_end_matches('.'));
        }
    }
    Err(message)
}

/// `` `a`, `b` and `c` ``.
fn quoted(names: &[impl AsRef<str>]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text.push_str(match index {
            0 => "",
            last if last + 1 == names.len() => " and ",
            _ => ", ",
        });
        text.push('`');
        text.push_str(name.as_ref());
        text.push('`');
    }
    text
}

fn resolve_home(path: &str, environment: &dyn Environment) -> Option<PathBuf> {
    match path.strip_prefix("~/") {
        Some(below) => environment.home().map(|home| home.join(below)),
        None => Some(Path::new(path).to_owned()),
    }
}

/// Whether a file is not there, as opposed to being closed to us.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
