//! What became of each row, on disk, so that a run that was killed can be taken up again.
//!
//! A file that only grows: a header of two lines, then eight bytes for each event. Before a row is sent, that is written; once it is
//! answered, what came of it. What a process wrote outlives it however it ends, so a row is sent again only if its answer was not
//! written yet. A record that was torn or damaged counts as not written: its row is sent again, and none is lost.

mod record;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::input::Digest;
use crate::failure::{Exit, Failure};
pub(super) use record::Event;

/// The first line; the number changes with what stands below it.
const FORMAT: &str = "jelou-journal 1\n";

/// A header is shorter than that; what is longer is none.
const HEADER_LIMIT: u64 = 1 << 16;

/// What the rows of a journal belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) input: Digest,
    /// The base URL of the server, or `sandbox`.
    pub(super) server: String,
}

/// A journal that is being written. Nobody else can write it meanwhile.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Events that are not written yet.
    pending: Vec<u8>,
}

/// The place of a journal, locked if there is one already.
#[derive(Debug)]
pub(super) struct Found {
    path: PathBuf,
    file: Option<File>,
    is_new: bool,
}

/// What an earlier run left behind.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The rows that were applied.
    pub(super) applied: RoaringBitmap,
    /// The rows that may have been applied: those that were sent and got no answer, or one that leaves it open.
    pub(super) in_doubt: RoaringBitmap,
    /// How many records cannot be read.
    pub(super) damaged: u64,
    /// Whether there was an earlier run.
    pub(super) is_any: bool,
}

impl Found {
    /// Looks at `path` and begins nothing; `begin_anew` says whether an earlier journal is to be discarded.
    ///
    /// # Errors
    /// Another run uses the journal, it belongs to something else, is not a journal, or cannot be written.
    pub(super) fn look(
        path: &Path,
        header: &Header,
        begin_anew: impl FnOnce(&Earlier) -> bool,
        is_restart: bool,
    ) -> Result<(Self, Earlier), Failure> {
        let unwritable = |error: io::Error| unwritable(path, &error);
        let mut found = Self {
            path: path.to_owned(),
            file: None,
            is_new: true,
        };
        let mut earlier = Earlier::default();
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((found, earlier)),
            Err(error) => return Err(unwritable(error)),
        };
        lock(&file, path)?;
        let begin = read_header(&file, path)?;
        if let Some((earlier_header, begin)) = begin
            && !is_restart
        {
            earlier_header.check(header, path)?;
            earlier = read_events(&mut file, begin).map_err(unwritable)?;
            found.is_new = begin_anew(&earlier);
        }
        if found.is_new {
            earlier = Earlier::default();
        }
        found.file = Some(file);
        Ok((found, earlier))
    }

    /// Goes on with the journal, or begins it.
    ///
    /// # Errors
    /// It cannot be written, or another run has begun it meanwhile.
    pub(super) fn begin(self, header: &Header) -> Result<Journal, Failure> {
        let Self { path, file, is_new } = self;
        let mut file = match file {
            Some(file) => file,
            None => {
                let mut options = OpenOptions::new();
                let created = options.read(true).write(true).create_new(true).open(&path);
                let file = created.map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => in_use(&path),
                    _ => unwritable(&path, &error),
                })?;
                lock(&file, &path)?;
                file
            }
        };
        if is_new {
            write_header(&mut file, header).map_err(|error| unwritable(&path, &error))?;
        }
        Ok(Journal {
            path,
            file,
            pending: Vec::new(),
        })
    }
}

impl Journal {
    /// Notes an event; it is written with the others by [`Journal::write`].
    pub(super) fn note(&mut self, row: u32, event: Event) {
        self.pending.extend_from_slice(&record::encode(row, event));
    }

    /// Writes what was noted, at once. A request may be sent when this has returned.
    ///
    /// # Errors
    /// There is no room, or the disk fails.
    pub(super) fn write(&mut self) -> Result<(), Failure> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.pending);
        self.pending.clear();
        written.map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("the journal `{}` cannot be written, so nothing more was sent", self.path.display()),
                "make room, and run the same command again; it goes on where the journal ends, and sends at most the rows again that were on their way",
            )
            .caused_by(Some(&error))
        })
    }
}

impl Header {
    fn check(&self, wanted: &Self, path: &Path) -> Result<(), Failure> {
        let path = path.display();
        let hint = "nothing was sent; give `--journal` another file to begin beside it, or `--restart` to begin anew and send every row";
        if self.server != wanted.server {
            let (was, is) = (&self.server, &wanted.server);
            return Err(Failure::usage(
                format!("the journal `{path}` belongs to requests to `{was}`, and not to `{is}`"),
                hint,
            ));
        }
        if self.input != wanted.input {
            let (had, has) = (self.input.bytes, wanted.input.bytes);
            let change = match had == has {
                true => String::new(),
                false => format!(": it had {had} bytes, it has {has}"),
            };
            return Err(Failure::usage(
                format!("the input has changed since the journal `{path}` was begun{change}"),
                "nothing was sent; to correct rows that failed, take the change back, run the command with `--failures FILE`, correct the rows in that file, and apply it; or give `--restart` to send every row of this file",
            ));
        }
        Ok(())
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(in_use(path)),
        Err(TryLockError::Error(error)) => Err(Failure::new(
            Exit::Failed,
            format!("the journal `{}` cannot be locked", path.display()),
            "nothing was sent; let `--journal` name a file on a disk of this machine",
        )
        .caused_by(Some(&error))),
    }
}

fn in_use(path: &Path) -> Failure {
    Failure::usage(
        format!("another run uses the journal `{}`", path.display()),
        "nothing was sent; wait until it is done, or end it with Ctrl-C",
    )
}

/// The header and where it ends; `None` for a new journal, and for one whose header was not written to its end.
fn read_header(file: &File, path: &Path) -> Result<Option<(Header, u64)>, Failure> {
    let mut text = Vec::new();
    let read = file.take(HEADER_LIMIT).read_to_end(&mut text);
    read.map_err(|error| unwritable(path, &error))?;
    if FORMAT.as_bytes().starts_with(&text) {
        return Ok(None);
    }
    let not_a_journal = || {
        Failure::usage(
            format!(
                "`{}` is not a journal of this version of `jelou`",
                path.display()
            ),
            "nothing was sent; give `--journal` another file, or move this one away",
        )
    };
    let rest = text
        .strip_prefix(FORMAT.as_bytes())
        .ok_or_else(not_a_journal)?;
    let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
        return match (text.len() as u64) < HEADER_LIMIT {
            true => Ok(None),
            false => Err(not_a_journal()),
        };
    };
    let header = serde_json::from_slice(&rest[..length]).map_err(|_| not_a_journal())?;
    Ok(Some((header, (FORMAT.len() + length + 1) as u64)))
}

fn write_header(file: &mut File, header: &Header) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    let text = format!("{FORMAT}{}\n", serde_json::to_string(header)?);
    file.write_all(text.as_bytes())
}

/// Reads the events behind the header, and goes to the place for the next one.
fn read_events(file: &mut File, begin: u64) -> io::Result<Earlier> {
    let mut earlier = Earlier {
        is_any: true,
        ..Earlier::default()
    };
    file.seek(SeekFrom::Start(begin))?;
    let mut reader = BufReader::with_capacity(1 << 16, &*file);
    let mut bytes = [0; record::LENGTH];
    let mut end = begin;
    loop {
        match reader.read_exact(&mut bytes) {
            Ok(()) => end += record::LENGTH as u64,
            // What is left is a record that was torn.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
        match record::decode(bytes) {
            Some((row, event)) => earlier.apply(row, event),
            None => earlier.damaged += 1,
        }
    }
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    earlier.applied.optimize();
    earlier.in_doubt.optimize();
    Ok(earlier)
}

impl Earlier {
    fn apply(&mut self, row: u32, event: Event) {
        match event {
            Event::Sent | Event::Unclear => _ = self.in_doubt.insert(row),
            Event::Refused => _ = self.in_doubt.remove(row),
            Event::Applied => {
                self.in_doubt.remove(row);
                self.applied.insert(row);
            }
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("the journal `{}` cannot be read or written", path.display()),
        "nothing was sent, since no run without a journal can be taken up again; let `--journal` name a file in a folder that can be written",
    )
    .caused_by(Some(error))
}

#[cfg(test)]
mod tests;
