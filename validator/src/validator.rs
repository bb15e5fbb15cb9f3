//! The check of one file, from bytes to report.

use source_text::{JsonPointer, SourceText, Span, frame};

use crate::{
    Edition, Finding, Related, Report, SchemaError, Shape,
    authority::Authority,
    classify::Kind,
    decode,
    finding::Problem,
    locate,
    split::{self, Element, Layout},
    tree,
};

/// How many objects and arrays may be open at once in a file.
///
/// Many readers of JSON refuse more, this API's clients among them.
pub const MAX_DEPTH: usize = 128;

/// Checks export files against the schemas of an edition.
pub struct Validator {
    edition: Edition,
    authority: Authority,
}

/// A problem whose place in the text is known.
struct Located {
    problem: Problem,
    element: Option<usize>,
    /// From the document's root; in NDJSON, from the line's.
    pointer: JsonPointer,
    span: Span,
}

/// What was seen in the elements of a file.
#[derive(Default)]
struct Seen {
    profiles: usize,
    others: usize,
}

impl Validator {
    /// A validator for an edition.
    ///
    /// # Panics
    ///
    /// Only if the schemas built into this crate are broken, which a test rules out.
    pub fn new(edition: Edition) -> Self {
        match Self::try_new(edition) {
            Ok(validator) => validator,
            Err(error) => panic!("the schemas built in for {edition} are broken: {error}"),
        }
    }

    fn try_new(edition: Edition) -> Result<Self, SchemaError> {
        Ok(Self {
            edition,
            authority: Authority::new(edition)?,
        })
    }

    /// The edition that files are checked against.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// Checks a file; finds everything, in the order of the file.
    pub fn validate(&self, bytes: &[u8]) -> Report {
        let decoded = match decode::decode(bytes) {
            Ok(decoded) => decoded,
            Err(problem) => return unreadable(*problem),
        };
        let text = decoded.text.as_ref();
        let layout = split::split(text, decoded.body, MAX_DEPTH);
        let mut located: Vec<Located> = decoded
            .problems
            .into_iter()
            .map(|problem| in_document(problem, &layout))
            .collect();
        let mut seen = Seen::default();
        for element in &layout.elements {
            self.check_element(text, &layout, element, &mut seen, &mut located);
        }
        let shape = match layout.shape {
            Shape::Array if seen.others > 0 => Shape::MixedArray,
            shape => shape,
        };
        let is_stand_in = |span: Span| {
            let after = decoded
                .invalid
                .partition_point(|invalid| invalid.start <= span.start);
            let before = after
                .checked_sub(1)
                .and_then(|index| decoded.invalid.get(index));
            before.is_some_and(|invalid| span.start < invalid.end)
        };
        for placed in layout.problems {
            let mut problem = at_document(placed.problem);
            problem.element = placed.element;
            // The stand-in of a byte that was reported is no second error.
            if !is_stand_in(problem.span) {
                located.push(problem);
            }
        }
        Report {
            shape,
            elements: layout.begun,
            profiles: seen.profiles,
            others: seen.others,
            findings: findings(text, located),
        }
    }

    fn check_element(
        &self,
        text: &str,
        layout: &Layout,
        element: &Element,
        seen: &mut Seen,
        located: &mut Vec<Located>,
    ) {
        // Its text was read once already, so that it cannot fail.
        let Ok(tree) = tree::read(text, element.span, MAX_DEPTH) else {
            return;
        };
        let (kind, from_schema) = self.authority.check(&tree.value);
        match kind {
            Kind::OtherObject => seen.others += 1,
            Kind::NoExport => {}
            _ => seen.profiles += 1,
        }
        let mut problems = tree.problems;
        problems.extend(from_schema);
        if problems.is_empty() {
            return;
        }
        let spans = locate::locate(text, element.span, &problems);
        let base = layout.pointer(element);
        located.extend(
            problems
                .into_iter()
                .zip(spans)
                .map(|(problem, span)| Located {
                    pointer: base.join(&problem.pointer),
                    problem,
                    element: Some(element.index),
                    span,
                }),
        );
    }
}

/// A file in which there is no text to be read.
fn unreadable(problem: Problem) -> Report {
    let findings = findings("", vec![at_document(problem)]);
    Report {
        shape: Shape::Unknown,
        elements: 0,
        profiles: 0,
        others: 0,
        findings,
    }
}

/// Places a problem with a part of the text, which may be in an element.
fn in_document(problem: Problem, layout: &Layout) -> Located {
    let mut located = at_document(problem);
    if let Some(element) = layout.element_at(located.span.start) {
        located.element = Some(element.index);
        located.pointer = layout.pointer(element);
    }
    located
}

/// Places a problem whose pointer is from the document's root and whose span is known.
fn at_document(problem: Problem) -> Located {
    let span = match problem.at {
        crate::finding::At::Span(span) => span,
        _ => Span::default(),
    };
    Located {
        pointer: problem.pointer.clone(),
        problem,
        element: None,
        span,
    }
}

/// Sorts problems by place and adds what a reader needs to see of the text.
fn findings(text: &str, mut located: Vec<Located>) -> Vec<Finding> {
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
    located
        .into_iter()
        .map(|located| finding(&source, located))
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
    }
}
