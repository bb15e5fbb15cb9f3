//! The generated crates are what the generator makes of their documents, and `cargo xtask codegen`
//! keeps them so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use cross_crate_tests::workspace;
use export_validator::cli::Streams;
use tempfile::TempDir;
use xtask::codegen::PACKAGES;

/// A folder's files by path, `/` between its parts.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(
        folder: &Path,
        prefix: &str,
        found: &mut BTreeMap<String, Vec<u8>>,
    ) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                collect(&entry.path(), &format!("{path}/"), found)?;
            } else {
                found.insert(path, fs::read(entry.path())?);
            }
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    found
}

fn put(folder: &Path, path: &str, contents: &[u8]) {
    let file = folder.join(path);
    let parent = file.parent().unwrap_or(folder);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(&file, contents))
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

/// A copy of the documents and the generated crates of the workspace, for changing.
fn copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let folders = PACKAGES.map(|package| [package.source, package.directory]);
    for folder in folders.as_flattened() {
        for (path, contents) in files(&workspace().join(folder)) {
            put(copy.path(), &format!("{folder}/{path}"), &contents);
        }
    }
    copy
}

/// Runs `cargo xtask codegen` there; its status and what it prints.
fn codegen(root: &Path, arguments: &[&str]) -> (u8, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = xtask::run(
        [&["xtask", "codegen"], arguments].concat(),
        root,
        &mut Streams::piped(&mut io::empty(), &mut output, &mut errors),
    );
    let text = [output, errors].concat();
    (code, String::from_utf8_lossy(&text).into_owned())
}

/// Replaces a text that occurs once in a file of the copy.
fn replace(root: &Path, path: &str, from: &str, to: &str) {
    let file = root.join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"));
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
    put(root, path, text.replace(from, to).as_bytes());
}

#[test]
fn the_committed_crates_are_fresh() {
    let (code, text) = codegen(&workspace(), &["--check"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        text.lines().count(),
        PACKAGES.len(),
        "a document has defects: {text}"
    );
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    for package in &PACKAGES {
        let generate = || {
            let generated = xtask::codegen::generate_crate(&workspace(), package);
            generated.unwrap_or_else(|error| panic!("{error}")).files()
        };
        let (first, second) = (generate(), generate());
        assert!(!first.is_empty());
        for (first, second) in first.iter().zip(&second) {
            assert_eq!(first, second);
        }
        assert_eq!(first.len(), second.len());
    }
}

#[test]
fn the_crates_are_made_from_the_documents_alone() {
    let copy = copy();
    let before = files(copy.path());
    for package in &PACKAGES {
        fs::remove_dir_all(copy.path().join(package.directory))
            .unwrap_or_else(|error| panic!("{error}"));
    }
    let (code, text) = codegen(copy.path(), &[]);
    assert_eq!(code, 0, "{text}");
    let after = files(copy.path());
    let names = |files: &BTreeMap<String, _>| files.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&before), names(&after));
    for (path, contents) in &before {
        assert!(after.get(path) == Some(contents), "{path} differs");
    }
}

/// What a change in a document changes in the generated crates, and nothing more.
#[track_caller]
fn check_change(name: &str, path: &str, from: &str, to: &str) {
    let copy = copy();
    replace(copy.path(), path, from, to);
    let before = files(copy.path());
    let (code, text) = codegen(copy.path(), &[]);
    assert_eq!(code, 0, "{text}");
    let after = files(copy.path());
    let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed: Vec<&str> = all
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(String::as_str)
        .collect();
    let said: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("changed: "))
        .collect();
    assert_eq!(said, changed.iter().copied().collect(), "{text}");
    insta::with_settings!({ omit_expression => true, description => format!("{path}: {from} → {to}") }, {
        insta::assert_snapshot!(name, changed.join("\n"));
    });
}

#[test]
fn a_changed_enum_member_changes_only_what_holds_it() {
    check_change(
        "shared_enum_member",
        "spec/schemas/ExportedObjectType.yaml",
        "TAG",
        "LABEL",
    );
    check_change(
        "legacy_enum_member",
        "spec/schemas/legacy/DtoType.yaml",
        "TAG_CATEGORY",
        "LABEL_CATEGORY",
    );
    check_change(
        "import_result_enum_member",
        "spec/schemas/ImportedObjectType.yaml",
        "CONNECTOR_RULE",
        "CONNECTOR_SCRIPT",
    );
    check_change(
        "test_document_enum_member",
        "tests/documents/parameters.yaml",
        "[red, light blue]",
        "[red, pale blue]",
    );
}

#[test]
fn a_changed_summary_changes_only_its_edition() {
    check_change(
        "summary_of_one_edition",
        "spec/v3.yaml",
        "summary: Import Identity Profiles",
        "summary: Import profiles",
    );
}

#[test]
fn check_writes_nothing_and_names_what_differs() {
    let copy = copy();
    let generated = copy.path().join("generated");
    put(
        &generated,
        "src/v3.rs",
        b"// @generated by oas-codegen; edited\n",
    );
    fs::remove_file(generated.join("schemas/v3/LocaleOrigin.schema.json"))
        .unwrap_or_else(|error| panic!("{error}"));
    put(
        &generated,
        "src/v3/old_tag.rs",
        b"// @generated by oas-codegen; edits are lost when it runs again.\n",
    );
    put(&generated, "schemas/v3/Old.schema.json", b"{}\n");
    put(&generated, "src/by_hand.rs", b"// Not generated.\n");
    put(copy.path(), "tests/clients/src/bodies/form.rs", b"");
    let before = files(copy.path());
    let (code, text) = codegen(copy.path(), &["--check"]);
    assert_eq!(code, 1, "{text}");
    assert!(files(copy.path()) == before, "--check wrote something");
    insta::assert_snapshot!(text);

    let (code, text) = codegen(copy.path(), &[]);
    assert_eq!(code, 0, "{text}");
    for package in &PACKAGES {
        let mut expected = files(&workspace().join(package.directory));
        if package.directory == "generated" {
            expected.insert("src/by_hand.rs".to_owned(), b"// Not generated.\n".to_vec());
        }
        let found = files(&copy.path().join(package.directory));
        assert!(found == expected, "{text}");
    }
}

#[test]
fn files_that_are_fresh_are_not_rewritten() {
    let copy = copy();
    let path = copy.path().join("generated/src/shared.rs");
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let set = fs::File::options()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_modified(long_ago));
    set.unwrap_or_else(|error| panic!("{error}"));
    replace(
        copy.path(),
        "spec/v3.yaml",
        "description: The production server.",
        "description: x",
    );
    let (code, text) = codegen(copy.path(), &[]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(text.lines().next(), Some("changed: generated/src/v3.rs"));
    let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
    assert_eq!(modified.ok(), Some(long_ago));
}

/// A document that cannot be taken whole leaves all generated crates as they are.
#[track_caller]
fn check_refused(name: &str, change: impl FnOnce(&Path)) {
    let copy = copy();
    change(copy.path());
    let before = files(copy.path());
    for arguments in [&["--check"][..], &[]] {
        let (code, text) = codegen(copy.path(), arguments);
        assert_eq!(code, 2, "{text}");
        assert!(files(copy.path()) == before, "something was written");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn a_defective_document_is_refused() {
    check_refused("missing_file", |root| {
        let file = root.join("spec/schemas/LocaleOrigin.yaml");
        fs::remove_file(file).unwrap_or_else(|error| panic!("{error}"));
    });
    check_refused("syntax_error", |root| {
        put(
            root,
            "spec/parameters/Limit.yaml",
            b"in: query\nname: [limit\n",
        );
    });
    check_refused("missing_edition", |root| {
        let file = root.join("spec/v3-legacy.yaml");
        fs::remove_file(file).unwrap_or_else(|error| panic!("{error}"));
    });
    check_refused("unsupported_keyword", |root| {
        put(root, "spec/schemas/LocaleOrigin.yaml", b"type: string\n");
        let document = "openapi: 3.1.0\n\
            info: {title: Widened, version: '1'}\n\
            components:\n  schemas:\n    Pair: {type: array, prefixItems: [{type: string}]}\n";
        put(root, "tests/documents/schemas.yaml", document.as_bytes());
    });
}
