//! Finds projects that stand in a file twice, in memory that does not grow with it: sorts on disk.
//!
//! Two updates of one project have an order that several connections do not keep, and that sending one of them again later turns
//! round. So the second is an error, and it has to be found for certain: a filter that guesses would refuse rows that are right.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use twox_hash::XxHash3_128;

use super::row::Place;

/// The entries that are held before they are sorted and written: half a megabyte.
const HELD: usize = 1 << 13;

/// The sorted runs that are read at once; more are first made into one.
const MERGED: usize = 64;

/// A row by its project, the earlier rows first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Of 128 bits, so that no two projects have the same one.
    project: u128,
    row: u64,
    line: u64,
    column: u64,
}

/// A row whose project stands in an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duplicate {
    pub(super) row: u32,
    pub(super) place: Place,
    /// The line in which the project stands first.
    pub(super) first_line: u64,
}

/// The projects of the rows so far.
pub(super) struct Projects {
    held: Vec<Entry>,
    /// The entries that are held at the most.
    limit: usize,
    file: Option<File>,
    /// Where in the file the sorted runs begin and how long they are; those that were made out of runs stand further back in
    /// the list.
    levels: Vec<Vec<Run>>,
    end: u64,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    begin: u64,
    entries: u64,
}

impl Projects {
    pub(super) fn new() -> Self {
        Self::holding(HELD)
    }

    fn holding(limit: usize) -> Self {
        Self {
            held: Vec::new(),
            limit,
            file: None,
            levels: Vec::new(),
            end: 0,
        }
    }

    /// Notes the project of a row.
    ///
    /// # Errors
    /// There is no room for temporary files.
    pub(super) fn add(&mut self, project: &str, row: u32, place: Place) -> io::Result<()> {
        self.held.push(Entry {
            project: XxHash3_128::oneshot(project.as_bytes()),
            row: row.into(),
            line: place.line,
            column: place.column,
        });
        match self.held.len() == self.limit {
            true => self.write_held(),
            false => Ok(()),
        }
    }

    /// Hands every duplicate to `found`, the rows of one project in their order.
    ///
    /// # Errors
    /// The temporary file cannot be read or written.
    pub(super) fn find(mut self, mut found: impl FnMut(Duplicate)) -> io::Result<()> {
        let mut first: Option<Entry> = None;
        let mut look = |entry: Entry| match first {
            Some(first) if first.project == entry.project => found(Duplicate {
                row: entry.row as u32,
                place: Place {
                    line: entry.line,
                    column: entry.column,
                },
                first_line: first.line,
            }),
            _ => first = Some(entry),
        };
        if self.file.is_none() {
            self.held.sort_unstable();
            self.held.into_iter().for_each(look);
            return Ok(());
        }
        self.write_held()?;
        let mut runs: Vec<Run> = self.levels.drain(..).flatten().collect();
        while runs.len() > MERGED {
            let merged: Vec<Run> = runs.drain(..MERGED).collect();
            runs.push(self.merge_into_run(&merged)?);
        }
        let file = self.file.as_ref();
        merge(file, &runs, |entry| {
            look(entry);
            Ok(())
        })
    }

    fn write_held(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let held = std::mem::take(&mut self.held);
        let run = self.write_run(|write| held.iter().try_for_each(|entry| write(*entry)))?;
        self.held = held;
        self.held.clear();
        self.add_run(0, run)
    }

    fn add_run(&mut self, level: usize, run: Run) -> io::Result<()> {
        if self.levels.len() == level {
            self.levels.push(Vec::new());
        }
        self.levels[level].push(run);
        if self.levels[level].len() < MERGED {
            return Ok(());
        }
        let runs = std::mem::take(&mut self.levels[level]);
        let merged = self.merge_into_run(&runs)?;
        self.add_run(level + 1, merged)
    }

    fn merge_into_run(&mut self, runs: &[Run]) -> io::Result<Run> {
        let source = self.file.as_ref().map(File::try_clone).transpose()?;
        self.write_run(|write| merge(source.as_ref(), runs, write))
    }

    /// Writes what `produce` hands over behind everything else.
    fn write_run(
        &mut self,
        produce: impl FnOnce(&mut dyn FnMut(Entry) -> io::Result<()>) -> io::Result<()>,
    ) -> io::Result<Run> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let mut writer = BufWriter::new(At {
            file: file.try_clone()?,
            offset: self.end,
        });
        let mut entries = 0;
        produce(&mut |entry| {
            entries += 1;
            writer.write_all(&entry.to_bytes())
        })?;
        writer.flush()?;
        let begin = self.end;
        self.end += entries * Entry::LENGTH as u64;
        self.file = Some(file);
        Ok(Run { begin, entries })
    }
}

/// Hands the entries of sorted runs to `found` in their order.
fn merge(
    file: Option<&File>,
    runs: &[Run],
    mut found: impl FnMut(Entry) -> io::Result<()>,
) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut readers = Vec::with_capacity(runs.len());
    let mut next = BinaryHeap::with_capacity(runs.len());
    for run in runs {
        let at = At {
            file: file.try_clone()?,
            offset: run.begin,
        };
        let mut reader = RunReader {
            reader: BufReader::with_capacity(1 << 12, at),
            left: run.entries,
        };
        if let Some(entry) = reader.next()? {
            next.push(Reverse((entry, readers.len())));
        }
        readers.push(reader);
    }
    while let Some(Reverse((entry, reader))) = next.pop() {
        found(entry)?;
        if let Some(entry) = readers[reader].next()? {
            next.push(Reverse((entry, reader)));
        }
    }
    Ok(())
}

struct RunReader {
    reader: BufReader<At>,
    left: u64,
}

impl RunReader {
    fn next(&mut self) -> io::Result<Option<Entry>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let mut bytes = [0; Entry::LENGTH];
        self.reader.read_exact(&mut bytes)?;
        Ok(Some(Entry::from_bytes(&bytes)))
    }
}

/// A place of its own in a file that others read and write too, from the same thread.
struct At {
    file: File,
    offset: u64,
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.offset))?;
        let length = self.file.read(buffer)?;
        self.offset += length as u64;
        Ok(length)
    }
}

impl Write for At {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(self.offset))?;
        let length = self.file.write(buffer)?;
        self.offset += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Entry {
    const LENGTH: usize = 40;

    fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..16].copy_from_slice(&self.project.to_le_bytes());
        for (part, number) in
            bytes[16..]
                .chunks_exact_mut(8)
                .zip([self.row, self.line, self.column])
        {
            part.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8; Self::LENGTH]) -> Self {
        let mut project = [0; 16];
        project.copy_from_slice(&bytes[..16]);
        let number = |begin: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[begin..begin + 8]);
            u64::from_le_bytes(number)
        };
        Self {
            project: u128::from_le_bytes(project),
            row: number(16),
            line: number(24),
            column: number(32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duplicates(limit: usize, projects: impl IntoIterator<Item = String>) -> Vec<(u32, u64)> {
        let mut all = Projects::holding(limit);
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
    fn so_it_is_in_more_runs_than_are_merged_at_once() {
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
