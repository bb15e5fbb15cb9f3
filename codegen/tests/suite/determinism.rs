//! The same document gives the same bytes, and what is added renames nothing that was there.

use std::collections::BTreeSet;
use std::path::Path;

use oas_codegen::Generated;

use crate::support::{Fixture, fixtures, options, sources, tests};

#[test]
fn generating_twice_gives_the_same_bytes() {
    for fixture in fixtures("positive") {
        let mut options = fixture.options("fixture");
        options.json_schemas = true;
        let (first, second) = (fixture.generate(&options), fixture.generate(&options));
        for (first, second) in first.files().iter().zip(&second.files()) {
            assert_eq!(first, second, "{}", fixture.name);
        }
        assert_eq!(
            first.files().len(),
            second.files().len(),
            "{}",
            fixture.name
        );
        assert_eq!(first.diagnostics, second.diagnostics, "{}", fixture.name);
    }
}

/// What is called how: schemas' types, operations' methods, parameters' setters, tags' modules,
/// and the types that have no name in the document.
fn names(generated: &Generated) -> BTreeSet<String> {
    let types = generated.types.iter();
    let mut names: BTreeSet<String> = types
        .map(|(schema, path)| format!("the schema {schema} is {path}"))
        .collect();
    for file in sources(&generated.files()) {
        let (mut documentation, mut holder) = ("", "");
        for line in file.contents.lines().map(str::trim) {
            let up_to_symbol = |text: &str| {
                let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
                text[..end.unwrap_or(text.len())].to_owned()
            };
            if let Some(tag) = line.strip_prefix("//! ") {
                names.insert(format!("{} is of {tag}", file.path));
            } else if let Some(text) = line.strip_prefix("/// ") {
                if text.contains('`') && !text.starts_with("```") {
                    documentation = text;
                }
            } else if let Some(name) = line.strip_prefix("impl ") {
                holder = name;
            } else if let Some(name) = line.strip_prefix("pub fn ") {
                names.insert(format!(
                    "{documentation} of {holder} is {}",
                    up_to_symbol(name)
                ));
                documentation = "";
            } else if let Some(name) = line.strip_prefix("pub struct ") {
                names.insert(format!("struct {}", up_to_symbol(name)));
            } else if let Some(name) = line.strip_prefix("pub enum ") {
                names.insert(format!("enum {}", up_to_symbol(name)));
            }
        }
    }
    names
}

/// `stability/<case>/{before,after}.yaml`: all that `before` has is called the same in `after`.
fn check(before: &Path) {
    let after = before.with_file_name("after.yaml");
    let options = options("fixture");
    let [before, after] = [before, &after].map(|entry| Fixture::at(entry).generate(&options));
    let (before, after) = (names(&before), names(&after));
    let lost: Vec<_> = before.difference(&after).collect();
    assert!(lost.is_empty(), "{lost:#?} are not in {after:#?}");
    assert!(before.len() > 5, "the fixture names something");
}

#[test]
fn what_is_added_renames_nothing() {
    let cases = std::fs::read_dir(tests().join("stability")).expect("the folder is there");
    for case in cases {
        check(
            &case
                .expect("the folder can be read")
                .path()
                .join("before.yaml"),
        );
    }
}
