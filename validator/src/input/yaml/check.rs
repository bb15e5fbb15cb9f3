//! The check of a YAML text, from bytes to findings at their places in the YAML.

use std::io;

use source_text::{JsonPointer, SourceText, Span, frame};

use super::{Converted, Problem, YamlError, YamlErrorKind, excerpt, yaml_to_json};
use crate::{
    Code, Counts, Finding, MAX_FINDINGS_PER_CODE, Options, Shape, Summary, Validator, bad_bytes,
    decode,
};

/// Checks a YAML text as the JSON that it becomes.
///
/// # Errors
///
/// None: reading from memory does not fail.
pub(in crate::input) fn check(
    validator: &Validator,
    bytes: &[u8],
    max_aliases: u64,
    options: &Options,
    on_finding: &mut dyn FnMut(Finding),
) -> io::Result<Summary> {
    let sample = bytes.get(..decode::SAMPLE).unwrap_or(bytes);
    if decode::other_format(sample).is_some() {
        // What is to be said of bytes that are no text does not depend on the language.
        return validator.check(bytes, options, on_finding);
    }
    let (text, invalid) = decode::readable(bytes);
    let yaml = SourceText::new("", text);
    let mut check = Check {
        yaml: &yaml,
        options,
        findings: Vec::new(),
        summary: Summary::of(Shape::Unknown),
    };
    let converted = yaml_to_json(yaml.text(), max_aliases);
    if let Ok(converted) = &converted {
        let findings = &mut check.findings;
        let mut follow_ups = Counts::default();
        check.summary = validator.check(converted.json.as_bytes(), options, |finding| {
            let is_null = finding.found.as_deref() == Some("null");
            let finding = converted.places.to_source(finding, &yaml);
            // The null is ours: it stands for what JSON has no form for, which is said by itself.
            if is_null && converted.has_no_form(finding.position.offset) {
                follow_ups.add(finding.severity, 1);
            } else {
                findings.push(finding);
            }
        })?;
        check.summary.counts = check.summary.counts.without(follow_ups);
        if check.summary.shape == Shape::Ndjson {
            check.summary.shape = Shape::YamlDocuments;
        }
    }
    check.bad_bytes(bytes, &invalid);
    match converted {
        Ok(Converted {
            problems, counts, ..
        }) => {
            for problem in problems {
                check.problem(problem);
            }
            for (code, count) in counts {
                check.count(code, count);
            }
        }
        Err(error) => {
            check.count(error.code(), 1);
            check.problem(error.into());
        }
    }
    // What an alias stands for is at its anchor, before what follows in the JSON.
    check
        .findings
        .sort_by_key(|finding| (finding.position.offset, finding.severity));
    check.findings.into_iter().for_each(on_finding);
    Ok(check.summary)
}

/// What is known of a text so far.
struct Check<'a> {
    yaml: &'a SourceText,
    options: &'a Options,
    findings: Vec<Finding>,
    summary: Summary,
}

impl Check<'_> {
    /// How many findings of a code are listed.
    fn limit(&self) -> usize {
        let limit = self.options.max_findings_per_code;
        limit.map_or(MAX_FINDINGS_PER_CODE, |limit| {
            limit.min(MAX_FINDINGS_PER_CODE)
        })
    }

    fn count(&mut self, code: Code, count: usize) {
        let Some(severity) = self.options.policy.severity(code) else {
            return;
        };
        self.summary.counts.add(severity, count);
        let unlisted = count.saturating_sub(self.limit());
        if unlisted > 0 {
            *self.summary.unlisted.entry(code).or_default() += unlisted;
        }
    }

    /// Lists a problem, unless there are enough of its code.
    fn problem(&mut self, problem: Problem) {
        let help = problem.help();
        let Problem {
            code,
            message,
            pointer,
            span,
            help: _,
        } = problem;
        let listed = self.findings.iter().filter(|it| it.code == code).count();
        let Some(severity) = self.options.policy.severity(code) else {
            return;
        };
        if listed >= self.limit() {
            return;
        }
        self.findings.push(Finding {
            code,
            severity,
            message,
            pointer,
            element: None,
            profile: None,
            position: self.yaml.position(span.start),
            end: self.yaml.position(span.end),
            found: excerpt(self.yaml, span),
            property: None,
            expected: None,
            suggestion: None,
            help: help.map(str::to_owned),
            schema: None,
            schema_place: None,
            related: Vec::new(),
            frame: frame(self.yaml, span, ""),
            identity: crate::finding::Identity::Pointer,
        });
    }

    /// Lists the parts of a text that are no UTF-8.
    fn bad_bytes(&mut self, bytes: &[u8], invalid: &[Span]) {
        // The pointers are those of JSON, which this is not.
        let text = self.yaml.text();
        let problems = bad_bytes::problems(bytes, text, Span::default(), invalid, self.limit());
        for (problem, &span) in problems.into_iter().zip(invalid) {
            self.problem(Problem {
                code: problem.code,
                message: problem.message,
                pointer: JsonPointer::root(),
                span,
                help: None,
            });
        }
        self.count(Code::InvalidUtf8, invalid.len());
    }
}

impl From<YamlError> for Problem {
    fn from(error: YamlError) -> Self {
        Self {
            code: error.code(),
            message: error.to_string(),
            pointer: JsonPointer::root(),
            span: error.span,
            help: match error.kind {
                YamlErrorKind::Syntax { help, .. } => Some(help),
                _ => None,
            },
        }
    }
}
