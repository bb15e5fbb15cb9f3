//! Which findings of a file are listed, and how bad they are.

use std::collections::BTreeMap;

use super::ignore::Ignore;
use crate::{Code, Counts, Finding, Mask, Policy, Severity, Summary};

/// What the options make of what the engine finds.
pub(super) struct Rules<'a> {
    pub(super) policy: &'a Policy,
    /// How many findings of a code are listed for a file; 0 means all.
    pub(super) max_findings: usize,
    pub(super) mask: Option<&'a Mask>,
}

/// The findings of one file.
pub(super) struct Listing<'a> {
    rules: &'a Rules<'a>,
    name: &'a str,
    found: BTreeMap<Code, usize>,
    listed: BTreeMap<Code, usize>,
    ignored: Counts,
}

impl<'a> Listing<'a> {
    pub(super) fn new(rules: &'a Rules<'a>, name: &'a str) -> Self {
        Self {
            rules,
            name,
            found: BTreeMap::new(),
            listed: BTreeMap::new(),
            ignored: Counts::default(),
        }
    }

    /// Takes the next finding; gives it back as it is to be shown, if it is.
    pub(super) fn take(&mut self, finding: Finding, ignore: &mut Ignore) -> Option<Finding> {
        let mask = self.rules.mask;
        let masked = |finding: Finding| match mask {
            Some(mask) => mask.masked(finding),
            None => finding,
        };
        let may_be_ignored = !finding.code.is_always_an_error();
        if may_be_ignored && ignore.takes(self.name, &finding, || masked(finding.clone())) {
            self.ignored.add(finding.severity, 1);
            return None;
        }
        *self.found.entry(finding.code).or_default() += 1;
        let listed = self.listed.entry(finding.code).or_default();
        if self.rules.max_findings > 0 && *listed >= self.rules.max_findings {
            return None;
        }
        *listed += 1;
        Some(masked(finding))
    }

    /// What there is to say of the file, of which the engine said `summary`.
    pub(super) fn summary(self, summary: Summary) -> Summary {
        let mut found = self.found;
        for (code, number) in summary.unlisted {
            *found.entry(code).or_default() += number;
        }
        let mut unlisted = BTreeMap::new();
        for (code, number) in found {
            let listed = self.listed.get(&code).copied().unwrap_or_default();
            if number > listed {
                unlisted.insert(code, number - listed);
            }
        }
        Summary {
            counts: summary.counts.without(self.ignored),
            unlisted,
            ignored: self.ignored.at_least(Severity::Info),
            ..summary
        }
    }
}
