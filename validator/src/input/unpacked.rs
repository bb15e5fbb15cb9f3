//! What comes out of a packed file, bounded.

use std::io::{self, ErrorKind, Read};

use super::ReadError;

/// A decompressor's output: at most so many bytes, and with errors that say what is wrong.
pub(super) struct Unpacked<R> {
    inner: R,
    format: &'static str,
    read: u64,
    limit: u64,
}

impl<R: Read> Unpacked<R> {
    /// Bounds `inner`, which unpacks `format`, to `limit` bytes.
    pub(super) fn new(inner: R, format: &'static str, limit: u64) -> Self {
        Self {
            inner,
            format,
            read: 0,
            limit,
        }
    }

    fn explained(&self, error: io::Error) -> io::Error {
        let is_explained = matches!(error.get_ref(), Some(inner) if inner.is::<ReadError>());
        // Failures of the disk come through the decompressor as they are.
        if is_explained || error.raw_os_error().is_some() {
            return error;
        }
        let (format, unpacked) = (self.format, self.read);
        match error.kind() {
            ErrorKind::UnexpectedEof => ReadError::Truncated { format, unpacked }.into(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::Other => {
                let why = error.to_string();
                let damaged = ReadError::Damaged {
                    format,
                    why,
                    unpacked,
                };
                damaged.into()
            }
            _ => error,
        }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.limit - self.read).unwrap_or(usize::MAX);
        if left == 0 && !buffer.is_empty() {
            // Only one more byte tells an input that is as large as may be from a larger one.
            return match self.inner.read(&mut [0]) {
                Ok(0) => Ok(0),
                Ok(_) => Err(ReadError::TooMuch { limit: self.limit }.into()),
                Err(error) => Err(self.explained(error)),
            };
        }
        let len = buffer.len().min(left);
        match self.inner.read(&mut buffer[..len]) {
            Ok(read) => {
                self.read += read as u64;
                Ok(read)
            }
            Err(error) => Err(self.explained(error)),
        }
    }
}

/// Reads to the end, but no more than `limit` bytes.
pub(super) fn read_whole(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { limit }.into());
    }
    Ok(bytes)
}
