//! From a source to its inputs.

#![expect(
    clippy::disallowed_types,
    reason = "the program reads files; the core does not"
)]

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read},
};

use super::{
    Input, InputError, InputErrorKind, Limits, Packing, Progress, Source,
    gzip::Gunzip,
    sniff::{self, Content, HEAD},
    unpacked::{Unpacked, read_whole},
    zip::{Archive, Store},
};

/// How much of a packed file is read at once.
pub(super) const BUFFER: usize = 64 * 1024;

/// Bytes to read from.
type Bytes<'a> = Box<dyn Read + Send + 'a>;

/// The inputs of a source: one, or those of an archive in its order.
///
/// One that cannot be read is an error in its place, and does not stop the others.
pub struct Inputs<'a> {
    inner: Inner<'a>,
    progress: Progress,
    size: Option<u64>,
}

enum Inner<'a> {
    One(Option<Input<'a>>),
    Archive(Archive),
}

impl Inputs<'_> {
    /// How many files of an archive were left alone so far, because they are nothing to check.
    pub fn others(&self) -> usize {
        match &self.inner {
            Inner::One(_) => 0,
            Inner::Archive(archive) => archive.others(),
        }
    }
}

impl<'a> Iterator for Inputs<'a> {
    type Item = Result<Input<'a>, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::One(input) => input.take().map(Ok),
            Inner::Archive(archive) => archive.next(),
        }
    }
}

impl Drop for Inputs<'_> {
    fn drop(&mut self) {
        self.progress.source_is_done(self.size);
    }
}

impl Source {
    /// Opens the source; what is read from it counts in `progress`.
    ///
    /// # Errors
    ///
    /// Where it cannot be opened, and where it is packed in a way that is not read.
    pub fn open<'a>(
        &self,
        limits: &Limits,
        progress: &Progress,
        stdin: &'a mut (dyn Read + Send),
    ) -> Result<Inputs<'a>, InputError> {
        let inner = self
            .inner(limits, progress, stdin)
            .map_err(|kind| InputError {
                name: self.name(),
                kind,
            });
        if inner.is_err() {
            progress.source_is_done(self.size());
        }
        Ok(Inputs {
            inner: inner?,
            progress: progress.clone(),
            size: self.size(),
        })
    }

    fn inner<'a>(
        &self,
        limits: &Limits,
        progress: &Progress,
        stdin: &'a mut (dyn Read + Send),
    ) -> Result<Inner<'a>, InputErrorKind> {
        let name = self.name();
        if self.is_stdin() {
            let (head, rest) = peek(Box::new(progress.count(stdin)))?;
            return match sniff::content(&head) {
                Content::Zip => {
                    let store = held(with_head(head, rest), limits)?;
                    self.archive(store, limits, progress).map(Inner::Archive)
                }
                _ => text(name, None, head, rest, limits),
            };
        }
        let mut file = File::open(self.path()).map_err(InputErrorKind::Io)?;
        // A file of the system that says it is empty may be none.
        let size = self.size().filter(|&size| size > 0);
        let mut head = Vec::with_capacity(HEAD);
        read_head(&mut file, &mut head)?;
        let is_zip = match sniff::content(&head) {
            Content::Zip => true,
            // Some archives have a program in front of them.
            Content::Text => sniff::is_zip_name(&name) && !begins_as_json(&head),
            Content::Gzip | Content::Foreign(_) => false,
        };
        if is_zip {
            let store = match size {
                Some(_) => Store::from(file),
                None => held(with_head(head, Box::new(file)), limits)?,
            };
            return self.archive(store, limits, progress).map(Inner::Archive);
        }
        progress.add(head.len());
        text(name, size, head, Box::new(progress.count(file)), limits)
    }

    fn archive(
        &self,
        store: Store,
        limits: &Limits,
        progress: &Progress,
    ) -> Result<Archive, InputErrorKind> {
        let archive = Archive::new(store, &self.name(), limits, progress)?;
        if archive.is_empty() && self.is_named() {
            return Err(InputErrorKind::NothingInArchive {
                others: archive.others(),
            });
        }
        Ok(archive)
    }
}

/// A text that is no zip archive, unpacked where it is packed.
fn text<'a>(
    name: String,
    size: Option<u64>,
    head: Vec<u8>,
    rest: Bytes<'a>,
    limits: &Limits,
) -> Result<Inner<'a>, InputErrorKind> {
    let mut input = Input {
        kind: sniff::kind(&name, &head),
        name,
        packing: None,
        size,
        reader: Box::new(io::empty()),
    };
    match sniff::content(&head) {
        Content::Foreign(format) => return Err(InputErrorKind::Format(format)),
        Content::Gzip => {
            input.packing = Some(Packing::Gzip);
            input.size = None;
            let packed = with_head(head, rest);
            (input.kind, input.reader) = gunzip(&input.name, packed, limits)?;
        }
        Content::Zip | Content::Text => input.reader = with_head(head, rest),
    }
    Ok(Inner::One(Some(input)))
}

/// The text that a gzip file packs, and its language.
pub(super) fn gunzip<'a>(
    name: &str,
    packed: Bytes<'a>,
    limits: &Limits,
) -> Result<(super::Kind, Bytes<'a>), InputErrorKind> {
    let members = Gunzip::new(BufReader::with_capacity(BUFFER, packed));
    let unpacked = Unpacked::new(members, "gzip", limits.unpacked);
    let (head, rest) = peek_unpacked(Box::new(unpacked));
    match sniff::content(&head) {
        Content::Text => Ok((sniff::kind(name, &head), with_head(head, rest))),
        Content::Gzip => Err(InputErrorKind::Nested("gzip")),
        Content::Zip => Err(InputErrorKind::Nested("zip")),
        Content::Foreign(format) => Err(InputErrorKind::Nested(format)),
    }
}

/// A pipe's bytes as an archive in memory.
fn held(packed: Bytes<'_>, limits: &Limits) -> Result<Store, InputErrorKind> {
    match read_whole(packed, limits.held) {
        Ok(bytes) => Ok(Store::from(bytes)),
        Err(error) if error.get_ref().is_some() => {
            Err(InputErrorKind::TooLarge { limit: limits.held })
        }
        Err(error) => Err(InputErrorKind::Io(error)),
    }
}

fn begins_as_json(head: &[u8]) -> bool {
    matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The first bytes of what a reader gives, and all that follows.
fn peek(mut reader: Bytes<'_>) -> Result<(Vec<u8>, Bytes<'_>), InputErrorKind> {
    let mut head = Vec::with_capacity(HEAD);
    read_head(&mut reader, &mut head)?;
    Ok((head, reader))
}

fn read_head(reader: &mut dyn Read, head: &mut Vec<u8>) -> Result<(), InputErrorKind> {
    reader
        .take(HEAD as u64)
        .read_to_end(head)
        .map(|_| ())
        .map_err(InputErrorKind::Io)
}

/// The first bytes that can be unpacked, and all that follows.
///
/// A failure is for whoever reads on: what comes before it is still to be checked.
pub(super) fn peek_unpacked(mut reader: Bytes<'_>) -> (Vec<u8>, Bytes<'_>) {
    let mut head = Vec::with_capacity(HEAD);
    match reader.by_ref().take(HEAD as u64).read_to_end(&mut head) {
        Ok(_) => (head, reader),
        Err(error) => (head, Box::new(Failed(Some(error)))),
    }
}

/// A reader that has failed already.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Bytes that were read ahead, and then the rest.
pub(super) fn with_head(head: Vec<u8>, rest: Bytes<'_>) -> Bytes<'_> {
    Box::new(Cursor::new(head).chain(rest))
}
