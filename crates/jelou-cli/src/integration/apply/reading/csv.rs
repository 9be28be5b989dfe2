//! Reads rows of CSV (RFC 4180) with a header, as written by programs and spreadsheets.

use std::io::{BufRead, Chain, Cursor, Read};
use std::mem;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::limited::Limited;
use super::{End, Item, ROW_LIMIT, ReadOptions, item, not_utf8, too_long};
use crate::integration::apply::field::Field;
use crate::integration::apply::row::{Place, Problem, Row};

/// The separators that can be detected.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The header, which has already been read, followed by the rest.
type Text<R> = Chain<Cursor<Vec<u8>>, R>;

pub(in crate::integration::apply) struct Rows<R> {
    reader: Reader<Limited<Text<R>>>,
    delimiter: u8,
    /// The field in each column; `None` for an ignored column.
    columns: Vec<Option<Field>>,
    /// The names of ignored columns.
    pub(super) ignored: Vec<String>,
    record: ByteRecord,
    /// The positions of the fields in the current record.
    places: Vec<Place>,
    /// The first line of the next record, including empty lines before it.
    line: u64,
    /// The last line of the current record.
    last_line: u64,
    /// The byte before the next record.
    previous: u8,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn open(mut input: R, options: ReadOptions) -> Result<Self, End> {
        let mut line = 1;
        let mut header = read_line(&mut input)?;
        // A `sep=;` line, which tells spreadsheets the separator.
        let told = separator_of(&header);
        if told.is_some() {
            line += 1;
            header = read_line(&mut input)?;
        }
        let delimiter = options.delimiter.or(told);
        let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&header));
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Limited::new(Cursor::new(header).chain(input)));
        let mut rows = Self {
            reader,
            delimiter,
            columns: Vec::new(),
            ignored: Vec::new(),
            record: ByteRecord::new(),
            places: Vec::new(),
            line,
            last_line: line,
            previous: b'\n',
        };
        if !rows.read()? {
            return Err(rows.wrong_header(0, "missing header; the first line must name the columns, such as `projectId,webhookUrl`"));
        }
        if rows.record.as_slice().contains(&0) {
            return Err(rows.wrong_header(0, "there are NUL characters in the header, as in UTF-16 without a byte order mark; save the file as UTF-8, or give `--encoding utf-16le`"));
        }
        if rows.last_line > rows.places[0].line {
            let reason = format!(
                "the header spans lines {} to {}; is a quote not closed?",
                rows.places[0].line, rows.last_line
            );
            return Err(rows.wrong_header(0, reason));
        }
        rows.read_header(options.ignores_unknown)?;
        Ok(rows)
    }

    fn read_header(&mut self, ignores_unknown: bool) -> Result<(), End> {
        let is_known = |name: &[u8]| Field::parse(&String::from_utf8_lossy(name)).is_ok();
        let is_header = self.record.iter().any(is_known);
        for (index, bytes) in self.record.iter().enumerate() {
            let name = String::from_utf8_lossy(bytes);
            let column = match Field::parse(&name) {
                // Spreadsheets keep the separators of emptied columns.
                _ if name.is_empty() => None,
                Ok(field) => Some(field),
                Err(_) if ignores_unknown => {
                    self.ignored.push(name.to_string());
                    None
                }
                Err(reason) => {
                    let reason = match str::from_utf8(bytes) {
                        Err(_) => format!("in the header, {}", not_utf8(bytes)),
                        Ok(_) if !is_header => {
                            format!("{reason} (the first line names the columns)")
                        }
                        Ok(_) => format!("{reason} (`--ignore-unknown-columns` skips the column)"),
                    };
                    return Err(self.wrong_header(index, reason));
                }
            };
            if column.is_some() && self.columns.contains(&column) {
                let reason = format!("duplicate column `{name}`");
                return Err(self.wrong_header(index, reason));
            }
            self.columns.push(column);
        }
        if !self.columns.contains(&Some(Field::ProjectId)) {
            return Err(self.wrong_header(0, "the header has no column `projectId`"));
        }
        Ok(())
    }

    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        loop {
            if !self.read()? {
                return Ok(None);
            }
            // Spreadsheets also write the separators of empty rows.
            if !self.record.iter().all(<[u8]>::is_empty) {
                return Ok(Some(self.row()));
            }
        }
    }

    fn row(&self) -> Item {
        let begin = self.places[0];
        if self.last_line > begin.line {
            // An unclosed quote swallows the following rows.
            let reason = format!(
                "this row spans lines {} to {}; is a quote not closed? Values cannot contain line breaks",
                begin.line, self.last_line
            );
            let problem = Problem::new(begin, reason);
            return Err(vec![Problem {
                hides_rows: true,
                ..problem
            }]);
        }
        let (found, expected) = (self.record.len(), self.columns.len());
        let surplus = self.record.iter().skip(expected);
        if found < expected || !surplus.clone().all(<[u8]>::is_empty) {
            let values = match found {
                1 => "there is 1 value".to_owned(),
                _ => format!("there are {found} values"),
            };
            let columns = match expected {
                1 => "1 column".to_owned(),
                _ => format!("{expected} columns"),
            };
            let reason = format!("{values}, but the header names {columns}");
            return Err(vec![Problem::new(begin, reason)]);
        }
        let mut row = Row::new(begin);
        let mut problems = Vec::new();
        for ((value, column), place) in self.record.iter().zip(&self.columns).zip(&self.places) {
            let Some(field) = column.filter(|_| !value.is_empty()) else {
                continue;
            };
            let set = match str::from_utf8(value) {
                Ok(text) => row.set(field, text.to_owned(), *place),
                Err(_) => Err(Problem::new(
                    *place,
                    format!("in `{}`, {}", field.name(), not_utf8(value)),
                )),
            };
            problems.extend(set.err());
        }
        item(row, problems)
    }

    /// Reads the next record and the positions of its fields; returns `false` at the end.
    fn read(&mut self) -> Result<bool, End> {
        let is_read = self.reader.read_byte_record(&mut self.record);
        if self.reader.get_ref().is_exceeded {
            let place = Place {
                line: self.line,
                column: 1,
            };
            return Err(End::Text(Problem::new(
                place,
                format!("{}; is a quote not closed?", too_long()),
            )));
        }
        let is_read = is_read.map_err(|error| End::System(error.into()))?;
        let end = self.reader.position().byte();
        let raw = self.reader.get_ref().until(end);
        let (line, previous) = (self.line, self.previous);
        self.line = find_fields(raw, self.delimiter, line, previous, &mut self.places);
        self.previous = raw.last().copied().unwrap_or(previous);
        self.last_line = self.line - u64::from(is_line_end(self.previous));
        self.reader.get_mut().forget_until(end);
        Ok(is_read)
    }

    fn wrong_header(&self, column: usize, reason: impl Into<String>) -> End {
        let first = Place { line: 1, column: 1 };
        let place = self.places.get(column).copied().unwrap_or(first);
        End::Text(Problem::new(place, reason))
    }
}

/// Reads the first non-empty line, including empty lines before it.
fn read_line(input: &mut impl BufRead) -> Result<Vec<u8>, End> {
    let mut text = Vec::new();
    while (text.len() as u64) <= ROW_LIMIT {
        let buffer = input.fill_buf().map_err(End::System)?;
        let end = buffer.iter().position(|byte| is_line_end(*byte));
        let length = end.map_or(buffer.len(), |end| end + 1);
        if length == 0 {
            break;
        }
        text.extend_from_slice(&buffer[..length]);
        input.consume(length);
        if end.is_some() && !text.trim_ascii().is_empty() {
            // Consume the line feed of a CRLF.
            if text.ends_with(b"\r")
                && input.fill_buf().map_err(End::System)?.first() == Some(&b'\n')
            {
                text.push(b'\n');
                input.consume(1);
            }
            break;
        }
    }
    Ok(text)
}

/// Lines end with a line feed, a carriage return (classic Mac OS), or both.
fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// The separator in a line such as `sep=;`.
fn separator_of(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] => Some(*separator),
        // Trimming has removed a tab.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'='] if line.contains(&b'\t') => Some(b'\t'),
        _ => None,
    }
}

/// The separator that yields the most known field names in the header; a comma if there are none.
fn delimiter_of(header: &[u8]) -> u8 {
    let names = |delimiter: &u8| {
        let columns = header.trim_ascii().split(move |byte| byte == delimiter);
        let names = columns.filter_map(|column| str::from_utf8(column).ok());
        let known = names.filter(|name| Field::parse(name.trim_matches('"')).is_ok());
        known.count()
    };
    // `max_by_key` returns the last maximum, so the reversed order prefers the comma.
    let best = DELIMITERS.into_iter().rev().max_by_key(names);
    best.unwrap_or(b',')
}

/// Finds the start of each field of the record in `raw`. The record starts on `line`, after the byte `previous`. Returns the line
/// after the record.
fn find_fields(
    raw: &[u8],
    delimiter: u8,
    mut line: u64,
    mut previous: u8,
    places: &mut Vec<Place>,
) -> u64 {
    places.clear();
    let (mut column, mut begins) = (1, true);
    // Quotes are significant only in a field that starts with one.
    let (mut has_quotes, mut is_quoted) = (false, false);
    for &byte in raw {
        if mem::take(&mut begins) {
            // Skip the line end of the previous record, and empty lines.
            begins = is_line_end(byte) && places.is_empty();
            if !begins {
                places.push(Place { line, column });
                (has_quotes, is_quoted) = (byte == b'"', false);
            }
        }
        match byte {
            b'"' if has_quotes => is_quoted = !is_quoted,
            _ if byte == delimiter && !is_quoted => begins = true,
            _ => {}
        }
        if is_line_end(byte) {
            let is_second_half = byte == b'\n' && previous == b'\r';
            (line, column) = (line + u64::from(!is_second_half), 1);
        } else if byte & 0xC0 != 0x80 {
            // UTF-8 continuation bytes do not start a new character.
            column += 1;
        }
        previous = byte;
    }
    if begins && !places.is_empty() {
        places.push(Place { line, column });
    }
    line
}
