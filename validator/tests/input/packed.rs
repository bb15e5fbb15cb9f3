//! Files that are packed, and archives.

use std::{io, path::Path};

use export_validator::input::{Limits, Progress, ReadError, expand};
use rawzip::CompressionMethod;

use crate::{arguments, check, folder, gzip, read, write, zip, zipped};

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
