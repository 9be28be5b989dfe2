//! Matches the rows of the input with the journal of an earlier run, even if they have moved within the file.
//!
//! A project appears in one row only, so it identifies the row. Journal and input are sorted by project on disk and merged, in
//! bounded memory.

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

/// The results of an earlier run.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// Rows that were applied and have not changed since.
    pub(super) applied: RoaringBitmap,
    /// Rows that may have been applied: they were sent, but the outcome is unknown. Sending them again is safe.
    pub(super) in_doubt: RoaringBitmap,
    /// Rows that may have created an integration: they must not be sent again, so a person has to find out.
    pub(super) unknown: RoaringBitmap,
    /// Number of damaged records in the journal.
    pub(super) damaged: u64,
    /// Whether there was an earlier run.
    pub(super) is_any: bool,
    /// Rows that were applied with other values.
    changed: RoaringBitmap,
    missing: Missing,
}

/// Applied rows whose projects are no longer in the input.
#[derive(Debug, Default)]
struct Missing {
    count: u64,
    /// The line of the first missing row.
    line: u32,
}

/// Project, kind of entry, order within the project, digest of the values, line, and event.
const LENGTH: usize = 8 + 1 + 8 + 8 + 4 + 1;

/// The kind of an event. Events sort before the rows of their project.
const EVENT: u8 = 0;

/// The kind of a valid row. Valid rows sort before invalid ones.
const VALID: u8 = 1;
const INVALID: u8 = 2;

impl Earlier {
    /// Matches the rows of `input` with the journal in `found`.
    ///
    /// # Errors
    /// The journal or the input cannot be read, or temporary files cannot be written.
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
        // A run may end before it sends anything.
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
                earlier.take(std::mem::take(&mut project), &validated.creates);
            }
            project.add(&record);
        });
        sorted.map_err(|error| no_room(&error))?;
        earlier.take(project, &validated.creates);
        Ok(earlier)
    }

    /// Classifies the row of a project.
    fn take(&mut self, project: Project, creates: &RoaringBitmap) {
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
            (None, Some((row, _))) if project.is_doubtful || project.is_pending => {
                let may_have_created =
                    project.may_have_created || project.is_pending && project.is_creating;
                _ = match creates.contains(row) && may_have_created {
                    true => self.unknown.insert(row),
                    false => self.in_doubt.insert(row),
                }
            }
            _ => {}
        }
    }

    /// The unknown rows, for the report.
    ///
    /// # Errors
    /// The input can no longer be read.
    pub(super) fn list_unknown(
        &self,
        input: &Input,
        validated: &Validated,
    ) -> Result<report::Rows, Failure> {
        let mut listed = report::Rows::default();
        read_rows(input, validated, |index, row| {
            if self.unknown.contains(index) {
                listed.add(row);
            }
            Ok(listed.count < self.unknown.len())
        })?;
        Ok(listed)
    }

    /// Whether an applied row was changed or removed.
    pub(super) fn contradicts(&self) -> bool {
        self.missing.count > 0 || !self.changed.is_empty()
    }

    /// Checks that no applied row was changed or removed.
    ///
    /// # Errors
    /// An applied row was changed or removed; the message names the first one.
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

/// What the journal and the input contain about a project.
#[derive(Default)]
struct Project {
    is_any: bool,
    digest: [u8; 8],
    /// The applied values, and the line they came from.
    applied: Option<(u64, u32)>,
    /// Whether an attempt got no clear answer. Later ones that were refused say nothing about it.
    is_doubtful: bool,
    /// Whether the last attempt has no outcome.
    is_pending: bool,
    /// Whether the last attempt was to create an integration.
    is_creating: bool,
    /// Whether such an attempt got no clear answer.
    may_have_created: bool,
    /// The valid row, and its values.
    row: Option<(u32, u64)>,
    /// Whether the project has an invalid row.
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
            _ => {
                let event = Event::of_number(record[29]);
                let is_sent = matches!(event, Some(Event::Sent | Event::SentToCreate));
                if self.is_pending && is_sent || event == Some(Event::Unclear) {
                    self.is_doubtful = true;
                    self.may_have_created |= self.is_creating;
                }
                self.is_pending = is_sent;
                if is_sent {
                    self.is_creating = event == Some(Event::SentToCreate);
                }
                if event == Some(Event::Applied) {
                    (self.is_doubtful, self.may_have_created) = (false, false);
                    self.applied = Some((values, number(&record[25..29]) as u32));
                }
            }
        }
    }
}

/// Passes the readable rows of `input` to `found`, until it returns `false`.
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

/// Describes the first row that `is_wanted`, for messages; empty if there is none.
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

/// Says how many rows there are besides the first.
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
