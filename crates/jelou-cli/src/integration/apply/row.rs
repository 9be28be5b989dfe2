//! A row as read from the input: text fields with their positions. Independent of the format; does not validate.

use std::fmt;

use super::field::Field;

/// A position in the input. Both numbers start at 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The start of the row.
    pub(super) place: Place,
    cells: [Option<Cell>; Field::COUNT],
}

#[derive(Clone, Debug)]
struct Cell {
    text: String,
    place: Place,
}

/// Why a row, or the whole input, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) place: Place,
    pub(super) reason: String,
    /// Whether the row may have swallowed other rows, so that it cannot be skipped safely.
    pub(super) hides_rows: bool,
}

impl Row {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            cells: Default::default(),
        }
    }

    /// Sets `field` to `text`.
    ///
    /// # Errors
    /// The field already has a value.
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

    /// Sets `field` to `text` if it has no value, at the position of the row.
    pub(super) fn set_default(&mut self, field: Field, text: &str) {
        let place = self.place;
        self.cells[field as usize].get_or_insert_with(|| Cell {
            text: text.to_owned(),
            place,
        });
    }

    pub(super) fn get(&self, field: Field) -> Option<&str> {
        self.cells[field as usize]
            .as_ref()
            .map(|cell| cell.text.as_str())
    }

    /// The position of `field`, or of the row if the field is absent.
    pub(super) fn place_of(&self, field: Field) -> Place {
        self.cells[field as usize]
            .as_ref()
            .map_or(self.place, |cell| cell.place)
    }

    /// Creates a problem at the position of `field`.
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
