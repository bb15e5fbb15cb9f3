//! The check of one file, from bytes to report.

use source_text::Span;

use crate::{
    Edition, Report, SchemaError, Shape,
    authority::Authority,
    bad_bytes,
    classify::{self, Kind},
    decode,
    finding::Problem,
    limit::Limited,
    locate,
    located::{self, Located},
    report::Summary,
    split::{self, Element, Layout},
    tree, wording,
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
        let mut located = Limited::new();
        if let Some(problem) = decoded.problem {
            located.push(problem.code, || Located::new(problem, None));
        }
        bad_bytes::report(bytes, text, &decoded.invalid, &layout, &mut located);
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
        located.absorb(layout.problems, |placed| {
            let located = Located::new(placed.problem, placed.element);
            // The stand-in of a byte that was reported is no second error.
            (!is_stand_in(located.span)).then_some((located.problem.code, located))
        });
        let mut summary = Summary {
            elements: layout.begun,
            profiles: seen.profiles,
            others: seen.others,
            ..Summary::of(shape)
        };
        let findings = located::findings(text, located, &mut summary);
        Report { summary, findings }
    }

    fn check_element(
        &self,
        text: &str,
        layout: &Layout,
        element: &Element,
        seen: &mut Seen,
        located: &mut Limited<Located>,
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
        let profile = (kind != Kind::OtherObject)
            .then(|| classify::profile_name(&tree.value))
            .flatten();
        let base = layout.pointer(element);
        let mut placed: Vec<(Problem, Span)> = problems.into_iter().zip(spans).collect();
        placed.sort_by_key(|(_, span)| span.start);
        for (mut problem, span) in placed {
            wording::name_as_written(&mut problem, text.get(span.range()).unwrap_or_default());
            located.push(problem.code, || Located {
                pointer: base.join(&problem.pointer),
                problem,
                element: Some(element.index),
                span,
                profile: profile.clone(),
            });
        }
    }
}

/// A file in which there is no text to be read.
fn unreadable(problem: Problem) -> Report {
    let mut located = Limited::new();
    located.push(problem.code, || Located::new(problem, None));
    let mut summary = Summary::of(Shape::Unknown);
    let findings = located::findings("", located, &mut summary);
    Report { summary, findings }
}
