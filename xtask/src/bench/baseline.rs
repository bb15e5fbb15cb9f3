//! Reading a file and doing nothing with it: what everything else is compared with.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;
use serde::Serialize;
use serde::de::IgnoredAny;

/// How the file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Method {
    /// Into memory as a whole, and then through `serde_json::from_slice`.
    Slice,
    /// Piece by piece, through `serde_json::from_reader`.
    Reader,
}

impl Method {
    pub(super) const ALL: [Self; 2] = [Self::Slice, Self::Reader];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Slice => "from_slice",
            Self::Reader => "from_reader",
        }
    }
}

/// Reads a JSON document, `-` being the given input, and ignores what it says.
pub(super) fn run(method: Method, path: &Path, input: &mut dyn Read) -> anyhow::Result<()> {
    let is_input = path.as_os_str() == "-";
    let open = || File::open(path).with_context(|| format!("cannot read {}", path.display()));
    let read: Result<IgnoredAny, _> = match (method, is_input) {
        (Method::Slice, true) => {
            let mut bytes = Vec::new();
            input.read_to_end(&mut bytes)?;
            serde_json::from_slice(&bytes)
        }
        (Method::Slice, false) => {
            let bytes = std::fs::read(path);
            serde_json::from_slice(&bytes.with_context(|| path.display().to_string())?)
        }
        (Method::Reader, true) => serde_json::from_reader(buffered(input)),
        (Method::Reader, false) => serde_json::from_reader(buffered(open()?)),
    };
    read.map(|IgnoredAny| ())
        .with_context(|| format!("{} is no JSON", path.display()))
}

fn buffered<R: Read>(reader: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 16, reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_not_read() {
        for method in Method::ALL {
            let check = |text: &str, expected: bool| {
                let result = run(method, Path::new("-"), &mut text.as_bytes());
                assert_eq!(result.is_ok(), expected, "{method:?} {text}");
            };
            check("[{\"a\": [1, null]}]", true);
            check("[{\"a\": [1, null}]", false);
            check("[] []", false);
        }
    }
}
