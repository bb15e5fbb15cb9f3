//! Problems with their place in the text, and the findings they become.

use std::collections::BTreeMap;

use source_text::{JsonPointer, SourceText, Span, frame};

use crate::{
    Finding, Related,
    finding::{At, Problem},
    limit::{Limited, MAX_FINDINGS_PER_CODE},
};

/// A problem whose place in the text is known.
pub(crate) struct Located {
    pub(crate) problem: Problem,
    pub(crate) element: Option<usize>,
    /// From the document's root; in NDJSON, from the line's.
    pub(crate) pointer: JsonPointer,
    pub(crate) span: Span,
}

impl Located {
    /// Places a problem whose pointer is from the document's root and whose span is known.
    pub(crate) fn new(problem: Problem, element: Option<usize>) -> Self {
        let span = match problem.at {
            At::Span(span) => span,
            At::Value | At::Key => Span::default(),
        };
        Self {
            pointer: problem.pointer.clone(),
            problem,
            element,
            span,
        }
    }
}

/// Sorts problems by place and adds what a reader needs to see of the text.
pub(crate) fn findings(text: &str, located: Limited<Located>) -> Vec<Finding> {
    let (mut located, counts) = located.into_parts();
    if located.is_empty() {
        return Vec::new();
    }
    located.sort_by(|a, b| {
        let order = |located: &Located| (located.span.start, located.problem.code.severity());
        order(a)
            .cmp(&order(b))
            .then_with(|| a.pointer.cmp(&b.pointer))
            .then_with(|| a.problem.message.cmp(&b.problem.message))
    });
    let source = SourceText::new("", text);
    let mut listed = BTreeMap::new();
    located
        .into_iter()
        .map(|located| {
            let code = located.problem.code;
            let listed: &mut usize = listed.entry(code).or_default();
            *listed += 1;
            let finding = finding(&source, located);
            if *listed <= MAX_FINDINGS_PER_CODE {
                return finding;
            }
            let all = counts.get(&code).copied().unwrap_or_default();
            standing_for(finding, all.saturating_sub(MAX_FINDINGS_PER_CODE))
        })
        .collect()
}

fn finding(source: &SourceText, located: Located) -> Finding {
    let Located {
        problem,
        element,
        pointer,
        span,
    } = located;
    let related = problem
        .related
        .into_iter()
        .map(|(span, message)| Related {
            message,
            position: source.position(span.start),
        })
        .collect();
    Finding {
        code: problem.code,
        severity: problem.code.severity(),
        message: problem.message,
        pointer,
        element,
        position: source.position(span.start),
        span,
        expected: problem.expected,
        help: problem.help,
        related,
        frame: if source.text().is_empty() {
            String::new()
        } else {
            frame(source, span, "")
        },
        count: 1,
    }
}

/// Lets the first finding that is too many stand for all `count` of them.
fn standing_for(mut finding: Finding, count: usize) -> Finding {
    if count > 1 {
        let Finding { code, message, .. } = &finding;
        finding.message =
            format!("{count} more of the kind {code} are not listed; the first: {message}");
        finding.count = count;
    }
    finding
}
