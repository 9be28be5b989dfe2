//! Finds duplicate projects in a file, in bounded memory.
//!
//! Concurrent updates of one project may arrive in either order, and resending one later may undo the other, so a duplicate is
//! an error. Detection must be exact: a probabilistic filter would reject valid rows.

use std::io;

use twox_hash::XxHash3_128;

use super::row::Place;
use super::sorting::{Record, Sorter, number};

/// A 128-bit digest of the project, so that collisions are negligible; then row, line and column, so that earlier rows sort
/// first.
const LENGTH: usize = 16 + 3 * 8;

/// A row whose project appeared in an earlier row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) row: u32,
    pub(super) place: Place,
    /// The line where the project first appears.
    pub(super) first_line: u64,
}

/// The projects of the rows read so far.
pub(super) struct Projects(Sorter<LENGTH>);

impl Projects {
    pub(super) fn new() -> Self {
        Self(Sorter::new())
    }

    /// Adds the project of a row.
    ///
    /// # Errors
    /// Temporary files cannot be written.
    pub(super) fn add(&mut self, project: &str, row: u32, place: Place) -> io::Result<()> {
        let mut record = [0; LENGTH];
        record[..16].copy_from_slice(&XxHash3_128::oneshot(project.as_bytes()).to_be_bytes());
        for (part, number) in
            record[16..]
                .chunks_exact_mut(8)
                .zip([row.into(), place.line, place.column])
        {
            part.copy_from_slice(&number.to_be_bytes());
        }
        self.0.add(record)
    }

    /// Passes every duplicate to `found`; the rows of one project come in input order.
    ///
    /// # Errors
    /// The temporary file cannot be read or written.
    pub(super) fn find(self, mut found: impl FnMut(Duplicate)) -> io::Result<()> {
        let mut first: Option<Record<LENGTH>> = None;
        self.0.sort(|record| match first {
            Some(first) if first[..16] == record[..16] => found(Duplicate {
                row: number(&record[16..24]) as u32,
                place: Place {
                    line: number(&record[24..32]),
                    column: number(&record[32..]),
                },
                first_line: number(&first[24..32]),
            }),
            _ => first = Some(record),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sorting::MERGED;
    use super::*;

    fn duplicates(limit: usize, projects: impl IntoIterator<Item = String>) -> Vec<(u32, u64)> {
        let mut all = Projects(Sorter::holding(limit));
        for (row, project) in projects.into_iter().enumerate() {
            let place = Place {
                line: row as u64 + 2,
                column: 1,
            };
            all.add(&project, row as u32, place).unwrap();
        }
        let mut found = Vec::new();
        all.find(|duplicate| {
            assert_eq!(duplicate.place.line, u64::from(duplicate.row) + 2);
            found.push((duplicate.row, duplicate.first_line));
        })
        .unwrap();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_row_after_the_first_of_a_project_is_found() {
        for limit in 1..10 {
            let projects = ["a", "b", "a", "c", "b", "a"].map(str::to_owned);
            assert_eq!(duplicates(limit, projects), [(2, 2), (4, 3), (5, 2)]);
            assert_eq!(duplicates(limit, []), []);
        }
    }

    #[test]
    fn duplicates_are_found_in_more_runs_than_are_merged_at_once() {
        const LIMIT: usize = 3;
        for rows in [MERGED * LIMIT, MERGED * (MERGED + 2) * LIMIT + 5] {
            let projects = (0..rows).map(|row| match row {
                90 | 150 => "project-17".to_owned(),
                row if row == rows - 1 => "project-0".to_owned(),
                row => format!("project-{row}"),
            });
            let last = rows as u32 - 1;
            assert_eq!(
                duplicates(LIMIT, projects),
                [(90, 19), (150, 19), (last, 2)]
            );
        }
    }
}
