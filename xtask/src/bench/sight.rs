//! Whether the validator sees what was put into a file: one that looks away is quick.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::inputs::{Input, Written};

/// Checks a file once, unmeasured; what the validator did not see or should not have seen.
pub(super) fn mistake(program: &Path, input: &Input) -> anyhow::Result<Option<String>> {
    let output = Command::new(program)
        .args(["--format", "json"])
        .arg(&input.path)
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{} --format json wrote no JSON", program.display()))?;
    Ok(difference(&report, input.written))
}

/// What a report says that is not so.
fn difference(report: &Value, written: Written) -> Option<String> {
    let profiles = report.pointer("/summary/profiles").and_then(Value::as_u64);
    if profiles != Some(written.elements) {
        let profiles = profiles.map_or("no".to_owned(), |profiles| profiles.to_string());
        return Some(format!("{profiles} profiles seen of {}", written.elements));
    }
    if report.pointer("/summary/unlisted").and_then(Value::as_u64) > Some(0) {
        // Which elements the others are in is not said.
        return None;
    }
    let findings = report.pointer("/files/0/findings");
    let findings = findings.and_then(Value::as_array).into_iter().flatten();
    let elements: BTreeSet<Option<u64>> = findings
        .map(|finding| finding["element"].as_u64())
        .collect();
    let found = u64::try_from(elements.len()).unwrap_or(u64::MAX);
    (found != written.broken).then(|| {
        format!(
            "findings in {found} elements, of which {} are broken",
            written.broken
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_broken_is_to_be_found_and_nothing_else() {
        let check = |profiles: u64, elements: &[u64], unlisted: u64, expected: Option<&str>| {
            let findings = elements.iter().map(|element| json!({"element": element}));
            let report = json!({
                "files": [{"findings": findings.collect::<Vec<_>>()}],
                "summary": {"profiles": profiles, "unlisted": unlisted},
            });
            let written = Written {
                bytes: 1,
                elements: 9,
                broken: 2,
            };
            assert_eq!(difference(&report, written).as_deref(), expected);
        };
        check(9, &[3, 3, 7], 0, None);
        check(9, &[3], 1, None);
        check(8, &[3, 7], 0, Some("8 profiles seen of 9"));
        let found = "findings in 1 elements, of which 2 are broken";
        check(9, &[3], 0, Some(found));
        check(
            9,
            &[3, 5, 7],
            0,
            Some("findings in 3 elements, of which 2 are broken"),
        );
        let nothing = difference(&json!({}), Written::default());
        assert_eq!(nothing.as_deref(), Some("no profiles seen of 0"));
    }
}
