//! Files, folders, patterns and links.

use crate::{check, expanded, folder};
use std::fs;

#[test]
fn a_folder_stands_for_the_inputs_in_it() {
    let folder = folder(&[
        "b.json",
        "a/x.yaml",
        "a/x.yml",
        "a/deep/er/y.ndjson",
        "c.JSONL",
        "d.json.gz",
        "e.zip",
        "f.txt",
        "g",
        ".hidden.json",
        ".git/x.json",
        "node_modules/m/package.json",
        "target/tenant.json",
        "cache/CACHEDIR.TAG",
        "cache/x.json",
    ]);
    check(
        &expanded(&folder, &["."]),
        &[
            "./a/deep/er/y.ndjson",
            "./a/x.yaml",
            "./a/x.yml",
            "./b.json",
            "./c.JSONL",
            "./d.json.gz",
            "./e.zip",
            "./target/tenant.json",
        ],
    );
}

#[test]
fn what_is_named_itself_is_never_left_out() {
    let folder = folder(&[
        ".git/x.json",
        "notes.txt",
        "cache/CACHEDIR.TAG",
        "cache/x.json",
    ]);
    check(
        &expanded(
            &folder,
            &["notes.txt", ".git", "cache", "cache/CACHEDIR.TAG"],
        ),
        &[
            "notes.txt",
            ".git/x.json",
            "cache/x.json",
            "cache/CACHEDIR.TAG",
        ],
    );
}

#[test]
fn the_order_is_that_of_the_arguments_and_each_file_is_there_once() {
    let folder = folder(&["a.json", "b.json", "c/d.json"]);
    check(
        &expanded(
            &folder,
            &["c/d.json", "-", "b.json", ".", "c/../b.json", "*.json", "-"],
        ),
        &["c/d.json", "-", "b.json", "./a.json"],
    );
}

#[test]
fn patterns_are_expanded_where_the_shell_did_not() {
    let folder = folder(&[
        "a.json",
        "b.yaml",
        "x/a.json",
        "x/y/a.json",
        "x/y/b.txt",
        ".h/a.json",
        "x/node_modules/a.json",
        "z/1.json",
        "z/readme.txt",
        "we[ird.json",
    ]);
    let cases: &[(&[&str], &[&str])] = &[
        (&["*.json"], &["a.json", "we[ird.json"]),
        (&["x/*.json"], &["x/a.json"]),
        (&["**/a.json"], &["a.json", "x/a.json", "x/y/a.json"]),
        (&["x/**"], &["x/a.json", "x/y/a.json", "x/y/b.txt"]),
        (&["*/a.{json,yaml}"], &["x/a.json"]),
        (&[".*/a.json"], &[".h/a.json"]),
        (&["x/node_modules/?.json"], &["x/node_modules/a.json"]),
        // Folders that match stand for what is in them.
        (&["[z]"], &["z/1.json"]),
        (&["we[ird.json"], &["we[ird.json"]),
        (&["x/../a.jso[n]"], &["x/../a.json"]),
        (
            &["none/*.json"],
            &["error: none/*.json: no file matches the pattern"],
        ),
        (
            &["*.xml", "a.json"],
            &["error: *.xml: no file matches the pattern", "a.json"],
        ),
        (
            &["x/[a.json"],
            &["error: x/[a.json: the pattern is malformed: unclosed character class; missing ']'"],
        ),
    ];
    for (arguments, expected) in cases {
        check(&expanded(&folder, arguments), expected);
    }
}

#[test]
fn what_cannot_be_found_does_not_stop_the_others() {
    let folder = folder(&["a.json", "empty/notes.txt"]);
    check(
        &expanded(
            &folder,
            &["no.json", "empty", "a.json", "a.json/b.json", ""],
        ),
        &[
            "error: no.json: there is no such file or folder",
            "error: empty: the folder holds no .json, .ndjson, .jsonl, .yaml or .yml file, none of \
             these with .gz, and no .zip",
            "a.json",
            "error: a.json/b.json: there is no such file or folder",
        ],
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_do_not_lead_in_circles() {
    use std::os::unix::fs::symlink;

    let folder = folder(&["real/a.json", "real/deep/b.json"]);
    let link = |to: &str, from: &str| {
        symlink(to, folder.path().join(from)).expect("links can be made");
    };
    link("..", "real/deep/up");
    link("real", "again");
    link("real/a.json", "same.json");
    link("nowhere", "dangling.json");
    link("nowhere", "dangling");
    link("self", "self");
    check(
        &expanded(&folder, &["."]),
        &[
            "./again/a.json",
            "./again/deep/b.json",
            "error: ./dangling.json: No such file or directory (os error 2)",
        ],
    );
}

#[cfg(unix)]
#[test]
fn links_to_nothing_are_of_interest_where_the_pattern_means_them() {
    let folder = folder(&["d/a.json", "d/[b].json"]);
    let link = folder.path().join("d/broken.json");
    std::os::unix::fs::symlink("nowhere", link).expect("links can be made");
    check(&expanded(&folder, &["{d/a,d/link}.json"]), &["d/a.json"]);
    check(&expanded(&folder, &["d/[[]b].json"]), &["d/[b].json"]);
    check(
        &expanded(&folder, &["d/b*.json"]),
        &["error: d/broken.json: No such file or directory (os error 2)"],
    );
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_each_other_in_many_ways_are_walked_once() {
    use std::os::unix::fs::symlink;

    // Two links from each folder to the next: a billion ways to the last one.
    let folder = folder(&["30/last.json"]);
    for level in 0..30 {
        let here = folder.path().join(level.to_string());
        fs::create_dir_all(&here).expect("folders can be made");
        for name in ["x", "y"] {
            symlink(format!("../{}", level + 1), here.join(name)).expect("links can be made");
        }
    }
    assert_eq!(expanded(&folder, &["."]).len(), 1);
    assert_eq!(expanded(&folder, &["**/*.json"]).len(), 1);
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_does_not_stop_the_others() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder(&["a.json", "locked/b.json", "z.json"]);
    let locked = folder.path().join("locked");
    let allow = |mode| fs::set_permissions(&locked, fs::Permissions::from_mode(mode));
    allow(0o000).expect("permissions can be set");
    // Who may read everything sees no error.
    if fs::read_dir(&locked).is_err() {
        check(
            &expanded(&folder, &["."]),
            &[
                "./a.json",
                "error: ./locked: Permission denied (os error 13)",
                "./z.json",
            ],
        );
    }
    allow(0o755).expect("permissions can be set");
}
