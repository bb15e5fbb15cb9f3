//! Text that waits for what stands before it: in memory, and in a temporary file once it is long.

use std::{
    io::{self, Read as _, Seek, SeekFrom, Write},
    ops::Range,
};

use tempfile::SpooledTempFile;

/// How many bytes are kept in memory.
const IN_MEMORY: usize = 1 << 20;

/// A text that is written bit by bit, and read in parts later.
#[derive(Debug)]
pub(super) struct Spool {
    text: SpooledTempFile,
    length: u64,
}

impl Spool {
    pub(super) fn new() -> Self {
        Self {
            text: SpooledTempFile::new(IN_MEMORY),
            length: 0,
        }
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Adds to its end; fails where the temporary file cannot be written.
    pub(super) fn push(&mut self, text: &str) -> io::Result<()> {
        self.text.write_all(text.as_bytes())?;
        self.length += text.len() as u64;
        Ok(())
    }

    /// Writes a part of it.
    pub(super) fn copy(&mut self, part: Range<u64>, output: &mut dyn Write) -> io::Result<()> {
        self.text.seek(SeekFrom::Start(part.start))?;
        let length = part.end.saturating_sub(part.start);
        io::copy(&mut (&mut self.text).take(length), output)?;
        self.text.seek(SeekFrom::End(0))?;
        Ok(())
    }

    /// Begins anew.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.text.set_len(0)?;
        self.text.seek(SeekFrom::Start(0))?;
        self.length = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_they_were_written_in_memory_and_beyond() -> io::Result<()> {
        for times in [3, 2 * IN_MEMORY / 10] {
            let mut spool = Spool::new();
            spool.push("lost")?;
            spool.clear()?;
            for number in 0..times {
                spool.push(&format!("{number:9}\n"))?;
            }
            let mut part = Vec::new();
            spool.copy(10..30, &mut part)?;
            spool.push("end")?;
            spool.copy(spool.length() - 3..spool.length(), &mut part)?;
            assert_eq!(part, b"        1\n        2\nend");
            assert_eq!(spool.length(), times as u64 * 10 + 3);
        }
        Ok(())
    }
}
