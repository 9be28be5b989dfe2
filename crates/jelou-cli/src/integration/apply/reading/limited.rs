//! Buffers what a parser has read since the last row, up to the row size limit.

use std::io::{self, Read};

use super::ROW_LIMIT;

/// A reader that keeps the bytes read until it is told to forget them.
pub(super) struct Limited<R> {
    input: R,
    /// The bytes read and not yet forgotten.
    kept: Vec<u8>,
    /// Number of bytes forgotten.
    forgotten: u64,
    pub(super) is_exceeded: bool,
}

impl<R: Read> Limited<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            kept: Vec::new(),
            forgotten: 0,
            is_exceeded: false,
        }
    }

    /// The kept bytes up to `end`, an offset from the start of the input.
    pub(super) fn until(&self, end: u64) -> &[u8] {
        let length = end.saturating_sub(self.forgotten) as usize;
        &self.kept[..length.min(self.kept.len())]
    }

    /// Forgets all bytes before `end`.
    pub(super) fn forget_until(&mut self, end: u64) {
        let length = self.until(end).len();
        self.kept.drain(..length);
        self.forgotten += length as u64;
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.kept.len() as u64 > ROW_LIMIT {
            self.is_exceeded = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let length = self.input.read(buffer)?;
        self.kept.extend_from_slice(&buffer[..length]);
        Ok(length)
    }
}
