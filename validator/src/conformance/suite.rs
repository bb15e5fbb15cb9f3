//! The official test suite of JSON Schema, draft 2020-12, from a folder outside of the project.
//!
//! `JSON_SCHEMA_TEST_SUITE` names the folder that holds `tests` and `remotes`.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use jsonschema::Registry;
use serde_json::Value;
use source_text::{
    Span,
    json::{Event, Reader},
};

use super::{
    fast_path::FastPath,
    spelling::{Style, spelled},
};
use crate::{Validator, authority, locate::Path as Pointers, tree};

const DRAFT: &str = "draft2020-12";

/// Where the suite's remote schemas stand.
const BASE: &str = "http://localhost:1234/";

/// What the authority does otherwise than the suite says.
struct Exception {
    file: &'static str,
    /// The description of the group of cases; empty for all of the file.
    group: &'static str,
    /// Cases whose description begins so.
    case: &'static str,
    /// Whether it holds where formats are asserted, and where they are not.
    formats: &'static [bool],
    reason: &'static str,
}

const BOTH: &[bool] = &[true, false];

const EXCEPTIONS: &[Exception] = &[
    Exception {
        file: "format.json",
        group: "",
        case: "invalid ",
        formats: &[true],
        reason: "they are about formats that are not asserted",
    },
    Exception {
        file: "optional/cross-draft.json",
        group: "refs to historic drafts are processed as historic drafts",
        case: "",
        formats: BOTH,
        reason: "the remote schema is one of draft 2019-09, which the folder may leave out",
    },
];

/// A schema and its instances.
struct Group {
    /// From the folder of the draft, with slashes.
    file: String,
    description: String,
    schema: Value,
    cases: Vec<Case>,
}

struct Case {
    description: String,
    /// As the file spells it.
    text: String,
    is_valid: bool,
}

impl Group {
    fn exceptions(&self, case: &Case, formats: bool) -> Vec<usize> {
        let applies = |exception: &Exception| {
            exception.file == self.file
                && (exception.group.is_empty() || exception.group == self.description)
                && case.description.starts_with(exception.case)
                && exception.formats.contains(&formats)
        };
        let all = EXCEPTIONS.iter().enumerate();
        all.filter(|(_, exception)| applies(exception))
            .map(|(index, _)| index)
            .collect()
    }
}

fn suite_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("JSON_SCHEMA_TEST_SUITE").map(PathBuf::from);
    if let Some(folder) = &folder {
        assert!(
            folder.join("tests").join(DRAFT).is_dir(),
            "JSON_SCHEMA_TEST_SUITE is {}, where no tests/{DRAFT} is",
            folder.display()
        );
    }
    let default = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/json-schema-test-suite")
        .canonicalize()
        .ok();
    let folder = folder.or(default);
    if folder.is_none() {
        println!("skipped: set JSON_SCHEMA_TEST_SUITE to a copy of the official test suite");
    }
    folder
}

/// All files below a folder whose names end in `.json`, in a stable order.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut waiting = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).expect("the suite can be read") {
            let path = entry.expect("the suite can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn relative(path: &Path, folder: &Path) -> String {
    let path = path.strip_prefix(folder).expect("it is in the folder");
    path.to_string_lossy().replace('\\', "/")
}

/// Every group of the draft, those of optional features among them.
fn groups(suite: &Path) -> Vec<Group> {
    let folder = suite.join("tests").join(DRAFT);
    let mut groups = Vec::new();
    for path in json_files(&folder) {
        let file = relative(&path, &folder);
        let text = fs::read_to_string(&path).expect("the suite can be read");
        let document: Value = serde_json::from_str(&text).expect(&file);
        let mut texts = instance_texts(&text).into_iter();
        for group in document.as_array().expect("a list of groups") {
            let cases = group["tests"].as_array().expect("a list of cases").iter();
            groups.push(Group {
                file: file.clone(),
                description: description(group),
                schema: group["schema"].clone(),
                cases: cases
                    .map(|case| Case {
                        description: description(case),
                        text: texts.next().expect("each case has data"),
                        is_valid: case["valid"].as_bool().expect("a verdict"),
                    })
                    .collect(),
            });
        }
    }
    groups
}

fn description(value: &Value) -> String {
    value["description"]
        .as_str()
        .expect("a description")
        .to_owned()
}

/// The instances of a file as they are spelled, in its order.
fn instance_texts(text: &str) -> Vec<String> {
    let mut path = Pointers::default();
    let mut starts: Vec<Span> = Vec::new();
    let mut texts = Vec::new();
    for event in Reader::new(text) {
        let (event, span) = event.expect("the suite is JSON");
        path.visit(&event);
        let is_instance = {
            let tokens: Vec<_> = path.pointer().tokens().collect();
            matches!(tokens.as_slice(), [_, tests, _, data] if tests == "tests" && data == "data")
        };
        if !is_instance {
            continue;
        }
        match event {
            Event::Key(_) => {}
            Event::ObjectStart | Event::ArrayStart => starts.push(span),
            Event::ObjectEnd | Event::ArrayEnd => {
                let start = starts.pop().expect("it began");
                texts.push(text[start.start..span.end].to_owned());
            }
            _ => texts.push(text[span.range()].to_owned()),
        }
    }
    texts
}

/// The remote schemas of the suite under the addresses that its schemas name.
fn remotes(suite: &Path) -> Registry<'static> {
    let folder = suite.join("remotes");
    let mut registry = Registry::new();
    for path in json_files(&folder) {
        let text = fs::read_to_string(&path).expect("the suite can be read");
        let schema: Value = serde_json::from_str(&text).expect("a schema");
        let address = format!("{BASE}{}", relative(&path, &folder));
        registry = registry.add(address, schema).expect("a schema");
    }
    registry.prepare().expect("the suite's schemas are whole")
}

/// How many cases there are, and how the fast path does.
#[derive(Default)]
struct Figures {
    cases: usize,
    valid: usize,
    sure: usize,
}

fn check(group: &Group, remotes: &Registry<'_>, formats: bool, seen: &mut Seen) {
    let name = format!("{} / {}", group.file, group.description);
    let authority = authority::options(formats)
        .with_registry(remotes)
        .build(&group.schema);
    let mut fast_path = FastPath::new(&group.schema, formats);
    let validator = Validator::from_schema(&group.schema);
    if let (Ok(_), Err(error)) = (&authority, &validator) {
        // The remote schemas are known to this test only.
        if !error.to_string().contains(BASE) {
            seen.failures.push(format!("{name}: no validator: {error}"));
        }
    }
    for case in &group.cases {
        let Case {
            description,
            text,
            is_valid,
        } = case;
        let exceptions = group.exceptions(case, formats);
        let tree = tree::read(text, Span::new(0, text.len()), 512, 1).expect("the case is JSON");
        let verdict = authority.as_ref().ok().map(|a| a.is_valid(&tree.value));
        if verdict != Some(*is_valid) {
            seen.needed.extend(&exceptions);
            if exceptions.is_empty() {
                let says = match (&authority, verdict) {
                    (Err(error), _) => error.to_string(),
                    (_, verdict) => format!("{verdict:?}"),
                };
                seen.failures.push(format!(
                    "{name} / {description} (formats: {formats}): authority says {says}"
                ));
            }
        }
        seen.figures.cases += 1;
        seen.figures.valid += usize::from(*is_valid);
        for style in Style::ALL {
            let text = spelled(text, style);
            let is_sure = fast_path.is_sure_of(&text);
            if style == Style::Compact {
                seen.figures.sure += usize::from(is_sure);
            }
            if is_sure && (!is_valid && exceptions.is_empty() || verdict == Some(false)) {
                seen.failures
                    .push(format!("{name} / {description}: fast path takes {text}"));
            }
            let (true, Ok(validator)) = (formats, &validator) else {
                continue;
            };
            let report = validator.validate(text.as_bytes());
            if Some(report.summary.is_valid()) != verdict {
                seen.failures.push(format!(
                    "{name} / {description}: engine says {:?} of {text}",
                    report.findings
                ));
            }
        }
    }
}

#[derive(Default)]
struct Seen {
    figures: Figures,
    /// The exceptions that were needed.
    needed: BTreeSet<usize>,
    failures: Vec<String>,
}

#[test]
fn the_official_suite_holds() {
    let Some(suite) = suite_folder() else {
        return;
    };
    let remotes = remotes(&suite);
    let groups = groups(&suite);
    let mut failures = Vec::new();
    let mut needed = BTreeSet::new();
    for formats in BOTH {
        let mut seen = Seen::default();
        // Where formats are not asserted, these cases say nothing.
        let concerned = groups
            .iter()
            .filter(|group| *formats || !group.file.starts_with("optional/format"));
        for group in concerned {
            check(group, &remotes, *formats, &mut seen);
        }
        let Figures { cases, valid, sure } = seen.figures;
        println!("formats {formats}: {cases} cases, {valid} valid; fast path sure of {sure}");
        failures.append(&mut seen.failures);
        needed.append(&mut seen.needed);
    }
    for (index, exception) in EXCEPTIONS.iter().enumerate() {
        if !needed.contains(&index) {
            failures.push(format!(
                "{} / {} is no exception any more: {}",
                exception.file, exception.group, exception.reason
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
