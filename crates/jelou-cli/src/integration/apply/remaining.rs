//! Reads the input a second time and returns the rows that still have to be sent.

use roaring::RoaringBitmap;

use super::attempt::Task;
use super::credentials::Clients;
use super::input::{Digest, DigestState, Input, Text};
use super::operation::Operation;
use super::reading::Rows;
use super::row::Row;
use super::validation;
use crate::failure::{Exit, Failure};

/// The rows that are not `done`, in input order.
pub(super) struct Remaining<'a> {
    name: &'a str,
    rows: Rows<Text>,
    state: DigestState,
    digest: &'a Digest,
    clients: &'a mut Clients,
    done: &'a RoaringBitmap,
    in_doubt: &'a RoaringBitmap,
    number: u32,
}

impl<'a> Remaining<'a> {
    /// Opens `input` again; `digest` identifies the text that was validated. The rows that are `done` are skipped; an earlier run got
    /// no clear answer for those `in_doubt`.
    ///
    /// # Errors
    /// The input can no longer be read.
    pub(super) fn open(
        input: &'a Input,
        digest: &'a Digest,
        clients: &'a mut Clients,
        done: &'a RoaringBitmap,
        in_doubt: &'a RoaringBitmap,
    ) -> Result<Self, Failure> {
        let (text, state) = input.read()?;
        let rows = Rows::open(input.format, input.csv, text).map_err(|_| changed(&input.name))?;
        Ok(Self {
            name: &input.name,
            rows,
            state,
            digest,
            clients,
            done,
            in_doubt,
            number: 0,
        })
    }

    /// Returns up to `count` of the first rows to send.
    ///
    /// # Errors
    /// See [`Remaining::next`].
    pub(super) fn first(mut self, count: usize) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::with_capacity(count);
        while rows.len() < count
            && let Some(task) = self.next()?
        {
            rows.push(task.row);
        }
        Ok(rows)
    }

    /// Returns the next row to send.
    ///
    /// # Errors
    /// The input has changed since it was validated.
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
            if self.done.contains(number) {
                continue;
            }
            let Ok(row) = item else {
                return Err(changed(self.name));
            };
            let operation = Operation::check(&row, self.clients.is_local());
            let operation = operation.map_err(|_| changed(self.name))?;
            let client = self.clients.get(&operation.credentials, &row)?;
            return Ok(Some(Task {
                number,
                client: client.map_err(|_| changed(self.name))?,
                row,
                operation,
                is_in_doubt: self.in_doubt.contains(number),
            }));
        }
    }
}

/// The failure if the input has changed since it was validated.
pub(super) fn changed(name: &str) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("`{name}` was changed while its rows were sent"),
        "run the same command again: it sends only what has not succeeded",
    )
}
