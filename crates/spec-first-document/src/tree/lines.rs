//! Converts byte offsets to lines and columns in time independent of the line length.

use crate::Position;

/// The column is recorded every this many bytes, because minified JSON can be one very long line.
const BLOCK: usize = 1024;

#[derive(Debug)]
pub(super) struct Lines {
    /// The byte offset of each line.
    starts: Vec<u32>,
    /// The zero-based column at the start of each block.
    columns: Vec<u32>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let mut starts = vec![0];
        let mut columns = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut column = 0;
        for (index, block) in text.as_bytes().chunks(BLOCK).enumerate() {
            columns.push(column);
            let mut rest = 0;
            for line_end in memchr::memchr_iter(b'\n', block) {
                rest = line_end + 1;
                column = 0;
                starts.push(u32::try_from(index * BLOCK + rest).unwrap_or(u32::MAX));
            }
            column += characters(&block[rest..]);
        }
        Self { starts, columns }
    }

    pub(super) fn position(&self, text: &str, offset: usize) -> Position {
        let line = self
            .starts
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let line_start = self.starts[line - 1] as usize;
        let block = offset / BLOCK;
        let (counted, from) = match self.columns.get(block) {
            Some(column) if block * BLOCK > line_start => (*column, block * BLOCK),
            _ => (0, line_start),
        };
        let rest = text.as_bytes().get(from..offset).unwrap_or_default();
        Position {
            line: line as u64,
            column: u64::from(counted + characters(rest)) + 1,
            offset,
        }
    }
}

/// The number of characters that begin in a part of a text.
fn characters(bytes: &[u8]) -> u32 {
    let is_continuation = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
    bytes
        .iter()
        .map(|byte| u32::from(!is_continuation(*byte)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_on_short_and_long_lines() {
        let text = format!("a\n{}é{}\nb\n", "x".repeat(1500), "ü".repeat(2000));
        let lines = Lines::of(&text);
        let (mut line, mut column) = (1, 1);
        for (offset, character) in text.char_indices() {
            let position = lines.position(&text, offset);
            assert_eq!((position.line, position.column), (line, column), "{offset}");
            if character == '\n' {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
    }
}
