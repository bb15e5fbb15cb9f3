//! Generated schemas and instances: the fast path, the authority and the engine agree.

use proptest::prelude::*;
use serde_json::{Value, json};
use source_text::Span;

use super::{
    choices::Choices,
    fast_path::FastPath,
    reports::{Slow, check_positions, essence, is_alike, report},
    spelling::{Style, spelled},
};
use crate::{Options, Validator, authority, engine::MAX_DEPTH, tree};

struct Case {
    schema: Value,
    authority: jsonschema::Validator,
    fast_path: FastPath,
    validator: Validator,
}

impl Case {
    fn new(schema: Value) -> Self {
        let authority = authority::options(true)
            .build(&schema)
            .unwrap_or_else(|error| panic!("{error}: {schema}"));
        let fast_path = FastPath::new(&schema, true);
        let validator = Validator::from_schema(&schema).expect("the authority takes it");
        Self {
            schema,
            authority,
            fast_path,
            validator,
        }
    }

    /// Whether the authority takes a text.
    fn takes(&self, text: &str) -> (bool, bool) {
        let whole = Span::new(0, text.len());
        let tree = tree::read(text, whole, MAX_DEPTH, usize::MAX).expect("the text is JSON");
        (
            self.authority.is_valid(&tree.value),
            tree.problems.is_empty(),
        )
    }

    /// Checks a text in every spelling.
    fn check(&mut self, text: &str) -> Result<(), TestCaseError> {
        let (is_valid, is_plain) = self.takes(text);
        let expected = report(&self.validator, text.as_bytes(), &Options::default());
        for style in Style::ALL {
            let text = spelled(text, style);
            let is_sure = self.fast_path.is_sure_of(&text);
            prop_assert!(
                !is_sure || is_valid && is_plain,
                "the fast path takes {text} by {}",
                self.schema
            );
            let of_whole = report(&self.validator, text.as_bytes(), &Options::default());
            let by_members = Options {
                at_once: 1,
                window: 100,
                ..Options::default()
            };
            let of_members = report(&self.validator, text.as_bytes(), &by_members);
            prop_assert!(
                is_alike(&of_members, &of_whole),
                "{:#?}, not {:#?} {} by {}",
                of_members.findings,
                of_whole.findings,
                text,
                self.schema
            );
            let report = of_whole;
            prop_assert_eq!(
                report.summary.is_valid(),
                is_valid && is_plain,
                "{:#?} {}: {}",
                report.findings,
                text,
                self.schema
            );
            check_positions(&text, &report.findings);
            for keyword in report.findings.iter().filter_map(|f| f.schema.as_deref()) {
                let stands_there = self.schema.pointer(&keyword[1..]).is_some();
                prop_assert!(stands_there, "{keyword} in {}", self.schema);
            }
            prop_assert_eq!(essence(&report), essence(&expected), "{}", text);
        }
        Ok(())
    }
}

/// The same schema for each item of an array.
fn of_items(schema: &Value) -> Value {
    let mut items = schema.clone();
    let definitions = items["$defs"].take();
    if let Some(items) = items.as_object_mut() {
        items.remove("$defs");
    }
    json!({"type": "array", "items": items, "$defs": definitions})
}

fn choices(length: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), length / 4..length)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_and_the_authority_agree(
        of_schema in choices(250), of_instances in prop::collection::vec(choices(60), 1..6),
    ) {
        let schema = Choices::new(&of_schema).schema();
        let mut case = Case::new(schema);
        for choices in &of_instances {
            let mut choices = Choices::new(choices);
            let instance = choices.instance(&case.schema, &case.schema, 0);
            let text = choices.text(&instance);
            case.check(&text)?;
        }
    }

    #[test]
    fn it_does_not_matter_how_a_text_comes(
        of_schema in choices(120), of_instances in prop::collection::vec(choices(40), 1..6),
        sizes in prop::collection::vec(1..2_000_usize, 4), repeat in 1..40_usize,
    ) {
        let schema = Choices::new(&of_schema).schema();
        let items: Vec<String> = of_instances
            .iter()
            .map(|choices| {
                let mut choices = Choices::new(choices);
                let instance = choices.instance(&schema, &schema, 0);
                choices.text(&instance)
            })
            .collect();
        let text = format!("[{}]", vec![items.join(","); repeat].join(","));
        let mut case = Case::new(of_items(&schema));
        case.check(&text)?;
        for style in [Style::Compact, Style::Pretty] {
            let text = spelled(&text, style);
            let expected = report(&case.validator, text.as_bytes(), &Options::default());
            for (index, size) in sizes.iter().enumerate() {
                let threads = 1 + index % 3;
                let options = Options { window: *size, threads, ..Options::default() };
                let slow = Slow { rest: text.as_bytes(), step: 1 + index * size };
                let other = report(&case.validator, slow, &options);
                prop_assert_eq!(&other.findings, &expected.findings);
                prop_assert_eq!(other.summary, expected.summary.clone());
            }
        }
    }
}

#[test]
fn what_is_no_array_is_held_against_the_schema_of_arrays() {
    let schema = json!({"type": "array", "items": {"type": "object", "required": ["a"]}});
    let validator = Validator::from_schema(&schema).expect("a schema");
    for (text, keyword) in [("{\"a\":1}", "#/type"), ("[{}]", "#/items/required")] {
        let report = validator.validate(text.as_bytes());
        let keywords: Vec<_> = report
            .findings
            .iter()
            .map(|f| f.schema.as_deref())
            .collect();
        assert_eq!(keywords, [Some(keyword)], "{text}");
    }
}
