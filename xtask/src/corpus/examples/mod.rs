//! Examples that a document's own schemas accept, sent through the generated types and back.

mod compose;
mod equal;
mod subjects;
mod tree;
mod wrapper;

use std::collections::HashMap;
use std::path::Path;

use anyhow::anyhow;
use oas_codegen::cli::{Disk, with_large_stack};
use serde::Serialize;

use equal::{difference, shorten};
use subjects::{Example, Subject, subjects};
use wrapper::{Trip, Wrapper};

use super::documents::Document;
use super::generate::package;

/// What came of a document's examples.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Examples {
    /// Examples of bodies, named schemas and their parts.
    pub(super) stated: usize,
    /// Of them, those that their schema accepts.
    pub(super) accepted: usize,
    /// Of accepted ones, those that came back unchanged.
    pub(super) unchanged: usize,
    /// Those that did not.
    pub(super) failures: Vec<Failure>,
    /// Examples that their schema does not accept, and why.
    pub(super) rejected: Vec<Failure>,
    /// Why nothing could be said.
    pub(super) problem: Option<String>,
}

/// An example with which something is wrong.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failure {
    /// The schema's name.
    pub(super) schema: String,
    /// The generated type.
    pub(super) rust: String,
    /// File, line and pointer of the example.
    pub(super) place: String,
    /// What is wrong.
    pub(super) what: String,
}

/// Where crates and programs are, for all documents.
pub(super) struct Workshop<'a> {
    /// The folder of the programs.
    pub(super) programs: &'a Path,
    /// The target directory that the programs share.
    pub(super) target: &'a Path,
    /// The versions of dependencies to use.
    pub(super) lock: &'a Path,
}

/// Sends the document's examples through the types of the crate in `directory`.
pub(super) fn round_trip(
    document: &Document,
    directory: &Path,
    workshop: &Workshop<'_>,
) -> Examples {
    match try_round_trip(document, directory, workshop) {
        Ok(examples) => examples,
        Err(error) => Examples {
            problem: Some(format!("{error:#}")),
            ..Examples::default()
        },
    }
}

fn try_round_trip(
    document: &Document,
    directory: &Path,
    workshop: &Workshop<'_>,
) -> anyhow::Result<Examples> {
    let entry = document.entry.to_string_lossy();
    let subjects = with_large_stack(|| subjects(&entry, &Disk::default()))
        .map_err(|error| anyhow!(error))?
        .ok_or_else(|| anyhow!("the document cannot be read"))?;
    let mut examples = Examples::default();
    let mut accepted = Vec::new();
    for subject in &subjects {
        accept(subject, &mut examples, &mut accepted);
    }
    examples.accepted = accepted.len();
    let mut types: Vec<String> = Vec::new();
    let mut indices: HashMap<&str, usize> = HashMap::new();
    let mut trips = Vec::new();
    let mut travellers = Vec::new();
    for (subject, example) in accepted {
        let rust = match &subject.rust {
            Ok(rust) => rust,
            Err(why) => {
                let failure = failure(subject, example, (*why).to_owned());
                examples.failures.push(failure);
                continue;
            }
        };
        let index = *indices.entry(rust).or_insert_with(|| {
            types.push(rust.clone());
            types.len() - 1
        });
        trips.push(Trip {
            rust: index,
            value: &example.value,
        });
        travellers.push((subject, example));
    }
    if trips.is_empty() {
        return Ok(examples);
    }
    let wrapper = Wrapper {
        package: &package(&document.name),
        directory,
        program: workshop.programs.join(&document.name),
        target: workshop.target,
        lock: workshop.lock,
    };
    let results = wrapper.run(&types, &trips)?;
    for ((subject, example), result) in travellers.into_iter().zip(results) {
        let what = match result {
            Ok(after) => difference(&example.value, &after),
            Err(message) => Some(message),
        };
        match what {
            None => examples.unchanged += 1,
            Some(what) => {
                let what = format!("{what} in {}", shorten(&example.value.to_string()));
                examples.failures.push(failure(subject, example, what));
            }
        }
    }
    Ok(examples)
}

/// Counts the subject's examples, and adds those that its schema accepts to `accepted`.
fn accept<'a>(
    subject: &'a Subject,
    examples: &mut Examples,
    accepted: &mut Vec<(&'a Subject, &'a Example)>,
) {
    examples.stated += subject.examples.len();
    let validator = match jsonschema::draft202012::new(&subject.schema) {
        Ok(validator) => validator,
        Err(error) => {
            let what = format!("its JSON Schema cannot be used: {error}");
            let first = subject.examples.first();
            let failures = first.map(|example| failure(subject, example, what));
            examples.failures.extend(failures);
            return;
        }
    };
    for example in &subject.examples {
        let error = validator.iter_errors(&example.value).next();
        match error {
            None => accepted.push((subject, example)),
            Some(error) => {
                let pointer = error.instance_path().to_string();
                let what = format!("{pointer}: {}", shorten(&error.to_string()));
                examples.rejected.push(failure(subject, example, what));
            }
        }
    }
}

fn failure(subject: &Subject, example: &Example, what: String) -> Failure {
    Failure {
        schema: subject.name.clone(),
        rust: subject.rust.clone().unwrap_or_default(),
        place: example.place.clone(),
        what,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    /// Every example of a document, by subject: what would be sent, or why it is not.
    fn check(path: &Path) -> String {
        let directory = path.parent().expect("a fixture stands in a folder");
        let name = path.file_name().expect("a fixture has a name");
        let reader = Folder(directory.to_owned());
        let Some(subjects) = subjects(&name.to_string_lossy(), &reader) else {
            return "the document cannot be read\n".to_owned();
        };
        let mut text = String::new();
        for subject in &subjects {
            let mut examples = Examples::default();
            let mut accepted = Vec::new();
            accept(subject, &mut examples, &mut accepted);
            writeln!(text, "{} as {:?}", subject.name, subject.rust).expect("text grows");
            for (_, example) in &accepted {
                writeln!(text, "  {}\n    {}", example.place, example.value).expect("text grows");
            }
            for failure in examples.rejected.iter().chain(&examples.failures) {
                writeln!(text, "  {}\n    not sent: {}", failure.place, failure.what)
                    .expect("text grows");
            }
        }
        text
    }

    struct Folder(std::path::PathBuf);

    impl oas_codegen::load::ReadFile for Folder {
        fn read(&self, name: &str) -> Result<Vec<u8>, String> {
            std::fs::read(self.0.join(name)).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn examples_are_found_and_put_into_whole_values() {
        insta::glob!("fixtures/*.yaml", |path| {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(path.parent().expect("a fixture stands in a folder"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.remove_snapshot_suffix();
            let name = path.file_stem().expect("a fixture has a name");
            settings.bind(|| insta::assert_snapshot!(name.to_string_lossy().as_ref(), check(path)));
        });
    }
}
