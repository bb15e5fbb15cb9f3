//! Damaged files: what is said of them does not depend on how they come.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use std::{fs, path::Path, sync::LazyLock};

use proptest::prelude::*;
use serde_json::Value;

use super::reports::{Slow, report};
use crate::{Edition, Options, Policy, Selector, Shape, Validator, decode};

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| Validator::new(Edition::V2024));

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut paths = Vec::new();
    for kind in ["good", "warned", "bad"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
        for entry in fs::read_dir(folder.join(kind)).expect("the folder is there") {
            paths.push(entry.expect("the folder can be read").path());
        }
    }
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    let files = paths.iter().map(fs::read);
    files
        .map(|file| file.expect("the file can be read"))
        .collect()
});

/// Pieces that break a file here and there.
const PIECES: [&[u8]; 27] = [
    b"\xef\xbb\xbf",
    b"}\n{",
    b"}{",
    b"\n\n{",
    b" ",
    b"",
    b"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud83d",
    b"\n",
    b"NaN",
    b"0",
    b"-",
    b"\xff",
    b"\xe2\x82",
    b"},{",
    b"/*",
    b"null",
    b"\"version\":1,",
];

fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let damage = (
        any::<prop::sample::Index>(),
        0..4_usize,
        prop::sample::select(&PIECES),
    );
    let damages = prop::collection::vec(damage, 1..4);
    let file = any::<prop::sample::Index>();
    (file, 1..4_usize, any::<bool>(), damages).prop_map(|(file, times, is_compact, damages)| {
        let mut bytes = file.get(&FILES).repeat(times);
        // Several arrays become a long one.
        if times > 1 && bytes.starts_with(b"[") {
            let text: Vec<&[u8]> = file
                .get(&FILES)
                .trim_ascii()
                .strip_prefix(b"[")
                .and_then(|text| text.strip_suffix(b"]"))
                .into_iter()
                .collect();
            let items = vec![text.concat(); times].join(b",".as_slice());
            bytes = [b"[".as_slice(), &items, b"]"].concat();
        }
        if is_compact {
            let whole: &Vec<u8> = file.get(&FILES);
            let compact = serde_json::from_slice::<Value>(whole);
            let line = compact.map(|value| value.to_string().into_bytes());
            bytes.extend(line.unwrap_or_default());
        }
        for (at, length, piece) in damages {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece.iter().copied());
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_a_damaged_file_does_not_depend_on_how_it_comes(
        bytes in damaged(), sizes in prop::collection::vec(1..3_000_usize, 4),
    ) {
        let expected = report(&VALIDATOR, bytes.as_slice(), &Options::default());
        for (index, &window) in sizes.iter().enumerate() {
            let threads = 1 + index % 3;
            let spread_threads = index % 2 == 0;
            let options = Options { threads, spread_threads, window, ..Options::default() };
            let slow = Slow { rest: &bytes, step: 1 + index * window };
            let other = report(&VALIDATOR, slow, &options);
            let shown = String::from_utf8_lossy(&bytes);
            prop_assert_eq!(&other.findings, &expected.findings, "{}", shown);
            prop_assert_eq!(&other.summary, &expected.summary, "{}", shown);
        }
    }

    /// Neither a document nor one a line is never called valid, however it comes and whatever
    /// findings are not to be reported.
    #[test]
    fn what_is_no_json_is_never_valid(
        bytes in damaged(), window in 1..3_000_usize, shape in prop::option::of(shapes()),
    ) {
        let mut policy = Policy::default();
        for group in Policy::groups() {
            policy.set(Selector::Group(group), None);
        }
        let options = Options { policy, window, shape, threads: 1, ..Options::default() };
        let summary = report(&VALIDATOR, bytes.as_slice(), &options).summary;
        let text = bytes.strip_prefix(decode::MARK).unwrap_or(&bytes);
        let lines = || text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        let mut records = lines().filter(|line| !line.is_empty());
        let is_json = may_be_json(text) || records.all(may_be_json);
        prop_assert!(is_json || !summary.is_valid(), "{}", String::from_utf8_lossy(&bytes));
    }
}

/// What a file may be taken for.
fn shapes() -> impl Strategy<Value = Shape> {
    prop::sample::select(vec![
        Shape::Array,
        Shape::SpConfig,
        Shape::ExportedObject,
        Shape::Profile,
        Shape::Ndjson,
    ])
}

/// Whether another reader takes a text, or refuses it for what is no rule of JSON.
fn may_be_json(text: &[u8]) -> bool {
    serde_json::from_slice::<Value>(text)
        .err()
        .is_none_or(|error| {
            let reason = error.to_string();
            reason.contains("number out of range") || reason.contains("recursion")
        })
}
