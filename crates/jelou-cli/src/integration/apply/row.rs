//! A row as it was read: texts, each with its place. Knows no format, and checks nothing.

use std::fmt;

use super::field::Field;

/// A position in the input; both numbers start at 1, and the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// What one row says.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it begins.
    pub(super) place: Place,
    cells: [Option<Cell>; Field::COUNT],
}

#[derive(Clone, Debug)]
struct Cell {
    text: String,
    place: Place,
}

/// Why a row, or all of the input, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) reason: String,
    /// Whether the row may hide other rows, so that it must not be skipped.
    pub(super) hides_rows: bool,
}

impl Row {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            cells: Default::default(),
        }
    }

    /// Puts `text` into `field`.
    ///
    /// # Errors
    /// There is already a value.
    pub(super) fn set(&mut self, field: Field, text: String, place: Place) -> Result<(), Problem> {
        let cell = &mut self.cells[field as usize];
        if cell.is_some() {
            return Err(Problem::new(
                place,
                format!("duplicate field `{}`", field.name()),
            ));
        }
        *cell = Some(Cell { text, place });
        Ok(())
    }

    pub(super) fn get(&self, field: Field) -> Option<&str> {
        self.cells[field as usize]
            .as_ref()
            .map(|cell| cell.text.as_str())
    }

    /// The position of `field`, or the start of the row if the field is absent.
    pub(super) fn place_of(&self, field: Field) -> Place {
        self.cells[field as usize]
            .as_ref()
            .map_or(self.place, |cell| cell.place)
    }

    /// That something is wrong with `field`.
    pub(super) fn problem(&self, field: Field, reason: impl Into<String>) -> Problem {
        Problem::new(self.place_of(field), reason)
    }
}

impl Problem {
    pub(super) fn new(place: Place, reason: impl Into<String>) -> Self {
        Self {
            place,
            reason: reason.into(),
            hides_rows: false,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place: Place { line, column },
            reason,
            ..
        } = self;
        write!(formatter, "{line}:{column}: {reason}")
    }
}
