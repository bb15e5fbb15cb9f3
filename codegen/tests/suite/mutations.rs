//! Damaged documents: whatever is broken in them, the generator ends, and what it writes is Rust.

use std::fmt::Write as _;

use oas_codegen::cli::with_large_stack;
use oas_codegen::generate;

use crate::subjects::check_some;
use crate::support::{Text, fixtures, input, options, sources};

/// How many damaged copies of each fixture are tried.
const COPIES: u64 = 6;

/// Values that stand where others were expected.
const ODD_VALUES: [&str; 14] = [
    "null",
    "true",
    "7",
    "-1",
    "1e999",
    "''",
    "[]",
    "{}",
    "[[]]",
    "{$ref: '#'}",
    "string",
    "object",
    "\"\\u0000\"",
    "*a",
];

/// A small generator of numbers (xorshift64*): the same seed gives the same damage everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or_default() % bound.max(1)
    }
}

/// One damage to a document.
fn damage(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = text.to_vec();
    match random.below(7) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
        }
        kind => {
            let text = String::from_utf8_lossy(text);
            // Split, unlike lines, gives at least one.
            let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            let (at, other) = (random.below(lines.len()), random.below(lines.len()));
            match kind {
                2 => drop(lines.remove(at)),
                3 => lines.insert(other, lines[at].clone()),
                4 => lines.swap(at, other),
                5 => {
                    // Another indentation puts the line under another parent.
                    let line = lines[at].trim_start().to_owned();
                    lines[at] = format!("{}{line}", " ".repeat(2 * random.below(9)));
                }
                _ => {
                    let value = ODD_VALUES[random.below(ODD_VALUES.len())];
                    if let Some((key, _)) = lines[at].clone().split_once(": ") {
                        lines[at] = format!("{key}: {value}");
                    }
                }
            }
            bytes = lines.join("\n").into_bytes();
        }
    }
    bytes
}

fn check(name: &str, document: &[u8]) {
    let shown = || {
        let mut shown = format!("{name}:\n");
        let _ = write!(shown, "{}", String::from_utf8_lossy(document));
        shown
    };
    let mut options = options("fixture");
    options.json_schemas = true;
    let generated = with_large_stack(|| generate(&[input("damaged")], &options, &Text(document)))
        .unwrap_or_else(|error| panic!("{error}: {}", shown()));
    assert!(
        generated.output.is_some() || !generated.diagnostics.is_empty(),
        "nothing is said of {}",
        shown()
    );
    with_large_stack(|| check_some("damaged", &Text(document)))
        .flatten()
        .unwrap_or_else(|error| panic!("{error}: {}", shown()));
    let files = generated.files();
    for file in sources(&files) {
        if let Err(error) = syn::parse_file(&file.contents) {
            panic!("{}: {error}: {}\n{}", file.path, file.contents, shown());
        }
    }
    for file in files.iter().filter(|file| file.path == "Cargo.toml") {
        toml::from_str::<toml::Table>(&file.contents)
            .unwrap_or_else(|error| panic!("{error}: {}", shown()));
    }
}

#[test]
fn damaged_documents_neither_panic_nor_give_broken_code() {
    for (index, fixture) in fixtures("positive").iter().enumerate() {
        let document =
            std::fs::read(fixture.folder.join(&fixture.entry)).expect("the fixture is there");
        for copy in 1..=COPIES {
            let seed =
                0x9E37_79B9_7F4A_7C15 ^ (u64::try_from(index).unwrap_or_default() << 32 | copy);
            let mut random = Random(seed);
            let mut damaged = damage(&document, &mut random);
            for _ in 0..random.below(4) {
                damaged = damage(&damaged, &mut random);
            }
            check(&format!("{} with seed {seed:#x}", fixture.name), &damaged);
        }
    }
}
