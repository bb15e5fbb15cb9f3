//! What the command line names: files, folders, patterns, links and archives.
//!
//! The tests make the files themselves, so that links and damaged archives are in no repository.

#![expect(clippy::disallowed_methods, reason = "tests make files and read them")]

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use export_validator::input::{self, Input, Limits, Progress, ReadError, Visited, expand};
use flate2::{Compression, write::GzEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use tempfile::TempDir;

/// A folder with these files; they hold their own names unless something else is said.
fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        write(&folder, file, file.as_bytes());
    }
    folder
}

fn write(folder: &TempDir, file: &str, bytes: &[u8]) {
    let path = folder.path().join(file);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
    fs::write(path, bytes).expect("files can be written");
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

/// A zip archive; texts are deflated unless they are to be stored.
fn zip(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, text) in entries {
        if name.ends_with('/') {
            let folder = archive.new_dir(*name);
            folder.create().expect("a vector takes everything");
            continue;
        }
        let (mut entry, config) = archive
            .new_file(*name)
            .compression_method(method)
            .start()
            .expect("a vector takes everything");
        let packed: Box<dyn Write> = if method == CompressionMethod::DEFLATE {
            Box::new(flate2::write::DeflateEncoder::new(
                &mut entry,
                Compression::default(),
            ))
        } else {
            Box::new(&mut entry)
        };
        let mut writer = config.wrap(packed);
        writer.write_all(text).expect("a vector takes everything");
        let (packed, descriptor) = writer.finish().expect("a vector takes everything");
        drop(packed);
        entry.finish(descriptor).expect("a vector takes everything");
    }
    archive.finish().expect("a vector takes everything");
    bytes
}

/// The deflated entries of an archive.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    zip(entries, CompressionMethod::DEFLATE)
}

/// Arguments below a folder; `-` is the standard input.
fn arguments(folder: &Path, arguments: &[&str]) -> Vec<PathBuf> {
    let path = |&argument: &&str| match argument {
        "-" => "-".into(),
        argument => folder.join(argument),
    };
    arguments.iter().map(path).collect()
}

/// What arguments expand to, as people see it: paths below the folder, or errors.
fn expanded(folder: &TempDir, names: &[&str]) -> Vec<String> {
    let root = format!("{}/", folder.path().display());
    expand(&arguments(folder.path(), names))
        .into_iter()
        .map(|source| match source {
            Ok(source) => source.path().display().to_string(),
            Err(error) => format!("error: {error}"),
        })
        .map(|line| line.replace(&root, ""))
        .collect()
}

/// What is read: a line for each input, and for each that cannot be.
fn read(folder: &Path, names: &[&str], mut stdin: &[u8], limits: &Limits) -> Vec<String> {
    let root = format!("{}/", folder.display());
    let sources = expand(&arguments(folder, names));
    let mut lines = Vec::new();
    input::visit(
        sources,
        limits,
        &Progress::hidden(),
        &mut stdin,
        |visited| {
            let line = match visited {
                Visited::Input(input) => text_of(input),
                Visited::Unreadable(error) => format!("error: {error}"),
                Visited::LeftAlone { archive, files } => format!("{archive}: {files} others"),
            };
            lines.push(line.replace(&root, ""));
        },
    );
    lines
}

fn text_of(mut input: Input<'_>) -> String {
    let mut text = Vec::new();
    let outcome = input.reader.read_to_end(&mut text);
    if let (Ok(len), Some(size)) = (&outcome, input.size) {
        assert_eq!(*len as u64, size, "{input:?}");
    }
    let text = match std::str::from_utf8(&text) {
        Ok(text) if text.len() < 50 => text.to_owned(),
        _ => format!("{} bytes", text.len()),
    };
    let packing = match input.packing {
        Some(packing) => format!("{packing:?} "),
        None => String::new(),
    };
    let error = match outcome {
        Ok(_) => String::new(),
        Err(error) => format!(", then {:?}: {error}", error.kind()),
    };
    format!("{}: {packing}{:?} {text}{error}", input.name, input.kind)
}

fn check(actual: &[String], expected: &[&str]) {
    assert_eq!(actual, expected, "{actual:#?}");
}

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

#[test]
fn what_a_file_is_its_first_bytes_tell() {
    let folder = folder(&[]);
    let packed = gzip(b"[1]");
    let files: &[(&str, &[u8])] = &[
        ("text.json", b"[1]"),
        ("empty.json", b""),
        ("empty.json.gz", b""),
        ("empty.zip", b""),
        ("packed.json", &packed),
        ("unpacked.json.gz", b"[1]"),
        ("unpacked.zip", b"[1]"),
        (
            "renamed.json",
            &zipped(&[("a.json", b"[1]"), ("b.yml", b"a: 1")]),
        ),
        ("text.yaml", b"- 1"),
        ("text.yaml.gz", &gzip(b"- 1")),
        ("no-extension", b"---\n- 1"),
        ("no-extension-either", b"[1]"),
        (
            "several-members.json.gz",
            &[gzip(b"[1,"), gzip(b""), gzip(b"2]")].concat(),
        ),
        ("padded.json.gz", &[packed.as_slice(), &[0; 700]].concat()),
        ("a.json.zst", b"\x28\xb5\x2f\xfd\x00"),
        ("a.json.bz2", b"BZh91AY"),
        ("a.json.xz", b"\xfd7zXZ\0\0"),
    ];
    let mut names = Vec::new();
    for (name, bytes) in files {
        write(&folder, name, bytes);
        names.push(*name);
    }
    check(
        &read(folder.path(), &names, b"", &Limits::default()),
        &[
            "text.json: Json [1]",
            "empty.json: Json ",
            "empty.json.gz: Json ",
            "error: empty.zip: the zip archive is damaged: it has no directory at its end; it may \
             be cut off",
            "packed.json: Gzip Json [1]",
            "unpacked.json.gz: Json [1]",
            "unpacked.zip: Json [1]",
            "renamed.json!/a.json: Zip Json [1]",
            "renamed.json!/b.yml: Zip Yaml a: 1",
            "text.yaml: Yaml - 1",
            "text.yaml.gz: Gzip Yaml - 1",
            "no-extension: Yaml ---\n- 1",
            "no-extension-either: Json [1]",
            "several-members.json.gz: Gzip Json [1,2]",
            "padded.json.gz: Gzip Json [1]",
            "error: a.json.zst: it is packed as zstd; of packed files, only gzip and zip are read: \
             unpack it first",
            "error: a.json.bz2: it is packed as bzip2; of packed files, only gzip and zip are \
             read: unpack it first",
            "error: a.json.xz: it is packed as xz; of packed files, only gzip and zip are read: \
             unpack it first",
        ],
    );
}

#[test]
fn the_standard_input_may_be_packed() {
    let archive = zipped(&[("a.json", b"[1]"), ("b/c.ndjson", b"1\n2")]);
    let cases: &[(&[u8], &[&str])] = &[
        (b"[1]", &["-: Json [1]"]),
        (b"", &["-: Json "]),
        (b"a: 1\nb: 2", &["-: Yaml a: 1\nb: 2"]),
        (&gzip(b"a: 1\nb: 2"), &["-: Gzip Yaml a: 1\nb: 2"]),
        (
            &archive,
            &["-!/a.json: Zip Json [1]", "-!/b/c.ndjson: Zip Json 1\n2"],
        ),
    ];
    for (stdin, expected) in cases {
        check(
            &read(Path::new("."), &["-"], stdin, &Limits::default()),
            expected,
        );
    }
    let limits = Limits {
        held: 100,
        ..Limits::default()
    };
    check(
        &read(Path::new("."), &["-"], &archive, &limits),
        &[
            "error: -: a zip archive from a pipe is held in memory, and this one is larger than \
             100 bytes: save it to a file first",
        ],
    );
}

#[test]
fn each_entry_of_an_archive_is_an_input() {
    let inner = gzip(b"{}");
    let twice = gzip(&inner);
    let folder = folder(&[]);
    let archive = zipped(&[
        ("profiles/", b""),
        ("profiles/a.json", b"[1]"),
        ("profiles/b.json.gz", &inner),
        ("profiles/c.json.gz", &twice),
        ("readme.txt", b"hello"),
        ("__MACOSX/profiles/._a.json", b"\0\x05\x16\x07"),
        (".hidden/x.json", b"1"),
        ("in/ner.zip", b"PK\x03\x04"),
        ("in/ner.json", b"PK\x03\x04"),
        ("in/ner.tgz", &inner),
        ("z.yaml", b"a: 1"),
    ]);
    write(&folder, "a.zip", &archive);
    write(&folder, "none.zip", &zipped(&[("readme.txt", b"hello")]));
    write(&folder, "nothing.zip", &zipped(&[]));
    write(
        &folder,
        "in-front.zip",
        &[b"#!/bin/sh\n".as_slice(), &archive].concat(),
    );
    check(
        &read(
            folder.path(),
            &["a.zip", "none.zip", "nothing.zip"],
            b"",
            &Limits::default(),
        ),
        &[
            "a.zip!/profiles/a.json: Zip Json [1]",
            "a.zip!/profiles/b.json.gz: Zip Json {}",
            "error: a.zip!/profiles/c.json.gz: gzip inside of a packed file is not opened: unpack \
             the outer one first",
            "error: a.zip!/in/ner.zip: zip inside of a packed file is not opened: unpack the outer \
             one first",
            "error: a.zip!/in/ner.json: zip inside of a packed file is not opened: unpack the \
             outer one first",
            "error: a.zip!/in/ner.tgz: tgz inside of a packed file is not opened: unpack the outer \
             one first",
            "a.zip!/z.yaml: Zip Yaml a: 1",
            "a.zip: 3 others",
            "error: none.zip: the archive holds no .json, .ndjson, .jsonl, .yaml or .yml file, \
             only 1 of other kinds",
            "error: nothing.zip: the archive holds no file",
        ],
    );
    assert_eq!(
        read(folder.path(), &["in-front.zip"], b"", &Limits::default()).len(),
        8
    );
    // Nobody has said that there is something in the archives of a folder.
    let all = read(folder.path(), &["."], b"", &Limits::default());
    assert!(
        !all.iter().any(|line| line.contains("nothing.zip")),
        "{all:#?}"
    );
}

#[test]
fn entries_that_cannot_be_unpacked_do_not_stop_the_others() {
    let folder = folder(&[]);
    let texts: &[(&str, &[u8])] = &[("a.json", b"[1]"), ("b.json", b"[2]")];
    let good = zip(texts, CompressionMethod::STORE);
    write(&folder, "stored.zip", &good);
    // The directory's record of the first entry: its flags are 8 bytes in, its method 10.
    let record = find(&good, b"PK\x01\x02");
    let patched = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    write(&folder, "encrypted.zip", &patched(record + 8, 1));
    write(&folder, "method.zip", &patched(record + 10, 93));
    write(&folder, "checksum.zip", &patched(record + 16, 0));
    write(&folder, "size.zip", &patched(record + 24, 2));
    write(&folder, "moved.zip", &patched(record + 42, 1));
    // The second entry of the directory leads to the first one's bytes.
    let second = record + 1 + find(&good[record + 1..], b"PK\x01\x02");
    write(
        &folder,
        "overlap.zip",
        &patched(second + 42, good[record + 42]),
    );
    write(&folder, "cut.zip", &good[..good.len() - 30]);
    let names = [
        "stored.zip",
        "encrypted.zip",
        "method.zip",
        "checksum.zip",
        "size.zip",
        "moved.zip",
        "overlap.zip",
        "cut.zip",
    ];
    check(
        &read(folder.path(), &names, b"", &Limits::default()),
        &[
            "stored.zip!/a.json: Zip Json [1]",
            "stored.zip!/b.json: Zip Json [2]",
            "error: encrypted.zip!/a.json: the entry is encrypted: unpack the archive first",
            "encrypted.zip!/b.json: Zip Json [2]",
            "error: method.zip!/a.json: the entry is packed with method 93 (ZSTD); only \
             stored and deflated entries are read: unpack the archive first",
            "method.zip!/b.json: Zip Json [2]",
            "checksum.zip!/a.json: Zip Json [1], then InvalidData: the zip data is damaged, 3 \
             bytes into what it packs: its checksum is wrong",
            "checksum.zip!/b.json: Zip Json [2]",
            "size.zip!/a.json: Zip Json [1], then InvalidData: the zip data is damaged, 3 \
             bytes into what it packs: it ends after 3 bytes instead of 2",
            "size.zip!/b.json: Zip Json [2]",
            "error: moved.zip!/a.json: the zip archive is damaged: an entry is not where the \
             directory says",
            "moved.zip!/b.json: Zip Json [2]",
            "overlap.zip!/a.json: Zip Json [1]",
            "error: overlap.zip!/b.json: the entry shares bytes with another one of the \
             archive",
            "error: cut.zip: the zip archive is damaged: it has no directory at its end; it \
             may be cut off",
        ],
    );
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .position(|window| window == part)
        .expect("the part is there")
}

#[test]
fn what_comes_before_a_failure_is_read() {
    let folder = folder(&[]);
    let text = (0..20_000)
        .map(|n: i32| n.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let packed = gzip(text.as_bytes());
    let mut damaged = packed.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 8].fill(0xff);
    let mut checksum = packed.clone();
    let end = checksum.len();
    checksum[end - 5] ^= 1;
    write(&folder, "cut.json.gz", &packed[..packed.len() / 2]);
    write(&folder, "cut-header.json.gz", &packed[..5]);
    write(&folder, "damaged.json.gz", &damaged);
    write(&folder, "checksum.json.gz", &checksum);
    write(
        &folder,
        "garbage.json.gz",
        &[packed.as_slice(), b"garbage"].concat(),
    );
    write(
        &folder,
        "half-a-member.json.gz",
        &[packed.as_slice(), &packed[..9]].concat(),
    );
    let names = [
        "cut",
        "cut-header",
        "damaged",
        "checksum",
        "garbage",
        "half-a-member",
    ]
    .map(|name| format!("{name}.json.gz"));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // How far a decompressor comes is its own affair.
    let lines: Vec<String> = read(folder.path(), &names, b"", &Limits::default())
        .iter()
        .map(|line| line.replace(|it: char| it.is_ascii_digit(), ""))
        .collect();
    check(
        &lines,
        &[
            "cut.json.gz: Gzip Json  bytes, then UnexpectedEof: the gzip data breaks \
             off,  bytes into what it packs",
            "cut-header.json.gz: Gzip Json , then UnexpectedEof: the gzip data breaks off,  \
             bytes into what it packs",
            "damaged.json.gz: Gzip Json  bytes, then InvalidData: the gzip data is \
             damaged,  bytes into what it packs: corrupt deflate stream",
            "checksum.json.gz: Gzip Json  bytes, then InvalidData: the gzip data is \
             damaged,  bytes into what it packs: corrupt gzip stream does not have a \
             matching checksum",
            "garbage.json.gz: Gzip Json  bytes, then InvalidData: the gzip data is \
             damaged,  bytes into what it packs: something else follows after its end",
            "half-a-member.json.gz: Gzip Json  bytes, then UnexpectedEof: the gzip data \
             breaks off,  bytes into what it packs",
        ],
    );
    let mut sources = expand(&arguments(folder.path(), &["cut.json.gz"]));
    let source = sources.remove(0).expect("the file is there");
    let mut stdin = io::empty();
    let mut inputs = source
        .open(&Limits::default(), &Progress::hidden(), &mut stdin)
        .expect("it can be opened");
    let mut input = inputs.next().expect("one").expect("it can be read");
    let mut unpacked = Vec::new();
    input
        .reader
        .read_to_end(&mut unpacked)
        .expect_err("it is cut");
    assert!(unpacked.len() > 10_000 && text.as_bytes().starts_with(&unpacked));
}

#[test]
fn what_unpacks_to_too_much_is_refused_where_the_limit_is() {
    let folder = folder(&[]);
    let text = vec![b' '; 1_000_000];
    write(&folder, "bomb.json.gz", &gzip(&text));
    write(
        &folder,
        "bomb.zip",
        &zipped(&[("a.json", &text), ("b.json", b"[]")]),
    );
    write(&folder, "plain.json", &text);
    let names = ["bomb.json.gz", "bomb.zip", "plain.json"];
    let limits = |unpacked| Limits {
        unpacked,
        ..Limits::default()
    };
    check(
        &read(folder.path(), &names, b"", &limits(1000)),
        &[
            "bomb.json.gz: Gzip Json 1000 bytes, then InvalidData: unpacked, it is larger than \
             1000 bytes, which is the limit",
            "bomb.zip!/a.json: Zip Json 1000 bytes, then InvalidData: unpacked, it is larger than \
             1000 bytes, which is the limit",
            "bomb.zip!/b.json: Zip Json []",
            "plain.json: Json 1000000 bytes",
        ],
    );
    check(
        &read(folder.path(), &names, b"", &limits(1_000_000)),
        &[
            "bomb.json.gz: Gzip Json 1000000 bytes",
            "bomb.zip!/a.json: Zip Json 1000000 bytes",
            "bomb.zip!/b.json: Zip Json []",
            "plain.json: Json 1000000 bytes",
        ],
    );
}

#[test]
fn a_text_that_is_held_whole_has_a_limit() {
    let folder = folder(&["a.yaml"]);
    let read = |held| {
        let limits = Limits {
            held,
            ..Limits::default()
        };
        let mut sources = expand(&arguments(folder.path(), &["a.yaml"]));
        let source = sources.remove(0).expect("the file is there");
        let mut stdin = io::empty();
        let mut inputs = source
            .open(&limits, &Progress::hidden(), &mut stdin)
            .expect("it can be opened");
        let input = inputs.next().expect("one").expect("it can be read");
        input.read_whole(&limits)
    };
    assert_eq!(read(6).expect("it is not too large"), b"a.yaml");
    let error = read(5).expect_err("it is too large");
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    assert_eq!(inner, Some(&ReadError::TooLarge { limit: 5 }));
}

#[test]
fn damaged_archives_are_errors_and_nothing_worse() {
    let texts: &[(&str, &[u8])] = &[("a.json", b"[1, 2, 3]"), ("b.yaml", b"- 1\n- 2\n")];
    let (archive, packed) = (zipped(texts), gzip(b"[1, 2, 3]"));
    let limits = Limits {
        unpacked: 100_000,
        ..Limits::default()
    };
    for bytes in [archive, packed] {
        for at in 0..bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                read(Path::new("."), &["-"], &damaged, &limits);
            }
            read(Path::new("."), &["-"], &bytes[..at], &limits);
        }
    }
}

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
