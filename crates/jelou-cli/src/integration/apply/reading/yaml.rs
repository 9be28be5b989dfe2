//! Reads rows of YAML: the mappings in a sequence, or one mapping per document.
//!
//! Uses the events of the parser instead of serde, which would read the whole sequence before returning the first row.

use std::cell::Cell;
use std::io::{self, BufRead};
use std::rc::Rc;

use granit_parser::{
    ErrorKind, Event, FallibleBufferedInput, InputIoError, Marker, Parser, ScalarStyle, ScanError,
};

use super::{End, Item, ROW_LIMIT, item, not_utf8, too_long};
use crate::integration::apply::field::Field;
use crate::integration::apply::row::{Place, Problem, Row};

pub(in crate::integration::apply) struct Rows<R: BufRead> {
    parser: Parser<'static, FallibleBufferedInput<Characters<R>>>,
    /// Number of characters since the last row.
    taken: Rc<Cell<u64>>,
    /// The position of the next character. The parser reads ahead of the events it returns.
    next: Rc<Cell<Place>>,
    is_in_sequence: bool,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn open(input: R) -> Self {
        let taken = Rc::new(Cell::new(0));
        let next = Rc::new(Cell::new(Place { line: 1, column: 1 }));
        let characters = Characters {
            input,
            taken: Rc::clone(&taken),
            next: Rc::clone(&next),
        };
        Self {
            parser: Parser::new_from_fallible_iter(characters),
            taken,
            next,
            is_in_sequence: false,
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        self.taken.set(0);
        loop {
            let Some((event, place)) = self.event()? else {
                return Ok(None);
            };
            match event {
                Event::SequenceStart(..) if !self.is_in_sequence => self.is_in_sequence = true,
                Event::SequenceEnd | Event::DocumentEnd => self.is_in_sequence = false,
                Event::MappingStart(..) => return self.read_row(place).map(Some),
                // An empty document.
                Event::Scalar(text, style, ..) if !self.is_in_sequence && is_null(&text, style) => {
                }
                Event::Scalar(..) | Event::Alias(..) | Event::SequenceStart(..) => {
                    self.pass_over(&event)?;
                    let reason = "a row is a mapping of fields, such as `- projectId: PROJECT_ID`";
                    return Ok(Some(Err(vec![Problem::new(place, reason)])));
                }
                _ => {}
            }
        }
    }

    /// Reads the fields up to the end of the mapping.
    fn read_row(&mut self, begin: Place) -> Result<Item, End> {
        let mut row = Row::new(begin);
        let mut problems = Vec::new();
        while let Some((name, place)) = self.event()? {
            if name == Event::MappingEnd {
                break;
            }
            self.pass_over(&name)?;
            let Some((value, value_place)) = self.event()? else {
                break;
            };
            self.pass_over(&value)?;
            let set = match (field_of(&name), value) {
                (Err(reason), _) => Err(Problem::new(place, reason)),
                (Ok(_), Event::Scalar(text, style, ..)) if is_null(&text, style) => Ok(()),
                (Ok(field), Event::Scalar(text, ..)) => {
                    row.set(field, text.into_owned(), value_place)
                }
                (Ok(field), _) => Err(Problem::new(
                    value_place,
                    format!("`{}` is not text", field.name()),
                )),
            };
            problems.extend(set.err());
        }
        Ok(item(row, problems))
    }

    /// Skips the value that starts with `event`.
    fn pass_over(&mut self, event: &Event<'_>) -> Result<(), End> {
        let mut depth = nesting(event);
        while depth > 0 {
            match self.event()? {
                Some((event, _)) => depth += nesting(&event),
                None => return Ok(()),
            }
        }
        Ok(())
    }

    fn event(&mut self) -> Result<Option<(Event<'static>, Place)>, End> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => Ok(Some((event, place(&span.start)))),
            Some(Err(error)) => Err(end(error, self.next.get())),
        }
    }
}

fn field_of(name: &Event<'_>) -> Result<Field, String> {
    match name {
        Event::Scalar(name, ..) => Field::parse(name),
        _ => Err("the name of a field is text".to_owned()),
    }
}

fn nesting(event: &Event<'_>) -> i64 {
    match event {
        Event::MappingStart(..) | Event::SequenceStart(..) => 1,
        Event::MappingEnd | Event::SequenceEnd => -1,
        _ => 0,
    }
}

fn is_null(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn place(marker: &Marker) -> Place {
    Place {
        line: marker.line() as u64,
        column: marker.col() as u64 + 1,
    }
}

fn end(error: ScanError, next: Place) -> End {
    let place = place(error.marker());
    match error.kind() {
        ErrorKind::InputByteLimitExceeded { .. } => End::Text(Problem::new(place, too_long())),
        ErrorKind::InputIo { .. } => match error.try_into_input_io_error() {
            Ok(error) => End::System(
                error
                    .try_into_io_error()
                    .unwrap_or_else(|error| io::Error::other(error.message().to_owned())),
            ),
            Err(error) => End::System(io::Error::other(error.info())),
        },
        ErrorKind::InputDecoding { message } => End::Text(Problem::new(next, message.clone())),
        _ => End::Text(Problem::new(
            place,
            format!("this is not YAML: {}", error.info()),
        )),
    }
}

/// Decodes the characters of an input lazily.
struct Characters<R> {
    input: R,
    taken: Rc<Cell<u64>>,
    next: Rc<Cell<Place>>,
}

impl<R: BufRead> Iterator for Characters<R> {
    type Item = Result<char, ErrorKind>;

    fn next(&mut self) -> Option<Self::Item> {
        self.taken.set(self.taken.get() + 1);
        if self.taken.get() > ROW_LIMIT {
            return Some(Err(ErrorKind::InputByteLimitExceeded {
                limit: ROW_LIMIT as usize,
            }));
        }
        let character = self.decode();
        if let Ok(Some(character)) = character {
            let Place { line, column } = self.next.get();
            self.next.set(match character {
                '\n' => Place {
                    line: line + 1,
                    column: 1,
                },
                _ => Place {
                    line,
                    column: column + 1,
                },
            });
        }
        character.transpose()
    }
}

impl<R: BufRead> Characters<R> {
    fn decode(&mut self) -> Result<Option<char>, ErrorKind> {
        let Some(first) = self.byte()? else {
            return Ok(None);
        };
        let length = match first {
            0x00..=0x7F => return Ok(Some(char::from(first))),
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return Err(undecodable(&[first])),
        };
        let mut bytes = [first, 0, 0, 0];
        for byte in &mut bytes[1..length] {
            *byte = self.byte()?.ok_or_else(|| undecodable(&[first]))?;
        }
        let text = str::from_utf8(&bytes[..length]).map_err(|_| undecodable(&[first]))?;
        Ok(text.chars().next())
    }

    fn byte(&mut self) -> Result<Option<u8>, ErrorKind> {
        let buffer = self.input.fill_buf().map_err(|error| ErrorKind::InputIo {
            error: InputIoError::from_io(error),
        })?;
        let byte = buffer.first().copied();
        self.input.consume(usize::from(byte.is_some()));
        Ok(byte)
    }
}

fn undecodable(bytes: &[u8]) -> ErrorKind {
    ErrorKind::InputDecoding {
        message: not_utf8(bytes),
    }
}
