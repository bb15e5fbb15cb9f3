//! The same document gives the same bytes, and what is added renames nothing that was there.

use std::collections::BTreeMap;
use std::path::Path;

use oas_codegen::Generated;

use crate::support::{Fixture, fixtures, options, tests};

#[test]
fn generating_twice_gives_the_same_bytes() {
    for fixture in fixtures("positive") {
        let mut options = fixture.options("fixture");
        options.json_schemas = true;
        let (first, second) = (fixture.generate(&options), fixture.generate(&options));
        for (first, second) in first.files.iter().zip(&second.files) {
            assert_eq!(first, second, "{}", fixture.name);
        }
        assert_eq!(first.files.len(), second.files.len(), "{}", fixture.name);
        assert_eq!(first.diagnostics, second.diagnostics, "{}", fixture.name);
    }
}

/// What a user's code names: types by their schema, methods by the request that they document.
fn names(generated: &Generated) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = generated.types.iter().cloned().collect();
    for file in &generated.files {
        let mut documentation = String::new();
        for line in file.contents.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("/// `") {
                documentation = format!("{}: {text}", file.path);
            } else if let Some(method) = line.strip_prefix("pub fn ") {
                let name = method.split('(').next().unwrap_or_default();
                names.insert(std::mem::take(&mut documentation), name.to_owned());
            } else if let Some(item) = ["pub struct ", "pub enum ", "pub mod "]
                .iter()
                .find_map(|kind| line.strip_prefix(kind))
            {
                let end = item.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = &item[..end.unwrap_or(item.len())];
                names.insert(format!("{}: {name}", file.path), name.to_owned());
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
    let after = names(&after);
    let mut count = 0;
    for (key, name) in names(&before) {
        assert_eq!(after.get(&key), Some(&name), "{key}");
        count += 1;
    }
    assert!(count > 5, "the fixture names something");
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
