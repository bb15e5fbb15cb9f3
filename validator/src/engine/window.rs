//! The part of a file that is in memory.

use std::io::{self, ErrorKind, Read};

use super::sink::EXCERPT;
use crate::json::PADDING;

/// How many bytes are read ahead, unless a single value is longer.
pub(super) const WINDOW: usize = 384 * 1024;

/// The longest value that is read in one piece: places in it are counted in 32 bits.
const LONGEST: usize = 1 << 30;

/// Bytes that were read and not given up yet, followed by [`PADDING`].
#[derive(Debug)]
pub(super) struct Window {
    /// Everything behind `end` is zero for at least [`PADDING`] bytes.
    buffer: Vec<u8>,
    /// Before it, all is given up.
    start: usize,
    end: usize,
    /// How many bytes are read ahead, unless a single value is longer.
    size: usize,
    /// The file ends where the window does.
    is_last: bool,
    /// Why no more can be read than is in the window; the next filling gives it out.
    failure: Option<io::Error>,
}

impl Window {
    /// An empty window of `size` bytes.
    pub(super) fn new(size: usize) -> Self {
        Self {
            buffer: vec![0; size + PADDING],
            start: 0,
            end: 0,
            size,
            is_last: false,
            failure: None,
        }
    }

    /// Gives up everything before `at` together with the buffer that holds it, and goes on in
    /// `spare`. What is behind `at` is in both.
    pub(super) fn hand_over(&mut self, at: usize, mut spare: Vec<u8>) -> Vec<u8> {
        let at = at.clamp(self.start, self.end);
        let from = at.saturating_sub(EXCERPT);
        let kept = self.buffer.get(from..self.end).unwrap_or_default();
        let length = kept.len();
        if spare.len() < length.max(self.size) + PADDING {
            spare.resize(length.max(self.size) + PADDING, 0);
        }
        if let Some(front) = spare.get_mut(..length) {
            front.copy_from_slice(kept);
        }
        if let Some(padding) = spare.get_mut(length..length + PADDING) {
            padding.fill(0);
        }
        self.start = at - from;
        self.end = length;
        std::mem::replace(&mut self.buffer, spare)
    }

    /// Takes text back that stands before what is left; of that, `start` bytes were given up.
    pub(super) fn put_back(&mut self, mut text: Vec<u8>, start: usize) {
        text.extend_from_slice(self.rest());
        self.end = text.len();
        self.start = start;
        text.resize(self.end.max(self.size) + PADDING, 0);
        self.buffer = text;
    }

    /// The whole buffer with its padding: offsets count from its start.
    ///
    /// What stands before [`start`](Self::start) was given up, and is still what the file has there.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// The same without the padding.
    pub(super) fn text(&self) -> &[u8] {
        self.buffer.get(..self.end).unwrap_or_default()
    }

    /// What is still there to be read.
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Up to where values are looked for: what is shown behind them must be in the window too.
    pub(super) fn sure_end(&self) -> usize {
        if self.is_last || self.has_failed() {
            self.end
        } else {
            self.end.saturating_sub(EXCERPT).max(self.start)
        }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether reading has failed behind the window.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Keeps why no more can be read than there is.
    pub(super) fn fail(&mut self, failure: io::Error) {
        self.failure = Some(failure);
    }

    /// Gives up everything before `at`.
    pub(super) fn give_up_to(&mut self, at: usize) {
        self.start = at.clamp(self.start, self.end);
    }

    /// Reads on: moves what is left to the front and fills the rest. What is left is a value that
    /// goes on: the window grows if it takes most of it, and shrinks when it was given up.
    ///
    /// A failure of the reader is given out by the next call, so that what was read before it can
    /// be checked.
    pub(super) fn fill(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let kept = self.start.min(EXCERPT);
        let dropped = self.start - kept;
        self.buffer.copy_within(dropped..self.end, 0);
        self.end -= dropped;
        self.start = kept;
        // Reading little at a time costs as much as growing.
        let capacity = if self.end <= self.size / 4 * 3 {
            self.size
        } else {
            self.end.saturating_mul(2)
        };
        if capacity > LONGEST {
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                "a single element is longer than 512 MiB; divide the file",
            ));
        }
        if self.buffer.capacity() > 4 * (capacity + PADDING) {
            self.buffer.truncate(capacity + PADDING);
            self.buffer.shrink_to_fit();
        }
        self.buffer.resize(capacity + PADDING, 0);
        while self.end < capacity && !self.is_last && self.failure.is_none() {
            let room = self.buffer.get_mut(self.end..capacity).unwrap_or_default();
            match reader.read(room) {
                Ok(0) => self.is_last = true,
                Ok(count) => self.end += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.failure = Some(error),
            }
        }
        let end = self.end;
        if let Some(padding) = self.buffer.get_mut(end..end + PADDING) {
            padding.fill(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            self.0 = rest;
            buffer[0] = *first;
            Ok(1)
        }
    }

    #[test]
    fn nothing_is_lost_between_fillings() {
        let text: Vec<u8> = (0..=250).cycle().take(3 * WINDOW).collect();
        let mut reader = Slow(&text);
        let mut window = Window::new(WINDOW);
        let mut seen = Vec::new();
        while !window.is_last() {
            window.fill(&mut reader).expect("slices can be read");
            let rest = window.rest();
            let kept = rest.len().min(1000) * usize::from(!window.is_last());
            seen.extend_from_slice(&rest[..rest.len() - kept]);
            assert!(
                window.bytes()[window.end()..][..PADDING]
                    .iter()
                    .all(|&b| b == 0)
            );
            window.give_up_to(window.end() - kept);
        }
        assert!(seen == text);
    }

    #[test]
    fn a_window_grows_where_nothing_is_given_up() {
        let text = vec![b'x'; 5 * WINDOW];
        let mut reader = text.as_slice();
        let mut window = Window::new(WINDOW);
        while !window.is_last() {
            window.fill(&mut reader).expect("slices can be read");
        }
        assert!(window.rest() == text);
    }
}
