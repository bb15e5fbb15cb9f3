//! What the command line names, as readers of JSON or YAML text.
//!
//! ```text
//! arguments → expand   files, folders, patterns and "-" to sources, each file once
//!           → open     a source to its inputs: the file, what gzip packed, the entries of a zip
//!           → yaml     YAML text to JSON text, and findings back to their places in the YAML
//! ```
//!
//! This is the part of the program that meets the disk. What is unpacked is streamed: memory stays
//! the same however large an input is, but for YAML and for archives that come through a pipe,
//! which [`Limits`] bound. What something is its first bytes tell, and its name where those do not.

mod error;
mod expand;
mod gzip;
mod open;
mod progress;
mod sniff;
mod unpacked;
pub mod yaml;
mod zip;

use std::io::{self, Read};

pub use error::{InputError, InputErrorKind, ReadError};
pub use expand::{Source, expand};
pub use open::Inputs;
pub use progress::Progress;

use crate::{Finding, Options, Summary, Validator};

const MIB: u64 = 1 << 20;

/// What reading may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one input when it is unpacked; 16 GiB unless said otherwise.
    pub unpacked: u64,
    /// Bytes of what must be held whole, which is YAML text and a zip archive from a pipe; 256 MiB
    /// unless said otherwise.
    pub held: u64,
    /// Bytes that aliases may add to one YAML text when they are written out; 64 MiB unless said
    /// otherwise.
    pub aliases: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked: 16 * 1024 * MIB,
            held: 256 * MIB,
            aliases: 64 * MIB,
        }
    }
}

/// Reads a number of bytes: `1000`, `64K`, `16GiB`; all units are binary.
///
/// # Errors
///
/// Where the text is no such number, as a text for people.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = text.get(digits.len()..).unwrap_or_default().trim();
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(format!("unknown unit {unit:?}: K, M, G and T are known")),
    };
    let number: u64 = match digits.parse() {
        Ok(number) => number,
        Err(_) => return Err("expected a number of bytes, such as 1000 or 16G".to_owned()),
    };
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "the number is too large".to_owned())
}

/// The language of an input's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON, newline-delimited or not; also what is neither and is to be called so.
    Json,
    /// YAML.
    Yaml,
}

/// How an input is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As a gzip file.
    Gzip,
    /// As an entry of a zip archive; it may be a gzip file there.
    Zip,
}

/// A text to check.
pub struct Input<'a> {
    /// What reports call it: its path, `archive.zip!/entry.json` or `-`.
    pub name: String,
    /// The language it is in.
    pub kind: Kind,
    /// How it is packed; `None` where it is a file of its own.
    pub packing: Option<Packing>,
    /// How many bytes the reader gives, where that is known before they are read. An archive may
    /// say something false.
    pub size: Option<u64>,
    /// The text. An error of kind `InvalidData` or `UnexpectedEof` holds a [`ReadError`]; what came
    /// before it can be checked all the same.
    pub reader: Box<dyn Read + Send + 'a>,
}

impl Input<'_> {
    /// Reads the text whole, as YAML needs it.
    ///
    /// # Errors
    ///
    /// Where reading fails, and where the text is larger than [`Limits::held`].
    pub fn read_whole(self, limits: &Limits) -> io::Result<Vec<u8>> {
        unpacked::read_whole(self.reader, limits.held)
    }
}

/// What a source leads to.
#[derive(Debug)]
pub enum Visited<'a> {
    /// A text to check.
    Input(Input<'a>),
    /// Something that cannot be read.
    Unreadable(InputError),
    /// Files of an archive that are nothing to check.
    LeftAlone {
        /// The archive.
        archive: String,
        /// How many files these are.
        files: usize,
    },
}

/// Opens sources one after the other, and gives out everything that is in them.
pub fn visit(
    sources: Vec<Result<Source, InputError>>,
    limits: &Limits,
    progress: &Progress,
    stdin: &mut (dyn Read + Send),
    mut on_visit: impl FnMut(Visited<'_>),
) {
    for source in sources {
        let opened = source.and_then(|source| {
            let archive = source.name();
            source
                .open(limits, progress, stdin)
                .map(|inputs| (archive, inputs))
        });
        let (archive, mut inputs) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                on_visit(Visited::Unreadable(error));
                continue;
            }
        };
        for input in inputs.by_ref() {
            on_visit(match input {
                Ok(input) => Visited::Input(input),
                Err(error) => Visited::Unreadable(error),
            });
        }
        let files = inputs.others();
        if files > 0 {
            on_visit(Visited::LeftAlone { archive, files });
        }
    }
}

/// Checks an input, and gives each finding out in the order of its text.
///
/// # Errors
///
/// Those of the input's reader, and that it is too large where it must be held whole. What was found
/// before is given out.
pub fn check(
    validator: &Validator,
    input: Input<'_>,
    limits: &Limits,
    options: &Options,
    mut on_finding: impl FnMut(Finding),
) -> io::Result<Summary> {
    match input.kind {
        Kind::Json => validator.check(input.reader, options, on_finding),
        Kind::Yaml => {
            let text = input.read_whole(limits)?;
            yaml::check(validator, &text, limits.aliases, options, &mut on_finding)
        }
    }
}

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .field("packing", &self.packing)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_binary_units() {
        for (text, size) in [
            ("0", Ok(0)),
            ("1000", Ok(1000)),
            ("64k", Ok(64 << 10)),
            ("16 GiB", Ok(16 << 30)),
            ("2TB", Ok(2 << 40)),
        ] {
            assert_eq!(parse_size(text), size, "{text}");
        }
        for text in [
            "",
            "G",
            "-1",
            "1.5G",
            "1X",
            "99999999999T",
            "99999999999999999999",
        ] {
            parse_size(text).expect_err(text);
        }
    }
}
