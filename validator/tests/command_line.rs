//! The program as a user runs it: arguments, streams and exit status.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests read their inputs from files"
)]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use export_validator::{
    Code,
    cli::{self, Outcome, Streams},
};
use serde_json::Value;

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_validate-export"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input may have closed it already.
    let _ = child
        .stdin
        .take()
        .expect("the input is piped")
        .write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn check(arguments: &[&str], input: &str, status: i32, expected: &[&str]) -> Output {
    let output = run(arguments, input.as_bytes());
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {text}");
    for part in expected {
        assert!(text.contains(part), "{arguments:?}: no {part:?} in: {text}");
    }
    output
}

fn json(arguments: &[&str], input: &str, status: i32) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    let output = check(&arguments, input, status, &[]);
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

const UNNAMED: &str = r#"[{"object": {"authoritativeSource": {}}}]"#;

#[test]
fn the_status_tells_valid_from_invalid() {
    check(
        &["good/array.json"],
        "",
        0,
        &["good/array.json: array", "2 elements: valid"],
    );
    check(
        &["bad/bare-profile-complete.json"],
        "",
        1,
        &["error[import/not-importable]", "1 error"],
    );
    check(
        &["warned/type-not-importable.json"],
        "",
        0,
        &["warning[import/not-importable]", "valid, 1 warning"],
    );
    check(
        &["bad/missing-name.json"],
        "",
        1,
        &["bad/missing-name.json:9:15: error[schema/required]"],
    );
    check(
        &[
            "good/array.json",
            "bad/missing-name.json",
            "good/ndjson.json",
        ],
        "",
        1,
        &["checked 3 files with 6 elements: 1 error"],
    );
}

#[test]
fn a_dash_is_the_standard_input() {
    check(
        &["-"],
        UNNAMED,
        1,
        &["<stdin>:1:13: error[schema/required]"],
    );
    let document = json(&["-"], UNNAMED, 1);
    assert_eq!(document["files"][0]["path"], "-");
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let arguments = ["no-such-file.json", "bad/missing-name.json", "none/*.json"];
    let output = check(
        &arguments,
        "",
        2,
        &[
            "error[schema/required]",
            "checked 1 file with 1 element: 1 error, 2 files could not be read",
        ],
    );
    let errors = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(
        lines,
        [
            "no-such-file.json: error: there is no such file or folder",
            "none/*.json: error: no file matches the pattern",
        ]
    );
    let document = json(&arguments, "", 2);
    let files = document["files"].as_array().expect("files");
    assert!(files[0]["error"].is_string() && files[0]["shape"].is_null());
    assert_eq!(files[0]["findings"], Value::Array(Vec::new()));
    assert_eq!(files[1]["findings"][0]["code"], "schema/required");
    assert!(files[1].get("error").is_none());
    assert!(files[2]["error"].is_string());
    assert_eq!(document["summary"]["files"], 3);
    assert_eq!(document["summary"]["unreadable"], 2);
}

#[test]
fn what_could_not_be_read_is_not_called_valid() {
    for (files, expected) in [
        (
            vec!["no-such-file.json"],
            "checked 0 files with 0 elements: 1 file could not be read",
        ),
        (
            vec!["good/array.json", "no-such-file.json"],
            "checked 1 file with 2 elements: 1 file could not be read",
        ),
        (
            vec!["warned/type-not-importable.json", "no-such-file.json"],
            "checked 1 file with 1 element: 1 warning, 1 file could not be read",
        ),
    ] {
        let output = check(&files, "", 2, &[]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(text.lines().last(), Some(expected), "{files:?}");
    }
}

#[test]
fn the_json_form_has_the_documented_fields() {
    let document = json(&["-"], UNNAMED, 1);
    let expected = serde_json::json!({
        "version": 1,
        "checkedAgainst": "edition v2024",
        "files": [{
            "path": "-", "shape": "array", "elements": 1, "profiles": 1, "others": 0,
            "counts": {"errors": 1, "warnings": 0, "infos": 0}, "ignored": 0,
            "findings": [{
                "code": "schema/required", "severity": "error",
                "message": "property \"name\" is missing",
                "pointer": "/0/object", "element": 0, "profile": null,
                "start": {"line": 1, "column": 13, "utf16Column": 13, "offset": 12},
                "end": {"line": 1, "column": 14, "utf16Column": 14, "offset": 13},
                "found": "{",
                "property": "name",
                "expected": "\"name\": a string or null",
                "suggestion": null,
                "help": "add the profile's name; the property must be there even where it is null",
                "schema": "#/$defs/IdentityProfile/required",
                "schemaPlace": null,
                "related": [],
                "fingerprint": "19f38a424106b4fd",
            }],
        }],
        "summary": {
            "files": 1, "unreadable": 0, "elements": 1, "profiles": 1, "others": 0,
            "counts": {"errors": 1, "warnings": 0, "infos": 0}, "unlisted": 0, "ignored": 0,
        },
    });
    assert_eq!(document, expected);
}

#[test]
fn the_edition_chooses_the_schemas() {
    for edition in ["v3", "v2024"] {
        check(
            &["--edition", edition, "-"],
            UNNAMED,
            1,
            &["schema/required"],
        );
    }
    check(&["--edition", "v3-legacy", "-"], UNNAMED, 0, &["valid"]);
}

#[test]
fn a_wrong_command_line_is_explained() {
    check(&[], "", 2, &["Usage: validate-export", "<FILE>..."]);
    check(
        &["--edition", "v4", "-"],
        "",
        2,
        &["v4", "v3, v2024, v3-legacy"],
    );
    check(&["--format", "yaml", "-"], "", 2, &["yaml", "human, json"]);
    check(&["--unknown"], "", 2, &["--unknown"]);
    let twice = ["-", "good/array.json", "-"];
    let output = check(&twice, "[]", 2, &["standard input can be read only once"]);
    assert!(output.stdout.is_empty());
    let help = check(
        &["--help"],
        "",
        0,
        &["--edition", "--format", "standard input"],
    );
    assert!(help.stderr.is_empty());
    check(
        &["--version"],
        "",
        0,
        &[concat!("validate-export ", env!("CARGO_PKG_VERSION"))],
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error_of_ours() {
    // Far more output than a pipe holds, so that writing meets the closed end.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: PathBuf = folder.path().join("many.json");
    std::fs::write(&path, format!("[{}1]", "1,".repeat(20_000))).expect("the file can be written");
    for format in ["human", "json"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_validate-export"))
            .args(["--format", format])
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[test]
fn a_full_disk_is_reported() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut errors = Vec::new();
    let outcome = cli::run(
        ["validate-export", "-"],
        &mut Streams::piped(&mut b"[]".as_slice(), &mut Full, &mut errors),
    );
    assert_eq!(outcome, Outcome::CouldNotRun);
    assert!(String::from_utf8_lossy(&errors).starts_with("error: cannot write the report"));
}

#[test]
fn every_code_is_listed_and_explained() {
    let output = check(&["--list-rules"], "", 0, &[]);
    let list = String::from_utf8_lossy(&output.stdout);
    let document = json(&["--list-rules"], "", 0);
    let rules = document.as_array().expect("an array of rules");
    assert_eq!(
        (list.lines().count(), rules.len()),
        (Code::ALL.len(), Code::ALL.len())
    );
    for ((code, line), rule) in Code::ALL.iter().zip(list.lines()).zip(rules) {
        let summary = code.summary();
        assert!(!summary.is_empty() && !summary.contains('\n'), "{code}");
        assert!(
            line.starts_with(code.as_str()) && line.ends_with(&summary),
            "{line}"
        );
        assert_eq!(rule["code"], code.as_str());
        assert_eq!(rule["summary"], summary);
        check(&["--explain", code.as_str()], "", 0, &[code.as_str()]);
    }
}

#[test]
fn shells_and_man_are_served() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        check(
            &["completions", shell],
            "",
            0,
            &["validate-export", "max-findings"],
        );
    }
    check(&["man"], "", 0, &[".TH validate-export 1", "EXIT STATUS"]);
}

/// The file that the README shows.
#[test]
fn the_sample_has_five_kinds_of_mistakes() {
    let sample = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../samples/identity-profiles-with-errors.json"
    );
    let document = json(&[sample], "", 1);
    let findings = document["files"][0]["findings"]
        .as_array()
        .expect("findings");
    let codes: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "schema/enum",
            "schema/type",
            "schema/required",
            "schema/enum",
            "json/duplicate-key"
        ]
    );
}

/// The commands that the README shows run as they stand there, with the configuration it shows.
#[test]
fn the_commands_in_the_readme_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let (_, section) = readme
        .split_once("\n## Check an export before importing it\n")
        .expect("the section");
    let (section, _) = section.split_once("\n## ").expect("its end");
    let block = |language: &str| {
        let (_, block) = section
            .split_once(&format!("```{language}\n"))
            .expect("a block");
        block.split_once("\n```").expect("its end").0
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let samples = folder.path().join("samples");
    std::fs::create_dir(&samples).expect("a folder");
    let sample = "identity-profiles-with-errors.json";
    std::fs::copy(root.join("samples").join(sample), samples.join(sample)).expect("the sample");
    let commands: Vec<&str> = block("sh")
        .lines()
        .filter(|line| line.starts_with("validate-export "))
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    for config in [None, Some(block("toml"))] {
        if let Some(config) = config {
            std::fs::write(samples.join("validate-export.toml"), config).expect("a file");
            std::fs::write(samples.join("known-findings"), "").expect("a file");
        }
        for command in &commands {
            let (command, _) = command.split_once(" #").unwrap_or((command, ""));
            let (command, input) = command.split_once(" < ").unwrap_or((command, sample));
            let words = command.split_whitespace().skip(1);
            let output = Command::new(env!("CARGO_BIN_EXE_validate-export"))
                .args(words.map(|word| word.trim_matches('\'')))
                .current_dir(&samples)
                .stdin(std::fs::File::open(samples.join(input)).expect("the input"))
                .output()
                .expect("the program starts");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(
                matches!(output.status.code(), Some(0 | 1)),
                "{command}: {errors}"
            );
        }
    }
}

/// What a stream was redirected to is written on, with what others write there.
#[cfg(target_os = "linux")]
#[test]
fn the_streams_of_the_program_are_not_replaced() {
    use std::fs::{self, File};

    let folder = tempfile::tempdir().expect("a temporary folder");
    for (stream, path) in [
        ("out", "/dev/stdout"),
        ("out", "/proc/self/fd/1"),
        ("err", "/dev/stderr"),
    ] {
        let log = folder.path().join("log");
        let mut file = File::create(&log).expect("a file");
        file.write_all(b"header\n").expect("it can be written");
        let redirected = file.try_clone().expect("it is open");
        let mut command = Command::new(env!("CARGO_BIN_EXE_validate-export"));
        command
            .args([
                "--no-config",
                "--no-ignore",
                "--output",
                path,
                "good/array.json",
            ])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports"));
        match stream {
            "out" => command.stdout(redirected),
            _ => command.stderr(redirected),
        };
        let status = command.status().expect("the program runs");
        assert!(status.success(), "{path}");
        file.write_all(b"footer\n").expect("it can be written");
        let text = fs::read_to_string(&log).expect("it is there");
        assert!(
            text.starts_with("header\ngood/array.json: "),
            "{path}: {text}"
        );
        assert!(text.ends_with(": valid\nfooter\n"), "{path}: {text}");
    }
}

/// A link stays one, whether there is a file behind it or not.
#[cfg(unix)]
#[test]
fn reports_are_written_through_links() {
    use std::{fs, os::unix::fs::symlink};

    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("deep")).expect("a folder");
    fs::write(folder.path().join("deep/old"), "old").expect("a file");
    for target in ["deep/old", "deep/new"] {
        let link = folder.path().join("link");
        symlink(target, &link).expect("links can be made");
        let name = link.to_string_lossy();
        let arguments = ["--no-config", "--output", &*name, "good/array.json"];
        assert!(run(&arguments, b"").status.success(), "{target}");
        assert!(link.is_symlink(), "{target}");
        let text = fs::read_to_string(folder.path().join(target)).expect("it is there");
        assert!(text.contains("valid"), "{target}: {text}");
        fs::remove_file(&link).expect("it is there");
    }
}

/// Lines of texts and frames end where the terminal does; the first lines of findings are its own to
/// break, so that they can be searched for.
#[test]
fn reports_fit_the_terminal_that_shows_them() {
    let input = format!(
        r#"[{{"object": {{"name": "{}", "priority": "1", "authoritativeSource": {{}}, "nmae": 1}}}}]"#,
        "x".repeat(100)
    );
    let lines_of = |columns: Option<usize>, is_terminal: bool| {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let mut bytes = input.as_bytes();
        let mut streams = Streams {
            output_is_terminal: is_terminal,
            columns,
            ..Streams::piped(&mut bytes, &mut output, &mut errors)
        };
        let arguments = [
            "validate-export",
            "--no-config",
            "--no-ignore",
            "--color",
            "never",
            "-",
        ];
        assert_eq!(cli::run(arguments, &mut streams), Outcome::Invalid);
        let text = String::from_utf8(output).expect("UTF-8");
        let is_broken = |line: &&str| {
            line.contains('|') || line.starts_with("expected") || line.starts_with(' ')
        };
        let widths = text
            .lines()
            .filter(is_broken)
            .map(|line| line.chars().count());
        widths.max().unwrap_or_default()
    };
    for (columns, is_terminal, expected) in [
        (None, true, 81..=100),
        (Some(60), false, 81..=100),
        (Some(200), true, 81..=100),
        (Some(80), true, 61..=80),
        (Some(60), true, 41..=60),
    ] {
        let widest = lines_of(columns, is_terminal);
        assert!(
            expected.contains(&widest),
            "{columns:?}, {is_terminal}: {widest}"
        );
    }
}
