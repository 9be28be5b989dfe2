//! Records on disk what happened to each row, so that a run that was killed can be resumed, even with a corrected file.
//!
//! The file is append-only: a two-line header, then one 24-byte record per event. An event is written before a row is sent,
//! and another one once its outcome is known. Written data survives the process however it ends, so a row is sent again only if
//! its outcome was not written. A torn or damaged record is skipped: its row is sent again, and no row is lost.

mod fingerprint;
mod record;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::row::Row;
use crate::failure::{Exit, Failure};
pub(super) use fingerprint::{Fingerprint, Fingerprinter};
pub(super) use record::{Event, Record};

/// The start of the first line, in any version of the format.
const ANY_FORMAT: &str = "jelou-journal ";

/// The first line; the number changes with the format.
const FORMAT: &str = "jelou-journal 2\n";

/// Upper bound for a header; a file without a line end before it is not a journal.
const HEADER_LIMIT: u64 = 1 << 16;

/// The header: what the events refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// The base URL of the server, or `sandbox`.
    server: String,
    /// The key for the fingerprints.
    key: String,
}

/// A journal open for writing, and locked against other processes.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    fingerprinter: Fingerprinter,
    /// Events that have not been written yet.
    pending: Vec<u8>,
}

/// The path of a journal; the file is locked if it exists.
#[derive(Debug)]
pub(super) struct Found {
    path: PathBuf,
    file: Option<File>,
    /// The header of an existing journal and the length of its valid part; `None` if it is to be discarded.
    earlier: Option<(Header, u64)>,
}

impl Found {
    /// Opens the journal at `path` if it exists, without changing it; with `is_restart`, an existing one will be discarded.
    ///
    /// # Errors
    /// The journal is in use by another run, belongs to another server, is not a journal, or cannot be written.
    pub(super) fn look(path: &Path, server: &str, is_restart: bool) -> Result<Self, Failure> {
        let mut found = Self {
            path: path.to_owned(),
            file: None,
            earlier: None,
        };
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(unwritable(path, &error)),
        };
        lock(&file, path)?;
        found.earlier = read_header(&file, path, is_restart)?;
        if let Some((header, _)) = &found.earlier {
            header.check(server, path)?;
        }
        found.file = Some(file);
        Ok(found)
    }

    /// Passes every event of the earlier run to `found`, without changing the journal.
    ///
    /// Returns a fingerprinter with that run's key and the number of damaged records, or `None` if there was no earlier run.
    ///
    /// # Errors
    /// The journal cannot be read, or `found` fails.
    pub(super) fn read(
        &mut self,
        found: impl FnMut(Record) -> Result<(), Failure>,
    ) -> Result<Option<(Fingerprinter, u64)>, Failure> {
        let (Some(file), Some((header, length))) = (&mut self.file, &mut self.earlier) else {
            return Ok(None);
        };
        let damaged = read_events(file, length, &self.path, found)?;
        Ok(Some((Fingerprinter::new(&header.key), damaged)))
    }

    /// Discards the earlier run when the journal is opened for writing.
    pub(super) fn discard(&mut self) {
        self.earlier = None;
    }

    /// Continues the journal, or creates it.
    ///
    /// # Errors
    /// The journal cannot be written, or another run has just created it.
    pub(super) fn begin(self, server: &str) -> Result<Journal, Failure> {
        let Self {
            path,
            file,
            earlier,
        } = self;
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
        let header = match earlier {
            Some((header, length)) => {
                // The next event follows the last complete record.
                let end = file.set_len(length);
                let end = end.and_then(|()| file.seek(SeekFrom::Start(length)));
                end.map_err(|error| unwritable(&path, &error))?;
                header
            }
            None => {
                let begun = begin_header(&mut file, server);
                begun.map_err(|error| unwritable(&path, &error))?
            }
        };
        Ok(Journal {
            path,
            file,
            fingerprinter: Fingerprinter::new(&header.key),
            pending: Vec::new(),
        })
    }
}

impl Journal {
    /// The fingerprint that identifies `row` in the journal.
    pub(super) fn fingerprint(&self, row: &Row) -> Fingerprint {
        self.fingerprinter.take(row)
    }

    /// Queues an event, to be written by [`Journal::write`].
    pub(super) fn note(&mut self, row: Fingerprint, event: Event) {
        let record = Record { row, event };
        self.pending.extend_from_slice(&record.encode());
    }

    /// Writes the queued events immediately. Send a request only after this has returned.
    ///
    /// # Errors
    /// The disk is full or fails.
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
                "free disk space, then run the same command again: it resumes where the journal ends, and repeats at most the rows that were in flight",
            )
            .caused_by(Some(&error))
        })
    }
}

impl Header {
    fn check(&self, server: &str, path: &Path) -> Result<(), Failure> {
        if self.server == server {
            return Ok(());
        }
        let (path, was) = (path.display(), &self.server);
        Err(Failure::usage(
            format!("the journal `{path}` is for `{was}`, not for `{server}`"),
            "nothing was sent; name another journal with `--journal`, or give `--restart` to discard this one and send every row",
        ))
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(in_use(path)),
        Err(TryLockError::Error(error)) => Err(Failure::new(
            Exit::Failed,
            format!("the journal `{}` cannot be locked", path.display()),
            "nothing was sent; name a file on a local disk with `--journal`",
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

/// Reads the header; also returns its length. `None` for a new journal, for one with an incomplete header, and for one to be
/// discarded.
fn read_header(
    file: &File,
    path: &Path,
    is_restart: bool,
) -> Result<Option<(Header, u64)>, Failure> {
    let mut text = Vec::new();
    let read = file.take(HEADER_LIMIT).read_to_end(&mut text);
    read.map_err(|error| unwritable(path, &error))?;
    if FORMAT.as_bytes().starts_with(&text) {
        return Ok(None);
    }
    let is_journal = text.starts_with(ANY_FORMAT.as_bytes());
    if is_journal && is_restart {
        return Ok(None);
    }
    let not_a_journal = || {
        let path = path.display();
        match is_journal {
            true => Failure::usage(
                format!("`{path}` is not a journal that this version of `jelou` can read"),
                "nothing was sent; use the version that began it, or give `--restart` to discard it and send every row",
            ),
            false => Failure::usage(
                format!("`{path}` is not a journal"),
                "nothing was sent; name another file with `--journal`, or move this one away",
            ),
        }
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

fn begin_header(file: &mut File, server: &str) -> io::Result<Header> {
    let header = Header {
        server: server.to_owned(),
        key: fingerprint::draw_key().map_err(io::Error::other)?,
    };
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    let text = format!("{FORMAT}{}\n", serde_json::to_string(&header)?);
    file.write_all(text.as_bytes())?;
    Ok(header)
}

/// Reads the events after the header of `length` bytes, adds theirs to `length`, and returns the number of damaged records.
fn read_events(
    file: &mut File,
    length: &mut u64,
    path: &Path,
    mut found: impl FnMut(Record) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let unreadable = |error: io::Error| unwritable(path, &error);
    let mut damaged = 0;
    file.seek(SeekFrom::Start(*length)).map_err(unreadable)?;
    let mut reader = BufReader::with_capacity(1 << 16, &*file);
    let mut bytes = [0; record::LENGTH];
    loop {
        match reader.read_exact(&mut bytes) {
            Ok(()) => *length += record::LENGTH as u64,
            // The remaining bytes are a torn record.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(unreadable(error)),
        }
        match Record::decode(&bytes) {
            Some(record) => found(record)?,
            None => damaged += 1,
        }
    }
    Ok(damaged)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("the journal `{}` cannot be read or written", path.display()),
        "nothing was sent, because a run without a journal cannot be resumed; name a file in a writable folder with `--journal`",
    )
    .caused_by(Some(error))
}

#[cfg(test)]
mod tests;
