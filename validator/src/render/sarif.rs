//! SARIF 2.1.0, which code scanning services read.

use std::{
    collections::HashSet,
    io::{self, Write},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use source_text::Position;

use super::{Renderer, Run, Totals, indent, unlisted};
use crate::{Code, Finding, Fingerprint, Policy, Severity, Summary};

/// What stands in the path of a URI as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes a log of one run; columns count UTF-16 code units, as the format has it unless it is said
/// otherwise, and as editors do.
pub struct Sarif<W> {
    output: W,
    has_results: bool,
    policy: Policy,
    /// The codes that occur; results name them by their number here.
    codes: Vec<Code>,
    artifacts: Vec<Artifact>,
    uris: HashSet<String>,
    notifications: Vec<Notification>,
}

impl<W: Write> Sarif<W> {
    /// A renderer that writes to `output`.
    pub fn new(output: W) -> Self {
        Self {
            output,
            has_results: false,
            policy: Policy::default(),
            codes: Vec::new(),
            artifacts: Vec::new(),
            uris: HashSet::new(),
            notifications: Vec::new(),
        }
    }
}

/// The URI of a file: relative where its path is.
fn uri_of(name: &str) -> String {
    if name == "-" {
        return "stdin".into();
    }
    let path = if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.to_owned()
    };
    let path = path.trim_start_matches("./");
    let encoded = utf8_percent_encode(path, IN_PATH).to_string();
    match path.as_bytes() {
        [b'/', ..] => format!("file://{encoded}"),
        [drive, b':', ..] if cfg!(windows) && drive.is_ascii_alphabetic() => {
            format!("file:///{encoded}")
        }
        _ => encoded,
    }
}

const fn level_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

#[derive(Serialize)]
struct Text {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

impl Text {
    fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            markdown: None,
        }
    }

    /// A message, in which viewers make links of `[text](target)`: what stands in a file is no link.
    fn message(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::plain(if text.contains("](") {
            text.replace('[', "\\[").replace(']', "\\]")
        } else {
            text
        })
    }
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: String,
    short_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
}

impl Rule {
    fn of(code: Code, policy: &Policy) -> Self {
        let severity = policy.severity(code);
        let page = code.page().trim_end().to_owned();
        Self {
            id: code.as_str(),
            name: words(code.as_str()),
            short_description: Text::plain(format!("{}.", code.summary())),
            help: Text {
                text: page.clone(),
                markdown: Some(page),
            },
            default_configuration: Configuration {
                enabled: severity.is_some(),
                level: severity.map(level_of),
            },
        }
    }
}

/// A code as one word: `SchemaRequired`.
fn words(code: &str) -> String {
    code.split(['/', '-'])
        .flat_map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    properties: Properties,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "validateExport/v1")]
    own: Fingerprint,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    pointer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names are the format's")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize, Clone)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: usize,
    byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text>,
}

impl Region {
    fn new(start: Position, end: Position) -> Self {
        Self {
            start_line: start.line,
            start_column: start.utf16_column,
            end_line: end.line,
            end_column: end.utf16_column,
            byte_offset: start.offset,
            byte_length: end.offset.saturating_sub(start.offset),
            snippet: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Text,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: ArtifactLocation,
    replacements: [Replacement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Text,
}

#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
    roles: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: &'a [Notification],
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    locations: [Location; 1],
}

/// What is known when all files are done.
#[derive(Serialize)]
struct End<'a> {
    tool: Tool,
    artifacts: &'a [Artifact],
    invocations: [Invocation<'a>; 1],
}

fn location(uri: &str, region: Option<Region>) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri.into() },
            region,
        },
        logical_locations: Vec::new(),
        message: None,
    }
}

/// A text with a full stop, unless it ends with another mark.
fn sentence(label: &str, text: &str) -> String {
    let end = if text.ends_with(['.', '?', '!', ':']) {
        ""
    } else {
        "."
    };
    format!("{label}{text}{end}")
}

fn result(name: &str, finding: &Finding, rule_index: usize) -> SarifResult {
    let uri = uri_of(name);
    let parts = [
        ("", Some(&finding.message)),
        ("Expected: ", finding.expected.as_ref()),
        ("Help: ", finding.help.as_ref()),
    ];
    let sentences: Vec<String> = parts
        .into_iter()
        .filter_map(|(label, part)| Some(sentence(label, part?)))
        .collect();
    let region = Region::new(finding.position, finding.end);
    let snippet = finding.found.clone().filter(|found| !found.is_empty());
    let pointer = finding.pointer.as_str().to_owned();
    let logical = (!pointer.is_empty()).then(|| LogicalLocation {
        fully_qualified_name: pointer.clone(),
    });
    let related = finding.related.iter().map(|related| {
        let region = Region::new(related.position, related.position);
        (&*related.message, location(&uri, Some(region)))
    });
    let stated = finding.schema_place.as_ref().map(|place| {
        let region = Region::new(place.position, place.position);
        (
            "the schema says so here",
            location(&uri_of(&place.file), Some(region)),
        )
    });
    let related = related.chain(stated).enumerate();
    let related = related.map(|(index, (message, location))| Location {
        id: Some(index),
        message: Some(Text::message(message)),
        ..location
    });
    let fix = finding.suggestion.as_ref().map(|suggestion| Fix {
        description: Text::message(format!("Write {suggestion}.")),
        artifact_changes: [Change {
            artifact_location: ArtifactLocation { uri: uri.clone() },
            replacements: [Replacement {
                deleted_region: Region::new(finding.position, finding.end),
                inserted_content: Text::plain(&**suggestion),
            }],
        }],
    });
    let profile = finding.profile.as_ref();
    SarifResult {
        rule_id: finding.code.as_str(),
        rule_index,
        level: level_of(finding.severity),
        message: Text::message(sentences.join("\n")),
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            own: Fingerprint::of(name, finding),
        },
        fixes: fix.into_iter().collect(),
        properties: Properties {
            pointer,
            element: finding.element,
            profile_name: profile.and_then(|profile| profile.name.clone()),
            profile_id: profile.and_then(|profile| profile.id.clone()),
            schema: finding.schema.clone(),
        },
        locations: [Location {
            logical_locations: logical.into_iter().collect(),
            ..location(
                &uri,
                Some(Region {
                    snippet: snippet.map(Text::plain),
                    ..region
                }),
            )
        }],
    }
}

impl<W: Write> Renderer for Sarif<W> {
    fn begin(&mut self, run: &Run<'_>) -> io::Result<()> {
        self.policy = run.policy.clone();
        write!(
            self.output,
            "{{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \
             \"version\": \"2.1.0\",\n  \"runs\": [\n    {{\n      \
             \"columnKind\": \"utf16CodeUnits\",\n      \"results\": ["
        )
    }

    fn begin_file(&mut self, name: &str) -> io::Result<()> {
        let uri = uri_of(name);
        if self.uris.insert(uri.clone()) {
            self.artifacts.push(Artifact {
                location: ArtifactLocation { uri },
                roles: ["analysisTarget"],
            });
        }
        Ok(())
    }

    fn finding(&mut self, name: &str, finding: &Finding) -> io::Result<()> {
        let comma = if self.has_results { "," } else { "" };
        self.has_results = true;
        write!(self.output, "{comma}\n        ")?;
        let known = self.codes.iter().position(|code| *code == finding.code);
        let rule_index = known.unwrap_or_else(|| {
            self.codes.push(finding.code);
            self.codes.len() - 1
        });
        indent::value(&mut self.output, &result(name, finding, rule_index), 8)
    }

    fn end_file(&mut self, name: &str, outcome: Result<&Summary, &str>) -> io::Result<()> {
        let uri = uri_of(name);
        let mut notify = |level, text| {
            self.notifications.push(Notification {
                level,
                message: Text::message(text),
                locations: [location(&uri, None)],
            });
        };
        match outcome {
            Ok(summary) => {
                for (&code, &number) in &summary.unlisted {
                    notify("note", unlisted(code, number));
                }
            }
            Err(reason) => notify("error", format!("cannot read the file: {reason}")),
        }
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let closed = if self.has_results { "\n      ]" } else { "]" };
        write!(self.output, "{closed},")?;
        let rules = self.codes.iter().map(|&code| Rule::of(code, &self.policy));
        let end = End {
            tool: Tool {
                driver: Driver {
                    name: "validate-export",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.collect(),
                },
            },
            artifacts: &self.artifacts,
            invocations: [Invocation {
                execution_successful: totals.unreadable == 0,
                tool_execution_notifications: &self.notifications,
            }],
        };
        indent::members(&mut self.output, &end, 6)?;
        writeln!(self.output, "\n    }}\n  ]\n}}")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("-", "stdin"),
            ("./hr.json", "hr.json"),
            ("a b/ü%#?.json", "a%20b/%C3%BC%25%23%3F.json"),
            ("../x.zip!/c:d.json", "../x.zip%21/c%3Ad.json"),
            ("/tmp/hr.json", "file:///tmp/hr.json"),
        ] {
            assert_eq!(uri_of(path), expected);
        }
    }

    #[test]
    fn codes_become_words() {
        assert_eq!(
            words("schema/dependent-required"),
            "SchemaDependentRequired"
        );
    }
}
