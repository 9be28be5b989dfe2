//! The rows that are still to be sent, read out of the input a second time.

use roaring::RoaringBitmap;

use super::attempt::Task;
use super::credentials::Clients;
use super::input::{Digest, DigestState, Input, Text};
use super::reading::Rows;
use super::row::Row;
use super::update::Update;
use super::validation;
use crate::failure::{Exit, Failure};

/// What is neither invalid nor applied, in the order of the input.
pub(super) struct Remaining<'a> {
    name: &'a str,
    rows: Rows<Text>,
    state: DigestState,
    digest: &'a Digest,
    clients: &'a mut Clients,
    invalid: &'a RoaringBitmap,
    applied: &'a RoaringBitmap,
    number: u32,
}

impl<'a> Remaining<'a> {
    /// Reads `input` again, whose text had `digest`.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub(super) fn open(
        input: &'a Input,
        digest: &'a Digest,
        clients: &'a mut Clients,
        invalid: &'a RoaringBitmap,
        applied: &'a RoaringBitmap,
    ) -> Result<Self, Failure> {
        let (text, state) = input.read()?;
        let rows = Rows::open(input.format, input.csv, text).map_err(|_| changed(&input.name))?;
        Ok(Self {
            name: &input.name,
            rows,
            state,
            digest,
            clients,
            invalid,
            applied,
            number: 0,
        })
    }

    /// The first rows that are to be sent, at most `count`.
    ///
    /// # Errors
    /// As of [`Remaining::next`].
    pub(super) fn first(mut self, count: usize) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::with_capacity(count);
        while rows.len() < count
            && let Some(task) = self.next()?
        {
            rows.push(task.row);
        }
        Ok(rows)
    }

    /// The next row that is to be sent.
    ///
    /// # Errors
    /// The input is not what it was when it was validated.
    pub(super) fn next(&mut self) -> Result<Option<Task>, Failure> {
        loop {
            let item = self
                .rows
                .next()
                .map_err(|end| validation::broken(self.name, end))?;
            let Some(item) = item else {
                return match self.state.digest() == *self.digest {
                    true => Ok(None),
                    false => Err(changed(self.name)),
                };
            };
            let number = self.number;
            self.number = number.saturating_add(1);
            if self.invalid.contains(number) || self.applied.contains(number) {
                continue;
            }
            let Ok(row) = item else {
                return Err(changed(self.name));
            };
            let update = Update::check(&row).map_err(|_| changed(self.name))?;
            let client = self.clients.get(&update.credentials, &row)?;
            return Ok(Some(Task {
                number,
                client: client.map_err(|_| changed(self.name))?,
                row,
                update,
            }));
        }
    }
}

/// That the input is not what it was when it was validated.
pub(super) fn changed(name: &str) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("`{name}` was changed while its rows were sent"),
        "run the same command again: it sends only what has not succeeded",
    )
}
