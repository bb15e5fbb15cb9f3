//! Zip archives, each entry of which is an input of its own.

#![expect(
    clippy::disallowed_types,
    reason = "the program reads files; the core does not"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read},
    sync::Arc,
    vec,
};

use flate2::{Crc, bufread::DeflateDecoder};
use rawzip::{
    CompressionMethod, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RangeReader, ReaderAt,
    ZipArchive, ZipArchiveEntryWayfinder, ZipFileHeaderRecord, ZipLocator,
};

use super::{
    Input, InputError, InputErrorKind, Limits, Packing, Progress,
    open::{BUFFER, gunzip, peek_unpacked, with_head},
    sniff::{self, Content},
    unpacked::Unpacked,
};

/// Where an archive's bytes are.
pub(super) enum Store {
    File(FileReader),
    Memory(Vec<u8>),
}

impl From<File> for Store {
    fn from(file: File) -> Self {
        Self::File(file.into())
    }
}

impl From<Vec<u8>> for Store {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Memory(bytes)
    }
}

impl ReaderAt for Store {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read_at(buffer, offset),
            Self::Memory(bytes) => bytes.read_at(buffer, offset),
        }
    }
}

impl Store {
    fn len(&mut self) -> io::Result<u64> {
        match self {
            Self::File(file) => io::Seek::seek(file, io::SeekFrom::End(0)),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }
}

/// An entry that is an input, or was to be one.
struct Entry {
    /// With the archive's.
    name: String,
    place: Result<Place, InputErrorKind>,
}

/// Where an entry's bytes are, and how they are packed.
struct Place {
    wayfinder: ZipArchiveEntryWayfinder,
    crc: u32,
    is_deflated: bool,
}

/// An open archive.
pub(super) struct Archive {
    zip: ZipArchive<Arc<Store>>,
    entries: vec::IntoIter<Entry>,
    others: usize,
    /// The bytes of the entries that were opened: each start with its end.
    taken: BTreeMap<u64, u64>,
    limits: Limits,
    progress: Progress,
}

impl Archive {
    /// Reads an archive's directory.
    pub(super) fn new(
        mut store: Store,
        name: &str,
        limits: &Limits,
        progress: &Progress,
    ) -> Result<Self, InputErrorKind> {
        let len = store.len().map_err(InputErrorKind::Io)?;
        let progress = match store {
            Store::File(_) => progress.clone(),
            // It was counted when it was read into memory.
            Store::Memory(_) => Progress::hidden(),
        };
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let zip = ZipLocator::new()
            .locate_in_reader(Arc::new(store), &mut buffer, len)
            .map_err(|(_, error)| damaged(&error))?;
        let mut entries = Vec::new();
        let mut others = 0;
        let mut records = zip.entries(&mut buffer);
        loop {
            match records.next_entry() {
                Ok(Some(record)) if record.is_dir() => {}
                Ok(Some(record)) => {
                    let path = String::from_utf8_lossy(record.file_path().as_bytes()).into_owned();
                    match place(&path, &record) {
                        Some(place) => entries.push(Entry {
                            name: format!("{name}!/{path}"),
                            place,
                        }),
                        None => others += 1,
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    entries.push(Entry {
                        name: name.to_owned(),
                        place: Err(damaged(&error)),
                    });
                    break;
                }
            }
        }
        Ok(Self {
            zip,
            entries: entries.into_iter(),
            others,
            taken: BTreeMap::new(),
            limits: limits.clone(),
            progress,
        })
    }

    /// Whether no entry is left that is an input or was to be one.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.as_slice().is_empty()
    }

    /// How many entries are no inputs.
    pub(super) fn others(&self) -> usize {
        self.others
    }

    fn open(&mut self, name: &str, place: &Place) -> Result<Input<'static>, InputErrorKind> {
        let entry = self
            .zip
            .get_entry(place.wayfinder)
            .map_err(|error| damaged(&error))?;
        let (start, end) = entry.compressed_data_range();
        let before = self.taken.range(..end).next_back();
        if before.is_some_and(|(_, &before)| before > start) {
            return Err(InputErrorKind::Overlap);
        }
        self.taken.insert(start, end);

        let store = Arc::clone(self.zip.get_ref());
        let packed = self.progress.count(RangeReader::new(store, start..end));
        let unpacked: Box<dyn Read + Send> = if place.is_deflated {
            Box::new(DeflateDecoder::new(BufReader::with_capacity(
                BUFFER, packed,
            )))
        } else {
            Box::new(packed)
        };
        let verified = Verified {
            inner: unpacked,
            seen: Crc::new(),
            len: 0,
            stated_len: place.wayfinder.uncompressed_size_hint(),
            stated_sum: place.crc,
        };
        let unpacked = Unpacked::new(verified, "zip", self.limits.unpacked);
        let (head, rest) = peek_unpacked(Box::new(unpacked));
        let mut input = Input {
            name: name.to_owned(),
            kind: sniff::kind(name, &head),
            packing: Some(Packing::Zip),
            size: Some(place.wayfinder.uncompressed_size_hint()),
            reader: Box::new(io::empty()),
        };
        match sniff::content(&head) {
            Content::Text => input.reader = with_head(head, rest),
            Content::Gzip => {
                input.size = None;
                (input.kind, input.reader) = gunzip(name, with_head(head, rest), &self.limits)?;
            }
            Content::Zip => return Err(InputErrorKind::Nested("zip")),
            Content::Foreign(format) => return Err(InputErrorKind::Nested(format)),
        }
        Ok(input)
    }
}

impl Iterator for Archive {
    type Item = Result<Input<'static>, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Entry { name, place } = self.entries.next()?;
        let input = place.and_then(|place| self.open(&name, &place));
        Some(input.map_err(|kind| InputError { name, kind }))
    }
}

/// Where an entry's bytes are; `None` for one that is no input.
fn place(path: &str, record: &ZipFileHeaderRecord<'_>) -> Option<Result<Place, InputErrorKind>> {
    let is_left_out = |part: &str| sniff::is_left_out(part) || part == "__MACOSX";
    if path.split(['/', '\\']).any(is_left_out) {
        return None;
    }
    if let Some(format) = sniff::archive_name(path) {
        return Some(Err(InputErrorKind::Nested(format)));
    }
    if !sniff::is_text_name(path) {
        return None;
    }
    if record.flags().is_encrypted() {
        return Some(Err(InputErrorKind::Encrypted));
    }
    let is_deflated = match record.compression_method() {
        CompressionMethod::STORE => false,
        CompressionMethod::DEFLATE => true,
        CompressionMethod::AES => return Some(Err(InputErrorKind::Encrypted)),
        method => {
            let id = method.as_u16();
            let method = match method.name() {
                Some(name) => format!("method {id} ({name})"),
                None => format!("method {id}"),
            };
            return Some(Err(InputErrorKind::Method(method)));
        }
    };
    Some(Ok(Place {
        wayfinder: record.wayfinder(),
        crc: record.crc32(),
        is_deflated,
    }))
}

/// An entry's text, held against what the directory says of it when its end is reached.
struct Verified<R> {
    inner: R,
    seen: Crc,
    len: u64,
    stated_len: u64,
    stated_sum: u32,
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.seen.update(&buffer[..read]);
        self.len += read as u64;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        let wrong = if self.len != self.stated_len {
            let Self {
                len, stated_len, ..
            } = self;
            format!("it ends after {len} bytes instead of {stated_len}")
        } else if self.seen.sum() != self.stated_sum {
            "its checksum is wrong".to_owned()
        } else {
            return Ok(0);
        };
        Err(io::Error::new(io::ErrorKind::InvalidData, wrong))
    }
}

/// What is wrong with an archive, in words.
fn damaged(error: &rawzip::Error) -> InputErrorKind {
    use rawzip::ErrorKind;

    InputErrorKind::Zip(match error.kind() {
        ErrorKind::MissingEndOfCentralDirectory => {
            "it has no directory at its end; it may be cut off".into()
        }
        ErrorKind::Eof => "it is cut off".into(),
        ErrorKind::IO(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            "an entry lies outside of it".into()
        }
        ErrorKind::InvalidSignature { .. } => "an entry is not where the directory says".into(),
        kind => kind.to_string(),
    })
}
