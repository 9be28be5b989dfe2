//! Finds the rows of the input in the journal of an earlier run, even if they have moved within the file.
//!
//! A project is in one row only, so it says which row is which. Journal and input are sorted by project on disk and compared side
//! by side, in memory that does not grow with either.

use std::io;

use roaring::RoaringBitmap;

use super::field::Field;
use super::input::Input;
use super::journal::{Event, Found, Record};
use super::reading::Rows;
use super::remaining;
use super::report;
use super::row::Row;
use super::sorting::{self, Sorter, number};
use super::validation::{self, Validated};
use crate::failure::{Exit, Failure};
use crate::output;

/// What an earlier run left behind.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The rows that were applied as they are now.
    pub(super) applied: RoaringBitmap,
    /// The rows that may have been applied: those that were sent and got no answer, or one that leaves it open.
    pub(super) in_doubt: RoaringBitmap,
    /// How many records cannot be read.
    pub(super) damaged: u64,
    /// Whether there was an earlier run.
    pub(super) is_any: bool,
    /// The rows that were applied with other values.
    changed: RoaringBitmap,
    missing: Missing,
}

/// The rows that were applied and whose projects are not in the input.
#[derive(Debug, Default)]
struct Missing {
    count: u64,
    /// The line of the first of them.
    line: u32,
}

/// The project, what it is, its order among those of the same project, the digest of the values, a line, and an event.
const LENGTH: usize = 8 + 1 + 8 + 8 + 4 + 1;

/// An event, before all rows of the project.
const EVENT: u8 = 0;

/// A row that can be sent, before those that cannot.
const VALID: u8 = 1;
const INVALID: u8 = 2;

impl Earlier {
    /// Looks for the rows of `input` in the journal that was found.
    ///
    /// # Errors
    /// Something cannot be read, or temporary files cannot be written.
    pub(super) fn look(
        found: &mut Found,
        input: &Input,
        validated: &Validated,
    ) -> Result<Self, Failure> {
        let mut earlier = Self::default();
        let mut sorter = Sorter::<LENGTH>::new();
        let mut add = |kind, order: u64, Record { row, event }: Record| {
            let mut record = [0; LENGTH];
            record[..8].copy_from_slice(&row.project.to_be_bytes());
            record[8] = kind;
            record[9..17].copy_from_slice(&order.to_be_bytes());
            record[17..25].copy_from_slice(&row.values.to_be_bytes());
            record[25..29].copy_from_slice(&row.line.to_be_bytes());
            record[29] = event.number();
            sorter.add(record).map_err(|error| no_room(&error))
        };
        let mut order = 0;
        let read = found.read(|record| {
            order += 1;
            add(EVENT, order, record)
        })?;
        let Some((fingerprinter, damaged)) = read else {
            return Ok(earlier);
        };
        // A run may have ended before it sent anything.
        (earlier.is_any, earlier.damaged) = (order + damaged > 0, damaged);
        read_rows(input, validated, |index, row| {
            let kind = match validated.invalid.contains(index) {
                true => INVALID,
                false => VALID,
            };
            let row = fingerprinter.take(row);
            let event = Event::Sent;
            add(kind, index.into(), Record { row, event }).map(|()| true)
        })?;

        let mut project = Project::default();
        let sorted = sorter.sort(|record| {
            if project.is_any && record[..8] != project.digest {
                earlier.take(std::mem::take(&mut project));
            }
            project.add(&record);
        });
        sorted.map_err(|error| no_room(&error))?;
        earlier.take(project);
        Ok(earlier)
    }

    /// Takes down what is known of a project.
    fn take(&mut self, project: Project) {
        let is_row = project.row.is_some() || project.is_invalid;
        match (project.applied, project.row) {
            (Some((_, line)), None) if !is_row => {
                self.missing.line = match self.missing.count {
                    0 => line,
                    _ => line.min(self.missing.line),
                };
                self.missing.count += 1;
            }
            (Some((values, _)), Some((row, now))) => {
                _ = match values == now {
                    true => self.applied.insert(row),
                    false => self.changed.insert(row),
                }
            }
            (None, Some((row, _))) if project.is_in_doubt => _ = self.in_doubt.insert(row),
            _ => {}
        }
    }

    /// Whether a row that was applied is not as it was.
    pub(super) fn contradicts(&self) -> bool {
        self.missing.count > 0 || !self.changed.is_empty()
    }

    /// Checks that every row that was applied is as it was.
    ///
    /// # Errors
    /// One is not; the text names the first.
    pub(super) fn check(&self, input: &Input, validated: &Validated) -> Result<(), Failure> {
        const HINT: &str = "nothing was sent; only rows that were not applied may change: undo the change to go on, put new values for these projects into another file, or give `--restart` to send every row of this one";
        let name = &input.name;
        let error = if let Some(first) = self.changed.min() {
            let row = describe(input, validated, |index, _| index == first)?;
            let count = self.changed.len();
            let (rows, others) = (report::count(count, "row"), others(count));
            format!(
                "{rows} of `{name}` changed after an earlier run applied {}: {row}{others}",
                match count {
                    1 => "it",
                    _ => "them",
                }
            )
        } else if self.missing.count > 0 {
            let Missing { count, line } = self.missing;
            let is_there = |_, row: &Row| row.place.line == u64::from(line);
            let now = match describe(input, validated, is_there)? {
                row if row.is_empty() => row,
                row => format!(", where {row} is now"),
            };
            let (rows, others) = (report::count(count, "row"), others(count));
            let verb = match count {
                1 => "is",
                _ => "are",
            };
            format!(
                "{rows} that an earlier run applied {verb} missing from `{name}`: the one on line {line}{now}{others}"
            )
        } else {
            return Ok(());
        };
        Err(Failure::usage(error, HINT))
    }
}

/// What the journal and the input know of a project.
#[derive(Default)]
struct Project {
    is_any: bool,
    digest: [u8; 8],
    /// The values that were applied, and from which line.
    applied: Option<(u64, u32)>,
    is_in_doubt: bool,
    /// The row that can be sent, and its values.
    row: Option<(u32, u64)>,
    /// Whether there is a row that cannot be sent.
    is_invalid: bool,
}

impl Project {
    fn add(&mut self, record: &sorting::Record<LENGTH>) {
        self.is_any = true;
        self.digest.copy_from_slice(&record[..8]);
        let values = number(&record[17..25]);
        match record[8] {
            VALID => self.row = Some((number(&record[9..17]) as u32, values)),
            INVALID => self.is_invalid = true,
            _ => match Event::of_number(record[29]) {
                Some(Event::Sent | Event::Unclear) => self.is_in_doubt = true,
                Some(Event::Refused) | None => self.is_in_doubt = false,
                Some(Event::Applied) => {
                    self.is_in_doubt = false;
                    self.applied = Some((values, number(&record[25..29]) as u32));
                }
            },
        }
    }
}

/// Hands the rows of `input` that can be read to `found`, until it returns `false`.
fn read_rows(
    input: &Input,
    validated: &Validated,
    mut found: impl FnMut(u32, &Row) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let (text, state) = input.read()?;
    let broken = |end| validation::broken(&input.name, end);
    let mut rows = Rows::open(input.format, input.csv, text).map_err(broken)?;
    let mut index = 0;
    while let Some(item) = rows.next().map_err(broken)? {
        if let Ok(row) = item
            && !found(index, &row)?
        {
            return Ok(());
        }
        index += 1;
    }
    match state.digest() == validated.digest {
        true => Ok(()),
        false => Err(remaining::changed(&input.name)),
    }
}

/// The first row that `is_wanted`, as people are told of it; empty if there is none.
fn describe(
    input: &Input,
    validated: &Validated,
    is_wanted: impl Fn(u32, &Row) -> bool,
) -> Result<String, Failure> {
    let mut described = String::new();
    read_rows(input, validated, |index, row| {
        let is_wanted = is_wanted(index, row);
        if is_wanted {
            described = format!(
                "row {} (line {}, project `{}`)",
                u64::from(index) + 1,
                row.place.line,
                output::escape(row.get(Field::ProjectId).unwrap_or_default())
            );
        }
        Ok(!is_wanted)
    })?;
    Ok(described)
}

/// That there are more than the first of `count`.
fn others(count: u64) -> String {
    match count {
        1 => String::new(),
        count => format!(", and {} more", count - 1),
    }
}

fn no_room(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        "not enough disk space to compare the rows with the journal",
        "nothing was sent; free space in the folder for temporary files, or name another one in `TMPDIR`",
    )
    .caused_by(Some(error))
}
