//! Gzip files of one member or of several, one after another.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// First byte of a member.
const MAGIC: u8 = 0x1f;

/// Unpacks all members of a gzip file.
pub(super) struct Gunzip<R> {
    /// `None` at the end of the last one.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    pub(super) fn new(packed: R) -> Self {
        Self {
            member: Some(GzDecoder::new(packed)),
        }
    }

    /// Goes on to the next member where there is one.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut packed = member.into_inner();
        loop {
            let rest = packed.fill_buf()?;
            match rest.first() {
                None => return Ok(()),
                Some(&MAGIC) => {
                    self.member = Some(GzDecoder::new(packed));
                    return Ok(());
                }
                // Tapes and some programs fill the last block up with zeros.
                Some(0) => {
                    let zeros = rest.iter().take_while(|&&byte| byte == 0).count();
                    packed.consume(zeros);
                }
                Some(_) => {
                    let why = "something else follows after its end";
                    return Err(io::Error::new(ErrorKind::InvalidData, why));
                }
            }
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(member) = &mut self.member {
            match member.read(buffer)? {
                0 => self.next_member()?,
                read => return Ok(read),
            }
        }
        Ok(0)
    }
}
