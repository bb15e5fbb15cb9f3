//! What the program makes of them.

use tempfile::TempDir;

use crate::{check, folder, gzip, write, zipped};

/// What the program says, without what stands around it, and its exit status.
fn run(folder: &TempDir, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_validate-export"))
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    let text = [output.stdout, output.stderr].concat();
    let is_kept = |line: &&str| line.contains(".json") || line.contains(".zip");
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines = text.lines().filter(is_kept).map(str::to_owned);
    (lines.collect(), output.status.code())
}

#[test]
fn the_program_reads_packed_files() {
    let bad = br#"[{"object": {"name": "HR", "authoritativeSource": 7}}]"#;
    let good = br#"[{"object": {"name": "HR", "authoritativeSource": {}}}]"#;
    let folder = folder(&[]);
    write(&folder, "a.json.gz", &gzip(bad));
    let entries: &[(&str, &[u8])] = &[
        ("x/bad.json", bad),
        ("x/good.json", good),
        ("readme.txt", b"1"),
    ];
    write(&folder, "b.zip", &zipped(entries));
    let (lines, status) = run(&folder, &["."]);
    check(
        &lines,
        &[
            "./a.json.gz:1:51: error[schema/type] expected an object, found the number 7",
            "./a.json.gz: array of exported objects, 1 element: 1 error",
            "./b.zip!/x/bad.json:1:51: error[schema/type] expected an object, found the number 7",
            "./b.zip!/x/bad.json: array of exported objects, 1 element: 1 error",
            "./b.zip!/x/good.json: array of exported objects, 1 element: valid",
            "./b.zip: note: 1 other file of the archive left alone",
        ],
    );
    assert_eq!(status, Some(1));
}

#[test]
fn the_program_checks_what_comes_before_a_failure() {
    let folder = folder(&[]);
    let bad = br#"[{"object": {"name": "HR", "authoritativeSource": 7}}, "#;
    let good = br#"{"self": {"type": "RULE"}, "object": {}}, "#;
    let cut = |elements: usize| {
        let packed = gzip(&[bad.as_slice(), &good.repeat(elements)].concat());
        packed[..packed.len() - 9].to_vec()
    };
    write(&folder, "small.json.gz", &cut(1));
    write(&folder, "large.json.gz", &cut(100_000));
    for name in ["small.json.gz", "large.json.gz"] {
        let (lines, status) = run(&folder, &[name]);
        let place = ":1:51: error[schema/type] expected an object, found the number 7";
        assert_eq!(lines[0], format!("{name}{place}"), "{lines:#?}");
        let end = ": error: cannot read the file to its end: the gzip data breaks off";
        assert!(lines[1].starts_with(&format!("{name}{end}")), "{lines:#?}");
        assert_eq!((lines.len(), status), (2, Some(2)), "{lines:#?}");
    }
}
