//! The table of features in the project's README: each row names tests that exist.

use std::path::{Path, PathBuf};

#[test]
fn each_row_of_the_table_of_features_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let mut rows = 0;
    let table = readme
        .lines()
        .skip_while(|line| !line.starts_with("| what a document may have"))
        .skip(2);
    for row in table.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, state, tests] = cells.as_slice() else {
            panic!("not three cells: {row}");
        };
        let state = state.split(':').next().unwrap_or_default();
        assert!(
            ["supported", "partial", "not supported"].contains(&state),
            "{state:?} is no state: {row}"
        );
        let tests: Vec<&str> = tests.split(", ").collect();
        for test in tests {
            let test = test.trim_matches('`');
            let path = root.join(path_of(test));
            assert!(path.exists(), "{} is missing: {row}", path.display());
            if state != "supported" {
                // What is lost is said.
                let snapshot = std::fs::read_to_string(&path).expect("it can be read");
                let codes = ["error[", "warning[", "note["];
                assert!(codes.iter().any(|code| snapshot.contains(code)), "{row}");
            }
        }
        rows += 1;
    }
    assert!(rows > 30, "the table has {rows} rows");
}

/// What a test of the table checks: a fixture's snapshot, or calls of what is generated.
fn path_of(test: &str) -> PathBuf {
    if test.starts_with("calls/") || test.starts_with("setup/") {
        format!("tests/tests/{test}.rs").into()
    } else {
        format!("codegen/tests/{test}.snap").into()
    }
}
