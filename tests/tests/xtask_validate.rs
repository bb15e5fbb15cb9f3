//! `cargo xtask validate` is `validate-export` under another name.

use std::ffi::OsString;
use std::fs;

use cross_crate_tests::workspace;
use export_validator::cli::Streams;

/// Runs `cargo xtask` with an input; its status, output and errors.
fn xtask(arguments: &[&str], input: &[u8]) -> (u8, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let root = workspace();
    let arguments = std::iter::once("xtask").chain(arguments.iter().copied());
    let code = xtask::run(
        arguments.map(OsString::from),
        &root,
        &mut Streams::piped(&mut &*input, &mut output, &mut errors),
    );
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (code, text(output), text(errors))
}

fn sample() -> Vec<u8> {
    let file = workspace().join("samples/identity-profiles-with-errors.json");
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn it_gives_its_arguments_and_input_on() {
    let (code, output, errors) = xtask(&["validate", "--edition", "v3", "-"], &sample());
    assert_eq!((code, errors.as_str()), (1, ""), "{output}");
    assert_eq!(output.matches(": error[").count(), 5, "{output}");

    let (code, output, _) = xtask(&["validate", "--format", "json", "-"], b"[]");
    assert_eq!(code, 0, "{output}");
    let report: serde_json::Value =
        serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
    assert_eq!(report["summary"]["counts"]["errors"], 0);
}

#[test]
fn its_help_is_the_programs() {
    let (code, output, _) = xtask(&["validate", "--help"], b"");
    assert_eq!(code, 0);
    assert!(output.contains("Usage: cargo xtask validate"), "{output}");
    assert!(output.contains("--edition"), "{output}");
}

#[test]
fn wrong_usage_is_told_apart_from_findings() {
    for arguments in [
        &["validate"][..],
        &["validate", "--edition", "v4", "-"],
        &["validate", "no-such-file.json"],
        &["nothing"],
        &[],
    ] {
        let (code, output, errors) = xtask(arguments, b"");
        assert_eq!(code, 2, "{arguments:?}: {output}{errors}");
    }
}
