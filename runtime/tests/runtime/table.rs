//! Tables of inputs and expected outputs: `input | … | expected`, one case a line.

use std::fmt::Write as _;
use std::path::Path;

/// Runs every case of a table and fails with all that differ.
///
/// Empty lines and lines that start with `#` are skipped. `run` gets all cells but the last.
pub(crate) fn check(file: &str, mut run: impl FnMut(&[&str]) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(file);
    let text = std::fs::read_to_string(&path).expect("the table is readable");
    let mut cases = 0;
    let mut wrong = String::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let (expected, input) = cells.split_last().expect("a line has cells");
        let found = run(input);
        cases += 1;
        if found != *expected {
            let number = index + 1;
            let _ = write!(wrong, "\n{file}:{number}: {line}\n  found: {found}");
        }
    }
    assert!(cases > 0, "{file} has no cases");
    assert!(wrong.is_empty(), "{wrong}");
}
