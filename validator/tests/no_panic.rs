//! No input makes the validator panic, and what it reports is inside the input.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{path::Path, sync::LazyLock};

use export_validator::{Edition, Validator};
use proptest::prelude::*;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Edition::V2024));

static GOOD_FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports/good");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("inputs are committed")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("readable"))
        .collect()
});

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let report = VALIDATOR.validate(bytes);
    prop_assert!(report.summary.profiles + report.summary.others <= report.summary.elements);
    let elements = report
        .findings
        .iter()
        .filter_map(|finding| finding.element)
        .max();
    prop_assert!(elements.is_none_or(|last| last < report.summary.elements));
    for finding in &report.findings {
        prop_assert!(finding.end.offset <= bytes.len() && finding.position <= finding.end);
        prop_assert!(finding.position.line >= 1 && finding.position.column >= 1);
        let shows_escapes = finding.frame.contains('\u{1b}');
        prop_assert!(!finding.message.is_empty() && !shows_escapes);
    }
    if serde_json::from_slice::<serde_json::Value>(bytes).is_err() {
        // What another reader refuses is never called valid, but for what only it refuses.
        let only_theirs = bytes.starts_with(b"\xef\xbb\xbf")
            || report.summary.shape == export_validator::Shape::Ndjson
            || String::from_utf8_lossy(bytes).contains('e')
            || String::from_utf8_lossy(bytes).contains('E');
        prop_assert!(
            only_theirs || !report.summary.is_valid(),
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes)?;
    }

    #[test]
    fn any_text_of_json_pieces(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"self\"", "\"object\"", "\"objects\"", "\"type\"", "\"name\"",
        "\"authoritativeSource\"", "\"IDENTITY_PROFILE\"", "null", "1", "-", "\"", "\\", "\n", " ", "é",
    ]), 0..40)) {
        check(pieces.concat().as_bytes())?;
    }

    #[test]
    fn good_files_with_a_piece_replaced(
        file in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0..30_usize,
        with in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(b"{}[],:\"0\\n \n".to_vec())], 0..4,
        ),
    ) {
        let mut bytes = file.get(&GOOD_FILES).clone();
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, with);
        check(&bytes)?;
    }

    #[test]
    fn good_files_with_the_end_cut_off(
        file in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(),
    ) {
        let bytes = file.get(&GOOD_FILES);
        check(&bytes[..at.index(bytes.len())])?;
    }
}

#[test]
fn hostile_depth_and_numbers_are_answered() {
    for text in [
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        format!("[{}1{}]", "[".repeat(100_000), "]".repeat(100_000)),
        format!("[{{\"object\": {{\"priority\": {}}}}}]", "9".repeat(10_000)),
        "[{\"object\": {\"priority\": 1e999999999, \"identityCount\": -1E-999999999}}]".to_owned(),
        "[1e400]".to_owned(),
    ] {
        let report = VALIDATOR.validate(text.as_bytes());
        assert!(!report.summary.is_valid());
    }
}
