//! Problems with their place in the text, and the findings they become.

use std::collections::BTreeMap;

use source_text::{JsonPointer, SourceText, Span, frame};

use crate::{
    Finding, MAX_FOUND, ProfileName, Related,
    finding::{At, Problem},
    limit::{Limited, MAX_FINDINGS_PER_CODE},
    report::Summary,
};

/// A problem whose place in the text is known.
pub(crate) struct Located {
    pub(crate) problem: Problem,
    pub(crate) element: Option<usize>,
    /// From the document's root; in NDJSON, from the line's.
    pub(crate) pointer: JsonPointer,
    pub(crate) span: Span,
    pub(crate) profile: Option<ProfileName>,
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
            profile: None,
        }
    }
}

/// Sorts problems by place and adds what a reader needs to see of the text; counts them all.
pub(crate) fn findings(
    text: &str,
    located: Limited<Located>,
    summary: &mut Summary,
) -> Vec<Finding> {
    let (mut located, counts) = located.into_parts();
    for (&code, &count) in &counts {
        summary.counts.add(code.default_severity(), count);
    }
    if located.is_empty() {
        return Vec::new();
    }
    located.sort_by(|a, b| {
        let order = |located: &Located| {
            let severity = located.problem.code.default_severity();
            (located.span.start, severity)
        };
        order(a)
            .cmp(&order(b))
            .then_with(|| a.pointer.cmp(&b.pointer))
            .then_with(|| a.problem.message.cmp(&b.problem.message))
    });
    let mut listed = BTreeMap::new();
    located.retain(|located| {
        let listed: &mut usize = listed.entry(located.problem.code).or_default();
        *listed += 1;
        *listed <= MAX_FINDINGS_PER_CODE
    });
    let too_many = counts
        .into_iter()
        .filter(|&(_, count)| count > MAX_FINDINGS_PER_CODE)
        .map(|(code, count)| (code, count - MAX_FINDINGS_PER_CODE));
    summary.unlisted.extend(too_many);
    let source = SourceText::new("", text);
    located
        .into_iter()
        .map(|located| finding(&source, located))
        .collect()
}

/// The beginning of what stands in a part of a text; nothing if there is no text.
fn excerpt(text: &str, span: Span) -> Option<String> {
    let part = text.get(span.range()).unwrap_or_default();
    (!text.is_empty()).then(|| part.chars().take(MAX_FOUND).collect())
}

fn finding(source: &SourceText, located: Located) -> Finding {
    let Located {
        problem,
        element,
        pointer,
        span,
        profile,
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
        severity: problem.code.default_severity(),
        message: problem.message,
        pointer,
        element,
        profile,
        position: source.position(span.start),
        end: source.position(span.end.max(span.start)),
        found: excerpt(source.text(), span),
        property: problem.property,
        expected: problem.expected,
        suggestion: problem.suggestion,
        help: problem.help,
        schema: problem.schema.map(|keyword| format!("#{keyword}")),
        related,
        frame: if source.text().is_empty() {
            String::new()
        } else {
            frame(source, span, "")
        },
    }
}
