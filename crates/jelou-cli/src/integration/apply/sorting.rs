//! Sorts records on disk, in bounded memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

/// Maximum size in bytes of the records held in memory before they are sorted and written.
const HELD: usize = 1 << 18;

/// Maximum number of sorted runs to merge at once; more are merged in several passes.
pub(super) const MERGED: usize = 64;

/// Records sort in byte order, so numbers in them are big-endian.
pub(super) type Record<const LENGTH: usize> = [u8; LENGTH];

/// Accepts records in any order, and returns them sorted.
pub(super) struct Sorter<const LENGTH: usize> {
    held: Vec<Record<LENGTH>>,
    /// Maximum number of records held in memory.
    limit: usize,
    file: Option<File>,
    /// The position and length of the sorted runs in the file; each level holds the merged runs of the level before it.
    levels: Vec<Vec<Run>>,
    end: u64,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    begin: u64,
    records: u64,
}

impl<const LENGTH: usize> Sorter<LENGTH> {
    pub(super) fn new() -> Self {
        Self::holding(HELD / LENGTH)
    }

    pub(super) fn holding(limit: usize) -> Self {
        Self {
            held: Vec::new(),
            limit,
            file: None,
            levels: Vec::new(),
            end: 0,
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Temporary files cannot be written.
    pub(super) fn add(&mut self, record: Record<LENGTH>) -> io::Result<()> {
        self.held.push(record);
        match self.held.len() == self.limit {
            true => self.write_held(),
            false => Ok(()),
        }
    }

    /// Passes every record to `found`, in order.
    ///
    /// # Errors
    /// The temporary file cannot be read or written.
    pub(super) fn sort(mut self, mut found: impl FnMut(Record<LENGTH>)) -> io::Result<()> {
        if self.file.is_none() {
            self.held.sort_unstable();
            self.held.into_iter().for_each(found);
            return Ok(());
        }
        self.write_held()?;
        let mut runs: Vec<Run> = self.levels.drain(..).flatten().collect();
        while runs.len() > MERGED {
            let merged: Vec<Run> = runs.drain(..MERGED).collect();
            runs.push(self.merge_into_run(&merged)?);
        }
        merge(self.file.as_ref(), &runs, |record| {
            found(record);
            Ok(())
        })
    }

    fn write_held(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        let held = std::mem::take(&mut self.held);
        let run = self.write_run(|write| held.iter().try_for_each(|record| write(*record)))?;
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

    /// Appends the records that `produce` passes on to the file.
    fn write_run(
        &mut self,
        produce: impl FnOnce(&mut dyn FnMut(Record<LENGTH>) -> io::Result<()>) -> io::Result<()>,
    ) -> io::Result<Run> {
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        let mut writer = BufWriter::new(At {
            file: file.try_clone()?,
            offset: self.end,
        });
        let mut records = 0;
        produce(&mut |record| {
            records += 1;
            writer.write_all(&record)
        })?;
        writer.flush()?;
        let begin = self.end;
        self.end += records * LENGTH as u64;
        self.file = Some(file);
        Ok(Run { begin, records })
    }
}

/// Decodes a big-endian number.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Merges sorted runs and passes their records to `found` in order.
fn merge<const LENGTH: usize>(
    file: Option<&File>,
    runs: &[Run],
    mut found: impl FnMut(Record<LENGTH>) -> io::Result<()>,
) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut readers = Vec::with_capacity(runs.len());
    let mut next = BinaryHeap::with_capacity(runs.len());
    for run in runs {
        let at = At {
            file: file.try_clone()?,
            offset: run.begin,
        };
        let mut reader = RunReader::<LENGTH> {
            reader: BufReader::with_capacity(1 << 12, at),
            left: run.records,
        };
        if let Some(record) = reader.next()? {
            next.push(Reverse((record, readers.len())));
        }
        readers.push(reader);
    }
    while let Some(Reverse((record, reader))) = next.pop() {
        found(record)?;
        if let Some(record) = readers[reader].next()? {
            next.push(Reverse((record, reader)));
        }
    }
    Ok(())
}

struct RunReader<const LENGTH: usize> {
    reader: BufReader<At>,
    left: u64,
}

impl<const LENGTH: usize> RunReader<LENGTH> {
    fn next(&mut self) -> io::Result<Option<Record<LENGTH>>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let mut record = [0; LENGTH];
        self.reader.read_exact(&mut record)?;
        Ok(Some(record))
    }
}

/// An independent position in a file shared by readers and writers on the same thread.
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
