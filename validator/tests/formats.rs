//! What holds for every file in every format: that the output is well-formed, and masked where it
//! is to be.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{collections::HashSet, path::PathBuf, sync::LazyLock};

use export_validator::{
    Code, Edition, Finding, Policy, Report, Severity, Validator,
    render::{
        Renderer, Run, Totals, github::GitHub, html::Html, human::Human, json::Json, junit::JUnit,
        sarif::Sarif,
    },
};
use serde_json::Value;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Edition::V2024));

const FORMATS: [&str; 6] = ["human", "json", "sarif", "github", "junit", "html"];

fn renderer<'a>(format: &str, output: &'a mut Vec<u8>) -> Box<dyn Renderer + 'a> {
    match format {
        "human" => Box::new(Human::new(output, false)),
        "json" => Box::new(Json::new(output)),
        "sarif" => Box::new(Sarif::new(output)),
        "github" => Box::new(GitHub::new(output)),
        "junit" => Box::new(JUnit::new(output)),
        "html" => Box::new(Html::new(output)),
        other => panic!("no format {other}"),
    }
}

/// Writes reports as one run; the last file could not be read.
fn render(format: &str, reports: &[(&str, Report)]) -> String {
    let policy = Policy::default();
    let run = Run {
        checked_against: "edition v2024",
        policy: &policy,
        fail_on: Severity::Error,
        time: None,
    };
    let mut output = Vec::new();
    let mut renderer = renderer(format, &mut output);
    let mut totals = Totals::default();
    let mut write = || {
        renderer.begin(&run)?;
        for (name, report) in reports {
            totals.add(Ok(&report.summary));
            renderer.report(name, report)?;
        }
        let reason = "it is <not> there & \"gone\"";
        totals.add(Err(reason));
        renderer.begin_file("un,read:able.json")?;
        renderer.end_file("un,read:able.json", Err(reason))?;
        renderer.finish(&totals)
    };
    write().expect("a vector takes everything");
    drop(renderer);
    String::from_utf8(output).expect("UTF-8")
}

fn inputs() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exports");
    let mut inputs = Vec::new();
    for kind in ["bad", "good", "warned"] {
        for entry in std::fs::read_dir(format!("{folder}/{kind}")).expect("inputs are committed") {
            let path = entry.expect("an entry").path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let bytes = std::fs::read(&path).expect("inputs can be read");
                inputs.push((path, bytes));
            }
        }
    }
    inputs.sort();
    assert!(inputs.len() > 50);
    inputs
}

/// Checks what each format makes of each file.
fn for_each_output(format: &str, mut check: impl FnMut(&str)) {
    for (path, bytes) in inputs() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        check(&render(format, &[(&name, VALIDATOR.validate(&bytes))]));
    }
}

#[test]
fn json_reports_fit_their_schema() {
    let schema = serde_json::from_str(export_validator::render::json::SCHEMA).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let check = |text: &str| {
        let report: Value = serde_json::from_str(text).expect("JSON");
        let errors: Vec<_> = schema.iter_errors(&report).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0], "{text}");
    };
    for_each_output("json", check);
    let many = "1,".repeat(2_000) + "1";
    check(&render(
        "json",
        &[("-", VALIDATOR.validate(format!("[{many}]").as_bytes()))],
    ));
    check(&render("json", &[]));
}

#[test]
fn the_schema_of_json_reports_describes_every_member() {
    let schema: Value = serde_json::from_str(export_validator::render::json::SCHEMA).expect("JSON");
    let mut waiting = vec![&schema];
    while let Some(value) = waiting.pop() {
        let members = value.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            let is_told = member.get("description").is_some() || member.get("$ref").is_some();
            assert!(is_told, "{name}");
        }
        match value {
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
}

/// A file whose every text is markup somewhere.
const HOSTILE: &str = r#"[
    {"object": {"name": "<b>]]>&amp;%0A::error::\"'\u0000", "priority": "</pre><script>", "authoritativeSource": 1}},
    {"self": {"<img src=x>": 1}, "object": {"id": "--><style>", "<i>": {}, "owner": {"type": "<u>"}}}
]"#;

/// The official schema, where it is at hand.
fn sarif_schema() -> Option<jsonschema::Validator> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/sarif/sarif-schema-2.1.0.json"
    );
    let text = std::fs::read_to_string(path).ok()?;
    let schema = serde_json::from_str(&text).expect("JSON");
    let options = jsonschema::options().should_validate_formats(true);
    Some(options.build(&schema).expect("a schema"))
}

#[test]
fn sarif_logs_are_valid() {
    let schema = sarif_schema();
    let mut results = 0;
    let mut check = |text: &str| {
        let log: Value = serde_json::from_str(text).expect("JSON");
        let errors = schema.iter().flat_map(|schema| schema.iter_errors(&log));
        let errors: Vec<_> = errors.map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{text}");
        results += check_sarif_run(&log["runs"][0]);
    };
    for_each_output("sarif", &mut check);
    check(&render(
        "sarif",
        &[("<a b>:.json", VALIDATOR.validate(HOSTILE.as_bytes()))],
    ));
    check(&render("sarif", &[]));
    assert!(results > 100, "{results}");
}

/// Checks what no schema says; gives the number of results.
/// Viewers make links of brackets and parentheses in messages, also of those of a file.
#[test]
fn sarif_messages_hold_no_links() {
    let text = r#"[{"object": {"name": "A", "priority": "[docs](https://example.com)",
        "authoritativeSource": {"name": "HR"}, "[a](1)": 1}}]"#;
    let report = VALIDATOR.validate(text.as_bytes());
    let log = render("sarif", &[("file.json", report)]);
    let log: Value = serde_json::from_str(&log).expect("JSON");
    let messages: Vec<&str> = log["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter()
        .filter_map(|result| result["message"]["text"].as_str())
        .collect();
    let [of_value, of_key] = messages.as_slice() else {
        panic!("{messages:?}");
    };
    assert!(
        of_value.contains(r"\[docs\](https://example.com)"),
        "{of_value}"
    );
    assert!(of_key.contains(r"\[a\](1)"), "{of_key}");
}

fn check_sarif_run(run: &Value) -> usize {
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let uris: Vec<_> = run["artifacts"]
        .as_array()
        .expect("artifacts")
        .iter()
        .collect();
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("a small one")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["help"]["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert!(
            uris.iter()
                .any(|uri| uri["location"] == place["artifactLocation"])
        );
        let region = &place["region"];
        let number = |name: &str| region[name].as_u64().expect("a number");
        let start = (number("startLine"), number("startColumn"));
        assert!(start >= (1, 1) && start <= (number("endLine"), number("endColumn")));
        let fingerprint = result["partialFingerprints"]["validateExport/v1"].as_str();
        assert_eq!(fingerprint.map(str::len), Some(16));
    }
    results.len()
}

#[test]
fn junit_reports_are_xml_and_count_right() {
    let check = |text: &str| {
        let document = roxmltree::Document::parse(text).unwrap_or_else(|e| panic!("{e}: {text}"));
        let root = document.root_element();
        assert_eq!(root.tag_name().name(), "testsuites");
        for suite in root.children().filter(roxmltree::Node::is_element) {
            let number = |name: &str| suite.attribute(name).and_then(|n| n.parse::<usize>().ok());
            let cases: Vec<_> = suite
                .children()
                .filter(|n| n.has_tag_name("testcase"))
                .collect();
            let having = |tag: &str| {
                let has =
                    |case: &&roxmltree::Node<'_, '_>| case.children().any(|n| n.has_tag_name(tag));
                Some(cases.iter().filter(has).count())
            };
            assert_eq!(number("tests"), Some(cases.len()), "{text}");
            assert_eq!(number("failures"), having("failure"), "{text}");
            assert_eq!(number("errors"), having("error"), "{text}");
            assert!(!cases.is_empty(), "{text}");
        }
    };
    for_each_output("junit", check);
    check(&render(
        "junit",
        &[("<a>&\".json", VALIDATOR.validate(HOSTILE.as_bytes()))],
    ));
}

#[test]
fn github_commands_are_a_line_each() {
    let check = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        let (last, commands) = lines.split_last().expect("a summary");
        assert!(last.starts_with("checked "), "{text}");
        for line in commands {
            let is_command = ["::error ", "::warning ", "::notice "];
            assert!(
                is_command.iter().any(|start| line.starts_with(start)),
                "{line}"
            );
        }
    };
    for_each_output("github", check);
    check(&render(
        "github",
        &[("a,b:c\r\n.json", VALIDATOR.validate(HOSTILE.as_bytes()))],
    ));
}

#[test]
fn html_pages_hold_nothing_but_their_own_markup() {
    let check = |text: &str| {
        for forbidden in [
            "<script",
            "url(",
            "@import",
            "<img",
            "<b>]",
            "<i>",
            "<u>",
            " href=\"h",
        ] {
            assert!(!text.contains(forbidden), "{forbidden}: {text}");
        }
        check_tags(text);
    };
    for_each_output("html", check);
    let hostile = VALIDATOR.validate(HOSTILE.as_bytes());
    assert!(hostile.findings.len() >= 5);
    check(&render("html", &[("<u>\"'&.json", hostile)]));
    check(&render("html", &[]));
}

/// Every element that is opened is closed, inside the one that it was opened in; every link leads
/// to a place on the page.
fn check_tags(text: &str) {
    let mut open = Vec::new();
    let style = text.find("<style>").expect("a style")..text.find("</style>").expect("its end");
    for (at, _) in text.match_indices('<') {
        let tag = text[at + 1..].split('>').next().unwrap_or_default();
        let name = tag.split(' ').next().unwrap_or_default();
        match name.strip_prefix('/') {
            _ if style.contains(&at) && name != "style" => {}
            Some(name) => assert_eq!(open.pop(), Some(name), "{}", &text[at..]),
            None if ["!DOCTYPE", "meta", "input"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert_eq!(open, [""; 0]);
    let mut ids = HashSet::new();
    for (at, found) in text.match_indices(" id=\"") {
        let id = text[at + found.len()..]
            .split('"')
            .next()
            .unwrap_or_default();
        assert!(ids.insert(id), "{id} twice: {text}");
    }
    for (at, found) in text.match_indices(" href=\"#") {
        let id = text[at + found.len()..]
            .split('"')
            .next()
            .unwrap_or_default();
        assert!(ids.contains(id), "{id}: {text}");
    }
}

/// The texts and numbers that stand in a file as values, and that the schemas do not name.
fn values(bytes: &[u8]) -> HashSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut values = HashSet::new();
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    // Also in files that are no JSON whatever stands between quotes and is no key.
    let mut parts = text.split('"').skip(1);
    while let (Some(inside), after) = (parts.next(), parts.next()) {
        if !after.is_some_and(|after| after.trim_start().starts_with(':')) {
            values.insert(inside.to_owned());
        }
    }
    values.extend(
        text.split(|c: char| !c.is_ascii_digit())
            .map(ToOwned::to_owned),
    );
    // Short ones are in any text.
    values.retain(|value| value.chars().filter(|c| is_word(*c)).count() > 4);
    values
}

#[test]
fn masked_findings_hold_no_values() {
    let mask = VALIDATOR.mask();
    let documented = documented();
    let mut hidden = 0;
    for (path, bytes) in inputs() {
        let mut report = VALIDATOR.validate(&bytes);
        report.findings = report
            .findings
            .into_iter()
            .map(|f| mask.masked(f))
            .collect();
        let offsets: Vec<String> = report.findings.iter().flat_map(offsets_of).collect();
        for format in FORMATS {
            let shown = render(format, &[("file.json", report.clone())]);
            let shown = without_pages(format, &shown);
            for value in values(&bytes) {
                if documented.contains(&value) || offsets.contains(&value) {
                    continue;
                }
                hidden += 1;
                let escaped = serde_json::to_string(&value).unwrap_or_default();
                assert!(
                    !shown.contains(&value) && !shown.contains(escaped.trim_matches('"')),
                    "{}: {value:?} in {format}:\n{shown}",
                    path.display()
                );
            }
        }
    }
    assert!(hidden > 500, "{hidden}");
}

/// An output without the pages of codes, whose examples have values of their own.
fn without_pages(format: &str, output: &str) -> String {
    if format != "sarif" {
        return output.to_owned();
    }
    let mut log: Value = serde_json::from_str(output).expect("JSON");
    log["runs"][0]["tool"].take();
    log.to_string()
}

fn offsets_of(finding: &Finding) -> [String; 2] {
    [finding.position.offset, finding.end.offset].map(|offset| offset.to_string())
}

/// Every word of the schemas.
fn documented() -> HashSet<String> {
    let text =
        include_str!("../../generated/schemas/v2024/IdentityProfileExportedObject.schema.json");
    let words = text.split('"');
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    // The types of transforms, and the attributes that they need.
    let pages = Code::MissingTransformAttribute.page() + &Code::UnknownTransformType.page();
    let of_transforms = pages.split(|c: char| !c.is_alphanumeric());
    // The help of a finding says what is not about the file's own text.
    let all = words
        .chain(numbers)
        .chain(of_transforms)
        // A type that only imports name.
        .chain(["COMPLETE", "CONNECTOR_RULE"]);
    all.map(ToOwned::to_owned).collect()
}

const SECRET: &str = "Zq7 \"secret\\value";
const SECRET_NUMBER: u64 = 918_273_645;

/// Puts secrets into each place of a document, and into all places of a key at once: as its value,
/// inside it, and as its key.
fn for_each_secret(document: &Value, mut check: impl FnMut(&Value)) {
    let mut pointers = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(pointer) = waiting.pop() {
        let escape = |key: &String| key.replace('~', "~0").replace('/', "~1");
        match document.pointer(&pointer) {
            Some(Value::Object(members)) => {
                waiting.extend(
                    members
                        .keys()
                        .map(|key| format!("{pointer}/{}", escape(key))),
                );
            }
            Some(Value::Array(items)) => {
                waiting.extend((0..items.len()).map(|index| format!("{pointer}/{index}")));
            }
            _ => {}
        }
        pointers.push(pointer);
    }
    let secrets = [
        SECRET.into(),
        SECRET_NUMBER.into(),
        serde_json::json!([SECRET, SECRET]),
        serde_json::json!({SECRET: SECRET, "type": SECRET, "name": SECRET_NUMBER}),
    ];
    let keys: HashSet<&str> = pointers
        .iter()
        .filter_map(|pointer| Some(pointer.rsplit_once('/')?.1))
        .collect();
    for key in keys {
        let of_key = pointers.iter().filter(|pointer| {
            let last = pointer.rsplit_once('/');
            last.is_some_and(|(_, last)| last == key)
        });
        for secret in &secrets {
            let mut changed = document.clone();
            for pointer in of_key.clone() {
                if let Some(value) = changed.pointer_mut(pointer) {
                    value.clone_from(secret);
                }
            }
            check(&changed);
        }
    }
    for pointer in &pointers {
        for secret in &secrets {
            let mut changed = document.clone();
            if let Some(value) = changed.pointer_mut(pointer) {
                value.clone_from(secret);
            }
            check(&changed);
        }
        let mut renamed = document.clone();
        let parent = pointer.rsplit_once('/');
        if let Some((parent, key)) = parent
            && let Some(Value::Object(members)) = renamed.pointer_mut(parent)
            && let Some(value) = members.remove(key)
        {
            members.insert(SECRET.to_owned(), value);
            check(&renamed);
        }
    }
}

#[test]
fn masked_findings_hold_no_value_and_no_key_wherever_it_stands() {
    let mask = VALIDATOR.mask();
    let mut findings = 0;
    let documents = [
        include_str!("exports/good/nested-transforms.json"),
        include_str!("exports/good/one-object.json"),
        include_str!("exports/good/sp-config.json"),
        include_str!("exports/good/array.json"),
    ];
    let number = SECRET_NUMBER.to_string();
    for text in documents {
        let document: Value = serde_json::from_str(text).expect("JSON");
        for_each_secret(&document, |changed| {
            let mut report = VALIDATOR.validate(changed.to_string().as_bytes());
            findings += report.findings.len();
            report.findings = report
                .findings
                .into_iter()
                .map(|f| mask.masked(f))
                .collect();
            for format in ["human", "json"] {
                let shown = render(format, &[("file.json", report.clone())]);
                for secret in ["Zq7", "secret", number.as_str()] {
                    assert!(!shown.contains(secret), "{secret} of {changed} in {shown}");
                }
            }
        });
    }
    assert!(findings > 500, "{findings}");
}
