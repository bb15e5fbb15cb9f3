//! What every report must hold.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Read},
};

use source_text::{
    SourceText, Span,
    json::{Event, Reader},
};

use crate::{Code, Finding, Options, Report, Validator, locate::Path};

/// Gives out a few bytes at a time.
pub(super) struct Slow<'a> {
    pub(super) rest: &'a [u8],
    pub(super) step: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.step.min(self.rest.len()).min(buffer.len());
        let (now, rest) = self.rest.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.rest = rest;
        Ok(count)
    }
}

pub(super) fn report(validator: &Validator, reader: impl Read + Send, options: &Options) -> Report {
    let mut findings = Vec::new();
    let summary = validator
        .check(reader, options, |finding| findings.push(finding))
        .expect("a slice can be read");
    Report { summary, findings }
}

/// Whether an object that was checked by its properties is said to be what it is when it is checked
/// at one go; of a key that stands twice each value is looked at.
pub(super) fn is_alike(by_members: &Report, at_one_go: &Report) -> bool {
    let is_twice = |finding: &Finding| finding.code == Code::DuplicateKey;
    let summary = |report: &Report| (report.summary.shape, report.summary.elements);
    let is_twice = at_one_go.findings.iter().any(is_twice);
    if is_twice {
        let has = |it| by_members.findings.contains(it);
        at_one_go.findings.iter().all(has) && summary(by_members) == summary(at_one_go)
    } else {
        by_members == at_one_go
    }
}

/// What a text holds at each pointer: spans of keys, and of values, objects and arrays by their
/// opening bracket.
pub(super) fn places(text: &str) -> HashMap<String, Vec<Span>> {
    let mut places: HashMap<String, Vec<Span>> = HashMap::new();
    let mut path = Path::default();
    for event in Reader::new(text) {
        let (event, span) = event.expect("the text is JSON");
        path.visit(&event);
        if !matches!(event, Event::ObjectEnd | Event::ArrayEnd) {
            let pointer = path.pointer().as_str().to_owned();
            places.entry(pointer).or_default().push(span);
        }
    }
    places
}

/// Checks that every finding is where its pointer leads, and that lines are counted right.
pub(super) fn check_positions(text: &str, findings: &[Finding]) {
    let source = SourceText::new("", text);
    let places = places(text);
    for finding in findings {
        let span = Span::new(finding.position.offset, finding.end.offset);
        let at = places.get(finding.pointer.as_str());
        assert!(
            at.is_some_and(|spans| spans.contains(&span)),
            "{finding:#?} in {text}"
        );
        assert_eq!(finding.position, source.position(span.start));
        assert_eq!(finding.end, source.position(span.end));
    }
    let is_sorted = findings.is_sorted_by_key(|finding| finding.position.offset);
    assert!(is_sorted, "{findings:#?}");
}

/// What does not depend on how a value is spelled.
pub(super) fn essence(report: &Report) -> BTreeMap<(Code, String, String), usize> {
    let mut essence = BTreeMap::new();
    for finding in &report.findings {
        let key = (
            finding.code,
            finding.pointer.as_str().to_owned(),
            finding.message.clone(),
        );
        *essence.entry(key).or_default() += 1;
    }
    essence
}
