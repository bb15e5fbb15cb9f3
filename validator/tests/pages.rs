//! The page of each code: what is wrong in it raises the code, and what is right raises no error.
//!
//! The first line of an example's paragraph says what it is (`Wrong`, `Reported`; `Right`, `Not
//! reported`; `Schema`, by which the others are checked then), and the word behind the backquotes what it
//! is written in: `json`, `yaml`, or `bytes`, which is text with `\xNN` for bytes. A transform alone and
//! `"attributeTransforms"` alone stand for a profile that has them.

#![expect(
    clippy::disallowed_methods,
    reason = "tests write files and run the program"
)]

use std::process::Command;

use export_validator::{Code, Direction, Edition, Finding, Options, Selector, Severity, Validator};
use serde_json::Value;

#[derive(Debug, PartialEq, Eq)]
enum Role {
    Wrong,
    Right,
    Schema,
}

#[derive(Debug)]
struct Example {
    role: Role,
    language: String,
    text: String,
}

fn role(paragraph: &str) -> Option<Role> {
    let words = [
        ("Wrong", Role::Wrong),
        ("Reported", Role::Wrong),
        ("Right", Role::Right),
        ("Not reported", Role::Right),
        ("Schema", Role::Schema),
    ];
    let known = words
        .into_iter()
        .find(|(word, _)| paragraph.starts_with(word));
    known.map(|(_, role)| role)
}

fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut parts = page.split("```");
    let mut before = parts.next().unwrap_or_default();
    while let (Some(block), after) = (parts.next(), parts.next()) {
        let (language, text) = block.split_once('\n').expect("a block has lines");
        let paragraph = before.trim().rsplit("\n\n").next().unwrap_or_default();
        examples.extend(role(paragraph).map(|role| Example {
            role,
            language: language.to_owned(),
            text: text.trim_end_matches('\n').to_owned(),
        }));
        before = after.unwrap_or_default();
    }
    examples
}

/// A text with `\xNN` for bytes.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut parts = text.split("\\x");
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let (digits, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
        bytes.extend(rest.bytes());
    }
    bytes
}

/// The file that an example stands for.
fn file(example: &Example) -> Vec<u8> {
    let text = &example.text;
    let profile = |config: &str| {
        format!(
            r#"{{"object": {{"name": "Employees", "authoritativeSource": {{"name": "HR"}},
            "identityAttributeConfig": {{{config}}}}}}}"#
        )
    };
    if example.language == "bytes" {
        return bytes(text);
    }
    if text.starts_with("\"attributeTransforms\"") {
        return profile(text).into();
    }
    let is_transform = serde_json::from_str(text)
        .is_ok_and(|value: Value| value["type"].is_string() && value["attributes"].is_object());
    if is_transform {
        let mapping =
            format!(r#"{{"identityAttributeName": "email", "transformDefinition": {text}}}"#);
        return profile(&format!(r#""attributeTransforms": [{mapping}]"#)).into();
    }
    text.clone().into()
}

fn found(code: Code, schema: Option<&Example>, example: &Example) -> Vec<Finding> {
    let mut options = Options::default();
    if !code.is_on_by_default() {
        let severity = Some(code.default_severity());
        options.policy.set(Selector::Code(code), severity);
    }
    let validator = match schema {
        None => Validator::new(Edition::V2024),
        Some(schema) => {
            let schema: Value = serde_json::from_str(&schema.text).expect("a schema is JSON");
            let schema = match code {
                Code::ReadOnly => Direction::Request.apply(&schema),
                Code::WriteOnly => Direction::Response.apply(&schema),
                _ => schema,
            };
            Validator::from_schema(&schema).expect("the schema can be used")
        }
    };
    let mut findings = Vec::new();
    let file = file(example);
    let summary = validator.check(&*file, &options, |finding| findings.push(finding));
    summary.expect("a slice can be read");
    findings
}

/// The codes and severities that the program reports for a YAML file.
fn found_in_yaml(example: &Example) -> Vec<(String, bool)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("example.yaml");
    std::fs::write(&path, &example.text).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_validate-export"))
        .args(["--no-config", "--no-ignore", "--format", "json"])
        .arg(&path)
        .output()
        .expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["files"][0]["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| (text(&finding["code"]), finding["severity"] == "error"))
        .collect()
}

fn check(code: Code) -> Result<(), String> {
    let page = code.page();
    if !page.contains("\nWhat to do: ") {
        return Err("it does not say what to do".to_owned());
    }
    let examples = examples(&page);
    let schema = examples.iter().find(|example| example.role == Role::Schema);
    for wanted in [Role::Wrong, Role::Right] {
        let mut of_role = examples
            .iter()
            .filter(|example| example.role == wanted)
            .peekable();
        if of_role.peek().is_none() {
            return Err(format!("there is no example: {wanted:?}"));
        }
        for example in of_role {
            let found = match example.language.as_str() {
                "yaml" => found_in_yaml(example),
                _ => found(code, schema, example)
                    .iter()
                    .map(|it| (it.code.to_string(), it.severity == Severity::Error))
                    .collect(),
            };
            let is_raised = found.iter().any(|(found, _)| found == code.as_str());
            let has_errors = found.iter().any(|(_, is_error)| *is_error);
            let is_as_said = match wanted {
                Role::Wrong => is_raised,
                _ => !is_raised && !has_errors,
            };
            if !is_as_said {
                return Err(format!("{wanted:?} gives {found:?}: {}", example.text));
            }
        }
    }
    Ok(())
}

#[test]
fn examples_are_what_their_pages_say() {
    let wrong: Vec<String> = Code::ALL
        .iter()
        .filter_map(|&code| Some(format!("{code}: {}", check(code).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_begin_with_a_summary_and_are_narrow() {
    for &code in Code::ALL {
        let page = code.page();
        let summary = code.summary();
        assert!(!summary.is_empty() && !summary.contains('\n'), "{code}");
        assert!(page.ends_with(".\n"), "{code}: {page}");
        let widest = page.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(132), "{code}: {widest:?}");
    }
}
