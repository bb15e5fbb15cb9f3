//! Why something cannot be read.

use std::{fmt, io};

use crate::wording;

/// Something that the command line names, or that is in it, cannot be read.
#[derive(Debug)]
pub struct InputError {
    /// What reports call it: an argument, a path, or an entry of an archive.
    pub name: String,
    /// Why.
    pub kind: InputErrorKind,
}

/// Why an input cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputErrorKind {
    /// There is no such file or folder.
    NotFound,
    /// No file matches a pattern.
    NoMatch,
    /// A pattern is malformed.
    Pattern(String),
    /// A folder holds nothing that looks like an input.
    NothingInFolder,
    /// The operating system refuses.
    Io(io::Error),
    /// The file is packed in a format that is not read.
    Format(&'static str),
    /// An archive or a gzip file inside of another one, which is not opened.
    Nested(&'static str),
    /// A zip archive is damaged.
    Zip(String),
    /// An archive holds nothing that looks like an input.
    NothingInArchive {
        /// How many files it holds.
        others: usize,
    },
    /// An archive's entry is encrypted.
    Encrypted,
    /// An archive's entry is packed with a method that is not read.
    Method(String),
    /// An archive's entry shares bytes with another one, as only archives made to do harm do.
    Overlap,
    /// A zip archive that comes through a pipe is larger than may be held in memory.
    TooLarge {
        /// How many bytes may be held.
        limit: u64,
    },
}

impl fmt::Display for InputErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file or folder"),
            Self::NoMatch => f.write_str("no file matches the pattern"),
            Self::Pattern(why) => write!(f, "the pattern is malformed: {why}"),
            Self::NothingInFolder => f.write_str(
                "the folder holds no .json, .ndjson, .jsonl, .yaml or .yml file, none of these with \
                 .gz, and no .zip",
            ),
            Self::Io(error) => error.fmt(f),
            Self::Format(format) => write!(
                f,
                "it is packed as {format}; of packed files, only gzip and zip are read: unpack it \
                 first"
            ),
            Self::Nested(format) => write!(
                f,
                "{format} inside of a packed file is not opened: unpack the outer one first"
            ),
            Self::Zip(why) => write!(f, "the zip archive is damaged: {why}"),
            Self::NothingInArchive { others: 0 } => f.write_str("the archive holds no file"),
            Self::NothingInArchive { others } => write!(
                f,
                "the archive holds no .json, .ndjson, .jsonl, .yaml or .yml file, only {others} of \
                 other kinds"
            ),
            Self::Encrypted => f.write_str("the entry is encrypted: unpack the archive first"),
            Self::Method(method) => write!(
                f,
                "the entry is packed with {method}; only stored and deflated entries are read: \
                 unpack the archive first"
            ),
            Self::Overlap => f.write_str("the entry shares bytes with another one of the archive"),
            Self::TooLarge { limit } => write!(
                f,
                "a zip archive from a pipe is held in memory, and this one is larger than {}: save \
                 it to a file first",
                Bytes(*limit)
            ),
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", wording::visible(&self.name), self.kind)
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            InputErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// Why an input cannot be read to its end; readers give it inside of an [`io::Error`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// What is packed ends too early.
    Truncated {
        /// How it is packed.
        format: &'static str,
        /// How many bytes could be unpacked.
        unpacked: u64,
    },
    /// What is packed is damaged.
    Damaged {
        /// How it is packed.
        format: &'static str,
        /// What is wrong.
        why: String,
        /// How many bytes could be unpacked.
        unpacked: u64,
    },
    /// More was packed than may be.
    TooMuch {
        /// How many bytes may be unpacked.
        limit: u64,
    },
    /// The text is larger than may be held in memory.
    TooLarge {
        /// How many bytes may be held.
        limit: u64,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated { format, unpacked } => write!(
                f,
                "the {format} data breaks off, {unpacked} bytes into what it packs"
            ),
            Self::Damaged {
                format,
                why,
                unpacked,
            } => write!(
                f,
                "the {format} data is damaged, {unpacked} bytes into what it packs: {why}"
            ),
            Self::TooMuch { limit } => write!(
                f,
                "unpacked, it is larger than {}, which is the limit",
                Bytes(*limit)
            ),
            Self::TooLarge { limit } => write!(
                f,
                "the text must be held in memory whole, and is larger than {}, which is the limit",
                Bytes(*limit)
            ),
        }
    }
}

impl std::error::Error for ReadError {}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        let kind = match error {
            ReadError::Truncated { .. } => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, error)
    }
}

/// A number of bytes for people: in the largest unit that divides it.
pub(super) struct Bytes(pub(super) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
            if self.0 >= unit && self.0.is_multiple_of(unit) {
                return write!(f, "{} {name}", self.0 / unit);
            }
        }
        write!(f, "{} bytes", self.0)
    }
}
