//! Rows of CSV (RFC 4180), with a header.

use std::io::BufRead;
use std::mem;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::limited::Limited;
use super::{End, Item, item, too_long};
use crate::integration::apply::field::Field;
use crate::integration::apply::row::{Place, Problem, Row};

pub(in crate::integration::apply) struct Rows<R> {
    reader: Reader<Limited<R>>,
    columns: Vec<Field>,
    record: ByteRecord,
    /// Where the fields of the record stand.
    places: Vec<Place>,
    /// Where the next record begins, its empty lines included.
    line: u64,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn open(input: R) -> Result<Self, End> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Limited::new(input));
        let mut rows = Self {
            reader,
            columns: Vec::new(),
            record: ByteRecord::new(),
            places: Vec::new(),
            line: 1,
        };
        if !rows.read()? {
            return Err(rows.wrong_header(0, "there is no header; the first line names the columns, such as `projectId,webhookUrl`"));
        }
        for (index, name) in rows.record.iter().enumerate() {
            let name = String::from_utf8_lossy(name);
            let field = Field::parse(&name).map_err(|reason| rows.wrong_header(index, reason))?;
            if rows.columns.contains(&field) {
                let reason = format!("the column `{name}` stands there twice");
                return Err(rows.wrong_header(index, reason));
            }
            rows.columns.push(field);
        }
        if !rows.columns.contains(&Field::ProjectId) {
            return Err(rows.wrong_header(0, "the header has no column `projectId`"));
        }
        Ok(rows)
    }

    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        if !self.read()? {
            return Ok(None);
        }
        let begin = self.places[0];
        let (found, expected) = (self.record.len(), self.columns.len());
        if found != expected {
            let reason = format!("there are {found} values, the header names {expected} columns");
            return Ok(Some(Err(vec![Problem::new(begin, reason)])));
        }
        let mut row = Row::new(begin);
        let mut problems = Vec::new();
        for ((value, field), place) in self.record.iter().zip(&self.columns).zip(&self.places) {
            if value.is_empty() {
                continue;
            }
            let set = match str::from_utf8(value) {
                Ok(text) => row.set(*field, text.to_owned(), *place),
                Err(_) => Err(Problem::new(
                    *place,
                    format!("`{}` is not valid UTF-8", field.name()),
                )),
            };
            problems.extend(set.err());
        }
        Ok(Some(item(row, problems)))
    }

    /// Reads the next record and where its fields stand; `false` at the end.
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
        self.line = find_fields(raw, self.line, &mut self.places);
        self.reader.get_mut().forget_until(end);
        Ok(is_read)
    }

    fn wrong_header(&self, column: usize, reason: impl Into<String>) -> End {
        let first = Place { line: 1, column: 1 };
        let place = self.places.get(column).copied().unwrap_or(first);
        End::Text(Problem::new(place, reason))
    }
}

/// Notes where the fields of the record in `raw` begin, the first line of which is `line`; returns the line after it.
fn find_fields(raw: &[u8], mut line: u64, places: &mut Vec<Place>) -> u64 {
    places.clear();
    let (mut column, mut begins) = (1, true);
    // A quote means something only in a field that begins with one.
    let (mut has_quotes, mut is_quoted) = (false, false);
    for &byte in raw {
        if mem::take(&mut begins) {
            // What is left of the record before, and empty lines.
            begins = matches!(byte, b'\r' | b'\n') && places.is_empty();
            if !begins {
                places.push(Place { line, column });
                (has_quotes, is_quoted) = (byte == b'"', false);
            }
        }
        match byte {
            b'"' if has_quotes => is_quoted = !is_quoted,
            b',' if !is_quoted => begins = true,
            _ => {}
        }
        if byte == b'\n' {
            (line, column) = (line + 1, 1);
        } else if byte & 0xC0 != 0x80 {
            // Each character but for its continuation bytes in UTF-8.
            column += 1;
        }
    }
    if begins && !places.is_empty() {
        places.push(Place { line, column });
    }
    line
}
