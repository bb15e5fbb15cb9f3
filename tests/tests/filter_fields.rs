//! What the generator takes for the field of a filter is what the runtime reads as one.

use oas_codegen::emit::{Manifest, Runtime};
use oas_codegen::load::ReadFile;
use oas_codegen::{Input, Options, generate};
use oas_runtime::filter::Expression;
use proptest::prelude::*;
use serde_json::json;

struct Text(String);

impl ReadFile for Text {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Ok(self.0.clone().into_bytes())
    }
}

/// Whether a document that states this field gets a typed filter.
fn is_generated(field: &str) -> bool {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {
            "parameters": [{
                "name": "filters",
                "in": "query",
                "schema": {"type": "string"},
                "x-filter-operators": {field: ["eq"]},
            }],
            "responses": {"204": {"description": "None."}},
        }}},
    });
    let manifest = Manifest {
        runtime: Runtime::Path("../runtime".to_owned()),
        in_workspace: false,
    };
    let input = Input {
        file: "pets.json".to_owned(),
        module: None,
        is_default: true,
    };
    let options = Options::new("pets", manifest);
    let generated = generate(&[input], &options, &Text(document.to_string()));
    let is_refused = |code| code == "unusable-filter-fields";
    !generated
        .diagnostics
        .iter()
        .any(|diagnostic| is_refused(diagnostic.code))
}

/// Whether a comparison of the field is read as one of just that field.
fn is_read(field: &str) -> bool {
    matches!(
        Expression::parse(&format!("{field} eq 1")),
        Ok(Expression::Comparison(comparison)) if comparison.field() == field
    )
}

proptest! {
    #[test]
    fn generator_and_runtime_agree_on_what_a_field_is(
        field in "(and|NOT|or|pr|in|eq|true|null|[a-zé_$@.:/0-9 \"(),-])[a-zé_$@.:/0-9 \"(),-]{0,3}",
    ) {
        prop_assert_eq!(is_generated(&field), is_read(&field), "{:?}", field);
    }
}

#[test]
fn some_words_are_fields_and_some_are_not() {
    for (field, is_field) in [
        ("owner.id", true),
        ("$ref", true),
        ("not", false),
        ("a b", false),
        ("1", false),
    ] {
        assert_eq!(is_generated(field), is_field, "{field}");
        assert_eq!(is_read(field), is_field, "{field}");
    }
}
