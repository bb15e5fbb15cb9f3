//! What a validator tells of a file with two mistakes in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde::Serialize;

use super::inputs::two_mistakes;

/// A file with a text for the priority of its second element, and an unknown type in its third.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    pub(super) path: PathBuf,
    /// The line of the first mistake.
    line: usize,
}

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    /// Both mistakes, be it by what is there or by where it is.
    pub(super) every_error: bool,
    /// Where in the tree the first is.
    pub(super) path: bool,
    /// Where in the text the first is.
    pub(super) line_and_column: bool,
}

impl Probe {
    /// Writes the file.
    pub(super) fn make(path: &Path) -> anyhow::Result<Self> {
        let text = serde_json::to_string_pretty(&two_mistakes())?;
        let before = text.find("\"priority\": \"high\"").unwrap_or_default();
        std::fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            line: 1 + text[..before].matches('\n').count(),
        })
    }

    /// Runs a validator on the file and reads what it says.
    pub(super) fn ask(&self, mut command: Command) -> anyhow::Result<Answer> {
        let output = command
            .output()
            .with_context(|| format!("cannot run {command:?}"))?;
        let text = [output.stdout, output.stderr].concat();
        Ok(Answer::read(&String::from_utf8_lossy(&text), self.line))
    }
}

impl Answer {
    fn read(text: &str, line: usize) -> Self {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        // Validators write "/1/object/priority", "$[1].object.priority", "7:3", "line 7, column 3".
        let words: Vec<&str> = text
            .split(|letter| !is_part(letter))
            .filter(|word| !matches!(*word, "" | "line" | "column"))
            .collect();
        let has = |sought: &[&str]| words.windows(sought.len()).any(|found| found == sought);
        let path = has(&["1", "object", "priority"]);
        let line = line.to_string();
        Self {
            every_error: (path || has(&["high"]))
                && (has(&["2", "self", "type"]) || has(&["IDENTITY_PROFILES"])),
            path,
            line_and_column: words
                .windows(2)
                .any(|pair| pair[0] == line && pair[1].parse::<u32>().is_ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_its_form() {
        let check = |text: &str, expected: (bool, bool, bool)| {
            let answer = Answer::read(text, 211);
            let found = (answer.every_error, answer.path, answer.line_and_column);
            assert_eq!(found, expected, "{text}");
        };
        check("", (false, false, false));
        check("fail: validation failure", (false, false, false));
        check(
            "1. \"high\" is not an integer\n2. \"IDENTITY_PROFILES\" is none of 24",
            (true, false, false),
        );
        check(
            "at \"/1/object/priority\" (line 211, column 7)",
            (false, true, true),
        );
        check(
            "instancePath: '/1/object/priority', instancePath: '/2/self/type'",
            (true, true, false),
        );
        check(
            "f.json::$[1].object.priority: wrong\nf.json::$[2].self.type: wrong",
            (true, true, false),
        );
        check(
            "f.json:211:19: error: /1/object/priority\nf.json:330:15: error: /2/self/type",
            (true, true, true),
        );
    }
}
